package corpus

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"
)

// An xmlStyle is how one document writes what may be written in several ways.
type xmlStyle struct {
	r        *random
	newline  string // between elements, empty for none
	indent   string
	fancy    int // percent of values with references or CDATA
	comments int // percent of gaps with a comment
	empty    string
}

func newXMLStyle(r *random) xmlStyle {
	s := xmlStyle{r: r, empty: pick(r, "/>", " />", "></")}
	if r.percent(60) {
		s.newline, s.indent = pick(r, "\n", "\n", "\n", "\r\n", "\r", "\n\n"), pick(r, "", "  ", "\t", "    ")
	}
	if r.percent(30) {
		s.fancy = 40
	}
	if r.percent(15) {
		s.comments = 30
	}
	return s
}

func (c configuration) xml(r *random) []byte {
	s := newXMLStyle(r)
	var b bytes.Buffer
	if r.percent(6) {
		b.WriteString("\ufeff")
	}
	if r.percent(35) {
		b.WriteString(pick(r, `<?xml version="1.0"?>`, `<?xml version="1.0" encoding="UTF-8"?>`, `<?xml version='1.0' encoding='utf-8'?>`,
			`<?xml version="1.0" encoding="UTF-8" standalone="yes"?>`, "<?xml  version = \"1.0\"\tencoding = 'UTF-8' ?>"))
		b.WriteString(s.newline)
	}
	s.gap(&b, 0)
	s.element(&b, c.element, 0)
	if r.percent(50) {
		s.gap(&b, 0)
	}
	return b.Bytes()
}

// gap writes what may stand between elements.
func (s xmlStyle) gap(b *bytes.Buffer, depth int) {
	if s.newline != "" {
		b.WriteString(s.newline)
		b.WriteString(strings.Repeat(s.indent, depth))
	}
	if s.r.percent(s.comments) {
		b.WriteString(pick(s.r, "<!-- a comment -->", "<!---->", "<!-- <TLS> & ]]> é -->", "<!--\n-->"))
	}
}

func (s xmlStyle) element(b *bytes.Buffer, e element, depth int) {
	if len(e.children) == 0 && e.text == "" {
		end := s.empty
		if end == "></" {
			end = "></" + e.name + ">"
		}
		b.WriteString("<" + e.name + end)
		return
	}
	b.WriteString("<" + e.name + ">")
	if len(e.children) == 0 {
		s.value(b, e)
	}
	for _, child := range e.children {
		s.gap(b, depth+1)
		s.element(b, child, depth+1)
	}
	if len(e.children) > 0 {
		s.gap(b, depth)
	}
	b.WriteString("</" + e.name + pick(s.r, "", "", "", "", "", "", "", " ") + ">")
}

func (s xmlStyle) value(b *bytes.Buffer, e element) {
	text := e.text
	if s.r.percent(5) {
		text = pick(s.r, " ", "\n", "\t", "\r\n  ") + text + pick(s.r, " ", "\n", "")
	}
	if !s.r.percent(s.fancy) {
		b.WriteString(escapeXML(text))
		return
	}
	for len(text) > 0 {
		n := min(len(text), s.r.between(1, 8))
		for n < len(text) && !utf8.RuneStart(text[n]) {
			n++
		}
		piece := text[:n]
		text = text[n:]
		switch s.r.n(3) {
		case 0:
			b.WriteString(escapeXML(piece))
		case 1:
			b.WriteString("<![CDATA[" + strings.ReplaceAll(piece, "]]>", "]]]]><![CDATA[>") + "]]>")
		case 2:
			for _, c := range piece {
				fmt.Fprintf(b, pick(s.r, "&#%d;", "&#x%x;", "&#x%X;", "&#x0%x;"), c)
			}
		}
	}
}

var escapeXML = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace

