package mockoss_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aliyun/alibabacloud-oss-go-sdk-v2/oss"
	"github.com/google/go-cmp/cmp"
	"github.com/ossconf/ossconf/harness/mockoss"
	"github.com/ossconf/ossconf/signer"
)

// An sdk is a client of OSS that nobody here wrote. Configurations are in the type of Go SDK v2, which the other one
// has none for.
type sdk interface {
	makeBucket(bucket string) error
	putConfig(bucket string, config *oss.HttpsConfiguration) error
	config(bucket string) (*oss.HttpsConfiguration, error)
	putObject(bucket, key, content string) error
	object(bucket, key, byteRange string) (string, error) // byteRange is 2-5, or empty for all
	keys(bucket string) ([]string, error)
	removeObject(bucket, key string) error
	removeBucket(bucket string) error
}

// A setting is how a client is set up.
type setting struct {
	endpoint   string // base URL
	region     string
	box        string // the id of a cloud box, in place of a region
	key        mockoss.Credential
	client     *http.Client // the SDK's own if nil
	additional []string     // headers that are signed beside those that always are
}

// settings returns how a client is set up that is in order: with the first access key of the server, path style.
func settings(s *mockoss.Server) setting {
	return setting{endpoint: s.URL, region: s.Region, key: s.Credentials()[0]}
}

// sdks are the clients, each as it is and one with the signatures in the query of its requests.
func sdks() map[string]func(testing.TB, setting) sdk {
	return map[string]func(testing.TB, setting) sdk{
		"Go SDK v1":           openV1,
		"Go SDK v2":           openV2,
		"Go SDK v2 presigned": openPresigned,
	}
}

// forEachSDK runs a test with each of them.
func forEachSDK(t *testing.T, f func(t *testing.T, open func(testing.TB, setting) sdk)) {
	for name, open := range sdks() {
		t.Run(name, func(t *testing.T) { f(t, open) })
	}
}

// A hostWay is a way to reach a server.
type hostWay struct {
	name    string
	options mockoss.Options
	change  func(*setting, *mockoss.Server)
	virtual bool // the host names the bucket
	tls     bool
}

// hostWays are the ways to reach a server and to sign that make a difference to it.
func hostWays() []hostWay {
	through := func(endpoint string) func(*setting, *mockoss.Server) {
		return func(c *setting, s *mockoss.Server) { c.endpoint, c.client = endpoint, s.Client() }
	}
	box := mockoss.Options{Locations: []mockoss.Location{{Region: "cb-123", Product: signer.ProductCloudBox}}}
	secure := mockoss.Options{TLSAddr: "127.0.0.1:0"}
	return []hostWay{
		{name: "path style", change: func(*setting, *mockoss.Server) {}},
		{name: "virtual-hosted style", virtual: true, change: through("http://oss-cn-hangzhou.aliyuncs.com")},
		{name: "a name below localhost", virtual: true, change: func(c *setting, s *mockoss.Server) {
			c.endpoint, c.client = strings.Replace(s.URL, "127.0.0.1", "localhost", 1), s.Client()
		}},
		{name: "path style over TLS", options: secure, tls: true, change: func(c *setting, s *mockoss.Server) {
			c.endpoint, c.client = s.TLSURL, s.Client()
		}},
		{name: "virtual-hosted style over TLS", virtual: true, options: secure, tls: true, change: through("https://oss-cn-hangzhou.aliyuncs.com")},
		{name: "another region", virtual: true, options: mockoss.Options{Locations: []mockoss.Location{{Region: "cn-beijing"}}},
			change: func(c *setting, s *mockoss.Server) {
				through("http://oss-cn-beijing-internal.aliyuncs.com")(c, s)
				c.region = "cn-beijing"
			}},
		{name: "a cloud box, path style", options: box, change: func(c *setting, s *mockoss.Server) { c.box = "cb-123" }},
		{name: "a cloud box, virtual-hosted style", virtual: true, options: box, change: func(c *setting, s *mockoss.Server) {
			through("http://cb-123.cn-hangzhou.oss-cloudbox.aliyuncs.com")(c, s)
			c.box = "cb-123"
		}},
		{name: "a temporary access key", options: mockoss.Options{Credentials: []mockoss.Credential{{AccessKeyID: "STS.id",
			AccessKeySecret: "secret", SecurityToken: "to+k/e=n", Expires: time.Now().Add(time.Hour)}}},
			change: func(*setting, *mockoss.Server) {}},
		{name: "additional headers", change: func(c *setting, s *mockoss.Server) { c.additional = []string{"User-Agent", "date"} }},
	}
}

