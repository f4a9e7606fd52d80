package signhttp_test

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/ossconf/ossconf/signer/signhttp"
)

func TestResource(t *testing.T) {
	tests := []struct {
		name        string
		addressing  signhttp.Addressing
		host, path  string
		bucket, key string
		refused     bool
	}{
		{name: "virtual hosted", host: "b1.oss-cn-hangzhou.aliyuncs.com", path: "/a/b", bucket: "b1", key: "a/b"},
		{name: "capitals and a port", host: "B1.OSS-cn-hangzhou.aliyuncs.com:443", path: "/", bucket: "b1"},
		{name: "internal", host: "b1.oss-cn-hangzhou-internal.aliyuncs.com", path: "", bucket: "b1"},
		{name: "dual stack", host: "b1.cn-hangzhou.oss.aliyuncs.com", path: "/k", bucket: "b1", key: "k"},
		{name: "dual stack service", host: "cn-hangzhou.oss.aliyuncs.com", path: "/"},
		{name: "service", host: "oss-cn-hangzhou.aliyuncs.com", path: "/"},
		{name: "two labels", host: "a.b.oss-cn-hangzhou.aliyuncs.com", path: "/", refused: true},
		{name: "other product", host: "b1.ecs.aliyuncs.com", path: "/", refused: true},
		{name: "other host", host: "b1.oss-cn-hangzhou.aliyuncs.com.example.com", path: "/", refused: true},
		{name: "IPv4", host: "127.0.0.1:8080", path: "/b1/a//b", bucket: "b1", key: "a//b"},
		{name: "IPv4, bucket alone", host: "127.0.0.1", path: "/b1", bucket: "b1"},
		{name: "IPv6", host: "[::1]:80", path: "/b1/", bucket: "b1"},
		{name: "localhost", host: "localhost:80", path: "/b1/k", bucket: "b1", key: "k"},
		{name: "endpoint", addressing: signhttp.Addressing{Endpoint: "oss.example.com"}, host: "b1.oss.example.com:81", path: "/k", bucket: "b1", key: "k"},
		{name: "endpoint with a port", addressing: signhttp.Addressing{Endpoint: "oss.example.com:81"}, host: "b1.oss.example.com:81", path: "/k", bucket: "b1", key: "k"},
		{name: "endpoint with another port", addressing: signhttp.Addressing{Endpoint: "oss.example.com:81"}, host: "b1.oss.example.com:82", path: "/k", refused: true},
		{name: "endpoint itself", addressing: signhttp.Addressing{Endpoint: "oss.example.com"}, host: "oss.example.com", path: "/"},
		{name: "not under the endpoint", addressing: signhttp.Addressing{Endpoint: "oss.example.com"}, host: "badoss.example.com", path: "/", refused: true},
		{name: "address that is not the endpoint", addressing: signhttp.Addressing{Endpoint: "oss.example.com"}, host: "127.0.0.1", path: "/b1/", refused: true},
		{name: "path style", addressing: signhttp.Addressing{Endpoint: "oss.example.com", PathStyle: true}, host: "oss.example.com", path: "/b1/k", bucket: "b1", key: "k"},
		{name: "path style elsewhere", addressing: signhttp.Addressing{Endpoint: "oss.example.com", PathStyle: true}, host: "b1.oss.example.com", path: "/b1/k", refused: true},
		{name: "custom domain", addressing: signhttp.Addressing{Bucket: "b1"}, host: "static.example.com", path: "/k", bucket: "b1", key: "k"},
		{name: "custom domain, other host", addressing: signhttp.Addressing{Bucket: "b1", Endpoint: "static.example.com"}, host: "example.com", path: "/k", refused: true},
		{name: "escapes", host: "127.0.0.1", path: "/b1/%2f%41%2B+", bucket: "b1", key: "/A++"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			u, err := url.Parse("http://" + tt.host + tt.path)
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range []*http.Request{{URL: u}, {URL: &url.URL{Path: u.Path, RawPath: u.RawPath}, Host: tt.host}} {
				bucket, key, err := tt.addressing.Resource(r)
				if (err != nil) != tt.refused || bucket != tt.bucket || key != tt.key {
					t.Errorf("%q, %q, %v, want %q, %q", bucket, key, err, tt.bucket, tt.key)
				}
			}
		})
	}
}
