package mockoss_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/ossconf/ossconf/harness/mockoss"
	"github.com/ossconf/ossconf/internal/npm"
)

// A nodeClient is an ali-oss that takes the steps of testdata/node/steps.js, which tells what the fields mean.
type nodeClient struct {
	Scenario string         `json:"scenario"`
	Bucket   string         `json:"bucket"`
	Client   map[string]any `json:"client"`
	Loopback bool           `json:"loopback,omitempty"`
	Browser  bool           `json:"browser,omitempty"`
}

// A nodeStep is how a step ended.
type nodeStep struct {
	Step      string `json:"step"`
	Status    int    `json:"status"`
	Code      string `json:"code"`
	EC        string `json:"ec"`
	RequestID string `json:"request_id"` // of an error
	Result    any    `json:"result"`
}

func done(step string, status int, result any) nodeStep {
	return nodeStep{Step: step, Status: status, Result: result}
}

func refusedStep(step string, status int, code, ec string) nodeStep {
	return nodeStep{Step: step, Status: status, Code: code, EC: ec}
}

func listed(step string, truncated bool, prefixes any, objects ...any) nodeStep {
	return done(step, 200, map[string]any{"objects": objects, "prefixes": prefixes, "truncated": truncated})
}

// aliOSS returns a client that names the bucket in the path, as it does at a name and not at an IP address.
func aliOSS(s *mockoss.Server, scenario string, change map[string]any) nodeClient {
	key := s.Credentials()[0]
	options := map[string]any{"region": "oss-" + s.Region, "accessKeyId": key.AccessKeyID, "accessKeySecret": key.AccessKeySecret,
		"endpoint": strings.Replace(s.URL, "127.0.0.1", "localhost", 1), "sldEnable": true}
	if key.SecurityToken != "" {
		options["stsToken"] = key.SecurityToken
	}
	maps.Copy(options, change)
	return nodeClient{Scenario: scenario, Bucket: "my-bucket", Client: options}
}

// atAddress are the options of a client that puts the bucket in front of the region's public endpoint, in the Host
// header alone.
func atAddress(s *mockoss.Server) map[string]any {
	return map[string]any{"endpoint": s.URL, "sldEnable": false}
}

// run takes the steps of the scenario and returns how they ended. The test is skipped without Node.js.
func (c nodeClient) run(t *testing.T) []nodeStep {
	t.Helper()
	folder, err := npm.Install(t.Context(), filepath.Join("testdata", "node"), filepath.Join("..", "..", "build"))
	if errors.Is(err, npm.ErrNode) && os.Getenv("OSSCONF_REQUIRE_NODE") == "" {
		t.Skipf("%v (OSSCONF_REQUIRE_NODE=1 makes this a failure)", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	settings, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	var stdout, stderr bytes.Buffer
	cmd := folder.Command(t.Context(), "steps.js")
	cmd.Stdin, cmd.Stdout, cmd.Stderr = bytes.NewReader(settings), &stdout, &stderr
	if err := cmd.Run(); err != nil {
		t.Fatalf("steps.js: %v\n%s%s", err, &stdout, &stderr)
	}
	var steps []nodeStep
	for d := json.NewDecoder(&stdout); d.More(); {
		var s nodeStep
		if err := d.Decode(&s); err != nil {
			t.Fatalf("steps.js: %v", err)
		}
		steps = append(steps, s)
	}
	return steps
}

// steps takes the steps of the scenario and compares them. An error has to be one that the server gave.
func (c nodeClient) steps(t *testing.T, s *mockoss.Server, want ...nodeStep) {
	t.Helper()
	got := c.run(t)
	if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(nodeStep{}, "RequestID"), cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("steps (-want +got):\n%s", diff)
	}
	given := make(map[string]string)
	for _, r := range s.Requests() {
		given[r.RequestID] = r.Code
	}
	for _, step := range got {
		if step.Code != given[step.RequestID] {
			t.Errorf("%s: request %q of %s, which the server answered %q", step.Step, step.RequestID, step.Code, given[step.RequestID])
		}
	}
}

func TestAliOSS(t *testing.T) {
	temporary := []mockoss.Credential{{AccessKeyID: "STS.id", AccessKeySecret: "secret", SecurityToken: "to+k/e=n",
		Expires: time.Now().Add(time.Hour)}}
	public := func(s *mockoss.Server) map[string]any {
		return map[string]any{"endpoint": strings.Replace(s.URL, "127.0.0.1", "oss-cn-hangzhou.aliyuncs.com", 1), "sldEnable": false}
	}
	for _, test := range []struct {
		name        string
		change      func(*mockoss.Server) map[string]any
		loopback    bool
		credentials []mockoss.Credential
		target      string // of the first request
	}{
		{"path style", nil, false, nil, "/my-bucket/"},
		{"path style, temporary access key", nil, false, temporary, "/my-bucket/"},
		{"IP address", atAddress, false, nil, "/"},
		{"public endpoint", public, true, nil, "/"},
		{"public endpoint, temporary access key", public, true, temporary, "/"},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := mockoss.NewServer(mockoss.Options{Credentials: test.credentials})
			defer s.Close()
			c := aliOSS(s, "lifecycle", nil)
			c.Loopback = test.loopback
			if test.change != nil {
				maps.Copy(c.Client, test.change(s))
			}
			c.steps(t, s, lifecycle...)
			if got := s.Requests()[0].Target; got != test.target {
				t.Errorf("the first request is for %s, want %s", got, test.target)
			}
		})
	}
}

