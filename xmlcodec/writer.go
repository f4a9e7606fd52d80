package xmlcodec

import (
	"strings"
	"unicode/utf8"
)

// Declaration is the XML declaration that OSS writes before a document.
const Declaration = `<?xml version="1.0" encoding="UTF-8"?>`

// indentation is a line feed and blanks for the deepest line.
const indentation = "\n                                                                                                "

// A Writer appends elements to Buf. Names are written as they are: they have to be names.
type Writer struct {
	Buf []byte

	// Indent is how many blanks, at most 3, each level is indented by, every element standing on a line of its own.
	// With 0 everything stands on one line.
	Indent int

	depth int
	begun bool
}

// Declare writes the XML declaration, which has to come first.
func (w *Writer) Declare() {
	w.Buf = append(w.Buf, Declaration...)
	w.begun = true
}

// Start opens an element that will contain elements.
func (w *Writer) Start(name string) {
	w.line()
	w.Buf = append(append(append(w.Buf, '<'), name...), '>')
	w.depth++
}

// End closes the element name, which Start opened.
func (w *Writer) End(name string) {
	w.depth--
	w.line()
	w.close(name)
}

// Leaf writes an element that contains text. It returns ErrCharacter or ErrEncoding, having written nothing, when
// XML cannot hold the text.
func (w *Writer) Leaf(name, text string) error {
	mark := len(w.Buf)
	w.line()
	w.Buf = append(append(append(w.Buf, '<'), name...), '>')
	buf, err := AppendText(w.Buf, text)
	if err != nil {
		w.Buf = w.Buf[:mark]
		return err
	}
	w.Buf = buf
	w.close(name)
	return nil
}

// Token writes what a [Reader] found.
func (w *Writer) Token(t *Token) {
	switch t.Kind {
	case Start:
		w.Start(t.Name)
	case End:
		w.End(t.Name)
	case Leaf:
		_ = w.Leaf(t.Name, t.Text) // a Reader hands out no text that XML cannot hold
	}
}

func (w *Writer) close(name string) {
	w.Buf = append(append(append(w.Buf, "</"...), name...), '>')
}

func (w *Writer) line() {
	if w.Indent > 0 && w.begun {
		w.Buf = append(w.Buf, indentation[:min(1+w.depth*w.Indent, len(indentation))]...)
	}
	w.begun = true
}

// AppendText appends text with & and <, and the > of ]]>, as entities and carriage returns as character references,
// so that a reader gets the same text back. It returns dst and ErrCharacter or ErrEncoding when XML cannot hold the text.
func AppendText(dst []byte, text string) ([]byte, error) {
	p := skip(text, 0, plain) // > needs a look behind ] only, which is not plain
	if p == len(text) {
		return append(dst, text...), nil
	}
	return appendEscaped(dst, text, p)
}

// CheckText returns ErrCharacter or ErrEncoding when XML cannot hold the text.
func CheckText(text string) error {
	if skip(text, 0, plain) == len(text) {
		return nil
	}
	_, err := AppendText(nil, text)
	return err
}

// appendEscaped is AppendText for a text in which the first byte that needs a second look is at p.
func appendEscaped(dst []byte, text string, p int) ([]byte, error) {
	mark, from := len(dst), 0
	for p < len(text) {
		c := text[p]
		escape := ""
		switch {
		case c == '>' && strings.HasSuffix(text[:p], "]]"):
			escape = "&gt;"
		case class[c]&plain != 0, c == ']':
			p++
			continue
		case c == '&':
			escape = "&amp;"
		case c == '<':
			escape = "&lt;"
		case c == '\r':
			escape = "&#13;"
		default:
			r, size := utf8.DecodeRuneInString(text[p:])
			if r == utf8.RuneError && size == 1 {
				return dst[:mark], ErrEncoding
			}
			if !isChar(r) {
				return dst[:mark], ErrCharacter
			}
			p += size
			continue
		}
		dst = append(append(dst, text[from:p]...), escape...)
		p++
		from = p
	}
	return append(dst, text[from:]...), nil
}

// Sanitize returns text with U+FFFD in place of whatever XML cannot hold.
func Sanitize(text string) string {
	buf := make([]byte, 0, len(text))
	for _, r := range text {
		if !isChar(r) {
			r = utf8.RuneError
		}
		buf = utf8.AppendRune(buf, r)
	}
	return string(buf)
}

// IsName reports whether s can name an element.
func IsName(s string) bool { return isName(s) }
