package mockoss_test

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
	"github.com/ossconf/ossconf/harness/mockoss"
)

// FuzzRequest hands whatever net/http takes for a request to the service.
func FuzzRequest(f *testing.F) {
	for _, q := range []query{
		{}, {method: "PUT", target: "/?httpsConfig", body: enabled}, {method: "PUT", body: "<CreateBucketConfiguration/>"},
		{target: "/?list-type=2&max-keys=10&encoding-type=url"}, {target: "/?httpsConfig", query: true},
		{host: "127.0.0.1:1", target: "/examplebucket/?httpsConfig", bucket: "examplebucket"}, {method: "HEAD"},
		{method: "DELETE", key: "sts", token: "token"},
		{method: "OPTIONS", key: "anonymous", header: map[string]string{"Origin": "a", "Access-Control-Request-Method": "PUT"}},
		{header: map[string]string{"Authorization": "OSS alice:c2ln"}, key: "anonymous"},
	} {
		r := q.request(f)
		var raw bytes.Buffer
		if err := r.Write(&raw); err != nil {
			f.Fatal(err)
		}
		f.Add(raw.Bytes())
	}
	f.Add([]byte("GET /%2e%2e/\x7f?a=%&b HTTP/1.1\r\nHost: [::1\r\n\r\n"))
	f.Add([]byte("GET / HTTP/1.1\r\nHost: \xff\xe1\xba\x9e.localhost\r\n\r\n")) // changes its length in lower case
	f.Add([]byte("PUT /?httpsConfig HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\nzz"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		r, err := http.ReadRequest(bufio.NewReader(bytes.NewReader(raw)))
		if err != nil {
			t.Skip()
		}
		s := newService()
		re := serve(t, s, r) // fails if an error document is not well-formed
		switch {
		case re.status == http.StatusInternalServerError:
			t.Errorf("internal error for %q", raw)
		case re.status < 200 || re.status > 501:
			t.Errorf("status %d for %q", re.status, raw)
		}
		if got := len(s.Requests()); got != 1 {
			t.Errorf("Requests has %d", got)
		}
	})
}

// FuzzConfiguration puts any body, rightly signed. What is accepted is returned, and putting that again changes nothing.
func FuzzConfiguration(f *testing.F) {
	for _, body := range []string{enabled, "", "{}", "<HttpsConfiguration/>", "\uFEFF<HttpsConfiguration><TLS><Enable>false</Enable><x><y/></x></TLS></HttpsConfiguration>",
		"<HttpsConfiguration><TLS><Enable>true</Enable><TLSVersion>TLSv1.2</TLSVersion><TLSVersion> TLSv1.2 </TLSVersion></TLS></HttpsConfiguration>",
		"<HttpsConfiguration><TLS><Enable>false</Enable></TLS>" + strings.Repeat("<a/>", 12000) + "</HttpsConfiguration>"} {
		f.Add(body)
	}
	f.Fuzz(func(t *testing.T, body string) {
		s := newService()
		put := query{method: "PUT", target: "/?httpsConfig", body: body}
		if re := put.send(t, s); re.status != 200 {
			if code := re.err.values["Code"]; re.status != 400 || code != "MalformedXML" && code != "EntityTooLarge" {
				t.Errorf("%d %s", re.status, re.body)
			}
			return
		}
		first := query{target: "/?httpsConfig"}.send(t, s)
		put.body = first.body
		if re := put.send(t, s); re.status != 200 {
			t.Fatalf("what GET returned is refused: %d %s\n%s", re.status, re.body, first.body)
		}
		if diff := cmp.Diff(first.body, query{target: "/?httpsConfig"}.send(t, s).body); diff != "" {
			t.Errorf("(-first +second):\n%s", diff)
		}
	})
}

func TestABodyThatBreaksOff(t *testing.T) {
	s := newService()
	q := query{method: "PUT", target: "/?httpsConfig", body: enabled}
	for _, test := range []struct {
		name string
		body io.Reader
		code string
	}{
		{"with an error", io.MultiReader(strings.NewReader(enabled[:20]), iotest.ErrReader(errors.New("gone"))), "RequestTimeout"},
		{"without one", strings.NewReader(enabled[:20]), "InvalidDigest"},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := q.request(t)
			r.Body = io.NopCloser(test.body)
			if re := serve(t, s, r); re.status != 400 || re.err.values["Code"] != test.code {
				t.Errorf("%d %s, want %s", re.status, re.body, test.code)
			}
			if _, ok := s.Config("examplebucket"); ok {
				t.Error("something was stored")
			}
		})
	}
}

