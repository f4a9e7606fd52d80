package signer_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/ossconf/ossconf/signer"
)

// Words that no error may repeat.
const (
	hiddenSecret = "S3cretOfTheTest"
	hiddenToken  = "T0kenOfTheTest"
)

// A refusal is a change to a good request, the cause it has to give and the field it has to name.
type refusal struct {
	name   string
	change func(*signer.Credentials, *signer.Request)
	cause  error
	field  string
}

func refusals() []refusal {
	type c = *signer.Credentials
	type r = *signer.Request
	field := func(name, value string) []signer.Field { return []signer.Field{{Name: name, Value: value}} }
	return []refusal{
		{"no access key", func(c c, _ r) { c.AccessKeyID = "" }, signer.ErrCredentials, "AccessKeyID"},
		{"access key with a slash", func(c c, _ r) { c.AccessKeyID = "a/b" }, signer.ErrCredentials, "AccessKeyID"},
		{"access key with a comma", func(c c, _ r) { c.AccessKeyID = "a,b" }, signer.ErrCredentials, "AccessKeyID"},
		{"access key with a blank", func(c c, _ r) { c.AccessKeyID = "a b" }, signer.ErrCredentials, "AccessKeyID"},
		{"access key with a line end", func(c c, _ r) { c.AccessKeyID = "a\n" }, signer.ErrCredentials, "AccessKeyID"},
		{"access key in Chinese", func(c c, _ r) { c.AccessKeyID = "密钥" }, signer.ErrCredentials, "AccessKeyID"},
		{"long access key", func(c c, _ r) { c.AccessKeyID = strings.Repeat("a", 129) }, signer.ErrCredentials, "AccessKeyID"},
		{"no secret", func(c c, _ r) { c.AccessKeySecret = "" }, signer.ErrCredentials, "AccessKeySecret"},
		{"secret with a line end", func(c c, _ r) { c.AccessKeySecret += "\n" }, signer.ErrCredentials, "AccessKeySecret"},
		{"long secret", func(c c, _ r) { c.AccessKeySecret += strings.Repeat("a", 1024) }, signer.ErrCredentials, "AccessKeySecret"},
		{"token with a line end", func(c c, _ r) { c.SecurityToken = hiddenToken + "\r\n" }, signer.ErrCredentials, "SecurityToken"},
		{"token with a blank", func(c c, _ r) { c.SecurityToken = hiddenToken + " " }, signer.ErrCredentials, "SecurityToken"},
		{"long token", func(c c, _ r) { c.SecurityToken = strings.Repeat("a", 16<<10+1) }, signer.ErrCredentials, "SecurityToken"},

		{"no method", func(_ c, r r) { r.Method = "" }, signer.ErrMethod, "Method"},
		{"method in small letters", func(_ c, r r) { r.Method = "put" }, signer.ErrMethod, "Method"},
		{"method with a line end", func(_ c, r r) { r.Method = "PUT\n" }, signer.ErrMethod, "Method"},
		{"long method", func(_ c, r r) { r.Method = strings.Repeat("A", 17) }, signer.ErrMethod, "Method"},
		{"key without a bucket", func(_ c, r r) { r.Bucket, r.Key = "", "k" }, signer.ErrBucket, "Bucket"},
		{"short bucket", func(_ c, r r) { r.Bucket = "ab" }, signer.ErrBucket, "Bucket"},
		{"long bucket", func(_ c, r r) { r.Bucket = strings.Repeat("a", 64) }, signer.ErrBucket, "Bucket"},
		{"bucket with a hyphen in front", func(_ c, r r) { r.Bucket = "-abc" }, signer.ErrBucket, "Bucket"},
		{"bucket with a hyphen behind", func(_ c, r r) { r.Bucket = "abc-" }, signer.ErrBucket, "Bucket"},
		{"bucket in capitals", func(_ c, r r) { r.Bucket = "Bucket" }, signer.ErrBucket, "Bucket"},
		{"bucket with a slash", func(_ c, r r) { r.Bucket = "abc/def" }, signer.ErrBucket, "Bucket"},
		{"long key", func(_ c, r r) { r.Key = strings.Repeat("k", 1024) }, signer.ErrKey, "Key"},
		{"key that is not UTF-8", func(_ c, r r) { r.Key = "a\xff" }, signer.ErrKey, "Key"},

		{"no time", func(_ c, r r) { r.Time = "" }, signer.ErrTime, "Time"},
		{"HTTP date", func(_ c, r r) { r.Time = "Thu, 17 Apr 2025 13:13:18 GMT" }, signer.ErrTime, "Time"},
		{"extended form", func(_ c, r r) { r.Time = "2025-04-17T13:13:18Z" }, signer.ErrTime, "Time"},
		{"30th of February", func(_ c, r r) { r.Time = "20250230T131318Z" }, signer.ErrTime, "Time"},
		{"29th of February 2025", func(_ c, r r) { r.Time = "20250229T131318Z" }, signer.ErrTime, "Time"},
		{"leap second", func(_ c, r r) { r.Time = "20161231T235960Z" }, signer.ErrTime, "Time"},
		{"line 2 with a line end", func(_ c, r r) { r.StringToSignTime = "a\nb" }, signer.ErrTime, "StringToSignTime"},
		{"no region", func(_ c, r r) { r.Region = "" }, signer.ErrRegion, "Region"},
		{"region in capitals", func(_ c, r r) { r.Region = "CN-hangzhou" }, signer.ErrRegion, "Region"},
		{"region with a slash", func(_ c, r r) { r.Region = "cn/hangzhou" }, signer.ErrRegion, "Region"},
		{"region as in an endpoint", func(_ c, r r) { r.Region = "oss-cn-hangzhou" }, signer.ErrRegion, "Region"},
		{"long region", func(_ c, r r) { r.Region = strings.Repeat("a", 64) }, signer.ErrRegion, "Region"},
		{"product with a slash", func(_ c, r r) { r.Product = "oss/" }, signer.ErrProduct, "Product"},

		{"parameter without a name", func(_ c, r r) { r.Query = field("", "v") }, signer.ErrQuery, "Query[0].Name"},
		{"parameter of another signature", func(_ c, r r) { r.Query = field("x-oss-credential", hiddenToken) }, signer.ErrQuery, "Query[0].Name"},
		{"parameter twice", func(_ c, r r) {
			r.Query = []signer.Field{{Name: "a"}, {Name: "b"}, {Name: "a", Value: hiddenToken}}
		}, signer.ErrDuplicateQuery, "Query[2].Name"},
		{"header without a name", func(_ c, r r) { r.Headers = field("", "v") }, signer.ErrHeader, "Headers[0].Name"},
		{"header with a colon", func(_ c, r r) { r.Headers = field("a:", "v") }, signer.ErrHeader, "Headers[0].Name"},
		{"header with a blank", func(_ c, r r) { r.Headers = field("a b", "v") }, signer.ErrHeader, "Headers[0].Name"},
		{"header in Chinese", func(_ c, r r) { r.Headers = field("头", "v") }, signer.ErrHeader, "Headers[0].Name"},
		{"CR in a value", func(_ c, r r) { r.Headers = field("a", hiddenToken+"\rb") }, signer.ErrHeader, "Headers[0].Value"},
		{"LF in a value", func(_ c, r r) { r.Headers = field("a", hiddenToken+"\nb") }, signer.ErrHeader, "Headers[0].Value"},
		{"NUL in a value", func(_ c, r r) { r.Headers = field("a", hiddenToken+"\x00") }, signer.ErrHeader, "Headers[0].Value"},
		{"additional header with a semicolon", func(_ c, r r) { r.AdditionalHeaders = []string{"host", "a;b"} }, signer.ErrHeader, "AdditionalHeaders[1]"},
		{"additional Authorization", func(_ c, r r) { r.AdditionalHeaders = []string{"AUTHORIZATION"} }, signer.ErrHeader, "AdditionalHeaders[0]"},

		{"many headers", func(_ c, r r) { r.Headers = make([]signer.Field, 1001) }, signer.ErrTooLarge, "Request"},
		{"many parameters", func(_ c, r r) { r.Query = make([]signer.Field, 1001) }, signer.ErrTooLarge, "Request"},
		{"many additional headers", func(_ c, r r) { r.AdditionalHeaders = make([]string, 1001) }, signer.ErrTooLarge, "Request"},
		{"large header", func(_ c, r r) { r.Headers = field("a", strings.Repeat("v", 1<<20)) }, signer.ErrTooLarge, "Request"},
	}
}

