package xmlcodec_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ossconf/ossconf/fixtures"
	"github.com/ossconf/ossconf/source"
	"github.com/ossconf/ossconf/xmlcodec"
)

// commented marks a Leaf in an outline. No document has this character.
const commented = "\x01"

// outline writes the tokens of doc as one line.
func outline(doc string) (string, error) {
	var b strings.Builder
	r := xmlcodec.NewReader(doc)
	for r.Next() {
		switch t := r.Token; t.Kind {
		case xmlcodec.Start:
			b.WriteString(t.Name + "(")
		case xmlcodec.End:
			b.WriteString(")" + t.Name + " ")
		case xmlcodec.Leaf:
			b.WriteString(t.Name + "=" + t.Text)
			if t.Commented {
				b.WriteString(commented)
			}
			b.WriteString(" ")
		}
	}
	return strings.TrimSuffix(b.String(), " "), r.Err()
}

func TestRead(t *testing.T) {
	for _, test := range []struct{ name, doc, want string }{
		{"empty element", "<A/>", "A="},
		{"empty element with a blank", "<A />", "A="},
		{"two tags", "<A></A>", "A="},
		{"tags with blanks", "<A \r\n\t></A\n>", "A="},
		{"names", "<_a.-9Z/>", "_a.-9Z="},
		{"white space is a text", "<A> \n</A>", "A= \n"},
		{"container", "<A><B>x</B><B>y</B><C/></A>", "A(B=x B=y C= )A"},
		{"white space in a container", "<A>\n\t<B>x</B> \r\n</A>\n", "A(B=x )A"},
		{"nested", "<A><B><C><D>x</D></C></B></A>", "A(B(C(D=x )C )B )A"},
		{"name that begins another", "<A><AB>x</AB><A>y</A><ABC/></A>", "A(AB=x A=y ABC= )A"},
		{"byte order mark", "\uFEFF<A>x</A>", "A=x"},
		{"byte order mark and declaration", "\uFEFF<?xml version=\"1.0\"?><A>x</A>", "A=x"},
		{"declaration", `<?xml version="1.0" encoding="UTF-8"?><A/>`, "A="},
		{"declaration with single quotes", `<?xml version='1.0' encoding='utf-8' standalone='yes'?><A/>`, "A="},
		{"declaration with blanks", "<?xml\r\n version = \"1.0\"\tencoding =\"Utf-8\" standalone= \"no\" ?>\r\n<A/>", "A="},
		{"declaration without encoding", `<?xml version="1.0" standalone="no"?><A/>`, "A="},
		{"comments around the root", "<!-- a --><A/><!-- b -->\n<!---->", "A="},
		{"comments between elements", "<A><!-- a --><B/><!--<C>&x;]]>--><D/><!-- b --></A>", "A(B= D= )A"},
		{"comment that begins with a hyphen", "<A/><!---> -->", "A="},
		{"comment with characters of many bytes", "<A/><!--é日😀-->", "A="},
		{"comment in an empty element", "<A><!-- a --></A>", "A=" + commented},
		{"comments and white space", "<A> <!-- a -->\n<!-- b --></A>", "A= \n" + commented},
		{"comments before an element", "<A> <!-- a -->\n<B/></A>", "A(B= )A"},
		{"predefined entities", "<A>&lt;&gt;&amp;&quot;&apos;</A>", "A=<>&\"'"},
		{"entity made of an entity", "<A>&amp;lt;</A>", "A=&lt;"},
		{"decimal references", "<A>&#65;&#233;&#128512;&#9;</A>", "A=Aé😀\t"},
		{"hexadecimal references", "<A>&#x41;&#xe9;&#x1F600;&#x1f600;</A>", "A=Aé😀😀"},
		{"references with many zeros", "<A>&#00000000000000000065;&#x00000000000000000041;</A>", "A=AA"},
		{"references to the bounds", "<A>&#xD7FF;&#xE000;&#xFFFD;&#x10000;&#x10FFFF;</A>", "A=\uD7FF\uE000\uFFFD\U00010000\U0010FFFF"},
		{"reference to a carriage return", "<A>a&#13;b&#xD;&#10;</A>", "A=a\rb\r\n"},
		{"line ends", "<A>a\nb\r\nc\rd\r\r\ne</A>", "A=a\nb\nc\nd\n\ne"},
		{"line ends in CDATA", "<A><![CDATA[a\r\nb\rc]]>\r</A>", "A=a\nb\nc\n"},
		{"CDATA", "<A><![CDATA[<b>&amp;]]]]><![CDATA[>]]></A>", "A=<b>&amp;]]>"},
		{"empty CDATA", "<A>x<![CDATA[]]>y</A>", "A=xy"},
		{"CDATA with characters of many bytes", "<A><![CDATA[é日😀]]></A>", "A=é日😀"},
		{"brackets", "<A>a]b]]c] ]></A>", "A=a]b]]c] ]>"},
		{"greater than", "<A>a>b</A>", "A=a>b"},
		{"quotes", `<A>"it's"</A>`, `A="it's"`},
		{"DEL and C1", "<A>\x7f\u0080\u0085\u2028</A>", "A=\x7f\u0080\u0085\u2028"},
		{"text of many bytes", "<A>é日😀\uFFFD</A>", "A=é日😀\uFFFD"},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, err := outline(test.doc)
			if err != nil {
				t.Fatalf("%q: %v", test.doc, err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("%q (-want +got):\n%s", test.doc, diff)
			}
		})
	}
}

