package core

import (
	"strconv"

	"github.com/ossconf/ossconf/jsoncodec"
	"github.com/ossconf/ossconf/signer"
	"github.com/ossconf/ossconf/source"
)

// A problem is why an operation refused its input.
type problem struct {
	code    string // a stable word
	message string
	source.Position
	path   string
	hint   string
	member string // of the request, if it holds the document that position and path are in
}

// append writes the error answer. Absent fields are left out.
func (p *problem) append(dst []byte) []byte {
	w := jsoncodec.Writer{Buf: dst}
	w.Begin('{')
	w.BeginMember("error", '{')
	members(&w, "code", p.code, "message", p.message)
	if p.Line > 0 {
		w.IntMember("line", p.Line)
		w.IntMember("column", p.Column)
	}
	members(&w, "path", p.path, "hint", p.hint, "member", p.member)
	w.End('}')
	w.End('}')
	return w.Buf
}

// members writes members whose values are strings, pairs of name and value. One with an empty value is left out.
func members(w *jsoncodec.Writer, pairs ...string) {
	for i := 0; i < len(pairs); i += 2 {
		optional(w, pairs[i], pairs[i+1])
	}
}

// optional writes a member that is left out when it is empty.
func optional(w *jsoncodec.Writer, name, value string) {
	if value != "" {
		w.StringMember(name, value)
	}
}

func tooLarge(most int) *problem {
	return &problem{code: "too_large", message: "the input is larger than " + strconv.Itoa(most) + " bytes", hint: "pass a smaller one"}
}

// refuse makes a problem of an error of the packages below.
func refuse(err error) *problem {
	switch e := err.(type) {
	case *source.ParseError:
		return &problem{code: e.Err.Code, message: e.Message(), Position: e.Position, path: e.Path, hint: e.Hint}
	case *signer.Error:
		return &problem{code: e.Err.Code, message: e.Err.Text, path: pointer(e.Field), hint: e.Hint}
	case *source.Cause:
		return &problem{code: e.Code, message: e.Text}
	}
	return &problem{code: "refused", message: err.Error()}
}
