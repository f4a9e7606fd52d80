// Package source says where in a document something is and how to change it there.
//
// The codecs report what they refuse as a [ParseError], which names the place, and the rules of a configuration
// offer a [Fix], a list of edits that [Apply] carries out.
package source

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// A Position is a place in a document as a person counts it.
type Position struct {
	Line   int // from 1; a line ends with \n, \r\n or \r
	Column int // from 1, in Unicode code points; a byte order mark is none
}

// At returns the position of the byte at offset. An offset past the end is the position behind the last byte.
func At(doc string, offset int) Position {
	var l Locator
	return l.At(doc, offset)
}

// A Locator finds positions in one document. Asked for offsets in rising order, it reads the document once. The zero
// value is ready.
type Locator struct {
	offset, line, column int // of the last answer; line and column count from 0
}

// At returns the position of the byte at offset.
func (l *Locator) At(doc string, offset int) Position {
	offset = max(0, min(offset, len(doc)))
	if offset < l.offset {
		*l = Locator{}
	}
	for i := l.offset; i < offset; i++ {
		switch c := doc[i]; {
		case c == '\n', c == '\r' && (i+1 == len(doc) || doc[i+1] != '\n'):
			l.line++
			l.column = 0
		case utf8.RuneStart(c) && (i > 0 || !strings.HasPrefix(doc, "\uFEFF")):
			l.column++
		}
	}
	l.offset = offset
	return Position{l.line + 1, l.column + 1}
}

// An Edit replaces the bytes from Start up to End by Text.
type Edit struct {
	Start, End int
	Text       string
}

// A Fix mends one problem. Its edits are ordered by Start and do not overlap.
type Fix struct {
	Description string // what the fix does, in the imperative
	Edits       []Edit
}

// A Cause is a kind of problem. Packages export theirs as variables, for errors.Is.
type Cause struct {
	Code string // a stable word, by which programs in other languages know the kind
	Text string
}

// Error returns the text.
func (c *Cause) Error() string { return c.Text }

// ErrEdits is returned by [Apply] for edits that lie outside the document, are out of order or overlap.
var ErrEdits = &Cause{"edits", "edits out of order, overlapping or outside the document"}

// Apply returns doc with the edits carried out. The edits are ordered by Start and must not overlap.
func Apply(doc string, edits []Edit) (string, error) {
	var out []byte
	last := 0
	for _, e := range edits {
		if e.Start < last || e.End < e.Start || e.End > len(doc) {
			return "", ErrEdits
		}
		out = append(append(out, doc[last:e.Start]...), e.Text...)
		last = e.End
	}
	return string(append(out, doc[last:]...)), nil
}

// A ParseError is a place where a document is not what it has to be. Its form follows encoding/csv's ParseError.
type ParseError struct {
	Position
	Offset int    // in bytes, from 0
	Path   string // the element or member the problem is in, such as /HttpsConfiguration/TLS; empty if unknown
	Detail string // what was found, more precise than Err; may be empty
	Hint   string // what to do about it; may be empty
	Fix    *Fix   // how to do it, where that is certain
	Err    *Cause // one of those that the package which reports the error exports
}

// Error returns the position, the problem and the hint in one line.
func (e *ParseError) Error() string {
	s := "line " + strconv.Itoa(e.Line) + ", column " + strconv.Itoa(e.Column) + ": " + e.Message()
	if e.Hint != "" {
		s += "; " + e.Hint
	}
	return s
}

// Message returns the problem without position and hint.
func (e *ParseError) Message() string {
	if e.Detail != "" {
		return e.Detail
	}
	return e.Err.Text
}

// Unwrap returns the cause.
func (e *ParseError) Unwrap() error { return e.Err }
