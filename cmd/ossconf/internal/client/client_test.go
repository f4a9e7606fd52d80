package client_test

import (
	"bytes"
	"context"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ossconf/ossconf/cmd/ossconf/internal/client"
	"github.com/ossconf/ossconf/harness/mockoss"
	"github.com/ossconf/ossconf/signer"
)

const document = `<HttpsConfiguration><TLS><Enable>true</Enable><TLSVersion>TLSv1.2</TLSVersion></TLS></HttpsConfiguration>`

// newClient returns a client of a server that knows the default access key of mockoss.
func newClient(t *testing.T, url string) *client.Client {
	t.Helper()
	e, err := client.ParseEndpoint(url, false)
	if err != nil {
		t.Fatal(err)
	}
	return &client.Client{
		Endpoint: e, Bucket: "examplebucket", Region: mockoss.DefaultRegion,
		Credentials: signer.Credentials{AccessKeyID: mockoss.DefaultAccessKeyID, AccessKeySecret: mockoss.DefaultAccessKeySecret},
	}
}

func newMock(t *testing.T, o mockoss.Options) *mockoss.Server {
	t.Helper()
	o.Buckets = []string{"examplebucket"}
	s, err := mockoss.Start(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

func TestPutAndGet(t *testing.T) {
	s := newMock(t, mockoss.Options{})
	c := newClient(t, s.URL)
	put, err := c.Put(t.Context(), []byte(document))
	if err != nil {
		t.Fatal(err)
	}
	get, err := c.Get(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(get.Body, []byte("<TLSVersion>TLSv1.2</TLSVersion>")) {
		t.Errorf("Get returns %s", get.Body)
	}
	seen := s.Requests()
	if got, want := []string{put.RequestID, get.RequestID}, []string{seen[0].RequestID, seen[1].RequestID}; !cmp.Equal(got, want) {
		t.Errorf("request IDs %v, want %v", got, want)
	}
}

// TestLocalhost sends to a host that is looked for under a name: the bucket stands in the path.
func TestLocalhost(t *testing.T) {
	s := newMock(t, mockoss.Options{})
	c := newClient(t, strings.Replace(s.URL, "127.0.0.1", "localhost", 1))
	if _, err := c.Put(t.Context(), []byte(document)); err != nil {
		t.Fatal(err)
	}
}

// TestVirtualHosted reaches the server under the names that it has in production: the bucket stands in the host.
func TestVirtualHosted(t *testing.T) {
	s := newMock(t, mockoss.Options{})
	c := newClient(t, "http://oss-cn-hangzhou.aliyuncs.com")
	c.Base = s.Client().Transport
	if _, err := c.Put(t.Context(), []byte(document)); err != nil {
		t.Fatal(err)
	}
	if r := s.Requests()[0]; r.Target != "/?httpsConfig" || r.Bucket != "examplebucket" {
		t.Errorf("the server saw %+v", r)
	}
}

func TestServiceError(t *testing.T) {
	s := newMock(t, mockoss.Options{})
	c := newClient(t, s.URL)
	c.Bucket = "missingbucket"
	_, err := c.Get(t.Context())
	var e *client.ServiceError
	if !errors.As(err, &e) {
		t.Fatalf("error %v", err)
	}
	want := fmt.Sprintf("404 NoSuchBucket: The specified bucket does not exist. (EC 0015-00000101, request ID %s)", s.Requests()[0].RequestID)
	if diff := cmp.Diff(want, err.Error()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestSkew lets the server's clock be wrong: the request is signed once more, with the server's time.
func TestSkew(t *testing.T) {
	for _, off := range []time.Duration{-3 * time.Hour, 48 * time.Hour} {
		s := newMock(t, mockoss.Options{Now: func() time.Time { return time.Now().Add(off) }})
		c := newClient(t, s.URL)
		var told []time.Duration
		c.Skewed = func(behind time.Duration) { told = append(told, behind.Round(time.Hour)) }
		if _, err := c.Put(t.Context(), []byte(document)); err != nil {
			t.Errorf("%v: %v", off, err)
		}
		if diff := cmp.Diff([]time.Duration{off}, told); diff != "" {
			t.Errorf("%v: told (-want +got):\n%s", off, diff)
		}
		var codes []string
		for _, r := range s.Requests() {
			codes = append(codes, r.Code)
		}
		if diff := cmp.Diff([]string{"RequestTimeTooSkewed", ""}, codes); diff != "" {
			t.Errorf("%v: codes (-want +got):\n%s", off, diff)
		}
	}
}

// serve answers every request with f and returns the address and how many requests came.
func serve(t *testing.T, f http.HandlerFunc) (url string, requests func() int) {
	t.Helper()
	n := make(chan struct{}, 100)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n <- struct{}{}
		f(w, r)
	}))
	t.Cleanup(s.Close)
	return s.URL, func() int { return len(n) }
}

// TestSkewOnce has a service that is never content with the time.
func TestSkewOnce(t *testing.T) {
	for name, body := range map[string]string{
		"time in the document": `<Error><Code>RequestTimeTooSkewed</Code><ServerTime>2025-04-10T11:00:57.000Z</ServerTime></Error>`,
		"time in the header":   `<Error><Code>RequestTimeTooSkewed</Code></Error>`,
		"odd time":             `<Error><Code>RequestTimeTooSkewed</Code><ServerTime>noon</ServerTime></Error>`,
	} {
		t.Run(name, func(t *testing.T) {
			var dates []string
			url, requests := serve(t, func(w http.ResponseWriter, r *http.Request) {
				dates = append(dates, r.Header.Get("X-Oss-Date")[:8])
				w.Header().Set("Date", "Thu, 10 Apr 2025 11:00:57 GMT")
				w.WriteHeader(http.StatusForbidden)
				fmt.Fprint(w, body)
			})
			_, err := newClient(t, url).Get(t.Context())
			var e *client.ServiceError
			if !errors.As(err, &e) || e.Code != "RequestTimeTooSkewed" {
				t.Errorf("error %v", err)
			}
			if requests() != 2 || dates[1] != "20250410" {
				t.Errorf("%d requests, dated %v, want a second one with the service's date", requests(), dates)
			}
		})
	}
}

// TestRedirect shows that nothing is sent to where a redirect leads.
func TestRedirect(t *testing.T) {
	other, otherRequests := serve(t, func(http.ResponseWriter, *http.Request) {})
	url, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, other+r.URL.Path, http.StatusTemporaryRedirect)
	})
	_, err := newClient(t, url).Put(t.Context(), []byte(document))
	var e *client.ServiceError
	if !errors.As(err, &e) || e.Status != http.StatusTemporaryRedirect || !strings.HasPrefix(e.Location, other) {
		t.Errorf("error %v, want a refusal that says where the redirect leads", err)
	}
	if otherRequests() != 0 {
		t.Error("the redirect was followed")
	}
}

