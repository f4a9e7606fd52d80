package mockoss_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aliyun/alibabacloud-oss-go-sdk-v2/oss"
	"github.com/aliyun/alibabacloud-oss-go-sdk-v2/oss/credentials"
	"github.com/aliyun/alibabacloud-oss-go-sdk-v2/oss/retry"
	"github.com/google/go-cmp/cmp"
	"github.com/ossconf/ossconf/harness/mockoss"
)

// sdkV2 returns a client that talks path style, as SDKs do with an IP address.
func sdkV2(s *mockoss.Server, change ...func(*oss.Config)) *oss.Client {
	c := s.Credentials()[0]
	cfg := oss.LoadDefaultConfig().WithRegion(s.Region).WithEndpoint(s.URL).
		WithCredentialsProvider(credentials.NewStaticCredentialsProvider(c.AccessKeyID, c.AccessKeySecret, c.SecurityToken)).
		WithRetryer(retry.NewStandard(func(o *retry.RetryOptions) {
			o.MaxAttempts = 2
			o.Backoff = retry.NewFixedDelayBackoff(0)
		}))
	for _, f := range change {
		f(cfg)
	}
	return oss.NewClient(cfg)
}

// virtualHosted makes a client talk to the public endpoint, which s.Client leads to the server.
func virtualHosted(s *mockoss.Server) func(*oss.Config) {
	return func(cfg *oss.Config) {
		cfg.WithEndpoint("http://oss-cn-hangzhou.aliyuncs.com").WithHttpClient(s.Client())
	}
}

func TestSDKv2(t *testing.T) {
	presigned := func(o *oss.Options) { o.AuthMethod = oss.Ptr(oss.AuthMethodQuery) }
	pathStyle := func(*mockoss.Server) func(*oss.Config) { return func(*oss.Config) {} }
	additional := func(*mockoss.Server) func(*oss.Config) {
		return func(cfg *oss.Config) { cfg.WithAdditionalHeaders([]string{"User-Agent", "date"}) }
	}
	temporary := []mockoss.Credential{{AccessKeyID: "STS.id", AccessKeySecret: "secret", SecurityToken: "to+k/e=n",
		Expires: time.Now().Add(time.Hour)}}
	for _, test := range []struct {
		name        string
		change      func(*mockoss.Server) func(*oss.Config)
		credentials []mockoss.Credential
		each        []func(*oss.Options)
	}{
		{"path style", pathStyle, nil, nil},
		{"virtual-hosted style", virtualHosted, nil, nil},
		{"additional headers", additional, nil, nil},
		{"temporary access key", pathStyle, temporary, nil},
		{"presigned", virtualHosted, nil, []func(*oss.Options){presigned}},
		{"presigned path style, temporary access key", pathStyle, temporary, []func(*oss.Options){presigned}},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := mockoss.NewServer(mockoss.Options{Credentials: test.credentials})
			defer s.Close()
			sdkV2RoundTrip(t, sdkV2(s, test.change(s)), test.each)
			var seen []string
			for _, r := range s.Requests() {
				seen = append(seen, r.Operation+" "+r.Bucket+" "+http.StatusText(r.Status))
			}
			want := []string{"PutBucket my-bucket OK", "PutBucketHttpsConfig my-bucket OK", "GetBucketHttpsConfig my-bucket OK",
				"ListObjects my-bucket OK", "ListObjectsV2 my-bucket OK", "DeleteBucket my-bucket No Content"}
			if diff := cmp.Diff(want, seen); diff != "" {
				t.Errorf("requests (-want +got):\n%s", diff)
			}
		})
	}
}

func sdkV2RoundTrip(t *testing.T, client *oss.Client, each []func(*oss.Options)) {
	t.Helper()
	ctx, bucket := context.Background(), oss.Ptr("my-bucket")
	ok := func(step string, err error) {
		t.Helper()
		if err != nil {
			t.Fatalf("%s: %v", step, err)
		}
	}
	_, err := client.PutBucket(ctx, &oss.PutBucketRequest{Bucket: bucket,
		CreateBucketConfiguration: &oss.CreateBucketConfiguration{StorageClass: oss.StorageClassIA}}, each...)
	ok("PutBucket", err)
	config := &oss.HttpsConfiguration{
		TLS: &oss.TLS{Enable: oss.Ptr(true), TLSVersions: []string{"TLSv1.2", "TLSv1.3"}},
		CipherSuite: &oss.CipherSuite{Enable: oss.Ptr(true), StrongCipherSuite: oss.Ptr(false),
			CustomCipherSuites: []string{"ECDHE-RSA-AES128-GCM-SHA256"}, TLS13CustomCipherSuites: []string{"TLS_AES_128_GCM_SHA256"}},
	}
	_, err = client.PutBucketHttpsConfig(ctx, &oss.PutBucketHttpsConfigRequest{Bucket: bucket, HttpsConfiguration: config}, each...)
	ok("PutBucketHttpsConfig", err)
	got, err := client.GetBucketHttpsConfig(ctx, &oss.GetBucketHttpsConfigRequest{Bucket: bucket}, each...)
	ok("GetBucketHttpsConfig", err)
	if diff := cmp.Diff(config, got.HttpsConfiguration); diff != "" {
		t.Errorf("GetBucketHttpsConfig (-put +got):\n%s", diff)
	}
	list, err := client.ListObjects(ctx, &oss.ListObjectsRequest{Bucket: bucket, Prefix: oss.Ptr("a b/"), Delimiter: oss.Ptr("/")}, each...)
	ok("ListObjects", err)
	if len(list.Contents) != 0 || list.IsTruncated || *list.Name != *bucket || *list.Prefix != "a b/" || *list.Delimiter != "/" || list.MaxKeys != 100 {
		t.Errorf("ListObjects: %+v", list)
	}
	list2, err := client.ListObjectsV2(ctx, &oss.ListObjectsV2Request{Bucket: bucket, StartAfter: oss.Ptr("b"), MaxKeys: 5}, each...)
	ok("ListObjectsV2", err)
	if list2.KeyCount != 0 || list2.IsTruncated || *list2.StartAfter != "b" || list2.MaxKeys != 5 {
		t.Errorf("ListObjectsV2: %+v", list2)
	}
	_, err = client.DeleteBucket(ctx, &oss.DeleteBucketRequest{Bucket: bucket}, each...)
	ok("DeleteBucket", err)
}

