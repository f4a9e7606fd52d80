package mockoss_test

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/ossconf/ossconf/harness/mockoss"
)

// speak sends bytes to a server, says that there are no more, and returns all that comes back.
func speak(t testing.TB, address, raw string) []byte {
	t.Helper()
	conn, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(time.Minute))
	go func() {
		io.WriteString(conn, raw) // the server may hang up before it has read everything
		conn.(*net.TCPConn).CloseWrite()
	}()
	answer, _ := io.ReadAll(conn)
	return answer
}

// answers takes apart what a server has sent: each answer is its status and, for an error of OSS, the code.
func answers(t testing.TB, raw []byte) (list []string) {
	t.Helper()
	in := bufio.NewReader(bytes.NewReader(raw))
	for {
		if _, err := in.Peek(1); err != nil {
			return list
		}
		resp, err := http.ReadResponse(in, nil)
		if err != nil {
			t.Fatalf("no answer: %v\n%.200s", err, raw)
		}
		body, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatalf("%v\n%.200s", err, raw)
		}
		a := fmt.Sprint(resp.StatusCode)
		if resp.StatusCode >= 300 && resp.Header.Get("X-Oss-Request-Id") != "" {
			a += " " + parseError(t, body).values["Code"]
		}
		list = append(list, a)
	}
}

// stillServes fails the test if a signed request is not answered.
func stillServes(t testing.TB, address string, signed query) {
	t.Helper()
	var raw bytes.Buffer
	r := signed.request(t)
	r.Close = true
	if err := r.Write(&raw); err != nil {
		t.Fatal(err)
	}
	if got := answers(t, speak(t, address, raw.String())); len(got) != 1 || got[0] != "200" {
		t.Errorf("a signed request afterwards: %v", got)
	}
}