func TestOddAnswers(t *testing.T) {
	for _, test := range []struct {
		name   string
		answer http.HandlerFunc
		want   string
	}{
		{"no document", func(w http.ResponseWriter, _ *http.Request) {
			http.Error(w, "<html>gateway</html>", http.StatusBadGateway)
		}, "502 Bad Gateway"},
		{"no body", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(503) }, "503 Service Unavailable"},
		{"another document", func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(400)
			fmt.Fprint(w, "<Failure><Code>X</Code></Failure>")
		}, "400 Bad Request"},
		{"request ID and EC in headers", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("X-Oss-Request-Id", "0123456789ABCDEF01234567")
			w.Header().Set("X-Oss-Ec", "0003-00000001")
			w.WriteHeader(403)
		}, "403 Forbidden (EC 0003-00000001, request ID 0123456789ABCDEF01234567)"},
		{"success of another kind", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(204) }, "204 No Content"},
	} {
		t.Run(test.name, func(t *testing.T) {
			url, _ := serve(t, test.answer)
			_, err := newClient(t, url).Get(t.Context())
			var e *client.ServiceError
			if !errors.As(err, &e) || err.Error() != test.want {
				t.Errorf("error %v, want %s", err, test.want)
			}
		})
	}
}

func TestBrokenAnswers(t *testing.T) {
	t.Run("too large", func(t *testing.T) {
		url, _ := serve(t, func(w http.ResponseWriter, _ *http.Request) { w.Write(make([]byte, 2<<20)) })
		if _, err := newClient(t, url).Get(t.Context()); !errors.Is(err, client.ErrAnswer) {
			t.Errorf("error %v", err)
		}
	})
	t.Run("cut off", func(t *testing.T) {
		url, _ := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "100")
			w.Write([]byte("<HttpsConfiguration>"))
		})
		if answer, err := newClient(t, url).Get(t.Context()); err == nil {
			t.Errorf("half an answer passed: %q", answer.Body)
		}
	})
	t.Run("none in time", func(t *testing.T) {
		url, _ := serve(t, func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
		c := newClient(t, url)
		c.Timeout = time.Millisecond
		var timeout interface{ Timeout() bool }
		if _, err := c.Get(t.Context()); !errors.As(err, &timeout) || !timeout.Timeout() {
			t.Errorf("error %v", err)
		}
	})
	t.Run("cancelled", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		url, _ := serve(t, func(_ http.ResponseWriter, r *http.Request) {
			cancel()
			<-r.Context().Done()
		})
		if _, err := newClient(t, url).Get(ctx); !errors.Is(err, context.Canceled) {
			t.Errorf("error %v", err)
		}
	})
}

