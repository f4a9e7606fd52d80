package record_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ossconf/ossconf/fixtures"
	"github.com/ossconf/ossconf/harness/record"
	"github.com/ossconf/ossconf/harness/replay"
	"github.com/ossconf/ossconf/signer"
	"github.com/ossconf/ossconf/signer/signhttp"
)

const config = "http://examplebucket.oss-cn-hangzhou.aliyuncs.com/?httpsConfig"

// An exchange is a request that a test makes by itself.
type exchange struct {
	method, url, body string
	header            map[string]string
	credentials       signer.Credentials
	additional        []string
	presign           bool
	change            func(*http.Request) // after it is signed
}

// put and get are the requests that are recorded.
func put() exchange {
	return exchange{method: "PUT", url: config, body: enabled, header: map[string]string{"Content-Type": "application/xml", "x-oss-meta-a": "b"}, credentials: testKey(true)}
}

func get() exchange { return exchange{method: "GET", url: config, credentials: testKey(true)} }

// send signs the request and sends it through base.
func (e exchange) send(t *testing.T, base http.RoundTripper) (string, error) {
	t.Helper()
	var body io.Reader
	if e.body != "" {
		body = strings.NewReader(e.body)
	}
	r, err := http.NewRequestWithContext(t.Context(), e.method, e.url, body)
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range e.header {
		r.Header.Set(name, value)
	}
	changed := roundTripper(func(r *http.Request) (*http.Response, error) {
		if e.change != nil {
			e.change(r)
		}
		return base.RoundTrip(r)
	})
	signing := &signhttp.Transport{Credentials: signhttp.Static(e.credentials), Region: fixtures.TestRegion, Base: changed, AdditionalHeaders: e.additional}
	client := &http.Client{Transport: signing}
	switch {
	case e.credentials.AccessKeyID == "":
		client.Transport = changed
	case e.presign:
		u, err := signing.Presign(r, time.Minute)
		if err != nil {
			t.Fatal(err)
		}
		if r.URL, err = r.URL.Parse(u); err != nil {
			t.Fatal(err)
		}
		client.Transport = changed
	}
	resp, err := client.Do(r)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	return fmt.Sprint(resp.StatusCode, " ", string(data)), err
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// recorded records requests in front of a server and returns the folder.
func recorded(t *testing.T, upstream http.Handler, list ...exchange) string {
	t.Helper()
	dir := t.TempDir()
	rec := &record.Recorder{Upstream: newServer(t, upstream), Dir: dir}
	base := leadTo(t, newServer(t, rec))
	for _, e := range list {
		if _, err := e.send(t, base); err != nil {
			t.Fatal(err)
		}
	}
	if err := rec.Close(); err != nil {
		t.Fatal(err)
	}
	return dir
}

// counting answers with the number of the request.
func counting() http.Handler {
	n := 0
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n++
		fmt.Fprint(w, n)
	})
}

func load(t *testing.T, dir string, o record.Options) *replay.Transport {
	t.Helper()
	transport, err := replay.Load(os.DirFS(dir), o)
	if err != nil {
		t.Fatal(err)
	}
	return transport
}

