package signer

import (
	"strconv"

	"github.com/ossconf/ossconf/internal/ascii"
	"github.com/ossconf/ossconf/signer/internal/sha256"
)

// PresignOptions say how a presigned URL is made.
type PresignOptions struct {
	Expires int // seconds from Request.Time, 1 to MaxExpires

	// Endpoint is where the URL leads: a host with or without scheme and port, such as oss-cn-hangzhou.aliyuncs.com.
	// The scheme is https if none is given. Empty, it is the public endpoint of the region for ProductOSS; a cloud
	// box has no address that follows from its id, so that Presigned.URL then stays empty.
	Endpoint  string
	PathStyle bool // the bucket goes into the path; it always does if the endpoint is an IP address or localhost
}

// Presigned is what [Signer.Presign] makes of a request.
type Presigned struct {
	CanonicalRequest string
	StringToSign     string
	Signature        string // 64 digits
	SignedQuery      string // the query of the URL, encoded, x-oss-signature last
	URL              string
}

// Presign signs a request for a signature in the query. Whoever uses the URL has to send the headers of the request
// that are signed: content-type, content-md5, those that begin with x-oss-, and the additional ones. Presign drops an
// x-oss-signature from the query, which is stale, and refuses the other parameters it sets itself.
func (s *Signer) Presign(c Credentials, r Request, o PresignOptions) (Presigned, error) {
	sc, err := r.scope()
	if err != nil {
		return Presigned{}, err
	}
	if err := checkCredentials(&c); err != nil {
		return Presigned{}, err
	}
	if err := checkPresign(&r, &o); err != nil {
		return Presigned{}, err
	}
	address, err := o.address(sc, r.Bucket)
	if err != nil {
		return Presigned{}, err
	}

	additional := additionalList(r.AdditionalHeaders, r.Headers)
	var fields [32]Field
	query := appendPresignQuery(append(fields[:0], r.Query...), &c, sc, o.Expires, additional)

	var store [2048]byte
	b := appendCanonicalRequest(store[:0], r.Method, r.Bucket, r.Key, query, r.Headers, additional)
	canonical := len(b)
	digest := sha256.Sum(b)
	line2 := sc.time
	if r.StringToSignTime != "" {
		line2 = r.StringToSignTime
	}
	b = appendStringToSign(b, line2, sc.day, sc.region, sc.product, &digest)
	stringToSign := len(b)
	signature := s.keys.sign(c.AccessKeySecret, sc.day, sc.region, sc.product, b[canonical:])
	if address != "" {
		b = append(b, address...)
		if o.pathStyle(address) || r.Bucket == "" {
			b = appendCanonicalURI(b, r.Bucket, r.Key)
		} else {
			b = appendEscaped(append(b, '/'), r.Key, true)
		}
		b = append(b, '?')
	}
	signedQuery := len(b)
	b = append(appendCanonicalQuery(b, query), "&"+nameSignature+"="...)
	b = appendHex(b, &signature)

	text := string(b)
	p := Presigned{
		CanonicalRequest: text[:canonical],
		StringToSign:     text[canonical:stringToSign],
		Signature:        text[len(text)-2*sha256.Size:],
		SignedQuery:      text[signedQuery:],
	}
	if address != "" {
		p.URL = text[stringToSign:]
	}
	return p, nil
}

func checkPresign(r *Request, o *PresignOptions) error {
	if o.Expires < 1 || o.Expires > MaxExpires {
		return &Error{Field: "Expires", Hint: "give 1 to 604800 seconds", Err: ErrExpires}
	}
	if err := checkRequest(r); err != nil {
		return err
	}
	if err := checkQuery(r.Query, true); err != nil {
		return err
	}
	if err := checkTwice(r.Query); err != nil {
		return err
	}
	for i := range r.Headers {
		if ascii.EqualFold(r.Headers[i].Name, nameContentSHA256) && trim(r.Headers[i].Value) != UnsignedPayload {
			return &Error{Field: at("Headers", i, "Value"), Hint: "OSS knows no x-oss-content-sha256 but UNSIGNED-PAYLOAD", Err: ErrHeader}
		}
	}
	return nil
}

// appendPresignQuery writes the parameters that Presign sets.
func appendPresignQuery(dst []Field, c *Credentials, sc scope, expires int, additional string) []Field {
	var store [256]byte
	credential := appendScope(append(append(store[:0], c.AccessKeyID...), '/'), sc.day, sc.region, sc.product)
	dst = append(dst,
		Field{nameVersion, Algorithm},
		Field{nameDate, sc.time},
		Field{nameExpires, strconv.Itoa(expires)},
		Field{nameCredential, string(credential)})
	if c.SecurityToken != "" {
		dst = append(dst, Field{nameToken, c.SecurityToken})
	}
	if additional != "" {
		dst = append(dst, Field{nameAdditional, additional})
	}
	return dst
}
