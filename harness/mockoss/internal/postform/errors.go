package postform

import (
	"errors"
	"strconv"

	"github.com/ossconf/ossconf/signer"
)

// The causes of an [Error], to be found with [errors.Is].
var (
	ErrNotMultipart  = errors.New("the body is not multipart/form-data")
	ErrNoBoundary    = errors.New("the Content-Type has no usable boundary")
	ErrMalformed     = errors.New("not well-formed multipart/form-data")
	ErrBrokenOff     = errors.New("the body ends before the form is complete")
	ErrFieldTooLarge = errors.New("the field is too large")
	ErrTooManyFields = errors.New("too many fields, or too large together")
	ErrFieldTwice    = errors.New("the field is given twice")
	ErrNoFile        = errors.New("the form has no file")
	ErrFileTwice     = errors.New("the form has more than one file")
	ErrFileTooLarge  = errors.New("the file is too large")
	ErrFileTooSmall  = errors.New("the file is too small")
	ErrNoKey         = errors.New("the form has no key before the file")
	ErrEmptyKey      = errors.New("the key is empty")
	ErrKey           = errors.New("the key cannot name an object")
	ErrACL           = errors.New("no such access control")
	ErrPolicy        = errors.New("the policy is malformed")
	ErrCondition     = errors.New("the form violates a condition of the policy")
)

// An Error is a form that OSS does not take, with what it answers. It carries names of fields and what a policy demands,
// but no security token and no value of the form.
type Error struct {
	Status  int
	Code    string // such as MalformedPOSTRequest
	Message string
	EC      string         // such as 0006-00000104; empty where none is known
	Details []signer.Field // further elements of the error document

	Place string // where it is, such as part 3 ("key") or conditions[2]; may be empty
	Hint  string // what to do; may be empty
	Err   error  // wraps one of the Err variables, and what the reader of the body returned
}

