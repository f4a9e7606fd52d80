package signer_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/ossconf/ossconf/signer"
)

func TestSignedHeaders(t *testing.T) {
	const token = "token+/="
	tests := []struct {
		name          string
		token         string
		omit          bool
		headers, want []signer.Field // without Authorization, which is always last
	}{
		{"none", "", false, nil, []signer.Field{{Name: "x-oss-content-sha256", Value: "UNSIGNED-PAYLOAD"}, {Name: "x-oss-date", Value: "20250417T131318Z"}}},
		{"token", token, false, nil, []signer.Field{{Name: "x-oss-content-sha256", Value: "UNSIGNED-PAYLOAD"}, {Name: "x-oss-date", Value: "20250417T131318Z"}, {Name: "x-oss-security-token", Value: token}}},
		{"replaced where they stand", token, false,
			[]signer.Field{{Name: "X-OSS-Date", Value: "stale"}, {Name: "ABC", Value: " 1 "}, {Name: "x-oss-Security-Token", Value: "stale"}, {Name: "authorization", Value: "stale"}, {Name: "X-Oss-Content-Sha256", Value: "stale"}},
			[]signer.Field{{Name: "X-OSS-Date", Value: "20250417T131318Z"}, {Name: "ABC", Value: " 1 "}, {Name: "x-oss-Security-Token", Value: token}, {Name: "X-Oss-Content-Sha256", Value: "UNSIGNED-PAYLOAD"}}},
		{"given twice", "", false,
			[]signer.Field{{Name: "x-oss-date", Value: "1"}, {Name: "X-Oss-Date", Value: "2"}, {Name: "a", Value: "1"}, {Name: "A", Value: "2"}},
			[]signer.Field{{Name: "x-oss-date", Value: "20250417T131318Z"}, {Name: "a", Value: "1"}, {Name: "A", Value: "2"}, {Name: "x-oss-content-sha256", Value: "UNSIGNED-PAYLOAD"}}},
		{"date omitted", "", true, []signer.Field{{Name: "x-oss-date", Value: "1"}}, []signer.Field{{Name: "x-oss-content-sha256", Value: "UNSIGNED-PAYLOAD"}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var s signer.Signer
			c, r := benchmarkRequest()
			c.SecurityToken, r.Headers, r.OmitDateHeader = tt.token, tt.headers, tt.omit
			out, err := s.Sign(c, r)
			if err != nil {
				t.Fatal(err)
			}
			want := append(tt.want, signer.Field{Name: "Authorization", Value: out.Authorization})
			if diff := cmp.Diff(want, out.Headers); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func TestCanonicalHeaders(t *testing.T) {
	var s signer.Signer
	c, r := benchmarkRequest()
	r.Headers = []signer.Field{
		{Name: "X-Oss-Meta-B", Value: "\t 1 "}, {Name: "HOST", Value: "h"}, {Name: "x-oss-meta-a", Value: ""}, {Name: "Content-Type", Value: "a  b"},
		{Name: "x-oss-meta-b", Value: "2"}, {Name: "Via", Value: "x"}, {Name: "x-ossx", Value: "not signed"}, {Name: "X-OSS-META-B", Value: "3"},
	}
	r.AdditionalHeaders = []string{"via", "Host", "absent", "VIA", "content-type", "x-oss-meta-a"}
	out, err := s.Sign(c, r)
	if err != nil {
		t.Fatal(err)
	}
	const want = "PUT\n/examplebucket/\nhttpsConfig\ncontent-type:a  b\nhost:h\nvia:x\nx-oss-content-sha256:UNSIGNED-PAYLOAD\n" +
		"x-oss-date:20250417T131318Z\nx-oss-meta-a:\nx-oss-meta-b:1,2,3\n\nhost;via\nUNSIGNED-PAYLOAD"
	if diff := cmp.Diff(want, out.CanonicalRequest); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if !strings.Contains(out.Authorization, ",AdditionalHeaders=host;via,") {
		t.Errorf("authorization %q", out.Authorization)
	}
}

// A header and query larger than any buffer on the stack, with more names than are sorted there.
func TestSignLarge(t *testing.T) {
	var s signer.Signer
	c, r := benchmarkRequest()
	r.Query, r.Headers, r.AdditionalHeaders = nil, nil, nil
	for i := range 200 {
		name := "n" + strings.Repeat("x", 199-i)
		r.Query = append(r.Query, signer.Field{Name: name, Value: " "})
		r.Headers = append(r.Headers, signer.Field{Name: name, Value: "v"})
		r.AdditionalHeaders = append(r.AdditionalHeaders, name)
	}
	out, err := s.Sign(c, r)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(out.CanonicalRequest, "\n")
	if want := "n=%20&nx=%20&nxx=%20&"; !strings.HasPrefix(lines[2], want) {
		t.Errorf("query %q", lines[2])
	}
	if lines[3] != "n:v" || lines[4] != "nx:v" || !strings.HasPrefix(lines[len(lines)-2], "n;nx;nxx;") {
		t.Errorf("headers %q", lines[3:])
	}
	v := signer.Verifier{Lookup: func(string) (signer.Credentials, bool) { return c, true }}
	if _, err := v.Verify(signer.Received{Method: r.Method, Bucket: r.Bucket, Query: r.Query, Headers: out.Headers}, r.Time); err != nil {
		t.Error(err)
	}
}

func TestSignAllocations(t *testing.T) {
	var s signer.Signer
	c, r := benchmarkRequest()
	if n := testing.AllocsPerRun(100, func() {
		if _, err := s.Sign(c, r); err != nil {
			t.Fatal(err)
		}
	}); n > 4 {
		t.Errorf("%v allocations, want at most 4", n)
	}
}

func TestPresignURL(t *testing.T) {
	tests := []struct {
		name, bucket, key, product, region string
		options                            signer.PresignOptions
		want                               string // up to the query; empty: no URL
	}{
		{"region's endpoint", "bucket", "a b/+", "", "cn-hangzhou", signer.PresignOptions{}, "https://bucket.oss-cn-hangzhou.aliyuncs.com/a%20b/%2B?"},
		{"bucket alone", "bucket", "", "", "cn-hangzhou", signer.PresignOptions{}, "https://bucket.oss-cn-hangzhou.aliyuncs.com/?"},
		{"service", "", "", "", "cn-hangzhou", signer.PresignOptions{}, "https://oss-cn-hangzhou.aliyuncs.com/?"},
		{"path style", "bucket", "k", "", "cn-hangzhou", signer.PresignOptions{PathStyle: true}, "https://oss-cn-hangzhou.aliyuncs.com/bucket/k?"},
		{"endpoint", "bucket", "k", "", "cn-hangzhou", signer.PresignOptions{Endpoint: "oss.example.com"}, "https://bucket.oss.example.com/k?"},
		{"endpoint with scheme, port and slash", "bucket", "k", "", "cn-hangzhou", signer.PresignOptions{Endpoint: "HTTP://oss.example.com:8080/"}, "http://bucket.oss.example.com:8080/k?"},
		{"service at an endpoint", "", "", "", "cn-hangzhou", signer.PresignOptions{Endpoint: "oss.example.com"}, "https://oss.example.com/?"},
		{"IPv4", "bucket", "k", "", "cn-hangzhou", signer.PresignOptions{Endpoint: "http://127.0.0.1:80"}, "http://127.0.0.1:80/bucket/k?"},
		{"IPv6", "bucket", "", "", "cn-hangzhou", signer.PresignOptions{Endpoint: "[::1]:80"}, "https://[::1]:80/bucket/?"},
		{"localhost", "bucket", "k", "", "cn-hangzhou", signer.PresignOptions{Endpoint: "http://LOCALHOST"}, "http://LOCALHOST/bucket/k?"},
		{"cloud box", "bucket", "k", "oss-cloudbox", "cb-123", signer.PresignOptions{}, ""},
		{"cloud box with an endpoint", "bucket", "k", "oss-cloudbox", "cb-123", signer.PresignOptions{Endpoint: "cb-123.cn-hangzhou.oss-cloudbox.aliyuncs.com"}, "https://bucket.cb-123.cn-hangzhou.oss-cloudbox.aliyuncs.com/k?"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var s signer.Signer
			c, r := benchmarkRequest()
			r.Method, r.Bucket, r.Key, r.Product, r.Region, r.Headers = "GET", tt.bucket, tt.key, tt.product, tt.region, nil
			tt.options.Expires = 60
			out, err := s.Presign(c, r, tt.options)
			if err != nil {
				t.Fatal(err)
			}
			want := tt.want
			if want != "" {
				want += out.SignedQuery
			}
			if out.URL != want {
				t.Errorf("URL %q, want %q", out.URL, want)
			}
			if !strings.HasSuffix(out.SignedQuery, "&x-oss-signature="+out.Signature) {
				t.Errorf("query %q", out.SignedQuery)
			}
		})
	}
}

func TestPostFields(t *testing.T) {
	for _, v := range loadVectors(t) {
		if v.operation != "post_policy" {
			continue
		}
		in := v.input
		want := []signer.Field{
			{Name: "policy", Value: v.expected.Policy},
			{Name: "x-oss-signature-version", Value: "OSS4-HMAC-SHA256"},
			{Name: "x-oss-credential", Value: in.AccessKeyID + "/" + in.Time[:8] + "/" + in.Region + "/oss/aliyun_v4_request"},
			{Name: "x-oss-date", Value: in.Time},
			{Name: "x-oss-signature", Value: v.expected.Signature},
		}
		if in.SecurityToken != "" {
			want = append(want, signer.Field{Name: "x-oss-security-token", Value: in.SecurityToken})
		}
		if diff := cmp.Diff(want, form(t, &v)); diff != "" {
			t.Errorf("%s (-want +got)\n%s", v.name, diff)
		}
	}
}
