package mockoss

import (
	"errors"
	"net/http"
	"strconv"
	"strings"

	"github.com/ossconf/ossconf/harness/mockoss/internal/state"
	"github.com/ossconf/ossconf/signer"
	"github.com/ossconf/ossconf/signer/signhttp"
)

// lookup finds the credentials of an access key for package signer.
func (s *Service) lookup(id string) (signer.Credentials, bool) {
	c, ok := s.keys[id]
	return signer.Credentials{AccessKeyID: id, AccessKeySecret: c.AccessKeySecret, SecurityToken: c.SecurityToken}, ok
}

// authenticate finds out who signed the request. One without a signature passes if the operation may be open to
// everybody, or brings its signature in a form.
func (c *call) authenticate() error {
	if p := oldSignature(c); p != nil {
		return p
	}
	v, err := signhttp.Verify(&c.place.verifier, c.r, c.bucket, c.key, c.now)
	switch {
	case errors.Is(err, signer.ErrAnonymous) && c.op != nil && c.op.anonymous:
		return nil
	case err != nil && c.asksMissingBucket(err):
		return noSuchBucket(c.bucket)
	case err != nil:
		return c.renamed(signatureProblem(err))
	}
	return c.signedBy(v.AccessKeyID)
}

// renamed gives the error for an access key that does not exist the code that the operation has for it. Its EC was not
// seen.
func (c *call) renamed(err error) error {
	var p *problem
	if errors.As(err, &p) && p.code == "InvalidAccessKeyId" && c.op != nil && c.op.unknownKey != "" {
		p.code, p.ec = c.op.unknownKey, ""
	}
	return err
}

// asksMissingBucket reports whether a request with an unknown access key is about a bucket that does not exist, which is
// said first. Observed with GetBucketAcl and GetObjectMeta: alibabacloud-oss-go-sdk-v2,
// client_integration_object_extension_test.go, TestClientExtension. That it is so with other operations is assumed.
func (c *call) asksMissingBucket(err error) bool {
	var e *signer.ServiceError
	if !errors.As(err, &e) || e.Code != "InvalidAccessKeyId" || !validBucketName(c.bucket) || c.op != nil && c.op.name == "PutBucket" {
		return false
	}
	exists := false
	c.service.state.View(func(tx *state.Tx) error {
		_, exists = tx.Bucket(c.bucket)
		return nil
	})
	return !exists
}

// signedBy lets the request be one of an access key whose signature has been verified.
func (c *call) signedBy(accessKeyID string) error {
	key := c.service.keys[accessKeyID]
	if !key.Expires.IsZero() && !c.now.Before(key.Expires) {
		return tokenExpired()
	}
	c.accessKeyID, c.owner = key.AccessKeyID, key.Owner
	return nil
}

// oldSignature says what is wrong with a signature of version 1 or 2, which OSS takes and this server does not: the
// answer to a malformed header would send the reader looking for a mistake that is not there.
func oldSignature(c *call) *problem {
	const only = " This server accepts signature version 4 (OSS4-HMAC-SHA256) only."
	scheme, _, _ := strings.Cut(c.r.Header.Get("Authorization"), " ")
	switch {
	case scheme == "OSS", scheme == "OSS2":
		p := invalidArgument("Authorization header is invalid." + only)
		p.ec = "0002-00000202"
		return p
	case c.query.Has("OSSAccessKeyId") && c.query.Has("Signature"):
		return invalidArgument("The query carries a signature of version 1." + only)
	}
	return nil
}

// signatureProblem returns the answer to a request whose signature was refused.
func signatureProblem(err error) error {
	var e *signer.ServiceError
	if !errors.As(err, &e) {
		var malformed *signer.Error
		if errors.As(err, &malformed) {
			return invalidArgument("The request cannot be verified: " + malformed.Err.Error() + ".")
		}
		return err
	}
	p := &problem{status: e.Status, code: e.Code, message: e.Message, ec: e.EC}
	skew := ""
	if e.MaxAllowedSkewMilliseconds != 0 {
		skew = strconv.Itoa(e.MaxAllowedSkewMilliseconds)
	}
	for _, d := range []detail{
		{"OSSAccessKeyId", e.OSSAccessKeyID}, {"SignatureProvided", e.SignatureProvided},
		{"StringToSign", e.StringToSign}, {"StringToSignBytes", e.StringToSignBytes},
		{"CanonicalRequest", e.CanonicalRequest},
		{"MaxAllowedSkewMilliseconds", skew}, {"RequestTime", e.RequestTime}, {"Expires", e.Expires},
		{"ServerTime", e.ServerTime},
	} {
		if d.value != "" {
			p.details = append(p.details, d)
		}
	}
	return p
}

// tokenExpired is the answer that was published with a bug report, without the element that repeats the token.
func tokenExpired() *problem {
	return &problem{status: http.StatusForbidden, code: "SecurityTokenExpired",
		message: "The security token you provided has expired.", ec: "0002-00000007"}
}
