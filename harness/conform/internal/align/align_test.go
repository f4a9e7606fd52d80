package align_test

import (
	"bytes"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/ossconf/ossconf/harness/conform/internal/align"
)

// marked puts what is not common into brackets.
func marked(text []byte, common []bool) string {
	var b strings.Builder
	open := false
	for i, c := range text {
		if open == common[i] {
			b.WriteByte("[]"[map[bool]int{false: 0, true: 1}[open]])
			open = !open
		}
		b.WriteByte(c)
	}
	if open {
		b.WriteByte(']')
	}
	return b.String()
}

func TestCommon(t *testing.T) {
	for _, test := range []struct{ a, b, inA, inB string }{
		{"", "", "", ""},
		{"same", "same", "same", "same"},
		{"", "new", "", "[new]"},
		{"gone", "", "[gone]", ""},
		{`{"a":1}`, `{"a":2}`, `{"a":[1]}`, `{"a":[2]}`},
		{"one two three", "one three", "one t[wo t]hree", "one three"},
		{"one three", "one two three", "one three", "one t[wo t]hree"},
		{"x-left-right-y", "a-left-b-right-c", "[x]-left-right-[y]", "[a]-left-[b-]right-[c]"},
		{"aéb", "aèb", "a[é]b", "a[è]b"},                         // they share a byte
		{"a\xc3\xff", "a\xc3\xfe", "a\xc3[\xff]", "a\xc3[\xfe]"}, // bytes, since it is no text
		{"abcxdefyghi", "1a2x3y4", "[abcxdefyghi]", "[1a2x3y4]"},
		{"aaaa", "aa", "aa[aa]", "aa"},
	} {
		inA, inB := align.Common([]byte(test.a), []byte(test.b))
		got := [2]string{marked([]byte(test.a), inA), marked([]byte(test.b), inB)}
		if diff := cmp.Diff([2]string{test.inA, test.inB}, got); diff != "" {
			t.Errorf("%q, %q (-want +got):\n%s", test.a, test.b, diff)
		}
	}
}

// FuzzCommon checks that what is marked as common is the same on both sides and takes no character apart.
func FuzzCommon(f *testing.F) {
	f.Add([]byte("one two three"), []byte("one three"))
	f.Add([]byte("\xff\x00é"), []byte("é"))
	f.Fuzz(func(t *testing.T, a, b []byte) {
		if len(a)+len(b) > 1<<10 {
			t.Skip("texts are cut before they are compared")
		}
		inA, inB := align.Common(a, b)
		if len(inA) != len(a) || len(inB) != len(b) {
			t.Fatalf("%d of %d and %d of %d bytes", len(inA), len(a), len(inB), len(b))
		}
		keep := func(text []byte, in []bool) (kept []byte) {
			for i, c := range text {
				if in[i] {
					kept = append(kept, c)
				}
			}
			return kept
		}
		common := keep(a, inA)
		if !bytes.Equal(common, keep(b, inB)) {
			t.Errorf("%q and %q", common, keep(b, inB))
		}
		if utf8.Valid(a) && utf8.Valid(b) && !utf8.Valid(common) {
			t.Errorf("a character of %q or %q is taken apart: %q", a, b, common)
		}
	})
}