// A request that differs in anything is answered by no fixture, and the error shows the difference and no secret.
func TestMismatch(t *testing.T) {
	many := exchange{method: "GET", url: "http://examplebucket.oss-cn-hangzhou.aliyuncs.com/?a=1&a=2&prefix=x"}
	dir := recorded(t, counting(), put(), get(), many, exchange{method: "GET", url: config, credentials: testKey(true), presign: true})
	real := key(true)
	with := func(e exchange, change func(*exchange)) exchange { change(&e); return e }
	header := func(name, value string) func(*exchange) {
		return func(e *exchange) {
			h := map[string]string{name: value}
			for n, v := range e.header {
				if n != name {
					h[n] = v
				}
			}
			e.header = h
		}
	}
	afterwards := func(f func(*http.Request)) func(*exchange) { return func(e *exchange) { e.change = f } }
	for _, test := range []struct {
		name    string
		request exchange
		nearest string
		parts   int
		diff    []string
	}{
		{"other body", with(put(), func(e *exchange) { e.body = strings.Replace(enabled, "true", "false", 1) }), "0001-PutBucketHttpsConfig", 1, []string{"Body", "true", "false"}},
		{"no body", with(put(), func(e *exchange) { e.body = "" }), "0001-PutBucketHttpsConfig", 1, []string{"Body"}},
		{"other signed header", with(put(), header("x-oss-meta-a", "c")), "0001-PutBucketHttpsConfig", 1, []string{"X-Oss-Meta-A", `"b"`, `"c"`}},
		{"one signed header more", with(put(), header("x-oss-meta-c", "d")), "0001-PutBucketHttpsConfig", 1, []string{"X-Oss-Meta-C"}},
		{"one header less", with(put(), func(e *exchange) { e.header = map[string]string{"Content-Type": "application/xml"} }), "0001-PutBucketHttpsConfig", 1, []string{"X-Oss-Meta-A"}},
		{"one unsigned header more", with(get(), header("If-Match", "etag")), "0002-GetBucketHttpsConfig", 1, []string{"If-Match"}},
		{"signed changed afterwards", with(put(), afterwards(func(r *http.Request) { r.Header.Set("Content-Type", "text/xml") })), "0001-PutBucketHttpsConfig", 2, []string{"SignatureDoesNotMatch", "text/xml"}},
		{"parameter more", with(get(), func(e *exchange) { e.url += "&b" }), "0002-GetBucketHttpsConfig", 1, []string{"Query", `"b"`}},
		{"other parameter", with(get(), func(e *exchange) { e.url = strings.Replace(config, "httpsConfig", "acl", 1) }), "0002-GetBucketHttpsConfig", 1, []string{"acl", "httpsConfig"}},
		{"parameter once", with(many, func(e *exchange) { e.url = strings.Replace(e.url, "a=1&", "", 1) }), "0003-ListObjects", 1, []string{"a=1"}},
		{"parameter three times", with(many, func(e *exchange) { e.url += "&a=2" }), "0003-ListObjects", 1, []string{"a=2"}},
		{"other value", with(many, func(e *exchange) { e.url += "y" }), "0003-ListObjects", 1, []string{"prefix=xy"}},
		{"other method", with(get(), func(e *exchange) { e.method = "DELETE" }), "0002-GetBucketHttpsConfig", 1, []string{"DELETE"}},
		{"other path", with(get(), func(e *exchange) { e.url = strings.Replace(config, "/?", "/key?", 1) }), "0002-GetBucketHttpsConfig", 1, []string{"/key"}},
		{"other bucket", with(get(), func(e *exchange) { e.url = strings.Replace(config, "example", "other", 1) }), "0002-GetBucketHttpsConfig", 1, []string{"otherbucket"}},
		{"other region of the endpoint", with(get(), func(e *exchange) { e.url = strings.Replace(config, "hangzhou", "beijing", 1) }), "0002-GetBucketHttpsConfig", 1, []string{"oss-cn-beijing"}},
		{"wrong secret", with(get(), func(e *exchange) { e.credentials.AccessKeySecret = real.AccessKeySecret }), "0002-GetBucketHttpsConfig", 1, []string{"SignatureDoesNotMatch"}},
		{"tampered signature", with(get(), afterwards(func(r *http.Request) {
			a := r.Header.Get("Authorization")
			r.Header.Set("Authorization", a[:len(a)-1]+map[bool]string{true: "1", false: "0"}[strings.HasSuffix(a, "0")])
		})), "0002-GetBucketHttpsConfig", 1, []string{"SignatureDoesNotMatch"}},
		{"another access key", with(get(), func(e *exchange) { e.credentials = real }), "0002-GetBucketHttpsConfig", 1, []string{`"another"`, "cannot be verified"}},
		{"another token", with(get(), func(e *exchange) { e.credentials.SecurityToken = real.SecurityToken }), "0002-GetBucketHttpsConfig", 1, []string{"InvalidSecurityToken"}},
		{"no token", with(get(), func(e *exchange) { e.credentials = testKey(false) }), "0002-GetBucketHttpsConfig", 1, []string{"X-Oss-Security-Token"}},
		{"more signed", with(get(), func(e *exchange) { e.additional = []string{"host"} }), "0002-GetBucketHttpsConfig", 1, []string{`"host"`}},
		{"no signature", with(get(), func(e *exchange) { e.credentials = signer.Credentials{} }), "0002-GetBucketHttpsConfig", 3, []string{"none"}},
		{"a signature where there was none", with(many, func(e *exchange) { e.url = strings.Replace(e.url, "a=1&", "", 1); e.credentials = testKey(false) }), "0002-GetBucketHttpsConfig", 3, []string{"prefix=x"}},
		{"a signature of version 1", with(get(), afterwards(func(r *http.Request) { r.Header.Set("Authorization", "OSS "+real.AccessKeyID+":abc=") })), "0002-GetBucketHttpsConfig", 1, []string{"signature version 4"}},
		{"presigned for longer", with(get(), func(e *exchange) {
			e.presign = true
			e.change = func(r *http.Request) { r.URL.RawQuery = strings.Replace(r.URL.RawQuery, "expires=60", "expires=61", 1) }
		}), "0004-GetBucketHttpsConfig", 2, []string{"expires=61", "SignatureDoesNotMatch"}},
		{"presigned with another key", with(get(), func(e *exchange) { e.presign, e.credentials = true, real }), "0004-GetBucketHttpsConfig", 1, []string{`"another"`, "cannot be verified"}},
		{"an odd query", with(many, afterwards(func(r *http.Request) { r.URL.RawQuery = "a=%zz" })), "", 0, []string{"query"}},
		{"an odd host", with(many, func(e *exchange) { e.url = strings.Replace(e.url, "aliyuncs.com", "example.invalid", 1) }), "0003-ListObjects", 2, []string{"example.invalid", "not an endpoint"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			var told []*record.MismatchError
			transport := load(t, dir, record.Options{Unmatched: func(e *record.MismatchError) { told = append(told, e) }})
			answer, err := test.request.send(t, transport)
			if err == nil {
				t.Fatalf("it is answered: %s", answer)
			}
			for _, word := range test.diff {
				if !strings.Contains(err.Error(), word) {
					t.Errorf("no word of %q in\n%v", word, err)
				}
			}
			if test.nearest == "" {
				return
			}
			var e *record.MismatchError
			if !errors.As(err, &e) || len(told) != 1 || told[0] != e {
				t.Fatalf("error %v, told %v", err, told)
			}
			noSecretsIn(t, e.Error(), real) // net/http adds the URL
			if e.Nearest != test.nearest || e.Parts != test.parts {
				t.Errorf("nearest is %s with %d parts, want %s with %d\n%s", e.Nearest, e.Parts, test.nearest, test.parts, e.Diff)
			}
			if err := transport.Close(); !errors.Is(err, record.ErrUnmatched) || !errors.Is(err, record.ErrUnused) {
				t.Errorf("Close: %v", err)
			}
		})
	}
}

