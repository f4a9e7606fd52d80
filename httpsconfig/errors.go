package httpsconfig

import (
	"errors"

	"github.com/ossconf/ossconf/source"
)

// A ParseError says where a document is refused, why, and what to do about it. Err is one of the causes below or one
// of the causes that xmlcodec and jsoncodec export.
type ParseError = source.ParseError

// The causes of a [ParseError] beyond the syntax of XML and JSON.
var (
	ErrSize     = errors.New("the document is larger than 64 KiB")
	ErrFormat   = errors.New("neither an XML nor a JSON document")
	ErrRoot     = errors.New("not an HttpsConfiguration")
	ErrRepeated = errors.New("an element that may stand once only is repeated")
	ErrContent  = errors.New("an element holds what it cannot hold")
	ErrBool     = errors.New("neither true nor false")
	ErrUnknown  = errors.New("an unknown element that cannot be kept")
)

// ErrValue is returned for a [Config] that no document can express: a value with white space around it or with
// characters that XML does not have.
var ErrValue = errors.New("a value that a document cannot hold")
