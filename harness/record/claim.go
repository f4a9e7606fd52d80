package record

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ossconf/ossconf/fixtures"
	"github.com/ossconf/ossconf/signer"
	"github.com/ossconf/ossconf/signer/signhttp"
)

// The headers and parameters of a signature.
const (
	nameSignature    = "x-oss-signature"
	nameVersion      = "x-oss-signature-version"
	nameCredential   = "x-oss-credential"
	nameDate         = "x-oss-date"
	nameExpires      = "x-oss-expires"
	nameAdditional   = "x-oss-additional-headers"
	nameToken        = "x-oss-security-token"
	nameTokenAndroid = "security-token" // the Android SDK's parameter
)

// Where a signature stands.
const (
	inHeader = "header"
	inQuery  = "query"
	inForm   = "form"
)

// A claim is an OSS V4 signature as it stands in a request.
type claim struct {
	where      string
	id, token  string
	time       string // 20250417T131318Z
	date       string // the Date header that takes the place of x-oss-date; empty if there is x-oss-date
	region     string
	product    string
	additional []string // headers signed beside those that always are
	expires    int
	signature  string
}

// errNotV4 is why a request is not recorded whose signature is not an OSS V4 one: it could not be signed again.
var errNotV4 = errors.New("it is signed otherwise than with OSS V4: let the client use signature version 4")

// readClaim returns the signature of a request, nil if it has none. The error says what is wrong with the signature and
// repeats nothing of it.
func readClaim(m *message, res resource) (*claim, error) {
	authorization := m.header.Get("Authorization")
	version := m.parameter(nameVersion) + m.parameter(nameCredential) + m.parameter(nameSignature)
	switch {
	case m.parameter("OSSAccessKeyId") != "" || m.parameter("Signature") != "",
		authorization != "" && !strings.HasPrefix(authorization, signer.Algorithm+" "):
		return nil, errNotV4
	case authorization == "" && version == "":
		return readForm(m)
	}
	c := &claim{where: inHeader, token: m.header.Get(nameToken), time: m.header.Get(nameDate)}
	credential := credentialIn(authorization)
	if authorization == "" {
		c.where, c.token, c.time, credential = inQuery, m.parameter(nameToken), m.parameter(nameDate), m.parameter(nameCredential)
		c.signature = m.parameter(nameSignature)
		c.expires, _ = strconv.Atoi(m.parameter(nameExpires))
		if c.token == "" {
			c.token = m.parameter(nameTokenAndroid)
		}
	} else {
		_, c.signature, _ = strings.Cut(authorization, "Signature=")
	}
	if c.where == inHeader && c.time == "" {
		c.date = strings.TrimSpace(m.header.Get("Date"))
		c.time = c.date
		if t, err := http.ParseTime(c.date); err == nil {
			c.time = signhttp.FormatTime(t)
		}
	}
	if err := c.read(m, res, credential); err != nil {
		return nil, err
	}
	return c, nil
}

func credentialIn(authorization string) string {
	_, rest, _ := strings.Cut(authorization, "Credential=")
	credential, _, _ := strings.Cut(rest, ",")
	return credential
}

// read lets package signer take the claim apart: a signature of an access key that nobody knows is refused for that
// alone, if it has the form of one.
func (c *claim) read(m *message, res resource, credential string) error {
	scope := strings.Split(credential, "/")
	if len(scope) == 5 {
		c.region, c.product = scope[2], scope[3]
	}
	at, err := time.Parse(fixtures.TimeFormat, c.time)
	if err != nil {
		at = time.Now() // package signer says what is wrong with it
	}
	verified, err := signhttp.Verify(&signer.Verifier{Product: c.product}, m.request(), res.bucket, res.key, at)
	var refused *signer.ServiceError
	if !errors.As(err, &refused) || refused.Code != "InvalidAccessKeyId" {
		return fmt.Errorf("its signature cannot be read: %w", err)
	}
	c.id = verified.AccessKeyID
	lines := strings.Split(verified.CanonicalRequest, "\n")
	for name := range strings.SplitSeq(lines[len(lines)-2], ";") {
		if name != "" && !alwaysSigned(name) {
			c.additional = append(c.additional, name)
		}
	}
	return nil
}

