package jsoncodec

import (
	"strconv"
	"unicode/utf8"
)

// A Writer appends values to Buf and sets the commas between them. It writes no white space.
//
// Its methods are not inlined: whoever writes JSON calls many of them, and as WebAssembly that would take twice the room.
type Writer struct {
	Buf   []byte
	comma bool
}

// Begin opens an object with '{' or an array with '['.
//
//go:noinline
func (w *Writer) Begin(open byte) {
	w.separate()
	w.Buf = append(w.Buf, open)
	w.comma = false
}

// End closes an object with '}' or an array with ']'.
//
//go:noinline
func (w *Writer) End(shut byte) {
	w.Buf = append(w.Buf, shut)
	w.comma = true
}

// Name writes the name of a member, the value of which has to be written next.
//
//go:noinline
func (w *Writer) Name(name string) {
	w.separate()
	w.Buf = append(AppendString(w.Buf, name), ':')
	w.comma = false
}

// String writes a string.
//
//go:noinline
func (w *Writer) String(s string) {
	w.separate()
	w.Buf = AppendString(w.Buf, s)
}

// Int writes a number.
//
//go:noinline
func (w *Writer) Int(n int) {
	w.separate()
	w.Buf = strconv.AppendInt(w.Buf, int64(n), 10)
}

// Bool writes true or false.
//
//go:noinline
func (w *Writer) Bool(b bool) {
	w.separate()
	w.Buf = strconv.AppendBool(w.Buf, b)
}

// Raw writes a value that is JSON already.
//
//go:noinline
func (w *Writer) Raw(json []byte) {
	w.separate()
	w.Buf = append(w.Buf, json...)
}

// StringMember writes a member whose value is a string.
//
//go:noinline
func (w *Writer) StringMember(name, s string) {
	w.Name(name)
	w.String(s)
}

// IntMember writes a member whose value is a number.
//
//go:noinline
func (w *Writer) IntMember(name string, n int) {
	w.Name(name)
	w.Int(n)
}

// BoolMember writes a member whose value is true or false.
//
//go:noinline
func (w *Writer) BoolMember(name string, b bool) {
	w.Name(name)
	w.Bool(b)
}

// BeginMember writes the name of a member and opens its value.
//
//go:noinline
func (w *Writer) BeginMember(name string, open byte) {
	w.Name(name)
	w.Begin(open)
}

// Strings writes a member whose value is an array of strings.
//
//go:noinline
func (w *Writer) Strings(name string, list []string) {
	w.Name(name)
	w.Begin('[')
	for _, s := range list {
		w.String(s)
	}
	w.End(']')
}

//go:noinline
func (w *Writer) separate() {
	if w.comma {
		w.Buf = append(w.Buf, ',')
	}
	w.comma = true
}

// AppendString appends s as a JSON string. Only quotes, backslashes and control characters are escaped; bytes that
// are not UTF-8 become U+FFFD.
func AppendString(dst []byte, s string) []byte {
	const hex = "0123456789abcdef"
	dst = append(dst, '"')
	for {
		n := plain(s)
		dst = append(dst, s[:n]...)
		if n == len(s) {
			return append(dst, '"')
		}
		c := s[n]
		s = s[n:]
		size := 1
		switch {
		case c >= utf8.RuneSelf:
			var r rune
			if r, size = utf8.DecodeRuneInString(s); r == utf8.RuneError && size == 1 {
				dst = append(dst, "\uFFFD"...)
			} else {
				dst = append(dst, s[:size]...)
			}
		case c == '"', c == '\\':
			dst = append(dst, '\\', c)
		case c == '\n':
			dst = append(dst, '\\', 'n')
		case c == '\r':
			dst = append(dst, '\\', 'r')
		case c == '\t':
			dst = append(dst, '\\', 't')
		default:
			dst = append(dst, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
		}
		s = s[size:]
	}
}
