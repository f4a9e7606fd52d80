package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/ossconf/ossconf/harness/mockoss"
)

// runBucket runs get or put in this process, against url.
func runBucket(t *testing.T, url, stdin string, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	t.Setenv(envAccessKeyID, mockoss.DefaultAccessKeyID)
	t.Setenv(envAccessKeySecret, mockoss.DefaultAccessKeySecret)
	t.Setenv(envSecurityToken, "")
	var out, err bytes.Buffer
	code = run(append(args, "--endpoint", url, "--region", "cn-hangzhou", "--bucket", "examplebucket"), strings.NewReader(stdin), &out, &err)
	return code, out.String(), err.String()
}

// TestSendFailures has services and networks that scripts cannot have.
func TestSendFailures(t *testing.T) {
	answer := func(status int, body string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("X-Oss-Request-Id", "0123456789ABCDEF01234567")
			w.WriteHeader(status)
			fmt.Fprint(w, body)
		}
	}
	for _, test := range []struct {
		name   string
		answer http.HandlerFunc
		args   []string
		want   string // of standard error, with URL in place of the address
	}{
		{"redirect", func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://elsewhere.invalid/", http.StatusMovedPermanently)
		}, nil, "ossconf: 301 Moved Permanently, URL, it redirects to http://elsewhere.invalid/, which is not followed; pass the right --endpoint\n"},
		{"another endpoint", answer(403, "<Error><Code>AccessDenied</Code><Endpoint>oss-cn-beijing.aliyuncs.com</Endpoint></Error>"), nil,
			"ossconf: 403 AccessDenied (request ID 0123456789ABCDEF01234567), URL, pass --endpoint oss-cn-beijing.aliyuncs.com\n"},
		{"a code without a hint", answer(503, "<Error><Code>Odd</Code><Message>Slow\x1b down.</Message><EC>0001-00000001</EC></Error>"), nil,
			"ossconf: 503 Service Unavailable (request ID 0123456789ABCDEF01234567), URL\n"}, // XML cannot hold the escape
		{"an EC", answer(503, "<Error><Code>Odd</Code><Message>Slow&#x202e; down.</Message><EC>0001-00000001</EC></Error>"), nil,
			"ossconf: 503 Odd: Slow\uFFFD down. (EC 0001-00000001, request ID 0123456789ABCDEF01234567), URL, see https://api.aliyun.com/troubleshoot?q=0001-00000001\n"},
		{"no configuration", answer(200, "<html></html>"), nil,
			"ossconf: the root element is <html>, the answer of URL:1:1, check --endpoint: this is no answer of OSS (request ID 0123456789ABCDEF01234567)\n"},
		{"nothing in time", func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, []string{"--timeout", "1ms"},
			"ossconf: there was no complete answer within 1ms, URL, check the network or raise --timeout\n"},
		{"cut off", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "100")
			fmt.Fprint(w, "<HttpsConfiguration>")
		}, nil, "ossconf: read the answer: unexpected EOF, URL, check the endpoint and the network\n"},
		{"too large", answer(200, strings.Repeat(" ", 2<<20)), nil,
			"ossconf: the answer is larger than 1 MiB, URL, check the endpoint and the network\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := httptest.NewServer(test.answer)
			defer s.Close()
			code, stdout, stderr := runBucket(t, s.URL, "", append([]string{"get"}, test.args...)...)
			if got := strings.ReplaceAll(stderr, s.URL, "URL"); code != exitService || stdout != "" || got != test.want {
				t.Errorf("exit code %d, output %q, error\n%s\nwant\n%s", code, stdout, got, test.want)
			}
		})
	}
}

func TestUnknownAuthority(t *testing.T) {
	s := httptest.NewUnstartedServer(nil)
	s.Config.ErrorLog = log.New(io.Discard, "", 0) // which would hold the failed handshake
	s.StartTLS()
	defer s.Close()
	code, _, stderr := runBucket(t, s.URL, "", "get")
	if code != exitService || !strings.HasSuffix(stderr, ", pass --ca-file if the service has a certificate of its own\n") {
		t.Errorf("exit code %d, error %s", code, stderr)
	}
}

// TestSkewedClock puts to a service that is three hours ahead.
func TestSkewedClock(t *testing.T) {
	s, err := mockoss.Start(mockoss.Options{
		Buckets: []string{"examplebucket"}, Now: func() time.Time { return time.Now().Add(3 * time.Hour) },
	})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	const document = `{"TLS":{"Enable":false}}`
	code, stdout, stderr := runBucket(t, s.URL, document, "put")
	if code != exitOK || !strings.HasPrefix(stdout, "stored in examplebucket, ") || !strings.HasPrefix(stderr, "ossconf: this clock is ") {
		t.Errorf("exit code %d, output %q, error %q", code, stdout, stderr)
	}
	code, stdout, stderr = runBucket(t, s.URL, document, "put", "--output", "json")
	if code != exitOK || !json.Valid([]byte(stdout)) || stderr != "" {
		t.Errorf("json: exit code %d, output %q, error %q", code, stdout, stderr)
	}
}
