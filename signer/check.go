package signer

import (
	"strconv"
	"unicode/utf8"

	"github.com/ossconf/ossconf/internal/ascii"
)

// The bounds of what is signed. OSS sets the first two; the others keep a mistake from becoming a long computation.
const (
	maxKeyLength    = 1023
	maxBucketLength = 63
	maxFields       = 1000    // parameters, headers or additional headers
	maxInput        = 1 << 20 // bytes of a request or a policy
)

func checkCredentials(c *Credentials) error {
	fail := func(field, hint string) error { return &Error{Field: field, Hint: hint, Err: ErrCredentials} }
	switch {
	case c.AccessKeyID == "":
		return fail("AccessKeyID", "give the access key ID")
	case len(c.AccessKeyID) > 128:
		return fail("AccessKeyID", "it is longer than any access key ID")
	case c.AccessKeySecret == "":
		return fail("AccessKeySecret", "give the access key secret")
	case len(c.AccessKeySecret) > 1024:
		return fail("AccessKeySecret", "it is longer than any access key secret")
	case len(c.SecurityToken) > 16<<10:
		return fail("SecurityToken", "it is longer than any security token")
	case !visible(c.AccessKeySecret):
		return fail("AccessKeySecret", "remove blanks, line ends and other invisible characters")
	case !visible(c.SecurityToken):
		return fail("SecurityToken", "remove blanks, line ends and other invisible characters")
	}
	for i := range len(c.AccessKeyID) {
		if b := c.AccessKeyID[i]; b <= ' ' || b >= 0x7f || b == '/' || b == ',' {
			return fail("AccessKeyID", "remove blanks, slashes, commas and invisible characters")
		}
	}
	return nil
}

// checkScope checks what goes into the credential scope.
func checkScope(region, product, when string) error {
	switch {
	case len(region) > 4 && region[:4] == "oss-":
		return &Error{Field: "Region", Hint: "give the region ID, such as cn-hangzhou, without the oss- of endpoints", Err: ErrRegion}
	case !label(region):
		return &Error{Field: "Region", Hint: "give a region ID such as cn-hangzhou: lower-case letters, digits and hyphens", Err: ErrRegion}
	case !label(product):
		return &Error{Field: "Product", Hint: "give oss or oss-cloudbox", Err: ErrProduct}
	}
	if _, ok := parseTime(when); !ok {
		return &Error{Field: "Time", Hint: "give UTC in the form 20250417T131318Z", Err: ErrTime}
	}
	return nil
}

func checkRequest(r *Request) error {
	if len(r.Query) > maxFields || len(r.Headers) > maxFields || len(r.AdditionalHeaders) > maxFields || r.size() > maxInput {
		return &Error{Field: "Request", Hint: "sign at most 1 MiB and 1000 parameters and headers", Err: ErrTooLarge}
	}
	if r.Method == "" || len(r.Method) > 16 {
		return &Error{Field: "Method", Hint: "give an HTTP method such as GET or PUT", Err: ErrMethod}
	}
	for i := range len(r.Method) {
		if r.Method[i] < 'A' || r.Method[i] > 'Z' {
			return &Error{Field: "Method", Hint: "give an HTTP method in capitals, such as GET or PUT", Err: ErrMethod}
		}
	}
	if err := checkResource(r.Bucket, r.Key); err != nil {
		return err
	}
	if r.StringToSignTime != "" && (!textual(r.StringToSignTime) || len(r.StringToSignTime) > 64) {
		return &Error{Field: "StringToSignTime", Hint: "give the value of the Date header", Err: ErrTime}
	}
	return checkHeaders(r)
}

func (r *Request) size() int {
	n := len(r.Method) + len(r.Bucket) + len(r.Key)
	for i := range r.Query {
		n += len(r.Query[i].Name) + len(r.Query[i].Value)
	}
	for i := range r.Headers {
		n += len(r.Headers[i].Name) + len(r.Headers[i].Value)
	}
	for i := range r.AdditionalHeaders {
		n += len(r.AdditionalHeaders[i])
	}
	return n
}

