package httpsconfig

import "github.com/ossconf/ossconf/source"

// A ParseError says where a document is refused, why, and what to do about it. Err is one of the causes below or one
// of the causes that xmlcodec and jsoncodec export.
type ParseError = source.ParseError

// The causes of a [ParseError] beyond the syntax of XML and JSON.
var (
	ErrSize     = &source.Cause{Code: "too_large", Text: "the document is larger than 64 KiB"}
	ErrFormat   = &source.Cause{Code: "format", Text: "neither an XML nor a JSON document"}
	ErrRoot     = &source.Cause{Code: "root_element", Text: "not an HttpsConfiguration"}
	ErrRepeated = &source.Cause{Code: "repeated", Text: "an element that may stand once only is repeated"}
	ErrContent  = &source.Cause{Code: "content", Text: "an element holds what it cannot hold"}
	ErrBool     = &source.Cause{Code: "boolean", Text: "neither true nor false"}
	ErrUnknown  = &source.Cause{Code: "unknown_element", Text: "an unknown element that cannot be kept"}
)

// ErrValue is the cause for a value in JSON with a character that XML does not have. It is returned for a [Config] that
// no document can express: one with such a value, with white space around a value, or with a [Bool] that is none.
var ErrValue = &source.Cause{Code: "value", Text: "a value that a document cannot hold"}
