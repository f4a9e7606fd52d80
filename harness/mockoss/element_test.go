package mockoss

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestElement(t *testing.T) {
	const sent = "<?xml version=\"1.0\"?><!-- ids --><A>\n <B>1</B><C><D> x&amp;y </D><E></E></C><B>2</B></A>"
	e, err := parseElement([]byte(sent), "A")
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		path []string
		want string
	}{{nil, ""}, {[]string{"B"}, "1"}, {[]string{"C", "D"}, " x&y "}, {[]string{"C", "E"}, ""}, {[]string{"X", "D"}, ""}, {[]string{"B", "D"}, ""}} {
		if got := e.at(test.path...); got != test.want {
			t.Errorf("at %q: %q, want %q", test.path, got, test.want)
		}
	}
	e.remove("B")
	e.set("C", "now text").set("F", "<new>").add(nil, &element{name: "G"})
	const want = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<A>\n  <C>now text</C>\n  <F>&lt;new></F>\n  <G></G>\n</A>"
	if diff := cmp.Diff(want, string(e.document())); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for _, bad := range []string{"", "{}", "<B></B>", "<A>", "<A></A><A></A>", "<A a=\"b\"></A>", "<A>text<B></B></A>"} {
		var p *problem
		if e, err := parseElement([]byte(bad), "A"); !errors.As(err, &p) || p.code != "MalformedXML" {
			t.Errorf("%q: %v, %v", bad, e, err)
		}
	}
}

// FuzzParseElement writes what was read: that has the same elements with the same texts.
func FuzzParseElement(f *testing.F) {
	f.Add([]byte("<A><B>1</B><C><D>x&amp;y</D><E></E></C></A>"))
	f.Add([]byte("<A></A>"))
	f.Add([]byte("<A>\r\n<![CDATA[<x>]]>&#13;</A>"))
	f.Fuzz(func(t *testing.T, doc []byte) {
		e, err := parseElement(doc, "A")
		if err == nil != hasRoot(doc, "A") {
			t.Fatalf("%q: %v", doc, err)
		}
		if err != nil {
			return
		}
		again, err := parseElement(e.document(), "A")
		if err != nil {
			t.Fatalf("%q becomes %q: %v", doc, e.document(), err)
		}
		if diff := cmp.Diff(e, again, cmp.AllowUnexported(element{})); diff != "" {
			t.Errorf("%q (-want +got):\n%s", doc, diff)
		}
	})
}
