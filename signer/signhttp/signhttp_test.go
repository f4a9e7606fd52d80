package signhttp_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/ossconf/ossconf/signer"
	"github.com/ossconf/ossconf/signer/signhttp"
)

const (
	accessKeyID     = "testAccessKeyId"
	accessKeySecret = "testAccessKeySecret"
)

func lookup(token string) func(string) (signer.Credentials, bool) {
	return func(id string) (signer.Credentials, bool) {
		return signer.Credentials{AccessKeyID: id, AccessKeySecret: accessKeySecret, SecurityToken: token}, id == accessKeyID
	}
}

// A server verifies every request and remembers what it said of the last.
type server struct {
	*httptest.Server
	verifier signer.Verifier
	now      func() time.Time

	mu       sync.Mutex
	verified signer.Verified
	err      error
	body     string
}

func newServer(t *testing.T, token string, now func() time.Time) *server {
	s := &server{verifier: signer.Verifier{Lookup: lookup(token), Region: "cn-hangzhou"}, now: now}
	s.Server = httptest.NewServer(s)
	t.Cleanup(s.Close)
	return s
}

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	bucket, key, err := signhttp.Addressing{}.Resource(r)
	var verified signer.Verified
	if err == nil {
		verified, err = signhttp.Verify(&s.verifier, r, bucket, key, s.now())
	}
	body, _ := io.ReadAll(r.Body)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.verified, s.err, s.body = verified, err, string(body)
	if err != nil {
		w.WriteHeader(http.StatusForbidden)
	}
}

// last returns what the server said of the last request.
func (s *server) last() (signer.Verified, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.verified, s.err
}

var fixed = time.Date(2025, 4, 17, 13, 13, 18, 0, time.UTC)

func fixedNow() time.Time { return fixed }

func transport(token string) *signhttp.Transport {
	return &signhttp.Transport{
		Credentials: func(context.Context) (signer.Credentials, error) {
			return signer.Credentials{AccessKeyID: accessKeyID, AccessKeySecret: accessKeySecret, SecurityToken: token}, nil
		},
		Region: "cn-hangzhou",
		Now:    fixedNow,
	}
}

