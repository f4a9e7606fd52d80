package client

import (
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/ossconf/ossconf/signer"
	"github.com/ossconf/ossconf/signer/signhttp"
)

// ErrEndpoint is the cause of every error of [ParseEndpoint].
var ErrEndpoint = errors.New("not an endpoint")

// An Endpoint is where a service is reached.
type Endpoint struct {
	scheme, host string
	pathStyle    bool
}

// ParseEndpoint reads an endpoint: a host with or without port, or an http or https URL of nothing more. Without a
// scheme it is https. The bucket goes in front of the host, or with pathStyle, and always for an IP address and
// localhost, into the path.
func ParseEndpoint(s string, pathStyle bool) (*Endpoint, error) {
	full := s
	if !strings.Contains(s, "://") {
		full = "https://" + s
	}
	u, err := url.Parse(full)
	switch {
	case err != nil || u.Hostname() == "":
		return nil, fmt.Errorf("%w: it has no host", ErrEndpoint)
	case u.Scheme != "http" && u.Scheme != "https":
		return nil, fmt.Errorf("%w: its scheme is neither http nor https", ErrEndpoint)
	case u.User != nil:
		return nil, fmt.Errorf("%w: it holds a user name", ErrEndpoint)
	case strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "":
		return nil, fmt.Errorf("%w: it holds more than a host", ErrEndpoint)
	}
	return &Endpoint{u.Scheme, u.Host, pathStyle || signer.NeedsPathStyle(u.Host)}, nil
}

// PublicEndpoint returns the endpoint of a region that is reached through the internet.
func PublicEndpoint(region string) *Endpoint {
	return &Endpoint{"https", "oss-" + region + ".aliyuncs.com", false}
}

// Names reports whether the endpoint begins with the bucket already.
func (e *Endpoint) Names(bucket string) bool {
	return !e.pathStyle && strings.HasPrefix(strings.ToLower(e.host), bucket+".")
}

// String returns the URL of the endpoint.
func (e *Endpoint) String() string { return e.scheme + "://" + e.host }

// url returns the address of a bucket's HTTPS configuration.
func (e *Endpoint) url(bucket string) string {
	u := url.URL{Scheme: e.scheme, Host: e.host, Path: "/", RawQuery: "httpsConfig"}
	if e.pathStyle {
		u.Path += bucket + "/"
	} else {
		u.Host = bucket + "." + e.host
	}
	return u.String()
}

// addressing says where in that address the bucket stands.
func (e *Endpoint) addressing() signhttp.Addressing {
	return signhttp.Addressing{Endpoint: e.host, PathStyle: e.pathStyle}
}
