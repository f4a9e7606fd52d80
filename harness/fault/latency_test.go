package fault_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/ossconf/ossconf/harness/fault"
)

func TestLatency(t *testing.T) {
	for _, test := range []struct {
		name     string
		method   string
		rules    []fault.Rule
		min, max time.Duration
		want     string // what was carried out
	}{
		{"before", "GET", []fault.Rule{{Kind: fault.Latency, Delay: 150 * time.Millisecond}}, 150 * time.Millisecond, 150 * time.Millisecond, "GetBucketHttpsConfig"},
		{"after", "PUT", []fault.Rule{{Kind: fault.Latency, Delay: 2 * time.Second, After: true}}, 2 * time.Second, 2 * time.Second, "PutBucketHttpsConfig"},
		{"several", "PUT", []fault.Rule{{Kind: fault.Latency, Delay: 2 * time.Second, After: true}, {Kind: fault.Latency, Delay: 3 * time.Second},
			{Kind: fault.Latency, Delay: time.Second}}, 6 * time.Second, 6 * time.Second, "PutBucketHttpsConfig"},
		{"jitter", "GET", []fault.Rule{{Kind: fault.Latency, Delay: time.Second, Jitter: time.Second, Seed: 2}}, time.Second + 1, 2*time.Second - 1, "GetBucketHttpsConfig"},
		{"jitter alone", "GET", []fault.Rule{{Kind: fault.Latency, Jitter: time.Second}}, 1, time.Second - 1, "GetBucketHttpsConfig"},
		{"a late error", "PUT", []fault.Rule{{Kind: fault.Throttle}, {Kind: fault.Latency, Delay: time.Minute}}, time.Minute, time.Minute, ""},
		{"a late reset", "PUT", []fault.Rule{{Kind: fault.Reset, After: true}, {Kind: fault.Latency, Delay: time.Minute, After: true}},
			time.Minute, time.Minute, "PutBucketHttpsConfig"},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newService(t, test.rules...)
				client, stop := overPipes(s)
				defer stop()
				start := time.Now()
				send(t, client, test.method, "http://localhost/examplebucket/", config)
				if took := time.Since(start); took < test.min || took > test.max {
					t.Errorf("it took %v, want %v to %v", took, test.min, test.max)
				}
				handled, _ := s.results()
				if got := strings.Join(handled, " "); got != test.want {
					t.Errorf("carried out %q, want %q", got, test.want)
				}
			})
		})
	}
}

// The same seed makes the same jitter, and another another.
func TestJitterIsRepeatable(t *testing.T) {
	delays := func(seed uint64) []time.Duration {
		s := load(t, fault.Rule{Kind: fault.Latency, Delay: time.Second, Jitter: time.Second, Seed: seed})
		var list []time.Duration
		for range 50 {
			s.Decide(fault.Request{}).Apply(httptest.NewRecorder(), httptest.NewRequest("GET", "/", nil), http.NotFoundHandler(),
				fault.Options{Sleep: func(_ context.Context, d time.Duration) error { list = append(list, d); return nil }})
		}
		return list
	}
	first := delays(1)
	if diff := cmp.Diff(first, delays(1)); diff != "" {
		t.Errorf("(-first run +second run):\n%s", diff)
	}
	if cmp.Equal(first, delays(2)) {
		t.Error("seed 2 makes what seed 1 makes")
	}
	seen := make(map[time.Duration]bool)
	for _, d := range first {
		if d < time.Second || d >= 2*time.Second || seen[d] {
			t.Errorf("%v is out of bounds or was there before", d)
		}
		seen[d] = true
	}
}