func TestTokens(t *testing.T) {
	const doc = "\uFEFF<A>\n <B>x&amp;y</B >\n <C/><D ></D><E><!----></E></A>\n"
	var got []xmlcodec.Token
	r := xmlcodec.NewReader(doc)
	for r.Next() {
		got = append(got, r.Token)
	}
	want := []xmlcodec.Token{
		{Kind: xmlcodec.Start, Name: "A", Start: 3, End: 6, TextStart: 6, TextEnd: 6},
		{Kind: xmlcodec.Leaf, Name: "B", Text: "x&y", Start: 8, End: 23, TextStart: 11, TextEnd: 18},
		{Kind: xmlcodec.Leaf, Name: "C", Start: 25, End: 29, TextStart: 29, TextEnd: 29},
		{Kind: xmlcodec.Leaf, Name: "D", Start: 29, End: 37, TextStart: 33, TextEnd: 33},
		{Kind: xmlcodec.Leaf, Commented: true, Name: "E", Start: 37, End: 51, TextStart: 40, TextEnd: 47},
		{Kind: xmlcodec.End, Name: "A", Start: 51, End: 55, TextStart: 55, TextEnd: 55},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("tokens (-want +got):\n%s", diff)
	}
	if r.Err() != nil || r.Depth() != 0 {
		t.Errorf("in the end, error %v and depth %d", r.Err(), r.Depth())
	}
}

func TestReset(t *testing.T) {
	r := xmlcodec.NewReader("<A><B>&")
	for r.Next() {
	}
	r.Reset("<C>\n<D>&</D></C>")
	for r.Next() {
	}
	want := &xmlcodec.ParseError{Position: source.Position{Line: 2, Column: 4}, Offset: 7, Path: "/C/D", Detail: "a bare ampersand",
		Hint: "write &amp;", Fix: fix("Write &amp;", edit(7, 8, "&amp;")), Err: xmlcodec.ErrSyntax}
	if diff := cmp.Diff(error(want), r.Err()); diff != "" {
		t.Errorf("error of the second document (-want +got):\n%s", diff)
	}
}

func nested(depth int, inner string) string {
	return strings.Repeat("<A>", depth) + inner + strings.Repeat("</A>", depth)
}