var lifecycle = []nodeStep{
	done("PutBucket", 200, "my-bucket"),
	done("ListBuckets", 200, map[string]any{"buckets": []any{"my-bucket"}, "truncated": false}),
	refusedStep("GetBucketHttpsConfig before the first", 404, "NoSuchHttpsConfig", ""),
	done("PutBucketHttpsConfig", 200, nil),
	done("GetBucketHttpsConfig", 200,
		map[string]any{"TLS": map[string]any{"Enable": "true", "TLSVersion": []any{"TLSv1.2", "TLSv1.3"}}}),
	done("PutBucketHttpsConfig again", 200, nil),
	refusedStep("PutBucketHttpsConfig cut off", 400, "MalformedXML", "0015-00000231"),
	done("GetBucketHttpsConfig, signed with a header", 200, map[string]any{"TLS": map[string]any{"Enable": "false"}}),
	done("PutObject", 200, nil),
	done("PutObject at the top", 200, nil),
	done("GetObject", 200, "hello"),
	done("HeadObject", 200, map[string]any{"uid": "1"}),
	refusedStep("GetObject that is not there", 404, "NoSuchKey", "0026-00000001"),
	refusedStep("HeadObject that is not there", 404, "NoSuchKey", ""), // the SDK makes this up for every 404 without a body
	listed("ListObjects", false, []any{"dir/"}, "top"),
	listed("ListObjects with a prefix", false, nil, "dir/a key+é?.txt"),
	listed("ListObjectsV2", true, nil, "dir/a key+é?.txt"),
	listed("ListObjectsV2, the next page", false, nil, "top"),
	refusedStep("DeleteBucket that is not empty", 409, "BucketNotEmpty", "0015-00000301"),
	done("DeleteMultipleObjects", 200, []any{"dir/a key+é?.txt", "top"}),
	done("DeleteBucket", 204, nil),
}

func TestAliOSSErrors(t *testing.T) {
	for _, test := range []struct {
		name      string
		change    map[string]any
		bucket    string
		atAddress bool
		status    int
		code, ec  string
	}{
		{"no such bucket", nil, "missing", false, 404, "NoSuchBucket", "0015-00000101"},
		{"wrong secret", map[string]any{"accessKeySecret": "wrong"}, "my-bucket", false, 403, "SignatureDoesNotMatch", "0002-00000201"},
		{"unknown access key", map[string]any{"accessKeyId": "nobody"}, "my-bucket", false, 403, "InvalidAccessKeyId", "0002-00000902"},
		{"wrong region", map[string]any{"region": "oss-cn-beijing"}, "my-bucket", false, 400, "InvalidArgument", "0002-00000226"},
		// At an IP address the region is in the Host header too, as it is written: without oss- it makes no endpoint.
		{"wrong region at an IP address", map[string]any{"region": "oss-cn-beijing"}, "my-bucket", true, 403, "AccessDenied", "0003-00001403"},
		{"region without oss-", map[string]any{"region": "cn-hangzhou"}, "my-bucket", true, 403, "AccessDenied", "0003-00001403"},
		{"bucket in host and path", map[string]any{"sldEnable": true}, "my-bucket", true, 403, "SignatureDoesNotMatch", "0002-00000201"},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := mockoss.NewServer(mockoss.Options{Buckets: []string{"my-bucket"}})
			defer s.Close()
			c := aliOSS(s, "refused", nil)
			c.Bucket = test.bucket
			if test.atAddress {
				maps.Copy(c.Client, atAddress(s))
			}
			maps.Copy(c.Client, test.change)
			var want []nodeStep
			for _, step := range []string{"GetBucketHttpsConfig", "PutBucketHttpsConfig", "PutObject", "GetObject"} {
				want = append(want, refusedStep(step, test.status, test.code, test.ec))
			}
			c.steps(t, s, want...)
		})
	}
}