// alwaysSigned reports whether a header, in lower case, is signed without being listed.
func alwaysSigned(name string) bool {
	return name == "content-type" || name == "content-md5" || strings.HasPrefix(name, "x-oss-")
}

// signs reports whether the signature covers a header that is listed for it.
func (c *claim) signs(name string) bool { return c != nil && slices.Contains(c.additional, name) }

// testCredentials are what fixtures are signed with.
func testCredentials(token bool) signer.Credentials {
	c := signer.Credentials{AccessKeyID: fixtures.TestAccessKeyID, AccessKeySecret: fixtures.TestAccessKeySecret}
	if token {
		c.SecurityToken = fixtures.TestSecurityToken
	}
	return c
}

// verify checks the signature of a request that carries the claim c at the time it was signed at. Only the test key is
// known.
func (c *claim) verify(m *message, res resource) error {
	v := &signer.Verifier{Product: c.product, Lookup: func(id string) (signer.Credentials, bool) {
		return testCredentials(c.token != ""), id == fixtures.TestAccessKeyID
	}}
	var err error
	if c.where == inForm {
		var fields []signer.Field
		if fields, err = formFields(m); err == nil {
			_, err = v.VerifyPost(fields, c.time)
		}
		return err
	}
	at, err := time.Parse(fixtures.TimeFormat, c.time)
	if err == nil {
		_, err = signhttp.Verify(v, m.request(), res.bucket, res.key, at)
	}
	return err
}

// sign signs m, in which the claim c stands, at the same time with other credentials, and returns the new signature.
func (c *claim) sign(m *message, res resource, k signer.Credentials) (signature string, err error) {
	switch c.where {
	case inForm:
		return c.signForm(m, k)
	case inQuery:
		return c.signQuery(m, res, k)
	}
	query, err := signhttp.ParseQuery(m.url.RawQuery)
	if err != nil {
		return "", err
	}
	signed, err := new(signer.Signer).Sign(k, signer.Request{
		Method: m.method, Bucket: res.bucket, Key: res.key, Query: query, Headers: m.fields("Authorization", "X-Oss-Security-Token"),
		AdditionalHeaders: c.additional, Region: c.region, Product: c.product, Time: c.time,
		OmitDateHeader: c.date != "", StringToSignTime: c.date,
	})
	if err != nil {
		return "", err
	}
	m.header.Set("Authorization", signed.Authorization)
	m.header.Del(nameToken)
	if k.SecurityToken != "" {
		m.header.Set(nameToken, k.SecurityToken)
	}
	return signed.Signature, nil
}

func (c *claim) signQuery(m *message, res resource, k signer.Credentials) (signature string, err error) {
	query, err := signhttp.ParseQuery(m.url.RawQuery)
	if err != nil {
		return "", err
	}
	scope := []string{k.AccessKeyID, c.time[:8], c.region, c.product, "aliyun_v4_request"}
	values := map[string]string{nameCredential: strings.Join(scope, "/")}
	var rest []signer.Field
	for _, q := range query {
		switch q.Name {
		case nameToken:
			values[q.Name] = k.SecurityToken
		case nameTokenAndroid: // an ordinary parameter to package signer
			values[q.Name] = k.SecurityToken
			rest = append(rest, signer.Field{Name: q.Name, Value: k.SecurityToken})
			k.SecurityToken = ""
		case nameSignature, nameVersion, nameCredential, nameDate, nameExpires, nameAdditional:
		default:
			rest = append(rest, q)
		}
	}
	signed, err := new(signer.Signer).Presign(k, signer.Request{
		Method: m.method, Bucket: res.bucket, Key: res.key, Query: rest, Headers: m.fields(), AdditionalHeaders: c.additional,
		Region: c.region, Product: c.product, Time: c.time,
	}, signer.PresignOptions{Expires: c.expires})
	if err != nil {
		return "", err
	}
	values[nameSignature] = signed.Signature
	m.setParameters(values)
	return signed.Signature, nil
}
