package conform

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A readPage is what a program makes of the page.
type readPage struct {
	text     string            // all of it, as it is read
	elements map[string]int    // how many
	ids      map[string]bool   //
	links    map[string]string // by attribute
	marked   []string          // the content of mark
}

// readHTML reads the page as XML: it is well-formed.
func readHTML(t *testing.T, r *Result) readPage {
	t.Helper()
	var b bytes.Buffer
	if err := r.WriteHTML(&b); err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(b.String(), "<!DOCTYPE html>\n") {
		t.Errorf("begins with %.30q", b.String())
	}
	p := readPage{elements: map[string]int{}, ids: map[string]bool{}, links: map[string]string{}}
	var open []string
	d := xml.NewDecoder(&b)
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return p
		}
		if err != nil {
			t.Fatal(err)
		}
		switch token := token.(type) {
		case xml.StartElement:
			open = append(open, token.Name.Local)
			p.elements[token.Name.Local]++
			p.attributes(t, token)
		case xml.EndElement:
			open = open[:len(open)-1]
		case xml.CharData:
			text := string(token)
			switch last := len(open) - 1; {
			case last < 0 || open[last] == "style":
			case open[last] == "mark":
				p.marked = append(p.marked, text)
				fallthrough
			default:
				p.text += text
			}
		}
	}
}

func (p *readPage) attributes(t *testing.T, e xml.StartElement) {
	for _, a := range e.Attr {
		switch name := a.Name.Local; name {
		case "id":
			if p.ids[a.Value] {
				t.Errorf("two elements have the id %s", a.Value)
			}
			p.ids[a.Value] = true
		case "href", "src", "srcset", "action", "poster", "background":
			p.links[e.Name.Local+" "+name+" "+a.Value] = a.Value
		default:
			if strings.HasPrefix(name, "on") {
				t.Errorf("<%s> has a handler %s", e.Name.Local, name)
			}
		}
	}
}