func newRequest(t *testing.T, method, url, body string) *http.Request {
	t.Helper()
	var content io.Reader
	if body != "" {
		content = strings.NewReader(body)
	}
	r, err := http.NewRequestWithContext(t.Context(), method, url, content)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestTransport(t *testing.T) {
	tests := []struct {
		name, method, path, body, token string
		header                          http.Header
		additional                      []string
		canonical                       string // first lines; the host is not fixed
	}{
		{"configuration", "PUT", "/examplebucket/?httpsConfig", "<a/>", "", http.Header{"Content-Type": {"application/xml"}}, nil,
			"PUT\n/examplebucket/\nhttpsConfig\ncontent-type:application/xml\nx-oss-content-sha256:"},
		{"empty value", "GET", "/examplebucket/?httpsConfig=", "", "", nil, nil, "GET\n/examplebucket/\nhttpsConfig\n"},
		{"plus is a blank", "GET", "/examplebucket/?prefix=a+b%2Bc", "", "", nil, nil, "GET\n/examplebucket/\nprefix=a%20b%2Bc\n"},
		{"service", "GET", "/", "", "", nil, nil, "GET\n/\n\n"},
		{"key", "GET", "/examplebucket/a%2fb%20c+d/%E4%BD%A0//x", "", "", nil, nil, "GET\n/examplebucket/a/b%20c%2Bd/%E4%BD%A0//x\n\n"},
		{"token", "GET", "/examplebucket/", "", "token+/=", nil, nil, "GET\n/examplebucket/\n\nx-oss-content-sha256:UNSIGNED-PAYLOAD\nx-oss-date:20250417T131318Z\nx-oss-security-token:token+/=\n"},
		{"host and length", "PUT", "/examplebucket/key", "abc", "", nil, []string{"Host", "content-LENGTH"}, "PUT\n/examplebucket/key\n\ncontent-length:3\nhost:127.0.0.1:"},
		{"length of nothing", "PUT", "/examplebucket/key", "", "", nil, []string{"Content-Length"}, "PUT\n/examplebucket/key\n\ncontent-length:0\n"},
		{"no length", "GET", "/examplebucket/key", "", "", nil, []string{"Content-Length"}, "GET\n/examplebucket/key\n\nx-oss-content"},
		{"date", "GET", "/examplebucket/", "", "", http.Header{"Date": {"Thu, 17 Apr 2025 13:13:18 GMT"}}, []string{"date"}, "GET\n/examplebucket/\n\ndate:Thu, 17 Apr 2025 13:13:18 GMT\n"},
		{"several values", "GET", "/examplebucket/", "", "", http.Header{"X-Oss-Meta-A": {" 1 ", "2"}}, nil, "GET\n/examplebucket/\n\nx-oss-content-sha256:UNSIGNED-PAYLOAD\nx-oss-date:20250417T131318Z\nx-oss-meta-a:1,2\n"},
		{"user agent", "GET", "/examplebucket/", "", "", http.Header{"User-Agent": {"a/1", "b/2"}}, []string{"user-agent"}, "GET\n/examplebucket/\n\nuser-agent:a/1\nx-oss-content"},
		{"no user agent", "GET", "/examplebucket/", "", "", http.Header{"User-Agent": {""}}, []string{"user-agent"}, "GET\n/examplebucket/\n\nx-oss-content"},
		{"names in two spellings", "GET", "/examplebucket/", "", "", http.Header{"x-oss-meta-a": {"1"}, "X-Oss-Meta-A": {"2"}, "x-custom": {"3"}}, []string{"X-Custom"},
			"GET\n/examplebucket/\n\nx-custom:3\nx-oss-content-sha256:UNSIGNED-PAYLOAD\nx-oss-date:20250417T131318Z\nx-oss-meta-a:2,1\n"},
		{"stale headers", "GET", "/examplebucket/", "", "", http.Header{"Authorization": {"stale"}, "x-oss-date": {"20200101T000000Z"}, "Content-Length": {"9"}}, []string{"content-length"},
			"GET\n/examplebucket/\n\nx-oss-content-sha256:UNSIGNED-PAYLOAD\nx-oss-date:20250417T131318Z\n\n\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := newServer(t, tt.token, fixedNow)
			tr := transport(tt.token)
			tr.AdditionalHeaders = tt.additional
			r := newRequest(t, tt.method, s.URL+tt.path, tt.body)
			if tt.header != nil {
				r.Header = tt.header.Clone()
			}
			before := r.Header.Clone()
			resp, err := (&http.Client{Transport: tr}).Do(r)
			if err != nil {
				t.Fatal(err)
			}
			resp.Body.Close()
			got, err := s.last()
			if err != nil || resp.StatusCode != http.StatusOK {
				t.Fatalf("status %d, %v\n%s", resp.StatusCode, err, got.CanonicalRequest)
			}
			if !strings.HasPrefix(got.CanonicalRequest, tt.canonical) {
				t.Errorf("canonical request %q, want it to begin with %q", got.CanonicalRequest, tt.canonical)
			}
			if s.body != tt.body {
				t.Errorf("body %q, want %q", s.body, tt.body)
			}
			if diff := cmp.Diff(before, r.Header); diff != "" {
				t.Errorf("the caller's request was changed (-before +after)\n%s", diff)
			}
		})
	}
}

// idler counts how often it is told to close idle connections.
type idler struct {
	http.RoundTripper
	told int
}

func (i *idler) CloseIdleConnections() { i.told++ }

func TestCloseIdleConnections(t *testing.T) {
	var base idler
	for _, transport := range []*signhttp.Transport{{Base: &base}, {Base: http.NewFileTransport(http.Dir("."))}} { // the second has none
		(&http.Client{Transport: transport}).CloseIdleConnections()
	}
	if base.told != 1 {
		t.Errorf("Base was told %d times", base.told)
	}
}

func TestPresign(t *testing.T) {
	for _, token := range []string{"", "token+/="} {
		later := fixed
		s := newServer(t, token, func() time.Time { return later })
		tr := transport(token)
		r := newRequest(t, "GET", s.URL+"/examplebucket/a%2Fb%20c?versionId=1&x-oss-signature=stale", "")
		url, err := tr.Presign(r, time.Minute)
		if err != nil {
			t.Fatal(err)
		}
		check := func(when time.Time, status int) {
			t.Helper()
			later = when
			resp, err := http.Get(url)
			if err != nil {
				t.Fatal(err)
			}
			resp.Body.Close()
			if got, err := s.last(); resp.StatusCode != status || !got.Presigned {
				t.Errorf("at %v: status %d, want %d: %v\n%s", when, resp.StatusCode, status, err, got.CanonicalRequest)
			}
		}
		check(fixed.Add(-15*time.Minute), 200)
		check(fixed.Add(-15*time.Minute-time.Second), 403)
		check(fixed.Add(time.Minute), 200)
		check(fixed.Add(time.Minute+time.Second), 403)
	}
}

