package mockoss_test

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ossconf/ossconf/harness/mockoss"
)

func ExampleNewServer() {
	s := mockoss.NewServer(mockoss.Options{Buckets: []string{"examplebucket"}})
	defer s.Close()

	resp, err := http.Get(s.URL + "/examplebucket/?httpsConfig") // not signed
	if err != nil {
		fmt.Println(err)
		return
	}
	resp.Body.Close()
	fmt.Println(resp.Status)
	for _, r := range s.Requests() {
		fmt.Println(r.Method, r.Bucket, r.Status, r.Code, r.EC)
	}
	// Output:
	// 403 Forbidden
	// GET examplebucket 403 AccessDenied 0003-00000905
}

func TestOptionsThatNoServerCanHave(t *testing.T) {
	key := func(id, secret, token string) mockoss.Options {
		return mockoss.Options{Credentials: []mockoss.Credential{{AccessKeyID: id, AccessKeySecret: secret, SecurityToken: token}}}
	}
	for _, test := range []struct {
		name    string
		options mockoss.Options
		want    string
	}{
		{"no access key ID", key("", "the-secret", ""), "Credentials[0]"},
		{"no secret", key("id", "", ""), "Credentials[0]"},
		{"a slash in the access key ID", key("a/b", "the-secret", ""), "Credentials[0]"},
		{"a line end in the secret", key("id", "the-secret\n", ""), "Credentials[0]"},
		{"a blank in the token", key("id", "the-secret", "the- secret"), "Credentials[0]"},
		{"an access key twice", mockoss.Options{Credentials: []mockoss.Credential{
			{AccessKeyID: "id", AccessKeySecret: "the-secret"}, {AccessKeyID: "id", AccessKeySecret: "the-secret"}}}, "Credentials[1]"},
		{"an endpoint for a region", mockoss.Options{Region: "oss-cn-hangzhou"}, "Region"},
		{"no product", mockoss.Options{Product: "OSS"}, "Product"},
		{"a host with a port", mockoss.Options{Host: "oss.test:80"}, "Host"},
		{"a URL for a host", mockoss.Options{Host: "http://oss.test"}, "Host"},
		{"fewer requests than none", mockoss.Options{Kept: -1}, "Kept"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := mockoss.Start(test.options)
			if !errors.Is(err, mockoss.ErrOptions) || !strings.Contains(err.Error(), test.want) {
				t.Fatalf("%v", err)
			}
			if strings.Contains(err.Error(), "the-secret") {
				t.Errorf("a secret in %v", err)
			}
			for name, f := range map[string]func(){"New": func() { mockoss.New(test.options) }, "NewServer": func() { mockoss.NewServer(test.options) }} {
				func() {
					defer func() {
						if r := recover(); fmt.Sprint(r) != err.Error() {
							t.Errorf("%s panics with %v, not with %v", name, r, err)
						}
					}()
					f()
				}()
			}
		})
	}
}

func TestStartSaysWhyItCannotListen(t *testing.T) {
	s := mockoss.NewServer(mockoss.Options{})
	defer s.Close()
	_, err := mockoss.Start(mockoss.Options{Addr: s.Endpoint})
	var op *net.OpError
	if !errors.As(err, &op) || op.Op != "listen" {
		t.Errorf("%v", err)
	}
}

func TestClose(t *testing.T) {
	s := mockoss.NewServer(mockoss.Options{})
	s.Close()
	s.Close()
	if _, err := http.Get(s.URL); err == nil {
		t.Error("it still answers")
	}
}

func TestOnTheWire(t *testing.T) {
	s := mockoss.NewServer(mockoss.Options{Buckets: []string{"examplebucket"}, Now: func() time.Time { return noon },
		RequestID: func() string { return "534B371674E88A4D8906ABCD" }, Credentials: []mockoss.Credential{{AccessKeyID: "alice", AccessKeySecret: "alice-secret"}}})
	defer s.Close()
	const common = "Date: Thu, 17 Apr 2025 12:00:00 GMT\r\nServer: AliyunOSS\r\nX-Oss-Request-Id: 534B371674E88A4D8906ABCD\r\n"
	for _, test := range []struct {
		name  string
		query query
		close bool
		want  string
	}{
		{"PUT", query{method: "PUT", target: "/?httpsConfig", body: enabled}, false,
			"HTTP/1.1 200 OK\r\nConnection: keep-alive\r\nContent-Length: 0\r\n" + common + "\r\n"},
		{"the last request of a connection", query{method: "PUT", target: "/?httpsConfig", body: enabled}, true,
			"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n" + common + "Connection: close\r\n\r\n"},
		{"204", query{method: "DELETE"}, false, "HTTP/1.1 204 No Content\r\nConnection: keep-alive\r\n" + common + "\r\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			conn, err := net.Dial("tcp", s.Endpoint)
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			r := test.query.request(t)
			r.Close = test.close
			if err := r.Write(conn); err != nil {
				t.Fatal(err)
			}
			got := make([]byte, len(test.want))
			if _, err := io.ReadFull(conn, got); err != nil || string(got) != test.want {
				t.Errorf("%v\n%s\nwant\n%s", err, got, test.want)
			}
		})
	}
}

// pipes is a listener that hands out one end of a net.Pipe, whose deadlines a synctest bubble can run.
type pipes chan net.Conn

func (p pipes) Accept() (net.Conn, error) {
	conn, ok := <-p
	if !ok {
		return nil, net.ErrClosed
	}
	return conn, nil
}

func (p pipes) Close() error   { close(p); return nil }
func (p pipes) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 1} }

func TestSlowClients(t *testing.T) {
	signed := query{method: "PUT", target: "/?httpsConfig", body: enabled}
	for _, test := range []struct {
		name string
		send string // then silence
		want string // how the answer begins
	}{
		{"half a header", "GET / HTTP/1.1\r\nHost: local", ""},
		{"nothing at all", "", ""},
		{"half a body", wire(t, signed, len(enabled)/2), "HTTP/1.1 400 Bad Request\r\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := make(pipes)
				s := mockoss.Serve(newService(), l)
				defer s.Close()
				client, server := net.Pipe()
				defer client.Close()
				l <- server
				if _, err := io.WriteString(client, test.send); err != nil {
					t.Fatal(err)
				}
				// Reading ends only because the server hangs up: the bubble's clock runs while all wait.
				answer, err := io.ReadAll(bufio.NewReader(client))
				if err != nil || !strings.HasPrefix(string(answer), test.want) || test.want == "" && len(answer) > 0 {
					t.Errorf("%v %q", err, answer)
				}
				if test.want != "" && !strings.Contains(string(answer), "<Code>RequestTimeout</Code>") {
					t.Errorf("%s", answer)
				}
			})
		})
	}
}

// wire returns a request as it is sent, up to n bytes of its body.
func wire(t *testing.T, q query, n int) string {
	t.Helper()
	var b strings.Builder
	if err := q.request(t).Write(&b); err != nil {
		t.Fatal(err)
	}
	head, body, _ := strings.Cut(b.String(), "\r\n\r\n")
	return head + "\r\n\r\n" + body[:n]
}
