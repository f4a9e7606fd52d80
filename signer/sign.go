package signer

import (
	"github.com/ossconf/ossconf/internal/ascii"
	"github.com/ossconf/ossconf/signer/internal/sha256"
)

// A Signer signs. It remembers up to 64 derived keys, never a secret, so that the derivation is paid for once a day.
// The zero value is ready to use; a Signer is safe for concurrent use and must not be copied.
type Signer struct {
	keys keyCache
}

// Signed is what [Signer.Sign] makes of a request.
type Signed struct {
	CanonicalRequest string
	StringToSign     string
	Signature        string // 64 digits
	Authorization    string // the value of the header

	// Headers are all the headers to send: those of the request in their order and spelling, then those that were
	// missing, Authorization last. A header that Sign sets replaces the one that was given.
	Headers []Field
}

// A scope is the credential scope of a signature, before it is written out.
type scope struct{ time, day, region, product string }

func (r *Request) scope() (scope, error) {
	s := scope{time: r.Time, region: r.Region, product: r.Product}
	if s.product == "" {
		s.product = ProductOSS
	}
	if err := checkScope(s.region, s.product, s.time); err != nil {
		return s, err
	}
	s.day = s.time[:8]
	return s, nil
}

// Sign signs a request for a signature in the Authorization header. It refuses what is not clear, such as a parameter
// given twice, with an [*Error].
func (s *Signer) Sign(c Credentials, r Request) (Signed, error) {
	sc, err := r.scope()
	if err != nil {
		return Signed{}, err
	}
	if err := checkCredentials(&c); err != nil {
		return Signed{}, err
	}
	if err := checkRequest(&r); err != nil {
		return Signed{}, err
	}
	if err := checkQuery(r.Query, false); err != nil {
		return Signed{}, err
	}
	if err := checkTwice(r.Query); err != nil {
		return Signed{}, err
	}
	n := len(r.Headers) + 3
	if c.SecurityToken != "" {
		n++
	}
	headers := appendSignedHeaders(make([]Field, 0, n), &c, &r)

	// The four texts are written behind one another and become one string, which is the only allocation beside
	// the headers'. A larger request moves to the heap.
	var store [1024]byte
	additional := additionalList(r.AdditionalHeaders, headers)
	b := appendCanonicalRequest(store[:0], r.Method, r.Bucket, r.Key, r.Query, headers, additional)
	canonical := len(b)
	line2 := sc.time
	if r.StringToSignTime != "" {
		line2 = r.StringToSignTime
	}
	digest := sha256.Sum(b)
	b = appendStringToSign(b, line2, sc.day, sc.region, sc.product, &digest)
	stringToSign := len(b)
	signature := s.keys.sign(c.AccessKeySecret, sc.day, sc.region, sc.product, b[canonical:])
	b = appendAuthorization(b, &c, sc, additional, &signature)

	text := string(b)
	authorization := text[stringToSign:]
	return Signed{
		CanonicalRequest: text[:canonical],
		StringToSign:     text[canonical:stringToSign],
		Signature:        authorization[len(authorization)-2*sha256.Size:],
		Authorization:    authorization,
		Headers:          append(headers, Field{nameAuthorization, authorization}),
	}, nil
}

// appendSignedHeaders writes the headers of a request with those that Sign sets.
func appendSignedHeaders(dst []Field, c *Credentials, r *Request) []Field {
	set := [...]Field{{nameContentSHA256, UnsignedPayload}, {nameDate, r.Time}, {nameToken, c.SecurityToken}}
	if r.OmitDateHeader {
		set[1].Value = ""
	}
	var done [len(set)]bool
	for _, h := range r.Headers {
		if ascii.EqualFold(h.Name, nameAuthorization) || r.OmitDateHeader && ascii.EqualFold(h.Name, nameDate) {
			continue
		}
		keep := true
		for i := range set {
			if set[i].Value != "" && ascii.EqualFold(h.Name, set[i].Name) {
				h.Value = set[i].Value
				keep = !done[i]
				done[i] = true
			}
		}
		if keep {
			dst = append(dst, h)
		}
	}
	for i := range set {
		if set[i].Value != "" && !done[i] {
			dst = append(dst, set[i])
		}
	}
	return dst
}

// appendAuthorization writes the value of the Authorization header as SDKs do, without a blank behind the commas.
func appendAuthorization(dst []byte, c *Credentials, sc scope, additional string, signature *[sha256.Size]byte) []byte {
	dst = append(append(dst, Algorithm...), " Credential="...)
	dst = append(append(dst, c.AccessKeyID...), '/')
	dst = appendScope(dst, sc.day, sc.region, sc.product)
	if len(additional) > 0 {
		dst = append(append(dst, ",AdditionalHeaders="...), additional...)
	}
	return appendHex(append(dst, ",Signature="...), signature)
}
