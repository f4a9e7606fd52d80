package record_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/aliyun/alibabacloud-oss-go-sdk-v2/oss"
	"github.com/aliyun/alibabacloud-oss-go-sdk-v2/oss/credentials"
	"github.com/aliyun/alibabacloud-oss-go-sdk-v2/oss/retry"
	ossv1 "github.com/aliyun/aliyun-oss-go-sdk/oss"
	"github.com/google/go-cmp/cmp"

	"github.com/ossconf/ossconf/fixtures"
	"github.com/ossconf/ossconf/harness/mockoss"
	"github.com/ossconf/ossconf/harness/record"
	"github.com/ossconf/ossconf/harness/replay"
	"github.com/ossconf/ossconf/signer"
)

const bucket = "examplebucket"

// key returns an access key that nobody knows, as long as real ones are.
func key(temporary bool) signer.Credentials {
	k := signer.Credentials{AccessKeyID: "LTAI5t" + rand.Text()[:18], AccessKeySecret: rand.Text() + "x+/="}
	if temporary {
		k.AccessKeyID = "STS." + rand.Text()
		k.SecurityToken = "CAIS+/" + strings.Repeat(rand.Text()+"+/", 20) + "=="
	}
	return k
}

func testKey(temporary bool) signer.Credentials {
	k := signer.Credentials{AccessKeyID: fixtures.TestAccessKeyID, AccessKeySecret: fixtures.TestAccessKeySecret}
	if temporary {
		k.SecurityToken = fixtures.TestSecurityToken
	}
	return k
}

// newMock returns a mock OSS that knows the key.
func newMock(t *testing.T, k signer.Credentials) *mockoss.Server {
	t.Helper()
	s := mockoss.NewServer(mockoss.Options{Buckets: []string{bucket}, Credentials: []mockoss.Credential{
		{AccessKeyID: k.AccessKeyID, AccessKeySecret: k.AccessKeySecret, SecurityToken: k.SecurityToken}}})
	t.Cleanup(s.Close)
	return s
}

// newServer starts a server and returns its URL.
func newServer(t *testing.T, h http.Handler) string {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s.URL
}

// leadTo returns a transport that reaches the server at a URL under every host name.
func leadTo(t *testing.T, serverURL string) http.RoundTripper {
	t.Helper()
	u, err := url.Parse(serverURL)
	if err != nil {
		t.Fatal(err)
	}
	transport := &http.Transport{DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, network, u.Host)
	}}
	t.Cleanup(transport.CloseIdleConnections)
	return transport
}

// A setup is how a client is pointed at a service.
type setup struct {
	endpoint string
	base     http.RoundTripper
	key      signer.Credentials
}

// A scene is what a client does. It returns what a user of the client gets to see.
type scene struct {
	name      string
	named     bool // the client talks to the public endpoint, not to an address
	temporary bool
	run       func(context.Context, setup) []string
}

const enabled = `<HttpsConfiguration><TLS><Enable>true</Enable><TLSVersion>TLSv1.2</TLSVersion></TLS></HttpsConfiguration>`

func scenes() []scene {
	query := func(o *oss.Options) { o.AuthMethod = oss.Ptr(oss.AuthMethodQuery) }
	hosts := func(c *oss.Config) { c.WithAdditionalHeaders([]string{"Host", "User-Agent"}) }
	return []scene{
		{"v2 path style", false, false, v2(nil)},
		{"v2 virtual-hosted", true, false, v2(nil)},
		{"v2 path style at the public endpoint", true, false, v2(func(c *oss.Config) { c.WithUsePathStyle(true) })},
		{"v2 temporary", false, true, v2(nil)},
		{"v2 additional headers", false, false, v2(hosts)},
		{"v2 additional headers, virtual-hosted, temporary", true, true, v2(hosts)},
		{"v2 presigned", false, false, v2(nil, query)},
		{"v2 presigned, virtual-hosted, temporary", true, true, v2(nil, query)},
		{"v2 presigned, additional headers", false, false, v2(hosts, query)},
		{"v1 path style", false, false, v1()},
		{"v1 virtual-hosted, temporary", true, true, v1()},
		{"v1 additional headers", false, false, v1(ossv1.AdditionalHeaders([]string{"host", "x-oss-content-sha256"}))},
	}
}