func goodRequest() (signer.Credentials, signer.Request) {
	c, r := benchmarkRequest()
	c.AccessKeySecret = hiddenSecret
	return c, r
}

func TestRefusals(t *testing.T) {
	for _, tt := range refusals() {
		t.Run(tt.name, func(t *testing.T) {
			var s signer.Signer
			c, r := goodRequest()
			tt.change(&c, &r)
			_, err := s.Sign(c, r)
			checkRefusal(t, err, tt.cause, tt.field)
			_, err = s.Presign(c, r, signer.PresignOptions{Expires: 60})
			checkRefusal(t, err, tt.cause, tt.field)
			switch tt.cause {
			case signer.ErrCredentials, signer.ErrRegion, signer.ErrProduct:
				_, err = s.PostPolicy(c, signer.Policy{JSON: "{}", Region: r.Region, Product: r.Product, Time: r.Time})
				checkRefusal(t, err, tt.cause, tt.field)
			}
		})
	}
	var s signer.Signer
	c, r := goodRequest()
	if _, err := s.Sign(c, r); err != nil {
		t.Errorf("the unchanged request: %v", err)
	}
}

func checkRefusal(t *testing.T, err, cause error, field string) {
	t.Helper()
	var e *signer.Error
	if !errors.As(err, &e) || !errors.Is(err, cause) || e.Field != field || e.Hint == "" {
		t.Errorf("error %v, want field %s and cause %v", err, field, cause)
		return
	}
	if text := err.Error(); strings.Contains(text, hiddenSecret) || strings.Contains(text, hiddenToken) || !strings.Contains(text, field) {
		t.Errorf("error text %q", text)
	}
}

