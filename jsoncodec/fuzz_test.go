package jsoncodec_test

import (
	"encoding/json"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/ossconf/ossconf/fixtures"
	"github.com/ossconf/ossconf/jsoncodec"
	"github.com/ossconf/ossconf/source"
)

// plain returns v as encoding/json returns it, numbers as they are written.
func plain(v jsoncodec.Value) any {
	switch v.Kind() {
	case jsoncodec.Bool:
		return v.Text() == "true"
	case jsoncodec.Number:
		return json.Number(v.Text())
	case jsoncodec.String:
		return v.Text()
	case jsoncodec.Array:
		list := []any{}
		for e := v.First(); e.OK(); e = e.Next() {
			list = append(list, plain(e))
		}
		return list
	case jsoncodec.Object:
		members := map[string]any{}
		for m := v.First(); m.OK(); m = m.Next() {
			members[m.Name()] = plain(m)
		}
		return members
	}
	return nil
}

func standard(text string) (v any, err error) {
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	err = d.Decode(&v)
	return v, err
}

// checkSpans parses every value and every name again by itself.
func checkSpans(t *testing.T, text string, v jsoncodec.Value) {
	start, end := v.Span()
	again, err := jsoncodec.Parse(text[start:end])
	if err != nil {
		t.Fatalf("the value at %d is %q: %v", start, text[start:end], err)
	}
	if diff := cmp.Diff(plain(v), plain(again)); diff != "" {
		t.Fatalf("the value at %d (-in its text +by itself):\n%s", start, diff)
	}
	for c := v.First(); c.OK(); c = c.Next() {
		if v.Kind() == jsoncodec.Object && text[c.NameStart()] != '"' {
			t.Fatalf("no name at %d", c.NameStart())
		}
		checkSpans(t, text, c)
	}
}

// strictly reports whether Parse may refuse a text that encoding/json takes, because of what its error says.
func strictly(text string, e *jsoncodec.ParseError) bool {
	switch e.Err {
	case jsoncodec.ErrEncoding:
		return !utf8.ValidString(text)
	case jsoncodec.ErrDepth:
		return strings.Count(text[:e.Offset+1], "[")+strings.Count(text[:e.Offset+1], "{") > jsoncodec.MaxDepth
	case jsoncodec.ErrCharacter:
		unit, err := strconv.ParseUint(text[e.Offset+2:e.Offset+6], 16, 16)
		return text[e.Offset:e.Offset+2] == `\u` && err == nil && unit >= 0xD800 && unit <= 0xDFFF
	case jsoncodec.ErrDuplicate:
		var name string
		return json.NewDecoder(strings.NewReader(text[e.Offset:])).Decode(&name) == nil
	}
	return false
}

func FuzzParse(f *testing.F) {
	for _, dir := range []string{"documents", "vectors"} {
		list, err := fixtures.Load(dir)
		if err != nil {
			f.Fatal(err)
		}
		for _, fixture := range list {
			for _, file := range fixture.Files {
				f.Add(string(file.Data))
			}
		}
	}
	f.Add(`{"a":[1,-2.5e+3,true,null],"b":"\ud83d\ude00\n"}`)
	f.Add(`{"a":1,"\u0061":2}`)
	f.Add(strings.Repeat("[", 33) + strings.Repeat("]", 33))
	f.Fuzz(func(t *testing.T, text string) {
		bare := strings.TrimPrefix(text, "\uFEFF")
		v, err := jsoncodec.Parse(text)
		if err != nil {
			e := err.(*jsoncodec.ParseError)
			if e.Offset < 0 || e.Offset > len(text) || e.Position != source.At(text, e.Offset) || e.Detail == "" || e.Hint == "" {
				t.Fatalf("incomplete error %+v", e)
			}
			if v.OK() {
				t.Fatal("a value beside the error")
			}
			if json.Valid([]byte(bare)) && !strictly(text, e) {
				t.Fatalf("encoding/json takes it: %v", e)
			}
			return
		}
		want, err := standard(bare)
		if err != nil || !json.Valid([]byte(bare)) {
			t.Fatalf("encoding/json refuses it: %v", err)
		}
		if diff := cmp.Diff(want, plain(v)); diff != "" {
			t.Fatalf("encoding/json (-) and Parse (+):\n%s", diff)
		}
		if len(text) < 1000 {
			checkSpans(t, text, v)
		}
	})
}

func FuzzAppendString(f *testing.F) {
	for _, s := range []string{"", "a", "\"\\\x00\n\u2028", "é日😀", "\xff", "\xed\xa0\x80", "\uFFFD"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		text := string(jsoncodec.AppendString(nil, s))
		v, err := jsoncodec.Parse(text)
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		var want string
		for _, r := range s { // every byte that is not UTF-8 is U+FFFD to range
			want += string(r)
		}
		if diff := cmp.Diff(want, v.Text()); diff != "" {
			t.Errorf("%s (-want +read):\n%s", text, diff)
		}
	})
}
