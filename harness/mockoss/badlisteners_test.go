package mockoss_test

import (
	"bytes"
	"crypto/tls"
	"encoding/json"
	"errors"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/ossconf/ossconf/harness/fault"
	"github.com/ossconf/ossconf/harness/mockoss"
	"github.com/ossconf/ossconf/signer/signhttp"
)

// allListeners starts a server with every listener that there is.
func allListeners(t *testing.T, cors bool) *mockoss.Server {
	t.Helper()
	s := mockoss.NewServer(mockoss.Options{Buckets: []string{"examplebucket"}, TLSAddr: "127.0.0.1:0", AdminAddr: "127.0.0.1:0", CORS: cors,
		Faults: []fault.Rule{{ID: "first", Kind: fault.Reset, Bucket: "other"}}})
	t.Cleanup(s.Close)
	return s
}

// serves fails the test if one of the listeners does not serve.
func serves(t *testing.T, s *mockoss.Server) {
	t.Helper()
	for _, url := range []string{s.URL, s.TLSURL} {
		base := s.Client().Transport // which trusts the certificates
		c := client()
		c.Transport.(*signhttp.Transport).Base = base
		status, body, err := send(c, "GET", url+"/examplebucket/?bucketInfo", "")
		if err != nil || status != 200 {
			t.Errorf("%s: %d %s %v", url, status, body, err)
		}
		c.CloseIdleConnections()
		base.(interface{ CloseIdleConnections() }).CloseIdleConnections()
	}
	resp, err := http.Get(s.AdminURL + "/health")
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != 200 {
		t.Errorf("admin: %s", resp.Status)
	}
}

// TestGarbageOnListeners sends to each listener what is meant for another, and what is meant for none.
func TestGarbageOnListeners(t *testing.T) {
	s := allListeners(t, false)
	admin := strings.TrimPrefix(s.AdminURL, "http://")
	r := rand.New(rand.NewPCG(9, 10))
	random := make([]byte, 1<<20)
	for i := range random {
		random[i] = byte(r.Uint32())
	}
	hello := clientHello(t)
	for _, test := range []struct{ name, raw string }{
		{"nothing", ""},
		{"a request", "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"},
		{"a ClientHello", hello},
		{"half a ClientHello", hello[:len(hello)/2]},
		{"a ClientHello that promises more", "\x16\x03\x01\x40\x00\x01\x00\x3f\xfc\x03\x03" + strings.Repeat("a", 0x3ff0)},
		{"a ClientHello that is none", "\x16\x03\x01\x00\x05\x01\x00\x00\x01\xff"},
		{"a record beyond all lengths", "\x16\x03\x01\xff\xff" + strings.Repeat("a", 0xffff)},
		{"an alert", "\x15\x03\x03\x00\x02\x02\x28"},
		{"data before the handshake", "\x17\x03\x03\x00\x05hello"},
		{"records without content", strings.Repeat("\x16\x03\x01\x00\x00", 10000)},
		{"SSL 2", "\x80\x2e\x01\x00\x02\x00\x15\x00\x00\x00\x10" + strings.Repeat("a", 37)},
		{"SSH", "SSH-2.0-OpenSSH_9.2\r\n"},
		{"a megabyte at random", string(random)},
		{"a megabyte of NUL", strings.Repeat("\x00", 1<<20)},
	} {
		t.Run(test.name, func(t *testing.T) {
			for _, address := range []string{s.Endpoint, s.TLSEndpoint, admin} {
				if answer := speak(t, address, test.raw); bytes.HasPrefix(answer, []byte("HTTP/1.1 2")) {
					t.Errorf("%s answered %.100q", address, answer)
				}
			}
			serves(t, s)
		})
	}
	t.Run("TLS to the plain listener", func(t *testing.T) {
		var header tls.RecordHeaderError
		_, err := tls.Dial("tcp", s.Endpoint, &tls.Config{InsecureSkipVerify: true})
		if !errors.As(err, &header) || !strings.HasPrefix(string(header.RecordHeader[:]), "HTTP/") {
			t.Errorf("a client is not told that this is HTTP: %v", err)
		}
	})
	t.Run("HTTP to the TLS listener", func(t *testing.T) {
		resp, err := http.Get("http://" + s.TLSEndpoint)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		if body, err := io.ReadAll(resp.Body); resp.StatusCode != 400 || !strings.Contains(string(body), "https://") || err != nil {
			t.Errorf("%s %s %v", resp.Status, body, err)
		}
	})
}