// What only one of the three refuses.
func TestSpecialRefusals(t *testing.T) {
	var s signer.Signer
	c, r := goodRequest()
	for _, name := range []string{"x-oss-signature", "x-oss-signature-version", "x-oss-date", "x-oss-expires", "x-oss-additional-headers", "x-oss-security-token"} {
		in := r
		in.Query = []signer.Field{{Name: name, Value: "1"}}
		_, err := s.Sign(c, in)
		checkRefusal(t, err, signer.ErrQuery, "Query[0].Name")
		if name == "x-oss-signature" {
			continue // stale, and dropped
		}
		_, err = s.Presign(c, in, signer.PresignOptions{Expires: 60})
		checkRefusal(t, err, signer.ErrQuery, "Query[0].Name")
	}
	for _, expires := range []int{-1, 0, signer.MaxExpires + 1} {
		_, err := s.Presign(c, r, signer.PresignOptions{Expires: expires})
		checkRefusal(t, err, signer.ErrExpires, "Expires")
	}
	for _, endpoint := range []string{"ftp://oss.example.com", "https://", "oss.example.com/path", "oss.example.com?a", "oss.example.com:", "oss.example.com:65536", "oss.example.com:8a", "a b.com", ".com", "user@oss.example.com", "https://[::g]", "[::1", strings.Repeat("a.", 127) + "a"} {
		_, err := s.Presign(c, r, signer.PresignOptions{Expires: 60, Endpoint: endpoint})
		checkRefusal(t, err, signer.ErrEndpoint, "Endpoint")
	}
	in := r
	in.Headers = []signer.Field{{Name: "X-Oss-Content-Sha256", Value: "e3b0"}}
	_, err := s.Presign(c, in, signer.PresignOptions{Expires: 60})
	checkRefusal(t, err, signer.ErrHeader, "Headers[0].Value")

	policy := signer.Policy{Region: "cn-hangzhou", Time: r.Time}
	for _, json := range []string{"", " \n", "{", "eyJ9", "[]", "null"} {
		policy.JSON = json
		_, err := s.PostPolicy(c, policy)
		checkRefusal(t, err, signer.ErrPolicy, "JSON")
	}
	policy.JSON = "{" + strings.Repeat(" ", 1<<20) + "}"
	_, err = s.PostPolicy(c, policy)
	checkRefusal(t, err, signer.ErrTooLarge, "JSON")
	policy.JSON, policy.Time = "{}", "now"
	_, err = s.PostPolicy(c, policy)
	checkRefusal(t, err, signer.ErrTime, "Time")
}
