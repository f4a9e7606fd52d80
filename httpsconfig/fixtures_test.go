package httpsconfig_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/ossconf/ossconf/fixtures"
	"github.com/ossconf/ossconf/httpsconfig"
	"github.com/ossconf/ossconf/jsoncodec"
	"github.com/ossconf/ossconf/source"
	"github.com/ossconf/ossconf/xmlcodec"
)

// reasons maps the words of fixtures to the causes that are named after them.
var reasons = map[string][]*source.Cause{
	"attribute": {xmlcodec.ErrAttribute},
	"bool":      {httpsconfig.ErrBool},
	"character": {xmlcodec.ErrCharacter, jsoncodec.ErrCharacter},
	"depth":     {xmlcodec.ErrDepth, jsoncodec.ErrDepth},
	"doctype":   {xmlcodec.ErrDoctype},
	"encoding":  {xmlcodec.ErrEncoding, jsoncodec.ErrEncoding},
	"format":    {httpsconfig.ErrFormat},
	"mixed":     {xmlcodec.ErrMixed},
	"namespace": {xmlcodec.ErrNamespace},
	"repeated":  {httpsconfig.ErrRepeated},
	"root":      {httpsconfig.ErrRoot},
	"syntax":    {xmlcodec.ErrSyntax, jsoncodec.ErrSyntax},
	"tag":       {xmlcodec.ErrTag},
}

// checkRefused fails the test unless err is a ParseError because of reason, and Validate has an error where it is.
func checkRefused(t *testing.T, doc []byte, err error, reason string) {
	t.Helper()
	e, ok := err.(*httpsconfig.ParseError)
	if !ok {
		t.Fatalf("error %v, want a ParseError", err)
	}
	found := false
	for _, cause := range reasons[reason] {
		found = found || e.Err == cause
	}
	if !found {
		t.Errorf("refused because of %q: %v, want reason %s", e.Err.Code, e, reason)
	}
	for _, f := range httpsconfig.Validate(doc).Findings {
		if f.Rule.Severity == httpsconfig.Error && f.Position == e.Position && f.Message == e.Message() {
			return
		}
	}
	t.Errorf("Validate does not find %v", e)
}

// words returns the findings of a report as fixtures write them.
func words(report *httpsconfig.Report) []string {
	var list []string
	for _, f := range report.Findings {
		list = append(list, fmt.Sprintf("%s@%d:%d", f.Rule.Name, f.Line, f.Column))
	}
	return list
}

func TestStrictness(t *testing.T) {
	for f := range fixtures.Use(t, "strictness").All() {
		t.Run(f.Name, func(t *testing.T) {
			doc := f.File("document.xml")
			if f.Name == "deep-nesting" {
				if _, err := httpsconfig.Decode(doc); err == nil || err.(*httpsconfig.ParseError).Err != httpsconfig.ErrSize {
					t.Errorf("%d bytes: %v, want ErrSize", len(doc), err)
				}
				const levels = 1500
				doc = slices.Concat(doc[:levels*len("<HttpsConfiguration>")], doc[len(doc)-levels*len("</HttpsConfiguration>"):])
			}
			config, err := httpsconfig.Decode(doc)
			if reason, refused := strings.CutPrefix(f.Expect, "reject "); refused {
				checkRefused(t, doc, err, reason)
				return
			}
			if err != nil || config == nil {
				t.Fatalf("refused: %v", err)
			}
			rule, warned := strings.CutPrefix(f.Expect, "accept with warning ")
			var want []string
			if warned {
				want = []string{rule}
			}
			if diff := cmp.Diff(want, warnings(httpsconfig.Validate(doc))); diff != "" {
				t.Errorf("warnings (-want +got):\n%s", diff)
			}
		})
	}
}

func TestDocuments(t *testing.T) {
	stated := fixtures.Use(t, "documents")
	for f := range stated.All() {
		if f.Header("findings") == "" {
			t.Errorf("documents/%s does not state its findings", f.Name)
		}
	}
	documents, err := fixtures.Documents()
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range documents {
		t.Run(d.Name, func(t *testing.T) {
			report := httpsconfig.Validate(d.Data)
			if len(d.Findings) > 0 {
				if diff := cmp.Diff(d.Findings, words(report)); diff != "" {
					t.Errorf("findings (-want +got):\n%s", diff)
				}
			}
			config, err := httpsconfig.Decode(d.Data)
			if reason, refused := strings.CutPrefix(d.Expect, "refused "); refused {
				checkRefused(t, d.Data, err, reason)
				return
			}
			if err != nil {
				t.Fatalf("refused: %v", err)
			}
			if want := d.Expect == "valid"; report.OK() != want {
				t.Errorf("OK is %v, want %v: %v", report.OK(), want, words(report))
			}
			if diff := cmp.Diff(config, report.Config, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("Decode (-) and Validate (+):\n%s", diff)
			}
		})
	}
}