// TestSDKs does the main work of a server with each client, in each way to reach it.
func TestSDKs(t *testing.T) {
	for _, way := range hostWays() {
		t.Run(way.name, func(t *testing.T) {
			forEachSDK(t, func(t *testing.T, open func(testing.TB, setting) sdk) {
				s := mockoss.NewServer(way.options)
				defer s.Close()
				c := settings(s)
				way.change(&c, s)
				useSDK(t, open(t, c))
				var seen []string
				for _, r := range s.Requests() {
					seen = append(seen, strings.TrimSpace(fmt.Sprint(r.Operation, " ", r.Key, " ", r.Status)))
					if r.Bucket != "my-bucket" || r.AccessKeyID != c.key.AccessKeyID || (r.TLS != "") != way.tls ||
						strings.HasPrefix(r.Target, "/my-bucket/") == way.virtual {
						t.Errorf("bucket %q, access key %q, TLS %q in %s", r.Bucket, r.AccessKeyID, r.TLS, r.Target)
					}
				}
				want := []string{"PutBucket  200", "PutBucketHttpsConfig  200", "GetBucketHttpsConfig  200", "PutBucketHttpsConfig  200",
					"GetBucketHttpsConfig  200", "PutObject dir/a+b é.txt 200", "GetObject dir/a+b é.txt 200", "GetObject dir/a+b é.txt 206",
					"ListObjectsV2  200", "DeleteObject dir/a+b é.txt 204", "DeleteBucket  204"}
				if diff := cmp.Diff(want, seen); diff != "" {
					t.Errorf("requests (-want +got):\n%s", diff)
				}
			})
		})
	}
}

func useSDK(t *testing.T, c sdk) {
	t.Helper()
	const bucket, key, content = "my-bucket", "dir/a+b é.txt", "0123456789"
	ok := func(step string, err error) {
		t.Helper()
		if err != nil {
			t.Fatalf("%s: %v", step, err)
		}
	}
	ok("making a bucket", c.makeBucket(bucket))
	for _, config := range []*oss.HttpsConfiguration{
		{TLS: &oss.TLS{Enable: oss.Ptr(true), TLSVersions: []string{"TLSv1.2", "TLSv1.3"}},
			CipherSuite: &oss.CipherSuite{Enable: oss.Ptr(true), StrongCipherSuite: oss.Ptr(false),
				CustomCipherSuites: []string{"ECDHE-RSA-AES128-GCM-SHA256"}, TLS13CustomCipherSuites: []string{"TLS_AES_128_GCM_SHA256"}}},
		{TLS: &oss.TLS{Enable: oss.Ptr(true), TLSVersions: []string{"TLSv1.3"}}},
	} {
		ok("putting a configuration", c.putConfig(bucket, config))
		got, err := c.config(bucket)
		ok("getting a configuration", err)
		if diff := cmp.Diff(config, got); diff != "" {
			t.Errorf("configuration (-put +got):\n%s", diff)
		}
	}
	ok("putting an object", c.putObject(bucket, key, content))
	for _, r := range [][2]string{{"", content}, {"2-5", content[2:6]}} {
		got, err := c.object(bucket, key, r[0])
		ok("getting an object", err)
		if got != r[1] {
			t.Errorf("range %q is %q, want %q", r[0], got, r[1])
		}
	}
	keys, err := c.keys(bucket)
	ok("listing", err)
	if diff := cmp.Diff([]string{key}, keys); diff != "" {
		t.Errorf("keys (-want +got):\n%s", diff)
	}
	ok("deleting an object", c.removeObject(bucket, key))
	ok("deleting a bucket", c.removeBucket(bucket))
}
