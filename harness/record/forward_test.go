package record_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ossconf/ossconf/fixtures"
	"github.com/ossconf/ossconf/harness/record"
	"github.com/ossconf/ossconf/harness/replay"
	"github.com/ossconf/ossconf/signer"
	"github.com/ossconf/ossconf/signer/signhttp"
)

// Where a request goes follows from its host: that of the recorder means nothing to the upstream.
func TestForward(t *testing.T) {
	for _, test := range []struct {
		name, upstream string // its host
		url            string // of the client; HERE is the recorder
		additional     []string
		addressing     signhttp.Addressing
		want           string // host and target that the upstream gets
	}{
		{"address to address", "127.0.0.1:1", "http://HERE/examplebucket/a%20b?acl", nil, signhttp.Addressing{}, "127.0.0.1:1/examplebucket/a%20b?acl"},
		{"address to endpoint", "oss-cn-hangzhou.aliyuncs.com", "http://HERE/examplebucket/a%2Fb?acl", nil, signhttp.Addressing{}, "examplebucket.oss-cn-hangzhou.aliyuncs.com/a%2Fb?acl"},
		{"address to endpoint with a port", "oss.example.com:81", "http://HERE/examplebucket/", nil, signhttp.Addressing{}, "examplebucket.oss.example.com:81/"},
		{"address to endpoint, bucket alone", "oss.example.com", "http://HERE/examplebucket", nil, signhttp.Addressing{}, "examplebucket.oss.example.com/"},
		{"address to endpoint, path style", "oss.example.com", "http://HERE/examplebucket/k", nil, signhttp.Addressing{PathStyle: true}, "oss.example.com/examplebucket/k"},
		{"address to a domain of a bucket", "static.example.com", "http://HERE/k/l", nil, signhttp.Addressing{Bucket: "examplebucket"}, "static.example.com/k/l"},
		{"service", "oss-cn-hangzhou.aliyuncs.com", "http://HERE/", nil, signhttp.Addressing{}, "oss-cn-hangzhou.aliyuncs.com/"},
		{"virtual-hosted", "127.0.0.1:1", "http://examplebucket.oss-cn-hangzhou.aliyuncs.com/k", nil, signhttp.Addressing{}, "examplebucket.oss-cn-hangzhou.aliyuncs.com/k"},
		{"virtual-hosted at the upstream's endpoint", "oss.example.com", "http://examplebucket.oss.example.com/k", nil, signhttp.Addressing{}, "examplebucket.oss.example.com/k"},
		{"a signed host", "oss-cn-hangzhou.aliyuncs.com", "http://HERE/examplebucket/k", []string{"host"}, signhttp.Addressing{}, "HERE/examplebucket/k"},
		{"no bucket's name", "oss-cn-hangzhou.aliyuncs.com", "http://HERE/example.com%23/k", nil, signhttp.Addressing{}, "oss-cn-hangzhou.aliyuncs.com/example.com%23/k"},
	} {
		t.Run(test.name, func(t *testing.T) {
			var got, dialled string
			rec := &record.Recorder{Upstream: "http://" + test.upstream, Dir: t.TempDir(), Addressing: test.addressing,
				Base: roundTripper(func(r *http.Request) (*http.Response, error) {
					got, dialled = r.Host+r.URL.RequestURI(), r.URL.Host
					return &http.Response{StatusCode: 200, ProtoMajor: 1, ProtoMinor: 1, Header: http.Header{}, Body: io.NopCloser(strings.NewReader("ok")), Request: r}, nil
				})}
			server := httptest.NewServer(rec)
			defer server.Close()
			here := strings.TrimPrefix(server.URL, "http://")
			e := exchange{method: "GET", url: strings.Replace(test.url, "HERE", here, 1), credentials: key(false), additional: test.additional}
			base := leadTo(t, server.URL)
			u, err := url.Parse(e.url)
			if err != nil {
				t.Fatal(err)
			}
			if test.addressing != (signhttp.Addressing{}) || test.upstream == "oss.example.com" || strings.Contains(e.url, "%23") { // send knows other hosts only
				e.credentials = signer.Credentials{}
			}
			if answer, err := e.send(t, base); err != nil || answer != "200 ok" {
				t.Fatalf("%s, %v", answer, err)
			}
			if want := strings.Replace(test.want, "HERE", here, 1); got != want {
				t.Errorf("the upstream gets %s, want %s", got, want)
			}
			if name, _, _ := strings.Cut(dialled, ":"); !strings.HasSuffix(name, strings.Split(test.upstream, ":")[0]) {
				t.Errorf("%s leads to %s", u, dialled)
			}
		})
	}
}

