package fault_test

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/ossconf/ossconf/harness/fault"
)

// TestWire looks at what clients get, over plain HTTP and TLS.
func TestWire(t *testing.T) {
	type outcome struct {
		Err     error // that the client's wraps
		Status  int
		Length  int64  // Content-Length
		Body    string // as far as it came
		Handled []string
	}
	errorDoc := func(code, message, ec string) string {
		w := httptest.NewRecorder()
		refuse(w, nil, 500, code, message, ec)
		return w.Body.String()
	}
	busy := errorDoc("ServiceUnavailable", "Busy.", "")
	status := fault.Rule{Kind: fault.Status, Status: 503, Code: "ServiceUnavailable", Message: "Busy."}
	statusAfter := status
	statusAfter.After = true
	unclosed := strings.TrimSuffix(config, "</HttpsConfiguration>\n")
	put, get := []string{"PutBucketHttpsConfig"}, []string{"GetBucketHttpsConfig"}
	size := int64(len(config))
	const nothing = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Result>"
	for _, test := range []struct {
		name   string
		method string
		rules  []fault.Rule
		want   outcome
	}{
		{"no rule", "GET", nil, outcome{nil, 200, size, config, get}},
		{"latency", "PUT", []fault.Rule{{Kind: fault.Latency, Delay: time.Hour}}, outcome{nil, 200, 0, "", put}},
		{"latency after", "GET", []fault.Rule{{Kind: fault.Latency, Delay: time.Hour, After: true}}, outcome{nil, 200, size, config, get}},

		{"reset GET", "GET", []fault.Rule{{Kind: fault.Reset}}, outcome{syscall.ECONNRESET, 0, 0, "", nil}},
		{"reset PUT", "PUT", []fault.Rule{{Kind: fault.Reset}}, outcome{syscall.ECONNRESET, 0, 0, "", nil}},
		{"reset HEAD", "HEAD", []fault.Rule{{Kind: fault.Reset}}, outcome{syscall.ECONNRESET, 0, 0, "", nil}},
		{"reset after", "PUT", []fault.Rule{{Kind: fault.Reset, After: true}}, outcome{syscall.ECONNRESET, 0, 0, "", put}},

		{"truncate", "GET", []fault.Rule{{Kind: fault.Truncate}}, outcome{io.ErrUnexpectedEOF, 200, size, config[:size/2], get}},
		{"truncate at 10", "GET", []fault.Rule{{Kind: fault.Truncate, Bytes: 10}}, outcome{io.ErrUnexpectedEOF, 200, size, config[:10], get}},
		{"truncate far", "GET", []fault.Rule{{Kind: fault.Truncate, Bytes: 1 << 30}}, outcome{io.ErrUnexpectedEOF, 200, size, config[:size-1], get}},
		{"truncate nothing", "PUT", []fault.Rule{{Kind: fault.Truncate}}, outcome{io.ErrUnexpectedEOF, 200, 1, "", put}},
		{"truncate HEAD", "HEAD", []fault.Rule{{Kind: fault.Truncate}}, outcome{io.ErrUnexpectedEOF, 0, 0, "", []string{"HeadBucket"}}},
		{"truncate 204", "DELETE", []fault.Rule{{Kind: fault.Truncate}}, outcome{io.ErrUnexpectedEOF, 0, 0, "", []string{"DeleteBucket"}}},

		{"malformed XML", "GET", []fault.Rule{{Kind: fault.MalformedXML}}, outcome{nil, 200, int64(len(unclosed)), unclosed, get}},
		{"malformed nothing", "PUT", []fault.Rule{{Kind: fault.MalformedXML}}, outcome{nil, 200, int64(len(nothing)), nothing, put}},
		{"malformed HEAD", "HEAD", []fault.Rule{{Kind: fault.MalformedXML}}, outcome{nil, 200, size, "", []string{"HeadBucket"}}},
		{"malformed 204", "DELETE", []fault.Rule{{Kind: fault.MalformedXML}}, outcome{nil, 204, 0, "", []string{"DeleteBucket"}}},

		{"status", "PUT", []fault.Rule{status}, outcome{nil, 503, int64(len(busy)), busy, nil}},
		{"status HEAD", "HEAD", []fault.Rule{status}, outcome{nil, 503, int64(len(busy)), "", nil}},
		{"status after", "PUT", []fault.Rule{statusAfter}, outcome{nil, 503, int64(len(busy)), busy, put}},

		{"truncated error", "PUT", []fault.Rule{{Kind: fault.Truncate, Bytes: 7}, status},
			outcome{io.ErrUnexpectedEOF, 503, int64(len(busy)), busy[:7], nil}},
		{"malformed error", "PUT", []fault.Rule{{Kind: fault.MalformedXML}, statusAfter},
			outcome{nil, 503, int64(len(busy) - len("</Error>\n")), strings.TrimSuffix(busy, "</Error>\n"), put}},
	} {
		for _, front := range fronts() {
			t.Run(test.name+"/"+front.name, func(t *testing.T) {
				s := newService(t, test.rules...)
				s.options.Sleep = noSleep
				server := front.start(s)
				defer server.Close()
				resp, body, err := send(t, once(server.Client()), test.method, server.URL+"/examplebucket/", config)
				got := outcome{Body: body}
				if resp != nil {
					got.Status, got.Length = resp.StatusCode, resp.ContentLength
					if server := resp.Header.Get("Server"); server != "AliyunOSS" {
						t.Errorf("Server: %q", server)
					}
				}
				got.Handled, _ = s.results()
				got.Err = test.want.Err
				if !errors.Is(err, test.want.Err) {
					t.Errorf("error %v, want %v", err, test.want.Err)
				}
				if diff := cmp.Diff(test.want, got, cmp.Comparer(func(a, b error) bool { return a == b })); diff != "" {
					t.Errorf("(-want +got):\n%s", diff)
				}
			})
		}
	}
}

