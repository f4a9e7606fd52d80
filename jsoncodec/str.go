package jsoncodec

import (
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// str parses the string at pos: RFC 8259, section 7.
func (p *parser) str() (string, bool) {
	open := p.pos
	p.pos++
	from := p.pos
	var buf []byte
	for {
		p.pos += plain(p.text[p.pos:])
		if p.pos == len(p.text) {
			return "", p.fail(open, ErrUnclosed, "a string without an end", `write "`)
		}
		switch c := p.text[p.pos]; {
		case c == '"':
			s := p.text[from:p.pos]
			if from > open+1 {
				s = string(append(buf, s...))
			}
			p.pos++
			return s, true
		case c == '\\':
			buf = append(buf, p.text[from:p.pos]...)
			var ok bool
			if buf, ok = p.escape(buf); !ok {
				return "", false
			}
			from = p.pos
		case c < 0x20:
			return "", p.fail(p.pos, ErrCharacter, "a control character in a string", "write it as an escape such as \\n")
		default:
			r, size := utf8.DecodeRuneInString(p.text[p.pos:])
			if r == utf8.RuneError && size == 1 {
				return "", p.fail(p.pos, ErrEncoding, "bytes that are not UTF-8", "save the text in UTF-8")
			}
			p.pos += size
		}
	}
}

// plain returns how many bytes at the beginning of s stand for themselves in a JSON string whoever reads it: ASCII but
// for control characters, quotes and backslashes.
func plain(s string) int {
	for i := range len(s) {
		if c := s[i]; c-0x20 >= utf8.RuneSelf-0x20 || c == '"' || c == '\\' {
			return i
		}
	}
	return len(s)
}

// escape appends the character of the escape at pos.
func (p *parser) escape(buf []byte) ([]byte, bool) {
	at := p.pos
	if at+1 == len(p.text) {
		return buf, p.fail(at, ErrUnclosed, "a string without an end", `write "`)
	}
	if i := strings.IndexByte(`"\/bfnrt`, p.text[at+1]); i >= 0 {
		p.pos += 2
		return append(buf, "\"\\/\b\f\n\r\t"[i]), true
	}
	r, ok := p.unit(at)
	if !ok {
		return buf, p.fail(at, ErrSyntax, "an escape that JSON does not know", `write \\ for a backslash`)
	}
	p.pos += 6
	if utf16.IsSurrogate(r) {
		low, ok := p.unit(p.pos)
		pair := utf16.DecodeRune(r, low)
		if !ok || pair == utf8.RuneError {
			return buf, p.fail(at, ErrCharacter, "half a surrogate pair", "write both halves, or the character itself")
		}
		r = pair
		p.pos += 6
	}
	return utf8.AppendRune(buf, r), true
}

// unit returns the UTF-16 code unit of an escape such as \u00e9 at the offset at.
func (p *parser) unit(at int) (rune, bool) {
	if at+6 > len(p.text) || p.text[at] != '\\' || p.text[at+1] != 'u' {
		return 0, false
	}
	var r rune
	for _, c := range []byte(p.text[at+2 : at+6]) {
		i := strings.IndexByte("0123456789abcdef", c|0x20)
		if i < 0 || c < '0' {
			return 0, false
		}
		r = r<<4 | rune(i)
	}
	return r, true
}