// With credentials, clients use the test key, and the upstream gets the real one.
func TestSignAgain(t *testing.T) {
	for _, s := range scenes() {
		if strings.Contains(s.name, "presigned") || strings.HasPrefix(s.name, "v1") { // v1 presigns, too
			continue
		}
		t.Run(s.name, func(t *testing.T) {
			k := key(true)
			mock := newMock(t, k)
			dir := t.TempDir()
			rec := &record.Recorder{Upstream: mock.URL, Dir: dir, Credentials: k}
			seen := s.run(t.Context(), s.setup(t, newServer(t, rec), testKey(s.temporary)))
			if err := rec.Close(); err != nil || slices.ContainsFunc(seen, refused) {
				t.Errorf("%v, the client saw %q", err, seen)
			}
			for _, r := range mock.Requests() {
				if r.AccessKeyID != k.AccessKeyID {
					t.Errorf("the upstream got %+v", r)
				}
			}
			noSecrets(t, dir, k)
			again := s.run(t.Context(), s.setup(t, newServer(t, replay.Use(t, dir, record.Options{})), testKey(s.temporary)))
			if diff := cmp.Diff(seen, again); diff != "" {
				t.Errorf("(-recorded +replayed):\n%s", diff)
			}
		})
	}
}

// A recorder with credentials signs for nobody who could not have them meant.
func TestSignAgainRefuses(t *testing.T) {
	for _, test := range []struct {
		name    string
		request exchange
		want    string
	}{
		{"wrong secret", exchange{method: "GET", url: config, credentials: signer.Credentials{AccessKeyID: fixtures.TestAccessKeyID, AccessKeySecret: "wrong"}}, "SignatureDoesNotMatch"},
		{"wrong token", exchange{method: "GET", url: config, credentials: signer.Credentials{AccessKeyID: fixtures.TestAccessKeyID, AccessKeySecret: fixtures.TestAccessKeySecret, SecurityToken: "x"}}, "InvalidSecurityToken"},
		{"presigned", exchange{method: "GET", url: config, credentials: testKey(false), presign: true}, "RecorderRefused"},
	} {
		t.Run(test.name, func(t *testing.T) {
			reached := false
			upstream := http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached = true })
			_, _, answer, err := capture(t, upstream, test.request, func(rec *record.Recorder) { rec.Credentials = key(false) })
			if !strings.HasPrefix(answer, "40") || !strings.Contains(answer, "<Code>"+test.want+"</Code>") || reached {
				t.Errorf("%s, reached the upstream: %v", answer, reached)
			}
			if !errors.Is(err, record.ErrNotRecorded) {
				t.Errorf("Close: %v", err)
			}
		})
	}
	t.Run("unsigned and others pass as they are", func(t *testing.T) {
		for _, k := range []signer.Credentials{{}, key(true)} {
			var got string
			upstream := http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { got = r.Header.Get("Authorization") })
			e := get()
			e.credentials = k
			if _, _, answer, err := capture(t, upstream, e, func(rec *record.Recorder) { rec.Credentials = key(false) }); err != nil || answer != "200 " {
				t.Errorf("%s, %v", answer, err)
			}
			if (k.AccessKeyID == "") != (got == "") || !strings.Contains(got, k.AccessKeyID) {
				t.Errorf("the upstream got %q", got)
			}
		}
	})
}
