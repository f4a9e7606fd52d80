package fault_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/aliyun/alibabacloud-oss-go-sdk-v2/oss"
	"github.com/aliyun/alibabacloud-oss-go-sdk-v2/oss/credentials"
	"github.com/aliyun/alibabacloud-oss-go-sdk-v2/oss/retry"
	ossv1 "github.com/aliyun/aliyun-oss-go-sdk/oss"
	"github.com/google/go-cmp/cmp"
	"github.com/ossconf/ossconf/harness/fault"
)

// sdkV2 returns a client that tries three times, without waiting in between, on a connection of its own each.
func sdkV2(server *httptest.Server) *oss.Client {
	return oss.NewClient(oss.LoadDefaultConfig().WithRegion("cn-hangzhou").WithEndpoint(server.URL).WithUsePathStyle(true).
		WithCredentialsProvider(credentials.NewStaticCredentialsProvider("testAccessKeyId", "testAccessKeySecret")).
		WithHttpClient(&http.Client{Transport: copying{once(server.Client()).Transport}}).
		WithRetryer(retry.NewStandard(func(o *retry.RetryOptions) { o.Backoff = retry.NewFixedDelayBackoff(0) })))
}

// copying sends a copy of each body. The SDK rewinds a body for its next try while net/http may still read it for the
// last one, which RoundTripper forbids: without a copy, one in some hundred tries fails with a body of the wrong length.
type copying struct{ http.RoundTripper }

func (c copying) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Body == nil {
		return c.RoundTripper.RoundTrip(r)
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	r = r.Clone(r.Context())
	r.Body = io.NopCloser(bytes.NewReader(body))
	return c.RoundTripper.RoundTrip(r)
}

func putV2(c *oss.Client) error {
	_, err := c.PutBucketHttpsConfig(context.Background(), &oss.PutBucketHttpsConfigRequest{Bucket: oss.Ptr("examplebucket"),
		HttpsConfiguration: &oss.HttpsConfiguration{TLS: &oss.TLS{Enable: oss.Ptr(true), TLSVersions: []string{"TLSv1.2"}}}})
	return err
}

func getV2(c *oss.Client) error {
	r, err := c.GetBucketHttpsConfig(context.Background(), &oss.GetBucketHttpsConfigRequest{Bucket: oss.Ptr("examplebucket")})
	if err == nil && (r.HttpsConfiguration == nil || r.HttpsConfiguration.TLS == nil) {
		return errors.New("the SDK returned nothing")
	}
	return err
}

// TestSDKv2 shows which faults the SDK gets through, how often it tries, and what it makes of the others.
func TestSDKv2(t *testing.T) {
	for _, test := range []struct {
		name     string
		rules    []fault.Rule
		call     func(*oss.Client) error
		requests int
		handled  int
		check    func(error) bool // nil for success
	}{
		{"throttled twice", []fault.Rule{{Kind: fault.Throttle, Count: 2}}, putV2, 3, 1, nil},
		{"throttled, 429", []fault.Rule{{Kind: fault.Throttle, Code: "QpsLimitExceeded", Count: 1}}, getV2, 2, 1, nil},
		{"throttled for good", []fault.Rule{{Kind: fault.Throttle, Code: "TotalQpsLimitExceeded"}}, putV2, 3, 0,
			isServiceError(503, "TotalQpsLimitExceeded", "0004-00000302")},
		{"500 once", []fault.Rule{{Kind: fault.Status, Status: 500, Code: "InternalError", Count: 1}}, getV2, 2, 1, nil},
		{"500 after, so it happens twice", []fault.Rule{{Kind: fault.Status, Status: 500, Code: "InternalError", After: true, Count: 1}}, putV2, 2, 2, nil},
		{"403 is final", []fault.Rule{{Kind: fault.Status, Status: 403, Code: "AccessDenied", EC: "0003-00000001"}}, putV2, 1, 0,
			isServiceError(403, "AccessDenied", "0003-00000001")},
		{"reset twice", []fault.Rule{{Kind: fault.Reset, Count: 2}}, putV2, 3, 1, nil},
		{"reset after, so it happens twice", []fault.Rule{{Kind: fault.Reset, After: true, Count: 1}}, putV2, 2, 2, nil},
		{"reset for good", []fault.Rule{{Kind: fault.Reset}}, getV2, 3, 0, is(syscall.ECONNRESET)},
		{"malformed XML", []fault.Rule{{Kind: fault.MalformedXML}}, getV2, 1, 1, func(err error) bool {
			var e *oss.DeserializationError
			return errors.As(err, &e) && strings.Contains(string(e.Snapshot), "<TLSVersion>TLSv1.3</TLSVersion>")
		}},
		{"malformed error", []fault.Rule{{Kind: fault.MalformedXML}, {Kind: fault.Status, Status: 403, Code: "AccessDenied"}}, getV2, 1, 0,
			func(err error) bool {
				var e *oss.ServiceError
				return errors.As(err, &e) && e.StatusCode == 403 && strings.Contains(e.Message, "Failed to parse xml")
			}},
		// The body is read after the SDK has decided that there is nothing to try again.
		{"truncated", []fault.Rule{{Kind: fault.Truncate, Count: 1}}, getV2, 1, 1, is(io.ErrUnexpectedEOF)},
		{"truncated nothing", []fault.Rule{{Kind: fault.Truncate, Count: 1}}, putV2, 1, 1, is(io.ErrUnexpectedEOF)},
		{"late", []fault.Rule{{Kind: fault.Latency, Delay: time.Hour}}, getV2, 1, 1, nil},
	} {
		for _, front := range fronts() {
			t.Run(test.name+"/"+front.name, func(t *testing.T) {
				s := newService(t, test.rules...)
				s.options.Sleep = noSleep
				server := front.start(s)
				defer server.Close()
				err := test.call(sdkV2(server))
				if test.check == nil && err != nil || test.check != nil && !test.check(err) {
					t.Errorf("error: %v", err)
				}
				handled, fired := s.results()
				if len(fired) != test.requests || len(handled) != test.handled {
					t.Errorf("%d requests, %d carried out; want %d, %d", len(fired), len(handled), test.requests, test.handled)
				}
			})
		}
	}
}

