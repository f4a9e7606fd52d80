package mockoss_test

import (
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/aliyun/aliyun-oss-go-sdk/oss"
	"github.com/google/go-cmp/cmp"
	"github.com/ossconf/ossconf/harness/mockoss"
)

// sdkV1 returns a client of the older SDK, which signs with a Date header in place of x-oss-date.
func sdkV1(t *testing.T, s *mockoss.Server, url string, more ...oss.ClientOption) *oss.Client {
	t.Helper()
	c := s.Credentials()[0]
	options := append([]oss.ClientOption{oss.AuthVersion(oss.AuthV4), oss.Region(s.Region)}, more...)
	client, err := oss.New(url, c.AccessKeyID, c.AccessKeySecret, options...)
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// putV1 and getV1 do what the SDK has no calls for.
func putV1(client *oss.Client, bucket, body string) error {
	resp, err := client.Conn.Do("PUT", bucket, "", map[string]any{"httpsConfig": nil},
		map[string]string{"Content-Type": "application/xml"}, strings.NewReader(body), 0, nil)
	if resp != nil {
		resp.Body.Close()
	}
	return err
}

func getV1(client *oss.Client, bucket string) (string, error) {
	resp, err := client.Conn.Do("GET", bucket, "", map[string]any{"httpsConfig": nil}, nil, nil, 0, nil)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	return string(body), err
}

func TestSDKv1(t *testing.T) {
	for _, test := range []struct {
		name string
		make func(*testing.T, *mockoss.Server) *oss.Client
	}{
		{"path style", func(t *testing.T, s *mockoss.Server) *oss.Client { return sdkV1(t, s, s.URL) }},
		{"virtual-hosted style", func(t *testing.T, s *mockoss.Server) *oss.Client {
			return sdkV1(t, s, "http://oss-cn-hangzhou.aliyuncs.com", oss.HTTPClient(s.Client()))
		}},
		{"additional headers", func(t *testing.T, s *mockoss.Server) *oss.Client {
			return sdkV1(t, s, s.URL, oss.AdditionalHeaders([]string{"user-agent", "x-oss-content-sha256"}))
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := mockoss.NewServer(mockoss.Options{})
			defer s.Close()
			client := test.make(t, s)
			if err := client.CreateBucket("my-bucket"); err != nil {
				t.Fatal(err)
			}
			if err := putV1(client, "my-bucket", enabled); err != nil {
				t.Fatal(err)
			}
			body, err := getV1(client, "my-bucket")
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(decode(t, enabled), decode(t, body)); diff != "" {
				t.Errorf("(-put +got):\n%s", diff)
			}
			b, err := client.Bucket("my-bucket")
			if err != nil {
				t.Fatal(err)
			}
			if list, err := b.ListObjectsV2(oss.Prefix("a b")); err != nil || len(list.Objects) != 0 || list.Prefix != "a b" {
				t.Errorf("ListObjectsV2: %+v, %v", list, err)
			}
			if err := client.DeleteBucket("my-bucket"); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestSDKv1Temporary(t *testing.T) {
	s := mockoss.NewServer(mockoss.Options{Buckets: []string{"my-bucket"}, Credentials: []mockoss.Credential{
		{AccessKeyID: "STS.id", AccessKeySecret: "secret", SecurityToken: "token"}}})
	defer s.Close()
	for token, want := range map[string]string{"token": "", "another": "InvalidSecurityToken", "": "InvalidSecurityToken"} {
		err := putV1(sdkV1(t, s, s.URL, oss.SecurityToken(token)), "my-bucket", enabled)
		var se oss.ServiceError
		if (err == nil) != (want == "") || err != nil && (!errors.As(err, &se) || se.Code != want) {
			t.Errorf("token %q: %v, want %q", token, err, want)
		}
	}
}

func TestSDKv1Errors(t *testing.T) {
	for _, test := range []struct {
		name     string
		options  mockoss.Options
		change   oss.ClientOption
		bucket   string
		code, ec string
		status   int
	}{
		{"no such bucket", mockoss.Options{}, oss.Region("cn-hangzhou"), "missing", "NoSuchBucket", "0015-00000101", 404},
		{"wrong secret", mockoss.Options{}, oss.SetCredentialsProvider(staticV1{mockoss.DefaultAccessKeyID, "wrong"}), "my-bucket",
			"SignatureDoesNotMatch", "0002-00000201", 403},
		{"unknown access key", mockoss.Options{}, oss.SetCredentialsProvider(staticV1{"nobody", "secret"}), "my-bucket",
			"InvalidAccessKeyId", "0002-00000902", 403},
		{"wrong region", mockoss.Options{}, oss.Region("cn-beijing"), "my-bucket", "InvalidArgument", "0002-00000226", 400},
		{"skewed clock", mockoss.Options{Now: func() time.Time { return time.Now().Add(-time.Hour) }}, oss.Region("cn-hangzhou"),
			"my-bucket", "RequestTimeTooSkewed", "0002-00000504", 403},
		{"an old signature", mockoss.Options{}, oss.AuthVersion(oss.AuthV1), "my-bucket", "InvalidArgument", "0002-00000202", 400},
	} {
		t.Run(test.name, func(t *testing.T) {
			test.options.Buckets = []string{"my-bucket"}
			s := mockoss.NewServer(test.options)
			defer s.Close()
			client := sdkV1(t, s, s.URL, test.change)
			_, get := getV1(client, test.bucket)
			for _, err := range []error{get, putV1(client, test.bucket, enabled)} {
				var se oss.ServiceError
				if !errors.As(err, &se) {
					t.Fatalf("no service error: %v", err)
				}
				if se.Code != test.code || se.Ec != test.ec || se.StatusCode != test.status || len(se.RequestID) != 24 {
					t.Errorf("got %d %s %s, request %s; want %d %s %s", se.StatusCode, se.Code, se.Ec, se.RequestID, test.status, test.code, test.ec)
				}
			}
		})
	}
}

// staticV1 is a credentials provider of the older SDK, and the credentials too.
type staticV1 struct{ id, secret string }

func (s staticV1) GetCredentials() oss.Credentials { return s }
func (s staticV1) GetAccessKeyID() string          { return s.id }
func (s staticV1) GetAccessKeySecret() string      { return s.secret }
func (s staticV1) GetSecurityToken() string        { return "" }