func TestMoreHeadersThanAreVerified(t *testing.T) {
	r := query{}.request(t)
	for i := range 1001 {
		r.Header.Add("X-Oss-Meta", fmt.Sprint(i))
	}
	if re := serve(t, newService(), r); re.status != 400 || re.err.values["Code"] != "InvalidArgument" {
		t.Errorf("%d %s", re.status, re.body)
	}
}

func TestARequestWithoutABody(t *testing.T) {
	r := query{method: "PUT", target: "/?httpsConfig"}.request(t)
	r.Body = nil // as http.NewRequest leaves it
	if re := serve(t, newService(), r); re.status != 400 || re.err.values["Code"] != "MalformedXML" {
		t.Errorf("%d %s", re.status, re.body)
	}
}

// A body of unknown length must not be read to its end.
func TestABodyWithoutEnd(t *testing.T) {
	r := query{method: "PUT", target: "/?httpsConfig"}.request(t)
	endless := &counter{Reader: iotest.OneByteReader(repeat("<a>"))}
	r.Body, r.ContentLength = io.NopCloser(endless), -1
	re := serve(t, newService(), r)
	if re.status != 400 || re.err.values["Code"] != "EntityTooLarge" {
		t.Errorf("%d %s", re.status, re.body)
	}
	if endless.n > 64<<10+1 {
		t.Errorf("%d bytes were read", endless.n)
	}
}

// repeat is an endless reader.
type repeat string

func (s repeat) Read(p []byte) (int, error) { return copy(p, s), nil }

type counter struct {
	io.Reader
	n int
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	c.n += n
	return n, err
}

// What is not HTTP at all is net/http's to refuse; the server has to be there afterwards.
func TestGarbageOnTheWire(t *testing.T) {
	s := mockoss.NewServer(mockoss.Options{})
	defer s.Close()
	for _, raw := range []string{
		"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", // a TLS ClientHello
		"\r\n\r\n\r\n", "GET", "GET / HTTP/1.1\r\n\r\n", "GET / HTTP/9.9\r\nHost: a\r\n\r\n",
		"PUT /b/?httpsConfig HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n",
		"PUT /b/?httpsConfig HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\nzzz",
		"GET /" + strings.Repeat("a", 1<<21) + " HTTP/1.1\r\nHost: localhost\r\n\r\n",
	} {
		conn, err := net.Dial("tcp", s.Endpoint)
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(conn, raw) // the server may hang up before it has read everything
		conn.(*net.TCPConn).CloseWrite()
		answer, _ := io.ReadAll(conn)
		conn.Close()
		if bytes.HasPrefix(answer, []byte("HTTP/1.1 2")) {
			t.Errorf("%.40q was answered %.40q", raw, answer)
		}
	}
	resp, err := http.Get(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusForbidden {
		t.Errorf("status %d", resp.StatusCode)
	}
}

func TestConcurrentUse(t *testing.T) {
	s := newService()
	var wg sync.WaitGroup
	for i := range 8 {
		host := fmt.Sprintf("bucket-%d.%s", i%4, endpoint) // two at a time on each
		var requests []*http.Request
		for _, q := range []query{
			{method: "PUT", host: host}, {method: "PUT", host: host, target: "/?httpsConfig", body: enabled},
			{host: host, target: "/?httpsConfig"}, {host: host}, {method: "DELETE", host: host},
		} {
			requests = append(requests, q.request(t))
		}
		wg.Go(func() {
			for _, r := range requests {
				w := httptest.NewRecorder()
				s.ServeHTTP(w, r)
				// The other one may have deleted the bucket, or made it anew.
				if w.Code >= 400 && w.Code != http.StatusNotFound {
					t.Errorf("%s %s%s: %d %s", r.Method, host, r.URL, w.Code, w.Body)
				}
				s.Requests()
				s.Config(fmt.Sprintf("bucket-%d", i%4))
			}
		})
	}
	wg.Wait()
	if got := len(s.Requests()); got != 40 {
		t.Errorf("%d requests were kept, want 40", got)
	}
}
