package postform

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/ossconf/ossconf/internal/ascii"
)

// A parts splits a multipart body. Package mime/multipart is not used because it hides what OSS looks at: which line
// of a header comes first, and how a file name is written.
type parts struct {
	r         *bufio.Reader
	delimiter []byte // \r\n--BOUNDARY
	header    int    // limit in bytes
	begun     bool
}

// A part is the header of one part.
type part struct {
	name, fileName string
	contentType    string
	extended       bool // the file name is given as filename*
}

var (
	crlf     = []byte("\r\n")
	blank    = []byte("\r\n\r\n")
	errLimit = errors.New("limit")
)

func newParts(r io.Reader, boundary string, header int) *parts {
	// With a line end before it, the first delimiter is one like the others.
	r = io.MultiReader(bytes.NewReader(crlf), r)
	return &parts{r: bufio.NewReaderSize(r, 32<<10), delimiter: []byte("\r\n--" + boundary), header: header}
}

// next returns the header of the next part, or false behind the last. The part before it has to be read.
func (p *parts) next() (h part, more bool, fault *Error) {
	if !p.begun {
		p.begun = true
		// What stands before the first part is no part of the form.
		if _, fault := p.read(p.delimiter, p.header, malformedBody); fault != nil {
			return part{}, false, fault
		}
		p.r.Discard(len(p.delimiter))
	}
	end, err := p.r.Peek(2)
	if err != nil {
		return part{}, false, broken(err)
	}
	if string(end) == "--" {
		return part{}, false, nil
	}
	block, fault := p.read(blank, p.header, func() *Error { return headerTooLong(p.header) })
	if fault != nil {
		return part{}, false, fault
	}
	p.r.Discard(len(crlf)) // the other line end may be that of the delimiter, if the part is empty
	h, fault = parseHeader(string(block))
	return h, fault == nil, fault
}

// content returns the content of the part whose header was read last. If it is longer than limit, tooLong makes the
// error.
func (p *parts) content(limit int, tooLong func() *Error) ([]byte, *Error) {
	head, err := p.r.Peek(len(p.delimiter))
	if err != nil {
		return nil, broken(err)
	}
	if !bytes.Equal(head, p.delimiter) {
		p.r.Discard(len(crlf))
	}
	data, fault := p.read(p.delimiter, limit, tooLong)
	if fault == nil {
		p.r.Discard(len(p.delimiter))
	}
	return data, fault
}

// read returns the bytes before mark, at most limit, and leaves mark unread.
func (p *parts) read(mark []byte, limit int, tooLong func() *Error) ([]byte, *Error) {
	data, err := p.until(mark, limit)
	switch {
	case err == errLimit:
		return nil, tooLong()
	case err != nil:
		return nil, broken(err)
	}
	return data, nil
}

func (p *parts) until(mark []byte, limit int) ([]byte, error) {
	var data []byte
	for {
		if _, err := p.r.Peek(len(mark)); err != nil {
			return nil, err
		}
		window, _ := p.r.Peek(p.r.Buffered())
		n := bytes.Index(window, mark)
		found := n >= 0
		if !found {
			n = len(window) - len(mark) + 1 // mark may begin in the bytes behind
		}
		if n > limit-len(data) {
			return nil, errLimit
		}
		data = append(data, window[:n]...)
		p.r.Discard(n)
		if found {
			return data, nil
		}
	}
}

// broken returns the error for a body that ends, or cannot be read, before the form is complete.
func broken(err error) *Error {
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	e := brokenOff()
	e.Err = fmt.Errorf("%w: %w", ErrBrokenOff, err)
	return e
}

// parseHeader reads what stands between a delimiter and the blank line: what is left of the delimiter's line, then the
// lines of the header. The first of them has to be Content-Disposition (documented with EC 0006-00000109; a client that
// sent Content-Type before it was refused).
func parseHeader(block string) (part, *Error) {
	lines := strings.Split(block, "\r\n")
	if strings.Trim(lines[0], " \t") != "" {
		return part{}, malformedBody()
	}
	var h part
	for i, line := range lines[1:] {
		name, value, ok := strings.Cut(line, ":")
		if !ok || !token(name) || strings.ContainsFunc(value, control) {
			return part{}, malformedField("write each line of a header as NAME: VALUE")
		}
		switch value = strings.Trim(value, " \t"); {
		case i == 0 && !ascii.EqualFold(name, "Content-Disposition"):
			return part{}, malformedField("begin each part with Content-Disposition")
		case i == 0:
			if !h.disposition(value) {
				return part{}, malformedField(`write Content-Disposition: form-data; name="NAME"`)
			}
		case ascii.EqualFold(name, "Content-Type"):
			h.contentType = value
		}
	}
	if len(lines) == 1 {
		return part{}, malformedField("begin each part with Content-Disposition")
	}
	return h, nil
}

// disposition reads the value of a Content-Disposition.
func (h *part) disposition(value string) bool {
	kind, rest, _ := strings.Cut(value, ";")
	if !ascii.EqualFold(strings.Trim(kind, " \t"), "form-data") {
		return false
	}
	seen := make(map[string]bool)
	for {
		rest = strings.TrimLeft(rest, " \t")
		if rest == "" {
			return seen["name"]
		}
		name, v, ok := strings.Cut(rest, "=")
		name = ascii.Lower(strings.TrimRight(name, " \t"))
		if !ok || !token(name) || seen[name] {
			return false
		}
		seen[name] = true
		if v, rest, ok = parameter(strings.TrimLeft(v, " \t")); !ok {
			return false
		}
		switch name {
		case "name":
			h.name = v
		case "filename":
			h.fileName = v
		case "filename*":
			h.extended = true
		}
	}
}

// parameter reads the value of a parameter and the semicolon behind it. In a quoted value a backslash escapes a quote
// and a backslash; before anything else it is one, because clients send the paths of Windows as they are. The %22 that
// browsers write for a quote stays as it is. How OSS reads these is assumed.
func parameter(s string) (value, rest string, ok bool) {
	if !strings.HasPrefix(s, `"`) {
		value, rest, _ = strings.Cut(s, ";")
		value = strings.TrimRight(value, " \t")
		return value, rest, token(value)
	}
	var b strings.Builder
	for i := 1; i < len(s); i++ {
		switch c := s[i]; {
		case c == '"':
			rest = strings.TrimLeft(s[i+1:], " \t")
			after, found := strings.CutPrefix(rest, ";")
			return b.String(), after, found || rest == ""
		case c == '\\' && i+1 < len(s) && (s[i+1] == '"' || s[i+1] == '\\'):
			i++
			b.WriteByte(s[i])
		default:
			b.WriteByte(c)
		}
	}
	return "", "", false
}

// token reports whether s is a token of RFC 9110.
func token(s string) bool {
	for i := range len(s) {
		c := s[i]
		if c <= ' ' || c >= 0x7f || strings.IndexByte(`"(),/:;<=>?@[\]{}`, c) >= 0 {
			return false
		}
	}
	return s != ""
}

func control(c rune) bool { return c < ' ' && c != '\t' || c == 0x7f }
