package httpsconfig_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ossconf/ossconf/httpsconfig"
	"github.com/ossconf/ossconf/jsoncodec"
	"github.com/ossconf/ossconf/source"
)

// One document for each cause of this package; TestRules has the many ways to make a mistake.
func TestDecodeRefuses(t *testing.T) {
	for _, test := range []struct {
		name, doc            string
		line, column, offset int
		path                 string
		err                  *source.Cause
		detail, hint         string
		fix                  *source.Fix
	}{
		{"too large", strings.Repeat("é\n", httpsconfig.MaxSize/3+1), 21846, 2, httpsconfig.MaxSize, "", httpsconfig.ErrSize,
			"", "a configuration takes a few hundred bytes: is this the right file?", nil},
		{"neither form", "\n -", 2, 2, 2, "", httpsconfig.ErrFormat, "", "begin the document with < for XML or { for JSON", nil},
		{"JSON array", "[]", 1, 1, 0, "", httpsconfig.ErrFormat, "", "begin the document with < for XML or { for JSON", nil},
		{"byte order mark alone", "\uFEFF", 1, 1, 3, "", httpsconfig.ErrFormat, "the document is empty", "write an HttpsConfiguration in XML or JSON", nil},
		{"byte order mark behind a blank", " \uFEFF<HttpsConfiguration/>", 1, 2, 1, "", httpsconfig.ErrFormat, "", "begin the document with < for XML or { for JSON", nil},
		{"another root", "<!-- -->\n<TLS/>", 2, 1, 9, "/TLS", httpsconfig.ErrRoot, "the root element is <TLS>", "name it HttpsConfiguration, in this spelling", nil},
		{"second CipherSuite", root("<CipherSuite/>\r\n <CipherSuite/>"), 2, 2, 37, "/HttpsConfiguration/CipherSuite", httpsconfig.ErrRepeated,
			"a second <CipherSuite>", "remove one of the two", nil},
		{"text in CipherSuite", root("<CipherSuite>é</CipherSuite>"), 1, 34, 33, "/HttpsConfiguration/CipherSuite", httpsconfig.ErrContent,
			"<CipherSuite> holds text; it has elements only", "remove the text", nil},
		{"boolean", root("<TLS><Enable> On </Enable></TLS>"), 1, 26, 25, "/HttpsConfiguration/TLS/Enable", httpsconfig.ErrBool,
			"<Enable> is neither true nor false", "write true", fixAt("Write true", 33, 37, "true")},
		{"boolean in JSON", `{"TLS":{"Enable":"1"}}`, 1, 18, 17, "/HttpsConfiguration/TLS/Enable", httpsconfig.ErrBool,
			"<Enable> is neither true nor false", "write true", fixAt("Write true", 17, 20, "true")},
		{"unknown member", `{"TLS":{"a":[[]]}}`, 1, 14, 13, "/HttpsConfiguration/TLS", httpsconfig.ErrUnknown,
			"an array in an array, for which XML has no form", "remove it, or write what an element can hold", nil},
		{"value", `{"TLS":{"TLSVersion":"\ufffe"}}`, 1, 22, 21, "/HttpsConfiguration/TLS/TLSVersion", httpsconfig.ErrValue,
			"a value with a character that XML does not have", "remove the character", nil},
		{"path of an error in JSON", `{"TLS":{"Enable":tru}}`, 1, 18, 17, "/HttpsConfiguration/TLS/Enable", jsoncodec.ErrSyntax,
			"a word that is no value of JSON", "write true, false, null, or put text in quotes", nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := httpsconfig.Decode([]byte(test.doc))
			want := &httpsconfig.ParseError{Position: source.Position{Line: test.line, Column: test.column}, Offset: test.offset,
				Path: test.path, Detail: test.detail, Hint: test.hint, Fix: test.fix, Err: test.err}
			if diff := cmp.Diff(error(want), err); diff != "" {
				t.Errorf("error (-want +got):\n%s", diff)
			}
			if !errors.Is(err, test.err) {
				t.Errorf("errors.Is does not find the cause")
			}
		})
	}
}

func fixAt(description string, start, end int, text string) *source.Fix {
	return &source.Fix{Description: description, Edits: []source.Edit{{Start: start, End: end, Text: text}}}
}

func TestDecodeLimits(t *testing.T) {
	doc := []byte(sample + strings.Repeat("\n", httpsconfig.MaxSize-len(sample)))
	if _, err := httpsconfig.Decode(doc); err != nil {
		t.Errorf("%d bytes: %v", len(doc), err)
	}
	if _, err := httpsconfig.Decode(append(doc, '\n')); !errors.Is(err, httpsconfig.ErrSize) {
		t.Errorf("%d bytes: %v", len(doc)+1, err)
	}
	for _, n := range []int{0, 1, 4, 5, 8, 9, 100} { // the lists of usual size are kept in one block
		list := strings.Repeat("<TLSVersion>TLSv1.2</TLSVersion>", n)
		c, err := httpsconfig.Decode([]byte(root("<TLS>" + list + "</TLS>")))
		if err != nil || len(c.TLS.TLSVersions) != n {
			t.Errorf("%d versions: %v, %v", n, c, err)
		}
	}
}

func TestBoolString(t *testing.T) {
	for b, want := range map[httpsconfig.Bool]string{httpsconfig.Absent: "absent", httpsconfig.True: "true", httpsconfig.False: "false"} {
		if b.String() != want {
			t.Errorf("Bool(%d) is %q, want %q", b, b, want)
		}
	}
}