// A request that cannot be signed is not sent, and its body is closed.
func TestTransportRefuses(t *testing.T) {
	sentinel := errors.New("no vault")
	tests := []struct {
		name   string
		url    string
		change func(*signhttp.Transport, *http.Request)
		want   error
	}{
		{"no credentials function", "http://127.0.0.1/b/", func(tr *signhttp.Transport, _ *http.Request) { tr.Credentials = nil }, signhttp.ErrNoCredentials},
		{"no credentials", "http://127.0.0.1/b/", func(tr *signhttp.Transport, _ *http.Request) {
			tr.Credentials = func(context.Context) (signer.Credentials, error) { return signer.Credentials{}, sentinel }
		}, sentinel},
		{"region", "http://127.0.0.1/bucket/", func(tr *signhttp.Transport, _ *http.Request) { tr.Region = "" }, signer.ErrRegion},
		{"other host", "http://example.com/", func(*signhttp.Transport, *http.Request) {}, signer.ErrEndpoint},
		{"opaque", "http://127.0.0.1/bucket/", func(_ *signhttp.Transport, r *http.Request) { r.URL.Opaque = "//127.0.0.1/x" }, signer.ErrKey},
		{"escape in the query", "http://127.0.0.1/bucket/", func(_ *signhttp.Transport, r *http.Request) { r.URL.RawQuery = "a=%zz" }, signer.ErrQuery},
		{"twice", "http://127.0.0.1/bucket/?a=1&%61=2", func(*signhttp.Transport, *http.Request) {}, signer.ErrDuplicateQuery},
		{"presigned", "http://127.0.0.1/bucket/?x-oss-signature=1", func(*signhttp.Transport, *http.Request) {}, signer.ErrQuery},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tr := transport("")
			tr.Base = roundTripper(func(r *http.Request) (*http.Response, error) {
				t.Errorf("sent %v", r.Header)
				return nil, errors.New("sent")
			})
			body := &closer{Reader: strings.NewReader("x")}
			r := newRequest(t, "PUT", tt.url, "")
			r.Body = body
			tt.change(tr, r)
			before := r.Header.Clone()
			if _, err := tr.RoundTrip(r); !errors.Is(err, tt.want) {
				t.Errorf("error %v, want %v", err, tt.want)
			}
			if !body.closed {
				t.Error("the body is open")
			}
			if diff := cmp.Diff(before, r.Header); diff != "" {
				t.Errorf("half signed (-before +after)\n%s", diff)
			}
			if _, err := tr.Presign(r, time.Minute); tt.name != "presigned" && !errors.Is(err, tt.want) {
				t.Errorf("Presign: error %v, want %v", err, tt.want)
			}
		})
	}
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

type closer struct {
	io.Reader
	closed bool
}

func (c *closer) Close() error { c.closed = true; return nil }

func TestPresignLife(t *testing.T) {
	tr := transport("")
	r := newRequest(t, "GET", "https://examplebucket.oss-cn-hangzhou.aliyuncs.com/", "")
	for _, life := range []time.Duration{-time.Second, 0, time.Second - 1, 7*24*time.Hour + time.Second, 1 << 62} {
		if url, err := tr.Presign(r, life); !errors.Is(err, signer.ErrExpires) {
			t.Errorf("%v: %q, %v, want ErrExpires", life, url, err)
		}
	}
}

func TestFormatTime(t *testing.T) {
	zone := time.FixedZone("", 8*3600)
	if got := signhttp.FormatTime(time.Date(2025, 4, 17, 21, 13, 18, 999, zone)); got != "20250417T131318Z" {
		t.Errorf("got %s", got)
	}
}

func TestParseQuery(t *testing.T) {
	tests := []struct {
		raw  string
		want []signer.Field
	}{
		{"", nil},
		{"&&", nil},
		{"httpsConfig", []signer.Field{{Name: "httpsConfig"}}},
		{"httpsConfig=", []signer.Field{{Name: "httpsConfig"}}},
		{"a=b=c&+x=%2b%2B+", []signer.Field{{Name: "a", Value: "b=c"}, {Name: " x", Value: "++ "}}},
		{"a;b=1", []signer.Field{{Name: "a;b", Value: "1"}}},
	}
	for _, tt := range tests {
		got, err := signhttp.ParseQuery(tt.raw)
		if err != nil {
			t.Errorf("%q: %v", tt.raw, err)
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%q (-want +got)\n%s", tt.raw, diff)
		}
	}
	for _, raw := range []string{"%", "%4", "a=%", "%zz", "a=%4g"} {
		if got, err := signhttp.ParseQuery(raw); !errors.Is(err, signer.ErrQuery) {
			t.Errorf("%q: %v, %v, want ErrQuery", raw, got, err)
		}
	}
}
