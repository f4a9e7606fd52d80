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
	path := strings.TrimPrefix(c.r.URL.EscapedPath(), "/")
	if !virtual {
		bucket, path, _ = strings.Cut(path, "/")
		if bucket, err = url.PathUnescape(bucket); err != nil {
			return invalidArgument("The path is not well-formed.")
		}
	}
	c.bucket = bucket
	if c.key, err = url.PathUnescape(path); err != nil {
		return invalidArgument("The path is not well-formed.")
	}
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
	// Host names do not tell case apart, but OSS refuses a bucket written in capitals, so its case is kept.
	lower := strings.ToLower(host)
	for _, endpoint := range s.endpoints() {
		if lower == endpoint {
			return "", false, true
		}
		if prefix, ok := strings.CutSuffix(lower, "."+endpoint); ok {
			return host[:len(prefix)], true, true
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