// Error returns place, cause, hint and the code of the answer in one line.
func (e *Error) Error() string {
	s := "postform: "
	if e.Place != "" {
		s += e.Place + ": "
	}
	s += e.Err.Error()
	if e.Hint != "" {
		s += "; " + e.Hint
	}
	return s + " (" + strconv.Itoa(e.Status) + " " + e.Code + ": " + e.Message + ")"
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

func badRequest(code, message, ec string, cause error, hint string) *Error {
	return &Error{Status: 400, Code: code, Message: message, EC: ec, Err: cause, Hint: hint}
}

// The pages of the ECs tell a case, not its code; that an EC belongs to the code whose document tells the same case is
// inferred.

// noContentType is what was observed for a form sent without a Content-Type.
func noContentType() *Error {
	return &Error{
		Status: 405, Code: "MethodNotAllowed", Message: "The specified method is not allowed against this resource.",
		Details: []signer.Field{{Name: "Method", Value: "POST"}, {Name: "ResourceType", Value: "Bucket"}},
		Err:     ErrNotMultipart, Hint: "send Content-Type: multipart/form-data; boundary=BOUNDARY",
	}
}

// notMultipart is documented with HTTP 400 errors.
func notMultipart() *Error {
	return badRequest("RequestIsNotMultiPartContent", "Bucket POST must be of the enclosure-type multipart/form-data", "",
		ErrNotMultipart, "send Content-Type: multipart/form-data; boundary=BOUNDARY")
}

// malformed has the observed code and message; that the message has no full stop was observed, too.
func malformed(ec string, cause error, hint string) *Error {
	const message = "The body of your POST request is not well-formed multipart/form-data"
	return badRequest("MalformedPOSTRequest", message, ec, cause, hint)
}

// noBoundary: the boundary is one of the documented demands of MalformedPOSTRequest. That one of more than 70 characters
// is refused follows RFC 2046, not OSS.
func noBoundary() *Error {
	return malformed("", ErrNoBoundary,
		"send Content-Type: multipart/form-data; boundary=BOUNDARY with 1 to 70 characters")
}

// brokenOff and malformedBody are the documented cases of EC 0006-00000104.
func brokenOff() *Error {
	return malformed("0006-00000104", ErrBrokenOff, "send the form up to the last delimiter, --BOUNDARY--")
}

func malformedBody() *Error {
	return malformed("0006-00000104", ErrMalformed, "separate the parts with lines --BOUNDARY that end with \\r\\n")
}

// malformedField is the documented case of EC 0006-00000109.
func malformedField(hint string) *Error { return malformed("0006-00000109", ErrMalformed, hint) }

// tooLong has the observed elements; code and message of a long name were observed, too.
func tooLong(message, ec string, limit, size int, hint string) *Error {
	e := badRequest("FieldItemTooLong", message, ec, ErrFieldTooLarge, hint)
	e.Details = sizes("MaxSizeAllowed", limit, size)
	return e
}

func nameTooLong(limit, size int) *Error {
	return tooLong("Your name of form field is too long.", "0006-00000110", limit, size,
		"shorten the name to "+strconv.Itoa(limit)+" bytes")
}

// headerTooLong: that OSS takes a long header for a long name is assumed.
func headerTooLong(limit int) *Error {
	e := nameTooLong(limit, -1)
	e.Hint = "shorten the header of the part to " + strconv.Itoa(limit) + " bytes"
	return e
}

// extendedName was observed for a file whose name is given as filename*, too, as React Native 0.74 does it. OSS takes
// the rest of the body for the name then, so that its answer to a body of less than 8 KiB may be another one.
func extendedName(limit int) *Error {
	e := nameTooLong(limit, -1)
	e.Hint = "write filename without filename*, which OSS does not understand"
	return e
}

// valueTooLong has the documented code (form field too large); its message is ours, its EC was not seen.
func valueTooLong(limit int) *Error {
	return tooLong("Your value of form field is too long.", "", limit, -1, "send at most "+strconv.Itoa(limit)+" bytes")
}

// totalTooLarge has the documented code, message and EC.
func totalTooLarge(limit int) *Error {
	const message = "Your POST request fields preceding the upload file were too large."
	return badRequest("MaxPOSTPreDataLengthExceededError", message, "0006-00000112", ErrTooManyFields,
		"send at most "+strconv.Itoa(limit)+" bytes of fields before the file")
}

// tooManyFields is this package's own: no document has a limit. Its code is assumed to be that of too large fields.
func tooManyFields(limit int) *Error {
	e := totalTooLarge(limit)
	e.EC, e.Hint = "", "send at most "+strconv.Itoa(limit)+" fields"
	return e
}

// fieldTwice is assumed.
func fieldTwice(name string) *Error {
	e := badRequest("InvalidArgument", "The form field is specified more than once.", "", ErrFieldTwice, "send it once")
	e.Details = []signer.Field{{Name: "ArgumentName", Value: name}}
	return e
}

// noFile was observed for a form whose file has another name; EC 0006-00000107 is documented for a missing file.
func noFile() *Error {
	return badRequest("IncorrectNumberOfFilesInPOSTRequest", "POST requires exactly one file upload per request.",
		"0006-00000107", ErrNoFile, "call the part with the file file, and put it last")
}

// fileTwice is documented; its EC was not seen.
func fileTwice() *Error {
	return badRequest("IncorrectNumberOfFilesInPOSTRequest", "POST requires exactly one file upload per request.", "",
		ErrFileTwice, "send one part called file")
}

// fileTooLarge is documented. MaxSizeAllowed and ProposedSize are assumed from FieldItemTooLong. A negative size is not
// known.
func fileTooLarge(limit, size int) *Error {
	e := badRequest("EntityTooLarge", "Your proposed upload exceeds the maximum allowed size.", "0006-00000003",
		ErrFileTooLarge, "upload at most "+strconv.Itoa(limit)+" bytes")
	e.Details = sizes("MaxSizeAllowed", limit, size)
	return e
}

// fileTooSmall is documented. Its elements are assumed as those of fileTooLarge.
func fileTooSmall(limit, size int) *Error {
	e := badRequest("EntityTooSmall", "Your proposed upload smaller than the minimum allowed size.", "0006-00000004",
		ErrFileTooSmall, "upload at least "+strconv.Itoa(limit)+" bytes")
	e.Details = sizes("MinSizeAllowed", limit, size)
	return e
}

func sizes(name string, limit, size int) []signer.Field {
	details := []signer.Field{{Name: name, Value: strconv.Itoa(limit)}}
	if size >= 0 {
		details = append(details, signer.Field{Name: "ProposedSize", Value: strconv.Itoa(size)})
	}
	return details
}

// noKey has the code and message of the document of errors; that of PostObject names the code
// IncorrectNumberOfFilesInPOSTRequest for the same case, without a message.
func noKey() *Error {
	const message = "The bucket POST must contain the specified 'key'. " +
		"If it is specified, please check the order of the fields"
	return badRequest("InvalidArgument", message, "", ErrNoKey, "send the field key before the file")
}

// The three errors of a key are documented for the names of objects; that PostObject answers with them is assumed.

func emptyKey() *Error {
	return badRequest("InvalidObjectName", "The Object name can not be empty.", "", ErrEmptyKey, "name the object")
}

func longKey() *Error {
	return badRequest("InvalidObjectName", "The Length of Object name must be less than 1024.", "", ErrKey,
		"shorten the key to 1023 bytes")
}

func invalidKey() *Error {
	return badRequest("InvalidObjectName", "The specified object is not valid.", "", ErrKey, "write the key in UTF-8")
}

// badACL is assumed.
func badACL() *Error {
	e := badRequest("InvalidArgument", "no such object access control exists", "", ErrACL,
		"use default, private, public-read or public-read-write")
	e.Details = []signer.Field{{Name: "ArgumentName", Value: "x-oss-object-acl"}}
	return e
}