// noSleep ends every wait at once.
func noSleep(ctx context.Context, _ time.Duration) error { return ctx.Err() }

// An answer that is complete leaves the connection as it was, one that is not ends it.
func TestKeepAlive(t *testing.T) {
	status := fault.Rule{Kind: fault.Status, Status: 500, Code: "InternalError"}
	for _, test := range []struct {
		name   string
		rule   fault.Rule
		reused bool
	}{
		{"status", status, true},
		{"throttle", fault.Rule{Kind: fault.Throttle}, true},
		{"malformed XML", fault.Rule{Kind: fault.MalformedXML}, true},
		{"date", fault.Rule{Kind: fault.Date, Offset: time.Hour}, true},
		{"truncate", fault.Rule{Kind: fault.Truncate}, false},
		{"reset", fault.Rule{Kind: fault.Reset}, false},
	} {
		for _, front := range fronts() {
			t.Run(test.name+"/"+front.name, func(t *testing.T) {
				test.rule.Count = 1
				server := front.start(newService(t, test.rule))
				defer server.Close()
				for i := range 2 {
					reused := false
					ctx := httptrace.WithClientTrace(t.Context(), &httptrace.ClientTrace{
						GotConn: func(info httptrace.GotConnInfo) { reused = info.Reused }})
					r, _ := http.NewRequestWithContext(ctx, "PUT", server.URL+"/examplebucket/", strings.NewReader(config))
					resp, err := server.Client().Do(r)
					if err == nil {
						_, err = io.ReadAll(resp.Body)
						resp.Body.Close()
					}
					switch {
					case i == 0:
					case err != nil || resp.StatusCode != 200:
						t.Errorf("second request: %v, %v", resp, err)
					case reused != test.reused:
						t.Errorf("connection reused: %t, want %t", reused, test.reused)
					}
				}
			})
		}
	}
}

