package mockoss

import (
	"net/url"
	"strings"

	"github.com/ossconf/ossconf/signer/signhttp"
)

// address finds out which bucket and object the request is about, from the host (virtual-hosted style) or, where the
// host is an endpoint by itself or an IP address, from the path (path style), and which location it is for.
func (c *call) address() error {
	query, err := signhttp.ParseQuery(c.r.URL.RawQuery)
	if err != nil {
		return invalidArgument("The query string is not well-formed.")
	}
	c.query = make(url.Values)
	for _, f := range query {
		c.query.Add(f.Name, f.Value)
	}
	d, known := c.service.destination(c.r.Host)
	if !known {
		return wrongEndpoint("", c.service.endpointHost())
	}
	if c.place, c.namedPlace = d.place, d.place != nil; c.place == nil {
		c.place = c.service.scopePlace(c.credential())
	}
	// The bucket ends at a slash that stands there as one, so the path is cut before it is decoded. Decoding cannot
	// fail: EscapedPath returns nothing that is not well-formed.
	path := strings.TrimPrefix(c.r.URL.EscapedPath(), "/")
	bucket := d.bucket
	if !d.virtual {
		bucket, path, _ = strings.Cut(path, "/")
		bucket, _ = url.PathUnescape(bucket)
	}
	c.bucket, c.virtual = bucket, d.virtual
	c.key, _ = url.PathUnescape(path)
	return nil
}

// endpointHost returns the host to send a request to that went to another.
func (s *Service) endpointHost() string {
	if s.options.Host != "" {
		return s.options.Host
	}
	return s.places[0].endpoint(false)
}