func TestDepth(t *testing.T) {
	deep := fixtures.Use(t, "strictness").All()
	tooDeep := func(offset int) error {
		return &xmlcodec.ParseError{Position: source.Position{Line: 1, Column: offset + 1}, Offset: offset, Path: strings.Repeat("/A", 32),
			Detail: "elements nested more than 32 deep", Hint: "remove the inner elements", Err: xmlcodec.ErrDepth}
	}
	for _, test := range []struct {
		name, doc string
		want      error
	}{
		{"32", nested(32, ""), nil},
		{"32 with a value", nested(32, "x"), nil},
		{"32, the last one empty", nested(31, "<B/>"), nil},
		{"33", nested(33, ""), tooDeep(96)},
		{"33, the last one empty", nested(32, "<B/>"), tooDeep(96)},
		{"100000", nested(100_000, ""), tooDeep(96)},
		{"100000 never closed", strings.Repeat("<A>", 100_000), tooDeep(96)},
	} {
		t.Run(test.name, func(t *testing.T) {
			for _, report := range []func(*xmlcodec.ParseError){nil, func(e *xmlcodec.ParseError) { t.Errorf("reported: %v", e) }} {
				r := xmlcodec.NewReader(test.doc)
				r.Report = report
				for r.Next() {
				}
				if diff := cmp.Diff(test.want, r.Err()); diff != "" {
					t.Errorf("error (-want +got):\n%s", diff)
				}
			}
		})
	}
	for f := range deep {
		if f.Name != "deep-nesting" {
			continue
		}
		r := xmlcodec.NewReader(string(f.File("document.xml")))
		for r.Next() {
		}
		if e, ok := r.Err().(*xmlcodec.ParseError); !ok || e.Err != xmlcodec.ErrDepth {
			t.Errorf("%s: %v, want ErrDepth", f.Name, r.Err())
		}
	}
}

func TestIsName(t *testing.T) {
	for name, want := range map[string]bool{"A": true, "_": true, "a-b.c_9": true, "": false, "9a": false, "-a": false, ".a": false,
		"a:b": false, "a b": false, "é": false, "aé": false, "#unknown": false, "a\x00": false} {
		if got := xmlcodec.IsName(name); got != want {
			t.Errorf("IsName(%q) = %v", name, got)
		}
	}
}

func TestControlReferences(t *testing.T) {
	for _, test := range []struct {
		name, doc, want string
		err             *source.Cause
	}{
		{"all", "<A>&#x01;&#1;&#x8;&#11;&#x0B;&#x0e;&#x1F;</A>", "\x01\x01\b\v\v\x0e\x1f", nil},
		{"beside what XML 1.0 has", "<A>a&#1;\r\nb&amp;&#13;&#9;<![CDATA[c]]></A>", "a\x01\nb&\r\tc", nil},
		{"U+0000", "<A>&#0;</A>", "", xmlcodec.ErrCharacter},
		{"no number", "<A>&#;</A>", "", xmlcodec.ErrCharacter},
		{"no decimal number", "<A>&#1F;</A>", "", xmlcodec.ErrCharacter},
		{"half of a pair", "<A>&#xD800;</A>", "", xmlcodec.ErrCharacter},
		{"no character", "<A>&#xFFFF;</A>", "", xmlcodec.ErrCharacter},
		{"beyond all characters", "<A>&#x110000;</A>", "", xmlcodec.ErrCharacter},
		{"the character itself", "<A>\x01</A>", "", xmlcodec.ErrCharacter},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := xmlcodec.NewReader(test.doc)
			r.ControlReferences = true
			text := ""
			for r.Next() {
				text = r.Token.Text
			}
			if test.err == nil && (r.Err() != nil || text != test.want) || test.err != nil && !errors.Is(r.Err(), test.err) {
				t.Errorf("%q, %v; want %q, %v", text, r.Err(), test.want, test.err)
			}
		})
	}
}