// v2 puts, gets, lists and fails with Go SDK v2.
func v2(change func(*oss.Config), each ...func(*oss.Options)) func(context.Context, setup) []string {
	return func(ctx context.Context, s setup) (seen []string) {
		config := oss.LoadDefaultConfig().WithRegion(fixtures.TestRegion).WithEndpoint(s.endpoint).
			WithCredentialsProvider(credentials.NewStaticCredentialsProvider(s.key.AccessKeyID, s.key.AccessKeySecret, s.key.SecurityToken)).
			WithHttpClient(&http.Client{Transport: s.base}).WithRetryer(retry.NopRetryer{})
		if change != nil {
			change(config)
		}
		c := oss.NewClient(config)
		see := func(what any, err error) {
			var e *oss.ServiceError
			switch {
			case errors.As(err, &e):
				seen = append(seen, fmt.Sprintf("%d %s %s %s", e.StatusCode, e.Code, e.EC, e.RequestID))
			case err != nil:
				seen = append(seen, "error: "+err.Error())
			default:
				seen = append(seen, fmt.Sprint(what))
			}
		}
		name := oss.Ptr(bucket)
		_, err := c.GetBucketHttpsConfig(ctx, &oss.GetBucketHttpsConfigRequest{Bucket: name}, each...)
		see("", err)
		_, err = c.PutBucketHttpsConfig(ctx, &oss.PutBucketHttpsConfigRequest{Bucket: name, HttpsConfiguration: &oss.HttpsConfiguration{
			TLS: &oss.TLS{Enable: oss.Ptr(true), TLSVersions: []string{"TLSv1.2"}}}}, each...)
		see("stored", err)
		got, err := c.GetBucketHttpsConfig(ctx, &oss.GetBucketHttpsConfigRequest{Bucket: name}, each...)
		if err == nil {
			see(got.HttpsConfiguration.TLS.TLSVersions, nil)
		} else {
			see("", err)
		}
		list, err := c.ListObjectsV2(ctx, &oss.ListObjectsV2Request{Bucket: name, Prefix: oss.Ptr("a b/ü+"), MaxKeys: 7}, each...)
		if err == nil {
			see(fmt.Sprint(*list.Prefix, list.MaxKeys, list.KeyCount), nil)
		} else {
			see("", err)
		}
		_, err = c.GetBucketHttpsConfig(ctx, &oss.GetBucketHttpsConfigRequest{Bucket: oss.Ptr("missing")}, each...)
		see("", err)
		head, err := c.HeadObject(ctx, &oss.HeadObjectRequest{Bucket: name, Key: oss.Ptr("a key/ü%2F+")}, each...)
		see(head != nil, err)
		return seen
	}
}

// v1 does with Go SDK v1 what that can.
func v1(options ...ossv1.ClientOption) func(context.Context, setup) []string {
	return func(ctx context.Context, s setup) (seen []string) {
		c, err := ossv1.New(s.endpoint, s.key.AccessKeyID, s.key.AccessKeySecret, append([]ossv1.ClientOption{ossv1.AuthVersion(ossv1.AuthV4),
			ossv1.Region(fixtures.TestRegion), ossv1.SecurityToken(s.key.SecurityToken), ossv1.HTTPClient(&http.Client{Transport: s.base})}, options...)...)
		if err != nil {
			return []string{err.Error()}
		}
		do := func(method, bucket, body string) {
			resp, err := c.Conn.DoWithContext(ctx, method, bucket, "", map[string]any{"httpsConfig": nil}, nil, strings.NewReader(body), 0, nil)
			var e ossv1.ServiceError
			switch {
			case errors.As(err, &e):
				seen = append(seen, fmt.Sprintf("%d %s %s %s", e.StatusCode, e.Code, e.Ec, e.RequestID))
			case err != nil:
				seen = append(seen, "error: "+err.Error())
			default:
				data, err := io.ReadAll(resp.Body)
				resp.Body.Close()
				seen = append(seen, fmt.Sprint(resp.StatusCode, string(data), err))
			}
		}
		do("GET", bucket, "")
		do("PUT", bucket, enabled)
		do("GET", bucket, "")
		do("GET", "missing", "")
		b, err := c.Bucket(bucket)
		if err != nil {
			return append(seen, err.Error())
		}
		u, err := b.SignURL("a key", ossv1.HTTPGet, 60)
		if err != nil {
			return append(seen, err.Error())
		}
		resp, err := (&http.Client{Transport: s.base}).Get(u)
		if err != nil {
			return append(seen, err.Error())
		}
		resp.Body.Close()
		return append(seen, resp.Status)
	}
}