// A client that gives up ends the wait at once, whether or not it has sent a body. What was to come does not happen.
func TestClientGivesUp(t *testing.T) {
	before := fault.Rule{Kind: fault.Latency, Delay: time.Hour}
	after := fault.Rule{Kind: fault.Latency, Delay: time.Hour, After: true}
	for _, test := range []struct {
		name   string
		method string
		body   string
		expect string
		rules  []fault.Rule
		want   string
	}{
		{"GET", "GET", "", "", []fault.Rule{before}, ""},
		{"PUT", "PUT", config, "", []fault.Rule{before}, ""},
		{"PUT that expects 100 Continue", "PUT", config, "100-continue", []fault.Rule{before}, ""},
		{"after it was carried out", "PUT", config, "", []fault.Rule{after}, "PutBucketHttpsConfig"},
		{"after it was refused", "PUT", config, "", []fault.Rule{after, {Kind: fault.Throttle}}, ""},
		{"after it was refused, unread", "PUT", config, "100-continue", []fault.Rule{after, {Kind: fault.Throttle}}, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newService(t, test.rules...)
				ended := make(chan time.Time, 1)
				client, stop := overPipes(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					s.ServeHTTP(w, r)
					ended <- time.Now()
				}))
				defer stop()
				client.Transport.(*http.Transport).ExpectContinueTimeout = time.Minute
				start := time.Now()
				ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
				defer cancel()
				r, err := http.NewRequestWithContext(ctx, test.method, "http://localhost/examplebucket/", strings.NewReader(test.body))
				if err != nil {
					t.Fatal(err)
				}
				if test.expect != "" {
					r.Header.Set("Expect", test.expect)
				}
				if resp, err := client.Do(r); !errors.Is(err, context.DeadlineExceeded) {
					t.Fatalf("%v, %v", resp, err)
				}
				if took := (<-ended).Sub(start); took != 3*time.Second {
					t.Errorf("the request ended after %v", took)
				}
				handled, _ := s.results()
				if got := strings.Join(handled, " "); got != test.want {
					t.Errorf("carried out %q, want %q", got, test.want)
				}
			})
		})
	}
}

// A wait that something else ends gives the client no answer, not an empty one.
func TestTheWaitEnds(t *testing.T) {
	for _, after := range []bool{false, true} {
		s := newService(t, fault.Rule{Kind: fault.Latency, Delay: time.Hour, After: after})
		s.options.Sleep = func(context.Context, time.Duration) error { return context.DeadlineExceeded }
		server := httptest.NewServer(s)
		resp, _, err := send(t, once(server.Client()), "PUT", server.URL+"/examplebucket/", config)
		if err == nil {
			t.Errorf("after %t: %v", after, resp)
		}
		server.Close()
	}
}

// A request that waits reaches the handler with its body whole, however long it is, and with the error that ends it.
func TestTheBodyIsKept(t *testing.T) {
	broken := errors.New("broken")
	for _, test := range []struct {
		name string
		body io.Reader
		size int
		err  error
	}{
		{"none", nil, 0, nil},
		{"short", strings.NewReader("abc"), 3, nil},
		{"as long as is read ahead", strings.NewReader(strings.Repeat("a", 1<<20)), 1 << 20, nil},
		{"longer", strings.NewReader(strings.Repeat("a", 3<<20+1)), 3<<20 + 1, nil},
		{"broken", io.MultiReader(strings.NewReader("abc"), failing{broken}), 3, broken},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := httptest.NewRequest("PUT", "/", test.body)
			ran := false
			next := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				ran = true
				body, err := io.ReadAll(r.Body)
				if len(body) != test.size || err != test.err {
					t.Errorf("%d bytes, %v; want %d, %v", len(body), err, test.size, test.err)
				}
				if err := r.Body.Close(); err != nil {
					t.Error(err)
				}
			})
			load(t, fault.Rule{Kind: fault.Latency, Delay: time.Second}).Decide(fault.Request{}).
				Apply(httptest.NewRecorder(), r, next, fault.Options{Sleep: noSleep})
			if !ran {
				t.Error("the handler did not run")
			}
		})
	}
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

// Without a fault the handler has the writer itself, with all that it can do.
func TestNoFault(t *testing.T) {
	w := httptest.NewRecorder()
	fault.Plan{}.Apply(w, httptest.NewRequest("GET", "/", nil), http.HandlerFunc(func(got http.ResponseWriter, r *http.Request) {
		if got != http.ResponseWriter(w) {
			t.Errorf("the handler got a %T", got)
		}
	}), fault.Options{})
}

