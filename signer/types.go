// Package signer makes and checks OSS V4 signatures (OSS4-HMAC-SHA256).
//
// Call [Signer.Sign] for a request that carries its signature in the Authorization header, [Signer.Presign] for a
// URL that carries it in the query, [Signer.PostPolicy] for an HTML form, and [Verifier.Verify] on the other side.
// The zero values of Signer and Verifier are ready to use and safe for concurrent use. Package signhttp adapts all
// of it to net/http.
//
// Nothing here reads a clock: times are arguments, written as OSS writes them, 20250417T131318Z.
package signer

// Algorithm is the name of the signature version, as OSS spells it.
const Algorithm = "OSS4-HMAC-SHA256"

// The products a credential scope names.
const (
	ProductOSS      = "oss"
	ProductCloudBox = "oss-cloudbox" // the region is then the id of the cloud box
)

// UnsignedPayload is the only payload hash that OSS V4 knows.
const UnsignedPayload = "UNSIGNED-PAYLOAD"

// MaxExpires is the longest life of a presigned URL in seconds, seven days.
const MaxExpires = 604800

// MaxSkew is how far, in seconds, the time of a signed header request may lie from the server's.
const MaxSkew = 900

// Credentials are an access key and, for temporary ones, the STS token it came with.
type Credentials struct {
	AccessKeyID     string
	AccessKeySecret string
	SecurityToken   string // empty for a permanent access key
}

// A Field is a name and its value: a query parameter (decoded), a header or a form field.
type Field struct{ Name, Value string }

// A Request is what is signed. The zero value of an optional field leaves the thing out.
type Request struct {
	Method  string
	Bucket  string  // empty for a request to the service
	Key     string  // object key, not encoded; empty for a request to a bucket
	Query   []Field // decoded; an empty value is a parameter without a value
	Headers []Field // names in any case; OSS is reported to refuse an x-oss- header with an empty value

	// AdditionalHeaders are names of headers to sign beside those that always are. Names that are signed anyway,
	// absent or given twice do not count.
	AdditionalHeaders []string

	Region  string // such as cn-hangzhou
	Product string // ProductOSS if empty
	Time    string // 20250417T131318Z

	// OmitDateHeader leaves x-oss-date out, as the Android SDK and Go SDK v1 do. The time then stands in a Date
	// header. It is there to test verifiers: no document promises that OSS takes it.
	OmitDateHeader bool
	// StringToSignTime replaces Time on line 2 of the string to sign: Go SDK v1 puts its Date header there.
	StringToSignTime string
}
