package replay_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ossconf/ossconf/fixtures"
	"github.com/ossconf/ossconf/harness/mockoss"
	"github.com/ossconf/ossconf/harness/replay"
	"github.com/ossconf/ossconf/signer"
	"github.com/ossconf/ossconf/signer/signhttp"
)

// client returns a client that signs with the test key.
func client(base http.RoundTripper) *http.Client {
	return &http.Client{Transport: &signhttp.Transport{
		Credentials: signhttp.Static(signer.Credentials{AccessKeyID: fixtures.TestAccessKeyID, AccessKeySecret: fixtures.TestAccessKeySecret}),
		Region:      fixtures.TestRegion, Base: base,
	}}
}

// ask sends a request without a body and returns the status and the body of the answer.
func ask(c *http.Client, method, url string) (string, error) {
	r, err := http.NewRequest(method, url, nil)
	if err != nil {
		return "", err
	}
	resp, err := c.Do(r)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	return fmt.Sprint(resp.StatusCode, " ", string(body)), err
}

// record records GETs of the paths of a service and returns the folder.
func record(t *testing.T, service http.Handler, paths ...string) string {
	t.Helper()
	upstream := httptest.NewServer(service)
	defer upstream.Close()
	recorder := &replay.Recorder{Upstream: upstream.URL, Dir: t.TempDir()}
	proxy := httptest.NewServer(recorder)
	defer proxy.Close()
	for _, path := range paths {
		if _, err := ask(client(nil), "GET", proxy.URL+path); err != nil {
			t.Fatal(err)
		}
	}
	if err := recorder.Close(); err != nil {
		t.Fatal(err)
	}
	return recorder.Dir
}

// echo answers with the path and the query as they come.
var echo = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, r.RequestURI) })

