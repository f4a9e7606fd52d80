package signhttp

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/ossconf/ossconf/signer"
)

// ErrNoCredentials is the cause of the error for a [Transport] without Credentials.
var ErrNoCredentials = errors.New("no credentials")

// ErrRedirect is the cause of the error for a redirect to another host, or from https to http, which a [Transport]
// does not sign: it would hand a signature, and the security token it goes with, to whoever answered.
var ErrRedirect = errors.New("redirected to another host")

// Static returns a function for [Transport.Credentials] that always answers c.
func Static(c signer.Credentials) func(context.Context) (signer.Credentials, error) {
	return func(context.Context) (signer.Credentials, error) { return c, nil }
}

// A Transport signs every request in its Authorization header and passes it on. The request it is given is not
// changed; one that cannot be signed is not sent. A Transport must not be copied after first use.
type Transport struct {
	Credentials func(context.Context) (signer.Credentials, error) // asked for every request; required
	Region      string                                            // such as cn-hangzhou; required
	Product     string                                            // signer.ProductOSS if empty
	Addressing  Addressing

	AdditionalHeaders []string          // headers to sign beside those that always are, such as Host
	Base              http.RoundTripper // http.DefaultTransport if nil
	Now               func() time.Time  // time.Now if nil

	signer signer.Signer
}

// RoundTrip implements [http.RoundTripper].
func (t *Transport) RoundTrip(r *http.Request) (*http.Response, error) {
	signed, err := t.sign(r)
	if err != nil {
		if r.Body != nil {
			r.Body.Close()
		}
		return nil, err
	}
	return t.base().RoundTrip(signed)
}

func (t *Transport) base() http.RoundTripper {
	if t.Base == nil {
		return http.DefaultTransport
	}
	return t.Base
}

// CloseIdleConnections makes [http.Client.CloseIdleConnections] work, if Base has idle connections to close.
func (t *Transport) CloseIdleConnections() {
	if base, ok := t.base().(interface{ CloseIdleConnections() }); ok {
		base.CloseIdleConnections()
	}
}

func (t *Transport) sign(r *http.Request) (*http.Request, error) {
	credentials, in, err := t.prepare(r)
	if err != nil {
		return nil, err
	}
	out, err := t.signer.Sign(credentials, in)
	if err != nil {
		return nil, fmt.Errorf("signhttp: %w", err)
	}
	signed := r.Clone(r.Context())
	if signed.Header == nil {
		signed.Header = make(http.Header)
	}
	for name := range signed.Header {
		if setBySign(name) {
			delete(signed.Header, name)
		}
	}
	for _, h := range out.Headers {
		if setBySign(h.Name) {
			signed.Header.Add(h.Name, h.Value)
		}
	}
	return signed, nil
}

// redirectedAway reports whether an http.Client made r to follow a redirect that leads away from where the caller sent
// the request.
func redirectedAway(r *http.Request) bool {
	if r.Response == nil || r.Response.Request == nil {
		return false
	}
	from := r.Response.Request.URL
	return r.URL.Host != from.Host || from.Scheme == "https" && r.URL.Scheme != "https"
}

// setBySign reports whether a header is one of those that [signer.Signer.Sign] sets.
func setBySign(name string) bool {
	switch http.CanonicalHeaderKey(name) {
	case "Authorization", "X-Oss-Content-Sha256", "X-Oss-Date", "X-Oss-Security-Token":
		return true
	}
	return false
}

// Presign returns the URL of r with a signature in its query, good for the given time from now, 1 second to 7 days.
// Whoever uses it has to send the headers of r that are signed.
func (t *Transport) Presign(r *http.Request, life time.Duration) (string, error) {
	credentials, in, err := t.prepare(r)
	if err != nil {
		return "", err
	}
	if life > signer.MaxExpires*time.Second { // or it would wrap around where an int has 32 bits
		life = (signer.MaxExpires + 1) * time.Second
	}
	out, err := t.signer.Presign(credentials, in, signer.PresignOptions{Expires: int(life / time.Second)})
	if err != nil {
		return "", fmt.Errorf("signhttp: %w", err)
	}
	u := *r.URL
	u.RawQuery = out.SignedQuery
	return u.String(), nil
}

// prepare collects what is signed.
func (t *Transport) prepare(r *http.Request) (signer.Credentials, signer.Request, error) {
	fail := func(err error) (signer.Credentials, signer.Request, error) {
		return signer.Credentials{}, signer.Request{}, fmt.Errorf("signhttp: %w", err)
	}
	if t.Credentials == nil {
		return fail(ErrNoCredentials)
	}
	if redirectedAway(r) {
		return fail(ErrRedirect)
	}
	bucket, key, err := t.Addressing.Resource(r)
	if err != nil {
		return fail(err)
	}
	in, err := Request(r, bucket, key)
	if err != nil {
		return fail(err)
	}
	credentials, err := t.Credentials(r.Context())
	if err != nil {
		return fail(err)
	}
	now := time.Now
	if t.Now != nil {
		now = t.Now
	}
	in.Region, in.Product, in.Time, in.AdditionalHeaders = t.Region, t.Product, FormatTime(now()), t.AdditionalHeaders
	return credentials, in, nil
}
