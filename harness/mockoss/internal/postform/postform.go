// Package postform reads and judges the form of a PostObject: the multipart/form-data with which a browser uploads an
// object to OSS. It knows neither storage nor HTTP handlers.
//
// Call [Read] with the body, then signer.Verifier.VerifyPost with [Form.Fields], then [Check] with the policy that
// VerifyPost returns; once the object is stored, [Form.Success] says what to answer. Every error is an *[Error], which
// holds what OSS answers.
//
// What is said of OSS comes from its documents (PostObject, Errors of PostObject, HTTP 400 errors, the pages of the
// ECs 0006-00000003 to 0006-00000227) and from answers that were published with bug reports. Each place says which, and
// what is assumed.
package postform

import (
	"io"
	"mime"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/ossconf/ossconf/internal/ascii"
	"github.com/ossconf/ossconf/signer"
)

// A Form is what the body of a PostObject holds.
type Form struct {
	Fields []signer.Field // those before the file, in order, with their names as they came
	File   File
}

// A File is the part of a form that becomes the object.
type File struct {
	Name        string // as the client named it, with its path if it sent one; empty if it sent none
	ContentType string // of the part; empty if it has none
	Content     []byte // as it came: no transfer encoding is undone
}

// Limits bound what [Read] takes. A field that is not positive stands for the value in its comment.
type Limits struct {
	Fields int // how many parts there may be beside the file: 1000, as many as VerifyPost takes
	Header int // bytes of the header of a part: 16 KiB, assumed
	Name   int // bytes of the name of a field: 8 KiB, documented with EC 0006-00000110
	Value  int // bytes of its value: 2 MiB, documented
	Total  int // bytes of all values before the file: 8 MiB, documented with EC 0006-00000112
	File   int // bytes of the file: 64 MiB, for it is kept in memory; OSS takes 5 GB
}

func (l Limits) orDefault() Limits {
	or := func(limit, value int) int {
		if limit <= 0 {
			return value
		}
		return limit
	}
	return Limits{
		Fields: or(l.Fields, 1000),
		Header: or(l.Header, 16<<10),
		Name:   or(l.Name, 8<<10),
		Value:  or(l.Value, 2<<20),
		Total:  or(l.Total, 8<<20),
		File:   or(l.File, 64<<20),
	}
}

// Read reads a form up to its end; contentType is the header of the request. It streams: beside the file it keeps no
// more than l allows.
//
// Names of fields are in any case, as PostObject's document has it; that of its errors says otherwise, but names in
// lower case are common and taken. The file is the part called file, be it text without a file name. Fields behind it
// are passed over: the document's own example has one there, and demands at the same time that file be the last.
//
// A field that OSS gives a meaning may come once. What OSS does with a second one is not documented; to refuse it is
// assumed.
func Read(r io.Reader, contentType string, l Limits) (*Form, error) {
	boundary, err := boundaryOf(contentType)
	if err != nil {
		return nil, err
	}
	l = l.orDefault()
	rd := reader{parts: newParts(r, boundary, l.Header), limits: l}
	if err := rd.read(); err != nil {
		return nil, err
	}
	return &rd.form, nil
}

// boundaryOf returns the boundary of a Content-Type. A quoted one is taken, as RFC 2046 has it; one report suggests that
// OSS does not.
func boundaryOf(contentType string) (string, error) {
	const maxBoundary = 70 // RFC 2046
	if contentType == "" {
		return "", noContentType()
	}
	media, _, _ := strings.Cut(contentType, ";")
	if !ascii.EqualFold(strings.TrimSpace(media), "multipart/form-data") {
		return "", notMultipart()
	}
	_, params, err := mime.ParseMediaType(contentType)
	boundary := params["boundary"]
	if err != nil || boundary == "" || len(boundary) > maxBoundary {
		return "", noBoundary()
	}
	return boundary, nil
}

// A reader reads one form.
type reader struct {
	parts  *parts
	limits Limits
	form   Form
	count  int  // parts so far, with the one at hand
	fields int  // those beside the file
	total  int  // bytes of the values before the file
	file   bool // it was read
}

func (r *reader) read() error {
	for {
		r.count++
		p, more, fault := r.parts.next()
		if fault == nil && more {
			fault = r.part(p)
		}
		switch {
		case fault != nil && fault.Place == "":
			fault.Place = "part " + strconv.Itoa(r.count)
			return fault
		case fault != nil:
			return fault
		case !more && !r.file:
			return noFile()
		case !more:
			return nil
		}
	}
}

func (r *reader) part(p part) *Error {
	name := ascii.Lower(p.name)
	place := func(e *Error) *Error {
		e.Place = "part " + strconv.Itoa(r.count) + " (" + quote(p.name) + ")"
		return e
	}
	switch {
	case len(p.name) > r.limits.Name:
		return place(nameTooLong(r.limits.Name, len(p.name)))
	case p.extended:
		return place(extendedName(r.limits.Name))
	case name == "file" && r.file:
		return place(fileTwice())
	case name == "file":
		return r.readFile(p, place)
	case r.fields == r.limits.Fields:
		return place(tooManyFields(r.limits.Fields))
	case !r.file && single(name) && r.form.has(name):
		return place(fieldTwice(name))
	}
	r.fields++
	value, fault := r.parts.content(r.limits.Value, func() *Error { return valueTooLong(r.limits.Value) })
	if fault != nil {
		return place(fault)
	}
	if r.file {
		return nil
	}
	if r.total += len(value); r.total > r.limits.Total {
		return place(totalTooLarge(r.limits.Total))
	}
	r.form.Fields = append(r.form.Fields, signer.Field{Name: p.name, Value: string(value)})
	return nil
}

// readFile reads the file once it is clear that the object will have a key.
func (r *reader) readFile(p part, place func(*Error) *Error) *Error {
	r.file = true
	r.form.File = File{Name: p.fileName, ContentType: p.contentType}
	if !r.form.has("key") {
		return noKey()
	}
	if fault := checkKey(r.form.Key()); fault != nil {
		fault.Place = "field key"
		return fault
	}
	content, fault := r.parts.content(r.limits.File, func() *Error { return fileTooLarge(r.limits.File, -1) })
	if fault != nil {
		return place(fault)
	}
	r.form.File.Content = content
	return nil
}

// checkKey holds a key to the documented rules for the names of objects. That a name must not begin with a slash is one
// of them, too, but the examples of PostObject do.
func checkKey(key string) *Error {
	const most = 1023
	switch {
	case key == "":
		return emptyKey()
	case len(key) > most:
		return longKey()
	case !utf8.ValidString(key):
		return invalidKey()
	}
	return nil
}

// single reports whether OSS gives the field a meaning; name is in lower case.
func single(name string) bool {
	switch name {
	case "key", "policy", "signature", "ossaccesskeyid", "success_action_status", "success_action_redirect",
		"cache-control", "content-type", "content-disposition", "content-encoding", "expires", "callback":
		return true
	}
	return strings.HasPrefix(name, "x-oss-")
}

// quote returns a name for an error: quoted, and not all of it if it is long.
func quote(name string) string {
	const most = 64
	if len(name) > most {
		return strconv.QuoteToASCII(name[:most]) + "…"
	}
	return strconv.QuoteToASCII(name)
}
