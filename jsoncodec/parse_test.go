package jsoncodec_test

import (
	"errors"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ossconf/ossconf/jsoncodec"
	"github.com/ossconf/ossconf/source"
)

func TestRefuse(t *testing.T) {
	const (
		anyValue   = "write a value; text stands in double quotes"
		words      = "write true, false, null, or put text in quotes"
		utf8       = "save the text in UTF-8"
		noUTF8     = "bytes that are not UTF-8"
		noEnd      = "a string without an end"
		badEscape  = "an escape that JSON does not know"
		backslash  = `write \\ for a backslash`
		half       = "half a surrogate pair"
		halves     = "write both halves, or the character itself"
		inside     = "the text ends inside an array or object"
		noName     = "a member without a name in quotes"
		writeName  = `write "NAME": before the value`
		duplicate  = "a name that the object has already"
		removeOne  = "remove one of the two members"
		missing    = "the text ends where a value has to stand"
		noComma    = "neither a comma nor an end behind a value"
		noColon    = "a name without a colon behind it"
		writeColon = "write : between name and value"
		control    = "a control character in a string"
		asEscape   = `write it as an escape such as \n`
		trailing   = "more than white space behind the value"
		lastComma  = "a comma behind the last value"
	)
	tests := []struct {
		name, text           string
		line, column, offset int
		path                 string
		err                  *source.Cause
		detail, hint         string
	}{
		{"empty", "", 1, 1, 0, "", jsoncodec.ErrUnclosed, missing, "complete it"},
		{"white space", " \r\n\t", 2, 2, 4, "", jsoncodec.ErrUnclosed, missing, "complete it"},
		{"second value", "{}\n {}", 2, 2, 4, "", jsoncodec.ErrSyntax, trailing, "remove it"},
		{"zero first", "01", 1, 2, 1, "", jsoncodec.ErrSyntax, trailing, "remove it"},
		{"word that goes on", "truex", 1, 5, 4, "", jsoncodec.ErrSyntax, trailing, "remove it"},
		{"white space that JSON does not have", "1\v", 1, 2, 1, "", jsoncodec.ErrSyntax, trailing, "remove it"},
		{"word", "nil", 1, 1, 0, "", jsoncodec.ErrSyntax, "a word that is no value of JSON", words},
		{"word in capitals", `{"a":True}`, 1, 6, 5, "/a", jsoncodec.ErrSyntax, "no value of JSON", anyValue},
		{"word cut short", `["é",fals`, 1, 6, 6, "", jsoncodec.ErrSyntax, "a word that is no value of JSON", words},
		{"word without quotes", "[abc]", 1, 2, 1, "", jsoncodec.ErrSyntax, "no value of JSON", anyValue},
		{"single quotes", "{'a':1}", 1, 2, 1, "", jsoncodec.ErrSyntax, noName, writeName},
		{"comment", "// x\n{}", 1, 1, 0, "", jsoncodec.ErrSyntax, "no value of JSON", anyValue},
		{"comma instead of a value", "[,1]", 1, 2, 1, "", jsoncodec.ErrSyntax, "no value of JSON", anyValue},
		{"Latin-1 instead of a value", "[\xe9]", 1, 2, 1, "", jsoncodec.ErrEncoding, noUTF8, utf8},
		{"minus", "-", 1, 1, 0, "", jsoncodec.ErrSyntax, "no value of JSON", anyValue},
		{"plus", "+1", 1, 1, 0, "", jsoncodec.ErrSyntax, "no value of JSON", anyValue},
		{"point first", ".5", 1, 1, 0, "", jsoncodec.ErrSyntax, "no value of JSON", anyValue},
		{"point last", "[1.]", 1, 4, 3, "", jsoncodec.ErrSyntax, "a number without a digit behind the point", "write a digit"},
		{"exponent without a digit", "1e+", 1, 4, 3, "", jsoncodec.ErrSyntax, "a number without a digit in the exponent", "write a digit"},
		{"array without an end", "[1\n", 2, 1, 3, "", jsoncodec.ErrUnclosed, inside, "write ]"},
		{"array that ends behind a comma", "[1,", 1, 4, 3, "", jsoncodec.ErrUnclosed, inside, "write ]"},
		{"array without commas", "[1 2]", 1, 4, 3, "", jsoncodec.ErrSyntax, noComma, "write , or ]"},
		{"array closed as an object", "[1}", 1, 3, 2, "", jsoncodec.ErrSyntax, noComma, "write , or ]"},
		{"array with a comma too many", "[1, ]", 1, 3, 2, "", jsoncodec.ErrSyntax, lastComma, "remove it"},
		{"object without an end", `{"a":{"b":1`, 1, 12, 11, "/a", jsoncodec.ErrUnclosed, inside, "write }"},
		{"object with a comma too many", `{"a":{"b":1,}}`, 1, 12, 11, "/a", jsoncodec.ErrSyntax, lastComma, "remove it"},
		{"object closed as an array", `{"a":1]`, 1, 7, 6, "", jsoncodec.ErrSyntax, noComma, "write , or }"},
		{"name without quotes", "{\n a:1}", 2, 2, 3, "", jsoncodec.ErrSyntax, noName, writeName},
		{"name without a colon", `{"a" 1}`, 1, 6, 5, "", jsoncodec.ErrSyntax, noColon, writeColon},
		{"name at the end", `{"a"`, 1, 5, 4, "", jsoncodec.ErrSyntax, noColon, writeColon},
		{"member without a value", `{"a":}`, 1, 6, 5, "/a", jsoncodec.ErrSyntax, "no value of JSON", anyValue},
		{"member at the end", `{"a":`, 1, 6, 5, "/a", jsoncodec.ErrUnclosed, missing, "complete it"},
		{"duplicate name", "{\"a\":1,\n\"a\":2}", 2, 1, 8, "", jsoncodec.ErrDuplicate, duplicate, removeOne},
		{"duplicate name, escaped", `{"b":{"é":1,"\u00e9":2}}`, 1, 13, 13, "/b", jsoncodec.ErrDuplicate, duplicate, removeOne},
		{"duplicate empty name", `{"":1,"":2}`, 1, 7, 6, "", jsoncodec.ErrDuplicate, duplicate, removeOne},
		{"string without an end", "[\n\"a]", 2, 1, 2, "", jsoncodec.ErrUnclosed, noEnd, `write "`},
		{"string that ends in a backslash", `"a\`, 1, 3, 2, "", jsoncodec.ErrUnclosed, noEnd, `write "`},
		{"string over two lines", "\"a\nb\"", 1, 3, 2, "", jsoncodec.ErrCharacter, control, asEscape},
		{"NUL in a string", "\"\x00\"", 1, 2, 1, "", jsoncodec.ErrCharacter, control, asEscape},
		{"Latin-1 in a string", "[\"é\",\"\xe9\"]", 1, 7, 7, "", jsoncodec.ErrEncoding, noUTF8, utf8},
		{"surrogate in UTF-8", "\"\xed\xa0\x80\"", 1, 2, 1, "", jsoncodec.ErrEncoding, noUTF8, utf8},
		{"Latin-1 in a name", "{\"\xe9\":1}", 1, 3, 2, "", jsoncodec.ErrEncoding, noUTF8, utf8},
		{"unknown escape", `"a\x41"`, 1, 3, 2, "", jsoncodec.ErrSyntax, badEscape, backslash},
		{"escape of a single quote", `"\'"`, 1, 2, 1, "", jsoncodec.ErrSyntax, badEscape, backslash},
		{"escape cut short", `"\u00e`, 1, 2, 1, "", jsoncodec.ErrSyntax, badEscape, backslash},
		{"escape with another letter", `"\u00eg"`, 1, 2, 1, "", jsoncodec.ErrSyntax, badEscape, backslash},
		{"escape with a control character", "\"\\u001\x10\"", 1, 2, 1, "", jsoncodec.ErrSyntax, badEscape, backslash},
		{"high half alone", `"\ud83d"`, 1, 2, 1, "", jsoncodec.ErrCharacter, half, halves},
		{"high half before a character", `"\ud83dx"`, 1, 2, 1, "", jsoncodec.ErrCharacter, half, halves},
		{"high half twice", `"\ud83d\ud83d"`, 1, 2, 1, "", jsoncodec.ErrCharacter, half, halves},
		{"low half first", `"\ude00\ud83d"`, 1, 2, 1, "", jsoncodec.ErrCharacter, half, halves},
		{"half at the end", `"\ud83d\`, 1, 2, 1, "", jsoncodec.ErrCharacter, half, halves},
		{"behind a byte order mark", "\uFEFFx", 1, 1, 3, "", jsoncodec.ErrSyntax, "no value of JSON", anyValue},
		{"33 arrays", strings.Repeat("[", 33), 1, 33, 32, "", jsoncodec.ErrDepth, "values nested more than 32 deep", "remove the inner values"},
		{"33 objects", strings.Repeat(`{"a":`, 33), 1, 161, 160, strings.Repeat("/a", 32), jsoncodec.ErrDepth, "values nested more than 32 deep", "remove the inner values"},
		{"100000 arrays", strings.Repeat("[", 100_000), 1, 33, 32, "", jsoncodec.ErrDepth, "values nested more than 32 deep", "remove the inner values"},
	}
	seen := map[*source.Cause]bool{}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			v, err := jsoncodec.Parse(test.text)
			want := &jsoncodec.ParseError{Position: source.Position{Line: test.line, Column: test.column}, Offset: test.offset,
				Path: test.path, Detail: test.detail, Hint: test.hint, Err: test.err}
			if diff := cmp.Diff(error(want), err); diff != "" {
				t.Errorf("%q (-want +got):\n%s", test.text, diff)
			}
			if !errors.Is(err, test.err) || v.OK() {
				t.Errorf("the cause is not %v, or there is a value", test.err)
			}
		})
		seen[test.err] = true
	}
	for _, cause := range []*source.Cause{jsoncodec.ErrSyntax, jsoncodec.ErrUnclosed, jsoncodec.ErrCharacter, jsoncodec.ErrEncoding,
		jsoncodec.ErrDuplicate, jsoncodec.ErrDepth} {
		if !seen[cause] {
			t.Errorf("no text is refused because of %s", cause.Code)
		}
	}
}

// Up to 16 names are compared one by one, more are looked up.
func TestManyMembers(t *testing.T) {
	for _, count := range []int{15, 16, 17, 18, 40} {
		var b strings.Builder
		for i := range count {
			b.WriteString(`"` + strconv.Itoa(i) + `":{"0":[]},`)
		}
		v, err := jsoncodec.Parse("{" + strings.TrimSuffix(b.String(), ",") + "}")
		if err != nil {
			t.Fatalf("%d members: %v", count, err)
		}
		n := 0
		for m := v.First(); m.OK(); m = m.Next() {
			if m.Name() != strconv.Itoa(n) {
				t.Errorf("member %d is called %q", n, m.Name())
			}
			n++
		}
		if n != count {
			t.Errorf("%d members, want %d", n, count)
		}
		for i := range count {
			_, err := jsoncodec.Parse("{" + b.String() + `"` + strconv.Itoa(i) + `":0}`)
			if e, ok := err.(*jsoncodec.ParseError); !ok || e.Err != jsoncodec.ErrDuplicate || e.Offset != 1+b.Len() {
				t.Fatalf("%d members and %d again: %v", count, i, err)
			}
		}
	}
}
