package source_test

import (
	"errors"
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/ossconf/ossconf/source"
)

func TestAt(t *testing.T) {
	const doc = "a\r\nbé\rc\n\n日x"
	for _, test := range []struct {
		name   string
		doc    string
		offset int
		want   source.Position
	}{
		{"start", doc, 0, source.Position{Line: 1, Column: 1}},
		{"before the start", doc, -1, source.Position{Line: 1, Column: 1}},
		{"carriage return of a pair", doc, 1, source.Position{Line: 1, Column: 2}},
		{"line feed of a pair", doc, 2, source.Position{Line: 1, Column: 3}},
		{"behind a pair", doc, 3, source.Position{Line: 2, Column: 1}},
		{"character of two bytes", doc, 4, source.Position{Line: 2, Column: 2}},
		{"carriage return behind it", doc, 6, source.Position{Line: 2, Column: 3}},
		{"behind a carriage return", doc, 7, source.Position{Line: 3, Column: 1}},
		{"line feed", doc, 8, source.Position{Line: 3, Column: 2}},
		{"empty line", doc, 9, source.Position{Line: 4, Column: 1}},
		{"character of three bytes", doc, 10, source.Position{Line: 5, Column: 1}},
		{"behind it", doc, 13, source.Position{Line: 5, Column: 2}},
		{"end", doc, len(doc), source.Position{Line: 5, Column: 3}},
		{"past the end", doc, 1000, source.Position{Line: 5, Column: 3}},
		{"carriage return at the end", "a\r", 2, source.Position{Line: 2, Column: 1}},
		{"byte order mark", "\uFEFFa", 0, source.Position{Line: 1, Column: 1}},
		{"behind a byte order mark", "\uFEFFa", 3, source.Position{Line: 1, Column: 1}},
		{"behind a byte order mark and more", "\uFEFFab", 4, source.Position{Line: 1, Column: 2}},
		{"byte order mark elsewhere", "a\uFEFFb", 4, source.Position{Line: 1, Column: 3}},
		{"empty", "", 0, source.Position{Line: 1, Column: 1}},
	} {
		t.Run(test.name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, source.At(test.doc, test.offset)); diff != "" {
				t.Errorf("offset %d of %q (-want +got):\n%s", test.offset, test.doc, diff)
			}
		})
	}
}

// naive finds a position by cutting the text before it into lines.
func naive(doc string, offset int) source.Position {
	before := doc[:offset]
	if strings.HasSuffix(before, "\r") && strings.HasPrefix(doc[offset:], "\n") {
		before = before[:offset-1] + "."
	}
	before = strings.TrimPrefix(before, "\uFEFF")
	lines := strings.Split(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(before), "\n")
	return source.Position{Line: len(lines), Column: utf8.RuneCountInString(lines[len(lines)-1]) + 1}
}

// A Locator gives the positions of At, whatever the order of the questions.
func TestLocator(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	parts := []string{"\n", "\r", "\r\n", "a", "é", "日", "😀", " ", "\uFEFF"}
	for range 500 {
		var doc string
		for range random.IntN(30) {
			doc += parts[random.IntN(len(parts))]
		}
		var l source.Locator
		for range 20 {
			offset := random.IntN(len(doc) + 1)
			for !utf8.ValidString(doc[:offset]) {
				offset--
			}
			want := naive(doc, offset)
			if got := l.At(doc, offset); got != want {
				t.Fatalf("Locator: offset %d of %q is at %v, want %v", offset, doc, got, want)
			}
			if got := source.At(doc, offset); got != want {
				t.Fatalf("At: offset %d of %q is at %v, want %v", offset, doc, got, want)
			}
		}
	}
}

func TestApply(t *testing.T) {
	const doc = "0123456789"
	for _, test := range []struct {
		name  string
		edits []source.Edit
		want  string
		err   error
	}{
		{"none", nil, doc, nil},
		{"insert", []source.Edit{{Start: 0, End: 0, Text: "a"}, {Start: 10, End: 10, Text: "b"}}, "a0123456789b", nil},
		{"remove", []source.Edit{{Start: 2, End: 5}}, "0156789", nil},
		{"replace", []source.Edit{{Start: 0, End: 1, Text: "abc"}, {Start: 9, End: 10, Text: ""}}, "abc12345678", nil},
		{"adjacent", []source.Edit{{Start: 1, End: 3, Text: "a"}, {Start: 3, End: 3, Text: "b"}, {Start: 3, End: 4, Text: "c"}}, "0abc456789", nil},
		{"everything", []source.Edit{{Start: 0, End: 10, Text: "x"}}, "x", nil},
		{"overlap", []source.Edit{{Start: 1, End: 3}, {Start: 2, End: 4}}, "", source.ErrEdits},
		{"out of order", []source.Edit{{Start: 5, End: 6}, {Start: 1, End: 2}}, "", source.ErrEdits},
		{"backwards", []source.Edit{{Start: 3, End: 2}}, "", source.ErrEdits},
		{"before the start", []source.Edit{{Start: -1, End: 2}}, "", source.ErrEdits},
		{"past the end", []source.Edit{{Start: 9, End: 11}}, "", source.ErrEdits},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, err := source.Apply(doc, test.edits)
			if got != test.want || err != test.err {
				t.Errorf("got %q, %v, want %q, %v", got, err, test.want, test.err)
			}
		})
	}
}

func TestParseError(t *testing.T) {
	cause := &source.Cause{Code: "word", Text: "text of the cause"}
	for _, test := range []struct {
		err  source.ParseError
		want string
	}{
		{source.ParseError{Position: source.Position{Line: 1, Column: 2}, Err: cause}, "line 1, column 2: text of the cause"},
		{source.ParseError{Position: source.Position{Line: 3, Column: 4}, Detail: "detail", Hint: "hint", Err: cause}, "line 3, column 4: detail; hint"},
	} {
		if got := test.err.Error(); got != test.want {
			t.Errorf("Error() = %q, want %q", got, test.want)
		}
		if !errors.Is(&test.err, cause) {
			t.Errorf("%v does not wrap its cause", &test.err)
		}
	}
}
