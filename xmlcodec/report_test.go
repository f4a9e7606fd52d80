package xmlcodec_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ossconf/ossconf/source"
	"github.com/ossconf/ossconf/xmlcodec"
)

// readOn reads doc in spite of its problems.
func readOn(doc string) (problems []*xmlcodec.ParseError, err error) {
	r := xmlcodec.NewReader(doc)
	r.Report = func(e *xmlcodec.ParseError) { problems = append(problems, e) }
	for r.Next() {
	}
	return problems, r.Err()
}

func TestReport(t *testing.T) {
	for _, test := range []struct {
		name, doc string
		want      []string // problems, in order
		fixed     string   // by all fixes
	}{
		{"nothing", "<A><B>x</B></A>", nil, "<A><B>x</B></A>"},
		{"wrong tags", "<A><B>x</C><D>y</E></A>", []string{
			"line 1, column 8: </C> where <B> is open; write </B>",
			"line 1, column 16: </E> where <D> is open; write </D>",
		}, "<A><B>x</B><D>y</D></A>"},
		{"wrong tags on containers", "<A><B><C/></D></E>", []string{
			"line 1, column 11: </D> where <B> is open; write </B>",
			"line 1, column 15: </E> where <A> is open; write </A>",
		}, "<A><B><C/></B></A>"},
		{"missing tags", "<A>\n<B><C>x</A>", []string{
			"line 2, column 8: </A> where <C> is open; write </C> before it",
			"line 2, column 8: </A> where <B> is open; write </B> before it",
		}, "<A>\n<B><C>x</C></B></A>"},
		{"the tag of a child where its parent is open", "<A><B><C>x</C></C></A>", []string{
			"line 1, column 15: </C> where <B> is open; write </B>",
		}, "<A><B><C>x</C></B></A>"},
		{"attributes", "<A a='1' b=\"2\"><B xmlns='u' /></A>", []string{
			"line 1, column 4: the attribute a on <A>; OSS has none; remove it",
			"line 1, column 10: the attribute b on <A>; OSS has none; remove it",
			"line 1, column 19: a namespace on <B>; OSS has none; remove it",
		}, "<A><B /></A>"},
		{"text between elements", "<A><B/> x &y <B/><![CDATA[z]]></A>", []string{
			"line 1, column 9: text between the elements of <A>; remove it",
			"line 1, column 18: text between the elements of <A>; remove it",
		}, "<A><B/>  <B/></A>"},
		{"comments in values", "<A><B>x<!-- --><!----></B><B><!---->y</B></A>", []string{
			"line 1, column 8: a comment inside the value of <B>; move it out of the element",
			"line 1, column 30: a comment inside the value of <B>; move it out of the element",
		}, "<A><B>x</B><B>y</B></A>"},
		{"bare ampersands", "<A>&& &amp; &x</A>", []string{
			"line 1, column 4: a bare ampersand; write &amp;",
			"line 1, column 5: a bare ampersand; write &amp;",
			"line 1, column 13: a bare ampersand; write &amp;",
		}, "<A>&amp;&amp; &amp; &amp;x</A>"},
		{"behind the root", "<A/> <B/> x", []string{
			"line 1, column 6: more than white space and comments behind the root element; remove it",
		}, "<A/> "},
		{"one of each", "<A x='1'>&<B/>x</C>y", []string{
			"line 1, column 4: the attribute x on <A>; OSS has none; remove it",
			"line 1, column 10: a bare ampersand; write &amp;",
			"line 1, column 11: an element inside the value of <A>; close <A> first, or remove the text before the element",
			"line 1, column 15: text between the elements of <A>; remove it",
			"line 1, column 16: </C> where <A> is open; write </A>",
			"line 1, column 20: more than white space and comments behind the root element; remove it",
		}, "<A>&amp;<B/></A>"},
	} {
		t.Run(test.name, func(t *testing.T) {
			problems, err := readOn(test.doc)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			var edits []source.Edit
			for _, e := range problems {
				got = append(got, e.Error())
				if e.Fix != nil {
					edits = append(edits, e.Fix.Edits...)
				}
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
			fixed, err := source.Apply(test.doc, edits)
			if err != nil || fixed != test.fixed {
				t.Errorf("fixed: %q, %v, want %q", fixed, err, test.fixed)
			}
			checkFixes(t, test.doc, problems)
		})
	}
}

// checkFixes applies each fix by itself: the problem must be gone, and none be there that was not there before.
func checkFixes(t *testing.T, doc string, problems []*xmlcodec.ParseError) {
	t.Helper()
	for i, e := range problems {
		if e.Fix == nil {
			continue
		}
		fixed, err := source.Apply(doc, e.Fix.Edits)
		if err != nil {
			t.Errorf("%v: %v", e, err)
			continue
		}
		left, err := readOn(fixed)
		if err != nil {
			t.Errorf("%v: fixed to %q: %v", e, fixed, err)
			continue
		}
		want := codes(slices.Delete(slices.Clone(problems), i, i+1))
		if diff := cmp.Diff(want, codes(left)); diff != "" {
			t.Errorf("%v: problems left in %q (-want +got):\n%s", e, fixed, diff)
		}
	}
}

func codes(list []*xmlcodec.ParseError) string {
	var out string
	for _, e := range list {
		out += e.Err.Code + " "
	}
	return out
}

// What ends reading ends it in spite of Report.
func TestReportEnds(t *testing.T) {
	problems, err := readOn("<A x='1'><B>&nbsp;</B></A>")
	if diff := cmp.Diff("attribute ", codes(problems)); diff != "" {
		t.Errorf("problems (-want +got):\n%s", diff)
	}
	if e, ok := err.(*xmlcodec.ParseError); !ok || e.Err != xmlcodec.ErrEntity {
		t.Errorf("error %v, want ErrEntity", err)
	}
}