// TestBrokenHTTP sends what is no HTTP, or HTTP that two readers might take apart differently. What net/http refuses
// does not reach the service and has no error code; what reaches it is answered in the form of OSS, as one request.
func TestBrokenHTTP(t *testing.T) {
	const (
		end      = "\r\n\r\n"
		local    = "Host: localhost\r\n"
		get      = "GET /a HTTP/1.1\r\n"
		put      = "PUT /a HTTP/1.1\r\n"
		name     = "400 InvalidBucketName" // it got as far as to a bucket named a
		denied   = "403 AccessDenied"      // nobody signed it, or it does not lead here
		smuggled = "GET /smuggled HTTP/1.1\r\n" + local + "\r\n"
	)
	s := mockoss.Serve(newService(), listen(t))
	defer s.Close()
	for _, test := range []struct {
		name, raw string
		want      string // the answers, with commas
		handled   int    // requests that the service has seen
	}{
		// How long the body is.
		{"two lengths", get + local + "Content-Length: 0\r\nContent-Length: 46" + end + smuggled, "400", 0},
		{"the same length twice", get + local + "Content-Length: 5\r\nContent-Length: 5" + end + "hello", name, 1},
		{"two lengths in one", get + local + "Content-Length: 0, 46" + end + smuggled, "400", 0},
		{"a length with a sign", get + local + "Content-Length: +5" + end + "hello", "400", 0},
		{"a length with a blank", get + local + "Content-Length: 4 6" + end + smuggled, "400", 0},
		{"a length in hexadecimal", get + local + "Content-Length: 0x5" + end + "hello", "400", 0},
		{"a length beyond all numbers", get + local + "Content-Length: 99999999999999999999" + end + "hello", "400", 0},
		{"a negative length", put + local + "Content-Length: -1" + end, "400", 0},
		// RFC 9112, section 6.3: the coding counts, and not the length. What follows is a request of its own.
		{"length and chunks", put + local + "Content-Length: 5\r\nTransfer-Encoding: chunked" + end + "0" + end + smuggled, denied + ",404 NoSuchBucket", 2},
		{"two codings", put + local + "Transfer-Encoding: chunked, identity" + end + "0" + end, "501", 0},
		{"chunked twice", put + local + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked" + end + "0" + end, "501", 0},
		{"an unknown coding", put + local + "Transfer-Encoding: xchunked" + end + "0" + end + smuggled, "501", 0},
		{"a blank before the colon", put + local + "Transfer-Encoding : chunked" + end + "0" + end, "400", 0},
		{"a vertical tab in the coding", put + local + "Transfer-Encoding: \vchunked" + end + "0" + end, "400", 0},
		// RFC 9112, section 6.1: there are no chunks in HTTP/1.0. Either way the connection ends.
		{"chunks in HTTP/1.0", "PUT /a HTTP/1.0\r\n" + local + "Transfer-Encoding: chunked" + end + "0" + end + smuggled, denied, 1},
		{"no chunk", put + local + "Transfer-Encoding: chunked" + end + "zz" + end + smuggled, denied, 1},
		{"a chunk beyond all numbers", put + local + "Transfer-Encoding: chunked" + end + "ffffffffffffffffff\r\nhello" + end, denied, 1},
		{"a chunk with an extension without end", put + local + "Transfer-Encoding: chunked" + end + "1;" + strings.Repeat("a", 1<<17), denied, 1},

		// Lines.
		{"a folded header", get + local + "X-A: b\r\n c" + end, name, 1},
		{"a folded first header", get + " " + local + "\r\n", "400", 0},
		{"bare line feeds", "GET /a HTTP/1.1\nHost: localhost\n\n", name, 1},
		{"bare carriage returns", "GET /a HTTP/1.1\rHost: localhost\r\r", "400", 0},
		{"a carriage return in a value", get + local + "X-A: a\rX-B: b" + end, "400", 0},
		{"a header without colon", get + local + "X-A b" + end, "400", 0},
		{"a header without name", get + local + ": b" + end, "400", 0},
		{"NUL in a value", get + local + "X-A: a\x00b" + end, "400", 0},
		{"NUL in a name", get + local + "X\x00A: b" + end, "400", 0},
		{"NUL in the path", "GET /a\x00b HTTP/1.1\r\n" + local + "\r\n", "400", 0},
		{"NUL in the method", "G\x00T /a HTTP/1.1\r\n" + local + "\r\n", "400", 0},
		{"NUL in the path, encoded", "GET /a%00b HTTP/1.1\r\n" + local + "\r\n", name, 1},
		{"5000 headers", get + local + strings.Repeat("X-A: b\r\n", 5000) + "\r\n", "400 InvalidArgument", 1},
		{"50000 headers", get + local + strings.Repeat("X-A: b\r\n", 50000) + "\r\n", "431", 0},
		{"a megabyte of a header", get + local + "X-A: " + strings.Repeat("b", 1<<20) + end, "431", 0},
		{"a megabyte of a method", strings.Repeat("A", 1<<20) + " /a HTTP/1.1\r\n" + local + "\r\n", "431", 0},

		// Where it goes.
		{"another host in the target", "GET http://example.com/a HTTP/1.1\r\n" + local + "\r\n", denied, 1},
		{"another host beside the target", "GET http://localhost/a HTTP/1.1\r\nHost: example.com" + end, name, 1},
		{"a target with an empty host", "GET http:///a HTTP/1.1\r\n" + local + "\r\n", name, 1},
		{"OPTIONS *", "OPTIONS * HTTP/1.1\r\n" + local + "\r\n", "400 BadRequest", 1},
		{"GET *", "GET * HTTP/1.1\r\n" + local + "\r\n", name, 1},
		{"CONNECT", "CONNECT example.com:443 HTTP/1.1\r\nHost: example.com:443" + end, denied, 1},
		{"CONNECT to here", "CONNECT localhost:443 HTTP/1.1\r\nHost: localhost:443" + end, denied, 1},
		{"TRACE", "TRACE /examplebucket/ HTTP/1.1\r\n" + local + "X-A: b" + end, denied, 1},
		{"a path without slash", "GET a HTTP/1.1\r\n" + local + "\r\n", "400", 0},
		{"a path that is no path", "GET /%zz HTTP/1.1\r\n" + local + "\r\n", "400", 0},
		{"a path with a host", "GET //example.com/a HTTP/1.1\r\n" + local + "\r\n", name, 1},
		{"a path that climbs", "GET /a/../../examplebucket/ HTTP/1.1\r\n" + local + "\r\n", name, 1},
		{"blanks in the path", "GET /a b HTTP/1.1\r\n" + local + "\r\n", "400", 0},
		{"two blanks before the path", "GET  /a HTTP/1.1\r\n" + local + "\r\n", "400", 0},

		// The host.
		{"two hosts", get + local + "Host: example.com" + end, "400", 0},
		{"an empty host", get + "Host: " + end, denied, 1},
		{"no host", get + "X-A: b" + end, "400", 0},
		{"no host in HTTP/1.0", "GET /a HTTP/1.0" + end, denied, 1},
		{"a blank in the host", get + "Host: a b" + end, "400", 0},
		{"a path in the host", get + "Host: localhost/../a" + end, "400", 0},
		{"a user in the host", get + "Host: user@localhost" + end, "400", 0},
		{"two ports", get + "Host: localhost:80:80" + end, denied, 1},
		{"a host that ends in a dot", get + "Host: localhost." + end, denied, 1},
		{"a host that only ends like one of OSS", get + "Host: evil-oss-cn-hangzhou.aliyuncs.com" + end, denied, 1},
		{"a host that only begins like one of OSS", get + "Host: oss-cn-hangzhou.aliyuncs.com.example.com" + end, denied, 1},
		{"dots for a bucket", "GET /a HTTP/1.1\r\nHost: ...oss-cn-hangzhou.aliyuncs.com" + end, name, 1},

		// The version.
		{"no version", "GET /a" + end, "400", 0},
		{"version 2", "GET /a HTTP/2.0\r\n" + local + "\r\n", "505", 0},
		{"the preface of version 2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", denied, 1},
		{"an upgrade to version 2", get + local + "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__" + end, name, 1},
		{"another expectation", get + local + "Expect: 200-maybe" + end, "417", 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			before := s.Requests()
			got := strings.Join(answers(t, speak(t, s.Endpoint, test.raw)), ",")
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if handled := len(s.Requests()) - len(before); handled != test.handled {
				t.Errorf("the service has seen %d requests, want %d", handled, test.handled)
			}
			stillServes(t, s.Endpoint, query{})
		})
	}
}
