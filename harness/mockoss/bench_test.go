package mockoss_test

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"testing"

	"github.com/ossconf/ossconf/harness/mockoss"
)

// BenchmarkPutGet sends a signed PUT of a configuration and a signed GET over kept connections, to a handler that reads
// the body and answers with as many bytes, and to mockoss.
func BenchmarkPutGet(b *testing.B) {
	signed := func(method, body string) []byte {
		var raw bytes.Buffer
		if err := (query{method: method, host: "127.0.0.1", target: "/examplebucket/?httpsConfig", body: body, bucket: "examplebucket"}).
			request(b).Write(&raw); err != nil {
			b.Fatal(err)
		}
		return raw.Bytes()
	}
	requests := [][]byte{signed("PUT", enabled), signed("GET", "")}
	s := mockoss.Serve(newService(), listen(b))
	defer s.Close()
	document := answerOf(b, s.Endpoint, requests)
	bare := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, err := io.Copy(io.Discard, r.Body); err != nil {
			b.Error(err)
		}
		if r.Method == http.MethodGet {
			w.Header().Set("Content-Length", strconv.Itoa(len(document)))
			w.Write(document)
		}
	}))
	defer bare.Close()
	for _, test := range []struct{ name, address string }{{"bare", bare.Listener.Addr().String()}, {"mockoss", s.Endpoint}} {
		b.Run(test.name, func(b *testing.B) {
			b.RunParallel(func(pb *testing.PB) {
				conn, err := net.Dial("tcp", test.address)
				if err != nil {
					b.Error(err)
					return
				}
				defer conn.Close()
				in := bufio.NewReader(conn)
				for pb.Next() {
					for _, raw := range requests {
						if _, err := exchange(conn, in, raw); err != nil {
							b.Error(err)
							return
						}
					}
				}
			})
		})
	}
}

func listen(tb testing.TB) net.Listener {
	tb.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	return l
}

// exchange sends a request and returns the body of the answer, which has to be 200.
func exchange(conn net.Conn, in *bufio.Reader, raw []byte) ([]byte, error) {
	if _, err := conn.Write(raw); err != nil {
		return nil, err
	}
	resp, err := http.ReadResponse(in, nil)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s", resp.Status, body)
	}
	return body, err
}

// answerOf returns the answer to the last of some requests.
func answerOf(tb testing.TB, address string, requests [][]byte) (body []byte) {
	tb.Helper()
	conn, err := net.Dial("tcp", address)
	if err != nil {
		tb.Fatal(err)
	}
	defer conn.Close()
	in := bufio.NewReader(conn)
	for _, raw := range requests {
		if body, err = exchange(conn, in, raw); err != nil {
			tb.Fatal(err)
		}
	}
	return body
}
