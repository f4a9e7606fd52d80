package mockoss_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aliyun/alibabacloud-oss-go-sdk-v2/oss"
	"github.com/aliyun/alibabacloud-oss-go-sdk-v2/oss/credentials"
	"github.com/google/go-cmp/cmp"
	"github.com/ossconf/ossconf/harness/mockoss"
)

// A refusal is what a client makes of an error.
type refusal struct {
	Status   int
	Code, EC string
	Endpoint string // where else to ask
}

// refused returns what the error of a client says, nothing if there is none.
func refused(t *testing.T, err error) refusal {
	t.Helper()
	var v1 serviceErrorV1
	var v2 *oss.ServiceError
	switch {
	case err == nil:
		return refusal{}
	case errors.As(err, &v1):
		if len(v1.RequestID) != 24 {
			t.Errorf("request ID %q in %v", v1.RequestID, err)
		}
		return refusal{v1.StatusCode, v1.Code, v1.Ec, v1.Endpoint}
	case errors.As(err, &v2):
		if len(v2.RequestID) != 24 {
			t.Errorf("request ID %q in %v", v2.RequestID, err)
		}
		return refusal{v2.StatusCode, v2.Code, v2.EC, parseError(t, v2.Snapshot).values["Endpoint"]}
	}
	t.Fatalf("not an error of the service: %v", err)
	return refusal{}
}

// TestSDKsRefused asks for what is refused, and looks for the answer in the errors of the clients.
func TestSDKsRefused(t *testing.T) {
	regions := mockoss.Options{Locations: []mockoss.Location{{Region: "cn-beijing"}}}
	temporary := func(expires time.Duration) mockoss.Options {
		return mockoss.Options{Credentials: []mockoss.Credential{{AccessKeyID: "STS.id", AccessKeySecret: "secret", SecurityToken: "token",
			Expires: time.Now().Add(expires)}}}
	}
	for _, test := range []struct {
		name      string
		options   mockoss.Options
		change    func(*setting, *mockoss.Server)
		bucket    string // my-bucket if empty
		want      refusal
		presigned refusal // where a signature in the query makes a difference
	}{
		{name: "no such bucket", bucket: "missing", want: refusal{404, "NoSuchBucket", "0015-00000101", ""}},
		{name: "wrong secret", change: func(c *setting, _ *mockoss.Server) { c.key.AccessKeySecret = "wrong" },
			want: refusal{403, "SignatureDoesNotMatch", "0002-00000201", ""}},
		{name: "unknown access key", change: func(c *setting, _ *mockoss.Server) { c.key.AccessKeyID = "nobody" },
			want: refusal{403, "InvalidAccessKeyId", "0002-00000902", ""}},
		{name: "wrong region", change: func(c *setting, _ *mockoss.Server) { c.region = "cn-beijing" },
			want: refusal{400, "InvalidArgument", "0002-00000226", ""}, presigned: refusal{400, "InvalidArgument", "", ""}},
		{name: "a cloud box that is none", change: func(c *setting, _ *mockoss.Server) { c.box = "cb-123" },
			want: refusal{400, "InvalidArgument", "0002-00000226", ""}, presigned: refusal{400, "InvalidArgument", "", ""}},
		{name: "a clock that is an hour fast", options: clockBy(-time.Hour), want: refusal{403, "RequestTimeTooSkewed", "0002-00000504", ""},
			presigned: refusal{403, "AccessDenied", "0002-00000235", ""}},
		{name: "a clock that is an hour slow", options: clockBy(time.Hour), want: refusal{403, "RequestTimeTooSkewed", "0002-00000504", ""},
			presigned: refusal{403, "AccessDenied", "0002-00000236", ""}},
		{name: "another region than the bucket's", options: regions, change: func(c *setting, _ *mockoss.Server) { c.region = "cn-beijing" },
			want: refusal{403, "AccessDenied", "0003-00001403", "oss-cn-hangzhou.aliyuncs.com"}},
		{name: "the endpoint of another region", options: regions, change: func(c *setting, s *mockoss.Server) {
			c.endpoint, c.client, c.region = "http://oss-cn-beijing.aliyuncs.com", s.Client(), "cn-beijing"
		}, want: refusal{403, "AccessDenied", "0003-00001403", "oss-cn-hangzhou.aliyuncs.com"}},
		{name: "the endpoint of a region that is not served", change: func(c *setting, s *mockoss.Server) {
			c.endpoint, c.client = "http://oss-cn-shanghai.aliyuncs.com", s.Client()
		}, want: refusal{403, "AccessDenied", "0003-00001403", "oss-cn-hangzhou.aliyuncs.com"}},
		{name: "another security token", options: temporary(time.Hour), change: func(c *setting, _ *mockoss.Server) { c.key.SecurityToken = "other" },
			want: refusal{403, "InvalidSecurityToken", "0002-00000006", ""}},
		{name: "no security token", options: temporary(time.Hour), change: func(c *setting, _ *mockoss.Server) { c.key.SecurityToken = "" },
			want: refusal{403, "InvalidSecurityToken", "0002-00000006", ""}},
		{name: "a temporary access key that has ended", options: temporary(-time.Second), want: refusal{403, "SecurityTokenExpired", "0002-00000007", ""}},
	} {
		t.Run(test.name, func(t *testing.T) {
			forEachSDK(t, func(t *testing.T, open func(testing.TB, setting) sdk) {
				test.options.Buckets = []string{"my-bucket"}
				s := mockoss.NewServer(test.options)
				defer s.Close()
				set := settings(s)
				if test.change != nil {
					test.change(&set, s)
				}
				bucket := "my-bucket"
				if test.bucket != "" {
					bucket = test.bucket
				}
				c, want := open(t, set), test.want
				if _, ok := c.(presigned); ok && test.presigned != (refusal{}) {
					want = test.presigned
				}
				for call, f := range map[string]func() error{
					"putConfig": func() error {
						return c.putConfig(bucket, &oss.HttpsConfiguration{TLS: &oss.TLS{Enable: oss.Ptr(false)}})
					},
					"config":    func() error { _, err := c.config(bucket); return err },
					"putObject": func() error { return c.putObject(bucket, "key", "content") },
					"object":    func() error { _, err := c.object(bucket, "key", ""); return err },
				} {
					if diff := cmp.Diff(want, refused(t, f())); diff != "" {
						t.Errorf("%s (-want +got):\n%s", call, diff)
					}
				}
			})
		})
	}
}