// What the service was seen to refuse has an error, and what it was seen to take has none.
func TestObserved(t *testing.T) {
	for f := range fixtures.Use(t, "observed").All() {
		o := f.Observation()
		if o.Operation != fixtures.PutBucketHTTPSConfig {
			continue
		}
		if report := httpsconfig.Validate(o.Put); report.OK() == (o.Code == "MalformedXML") {
			t.Errorf("%s: the service answers %s, OK is %v: %v", f.Name, f.Expect, report.OK(), words(report))
		}
		if o.Get != nil {
			if report := httpsconfig.Validate(o.Get); !report.OK() {
				t.Errorf("%s: what the service answers to a GET has errors: %v", f.Name, words(report))
			}
		}
	}
}

// The samples of the PutBucketHttpsConfig document close an element in four places with the tag of another.
func TestOfficialSamples(t *testing.T) {
	documents := fixtures.Use(t, "documents")
	for range documents.All() {
	}
	exchange, err := fixtures.Lookup("exchanges", "req-doc-2025-syntax")
	if err != nil {
		t.Fatal(err)
	}
	_, syntax, _ := bytes.Cut(exchange.File("request.http"), []byte("\n\n"))
	mismatches := 0
	for _, test := range []struct {
		name        string
		doc, mended []byte
		offset      int   // of the first mismatch
		lines       []int // of all
		warnings    []string
	}{
		{"sample request", documents.Get("put-sample").File("document.xml"), documents.Get("put-sample-mended").File("document.xml"), 531, []int{14, 15, 16},
			[]string{"cipher-suite-repeated", "cipher-suite-tls12-in-tls13"}},
		{"request syntax", syntax, documents.Get("put-syntax-mended").File("document.xml"), 393, []int{12},
			[]string{"cipher-suite-tls12-in-tls13"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			const wrong, right = "</CustomCipherSuite>", "</TLS13CustomCipherSuite>"
			_, err := httpsconfig.Decode(test.doc)
			want := &httpsconfig.ParseError{Position: source.Position{Line: test.lines[0], Column: 52}, Offset: test.offset,
				Path:   "/HttpsConfiguration/CipherSuite/TLS13CustomCipherSuite",
				Detail: wrong + " where <TLS13CustomCipherSuite> is open", Hint: "write " + right,
				Fix: &source.Fix{Description: "Write " + right + " in place of " + wrong,
					Edits: []source.Edit{{Start: test.offset, End: test.offset + len(wrong), Text: right}}},
				Err: xmlcodec.ErrTag}
			if diff := cmp.Diff(error(want), err); diff != "" {
				t.Errorf("error (-want +got):\n%s", diff)
			}
			var lines []int
			var edits []source.Edit
			for _, f := range httpsconfig.Validate(test.doc).Findings {
				if f.Rule.Severity != httpsconfig.Error {
					continue
				}
				if f.Rule.Name != "document-well-formed" || f.Message != want.Detail || f.Fix == nil {
					t.Fatalf("error %s: %s, fix %v", f.Rule.Name, f.Message, f.Fix)
				}
				lines, edits = append(lines, f.Line), append(edits, f.Fix.Edits...)
			}
			if diff := cmp.Diff(test.lines, lines); diff != "" {
				t.Errorf("lines with an error (-want +got):\n%s", diff)
			}
			mended, err := source.Apply(string(test.doc), edits)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(strings.TrimSpace(string(test.mended)), strings.TrimSpace(mended)); diff != "" {
				t.Errorf("the fixture with the right tags (-) and what the fixes make (+):\n%s", diff)
			}
			report := httpsconfig.Validate([]byte(mended))
			if diff := cmp.Diff(test.warnings, warnings(report)); !report.OK() || diff != "" {
				t.Errorf("OK is %v, warnings (-want +got):\n%s", report.OK(), diff)
			}
			mismatches += len(lines)
		})
	}
	if mismatches != 4 {
		t.Errorf("%d mismatched tags, want 4", mismatches)
	}
}

// warnings returns the names of the rules of which a report warns.
func warnings(report *httpsconfig.Report) []string {
	var list []string
	for _, f := range report.Findings {
		if f.Rule.Severity == httpsconfig.Warning {
			list = append(list, f.Rule.Name)
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}
