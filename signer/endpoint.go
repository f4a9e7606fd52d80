package signer

import (
	"strings"

	"github.com/ossconf/ossconf/internal/ascii"
)

// address returns scheme and host of a presigned URL, empty if there is no way to know them.
func (o *PresignOptions) address(sc scope, bucket string) (string, error) {
	if o.Endpoint == "" {
		if sc.product != ProductOSS {
			return "", nil
		}
		host := "oss-" + sc.region + ".aliyuncs.com"
		if bucket == "" || o.PathStyle {
			return "https://" + host, nil
		}
		return "https://" + bucket + "." + host, nil
	}
	scheme, host := "https://", o.Endpoint
	if before, after, found := strings.Cut(o.Endpoint, "://"); found {
		if !ascii.EqualFold(before, "https") && !ascii.EqualFold(before, "http") {
			return "", &Error{Field: "Endpoint", Hint: "give http or https as the scheme", Err: ErrEndpoint}
		}
		scheme, host = ascii.Lower(before)+"://", after
	}
	host = strings.TrimSuffix(host, "/")
	if !validHost(host) {
		return "", &Error{Field: "Endpoint", Hint: "give a host such as oss-cn-hangzhou.aliyuncs.com, without path and query", Err: ErrEndpoint}
	}
	if bucket == "" || o.PathStyle || NeedsPathStyle(host) {
		return scheme + host, nil
	}
	return scheme + bucket + "." + host, nil
}

func (o *PresignOptions) pathStyle(address string) bool {
	_, host, _ := strings.Cut(address, "://")
	return o.PathStyle || NeedsPathStyle(host)
}

// NeedsPathStyle reports whether a host, with or without a port, cannot carry a bucket in front of it: an IP address
// or localhost.
func NeedsPathStyle(host string) bool {
	if strings.HasPrefix(host, "[") {
		return true
	}
	name, _, _ := strings.Cut(host, ":")
	if ascii.EqualFold(name, "localhost") {
		return true
	}
	for i := range len(name) {
		if c := name[i]; (c < '0' || c > '9') && c != '.' {
			return false
		}
	}
	return name != ""
}

// validHost reports whether s is a host name, an IPv4 address or an IPv6 address in brackets, with a port or without.
func validHost(s string) bool {
	name, port := s, ""
	if i := strings.LastIndexByte(s, ':'); i > strings.LastIndexByte(s, ']') {
		name, port = s[:i], s[i+1:]
		if n, ok := digits(port); !ok || port == "" || len(port) > 5 || n > 65535 {
			return false
		}
	}
	if len(name) > 2 && name[0] == '[' && name[len(name)-1] == ']' {
		return strings.Trim(name[1:len(name)-1], "0123456789abcdefABCDEF:.") == ""
	}
	for part := range strings.SplitSeq(name, ".") {
		if !hostLabel(part) {
			return false
		}
	}
	return len(name) <= 253
}

func hostLabel(s string) bool {
	for i := range len(s) {
		if c := lower(s[i]); (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' && c != '_' {
			return false
		}
	}
	return s != "" && len(s) <= 63
}