func noSecretsIn(t *testing.T, text string, k signer.Credentials) {
	t.Helper()
	for _, secret := range []string{k.AccessKeyID, k.AccessKeySecret, k.SecurityToken} {
		for _, s := range spellings(secret) {
			if secret != "" && strings.Contains(strings.ToLower(text), strings.ToLower(s)) {
				t.Errorf("%s is in\n%s", s, text)
			}
		}
	}
}

// What says the same is the same: another order of parameters, another time, another program.
func TestMatch(t *testing.T) {
	many := exchange{method: "GET", url: "http://examplebucket.oss-cn-hangzhou.aliyuncs.com/?b=&a=1&a=2&prefix=x+y", credentials: signer.Credentials{}}
	dir := recorded(t, counting(), put(), many)
	transport := replay.Use(t, dir, record.Options{})
	p := put()
	p.header["User-Agent"], p.header["Accept"], p.header["Date"] = "another/1", "*/*", "Thu, 17 Apr 2025 13:13:18 GMT"
	p.url = strings.Replace(p.url, "httpsConfig", "httpsConfig=", 1)
	p.url = strings.Replace(p.url, ".aliyuncs.com", ".ALIYUNCS.com:80", 1)
	many.url = "http://examplebucket.oss-cn-hangzhou.aliyuncs.com/?prefix=x%20y&a=2&a=1&b"
	for i, e := range []exchange{p, many} {
		answer, err := e.send(t, transport)
		if want := fmt.Sprint(200, " ", i+1); err != nil || answer != want {
			t.Errorf("%q, %v; want %q", answer, err, want)
		}
	}
}

func TestSequence(t *testing.T) {
	dir := recorded(t, counting(), get(), put(), get(), get())
	for _, test := range []struct {
		name   string
		repeat bool
		want   []string
	}{
		{"once", false, []string{"200 1", "200 3", "200 4", "", ""}},
		{"repeat", true, []string{"200 1", "200 3", "200 4", "200 4", "200 4"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			transport := load(t, dir, record.Options{Repeat: test.repeat})
			var got []string
			for range test.want {
				answer, err := get().send(t, transport)
				got = append(got, answer)
				var e *record.MismatchError
				if err != nil && (!errors.As(err, &e) || e.Parts != 0 || !strings.Contains(err.Error(), "has answered already")) {
					t.Errorf("error %v", err)
				}
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			err := transport.Close()
			if !errors.Is(err, record.ErrUnused) || !strings.Contains(err.Error(), "0002-PutBucketHttpsConfig") || strings.Contains(err.Error(), "Get") {
				t.Errorf("Close: %v, want one that names the PUT alone", err)
			}
			if errors.Is(err, record.ErrUnmatched) == test.repeat {
				t.Errorf("Close: %v", err)
			}
		})
	}
}

// Many clients at once get each answer once.
func TestConcurrent(t *testing.T) {
	const n = 20
	list := make([]exchange, n)
	for i := range list {
		list[i] = get()
	}
	transport := replay.Use(t, recorded(t, counting(), list...), record.Options{})
	var (
		mu    sync.Mutex
		wg    sync.WaitGroup
		times = map[string]int{}
	)
	for range n {
		wg.Go(func() {
			answer, err := get().send(t, transport)
			mu.Lock()
			defer mu.Unlock()
			times[fmt.Sprint(answer, err)]++
		})
	}
	wg.Wait()
	if len(times) != n {
		t.Errorf("answers and how often they came: %v", times)
	}
}

func TestIgnore(t *testing.T) {
	dir := recorded(t, counting(), get())
	g := get()
	g.header = map[string]string{"traceparent": "00-1"}
	g.url += "&run=1"
	if _, err := g.send(t, replay.Use(t, dir, record.Options{Ignore: []string{"Traceparent", "run"}})); err != nil {
		t.Error(err)
	}
}