func is(target error) func(error) bool { return func(err error) bool { return errors.Is(err, target) } }

func isServiceError(status int, code, ec string) func(error) bool {
	return func(err error) bool {
		var e *oss.ServiceError
		return errors.As(err, &e) && e.StatusCode == status && e.Code == code && e.EC == ec
	}
}

// The SDK sets its clock by the Date of an error that says it is wrong: date and status together put it there.
func TestSDKv2SetsItsClock(t *testing.T) {
	s := newService(t, fault.Rule{Kind: fault.Date, Offset: -time.Hour, Count: 1},
		fault.Rule{Kind: fault.Status, Status: 403, Code: "RequestTimeTooSkewed", Count: 1})
	var times []time.Time
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		at, err := time.Parse("20060102T150405Z", r.Header.Get("X-Oss-Date"))
		if err != nil {
			t.Error(err)
		}
		times = append(times, at)
		s.ServeHTTP(w, r)
	}))
	defer server.Close()
	if err := getV2(sdkV2(server)); err != nil {
		t.Fatal(err)
	}
	if len(times) != 2 {
		t.Fatalf("%d requests", len(times))
	}
	// A Date has no fractions, and each request takes its time: within a minute of an hour is meant.
	if back := times[0].Sub(times[1]); (back - time.Hour).Abs() > time.Minute {
		t.Errorf("the clock went back by %v", back)
	}
}

// The older SDK does not try again: each fault is an error, and the next call is another request.
func TestSDKv1(t *testing.T) {
	for _, test := range []struct {
		name  string
		rule  fault.Rule
		check func(error) bool
	}{
		{"throttled", fault.Rule{Kind: fault.Throttle}, isV1Error(503, "MetaOperationQpsLimitExceeded", "")},
		{"throttled, downloads", fault.Rule{Kind: fault.Throttle, Code: "DownloadTrafficRateLimitExceeded"},
			isV1Error(503, "DownloadTrafficRateLimitExceeded", "0004-00000402")},
		{"500", fault.Rule{Kind: fault.Status, Status: 500, Code: "InternalError"}, isV1Error(500, "InternalError", "")},
		{"reset", fault.Rule{Kind: fault.Reset}, is(syscall.ECONNRESET)},
		{"truncated", fault.Rule{Kind: fault.Truncate}, is(io.ErrUnexpectedEOF)},
	} {
		for _, front := range fronts() {
			t.Run(test.name+"/"+front.name, func(t *testing.T) {
				test.rule.Count = 1
				s := newService(t, test.rule)
				server := front.start(s)
				defer server.Close()
				client, err := ossv1.New(server.URL, "testAccessKeyId", "testAccessKeySecret", ossv1.AuthVersion(ossv1.AuthV4),
					ossv1.Region("cn-hangzhou"), ossv1.HTTPClient(once(server.Client())), ossv1.ForcePathStyle(true))
				if err != nil {
					t.Fatal(err)
				}
				if _, err := getV1(client); !test.check(err) {
					t.Errorf("error: %v", err)
				}
				body, err := getV1(client)
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(config, body); diff != "" {
					t.Errorf("second request (-want +got):\n%s", diff)
				}
			})
		}
	}
}

// getV1 does what the older SDK has no call for.
func getV1(client *ossv1.Client) (string, error) {
	resp, err := client.Conn.Do("GET", "examplebucket", "", map[string]any{"httpsConfig": nil}, nil, nil, 0, nil)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	return string(body), err
}

func isV1Error(status int, code, ec string) func(error) bool {
	return func(err error) bool {
		var e ossv1.ServiceError
		return errors.As(err, &e) && e.StatusCode == status && e.Code == code && e.Ec == ec
	}
}