func TestWriteHTML(t *testing.T) {
	r := sampleResult()
	p := readHTML(t, r)
	for _, want := range []string{
		"3 of 10 runtimes failed", "215,407", "wazero-interpreter", "1.2.3", "self-contained", "01234567", "30,300", "7 of 30,300", "12 ms", "46 µs",
		"sample: 1 in 10 generated", "missing, required", "apt-get install -y firefox-esr", "webkitgtk",
		"gen/decode/00001", differsFromReference, "got 1", "status 1 in place of 0", "and 11 more that are not shown", "gen/decode/00002", "listed because: numbers",
		"failed as expected: 1", "reported upstream", "stopped after 7 cases of 30300", "out of memory", "post_policy", "2026-11-24 12:34 UTC",
	} {
		if !strings.Contains(p.text, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	for _, name := range []string{"script", "img", "iframe", "object", "embed", "form", "video", "audio"} {
		if p.elements[name] > 0 {
			t.Errorf("the page has <%s>", name)
		}
	}
	for _, link := range p.links {
		if target, ok := strings.CutPrefix(link, "#"); ok && !p.ids[target] || !ok && link != "data:," {
			t.Errorf("the page links to %s", link)
		}
	}
}

func TestWriteHTMLOfSuccess(t *testing.T) {
	r := sampleResult()
	r.Runtimes, r.Missing = r.Runtimes[:3], r.Missing[1:]
	p := readHTML(t, r)
	if !strings.Contains(p.text, "3 runtimes give the same answers, byte for byte") || strings.Contains(p.text, "Findings") || strings.Contains(p.text, "FAILED") {
		t.Errorf("the page says\n%s", p.text)
	}
	r.Missing[0].Required = true
	if p := readHTML(t, r); !strings.Contains(p.text, "1 required runtime missing") {
		t.Errorf("the page says\n%s", p.text)
	}
}

// TestWriteHTMLEscapes has drivers and answers try to be a part of the page.
func TestWriteHTMLEscapes(t *testing.T) {
	const evil = `</pre></details><script>alert(1)</script><img src="x" onerror="alert(1)"/>`
	r := sampleResult()
	d := &r.Runtimes[3]
	d.Name, d.About.Version, d.About.Module, d.Form = "n"+evil, "v"+evil, "h"+evil, "f"+evil
	d.First[0] = Difference{Case: "c" + evil, Op: "o" + evil, In: []byte("i" + evil), Why: "w" + evil, Want: Answer{0, []byte("{}")}, Got: Answer{0, []byte("g" + evil)}}
	d.Stale[0].Reason, d.Expected[0].Reason = "s"+evil, "e"+evil
	r.Runtimes[4].Fault.Stderr = "d" + evil + "\x1b[31m\x00"
	r.Missing[0].Name, r.Missing[0].Install = "m"+evil, "t"+evil
	p := readHTML(t, r)
	if p.elements["script"]+p.elements["img"] > 0 {
		t.Error("something has become markup")
	}
	for _, prefix := range strings.Split("nvfcowisedmt", "") {
		if !strings.Contains(p.text, prefix+evil) {
			t.Errorf("the page does not show %q", prefix+evil)
		}
	}
	if marked := strings.Join(p.marked, ""); !strings.Contains(marked, "g"+evil) {
		t.Errorf("marked is %q", marked)
	}
}

func TestDifferencePage(t *testing.T) {
	long := strings.Repeat("é", 4000)
	tests := map[string]struct {
		want, got []byte
		text      [2]string // with brackets around what is marked, and what is escaped in braces
		hex       [2]string // the first rows of the bytes
		note      string
		binary    bool
	}{
		"text": {[]byte(`{"a":1}`), []byte(`{"a":2}`), [2]string{`{"a":[1]}`, `{"a":[2]}`},
			[2]string{`000000 7b 22 61 22 3a [31] 7d {"a":[1]}`, `000000 7b 22 61 22 3a [32] 7d {"a":[2]}`}, "wanted 7 bytes, got 7", false},
		"controls": {[]byte("a\n\u202eb"), []byte("a\x00b"), [2]string{"a[{\\n\n\\u202e}]b", `a[{\x00}]b`},
			[2]string{"000000 61 [0a] [e2] [80] [ae] 62 a[.][.][.][.]b", "000000 61 [00] 62 a[.]b"}, "wanted 6 bytes, got 3", false},
		"bytes": {[]byte{'a', 0xff, 'b'}, []byte{'a', 0xfe, 'b'}, [2]string{`a[{\xff}]b`, `a[{\xfe}]b`},
			[2]string{"000000 61 [ff] 62 a[.]b", "000000 61 [fe] 62 a[.]b"}, "wanted 3 bytes, got 3", true},
		"nothing": {[]byte("ab"), nil, [2]string{"[ab]", ""}, [2]string{"000000 [61] [62] [a][b]", ""}, "wanted 2 bytes, got 0", false},
		"long": {[]byte(long + "1" + long), []byte(long + "2" + long), [2]string{"é[1]é", "é[2]é"},
			[2]string{"001f38 c3 a9 c3 a9 c3 a9 c3 a9 ........", "001f38 c3 a9 c3 a9 c3 a9 c3 a9 ........"}, "wanted 16001 bytes, got 16001; shown from byte 7880 on", false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			v := Difference{In: test.want, Want: Answer{0, test.want}, Got: Answer{0, test.got}}.page()
			for i, side := range [][]piece{v.Want, v.Got} {
				if got := bracketed(side); name == "long" && !strings.Contains(got, test.text[i]) || name != "long" && got != test.text[i] {
					t.Errorf("text %q, want %q", got, test.text[i])
				}
			}
			for i, rows := range [][]hexRow{v.WantHex, v.GotHex} {
				got := ""
				if len(rows) > 0 {
					got = rows[0].String()
				}
				if diff := cmp.Diff(test.hex[i], got); diff != "" {
					t.Errorf("bytes (-want +got):\n%s", diff)
				}
			}
			if v.Note != test.note || v.Binary != test.binary {
				t.Errorf("note %q, binary %v, want %q, %v", v.Note, v.Binary, test.note, test.binary)
			}
			if len(v.WantHex) > hexShown/hexColumns {
				t.Errorf("%d rows", len(v.WantHex))
			}
		})
	}
}

func bracketed(pieces []piece) string {
	var b strings.Builder
	for _, p := range pieces {
		text := p.Text
		if p.Escape {
			text = "{" + text + "}"
		}
		if p.Changed {
			text = "[" + text + "]"
		}
		b.WriteString(text)
	}
	return b.String()
}

func (r hexRow) String() string {
	left, right := r.Offset, " "
	for _, c := range r.Cells {
		format := "%s"
		if c.Changed {
			format = "[%s]"
		}
		left += fmt.Sprintf(" "+format, c.Hex)
		right += fmt.Sprintf(format, c.Text)
	}
	return left + right
}

// TestDifferencePageIsSmall has answers of a megabyte without a common byte.
func TestDifferencePageIsSmall(t *testing.T) {
	r := sampleResult()
	d := Difference{Case: "big", In: bytes.Repeat([]byte("i"), 1<<20), Want: Answer{0, bytes.Repeat([]byte{0x80}, 1<<20)}, Got: Answer{0, bytes.Repeat([]byte{'"'}, 1<<20)}}
	r.Runtimes[3].First = []Difference{d}
	var with, without bytes.Buffer
	if err := r.WriteHTML(&with); err != nil {
		t.Fatal(err)
	}
	r.Runtimes[3].First = nil
	if err := r.WriteHTML(&without); err != nil {
		t.Fatal(err)
	}
	if n := with.Len() - without.Len(); n < 1000 || n > 40<<10 {
		t.Errorf("%d bytes for one difference", n)
	}
}
