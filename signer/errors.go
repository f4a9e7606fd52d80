package signer

import "errors"

// The causes of an [Error], to be found with [errors.Is].
var (
	ErrCredentials    = errors.New("unusable credentials")
	ErrMethod         = errors.New("not a method")
	ErrBucket         = errors.New("not a bucket name")
	ErrKey            = errors.New("not an object key")
	ErrQuery          = errors.New("unusable query parameter")
	ErrDuplicateQuery = errors.New("query parameter given twice")
	ErrHeader         = errors.New("unusable header")
	ErrRegion         = errors.New("not a region")
	ErrProduct        = errors.New("not a product")
	ErrTime           = errors.New("not a time")
	ErrExpires        = errors.New("expiry out of range")
	ErrEndpoint       = errors.New("not an endpoint")
	ErrPolicy         = errors.New("unusable policy")
	ErrTooLarge       = errors.New("too large to sign")
)

// An Error says which part of the input cannot be signed. It carries nothing of the input itself, so that neither a
// secret nor a token can reach a log through it.
type Error struct {
	Field string // the field as Go writes it, such as Headers[2].Name
	Hint  string // what to do
	Err   error  // the cause, one of the Err variables
}

// Error returns field, cause and hint in one line.
func (e *Error) Error() string {
	return "signer: " + e.Field + ": " + e.Err.Error() + "; " + e.Hint
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }
