package xmlcodec

import "github.com/ossconf/ossconf/source"

// A ParseError says where a document is refused, why, and what to do about it. Err is one of the causes below.
type ParseError = source.ParseError

// The causes of a [ParseError].
var (
	ErrSyntax      = &source.Cause{Code: "xml_syntax", Text: "not well-formed XML"}
	ErrUnclosed    = &source.Cause{Code: "unclosed", Text: "the document ends before its elements are closed"}
	ErrTag         = &source.Cause{Code: "mismatched_tag", Text: "an end tag does not match the element that is open"}
	ErrCharacter   = &source.Cause{Code: "character", Text: "a character that XML does not allow"}
	ErrEncoding    = &source.Cause{Code: "encoding", Text: "not UTF-8"}
	ErrEntity      = &source.Cause{Code: "entity", Text: "an entity other than the five predefined ones"}
	ErrDoctype     = &source.Cause{Code: "doctype", Text: "a document type declaration"}
	ErrInstruction = &source.Cause{Code: "processing_instruction", Text: "a processing instruction"}
	ErrNamespace   = &source.Cause{Code: "namespace", Text: "a namespace"}
	ErrAttribute   = &source.Cause{Code: "attribute", Text: "an attribute"}
	ErrMixed       = &source.Cause{Code: "mixed_content", Text: "text and elements mixed"}
	ErrComment     = &source.Cause{Code: "comment_in_value", Text: "a comment inside a value"}
	ErrDepth       = &source.Cause{Code: "too_deep", Text: "elements nested too deeply"}
)
