package mockoss_test

import (
	"bytes"
	"encoding/base64"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/ossconf/ossconf/fixtures"
	"github.com/ossconf/ossconf/harness/mockoss"
)

func TestObservedOnTheRealService(t *testing.T) {
	for f := range fixtures.Use(t, "observed").All() {
		t.Run(f.Name, func(t *testing.T) {
			o := f.Observation()
			s := newService()
			q := query{method: "GET", target: "/?httpsConfig", body: string(o.Put)}
			if o.Operation == fixtures.PutBucketHTTPSConfig {
				q.method = "PUT"
			}
			if !o.BucketExists {
				q.host = "missing." + endpoint
			}
			if !o.KeyKnown {
				q.key = "carol"
			}
			re := q.send(t, s)
			type verdict struct {
				Status            int
				Code, EC, Message string
			}
			want, got := verdict{o.Status, o.Code, o.EC, o.Message}, verdict{Status: re.status}
			if re.err != nil {
				got.Code = re.err.values["Code"]
				if o.EC != "" {
					got.EC = re.err.values["EC"]
				}
				if o.Message != "" {
					got.Message = re.err.values["Message"]
				}
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-observed +got):\n%s", diff)
			}
			if o.Get == nil {
				return
			}
			stored := query{target: "/?httpsConfig"}.send(t, s)
			if diff := cmp.Diff(decode(t, string(o.Get)), decode(t, stored.body)); diff != "" {
				t.Errorf("GET (-observed +got):\n%s", diff)
			}
		})
	}
}

// Requests that SDKs have sent are accepted when the clock stands where theirs stood.
func TestRequestsOfSDKs(t *testing.T) {
	for f := range fixtures.Use(t, "requests").All() {
		t.Run(f.Name, func(t *testing.T) {
			at, err := time.Parse("20060102T150405Z", f.Header("time"))
			if err != nil {
				t.Fatal(err)
			}
			r, _, err := f.Request()
			if err != nil {
				t.Fatal(err)
			}
			key := mockoss.Credential{AccessKeyID: fixtures.TestAccessKeyID, AccessKeySecret: fixtures.TestAccessKeySecret}
			if strings.Contains(f.Name, "sts") {
				key.SecurityToken = fixtures.TestSecurityToken
			}
			s := mockoss.New(mockoss.Options{Now: func() time.Time { return at }, Buckets: []string{f.Header("bucket")},
				Credentials: []mockoss.Credential{key}})
			re := serve(t, s, r)
			got := s.Requests()[0]
			if got.Operation != f.Header("operation") || got.Bucket != f.Header("bucket") {
				t.Errorf("taken for %s of %s", got.Operation, got.Bucket)
			}
			// Nothing was put before: to get as far as that is enough for a GET.
			want := map[string]string{fixtures.PutBucketHTTPSConfig: "", fixtures.GetBucketHTTPSConfig: "NoSuchHttpsConfig"}
			if got.Code != want[got.Operation] {
				t.Errorf("%d %s", re.status, re.body)
			}
		})
	}
}

// The published and the composed error documents, and how to provoke each.
func TestErrorDocuments(t *testing.T) {
	// What the composed documents leave out and the documented ones have.
	extra := []string{"RecommendDoc", "StringToSignBytes"}
	for _, test := range []struct {
		fixture string
		query   query
	}{
		{"err-accessdenied-composed", query{key: "anonymous", target: "/?httpsConfig"}},
		{"err-invalidaccesskeyid-composed", query{key: "carol"}},
		{"err-malformedxml-httpsconfig", query{method: "PUT", target: "/?httpsConfig", body: "<"}},
		{"err-nosuchbucket", query{host: "missing." + endpoint, target: "/?httpsConfig"}},
		{"err-nosuchhttpsconfig-assumed", query{target: "/?httpsConfig"}},
		{"err-skew-flat", query{at: noon.Add(time.Hour)}},
		{"err-signature-v4-composed", query{method: "PUT", target: "/?httpsConfig", secret: "wrong"}},
	} {
		t.Run(test.fixture, func(t *testing.T) {
			f, err := fixtures.Lookup("exchanges", test.fixture)
			if err != nil {
				t.Fatal(err)
			}
			resp, body, err := f.Response()
			if err != nil {
				t.Fatal(err)
			}
			want, re := parseError(t, body), test.query.send(t, newService())
			if re.status != resp.StatusCode {
				t.Errorf("status %d, want %d", re.status, resp.StatusCode)
			}
			got := slices.DeleteFunc(re.err.names, func(n string) bool {
				return slices.Contains(extra, n) && !slices.Contains(want.names, n)
			})
			if diff := cmp.Diff(want.names, got); diff != "" {
				t.Errorf("elements (-want +got):\n%s", diff)
			}
			for _, name := range []string{"Code", "Message", "EC"} {
				if want.values[name] != re.err.values[name] {
					t.Errorf("%s is %q, want %q", name, re.err.values[name], want.values[name])
				}
			}
		})
	}
}

// The elements by which a client finds out what it signs differently.
func TestSignatureDoesNotMatchExplainsItself(t *testing.T) {
	q := query{method: "PUT", target: "/?httpsConfig", secret: "wrong"}
	r := q.request(t)
	_, signature, _ := strings.Cut(r.Header.Get("Authorization"), "Signature=")
	re := serve(t, newService(), r)
	canonical := "PUT\n/examplebucket/\nhttpsConfig\nx-oss-content-sha256:UNSIGNED-PAYLOAD\nx-oss-date:20250417T120000Z\n\n\nUNSIGNED-PAYLOAD"
	toSign := re.err.values["StringToSign"]
	if want := "OSS4-HMAC-SHA256\n20250417T120000Z\n20250417/cn-hangzhou/oss/aliyun_v4_request\n"; !strings.HasPrefix(toSign, want) {
		t.Errorf("StringToSign is %q", toSign)
	}
	var hex bytes.Buffer
	for i := range len(toSign) {
		if i > 0 {
			hex.WriteByte(' ')
		}
		hex.WriteByte("0123456789ABCDEF"[toSign[i]>>4])
		hex.WriteByte("0123456789ABCDEF"[toSign[i]&15])
	}
	for name, want := range map[string]string{"OSSAccessKeyId": "alice", "SignatureProvided": signature,
		"CanonicalRequest": canonical, "StringToSignBytes": hex.String()} {
		if diff := cmp.Diff(want, re.err.values[name]); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestErrorOfHEADIsInAHeader(t *testing.T) {
	re := query{method: "HEAD", target: "/key", key: "anonymous"}.send(t, newService())
	if re.body != "" || re.header.Get("Content-Length") != "0" || re.header.Get("Content-Type") != "" {
		t.Errorf("HEAD was answered with a body: %v %q", re.header, re.body)
	}
	doc, err := base64.StdEncoding.DecodeString(re.header.Get("x-oss-err"))
	if err != nil {
		t.Fatal(err)
	}
	get := query{key: "anonymous", target: "/key"}.send(t, newService())
	if diff := cmp.Diff(get.body, string(doc)); diff != "" {
		t.Errorf("x-oss-err (-body of GET +got):\n%s", diff)
	}
}