// net/http's client sends a GET again when a connection that worked before is reset, so the rule sees both.
func TestResetIsRetriedByTheTransport(t *testing.T) {
	s := newService(t, fault.Rule{Kind: fault.Reset, Skip: 1, Count: 1})
	server := httptest.NewServer(s)
	defer server.Close()
	for range 2 {
		r, _ := http.NewRequestWithContext(t.Context(), "GET", server.URL+"/examplebucket/", nil)
		resp, err := server.Client().Do(r)
		if err != nil {
			t.Fatal(err)
		}
		io.ReadAll(resp.Body)
		resp.Body.Close()
	}
	want := []fault.State{{Rule: fault.Rule{ID: "1", Kind: fault.Reset, Skip: 1, Count: 1}, Matched: 3, Fired: 1}}
	if diff := cmp.Diff(want, s.faults.List()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// A client that waits for 100 Continue gets the error in its place; one whose request passes, or waits, gets it.
func TestExpectContinue(t *testing.T) {
	for _, test := range []struct {
		name      string
		rules     []fault.Rule
		continued bool
		status    int
	}{
		{"none", nil, true, 200},
		{"status", []fault.Rule{{Kind: fault.Status, Status: 403, Code: "AccessDenied"}}, false, 403},
		{"status after", []fault.Rule{{Kind: fault.Status, Status: 500, Code: "InternalError", After: true}}, true, 500},
		{"latency", []fault.Rule{{Kind: fault.Latency, Delay: time.Second}}, true, 200},
		{"malformed XML", []fault.Rule{{Kind: fault.MalformedXML}}, true, 200},
		{"truncate", []fault.Rule{{Kind: fault.Truncate}}, true, 200},
		{"reset", []fault.Rule{{Kind: fault.Reset}}, false, 0},
		{"reset after", []fault.Rule{{Kind: fault.Reset, After: true}}, true, 0},
	} {
		for _, front := range fronts() {
			t.Run(test.name+"/"+front.name, func(t *testing.T) {
				s := newService(t, test.rules...)
				s.options.Sleep = noSleep
				server := front.start(s)
				defer server.Close()
				client := once(server.Client())
				client.Transport.(*http.Transport).ExpectContinueTimeout = time.Minute
				continued := false
				ctx := httptrace.WithClientTrace(t.Context(), &httptrace.ClientTrace{Got100Continue: func() { continued = true }})
				r, _ := http.NewRequestWithContext(ctx, "PUT", server.URL+"/examplebucket/", strings.NewReader("new"))
				r.Header.Set("Expect", "100-continue")
				resp, err := client.Do(r)
				status := 0
				if err == nil {
					status = resp.StatusCode
					resp.Body.Close()
				}
				if status != test.status || continued != test.continued {
					t.Errorf("status %d, continued %t (%v); want %d, %t", status, continued, err, test.status, test.continued)
				}
				handled, _ := s.results()
				if (len(handled) > 0) != test.continued || test.continued && s.stored["examplebucket"] != "new" {
					t.Errorf("handled %v, stored %q", handled, s.stored["examplebucket"])
				}
			})
		}
	}
}

// An upload that nobody reads must not cost the client the answer that breaks off.
func TestTruncateWithAnUnreadBody(t *testing.T) {
	server := httptest.NewServer(newService(t, fault.Rule{Kind: fault.Truncate, Bytes: 20},
		fault.Rule{Kind: fault.Status, Status: 503, Code: "ServiceUnavailable"}))
	defer server.Close()
	conn, err := net.Dial("tcp", server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	const size = 32 << 20 // more than is read ahead, and than buffers hold
	io.WriteString(conn, "PUT /examplebucket/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: "+strconv.Itoa(size)+"\r\n\r\n")
	if _, err := io.WriteString(conn, strings.Repeat("a", size)); err != nil {
		t.Error(err)
	}
	answer, err := io.ReadAll(conn)
	_, body, ok := strings.Cut(string(answer), "\r\n\r\n")
	if err != nil || !ok || len(body) != 20 {
		t.Errorf("%q, %v", answer, err)
	}
}

// Below TLS 1.3 as well: the reset must not come with an alert that closes the connection politely.
func TestResetTLS12(t *testing.T) {
	server := httptest.NewUnstartedServer(newService(t, fault.Rule{Kind: fault.Reset}))
	server.TLS = &tls.Config{MaxVersion: tls.VersionTLS12}
	server.StartTLS()
	defer server.Close()
	if _, _, err := send(t, once(server.Client()), "GET", server.URL+"/examplebucket/", ""); !errors.Is(err, syscall.ECONNRESET) {
		t.Errorf("%v", err)
	}
}

// Over HTTP/2 there is no connection to take: the stream ends.
func TestHTTP2(t *testing.T) {
	for _, test := range []struct {
		name string
		rule fault.Rule
		head bool // the head arrives
	}{
		{"reset", fault.Rule{Kind: fault.Reset}, false},
		{"truncate", fault.Rule{Kind: fault.Truncate, Bytes: 5}, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := newService(t, test.rule)
			server := httptest.NewUnstartedServer(s)
			server.EnableHTTP2 = true
			server.StartTLS()
			defer server.Close()
			resp, body, err := send(t, server.Client(), "GET", server.URL+"/examplebucket/", "")
			if err == nil || (resp != nil) != test.head {
				t.Fatalf("%v, %v", resp, err)
			}
			if resp != nil && (resp.ProtoMajor != 2 || body != config[:5]) {
				t.Errorf("%s: %q", resp.Proto, body)
			}
		})
	}
}

func TestDate(t *testing.T) {
	own := time.Date(2025, 4, 17, 8, 40, 17, 0, time.UTC)
	for _, test := range []struct {
		name string
		date string // that the handler sets
		want time.Time
	}{
		{"the handler's", own.Format(http.TimeFormat), own.Add(-20 * time.Minute)},
		{"none", "", own.AddDate(1, 0, 0).Add(-20 * time.Minute)},
	} {
		t.Run(test.name, func(t *testing.T) {
			var faults fault.Set
			faults.Load(fault.Rule{Kind: fault.Date, Offset: -20 * time.Minute})
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				faults.Decide(fault.Request{}).Apply(w, r, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					if test.date != "" {
						w.Header().Set("Date", test.date)
					}
				}), fault.Options{Now: func() time.Time { return own.AddDate(1, 0, 0) }})
			}))
			defer server.Close()
			resp, _, err := send(t, server.Client(), "GET", server.URL, "")
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff([]string{test.want.Format(http.TimeFormat)}, resp.Header["Date"]); diff != "" {
				t.Errorf("Date (-want +got):\n%s", diff)
			}
		})
	}
}
