package jsoncodec_test

import (
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ossconf/ossconf/jsoncodec"
)

func parse(t *testing.T, text string) jsoncodec.Value {
	t.Helper()
	v, err := jsoncodec.Parse(text)
	if err != nil {
		t.Fatalf("%q: %v", text, err)
	}
	return v
}

func TestScalars(t *testing.T) {
	type value struct {
		Kind       jsoncodec.Kind
		Text       string
		Start, End int
	}
	for _, test := range []struct {
		text string
		want value
	}{
		{"null", value{jsoncodec.Null, "null", 0, 4}},
		{"\uFEFF true ", value{jsoncodec.Bool, "true", 4, 8}},
		{"\r\n\tfalse", value{jsoncodec.Bool, "false", 3, 8}},
		{"0", value{jsoncodec.Number, "0", 0, 1}},
		{"-0", value{jsoncodec.Number, "-0", 0, 2}},
		{"10", value{jsoncodec.Number, "10", 0, 2}},
		{"-1.50", value{jsoncodec.Number, "-1.50", 0, 5}},
		{"0e1", value{jsoncodec.Number, "0e1", 0, 3}},
		{"1E+05", value{jsoncodec.Number, "1E+05", 0, 5}},
		{"1.0e-5", value{jsoncodec.Number, "1.0e-5", 0, 6}},
		{"1e999999", value{jsoncodec.Number, "1e999999", 0, 8}},
		{`""`, value{jsoncodec.String, "", 0, 2}},
		{`"é日😀"`, value{jsoncodec.String, "é日😀", 0, 11}},
		{`"\"\\\/\b\f\n\r\t"`, value{jsoncodec.String, "\"\\/\b\f\n\r\t", 0, 18}},
		{`"a\u00E9b\u65e5\ud83d\uDE00c"`, value{jsoncodec.String, "aéb日😀c", 0, 29}},
		{`"\u0000\ufffd\uffff"`, value{jsoncodec.String, "\x00\uFFFD\uFFFF", 0, 20}},
		{"\"\x7f\u2028\"", value{jsoncodec.String, "\x7f\u2028", 0, 6}},
	} {
		v := parse(t, test.text)
		start, end := v.Span()
		if diff := cmp.Diff(test.want, value{v.Kind(), v.Text(), start, end}); diff != "" {
			t.Errorf("%q (-want +got):\n%s", test.text, diff)
		}
		if !v.OK() || v.First().OK() || v.Next().OK() || v.Name() != "" {
			t.Errorf("%q: a scalar is one value and nothing in it", test.text)
		}
	}
}

func TestWalk(t *testing.T) {
	const text = `{"a":[1,[],{"b":"x"}],"":{},"c":null}`
	type place struct {
		Depth, Start, NameStart, Len int
		Name                         string
		Kind                         jsoncodec.Kind
	}
	var got []place
	var walk func(v jsoncodec.Value, depth int)
	walk = func(v jsoncodec.Value, depth int) {
		for ; v.OK(); v = v.Next() {
			start, _ := v.Span()
			got = append(got, place{depth, start, v.NameStart(), v.Len(), v.Name(), v.Kind()})
			walk(v.First(), depth+1)
		}
	}
	walk(parse(t, text), 0)
	want := []place{
		{0, 0, 0, 3, "", jsoncodec.Object},
		{1, 5, 1, 3, "a", jsoncodec.Array},
		{2, 6, 0, 0, "", jsoncodec.Number},
		{2, 8, 0, 0, "", jsoncodec.Array},
		{2, 11, 0, 1, "", jsoncodec.Object},
		{3, 16, 12, 0, "b", jsoncodec.String},
		{1, 25, 22, 0, "", jsoncodec.Object},
		{1, 32, 28, 0, "c", jsoncodec.Null},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("values (-want +got):\n%s", diff)
	}
}

func TestDepth(t *testing.T) {
	for _, text := range []string{
		strings.Repeat("[", 32) + "1" + strings.Repeat("]", 32),
		strings.Repeat(`{"a":`, 32) + "1" + strings.Repeat("}", 32),
	} {
		depth, v := 0, parse(t, text)
		for ; v.First().OK(); v = v.First() {
			depth++
		}
		if depth != jsoncodec.MaxDepth || v.Text() != "1" {
			t.Errorf("depth %d, innermost %q", depth, v.Text())
		}
	}
}

func TestNoValue(t *testing.T) {
	var v jsoncodec.Value
	start, end := v.Span()
	n, isInt := v.Int(10)
	if v.OK() || v.Kind() != 0 || v.Text() != "" || v.Name() != "" || v.NameStart() != 0 || start != 0 || end != 0 || n != 0 || isInt ||
		v.First().OK() || v.Next().OK() {
		t.Error("there is something about no value")
	}
}

func TestInt(t *testing.T) {
	for _, test := range []struct {
		text string
		most int
		want int
		ok   bool
	}{
		{"0", 0, 0, true},
		{"7", 7, 7, true},
		{"8", 7, 0, false},
		{"10", 7, 0, false},
		{"604800", 604800, 604800, true},
		{"604801", 604800, 0, false},
		{"9223372036854775807", math.MaxInt64, math.MaxInt64, true},
		{"9223372036854775808", math.MaxInt64, 0, false},
		{"18446744073709551617", math.MaxInt64, 0, false},
		{"99999999999999999999999999", 1 << 40, 0, false},
		{"-1", 10, 0, false},
		{"-0", 10, 0, false},
		{"1.0", 10, 0, false},
		{"1e0", 10, 0, false},
		{`"1"`, 10, 0, false},
		{"null", 10, 0, false},
		{"[]", 10, 0, false},
	} {
		if got, ok := parse(t, test.text).Int(test.most); got != test.want || ok != test.ok {
			t.Errorf("%s.Int(%d) = %d, %v, want %d, %v", test.text, test.most, got, ok, test.want, test.ok)
		}
	}
}

func TestKindString(t *testing.T) {
	for text, want := range map[string]string{"null": "null", "true": "a boolean", "1": "a number", `""`: "a string", "[]": "an array", "{}": "an object"} {
		if got := parse(t, text).Kind().String(); got != want {
			t.Errorf("%s is %q, want %q", text, got, want)
		}
	}
	if got := jsoncodec.Kind(0).String(); got != "nothing" {
		t.Errorf("the kind of no value is %q", got)
	}
}
