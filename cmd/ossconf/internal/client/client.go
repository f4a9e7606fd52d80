// Package client sends the HTTPS configuration of a bucket to OSS and fetches it.
//
// Fill in a [Client] and call [Client.Put] or [Client.Get]. Requests are signed with OSS V4; a redirect is not followed,
// so that no signature goes to another host than the endpoint.
package client

import (
	"bytes"
	"context"
	"crypto/md5"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/ossconf/ossconf/signer"
	"github.com/ossconf/ossconf/signer/signhttp"
)

// maxAnswer is the size of the largest answer that is read, in bytes. A configuration has at most 64 KiB.
const maxAnswer = 1 << 20

// ErrAnswer is the cause of an error for an answer that is too large.
var ErrAnswer = errors.New("the answer is larger than 1 MiB")

// A Client knows how to reach a bucket.
type Client struct {
	Endpoint    *Endpoint // required
	Bucket      string    // required
	Region      string    // such as cn-hangzhou; required
	Product     string    // signer.ProductOSS if empty
	Credentials signer.Credentials

	RootCAs *x509.CertPool    // those of the system if nil
	Base    http.RoundTripper // sends the signed requests; if nil, a transport that trusts RootCAs
	Timeout time.Duration     // for a request and its answer; none if 0

	// Skewed, if set, is told how far this clock is behind the service's before a request is signed again with the
	// service's time.
	Skewed func(behind time.Duration)
}

// An Answer is what the service says to a request that it has carried out.
type Answer struct {
	Status    int
	RequestID string
	Body      []byte
}

// Put stores a configuration, in XML. The error is a [*ServiceError] if the service refuses it, and wraps a
// [*signer.Error] if the request cannot be signed; any other is of the network.
func (c *Client) Put(ctx context.Context, doc []byte) (*Answer, error) {
	return c.do(ctx, http.MethodPut, doc)
}

// Get fetches the configuration, in XML. Errors are those of Put.
func (c *Client) Get(ctx context.Context) (*Answer, error) { return c.do(ctx, http.MethodGet, nil) }

// do sends a request, and sends it once more if the service says that the clock is wrong.
func (c *Client) do(ctx context.Context, method string, body []byte) (*Answer, error) {
	base := c.Base
	if base == nil {
		own := &http.Transport{
			Proxy:              http.ProxyFromEnvironment,
			TLSClientConfig:    &tls.Config{RootCAs: c.RootCAs, MinVersion: tls.VersionTLS12},
			ForceAttemptHTTP2:  true,
			DisableCompression: true,
		}
		defer own.CloseIdleConnections()
		base = own
	}
	var behind time.Duration
	client := &http.Client{
		Timeout:       c.Timeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &signhttp.Transport{
			Credentials: func(context.Context) (signer.Credentials, error) { return c.Credentials, nil },
			Region:      c.Region,
			Product:     c.Product,
			Addressing:  c.Endpoint.addressing(),
			Base:        base,
			Now:         func() time.Time { return time.Now().Add(behind) },
		},
	}
	answer, err := c.send(ctx, client, method, body)
	var refused *ServiceError
	if !errors.As(err, &refused) {
		return answer, err
	}
	server, skewed := refused.skew()
	if !skewed {
		return nil, err
	}
	behind = time.Until(server)
	if c.Skewed != nil {
		c.Skewed(behind)
	}
	return c.send(ctx, client, method, body)
}

func (c *Client) send(ctx context.Context, client *http.Client, method string, body []byte) (*Answer, error) {
	// Anything else could turn the address into that of another host, or of an object.
	if c.Bucket == "" || strings.ContainsFunc(c.Bucket, notInBucket) {
		return nil, &signer.Error{Field: "Bucket", Hint: "give 3 to 63 lower-case letters, digits and hyphens", Err: signer.ErrBucket}
	}
	r, err := http.NewRequestWithContext(ctx, method, c.Endpoint.url(c.Bucket), bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	if method == http.MethodPut {
		sum := md5.Sum(body)
		r.Header.Set("Content-Type", "application/xml")
		r.Header.Set("Content-MD5", base64.StdEncoding.EncodeToString(sum[:]))
	}
	resp, err := client.Do(r)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("read the answer: %w", err)
	case len(data) > maxAnswer:
		return nil, ErrAnswer
	case resp.StatusCode != http.StatusOK:
		return nil, newServiceError(resp, data)
	}
	return &Answer{Status: resp.StatusCode, RequestID: resp.Header.Get("X-Oss-Request-Id"), Body: data}, nil
}

// notInBucket reports whether the name of a bucket cannot hold r.
func notInBucket(r rune) bool {
	return !(r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '-')
}