// clockBy returns a server whose clock is ahead of everybody's.
func clockBy(d time.Duration) mockoss.Options {
	return mockoss.Options{Now: func() time.Time { return time.Now().Add(d) }}
}

// TestSDKsWithASkewedClock shows what the clients make of RequestTimeTooSkewed. The newer one takes the time from the
// Date of the answer, tries again and remembers it; the older one and whoever sends a presigned request report it.
func TestSDKsWithASkewedClock(t *testing.T) {
	const skewed = "403 RequestTimeTooSkewed"
	list := func(client *oss.Client) {
		client.ListObjects(context.Background(), &oss.ListObjectsRequest{Bucket: oss.Ptr("my-bucket")})
	}
	for _, test := range []struct {
		name string
		do   func(*testing.T, *mockoss.Server)
		want []string
	}{
		{"v1", func(t *testing.T, s *mockoss.Server) {
			openV1(t, settings(s)).keys("my-bucket")
		}, []string{skewed}},
		{"v2, two calls", func(t *testing.T, s *mockoss.Server) {
			client := newV2(settings(s))
			list(client)
			list(client)
		}, []string{skewed, "200 ", "200 "}},
		{"v2, an upload", func(t *testing.T, s *mockoss.Server) {
			newV2(settings(s)).PutObject(context.Background(), &oss.PutObjectRequest{Bucket: oss.Ptr("my-bucket"), Key: oss.Ptr("key"),
				Body: strings.NewReader("content")})
		}, []string{skewed, "200 "}},
		{"v2, an upload that cannot be repeated", func(t *testing.T, s *mockoss.Server) {
			client := newV2(settings(s))
			client.PutObject(context.Background(), &oss.PutObjectRequest{Bucket: oss.Ptr("my-bucket"), Key: oss.Ptr("key"),
				Body: io.MultiReader(strings.NewReader("content"))})
			list(client) // the time was not remembered
		}, []string{skewed, skewed, "200 "}},
		{"v2, without correction of its clock", func(t *testing.T, s *mockoss.Server) {
			list(oss.NewClient(configV2(settings(s)), func(o *oss.Options) { o.FeatureFlags &^= oss.FeatureCorrectClockSkew }))
		}, []string{skewed, skewed, skewed}},
		{"v2, a clock that changes again", func(t *testing.T, s *mockoss.Server) {
			client := newV2(settings(s))
			list(client)
			s.SetClockOffset(2 * time.Hour)
			list(client) // what it takes for the difference is that to the time it had corrected
		}, []string{skewed, "200 ", skewed, skewed, skewed}},
	} {
		t.Run(test.name, func(t *testing.T) {
			for _, d := range []time.Duration{-time.Hour, time.Hour} {
				o := clockBy(d)
				o.Buckets = []string{"my-bucket"}
				s := mockoss.NewServer(o)
				defer s.Close()
				test.do(t, s)
				var got []string
				for _, r := range s.Requests() {
					got = append(got, fmt.Sprint(r.Status, " ", r.Code))
				}
				if diff := cmp.Diff(test.want, got); diff != "" {
					t.Errorf("%v: requests (-want +got):\n%s", d, diff)
				}
			}
		})
	}
}

