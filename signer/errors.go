package signer

import "github.com/ossconf/ossconf/source"

// The causes of an [Error], to be found with [errors.Is].
var (
	ErrCredentials    = &source.Cause{Code: "credentials", Text: "unusable credentials"}
	ErrMethod         = &source.Cause{Code: "method", Text: "not a method"}
	ErrBucket         = &source.Cause{Code: "bucket", Text: "not a bucket name"}
	ErrKey            = &source.Cause{Code: "key", Text: "not an object key"}
	ErrQuery          = &source.Cause{Code: "query", Text: "unusable query parameter"}
	ErrDuplicateQuery = &source.Cause{Code: "duplicate_query", Text: "query parameter given twice"}
	ErrHeader         = &source.Cause{Code: "header", Text: "unusable header"}
	ErrRegion         = &source.Cause{Code: "region", Text: "not a region"}
	ErrProduct        = &source.Cause{Code: "product", Text: "not a product"}
	ErrTime           = &source.Cause{Code: "time", Text: "not a time"}
	ErrExpires        = &source.Cause{Code: "expires", Text: "expiry out of range"}
	ErrEndpoint       = &source.Cause{Code: "endpoint", Text: "not an endpoint"}
	ErrPolicy         = &source.Cause{Code: "policy", Text: "unusable policy"}
	ErrTooLarge       = &source.Cause{Code: "too_large", Text: "too large to sign"}
)

// An Error says which part of the input cannot be signed. It carries nothing of the input itself, so that neither a
// secret nor a token can reach a log through it.
type Error struct {
	Field string        // the field as Go writes it, such as Headers[2].Name
	Hint  string        // what to do
	Err   *source.Cause // one of the Err variables
}

// Error returns field, cause and hint in one line.
func (e *Error) Error() string {
	return "signer: " + e.Field + ": " + e.Err.Text + "; " + e.Hint
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }
