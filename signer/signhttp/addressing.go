package signhttp

import (
	"net"
	"net/http"
	"net/url"
	"strings"

	"github.com/ossconf/ossconf/signer"
)

// Addressing says how requests name their bucket. The zero value knows the public endpoints of OSS,
// BUCKET.oss-REGION.aliyuncs.com and the like, and takes IP addresses and localhost as path style.
type Addressing struct {
	// Endpoint is the host that buckets stand in front of, with or without a port. Requests to other hosts are
	// refused, so that a redirect cannot lead a signature, and the token it goes with, elsewhere.
	Endpoint string
	// Bucket is the bucket of every request, for a host that does not name it, such as a custom domain.
	Bucket    string
	PathStyle bool // the first segment of the path is the bucket, on every host
}

// Resource returns the bucket and the key of a request, decoded; both are empty for a request to the service. It is an
// [*signer.Error] with the cause [signer.ErrEndpoint] if the host leaves open which bucket is meant, and with the cause
// [signer.ErrKey] if the path cannot be decoded.
func (a Addressing) Resource(r *http.Request) (bucket, key string, err error) {
	escaped := r.URL.EscapedPath()
	if r.URL.Opaque != "" || escaped != "" && escaped[0] != '/' {
		return "", "", &signer.Error{Field: "URL", Hint: "give an absolute path", Err: signer.ErrKey}
	}
	path, err := url.PathUnescape(escaped)
	if err != nil {
		return "", "", &signer.Error{Field: "URL.Path", Hint: "write a percent sign as %25", Err: signer.ErrKey}
	}
	path = strings.TrimPrefix(path, "/")
	host := r.Host
	if host == "" {
		host = r.URL.Host
	}
	bucket, inPath, ok := a.bucket(host)
	switch {
	case !ok:
		return "", "", &signer.Error{Field: "Host", Hint: "use a host of the endpoint, or set Addressing", Err: signer.ErrEndpoint}
	case inPath:
		bucket, key, _ = strings.Cut(path, "/")
		return bucket, key, nil
	}
	return bucket, path, nil
}

// bucket returns the bucket that a host names, or that it stands in the path.
func (a Addressing) bucket(host string) (bucket string, inPath, ok bool) {
	host = strings.ToLower(host)
	endpoint := strings.ToLower(a.Endpoint)
	if endpoint != "" && !hasPort(endpoint) {
		host = withoutPort(host)
	}
	front, under := strings.CutSuffix(host, "."+endpoint)
	at := endpoint == "" || host == endpoint
	switch {
	case a.Bucket != "":
		return a.Bucket, false, at || under && front == a.Bucket
	case a.PathStyle || signer.NeedsPathStyle(host):
		return "", true, at
	case endpoint == "":
		return publicBucket(withoutPort(host))
	case at:
		return "", false, true
	}
	return front, false, under && front != "" && !strings.Contains(front, ".")
}

// publicBucket takes the hosts of OSS apart: [BUCKET.]oss-REGION.aliyuncs.com, [BUCKET.]REGION.oss.aliyuncs.com.
func publicBucket(host string) (bucket string, inPath, ok bool) {
	rest, found := strings.CutSuffix(host, ".aliyuncs.com")
	if !found {
		return "", false, false
	}
	if region, dual := strings.CutSuffix(rest, ".oss"); dual {
		bucket, _, found = strings.Cut(region, ".")
		if !found {
			bucket = ""
		}
		return bucket, false, strings.Count(region, ".") <= 1
	}
	bucket, endpoint, found := strings.Cut(rest, ".")
	if !found {
		bucket, endpoint = "", rest
	}
	return bucket, false, strings.HasPrefix(endpoint, "oss-") && !strings.Contains(endpoint, ".")
}

func hasPort(host string) bool { return withoutPort(host) != host }

func withoutPort(host string) string {
	if name, _, err := net.SplitHostPort(host); err == nil {
		if strings.Contains(name, ":") {
			return "[" + name + "]"
		}
		return name
	}
	return host
}