// hostileXML breaks one rule of the form on purpose.
func hostileXML(r *random, c configuration) []byte {
	doc := string(c.xml(r))
	put := func(before, what string) []byte {
		if at := strings.Index(doc, before); at >= 0 {
			return []byte(doc[:at] + what + doc[at:])
		}
		return []byte(what + doc)
	}
	swap := func(old, new string) []byte { return []byte(strings.Replace(doc, old, new, 1)) }
	switch r.n(22) {
	case 0:
		return put("</TLS>", pick(r, "<Enable>true</Enable>", "<Enable/>", "<Enable>false</Enable><Enable>true</Enable>"))
	case 1:
		return put("</HttpsConfiguration>", pick(r, "<TLS/>", "<TLS><Enable>true</Enable></TLS>", "<CipherSuite/><CipherSuite/>"))
	case 2:
		return swap(">true<", ">"+pick(r, "1", "TRUE", "True", "yes", "on", "", "truefalse", "enabled", "0", "&#116;rue!")+"<")
	case 3:
		return swap("<TLS>", "<TLS"+pick(r, ` a="1"`, ` a="1" a="2"`, ` a='<'`, ` a=1`, ` a`, ` xmlns="urn:x"`, ` xmlns:a="urn:x"`, ` a="&lt;"`)+">")
	case 4:
		return []byte(strings.ReplaceAll(doc, pick(r, "TLS>", "Enable>", "HttpsConfiguration>"), pick(r, "a:b>", "tls>", "x>")))
	case 5:
		return put("<HttpsConfiguration", pick(r, "<!DOCTYPE HttpsConfiguration>", `<!DOCTYPE a [<!ENTITY x "y">]>`, "<!ELEMENT a ANY>", "<!doctype html>"))
	case 6:
		return []byte(pick(r, `<?xml version="1.0" encoding="ISO-8859-1"?>`, `<?xml version="1.1"?>`, `<?xml encoding="UTF-8"?>`, `<?xml?>`,
			`<?xml version="1.0" encoding="UTF-16"?>`, `<?xml version="1.0" standalone="maybe"?>`, ` <?xml version="1.0"?>`, `<?XML version="1.0"?>`) + doc)
	case 7:
		return put(pick(r, "</TLS>", "</HttpsConfiguration>", "<TLS>"), pick(r, "text", "&amp;", "<![CDATA[x]]>", "]]>", "<![CDATA[ ]]>", "&#32;"))
	case 8:
		return put(pick(r, "</Enable>", "</TLSVersion>"), pick(r, "<x/>", "<x>y</x>", "<!-- c -->", "<?p i?>", "</x>"))
	case 9:
		return swap("</TLS13CustomCipherSuite>", "</CustomCipherSuite>")
	case 10:
		return swap(pick(r, "</TLS>", "</Enable>", "</HttpsConfiguration>"), pick(r, "", "</Tls>", "</TLS", "<TLS>", "</ TLS>", "</TLS/>"))
	case 11:
		return []byte(doc + pick(r, doc, "<HttpsConfiguration/>", "junk", "&#10;", "<!-- c", "</HttpsConfiguration>", "\x00"))
	case 12:
		return put(pick(r, "</TLSVersion>", "</Enable>", "</TLS>"), pick(r, "\x00", "\x01", "\x0b", "\x7f", "\xff", "\xc0\xaf", "\xed\xa0\x80", "\ufffe", "\uffff", "\xf4\x90\x80\x80"))
	case 13:
		return put(pick(r, "</TLSVersion>", "</Enable>"), pick(r, "&", "&;", "&nbsp;", "&#0;", "&#xD800;", "&#x110000;", "&#99999999999999999999;",
			"&#x;", "&#;", "&#x1", "&lt", "&LT;", "&#xFFFE;", "&#8;", "& amp;"))
	case 14:
		return put("</TLS>", pick(r, "<!--", "<!-- -- -->", "<!-- --->", "<![CDATA[", "<!-->", "<?", "<?p", "<?xml version=\"1.0\"?>", "<![cdata[x]]>", "<!x>"))
	case 15:
		return utf16Text(doc, r.percent(50))
	case 16:
		return put("</TLS>", pick(r, "<1/>", "<-a/>", "<a b/>", "< a/>", "<>", "</>", "<a", "<a/ >", "<a//>", "<é:a/>", "<a:/>", "<:a/>"))
	case 17:
		return []byte(doc[:r.n(len(doc)+1)])
	case 18:
		return swap("HttpsConfiguration", pick(r, "httpsConfiguration", "HttpsConfigurations", "CORSConfiguration", "HTTPSConfiguration"))
	case 19:
		return []byte(strings.Repeat("\ufeff", r.between(2, 3)) + doc)
	case 20:
		return []byte(pick(r, " ", "\n", "\u00a0", "x", "\x00", "\u2028") + doc)
	}
	return []byte(strings.ToUpper(doc))
}

func utf16Text(doc string, bigEndian bool) []byte {
	var out []byte
	for _, c := range "\ufeff" + doc {
		hi, lo := byte(c>>8), byte(c)
		if bigEndian {
			out = append(out, hi, lo)
		} else {
			out = append(out, lo, hi)
		}
	}
	return out
}