// clientHello returns what crypto/tls sends first.
func clientHello(t *testing.T) string {
	t.Helper()
	client, server := net.Pipe()
	defer client.Close()
	defer server.Close()
	go tls.Client(client, &tls.Config{ServerName: "examplebucket.oss-cn-hangzhou.aliyuncs.com"}).Handshake()
	var hello bytes.Buffer
	var header [5]byte
	if _, err := io.ReadFull(server, header[:]); err != nil {
		t.Fatal(err)
	}
	hello.Write(header[:])
	if _, err := io.CopyN(&hello, server, int64(header[3])<<8|int64(header[4])); err != nil {
		t.Fatal(err)
	}
	return hello.String()
}

// adminAnswer is an answer of the admin listener.
type adminAnswer struct {
	Status  int
	Code    string
	Message string
}

func admin(t *testing.T, r *http.Request) adminAnswer {
	t.Helper()
	resp, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	var doc struct {
		Error struct{ Code, Message string }
	}
	if resp.StatusCode >= 400 {
		if err := json.Unmarshal(body, &doc); err != nil || doc.Error.Code == "" || doc.Error.Message == "" {
			t.Errorf("%s: no error answer: %.200s", resp.Status, body)
		}
	}
	return adminAnswer{resp.StatusCode, doc.Error.Code, doc.Error.Message}
}