func checkResource(bucket, key string) error {
	if bucket == "" {
		if key != "" {
			return &Error{Field: "Bucket", Hint: "an object key needs a bucket", Err: ErrBucket}
		}
		return nil
	}
	if len(bucket) < 3 || len(bucket) > maxBucketLength || !label(bucket) || bucket[0] == '-' || bucket[len(bucket)-1] == '-' {
		return &Error{Field: "Bucket", Hint: "give 3 to 63 lower-case letters, digits and hyphens, no hyphen at either end", Err: ErrBucket}
	}
	if len(key) > maxKeyLength || !utf8.ValidString(key) {
		return &Error{Field: "Key", Hint: "give at most 1023 bytes of UTF-8", Err: ErrKey}
	}
	return nil
}

func checkHeaders(r *Request) error {
	for i := range r.Headers {
		if !token(r.Headers[i].Name) {
			return &Error{Field: at("Headers", i, "Name"), Hint: "give a header name as HTTP allows it, without the colon", Err: ErrHeader}
		}
		if !textual(r.Headers[i].Value) {
			return &Error{Field: at("Headers", i, "Value"), Hint: "remove line ends, NUL and other control characters", Err: ErrHeader}
		}
	}
	for i, name := range r.AdditionalHeaders {
		if !token(name) {
			return &Error{Field: at("AdditionalHeaders", i, ""), Hint: "give a header name as HTTP allows it", Err: ErrHeader}
		}
		if ascii.EqualFold(name, nameAuthorization) {
			return &Error{Field: at("AdditionalHeaders", i, ""), Hint: "leave Authorization out: it cannot sign itself", Err: ErrHeader}
		}
	}
	return nil
}

// checkQuery refuses parameters that make the signature ambiguous. A stale x-oss-signature is none of them when the
// new one goes into the query too.
func checkQuery(query []Field, presigned bool) error {
	for i := range query {
		switch query[i].Name {
		case "":
			return &Error{Field: at("Query", i, "Name"), Hint: "give every parameter a name", Err: ErrQuery}
		case nameSignature:
			if presigned {
				continue
			}
			fallthrough
		case nameVersion, nameCredential, nameDate, nameExpires, nameAdditional, nameToken:
			return &Error{Field: at("Query", i, "Name"), Hint: "remove the parameters of another signature", Err: ErrQuery}
		}
	}
	return nil
}

// checkTwice refuses a name given twice. It works on the order the parameters are signed in, for which names that are
// alike are neighbours.
func checkTwice(query []Field) error {
	if len(query) < 2 {
		return nil
	}
	var store [32]uint16
	order := sortedQuery(store[:0], query)
	for n := 1; n < len(order); n++ {
		if query[order[n-1]].Name == query[order[n]].Name {
			i := max(order[n-1], order[n])
			return &Error{Field: at("Query", int(i), "Name"), Hint: "give every parameter once: SDKs sign repeated ones differently", Err: ErrDuplicateQuery}
		}
	}
	return nil
}

func at(list string, i int, field string) string {
	s := list + "[" + strconv.Itoa(i) + "]"
	if field != "" {
		s += "." + field
	}
	return s
}

// label reports whether s is made of lower-case letters, digits and hyphens, and not too long for a host name.
func label(s string) bool {
	for i := range len(s) {
		if c := s[i]; c-'a' > 'z'-'a' && c-'0' > '9'-'0' && c != '-' {
			return false
		}
	}
	return s != "" && len(s) <= maxBucketLength
}

// token reports whether s is a token, RFC 9110 section 5.6.2.
func token(s string) bool {
	for i := range len(s) {
		switch c := s[i]; {
		case unreserved(c):
		case c == '!', c >= '#' && c <= '\'', c == '*', c == '+', c == '^', c == '`', c == '|':
		default:
			return false
		}
	}
	return s != ""
}

// textual reports whether s can be the value of a header: no control characters but the tab.
func textual(s string) bool {
	for i := range len(s) {
		if c := s[i]; c < ' ' && c != '\t' || c == 0x7f {
			return false
		}
	}
	return true
}

// visible reports whether every character of s can be seen.
func visible(s string) bool {
	for i := range len(s) {
		if s[i] <= ' ' || s[i] >= 0x7f {
			return false
		}
	}
	return true
}