// A recording in front of the mock OSS, replayed without it.
func ExampleLoad() {
	dir, err := os.MkdirTemp("", "recorded")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	mock := mockoss.NewServer(mockoss.Options{Buckets: []string{"examplebucket"}})
	proxy := httptest.NewServer(&replay.Recorder{Upstream: mock.URL, Dir: dir})
	_, err = ask(client(nil), "GET", proxy.URL+"/examplebucket/?httpsConfig")
	proxy.Close()
	mock.Close()
	if err != nil {
		fmt.Println(err)
		return
	}

	transport, err := replay.Load(os.DirFS(dir), replay.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	answer, err := ask(client(transport), "GET", "http://127.0.0.1/examplebucket/?httpsConfig")
	fmt.Println(strings.Contains(answer, "<Code>NoSuchHttpsConfig</Code>"), err)
	fmt.Println(transport.Close())
	// Output:
	// true <nil>
	// <nil>
}

// tester is a test that keeps what it is told.
type tester struct {
	testing.TB
	cleanup func()
	errors  []string
	failed  bool
	skipped bool
}

func (r *tester) Helper()          {}
func (r *tester) Cleanup(f func()) { r.cleanup = f }
func (r *tester) Failed() bool     { return r.failed }
func (r *tester) Skipped() bool    { return r.skipped }
func (r *tester) Errorf(format string, args ...any) {
	r.errors = append(r.errors, fmt.Sprintf(format, args...))
}
func (r *tester) Fatal(args ...any) {
	r.errors = append(r.errors, fmt.Sprint(args...))
	panic(r)
}

func TestUse(t *testing.T) {
	dir := record(t, echo, "/examplebucket/a", "/examplebucket/b")
	for _, test := range []struct {
		name string
		s    tester
		get  string
		want []string
	}{
		{"all used", tester{}, "a b", nil},
		{"one unused", tester{}, "a", []string{"replay: fixtures that were not used: 0002-GetObject"}},
		{"one request more", tester{}, "a b b", []string{"replay: requests that no fixture answers: 1"}},
		{"another request", tester{}, "c", []string{"replay: fixtures that were not used: 0001-GetObject, 0002-GetObject\nreplay: requests that no fixture answers: 1"}},
		{"failed", tester{failed: true}, "", nil},
		{"skipped", tester{skipped: true}, "", nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			transport := replay.Use(&test.s, dir, replay.Options{})
			for key := range strings.FieldsSeq(test.get) {
				ask(client(transport), "GET", "http://127.0.0.1/examplebucket/"+key)
			}
			test.s.cleanup()
			if diff := cmp.Diff(test.want, test.s.errors); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
	s := &tester{}
	func() {
		defer func() { recover() }()
		replay.Use(s, t.TempDir(), replay.Options{})
	}()
	if len(s.errors) != 1 || !strings.Contains(s.errors[0], "no .txtar file there") {
		t.Errorf("an empty folder: %q", s.errors)
	}
}

// Each path has its own answer, however much it looks like another one, a query or a regular expression.
func TestPaths(t *testing.T) {
	paths := []string{
		"/examplebucket/a%3Fb", "/examplebucket/a?b", "/examplebucket/a%253Fb", "/examplebucket//a", "/examplebucket/=~.*", "/examplebucket/a",
		"/examplebucket/", "/examplebucket", "/", "/examplebucket/%2E%2E/a", "/examplebucket/%C3%BC", "/examplebucket/a%20b+c", "/examplebucket/a%23b",
	}
	transport := replay.Use(t, record(t, echo, paths...), replay.Options{})
	slices.Reverse(paths)
	for _, path := range paths {
		if answer, err := ask(client(transport), "GET", "http://127.0.0.1"+path); err != nil || answer != "200 "+path {
			t.Errorf("%s: %q, %v", path, answer, err)
		}
	}
	transport = replay.Use(&tester{}, record(t, echo, "/examplebucket/a%3Fb", "/examplebucket/c"), replay.Options{})
	for _, path := range []string{"/examplebucket/a?b", "/examplebucket/a%253Fb", "/examplebucket/c/", "/examplebucket//c"} {
		_, err := ask(client(transport), "GET", "http://127.0.0.1"+path)
		var e *replay.MismatchError
		if !errors.As(err, &e) || e.Parts == 0 {
			t.Errorf("%s: %v", path, err)
		}
	}
}

// A method that no fixture has, and one that HTTP writes in capitals, end like any other request without an answer.
func TestMethods(t *testing.T) {
	transport := replay.Use(&tester{}, record(t, echo, "/examplebucket/a"), replay.Options{})
	for _, method := range []string{"get", "PATCH", "HEAD", "PROPFIND"} {
		r, err := http.NewRequest(method, "http://127.0.0.1/examplebucket/a", nil)
		if err != nil {
			t.Fatal(err)
		}
		_, err = transport.RoundTrip(r)
		var e *replay.MismatchError
		if !errors.As(err, &e) || e.Method != method {
			t.Errorf("%s: %v", method, err)
		}
	}
}

func TestCancelled(t *testing.T) {
	transport := replay.Use(&tester{}, record(t, echo, "/examplebucket/a"), replay.Options{})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	r, err := http.NewRequestWithContext(ctx, "GET", "http://127.0.0.1/examplebucket/a", nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := client(transport).Do(r); !errors.Is(err, context.Canceled) && err != nil {
		t.Errorf("error %v", err) // the answer may be there before anybody looks at the context
	}
}

// body is a body that notes that it was closed.
type body struct {
	io.Reader
	closed bool
}

func (b *body) Close() error {
	b.closed = true
	return nil
}

// A transport closes the body of every request (net/http.RoundTripper), and says which request an answer is to.
func TestContract(t *testing.T) {
	dir := record(t, echo, "/examplebucket/a")
	for _, test := range []struct {
		name   string
		reader io.Reader
		url    string
		answer bool
	}{
		{"an answer", strings.NewReader(""), "http://127.0.0.1/examplebucket/a", true},
		{"no answer", strings.NewReader("x"), "http://127.0.0.1/examplebucket/a", false},
		{"a body that cannot be read", failing{}, "http://127.0.0.1/examplebucket/a", false},
		{"an odd query", strings.NewReader(""), "http://127.0.0.1/examplebucket/a?%zz", false},
	} {
		t.Run(test.name, func(t *testing.T) {
			b := &body{Reader: test.reader}
			r, err := http.NewRequest("GET", test.url, b)
			if err != nil {
				t.Fatal(err)
			}
			transport := replay.Use(&tester{}, dir, replay.Options{})
			c := client(transport)
			if strings.Contains(test.url, "%zz") { // nobody signs that
				c.Transport = transport
			}
			resp, err := c.Do(r)
			if (err == nil) != test.answer || !b.closed {
				t.Errorf("error %v, closed: %v", err, b.closed)
			}
			if err == nil && resp.Request.URL.String() != test.url {
				t.Errorf("the answer is to %v", resp.Request.URL)
			}
		})
	}
}

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, errors.New("broken") }
