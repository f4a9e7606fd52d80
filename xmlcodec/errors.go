package xmlcodec

import (
	"errors"

	"github.com/ossconf/ossconf/source"
)

// A ParseError says where a document is refused, why, and what to do about it. Err is one of the causes below.
type ParseError = source.ParseError

// The causes of a [ParseError].
var (
	ErrSyntax      = errors.New("not well-formed XML")
	ErrUnclosed    = errors.New("the document ends before its elements are closed")
	ErrTag         = errors.New("an end tag does not match the element that is open")
	ErrCharacter   = errors.New("a character that XML does not allow")
	ErrEncoding    = errors.New("not UTF-8")
	ErrEntity      = errors.New("an entity other than the five predefined ones")
	ErrDoctype     = errors.New("a document type declaration")
	ErrInstruction = errors.New("a processing instruction")
	ErrNamespace   = errors.New("a namespace")
	ErrAttribute   = errors.New("an attribute")
	ErrMixed       = errors.New("text and elements mixed")
	ErrComment     = errors.New("a comment inside a value")
	ErrDepth       = errors.New("elements nested too deeply")
)