// What a handler does to an answer that is held back has the effect that it has on the wire.
func TestHeldBack(t *testing.T) {
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-First", "1")
		w.Header().Del("Server")
		w.WriteHeader(http.StatusEarlyHints)
		w.WriteHeader(http.StatusNotFound)
		w.Header().Set("X-Late", "1")
		w.WriteHeader(http.StatusOK) // too late
		io.WriteString(w, "<a></a>")
		io.WriteString(w, "\n")
	})
	w := httptest.NewRecorder()
	w.Header().Set("Server", "AliyunOSS")
	load(t, fault.Rule{Kind: fault.Date, Offset: time.Hour}).Decide(fault.Request{}).Apply(w, httptest.NewRequest("GET", "/", nil), handler,
		fault.Options{Now: func() time.Time { return time.Unix(0, 0) }})
	want := http.Header{"X-First": {"1"}, "Date": {"Thu, 01 Jan 1970 01:00:00 GMT"}}
	if diff := cmp.Diff(want, w.Result().Header, cmp.FilterPath(func(p cmp.Path) bool { return p.Last().String() == `["Content-Type"]` }, cmp.Ignore())); diff != "" {
		t.Errorf("header (-want +got):\n%s", diff)
	}
	if w.Code != 404 || w.Body.String() != "<a></a>\n" {
		t.Errorf("%d %q", w.Code, w.Body)
	}
}

// Without a Refuse, the error is still one that people can read.
func TestWithoutRefuse(t *testing.T) {
	for _, test := range []struct {
		rule   fault.Rule
		status int
		body   string
	}{
		{fault.Rule{ID: "x", Kind: fault.Status, Status: 500, Code: "InternalError"}, 500, "InternalError: The fault rule x answers this.\n"},
		{fault.Rule{Kind: fault.Throttle}, 503, "MetaOperationQpsLimitExceeded: Qps limit for the meta operation is exceeded.\n"},
		{fault.Rule{Kind: fault.Throttle, Code: "QpsLimitExceeded"}, 429, "QpsLimitExceeded: Please reduce your request rate.\n"},
	} {
		w := httptest.NewRecorder()
		load(t, test.rule).Decide(fault.Request{}).Apply(w, httptest.NewRequest("GET", "/", nil), http.NotFoundHandler(), fault.Options{})
		if w.Code != test.status || w.Body.String() != test.body {
			t.Errorf("%+v: %d %q", test.rule, w.Code, w.Body)
		}
	}
}

// Who is refused or reset has sent its body by then, as far as it is read ahead.
func TestTheBodyComesFirst(t *testing.T) {
	for _, test := range []struct {
		rule fault.Rule
		want string // how the answer begins
	}{
		{fault.Rule{Kind: fault.Status, Status: 403, Code: "AccessDenied"}, "HTTP/1.1 403 Forbidden\r\n"},
		{fault.Rule{Kind: fault.Throttle}, "HTTP/1.1 503 Service Unavailable\r\n"},
		{fault.Rule{Kind: fault.Reset}, ""},
	} {
		t.Run(string(test.rule.Kind), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				client, stop := overPipes(newService(t, test.rule))
				defer stop()
				conn, err := client.Transport.(*http.Transport).DialContext(t.Context(), "", "")
				if err != nil {
					t.Fatal(err)
				}
				defer conn.Close()
				answered := false
				done := make(chan string)
				go func() {
					answer, _ := io.ReadAll(conn)
					answered = true
					done <- string(answer)
				}()
				io.WriteString(conn, "PUT /examplebucket/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 3\r\n\r\nab")
				synctest.Wait()
				if answered {
					t.Error("the answer came before the body")
				}
				io.WriteString(conn, "c")
				if answer := <-done; !strings.HasPrefix(answer, test.want) || (answer == "") != (test.want == "") {
					t.Errorf("%q", answer)
				}
			})
		})
	}
}

// A wait that outlasts the server's WriteTimeout leaves the client without an answer.
func TestWriteTimeout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newService(t, fault.Rule{Kind: fault.Latency, Delay: time.Hour, Count: 1})
		client, stop := overPipes(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			http.NewResponseController(w).SetWriteDeadline(time.Now().Add(time.Minute)) // as http.Server.WriteTimeout does
			s.ServeHTTP(w, r)
		}))
		defer stop()
		if resp, _, err := send(t, client, "PUT", "http://localhost/examplebucket/", config); !errors.Is(err, io.EOF) {
			t.Errorf("%v, %v", resp, err)
		}
	})
}