func TestUnsignable(t *testing.T) {
	url, requests := serve(t, func(http.ResponseWriter, *http.Request) {})
	for _, test := range []struct {
		name   string
		change func(*client.Client)
		want   error
	}{
		{"no bucket", func(c *client.Client) { c.Bucket = "" }, signer.ErrBucket},
		{"bucket and key", func(c *client.Client) { c.Bucket = "examplebucket/key" }, signer.ErrBucket},
		{"bucket that leads up", func(c *client.Client) { c.Bucket = ".." }, signer.ErrBucket},
		{"bucket in capitals", func(c *client.Client) { c.Bucket = "EXAMPLE" }, signer.ErrBucket},
		{"no region", func(c *client.Client) { c.Region = "" }, signer.ErrRegion},
		{"no secret", func(c *client.Client) { c.Credentials.AccessKeySecret = "" }, signer.ErrCredentials},
	} {
		c := newClient(t, url)
		test.change(c)
		if _, err := c.Put(t.Context(), []byte(document)); !errors.Is(err, test.want) {
			t.Errorf("%s: %v, want %v", test.name, err, test.want)
		}
	}
	if requests() != 0 {
		t.Error("something was sent")
	}
}

// TestBucketIsNoHost gives a bucket that would turn the endpoint into another one.
func TestBucketIsNoHost(t *testing.T) {
	for _, bucket := range []string{"evil.example.com/", "evil.example.com#", "user@evil", "a.b"} {
		e, err := client.ParseEndpoint("http://oss.example.invalid", false)
		if err != nil {
			t.Fatal(err)
		}
		c := newClient(t, "http://127.0.0.1:1")
		c.Endpoint, c.Bucket = e, bucket
		if _, err := c.Get(t.Context()); !errors.Is(err, signer.ErrBucket) {
			t.Errorf("%s: %v, want %v", bucket, err, signer.ErrBucket)
		}
	}
}

func TestRootCAs(t *testing.T) {
	s := httptest.NewUnstartedServer(mockoss.New(mockoss.Options{Buckets: []string{"examplebucket"}}))
	s.Config.ErrorLog = log.New(io.Discard, "", 0) // which would hold the failed handshake
	s.StartTLS()
	defer s.Close()
	c := newClient(t, s.URL)
	var unknown x509.UnknownAuthorityError
	if _, err := c.Put(t.Context(), []byte(document)); !errors.As(err, &unknown) {
		t.Errorf("with the roots of the system: %v", err)
	}
	c.RootCAs = x509.NewCertPool()
	c.RootCAs.AppendCertsFromPEM(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Certificate().Raw}))
	if _, err := c.Put(t.Context(), []byte(document)); err != nil {
		t.Errorf("with the server's certificate: %v", err)
	}
}

func TestParseEndpoint(t *testing.T) {
	for in, want := range map[string]string{
		"oss-cn-hangzhou.aliyuncs.com":          "https://oss-cn-hangzhou.aliyuncs.com",
		"http://127.0.0.1:9280":                 "http://127.0.0.1:9280",
		"http://127.0.0.1:9280/":                "http://127.0.0.1:9280",
		"https://[::1]:443":                     "https://[::1]:443",
		"localhost:80":                          "https://localhost:80",
		"":                                      "",
		"https://":                              "",
		"ftp://oss-cn-hangzhou.aliyuncs.com":    "",
		"https://user:pw@example.com":           "",
		"https://example.com/path":              "",
		"https://example.com?query":             "",
		"https://example.com#part":              "",
		"https://exa mple.com":                  "",
		"http://127.0.0.1:port":                 "",
		"https://oss-cn-hangzhou.aliyuncs.com/": "https://oss-cn-hangzhou.aliyuncs.com",
	} {
		e, err := client.ParseEndpoint(in, false)
		switch {
		case want == "" && !errors.Is(err, client.ErrEndpoint):
			t.Errorf("%q: %v, want %v", in, err, client.ErrEndpoint)
		case want != "" && err != nil:
			t.Errorf("%q: %v", in, err)
		case want != "" && e.String() != want:
			t.Errorf("%q is %s, want %s", in, e, want)
		}
	}
}

func TestEndpointNames(t *testing.T) {
	for _, test := range []struct {
		endpoint string
		want     bool
	}{
		{"examplebucket.oss-cn-hangzhou.aliyuncs.com", true},
		{"ExampleBucket.oss-cn-hangzhou.aliyuncs.com", true},
		{"oss-cn-hangzhou.aliyuncs.com", false},
		{"examplebucket2.oss-cn-hangzhou.aliyuncs.com", false},
	} {
		e, err := client.ParseEndpoint(test.endpoint, false)
		if err != nil {
			t.Fatal(err)
		}
		if got := e.Names("examplebucket"); got != test.want {
			t.Errorf("%s: %v", test.endpoint, got)
		}
	}
	if got := client.PublicEndpoint("cn-hangzhou").String(); got != "https://oss-cn-hangzhou.aliyuncs.com" {
		t.Errorf("public endpoint %s", got)
	}
}
