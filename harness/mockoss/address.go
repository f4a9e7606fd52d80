package mockoss

import (
	"net"
	"net/url"
	"strings"

	"github.com/ossconf/ossconf/signer/signhttp"
)

// address finds out which bucket and object the request is about, from the host (virtual-hosted style) or, where the
// host is an endpoint by itself or an IP address, from the path (path style).
func (c *call) address() error {
	query, err := signhttp.ParseQuery(c.r.URL.RawQuery)
	if err != nil {
		return invalidArgument("The query string is not well-formed.")
	}
	c.query = make(url.Values)
	for _, f := range query {
		c.query.Add(f.Name, f.Value)
	}
	bucket, virtual, known := c.service.hostBucket(c.r.Host)
	if !known {
		return wrongEndpoint(c.service.endpointHost())
	}
	// The bucket ends at a slash that stands there as one, so the path is cut before it is decoded. Decoding cannot
	// fail: EscapedPath returns nothing that is not well-formed.
	path := strings.TrimPrefix(c.r.URL.EscapedPath(), "/")
	if !virtual {
		bucket, path, _ = strings.Cut(path, "/")
		bucket, _ = url.PathUnescape(bucket)
	}
	c.bucket = bucket
	c.key, _ = url.PathUnescape(path)
	return nil
}

// hostBucket splits a Host header. virtual says that it names a bucket, known that it leads here at all.
func (s *Service) hostBucket(host string) (bucket string, virtual, known bool) {
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	if net.ParseIP(strings.Trim(host, "[]")) != nil {
		return "", false, true
	}
	for _, endpoint := range s.endpoints() {
		// Host names do not tell case apart, but OSS refuses a bucket written in capitals: its bytes are left alone.
		front := len(host) - len(endpoint)
		switch {
		case front < 0 || !strings.EqualFold(host[front:], endpoint):
		case front == 0:
			return "", false, true
		case host[front-1] == '.':
			return host[:front-1], true, true
		}
	}
	return "", false, false
}

// endpoints returns the hosts that buckets are looked for under.
func (s *Service) endpoints() []string {
	region := s.options.Region
	list := []string{"localhost", "oss-" + region + ".aliyuncs.com", "oss-" + region + "-internal.aliyuncs.com"}
	if s.options.Host != "" {
		list = append(list, s.options.Host)
	}
	return list
}

// endpointHost returns the host to send a request to that went to another.
func (s *Service) endpointHost() string {
	if s.options.Host != "" {
		return s.options.Host
	}
	return "oss-" + s.options.Region + ".aliyuncs.com"
}

// validBucketName reports whether name keeps the naming conventions of OSS
// (https://help.aliyun.com/en/oss/user-guide/0015-00000001).
func validBucketName(name string) bool {
	if len(name) < 3 || len(name) > 63 || name[0] == '-' || name[len(name)-1] == '-' {
		return false
	}
	for i := range len(name) {
		c := name[i]
		if !(c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-') {
			return false
		}
	}
	return true
}
