package core

import (
	"errors"
	"strconv"

	"github.com/ossconf/ossconf/httpsconfig"
	"github.com/ossconf/ossconf/jsoncodec"
	"github.com/ossconf/ossconf/signer"
	"github.com/ossconf/ossconf/source"
	"github.com/ossconf/ossconf/xmlcodec"
)

// A problem is why an operation refused its input.
type problem struct {
	code    string // a stable word
	message string
	source.Position
	path string
	hint string
}

// append writes the error answer. Absent fields are left out.
func (p *problem) append(dst []byte) []byte {
	w := jsoncodec.Writer{Buf: dst}
	w.Begin('{')
	w.Name("error")
	w.Begin('{')
	w.StringMember("code", p.code)
	w.StringMember("message", p.message)
	if p.Line > 0 {
		w.Name("line")
		w.Int(p.Line)
		w.Name("column")
		w.Int(p.Column)
	}
	optional(&w, "path", p.path)
	optional(&w, "hint", p.hint)
	w.End('}')
	w.End('}')
	return w.Buf
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

// codes gives the causes of errors their words, the more specific first.
func codes() []struct {
	cause error
	code  string
} {
	return []struct {
		cause error
		code  string
	}{
		{xmlcodec.ErrTag, "mismatched_tag"},
		{xmlcodec.ErrUnclosed, "unclosed"},
		{xmlcodec.ErrCharacter, "character"},
		{xmlcodec.ErrEncoding, "encoding"},
		{xmlcodec.ErrEntity, "entity"},
		{xmlcodec.ErrDoctype, "doctype"},
		{xmlcodec.ErrInstruction, "processing_instruction"},
		{xmlcodec.ErrNamespace, "namespace"},
		{xmlcodec.ErrAttribute, "attribute"},
		{xmlcodec.ErrMixed, "mixed_content"},
		{xmlcodec.ErrComment, "comment_in_value"},
		{xmlcodec.ErrDepth, "too_deep"},
		{xmlcodec.ErrSyntax, "xml_syntax"},
		{jsoncodec.ErrUnclosed, "unclosed"},
		{jsoncodec.ErrCharacter, "character"},
		{jsoncodec.ErrEncoding, "encoding"},
		{jsoncodec.ErrDuplicate, "repeated"},
		{jsoncodec.ErrDepth, "too_deep"},
		{jsoncodec.ErrSyntax, "json_syntax"},
		{httpsconfig.ErrSize, "too_large"},
		{httpsconfig.ErrFormat, "format"},
		{httpsconfig.ErrRoot, "root_element"},
		{httpsconfig.ErrRepeated, "repeated"},
		{httpsconfig.ErrContent, "content"},
		{httpsconfig.ErrBool, "boolean"},
		{httpsconfig.ErrUnknown, "unknown_element"},
		{httpsconfig.ErrValue, "value"},
		{signer.ErrCredentials, "credentials"},
		{signer.ErrMethod, "method"},
		{signer.ErrBucket, "bucket"},
		{signer.ErrKey, "key"},
		{signer.ErrDuplicateQuery, "duplicate_query"},
		{signer.ErrQuery, "query"},
		{signer.ErrHeader, "header"},
		{signer.ErrRegion, "region"},
		{signer.ErrProduct, "product"},
		{signer.ErrTime, "time"},
		{signer.ErrExpires, "expires"},
		{signer.ErrEndpoint, "endpoint"},
		{signer.ErrPolicy, "policy"},
		{signer.ErrTooLarge, "too_large"},
	}
}

// codeOf returns the word for err.
func codeOf(err error) string {
	for _, c := range codes() {
		if errors.Is(err, c.cause) {
			return c.code
		}
	}
	return "refused"
}

// refuse makes a problem of an error of the packages below.
func refuse(err error) *problem {
	var parse *source.ParseError
	if errors.As(err, &parse) {
		return &problem{code: codeOf(err), message: parse.Message(), Position: parse.Position, path: parse.Path, hint: parse.Hint}
	}
	var field *signer.Error
	if errors.As(err, &field) {
		return &problem{code: codeOf(err), message: field.Err.Error(), path: pointer(field.Field), hint: field.Hint}
	}
	return &problem{code: codeOf(err), message: err.Error()}
}
