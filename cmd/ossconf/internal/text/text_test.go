package text_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/ossconf/ossconf/cmd/ossconf/internal/text"
)

func TestPrintable(t *testing.T) {
	for in, want := range map[string]string{
		"":                       "",
		"plain <b> ü 鍵":          "plain <b> ü 鍵",
		"two\nlines\r\tand more": "two lines  and more",
		"\x1b[31mred\x00\x7f":    "\uFFFD[31mred\uFFFD\uFFFD",
		"right\u202eto left":     "right\uFFFDto left",
		"bad \xff byte":          "bad \uFFFD byte",
	} {
		if got := text.Printable(in); got != want {
			t.Errorf("Printable(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestSource(t *testing.T) {
	x := strings.Repeat("x", 200)
	for _, test := range []struct {
		name, doc   string
		offset      int
		line, caret string
	}{
		{"empty", "", 0, "", ""},
		{"past the end", "ab", 9, "ab", "  ^"},
		{"first line", "ab\ncd", 1, "ab", " ^"},
		{"second line", "ab\ncd\nef", 4, "cd", " ^"},
		{"at a line end", "ab\r\ncd", 2, "ab", "  ^"},
		{"lone carriage return", "ab\rcd", 3, "cd", "^"},
		{"an empty line", "a\n\nb", 2, "", ""},
		{"tabs are one wide", "\t\tab", 2, "  ab", "  ^"},
		{"code points, not bytes", "äöüx", 6, "äöüx", "   ^"},
		{"byte order mark", "\uFEFFab", 3, "ab", "^"},
		{"escape", "\x1b[2Jx", 4, "\uFFFD[2Jx", "    ^"},
		{"long to the right", x, 3, strings.Repeat("x", 90) + "…", "   ^"},
		{"long to the left", x, 199, "…" + strings.Repeat("x", 61), strings.Repeat(" ", 61) + "^"},
	} {
		line, caret := text.Source([]byte(test.doc), test.offset)
		if diff := cmp.Diff([]string{test.line, test.caret}, []string{line, caret}); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
	}
}

func FuzzSource(f *testing.F) {
	f.Add([]byte("<a>\n\xff\t</a>"), 5)
	f.Fuzz(func(t *testing.T, doc []byte, offset int) {
		if offset < 0 {
			t.Skip("offsets are not negative")
		}
		line, caret := text.Source(doc, offset)
		if text.Printable(line) != line || utf8.RuneCountInString(line) > 92 || utf8.RuneCountInString(caret) > 93 {
			t.Errorf("line %q, caret %q", line, caret)
		}
	})
}

func TestCount(t *testing.T) {
	for n, want := range map[int]string{0: "0 cases", 1: "1 case", 2: "2 cases"} {
		if got := text.Count(n, "case"); got != want {
			t.Errorf("Count(%d) = %q", n, got)
		}
	}
}

func TestWrap(t *testing.T) {
	for _, test := range []struct {
		text  string
		width int
		want  []string
	}{
		{"", 10, []string{""}},
		{"one two three", 7, []string{"one two", "three"}},
		{"longerthanitall is whole", 5, []string{"longerthanitall", "is", "whole"}},
	} {
		if diff := cmp.Diff(test.want, text.Wrap(test.text, test.width)); diff != "" {
			t.Errorf("%q (-want +got):\n%s", test.text, diff)
		}
	}
}