// setup returns how the client of a scene reaches the server at a URL.
func (s scene) setup(t *testing.T, serverURL string, k signer.Credentials) setup {
	if s.named {
		return setup{"http://oss-cn-hangzhou.aliyuncs.com", leadTo(t, serverURL), k}
	}
	return setup{serverURL, http.DefaultTransport, k}
}

// record lets a scene play through a recorder in front of a mock OSS and returns the folder and what the client saw.
func (s scene) record(t *testing.T, dir string, k signer.Credentials) []string {
	t.Helper()
	rec := &record.Recorder{Upstream: newMock(t, k).URL, Dir: dir}
	seen := s.run(t.Context(), s.setup(t, newServer(t, rec), k))
	if err := rec.Close(); err != nil {
		t.Errorf("%v", err)
	}
	return seen
}

// Real clients are recorded in front of a mock OSS with a key of their own, and see the same again when they are replayed
// with the test key, in their own program and over HTTP.
func TestRoundTrip(t *testing.T) {
	for _, s := range scenes() {
		t.Run(s.name, func(t *testing.T) {
			dir, k := t.TempDir(), key(s.temporary)
			seen := s.record(t, dir, k)
			if len(seen) < 5 || slices.ContainsFunc(seen, refused) {
				t.Fatalf("the client saw %q", seen)
			}
			noSecrets(t, dir, k)

			transport := replay.Use(t, dir, record.Options{})
			endpoint := "http://127.0.0.1"
			if s.named {
				endpoint = "http://oss-cn-hangzhou.aliyuncs.com"
			}
			again := s.run(t.Context(), setup{endpoint, transport, testKey(s.temporary)})
			if diff := cmp.Diff(seen, again); diff != "" {
				t.Errorf("in one program (-recorded +replayed):\n%s", diff)
			}
			served := replay.Use(t, dir, record.Options{})
			again = s.run(t.Context(), s.setup(t, newServer(t, served), testKey(s.temporary)))
			if diff := cmp.Diff(seen, again); diff != "" {
				t.Errorf("over HTTP (-recorded +replayed):\n%s", diff)
			}
		})
	}
}

// refused reports whether a client had no success for want of a right signature or of an answer.
func refused(seen string) bool {
	return strings.HasPrefix(seen, "error: ") || strings.HasPrefix(seen, "403")
}

// spellings are the forms in which a secret could have got into a file.
func spellings(secret string) []string {
	list := []string{secret, url.QueryEscape(secret), url.PathEscape(secret), hex.EncodeToString([]byte(secret)),
		strings.ToUpper(hex.EncodeToString([]byte(secret))), fmt.Sprintf("% X", secret), fmt.Sprintf("% x", secret)}
	for _, enc := range []*base64.Encoding{base64.StdEncoding, base64.URLEncoding} {
		for shift := range 3 {
			text := enc.EncodeToString([]byte(strings.Repeat("x", shift) + secret + "xx"))
			list = append(list, text[4:len(text)-4])
		}
	}
	return list
}

// noSecrets fails the test if something of the key is in a file of the folder.
func noSecrets(t *testing.T, dir string, k signer.Credentials, more ...string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no files, %v", err)
	}
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, secret := range append([]string{k.AccessKeyID, k.AccessKeySecret, k.SecurityToken}, more...) {
			if secret == "" {
				continue
			}
			for _, s := range spellings(secret) {
				if bytes.Contains(bytes.ToLower(data), []byte(strings.ToLower(s))) {
					t.Errorf("%s holds %s\n%s", name, s, data)
				}
			}
		}
	}
}
