package signer

import (
	"strings"

	"github.com/ossconf/ossconf/internal/ascii"
	"github.com/ossconf/ossconf/signer/internal/sha256"
)

// A Verifier checks signatures as OSS does. The zero value knows no access key and answers InvalidAccessKeyId to every
// signature. A Verifier is safe for concurrent use if Lookup is, and must not be copied.
type Verifier struct {
	// Lookup returns the credentials that belong to an access key ID. Those with a SecurityToken are temporary: the
	// request has to carry the same token.
	Lookup func(accessKeyID string) (c Credentials, found bool)

	Region  string // of the endpoint; empty: any
	Product string // of the endpoint; ProductOSS if empty

	keys keyCache
}

// Received is a request as it arrived.
type Received struct {
	Method  string
	Bucket  string // from host or path; empty for a request to the service
	Key     string // decoded
	Query   []Field
	Headers []Field // with Host and Content-Length, which may be signed
}

// Verified is what a signature says. [Verifier.Verify] fills in what it could read of it even if it returns an error,
// so that the error can be explained.
type Verified struct {
	AccessKeyID string
	Presigned   bool // the signature stood in the query

	CanonicalRequest string // empty for a form
	StringToSign     string // carries the time and the scope
	Policy           string // of a form, decoded
}

// A claim is a signature as it was found in a request.
type claim struct {
	id, day, region, product string

	time       int64
	line2      string // as it was signed
	iso        string // another line 2 to try, if the time came as an HTTP date
	additional string
	token      string
	signature  string
	presigned  bool
}

// Verify checks the signature of a request that arrives at the time now, such as 20250417T131318Z, wherever it stands,
// in the Authorization header or in the query. The error is a [*ServiceError] with [ErrAnonymous] as its cause if
// there is none, a *ServiceError without a cause if there is one that OSS would not accept, and an [*Error] if now is
// not a time or the request is larger than what is signed.
func (v *Verifier) Verify(r Received, now string) (Verified, error) {
	server, err := checkNow(now)
	if err != nil {
		return Verified{}, err
	}
	size := Request{Method: r.Method, Bucket: r.Bucket, Key: r.Key, Query: r.Query, Headers: r.Headers}
	if len(r.Query) > maxFields || len(r.Headers) > maxFields || size.size() > maxInput {
		return Verified{}, &Error{Field: "Received", Hint: "accept at most 1 MiB and 1000 parameters and headers", Err: ErrTooLarge}
	}
	_, inHeader := find(r.Headers, nameAuthorization)
	inQuery := hasSignature(r.Query)
	var c claim
	var fault *ServiceError
	switch {
	case inHeader > 0 && inQuery: // which one OSS would take is not known, and two callers behind one request are an attack
		return Verified{}, invalidArgument("The request carries a signature in the Authorization header and one in the query.", "")
	case (inHeader > 0 || inQuery) && repeated(r.Query):
		return Verified{}, invalidArgument("A query parameter is given twice.", "")
	case inHeader > 0:
		c, fault = v.readHeader(&r)
	case inQuery:
		c, fault = v.readQuery(&r)
	default:
		return Verified{}, anonymous()
	}
	out := Verified{AccessKeyID: c.id, Presigned: inQuery}
	if fault != nil {
		return out, fault
	}
	return v.verify(&r, &c, server, out)
}

func (v *Verifier) verify(r *Received, c *claim, server int64, out Verified) (Verified, error) {
	var store [2048]byte
	b := appendCanonicalRequest(store[:0], r.Method, r.Bucket, r.Key, r.Query, r.Headers, c.additional)
	digest := sha256.Sum(b)
	out.CanonicalRequest = string(b)
	out.StringToSign = string(appendStringToSign(b[:0], c.line2, c.day, c.region, c.product, &digest))

	if fault := c.checkTime(r, server); fault != nil {
		return out, fault
	}
	known, fault := v.lookup(c)
	if fault != nil {
		return out, fault
	}
	if v.signs(known, c, out.StringToSign) {
		return out, nil
	}
	if c.iso != "" {
		if other := string(appendStringToSign(b[:0], c.iso, c.day, c.region, c.product, &digest)); v.signs(known, c, other) {
			out.StringToSign = other
			return out, nil
		}
	}
	return out, mismatch("0002-00000201", c.id, c.signature, out.CanonicalRequest, out.StringToSign)
}

// lookup finds the credentials of a claim and compares the token.
func (v *Verifier) lookup(c *claim) (Credentials, *ServiceError) {
	if v.Lookup == nil {
		return Credentials{}, unknownAccessKey(c.id)
	}
	known, found := v.Lookup(c.id)
	if !found {
		return Credentials{}, unknownAccessKey(c.id)
	}
	if !equalSecret(known.SecurityToken, c.token) {
		return Credentials{}, wrongToken()
	}
	return known, nil
}

func (v *Verifier) signs(known Credentials, c *claim, stringToSign string) bool {
	want := v.keys.sign(known.AccessKeySecret, c.day, c.region, c.product, []byte(stringToSign))
	return equalSecret(string(appendHex(nil, &want)), c.signature)
}

// equalSecret takes the same time wherever a and b differ, as crypto/subtle does, which is too large for the module.
func equalSecret(a, b string) bool {
	if len(a) != len(b) {
		return false
	}
	var different byte
	for i := range len(a) {
		different |= a[i] ^ b[i]
	}
	return different == 0
}

// readCredential takes AK/DATE/REGION/PRODUCT/aliyun_v4_request apart.
func (v *Verifier) readCredential(c *claim, s string, errors func() credentialErrors) *ServiceError {
	parts := strings.Split(s, "/")
	if len(parts) != 5 || parts[4] != terminator || len(parts[2]) > maxBucketLength || len(parts[3]) > maxBucketLength {
		return errors().form
	}
	if !visible(parts[0]) || parts[0] == "" {
		return errors().id
	}
	c.id, c.day, c.region, c.product = parts[0], parts[1], parts[2], parts[3]
	product := v.Product
	if product == "" {
		product = ProductOSS
	}
	_, valid := parseDate(c.day)
	switch {
	case !valid:
		return errors().date
	case v.Region != "" && c.region != v.Region, !label(c.region):
		return errors().region
	case c.product != product:
		return errors().product
	}
	return nil
}

func checkNow(now string) (int64, error) {
	t, ok := parseTime(now)
	if !ok {
		return 0, &Error{Field: "now", Hint: "give UTC in the form 20250417T131318Z", Err: ErrTime}
	}
	return t, nil
}

// find returns the value of a header or form field and how often it is there.
func find(list []Field, name string) (value string, count int) {
	for i := range list {
		if ascii.EqualFold(list[i].Name, name) {
			value = list[i].Value
			count++
		}
	}
	return value, count
}