func TestSDKv2Errors(t *testing.T) {
	provide := func(id, secret string) func(*oss.Config) {
		return func(cfg *oss.Config) {
			cfg.WithCredentialsProvider(credentials.NewStaticCredentialsProvider(id, secret))
		}
	}
	for _, test := range []struct {
		name     string
		options  mockoss.Options
		change   func(*oss.Config)
		bucket   string
		code, ec string
		status   int
	}{
		{"no such bucket", mockoss.Options{}, func(*oss.Config) {}, "missing", "NoSuchBucket", "0015-00000101", 404},
		{"wrong secret", mockoss.Options{}, provide(mockoss.DefaultAccessKeyID, "wrong"), "my-bucket", "SignatureDoesNotMatch", "0002-00000201", 403},
		{"unknown access key", mockoss.Options{}, provide("nobody", "secret"), "my-bucket", "InvalidAccessKeyId", "0002-00000902", 403},
		{"wrong region", mockoss.Options{}, func(cfg *oss.Config) { cfg.WithRegion("cn-beijing") }, "my-bucket", "InvalidArgument", "0002-00000226", 400},
		{"skewed clock", mockoss.Options{Now: func() time.Time { return time.Now().Add(time.Hour) }},
			func(cfg *oss.Config) { cfg.WithRetryMaxAttempts(1) }, "my-bucket", "RequestTimeTooSkewed", "0002-00000504", 403},
		{"anonymous", mockoss.Options{}, func(cfg *oss.Config) {
			cfg.WithCredentialsProvider(credentials.NewAnonymousCredentialsProvider())
		}, "my-bucket", "AccessDenied", "0003-00000905", 403},
	} {
		t.Run(test.name, func(t *testing.T) {
			test.options.Buckets = []string{"my-bucket"}
			s := mockoss.NewServer(test.options)
			defer s.Close()
			client := sdkV2(s, test.change)
			for _, call := range []func() error{
				func() error {
					_, err := client.GetBucketHttpsConfig(context.Background(), &oss.GetBucketHttpsConfigRequest{Bucket: &test.bucket})
					return err
				},
				func() error {
					_, err := client.PutBucketHttpsConfig(context.Background(), &oss.PutBucketHttpsConfigRequest{Bucket: &test.bucket,
						HttpsConfiguration: &oss.HttpsConfiguration{TLS: &oss.TLS{Enable: oss.Ptr(false)}}})
					return err
				},
			} {
				err := call()
				var se *oss.ServiceError
				if !errors.As(err, &se) {
					t.Fatalf("no service error: %v", err)
				}
				if se.Code != test.code || se.EC != test.ec || se.StatusCode != test.status || len(se.RequestID) != 24 {
					t.Errorf("got %d %s %s, request %s; want %d %s %s", se.StatusCode, se.Code, se.EC, se.RequestID, test.status, test.code, test.ec)
				}
			}
		})
	}
}

// The SDK takes the server's time from the error, sets its clock by it and tries again.
func TestSDKv2MendsItsClock(t *testing.T) {
	s := mockoss.NewServer(mockoss.Options{Buckets: []string{"my-bucket"}, Now: func() time.Time { return time.Now().Add(-time.Hour) }})
	defer s.Close()
	if _, err := sdkV2(s).ListObjects(context.Background(), &oss.ListObjectsRequest{Bucket: oss.Ptr("my-bucket")}); err != nil {
		t.Fatal(err)
	}
	var codes []string
	for _, r := range s.Requests() {
		codes = append(codes, r.Code)
	}
	if diff := cmp.Diff([]string{"RequestTimeTooSkewed", ""}, codes); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// A presigned URL of an object is verified like any other; only what it asks for is not there.
func TestSDKv2PresignedObject(t *testing.T) {
	s := mockoss.NewServer(mockoss.Options{Buckets: []string{"my-bucket"}})
	defer s.Close()
	for _, test := range []struct {
		name   string
		change func(string) string
		status int
	}{
		{"as it is", func(u string) string { return u }, 404},
		{"with another key", func(u string) string { return strings.Replace(u, "a%20key", "b%20key", 1) }, 403},
		{"with a longer life", func(u string) string { return strings.Replace(u, "x-oss-expires=60", "x-oss-expires=61", 1) }, 403},
	} {
		t.Run(test.name, func(t *testing.T) {
			p, err := sdkV2(s).Presign(context.Background(), &oss.GetObjectRequest{Bucket: oss.Ptr("my-bucket"), Key: oss.Ptr("dir/a key")},
				oss.PresignExpires(time.Minute))
			if err != nil {
				t.Fatal(err)
			}
			u := test.change(p.URL)
			if test.status == 403 && u == p.URL {
				t.Fatalf("the test changes nothing in %s", u)
			}
			resp, err := http.Get(u)
			if err != nil {
				t.Fatal(err)
			}
			resp.Body.Close()
			if resp.StatusCode != test.status {
				t.Errorf("status %d, want %d", resp.StatusCode, test.status)
			}
		})
	}
}
