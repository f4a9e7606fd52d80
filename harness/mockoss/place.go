package mockoss

import (
	"net"
	"strings"

	"github.com/ossconf/ossconf/signer"
)

// A place is a location that is served, with what checks the signatures that are made for it.
type place struct {
	Location
	verifier signer.Verifier
}

// id returns what OSS calls the location of a bucket: oss-cn-hangzhou.
func (p *place) id() string { return "oss-" + p.Region }

// endpoint returns the public endpoint, or the one inside Alibaba Cloud. A cloud box has one, whose region is not known
// here.
func (p *place) endpoint(internal bool) string {
	switch {
	case p.Product == signer.ProductCloudBox:
		return p.Region + ".oss-cloudbox.aliyuncs.com"
	case internal:
		return "oss-" + p.Region + "-internal.aliyuncs.com"
	}
	return "oss-" + p.Region + ".aliyuncs.com"
}

// A destination is what a Host header says of where a request goes.
type destination struct {
	bucket  string
	virtual bool   // the host names the bucket
	place   *place // nil: the host is one of those that lead to every place, and the signature says which is meant
}

// destination splits a host, with or without a port. It reports false for one that does not lead here.
func (s *Service) destination(host string) (destination, bool) {
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	if net.ParseIP(strings.Trim(host, "[]")) != nil {
		return destination{}, true
	}
	for _, name := range []string{"localhost", s.options.Host} {
		if bucket, virtual, ok := under(host, name); ok {
			return destination{bucket, virtual, nil}, true
		}
	}
	for i := range s.places {
		p := &s.places[i]
		for _, name := range []string{p.endpoint(false), p.endpoint(true), p.Region + ".oss.aliyuncs.com"} {
			if bucket, virtual, ok := under(host, name); ok {
				return destination{bucket, virtual, p}, true
			}
		}
		if p.Product == signer.ProductCloudBox {
			if bucket, virtual, ok := underBox(host, p.Region); ok {
				return destination{bucket, virtual, p}, true
			}
		}
	}
	return destination{}, false
}

// under takes a host apart into a bucket and endpoint. Host names do not tell case apart, but OSS refuses a bucket
// written in capitals: its bytes are left alone.
func under(host, endpoint string) (bucket string, virtual, ok bool) {
	front := len(host) - len(endpoint)
	switch {
	case endpoint == "" || front < 0 || !strings.EqualFold(host[front:], endpoint):
		return "", false, false
	case front == 0:
		return "", false, true
	case host[front-1] == '.':
		return host[:front-1], true, true
	}
	return "", false, false
}

// underBox is under for BUCKET.BOX.REGION.oss-cloudbox.aliyuncs.com, whatever the region is.
func underBox(host, box string) (bucket string, virtual, ok bool) {
	rest, _, ok := under(host, "oss-cloudbox.aliyuncs.com")
	if !ok {
		return "", false, false
	}
	dot := strings.LastIndexByte(rest, '.')
	if dot < 0 {
		return "", false, false
	}
	return under(rest[:dot], box)
}

// scopePlace returns the place that a signature names, the first one if it names none that is served: verifying then
// tells the client what is wrong with it.
func (s *Service) scopePlace(credential string) *place {
	if parts := strings.Split(credential, "/"); len(parts) == 5 {
		for i := range s.places {
			if p := &s.places[i]; p.Region == parts[2] && p.Product == parts[3] {
				return p
			}
		}
	}
	return &s.places[0]
}

// credential returns what a request gives as the credential of its signature, wherever it stands.
func (c *call) credential() string {
	if c.query.Has("x-oss-credential") {
		return c.query.Get("x-oss-credential")
	}
	_, after, _ := strings.Cut(c.r.Header.Get("Authorization"), "Credential=")
	credential, _, _ := strings.Cut(after, ",")
	return strings.TrimSpace(credential)
}

// reachedAt returns the endpoints that a client can use for what is at p: those it has used itself, if it did not come
// through one of OSS's names, so that a client that follows them does not leave this machine.
func (c *call) reachedAt(p *place) (extranet, intranet string) {
	if c.namedPlace || c.r.Host == "" {
		return p.endpoint(false), p.endpoint(true)
	}
	host := c.r.Host
	if c.virtual {
		host = host[len(c.bucket)+1:]
	}
	return host, host
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
