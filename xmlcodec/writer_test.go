package xmlcodec_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ossconf/ossconf/xmlcodec"
)

func TestWriter(t *testing.T) {
	write := func(t *testing.T, w *xmlcodec.Writer) {
		w.Start("A")
		w.Start("B")
		w.End("B")
		if err := w.Leaf("C", "1 < 2"); err != nil {
			t.Error(err)
		}
		w.Token(&xmlcodec.Token{Kind: xmlcodec.Leaf, Name: "D"})
		w.End("A")
	}
	for _, test := range []struct {
		name    string
		indent  int
		declare bool
		want    string
	}{
		{"one line", 0, false, "<A><B></B><C>1 &lt; 2</C><D></D></A>"},
		{"one line, declared", 0, true, xmlcodec.Declaration + "<A><B></B><C>1 &lt; 2</C><D></D></A>"},
		{"indented", 2, false, "<A>\n  <B>\n  </B>\n  <C>1 &lt; 2</C>\n  <D></D>\n</A>"},
		{"indented by 3, declared", 3, true, xmlcodec.Declaration + "\n<A>\n   <B>\n   </B>\n   <C>1 &lt; 2</C>\n   <D></D>\n</A>"},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := xmlcodec.Writer{Indent: test.indent}
			if test.declare {
				w.Declare()
			}
			write(t, &w)
			if diff := cmp.Diff(test.want, string(w.Buf)); diff != "" {
				t.Errorf("document (-want +got):\n%s", diff)
			}
			if _, err := outline(string(w.Buf)); err != nil {
				t.Errorf("the reader refuses it: %v", err)
			}
		})
	}
}

func TestWriterIndentsToAnyDepth(t *testing.T) {
	w := xmlcodec.Writer{Indent: 3}
	for range 40 {
		w.Start("A")
	}
	lines := strings.Split(string(w.Buf), "\n")
	if got := lines[32]; got != strings.Repeat(" ", 96)+"<A>" {
		t.Errorf("level 33: %q", got)
	}
}

func TestLeafRefuses(t *testing.T) {
	for text, want := range map[string]error{"a\x00": xmlcodec.ErrCharacter, "\uFFFE": xmlcodec.ErrCharacter, "a\xff": xmlcodec.ErrEncoding} {
		w := xmlcodec.Writer{Buf: []byte("<A>")}
		if err := w.Leaf("B", text); err != want || string(w.Buf) != "<A>" {
			t.Errorf("%q: %v and %q, want %v and nothing written", text, err, w.Buf, want)
		}
	}
}

func TestAppendText(t *testing.T) {
	for _, test := range []struct {
		text, want string
		err        error
	}{
		{"", "", nil},
		{"TLSv1.2", "TLSv1.2", nil},
		{"a<b>c&d", "a&lt;b>c&amp;d", nil},
		{"]]>", "]]&gt;", nil},
		{"]]]>>", "]]]&gt;>", nil},
		{"] ]>", "] ]>", nil},
		{`"'`, `"'`, nil},
		{"\t\n\r\r\n", "\t\n&#13;&#13;\n", nil},
		{"é日😀\x7f\u0085", "é日😀\x7f\u0085", nil},
		{"a<\x01", "", xmlcodec.ErrCharacter},
		{"\x1f", "", xmlcodec.ErrCharacter},
		{"a&\uFFFF", "", xmlcodec.ErrCharacter},
		{"a\xed\xa0\x80", "", xmlcodec.ErrEncoding},
	} {
		got, err := xmlcodec.AppendText([]byte("x"), test.text)
		if string(got) != "x"+test.want || err != test.err {
			t.Errorf("AppendText(%q) = %q, %v, want %q, %v", test.text, got, err, "x"+test.want, test.err)
		}
		if err := xmlcodec.CheckText(test.text); err != test.err {
			t.Errorf("CheckText(%q) = %v, want %v", test.text, err, test.err)
		}
	}
}

func TestSanitize(t *testing.T) {
	for text, want := range map[string]string{"": "", "é\t\r\n": "é\t\r\n", "a\x00b": "a\uFFFDb", "\xff\xfe": "\uFFFD\uFFFD", "\uFFFF\uFFFD": "\uFFFD\uFFFD"} {
		if got := xmlcodec.Sanitize(text); got != want {
			t.Errorf("Sanitize(%q) = %q, want %q", text, got, want)
		}
	}
}