func adminRequest(t *testing.T, method, url, body string) *http.Request {
	t.Helper()
	r, err := http.NewRequest(method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestGarbageForFaults puts documents that are no rules. The rules stay as they are.
func TestGarbageForFaults(t *testing.T) {
	s := allListeners(t, false)
	before := s.Faults().List()
	for name, body := range map[string]string{
		"nothing":                "",
		"NUL":                    "\x00",
		"no UTF-8":               "[{\"kind\":\"\xff\"}]",
		"words":                  "reset everything",
		"XML":                    "<faults/>",
		"half an array":          `[{"kind":"reset"}`,
		"two documents":          `[] []`,
		"a number":               "7",
		"null":                   "null",
		"an array of null":       "[null]",
		"an array of arrays":     "[[]]",
		"a hundred thousand [":   strings.Repeat("[", 100000),
		"nested objects":         strings.Repeat(`{"a":`, 100000),
		"no kind":                "[{}]",
		"another kind":           `[{"kind":"earthquake"}]`,
		"an unknown member":      `[{"kind":"reset","when":"now"}]`,
		"a member twice":         `[{"kind":"reset","kind":"reset"}]`,
		"a probability of 2":     `[{"kind":"reset","probability":2}]`,
		"a probability of 1e999": `[{"kind":"reset","probability":1e999}]`,
		"a negative count":       `[{"kind":"reset","count":-1}]`,
		"a count beyond all":     `[{"kind":"reset","count":99999999999999999999}]`,
		"a delay in words":       `[{"kind":"latency","delay":"soon"}]`,
		"a negative delay":       `[{"kind":"latency","delay":"-1s"}]`,
		"a status of 200":        `[{"kind":"status","status":200,"code":"OK"}]`,
		"an id with a slash":     `[{"id":"a/b","kind":"reset"}]`,
		"an id twice":            `[{"id":"a","kind":"reset"},{"id":"a","kind":"reset"}]`,
		"one good, one bad":      `[{"kind":"reset"},{"kind":"earthquake"}]`,
		"a message of a line":    `[{"kind":"status","status":500,"code":"a\r\nX-A: b"}]`,
		"more than a megabyte":   `[` + strings.Repeat(" ", 1<<20) + `]`,
	} {
		t.Run(name, func(t *testing.T) {
			for _, method := range []string{"PUT", "POST"} {
				got := admin(t, adminRequest(t, method, s.AdminURL+"/faults", body))
				if got.Status != 400 && got.Status != 413 || len(got.Message) > 1000 {
					t.Errorf("%s: %+v", method, got)
				}
			}
			if diff := cmp.Diff(before, s.Faults().List()); diff != "" {
				t.Errorf("the rules have changed (-before +after):\n%s", diff)
			}
		})
	}
	serves(t, s)
}

// TestStrangersAtTheAdminListener asks as a page elsewhere would make a browser ask: under a name that was given this
// machine's address, or with an origin of its own.
func TestStrangersAtTheAdminListener(t *testing.T) {
	for _, cors := range []bool{false, true} {
		s := allListeners(t, cors)
		_, port, _ := net.SplitHostPort(strings.TrimPrefix(s.AdminURL, "http://"))
		pages := 403 // what a page of this machine gets
		if cors {
			pages = 200
		}
		for _, test := range []struct {
			name, host, origin string
			status             int
		}{
			{"an address", "127.0.0.1:" + port, "", 200},
			{"an address without port", "127.0.0.1", "", 200},
			{"localhost", "localhost:" + port, "", 200},
			{"version 6", "[::1]:" + port, "", 200},
			{"a name", "evil.example:" + port, "", 403},
			{"a name like the address", "127.0.0.1.evil.example:" + port, "", 403},
			{"a name like localhost", "localhost.evil.example", "", 403},
			{"a name before localhost", "evil.localhost", "", 403},
			{"an address in brackets", "[127.0.0.1]x", "", 403},
			{"a number for an address", "2130706433:" + port, "", 403},
			{"an address in octal", "0177.0.0.1:" + port, "", 403},
			{"a foreign page", "127.0.0.1:" + port, "https://evil.example", 403},
			{"a foreign page at a name", "evil.example:" + port, "http://evil.example:" + port, 403},
			{"a page without origin", "127.0.0.1:" + port, "null", 403},
			{"a page at a name like localhost", "127.0.0.1:" + port, "http://localhost.evil.example", 403},
			{"a page at a name before localhost", "127.0.0.1:" + port, "http://evil-localhost", 403},
			{"a page with a user named localhost", "127.0.0.1:" + port, "http://localhost@evil.example", 403},
			{"a page with localhost for a path", "127.0.0.1:" + port, "http://evil.example/localhost", 403},
			{"a page of this machine", "127.0.0.1:" + port, "http://localhost:3000", pages},
			{"a page of this machine at an address", "127.0.0.1:" + port, "http://127.0.0.1:3000", pages},
		} {
			t.Run(test.name, func(t *testing.T) {
				for _, method := range []string{"GET", "PUT", "OPTIONS"} {
					if method == "OPTIONS" && test.origin == "" {
						continue // only pages ask first
					}
					url, body := s.AdminURL+"/state", ""
					if method == "PUT" {
						url, body = s.AdminURL+"/clock", `{"offset":"1h"}`
					}
					r := adminRequest(t, method, url, body)
					r.Host = test.host
					if test.origin != "" {
						r.Header.Set("Origin", test.origin)
					}
					got := admin(t, r)
					want := test.status
					if method == "OPTIONS" && want == 200 {
						want = 204
					}
					if got.Status != want {
						t.Errorf("%s: %+v, want %d", method, got, want)
					}
				}
				if offset := s.ClockOffset(); (offset != 0) != (test.status == 200) {
					t.Errorf("the clock is %v ahead", offset)
				}
				s.SetClockOffset(0)
			})
		}
		if got := len(s.Faults().List()); got != 1 {
			t.Errorf("%d rules are left", got)
		}
		serves(t, s)
	}
}

// TestClocksThatAreNone puts documents that are no clock.
func TestClocksThatAreNone(t *testing.T) {
	s := allListeners(t, false)
	s.SetClockOffset(time.Minute)
	for _, body := range []string{"", "null", "{}", "[]", `{"offset":null}`, `{"offset":20}`, `{"offset":"20"}`, `{"offset":"9999999h"}`, `{"offset":"1m","x":1}`,
		`{"offset":"1m"} {"offset":"2m"}`, strings.Repeat("{", 100000), `{"offset":"` + strings.Repeat("1", 100000) + `m"}`} {
		if got := admin(t, adminRequest(t, "PUT", s.AdminURL+"/clock", body)); got.Status != 400 || len(got.Message) > 1000 {
			t.Errorf("%.50q: %d %.1000s", body, got.Status, got.Message)
		}
	}
	if s.ClockOffset() != time.Minute {
		t.Errorf("the clock is %v ahead", s.ClockOffset())
	}
	s.SetClockOffset(0)
	serves(t, s)
}