// TestSDKsAnonymous asks without a signature. The older client cannot: it signs with an empty access key.
func TestSDKsAnonymous(t *testing.T) {
	s := mockoss.NewServer(mockoss.Options{Buckets: []string{"my-bucket"}})
	defer s.Close()
	owner := newV2(settings(s))
	anonymous := sdkV2{oss.NewClient(configV2(settings(s)).WithCredentialsProvider(credentials.NewAnonymousCredentialsProvider())), nil}
	ctx, bucket := context.Background(), oss.Ptr("my-bucket")
	acl := func(acl oss.BucketACLType) error {
		_, err := owner.PutBucketAcl(ctx, &oss.PutBucketAclRequest{Bucket: bucket, Acl: acl})
		return err
	}
	if err := (sdkV2{owner, nil}).putObject("my-bucket", "key", "content"); err != nil {
		t.Fatal(err)
	}
	noRight := refusal{403, "AccessDenied", "0003-00000001", ""}
	for _, step := range []struct {
		name      string
		do        func() error
		refused   refusal // the step itself
		read, put refusal
	}{
		{"a new bucket", func() error { return nil }, refusal{}, noRight, noRight},
		{"opened while public access is blocked", func() error { return acl(oss.BucketACLPublicRead) }, refusal{403, "AccessDenied", "", ""}, noRight, noRight},
		{"public access no longer blocked", func() error {
			_, err := owner.PutBucketPublicAccessBlock(ctx, &oss.PutBucketPublicAccessBlockRequest{Bucket: bucket,
				PublicAccessBlockConfiguration: &oss.PublicAccessBlockConfiguration{BlockPublicAccess: oss.Ptr(false)}})
			return err
		}, refusal{}, noRight, noRight},
		{"public-read", func() error { return acl(oss.BucketACLPublicRead) }, refusal{}, refusal{}, noRight},
		{"public-read-write", func() error { return acl(oss.BucketACLPublicReadWrite) }, refusal{}, refusal{}, refusal{}},
		{"private", func() error { return acl(oss.BucketACLPrivate) }, refusal{}, noRight, noRight},
	} {
		if diff := cmp.Diff(step.refused, refused(t, step.do())); diff != "" {
			t.Fatalf("%s (-want +got):\n%s", step.name, diff)
		}
		_, err := anonymous.object("my-bucket", "key", "")
		if diff := cmp.Diff(step.read, refused(t, err)); diff != "" {
			t.Errorf("%s: reading (-want +got):\n%s", step.name, diff)
		}
		if diff := cmp.Diff(step.put, refused(t, anonymous.putObject("my-bucket", "another", ""))); diff != "" {
			t.Errorf("%s: writing (-want +got):\n%s", step.name, diff)
		}
		// A configuration is its owner's alone, whatever the list says.
		_, err = anonymous.config("my-bucket")
		if diff := cmp.Diff(refusal{403, "AccessDenied", "0003-00000905", ""}, refused(t, err)); diff != "" {
			t.Errorf("%s: configuration (-want +got):\n%s", step.name, diff)
		}
	}
}

// A presigned URL opens what it was signed for, as long as it was signed for.
func TestPresignedURLsThatWereChanged(t *testing.T) {
	s := mockoss.NewServer(mockoss.Options{Buckets: []string{"my-bucket"}})
	defer s.Close()
	client := sdkV2{newV2(settings(s)), nil}
	for _, key := range []string{"a key", "another"} {
		if err := client.putObject("my-bucket", key, "content"); err != nil {
			t.Fatal(err)
		}
	}
	p, err := client.Presign(context.Background(), getObject("my-bucket", "a key", ""), oss.PresignExpires(time.Minute))
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name, old, new string
		status         int
	}{
		{"as it is", "", "", 200},
		{"for another key", "a%20key", "another", 403},
		{"for a longer time", "x-oss-expires=60", "x-oss-expires=61", 403},
	} {
		u := strings.Replace(p.URL, test.old, test.new, 1)
		if test.old != test.new && u == p.URL {
			t.Fatalf("%s: no %s in %s", test.name, test.old, u)
		}
		resp, err := http.Get(u)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != test.status {
			t.Errorf("%s: status %d, want %d", test.name, resp.StatusCode, test.status)
		}
	}
}
