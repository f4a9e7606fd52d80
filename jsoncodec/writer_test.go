package jsoncodec_test

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ossconf/ossconf/jsoncodec"
)

func TestWriter(t *testing.T) {
	w := jsoncodec.Writer{Buf: []byte("x")}
	w.Begin('{')
	w.Strings("none", nil)
	w.Strings("some", []string{"a", `"`})
	w.StringMember("s", "")
	w.Name("list")
	w.Begin('[')
	w.Int(0)
	w.Int(math.MinInt64)
	w.Bool(true)
	w.Begin('{')
	w.End('}')
	w.Begin('[')
	w.End(']')
	w.String("z")
	w.End(']')
	w.Name("é\n")
	w.Bool(false)
	w.IntMember("n", 7)
	w.BoolMember("b", true)
	w.BeginMember("in", '[')
	w.Raw([]byte(`{"raw":1}`))
	w.Raw([]byte("2"))
	w.End(']')
	w.End('}')
	const want = `x{"none":[],"some":["a","\""],"s":"","list":[0,-9223372036854775808,true,{},[],"z"],"é\n":false,"n":7,"b":true,"in":[{"raw":1},2]}`
	if diff := cmp.Diff(want, string(w.Buf)); diff != "" {
		t.Errorf("text (-want +got):\n%s", diff)
	}
	parse(t, want[1:])
}

func TestAppendString(t *testing.T) {
	for s, want := range map[string]string{
		"":                 `""`,
		"a":                `"a"`,
		"\"\\/":            `"\"\\/"`,
		"\n\r\t":           `"\n\r\t"`,
		"\x00\b\f\x1f":     `"\u0000\u0008\u000c\u001f"`,
		"\x7f\u2028é日😀":    "\"\x7f\u2028é日😀\"",
		"<>&":              `"<>&"`,
		"a\xffb\xed\xa0c":  "\"a\uFFFDb\uFFFD\uFFFDc\"",
		"\xf0\x9f\x98":     "\"\uFFFD\uFFFD\uFFFD\"",
		"\uFFFD":           "\"\uFFFD\"",
		"\xff\"\xff\n\xff": "\"\uFFFD\\\"\uFFFD\\n\uFFFD\"",
	} {
		if got := string(jsoncodec.AppendString([]byte("x"), s)); got != "x"+want {
			t.Errorf("AppendString(%q) = %s, want x%s", s, got, want)
		}
	}
}
