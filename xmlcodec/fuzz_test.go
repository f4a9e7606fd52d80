package xmlcodec_test

import (
	"encoding/xml"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ossconf/ossconf/fixtures"
	"github.com/ossconf/ossconf/source"
	"github.com/ossconf/ossconf/xmlcodec"
)

// A walker checks the tokens of a document as they come.
type walker struct {
	t      *testing.T
	doc    string
	open   []string
	offset int
}

func (w *walker) token(tok xmlcodec.Token) {
	if tok.Start < w.offset || tok.TextStart < tok.Start || tok.TextEnd < tok.TextStart || tok.End < tok.Start || tok.TextEnd > len(w.doc) || tok.End > len(w.doc) {
		w.t.Fatalf("offsets of %+v, the last token ended at %d of %d", tok, w.offset, len(w.doc))
	}
	w.offset = tok.End
	switch tok.Kind {
	case xmlcodec.Start:
		w.open = append(w.open, tok.Name)
	case xmlcodec.End:
		if len(w.open) == 0 || w.open[len(w.open)-1] != tok.Name {
			w.t.Fatalf("end of %s where %q is open", tok.Name, w.open)
		}
		w.open = w.open[:len(w.open)-1]
	}
}

func (w *walker) problem(e *xmlcodec.ParseError) {
	if e.Offset < 0 || e.Offset > len(w.doc) || e.Position != source.At(w.doc, e.Offset) || e.Err == nil || e.Detail == "" || e.Hint == "" {
		w.t.Fatalf("incomplete error %+v", e)
	}
	if e.Fix != nil {
		if _, err := source.Apply(w.doc, e.Fix.Edits); err != nil {
			w.t.Fatalf("%v: the fix cannot be applied: %v", e, err)
		}
	}
}

// walk reads doc to its end and returns the first problem.
func walk(t *testing.T, doc string, report bool) *xmlcodec.ParseError {
	w := walker{t: t, doc: doc}
	r := xmlcodec.NewReader(doc)
	var first *xmlcodec.ParseError
	if report {
		r.Report = func(e *xmlcodec.ParseError) {
			w.problem(e)
			if first == nil {
				first = e
			}
		}
	}
	for count := 0; r.Next(); count++ {
		w.token(r.Token)
		if r.Depth() != len(w.open) {
			t.Fatalf("depth %d with %q open", r.Depth(), w.open)
		}
		if count > len(doc) {
			t.Fatal("more tokens than bytes")
		}
	}
	if err := r.Err(); err != nil {
		w.problem(err.(*xmlcodec.ParseError))
		if first == nil {
			first = err.(*xmlcodec.ParseError)
		}
	} else if len(w.open) > 0 {
		t.Fatalf("no error with %q open", w.open)
	}
	return first
}

// standard outlines doc as encoding/xml reads it.
func standard(doc string) (string, error) {
	type element struct {
		name, text string
		container  bool
	}
	var b strings.Builder
	var open []element
	for d := xml.NewDecoder(strings.NewReader(doc)); ; {
		tok, err := d.Token()
		if err != nil {
			if err == io.EOF {
				err = nil
			}
			return strings.TrimSuffix(b.String(), " "), err
		}
		switch tok := tok.(type) {
		case xml.StartElement:
			if n := len(open); n > 0 && !open[n-1].container {
				b.WriteString(open[n-1].name + "(")
				open[n-1].container = true
			}
			open = append(open, element{name: tok.Name.Local})
		case xml.CharData:
			if n := len(open); n > 0 {
				open[n-1].text += string(tok)
			}
		case xml.EndElement:
			e := open[len(open)-1]
			open = open[:len(open)-1]
			if e.container {
				b.WriteString(")" + e.name + " ")
			} else {
				b.WriteString(e.name + "=" + e.text + " ")
			}
		}
	}
}

func FuzzReader(f *testing.F) {
	for _, dir := range []string{"strictness", "documents", "exchanges"} {
		list, err := fixtures.Load(dir)
		if err != nil {
			f.Fatal(err)
		}
		for _, fixture := range list {
			for _, file := range fixture.Files {
				if data := fixture.File(file.Name); len(data) < 1<<16 {
					f.Add(string(data))
				}
			}
		}
	}
	f.Add("<A>&#65;&#x00041;<![CDATA[]]]]><!-- --></A>")
	f.Add("<A><B><C>x</B></A>")
	f.Fuzz(func(t *testing.T, doc string) {
		strict, first := walk(t, doc, false), walk(t, doc, true)
		if diff := cmp.Diff(strict, first); diff != "" {
			t.Errorf("the error without Report (-) and the first problem with it (+):\n%s", diff)
		}
		if strict != nil {
			return
		}
		got, _ := outline(doc)
		want, err := standard(doc)
		if err != nil {
			t.Fatalf("encoding/xml refuses it: %v", err)
		}
		if diff := cmp.Diff(want, strings.ReplaceAll(got, commented, "")); diff != "" {
			t.Errorf("encoding/xml (-) and xmlcodec (+):\n%s", diff)
		}
	})
}

func FuzzText(f *testing.F) {
	for _, text := range []string{"", "a", "]]>", "&lt;<>&", "\r\n\r", "\x00", "\uFFFE", "\xff", "é日😀", "<![CDATA[x]]>", "<!-- -->"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		escaped, err := xmlcodec.AppendText([]byte("<A>"), text)
		if err != nil {
			if xmlcodec.Sanitize(text) == text {
				t.Fatalf("AppendText refuses %q: %v; Sanitize does not change it", text, err)
			}
			if text = xmlcodec.Sanitize(text); string(escaped) != "<A>" {
				t.Fatalf("%v, but written: %q", err, escaped)
			}
			if escaped, err = xmlcodec.AppendText(escaped, text); err != nil {
				t.Fatalf("AppendText refuses what Sanitize returns: %v", err)
			}
		}
		r := xmlcodec.NewReader(string(escaped) + "</A>")
		if !r.Next() || r.Token.Kind != xmlcodec.Leaf || r.Next() {
			t.Fatalf("%q is not read as one leaf: %v", escaped, r.Err())
		}
		if diff := cmp.Diff(text, r.Token.Text); diff != "" {
			t.Errorf("%q (-text +read):\n%s", escaped, diff)
		}
	})
}
