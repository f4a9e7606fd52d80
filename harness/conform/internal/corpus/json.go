package corpus

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf16"
)

// A jsonStyle is how one text writes what may be written in several ways.
type jsonStyle struct {
	r       *random
	newline string // between members, empty for none
	indent  string
	escapes int // percent of characters written as escapes
}

func newJSONStyle(r *random) jsonStyle {
	s := jsonStyle{r: r}
	if r.percent(45) {
		s.newline, s.indent = pick(r, "\n", "\n", "\r\n", " "), pick(r, "", "  ", "\t")
	}
	if r.percent(15) {
		s.escapes = 25
	}
	return s
}

// A member is one member of an object, its value in JSON already.
type member struct{ name, value string }

func (s jsonStyle) object(depth int, members []member) string {
	return s.enclose('{', '}', depth, len(members), func(i int) string {
		return s.quote(members[i].name) + ":" + pick(s.r, "", "", "", " ") + members[i].value
	})
}

func (s jsonStyle) array(depth int, items []string) string {
	return s.enclose('[', ']', depth, len(items), func(i int) string { return items[i] })
}

func (s jsonStyle) enclose(open, end byte, depth, n int, item func(int) string) string {
	var b strings.Builder
	b.WriteByte(open)
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		if s.newline != "" {
			b.WriteString(s.newline + strings.Repeat(s.indent, depth+1))
		}
		b.WriteString(item(i))
	}
	if s.newline != "" && n > 0 {
		b.WriteString(s.newline + strings.Repeat(s.indent, depth))
	}
	b.WriteByte(end)
	return b.String()
}

func (s jsonStyle) quote(text string) string {
	var b bytes.Buffer
	b.WriteByte('"')
	for _, c := range text {
		switch {
		case s.r.percent(s.escapes):
			for _, unit := range utf16.AppendRune(nil, c) {
				fmt.Fprintf(&b, pick(s.r, `\u%04x`, `\u%04X`), unit)
			}
		case c == '"' || c == '\\':
			b.WriteByte('\\')
			b.WriteRune(c)
		case c == '\n':
			b.WriteString(`\n`)
		case c == '\t':
			b.WriteString(`\t`)
		case c < ' ':
			fmt.Fprintf(&b, `\u%04x`, c)
		default:
			b.WriteRune(c)
		}
	}
	b.WriteByte('"')
	return b.String()
}

func (c configuration) json(r *random) []byte {
	s := newJSONStyle(r)
	text := s.object(0, s.members(c.children, 0))
	if r.percent(20) {
		text = pick(r, " ", "\n", "\r\n\t") + text + pick(r, "", "\n")
	}
	if r.percent(3) {
		text = "\ufeff" + text
	}
	return []byte(text)
}

// members gathers elements of one name into one member, as ossutil's form does.
func (s jsonStyle) members(list []element, depth int) []member {
	var out []member
	done := map[string]bool{}
	for _, e := range list {
		if done[e.name] {
			continue
		}
		done[e.name] = true
		var all []string
		for _, other := range list {
			if other.name == e.name {
				all = append(all, s.value(other, depth+1))
			}
		}
		value := all[0]
		if len(all) > 1 || e.known && e.children == nil && !e.bool && s.r.percent(85) {
			value = s.array(depth+1, all)
		}
		out = append(out, member{e.name, value})
	}
	if s.r.percent(4) {
		out = append(out, member{"#unknown", s.unknown(depth + 1)})
	}
	return out
}

func (s jsonStyle) value(e element, depth int) string {
	switch {
	case e.children != nil || e.name == "TLS" || e.name == "CipherSuite":
		return s.object(depth, s.members(e.children, depth))
	case (e.bool || !e.known) && (e.text == "true" || e.text == "false") && s.r.percent(70):
		return e.text
	case !e.known && s.r.percent(30):
		return pick(s.r, "null", "0", "-1", "1.5e3", "[]", "{}", `["a",["b"]]`, "12345678901234567890")
	}
	return s.quote(e.text)
}

// unknown is a list of elements as decode writes those that the schema does not know, not always a right one.
func (s jsonStyle) unknown(depth int) string {
	var items []string
	for range s.r.n(4) {
		xml := pick(s.r, "<Later/>", "<Later>true</Later>", "<Later><a/>b</Later>", "<Later></Later>", "<Enable>true</Enable>", "<a", "text", "<a/><b/>", "<a x=\"1\"/>")
		items = append(items, s.object(depth, []member{
			{pick(s.r, "after", "after", "After"), pick(s.r, "0", "1", "2", "7", "-1", `"1"`, "1.5")},
			{pick(s.r, "xml", "xml", "XML"), s.quote(xml)},
		}))
	}
	return s.array(depth, items)
}

// hostileJSON breaks one rule of the form on purpose.
func hostileJSON(r *random, c configuration) []byte {
	doc := string(c.json(r))
	swap := func(old, new string) []byte { return []byte(strings.Replace(doc, old, new, 1)) }
	switch r.n(14) {
	case 0:
		return swap("{", "{"+pick(r, `"TLS":{},"TLS":{},`, `"a":1,"\u0061":2,`, `,`, `"a",`, `a:1,`, `'a':1,`, `"a":,`, `1:1,`, "/* c */", "// c\n"))
	case 1:
		return swap("}", pick(r, ",}", "", "}}", "]", `,"a"}`, `,"a":}`, `;}`))
	case 2:
		return swap("true", pick(r, `"TRUE"`, "True", "1", "null", `"yes"`, "[true]", "{}", "tru", "truee", `""`, "NaN", "[]", `" true "`))
	case 3:
		return swap("[", pick(r, "[1,", "[null,", "[true,", "[{},", "[[],", "[,", `["a" `, "[-,", "[01,", "[1.,", "[.5,", "[1e,", "[+1,", "[-0,"))
	case 4:
		return swap(`TLSv1.2"`, pick(r, `\ud800"`, `\udc00"`, `\ud800x"`, `\ud800\ud800"`, `\u12"`, `\x41"`, `\"`, "\n\"", "\t\"", "\x00\"", "\xff\"", "\xed\xa0\x80\"", "\x7f\"", `\u0000"`, "\u2028\""))
	case 5:
		return swap(`"TLS"`, pick(r, `"HttpsConfiguration"`, `"tls"`, `""`, `"#unknown"`, `"T\u004cS"`, `"TLS "`, `"<a>"`, `"a b"`, `"1a"`, `"a:b"`, `"\ud800"`))
	case 6:
		return []byte(`{"HttpsConfiguration":` + doc + "}")
	case 7:
		return []byte(doc + pick(r, doc, "x", "null", ",", "]", "}", "\x00", "// c", "\u00a0"))
	case 8:
		return []byte(doc[:r.n(len(doc)+1)])
	case 9:
		return []byte(pick(r, "[", "[[", "\u00a0", "x", "\x00", "\ufeff\ufeff") + doc)
	case 10:
		return swap(":", pick(r, ":null,\"z\":", "::", "=", " ", ":[", ":[],\"z\":", ":\"text\",\"z\":"))
	case 11:
		return []byte(pick(r, "[]", "null", "true", `"text"`, "0", "{", "}", `{"`, `{"a`, `{"a"`, `{"a":`, `{"a":1`, `{"a":1,`, "-", "[1", "nul", `{"TLS":null}`, `{"TLS":[]}`, `{"TLS":"a"}`))
	case 12:
		return utf16Text(doc, r.percent(50))
	}
	return []byte(strings.ReplaceAll(doc, `"`, pick(r, "'", "", "\u201c", `""`)))
}