func TestAliOSSPresigned(t *testing.T) {
	const mismatch, ec = "SignatureDoesNotMatch", "0002-00000201"
	for name, key := range map[string]mockoss.Credential{
		"permanent access key": {AccessKeyID: "id", AccessKeySecret: "secret"},
		"temporary access key": {AccessKeyID: "STS.id", AccessKeySecret: "secret", SecurityToken: "to+k/e=n"},
	} {
		t.Run(name, func(t *testing.T) {
			s := mockoss.NewServer(mockoss.Options{Buckets: []string{"my-bucket"}, Credentials: []mockoss.Credential{key}})
			defer s.Close()
			aliOSS(s, "presigned", nil).steps(t, s,
				done("PUT", 200, ""),
				refusedStep("PUT of another type", 403, mismatch, ec),
				done("GET", 200, "hello"),
				refusedStep("GET of another key", 403, mismatch, ec),
				refusedStep("GET with a longer life", 403, mismatch, ec),
				done("GET with the signed header", 200, "hello"),
				refusedStep("GET with another header", 403, mismatch, ec),
				done("PUT ?httpsConfig", 200, ""),
				done("GET ?httpsConfig", 200, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"+
					"<HttpsConfiguration>\n  <TLS>\n    <Enable>false</Enable>\n  </TLS>\n</HttpsConfiguration>"),
				// An empty string is signed with an equals sign, which the canonical query of OSS does not have.
				refusedStep("GET ?httpsConfig, the value empty", 403, mismatch, ec),
			)
		})
	}
}

// The client for Node.js leaves a clock that is off as it is, whatever retryMax says, and has an option to amend it,
// which presigned URLs do not heed. The client for browsers sets the option by the error, and tries again.
func TestAliOSSSkewedClock(t *testing.T) {
	skewed := refusedStep("ListObjectsV2", 403, "RequestTimeTooSkewed", "0002-00000504")
	for _, test := range []struct {
		name    string
		offset  time.Duration
		browser bool
		first   nodeStep
		ec      string // of a presigned URL
		codes   []string
	}{
		{"Node.js, behind", time.Hour, false, skewed, "0002-00000236", []string{"RequestTimeTooSkewed"}},
		{"Node.js, ahead", -time.Hour, false, skewed, "0002-00000235", []string{"RequestTimeTooSkewed"}},
		{"browser, behind", time.Hour, true, listed("ListObjectsV2", false, nil), "0002-00000236", []string{"RequestTimeTooSkewed", ""}},
		{"browser, ahead", -time.Hour, true, listed("ListObjectsV2", false, nil), "0002-00000235", []string{"RequestTimeTooSkewed", ""}},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := mockoss.NewServer(mockoss.Options{Buckets: []string{"my-bucket"}})
			defer s.Close()
			s.SetClockOffset(test.offset)
			c := aliOSS(s, "skewed", map[string]any{"retryMax": 2})
			c.Browser = test.browser
			c.steps(t, s,
				test.first,
				refusedStep("ListObjectsV2, presigned", 403, "AccessDenied", test.ec),
				listed("ListObjectsV2, amended", false, nil),
				refusedStep("ListObjectsV2, amended and presigned", 403, "AccessDenied", test.ec),
			)
			var codes []string
			for _, r := range s.Requests() {
				codes = append(codes, r.Code)
			}
			// After the first step: the presigned URL, a request for the server's time, and two more steps.
			want := append(test.codes, "AccessDenied", "AccessDenied", "", "AccessDenied")
			if diff := cmp.Diff(want, codes); diff != "" {
				t.Errorf("codes of the requests (-want +got):\n%s", diff)
			}
		})
	}
}

func TestAliOSSForm(t *testing.T) {
	for name, key := range map[string]mockoss.Credential{
		"permanent access key": {AccessKeyID: "id", AccessKeySecret: "secret"},
		"temporary access key": {AccessKeyID: "STS.id", AccessKeySecret: "secret", SecurityToken: "to+k/e=n"},
	} {
		t.Run(name, func(t *testing.T) {
			s := mockoss.NewServer(mockoss.Options{Buckets: []string{"my-bucket"}, Credentials: []mockoss.Credential{key}})
			defer s.Close()
			aliOSS(s, "form", nil).steps(t, s,
				done("PostObject", 204, ""),
				done("PostObject, answered 200", 200, ""),
				refusedStep("PostObject of another key", 403, "AccessDenied", "0006-00000227"),
				refusedStep("PostObject of another type", 403, "AccessDenied", "0006-00000227"),
				refusedStep("PostObject of too much", 400, "EntityTooLarge", "0006-00000003"),
				refusedStep("PostObject with another policy", 403, "SignatureDoesNotMatch", "0002-00000705"),
				// The SDK signs a policy that is given as a string in its shortest form.
				refusedStep("PostObject, signed as an indented string", 403, "SignatureDoesNotMatch", "0002-00000705"),
				listed("ListObjectsV2", false, nil, "upload/2", "upload/a.txt"),
			)
		})
	}
}
