package signer_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/ossconf/ossconf/signer"
)

const now = "20250417T131318Z"

// set gives a header or parameter another value, or adds it; drop takes it away.
func set(list []signer.Field, name, value string) []signer.Field {
	return append(drop(list, name), signer.Field{Name: name, Value: value})
}

func drop(list []signer.Field, name string) (kept []signer.Field) {
	for _, f := range list {
		if !strings.EqualFold(f.Name, name) {
			kept = append(kept, f)
		}
	}
	return kept
}

func get(list []signer.Field, name string) string {
	for _, f := range list {
		if strings.EqualFold(f.Name, name) {
			return f.Value
		}
	}
	return ""
}

// A wrong is a change to a good request and the answer it has to get.
type wrong struct {
	name           string
	change         func(*signer.Received)
	status         int
	code, ec, text string // text is a part of the message
}

func verifier(token string) *signer.Verifier {
	c, _ := benchmarkRequest()
	c.SecurityToken = token
	return &signer.Verifier{Region: "cn-hangzhou", Lookup: func(id string) (signer.Credentials, bool) { return c, id == c.AccessKeyID }}
}

func checkAnswer(t *testing.T, err error, w wrong) {
	t.Helper()
	if w.status == 0 {
		if err != nil {
			t.Errorf("%s: %v", w.name, err)
		}
		return
	}
	e := serviceError(t, err)
	if e.Status != w.status || e.Code != w.code || e.EC != w.ec || !strings.Contains(e.Message, w.text) {
		t.Errorf("%s: %v, want %d %s %s %s", w.name, err, w.status, w.code, w.ec, w.text)
	}
	if anonymous := errors.Is(err, signer.ErrAnonymous); anonymous != (w.ec == "0003-00000905") {
		t.Errorf("%s: anonymous %v", w.name, anonymous)
	}
}

func TestHeaderErrors(t *testing.T) {
	var s signer.Signer
	c, r := benchmarkRequest()
	r.AdditionalHeaders = []string{"host"}
	r.Headers = append(r.Headers, signer.Field{Name: "Host", Value: "h"})
	signed, err := s.Sign(c, r)
	if err != nil {
		t.Fatal(err)
	}
	authorization := func(old, new string) func(*signer.Received) {
		return func(r *signer.Received) {
			value := strings.Replace(signed.Authorization, old, new, 1)
			if value == signed.Authorization {
				t.Errorf("%q is not there", old)
			}
			r.Headers = set(r.Headers, "Authorization", value)
		}
	}
	header := func(name, value string) func(*signer.Received) {
		return func(r *signer.Received) { r.Headers = set(r.Headers, name, value) }
	}
	without := func(name string) func(*signer.Received) {
		return func(r *signer.Received) { r.Headers = drop(r.Headers, name) }
	}
	again := func(name, value string) func(*signer.Received) {
		return func(r *signer.Received) { r.Headers = append(r.Headers, signer.Field{Name: name, Value: value}) }
	}
	const invalid = "InvalidArgument"
	tests := []wrong{
		{"good", func(*signer.Received) {}, 0, "", "", ""},
		{"blanks behind the commas", authorization(",AdditionalHeaders=host,", ", AdditionalHeaders=host, "), 0, "", "", ""},
		{"anonymous", without("Authorization"), 403, "AccessDenied", "0003-00000905", "Anonymous access is forbidden"},
		{"other scheme", header("Authorization", "OSS ak:c2ln"), 400, invalid, "0002-00000202", "Authorization header is invalid."},
		{"empty", header("Authorization", ""), 400, invalid, "0002-00000202", "Authorization header is invalid."},
		{"twice", again("authorization", signed.Authorization), 400, invalid, "0002-00000202", "Authorization header is invalid."},
		{"unknown part", authorization("AdditionalHeaders=", "SignedHeaders="), 400, invalid, "0002-00000202", ""},
		{"part twice", authorization(",AdditionalHeaders=host", ",Signature=1"), 400, invalid, "0002-00000202", ""},
		{"part without a value", authorization(",AdditionalHeaders=host", ",AdditionalHeaders"), 400, invalid, "0002-00000202", ""},
		{"no credential", authorization(" Credential="+c.AccessKeyID+"/20250417/cn-hangzhou/oss/aliyun_v4_request,", " "), 400, invalid, "0002-00000205", ""},
		{"no signature", authorization(",Signature="+signed.Signature, ""), 400, invalid, "0002-00000207", ""},
		{"empty signature", authorization(signed.Signature, ""), 400, invalid, "0002-00000208", ""},
		{"empty list", authorization("=host,", "=,"), 400, invalid, "0002-00000209", ""},
		{"empty name in the list", authorization("=host,", "=host;,"), 400, invalid, "0002-00000210", ""},
		{"name in capitals", authorization("=host,", "=Host,"), 400, invalid, "", "Authorization header is invalid."},
		{"list out of order", authorization("=host,", "=host;content-type,"), 400, invalid, "", "Authorization header is invalid."},
		{"absent header listed", authorization("=host,", "=host;via,"), 403, "SignatureDoesNotMatch", "0002-00000201", ""},
		{"credential's end", authorization("aliyun_v4_request", "aws4_request"), 400, invalid, "0002-00000213", "Invalid credential in Authorization header."},
		{"credential's parts", authorization("/oss/", "/"), 400, invalid, "0002-00000213", ""},
		{"empty access key", authorization(c.AccessKeyID+"/", "/"), 400, invalid, "0002-00000206", ""},
		{"access key with a control character", authorization(c.AccessKeyID, "\r"+c.AccessKeyID), 400, invalid, "0002-00000206", ""},
		{"date with hyphens", authorization("/20250417/", "/2025-04-17/"), 400, invalid, "0002-00000212", ""},
		{"day that is none", authorization("/20250417/", "/20250431/"), 400, invalid, "0002-00000212", ""},
		{"day of another time", authorization("/20250417/", "/20250416/"), 400, invalid, "", "Invalid credential"},
		{"other region", authorization("/cn-hangzhou/", "/cn-beijing/"), 400, invalid, "0002-00000226", "Invalid signing region in Authorization header."},
		{"other product", authorization("/oss/", "/oss-cloudbox/"), 400, invalid, "0002-00000227", "Invalid signing product in Authorization header."},
		{"unknown access key", authorization(c.AccessKeyID, "nobody"), 403, "InvalidAccessKeyId", "0002-00000902", "does not exist in our records"},
		{"no date", without("x-oss-date"), 403, "AccessDenied", "0002-00000503", "OSS authentication requires a valid Date."},
		{"date that is none", header("x-oss-date", "Thu, 17 Apr 2025 13:13:18 GMT"), 403, "AccessDenied", "0002-00000502", ""},
		{"date twice", again("x-oss-date", now), 403, "AccessDenied", "0002-00000502", ""},
		{"other date", func(r *signer.Received) {
			r.Headers = set(drop(r.Headers, "x-oss-date"), "Date", "yesterday")
		}, 403, "AccessDenied", "0002-00000502", ""},
		{"payload hash", header("x-oss-content-sha256", "e3b0"), 400, invalid, "", "UNSIGNED-PAYLOAD"},
		{"no payload hash", without("x-oss-content-sha256"), 400, invalid, "", "UNSIGNED-PAYLOAD"},
		{"payload hash twice", again("X-Oss-Content-Sha256", "UNSIGNED-PAYLOAD"), 400, invalid, "", "UNSIGNED-PAYLOAD"},
		{"token of a permanent key", again("x-oss-security-token", "t"), 403, "InvalidSecurityToken", "0002-00000006", ""},
		{"other signature", authorization(signed.Signature, strings.Repeat("0", 64)), 403, "SignatureDoesNotMatch", "0002-00000201", ""},
		{"short signature", authorization(signed.Signature, signed.Signature[:63]), 403, "SignatureDoesNotMatch", "0002-00000201", ""},
		{"signature in capitals", authorization(signed.Signature, strings.ToUpper(signed.Signature)), 403, "SignatureDoesNotMatch", "0002-00000201", ""},
		{"query besides", func(r *signer.Received) {
			r.Query = append(r.Query, signer.Field{Name: "x-oss-signature", Value: "1"})
		}, 400, invalid, "", "in the query"},
		{"parameter twice", func(r *signer.Received) { r.Query = append(r.Query, r.Query...) }, 400, invalid, "", "twice"},
	}
	for _, tt := range tests {
		in := signer.Received{Method: r.Method, Bucket: r.Bucket, Query: r.Query, Headers: signed.Headers}
		tt.change(&in)
		_, err := verifier("").Verify(in, now)
		checkAnswer(t, err, tt)
	}
}

func TestQueryErrors(t *testing.T) {
	var s signer.Signer
	c, r := benchmarkRequest()
	c.SecurityToken = "token"
	signed, err := s.Presign(c, r, signer.PresignOptions{Expires: 60})
	if err != nil {
		t.Fatal(err)
	}
	query := decodeQuery(t, signed.SignedQuery)
	value := func(name, value string) func(*signer.Received) {
		return func(r *signer.Received) { r.Query = set(r.Query, name, value) }
	}
	without := func(name string) func(*signer.Received) {
		return func(r *signer.Received) { r.Query = drop(r.Query, name) }
	}
	credential := func(old, new string) func(*signer.Received) {
		return value("x-oss-credential", strings.Replace(get(query, "x-oss-credential"), old, new, 1))
	}
	const invalid = "InvalidArgument"
	tests := []wrong{
		{"good", func(*signer.Received) {}, 0, "", "", ""},
		{"anonymous", func(r *signer.Received) { r.Query = nil }, 403, "AccessDenied", "0003-00000905", ""},
		{"no version", without("x-oss-signature-version"), 400, invalid, "", "x-oss-signature-version"},
		{"other version", value("x-oss-signature-version", "OSS2"), 400, invalid, "", "x-oss-signature-version"},
		{"no expiry", without("x-oss-expires"), 400, invalid, "0002-00000215", ""},
		{"empty expiry", value("x-oss-expires", ""), 400, invalid, "0002-00000216", ""},
		{"no credential", without("x-oss-credential"), 400, invalid, "0002-00000217", ""},
		{"empty credential", value("x-oss-credential", ""), 400, invalid, "0002-00000218", ""},
		{"blank credential", value("x-oss-credential", "  "), 400, invalid, "0002-00000218", ""},
		{"no signature", without("x-oss-signature"), 400, invalid, "0002-00000219", ""},
		{"empty signature", value("x-oss-signature", ""), 400, invalid, "0002-00000220", ""},
		{"access key", credential(c.AccessKeyID, "\r"), 400, invalid, "0002-00000222", ""},
		{"day", credential("20250417", "2025-04-17"), 400, invalid, "0002-00000223", ""},
		{"credential's end", credential("aliyun_v4_request", "x"), 400, invalid, "0002-00000224", ""},
		{"region", credential("cn-hangzhou", "cn-beijing"), 400, invalid, "", "The signing region in credential is invalid."},
		{"product", credential("/oss/", "/oss-cloudbox/"), 400, invalid, "", "The signing product in credential is invalid."},
		{"day of another time", credential("20250417", "20250418"), 400, invalid, "", "x-oss-credential"},
		{"expiry of nothing", value("x-oss-expires", "0"), 400, invalid, "0002-00000232", ""},
		{"long expiry", value("x-oss-expires", "604801"), 400, invalid, "0002-00000232", ""},
		{"negative expiry", value("x-oss-expires", "-1"), 400, invalid, "0002-00000232", ""},
		{"expiry past any number", value("x-oss-expires", "18446744073709551617"), 400, invalid, "0002-00000232", ""},
		{"expiry that is no number", value("x-oss-expires", "1e3"), 400, invalid, "0002-00000232", ""},
		{"no date", without("x-oss-date"), 400, invalid, "", "x-oss-date"},
		{"date that is none", value("x-oss-date", "20250417"), 400, invalid, "", "x-oss-date"},
		{"list in capitals", value("x-oss-additional-headers", "Host"), 400, invalid, "", "x-oss-additional-headers"},
		{"empty list", value("x-oss-additional-headers", ""), 400, invalid, "", "x-oss-additional-headers"},
		{"empty name in the list", value("x-oss-additional-headers", "a;;b"), 400, invalid, "", "x-oss-additional-headers"},
		{"list that was not signed", value("x-oss-additional-headers", "host"), 403, "SignatureDoesNotMatch", "0002-00000201", ""},
		{"unknown access key", credential(c.AccessKeyID, "nobody"), 403, "InvalidAccessKeyId", "0002-00000902", ""},
		{"no token", without("x-oss-security-token"), 403, "InvalidSecurityToken", "0002-00000006", ""},
		{"other token", value("x-oss-security-token", "other"), 403, "InvalidSecurityToken", "0002-00000006", ""},
		{"parameter twice", func(r *signer.Received) {
			r.Query = append(r.Query, signer.Field{Name: "httpsConfig", Value: "1"})
		}, 400, invalid, "", "twice"},
		{"signature twice", func(r *signer.Received) {
			r.Query = append(r.Query, signer.Field{Name: "x-oss-signature", Value: signed.Signature})
		}, 400, invalid, "", "twice"},
		{"payload hash", func(r *signer.Received) { r.Headers = set(r.Headers, "x-oss-content-sha256", "x") }, 400, invalid, "", "UNSIGNED-PAYLOAD"},
	}
	for _, tt := range tests {
		in := signer.Received{Method: r.Method, Bucket: r.Bucket, Query: query, Headers: r.Headers}
		tt.change(&in)
		_, err := verifier("token").Verify(in, now)
		checkAnswer(t, err, tt)
	}
}

func TestPostErrors(t *testing.T) {
	var s signer.Signer
	c, _ := benchmarkRequest()
	c.SecurityToken = "token"
	const credential = "testAccessKeyId/20250417/cn-hangzhou/oss/aliyun_v4_request"
	const head = `{"x-oss-signature-version":"OSS4-HMAC-SHA256"},{"x-oss-credential":"` + credential + `"},`
	const conditions = head + `["eq","$X-Oss-Date","` + now + `"]`
	policy := func(json string) []signer.Field {
		t.Helper()
		out, err := s.PostPolicy(c, signer.Policy{JSON: json, Region: "cn-hangzhou", Time: now})
		if err != nil {
			t.Fatal(err)
		}
		return out.Fields
	}
	good := policy(`{"expiration":"2025-04-17T14:13:18.000Z","conditions":[` + conditions + `,{"x-oss-security-token":"token"},["starts-with","$key",""]]}`)
	field := func(name, value string) []signer.Field { return set(good, name, value) }
	const invalid, bad, denied = "InvalidArgument", "InvalidPolicyDocument", "AccessDenied"
	tests := []struct {
		form []signer.Field
		now  string
		wrong
	}{
		{good, now, wrong{"good", nil, 0, "", "", ""}},
		{good, "20250417T141318Z", wrong{"last second", nil, 0, "", "", ""}},
		{good, "20250417T141319Z", wrong{"expired", nil, 403, denied, "0006-00000213", "Policy expired."}},
		{good, "20250417T125818Z", wrong{"15 minutes early", nil, 0, "", "", ""}},
		{good, "20250417T125817Z", wrong{"earlier", nil, 403, denied, "0002-00000235", ""}},
		{nil, now, wrong{"anonymous", nil, 403, denied, "0003-00000905", ""}},
		{drop(good, "x-oss-signature"), now, wrong{"no signature", nil, 400, invalid, "0002-00000703", ""}},
		{field("x-oss-signature", ""), now, wrong{"empty signature", nil, 400, invalid, "0002-00000704", ""}},
		{field("x-oss-signature", strings.Repeat("0", 64)), now, wrong{"other signature", nil, 403, "SignatureDoesNotMatch", "0002-00000705", ""}},
		{append(field("POLICY", "x"), good...), now, wrong{"policy twice", nil, 400, invalid, "", "twice"}},
		{drop(good, "policy"), now, wrong{"no policy", nil, 400, invalid, "", "policy"}},
		{drop(good, "x-oss-signature-version"), now, wrong{"no version", nil, 400, invalid, "", "x-oss-signature-version"}},
		{drop(good, "x-oss-date"), now, wrong{"no date", nil, 400, invalid, "", "x-oss-date"}},
		{drop(good, "x-oss-credential"), now, wrong{"no credential", nil, 400, invalid, "0002-00000710", ""}},
		{field("x-oss-credential", strings.Replace(credential, "2025", "25", 1)), now, wrong{"day", nil, 400, invalid, "0002-00000709", ""}},
		{field("x-oss-date", "20250418T000000Z"), now, wrong{"day of another time", nil, 400, invalid, "0002-00000709", ""}},
		{field("x-oss-credential", strings.Replace(credential, "hangzhou", "beijing", 1)), now, wrong{"region", nil, 400, invalid, "", "signing region"}},
		{field("x-oss-credential", strings.Replace(credential, "testA", "A", 1)), now, wrong{"unknown access key", nil, 403, "InvalidAccessKeyId", "0002-00000902", ""}},
		{drop(good, "x-oss-security-token"), now, wrong{"no token", nil, 403, "InvalidSecurityToken", "0002-00000006", ""}},
		{policy(`{"conditions":[` + conditions + `]}`), now, wrong{"no expiration", nil, 400, bad, "", "expiration"}},
		{policy(`{"expiration":"tomorrow","conditions":[` + conditions + `]}`), now, wrong{"expiration that is none", nil, 400, bad, "", "expiration"}},
		{policy(`{"expiration":"2025-04-17T14:13:18.0a0Z","conditions":[` + conditions + `]}`), now, wrong{"fraction that is none", nil, 400, bad, "", "expiration"}},
		{policy(`{"expiration":"2025-04-17T14:13:18Z","conditions":[` + conditions + `]}`), now, wrong{"no fraction", nil, 0, "", "", ""}},
		{policy(`{"expiration":"2025-04-17T14:13:18Z"}`), now, wrong{"no conditions", nil, 400, bad, "", "conditions"}},
		{policy(`{"expiration":}`), now, wrong{"no JSON", nil, 400, bad, "", "JSON"}},
		{policy(`{"expiration":"2025-04-17T14:13:18Z","conditions":[` + head[:len(head)-1] + `]}`), now, wrong{"date not repeated", nil, 403, denied, "", "x-oss-date"}},
		{policy(`{"expiration":"2025-04-17T14:13:18Z","conditions":[` + conditions + `,{"x-oss-date":"20250417T131319Z"}]}`), now, wrong{"two dates", nil, 403, denied, "0006-00000227", "x-oss-date"}},
		{policy(`{"expiration":"2025-04-17T14:13:18Z","conditions":[` + conditions + `,{"x-oss-security-token":"other"}]}`), now, wrong{"other token", nil, 403, denied, "0006-00000227", "x-oss-security-token"}},
		{policy(`{"expiration":"2025-04-17T14:13:18Z","conditions":[` + conditions + `,{"x-oss-credential":1},[],"x",["eq"],["eq","$x-oss-date"]]}`), now, wrong{"credential that is a number", nil, 403, denied, "0006-00000227", "x-oss-credential"}},
	}
	for _, tt := range tests {
		_, err := verifier("token").VerifyPost(tt.form, tt.now)
		checkAnswer(t, err, tt.wrong)
	}
}

// The clock: header signatures by the skew to both sides, presigned URLs by their life.
func TestTimes(t *testing.T) {
	var s signer.Signer
	c, r := benchmarkRequest()
	header, err := s.Sign(c, r)
	if err != nil {
		t.Fatal(err)
	}
	query, err := s.Presign(c, r, signer.PresignOptions{Expires: 3600})
	if err != nil {
		t.Fatal(err)
	}
	inHeader := signer.Received{Method: r.Method, Bucket: r.Bucket, Query: r.Query, Headers: header.Headers}
	inQuery := signer.Received{Method: r.Method, Bucket: r.Bucket, Query: decodeQuery(t, query.SignedQuery), Headers: r.Headers}
	skewed := func(server string) *signer.ServiceError {
		return &signer.ServiceError{Status: 403, Code: "RequestTimeTooSkewed", EC: "0002-00000504",
			RequestTime: "2025-04-17T13:13:18.000Z", ServerTime: server, MaxAllowedSkewMilliseconds: 900000}
	}
	tests := []struct {
		in   signer.Received
		now  string
		want *signer.ServiceError
	}{
		{inHeader, "20250417T125818Z", nil},
		{inHeader, "20250417T132818Z", nil},
		{inHeader, "20250417T125817Z", skewed("2025-04-17T12:58:17.000Z")},
		{inHeader, "20250417T132819Z", skewed("2025-04-17T13:28:19.000Z")},
		{inQuery, "20250417T125818Z", nil},
		{inQuery, "20250417T141318Z", nil},
		{inQuery, "20250417T125817Z", &signer.ServiceError{Status: 403, Code: "AccessDenied", EC: "0002-00000235",
			RequestTime: "2025-04-17T13:13:18.000Z", ServerTime: "2025-04-17T12:58:17.000Z"}},
		{inQuery, "20250417T141319Z", &signer.ServiceError{Status: 403, Code: "AccessDenied", EC: "0002-00000236",
			Expires: "2025-04-17T14:13:18.000Z", ServerTime: "2025-04-17T14:13:19.000Z"}},
	}
	for _, tt := range tests {
		got, err := verifier("").Verify(tt.in, tt.now)
		if got.CanonicalRequest == "" || got.StringToSign == "" || got.AccessKeyID != c.AccessKeyID {
			t.Errorf("%s: nothing to explain the answer with: %+v", tt.now, got)
		}
		if tt.want == nil {
			if err != nil {
				t.Errorf("%s: %v", tt.now, err)
			}
			continue
		}
		if diff := cmp.Diff(tt.want, serviceError(t, err), cmpopts.IgnoreFields(signer.ServiceError{}, "Message")); diff != "" {
			t.Errorf("%s (-want +got)\n%s", tt.now, diff)
		}
	}
	for _, bad := range []string{"", "now", "2025-04-17T13:13:18Z"} {
		_, err := verifier("").Verify(inHeader, bad)
		checkRefusal(t, err, signer.ErrTime, "now")
		_, err = verifier("").VerifyPost(nil, bad)
		checkRefusal(t, err, signer.ErrTime, "now")
	}
	_, err = verifier("").Verify(signer.Received{Headers: make([]signer.Field, 1001)}, now)
	checkRefusal(t, err, signer.ErrTooLarge, "Received")
	_, err = verifier("").VerifyPost(make([]signer.Field, 1001), now)
	checkRefusal(t, err, signer.ErrTooLarge, "form")
}

func TestMismatch(t *testing.T) {
	var s signer.Signer
	c, r := benchmarkRequest()
	r.Headers = nil
	signed, err := s.Sign(c, r)
	if err != nil {
		t.Fatal(err)
	}
	in := signer.Received{Method: "GET", Bucket: r.Bucket, Query: r.Query, Headers: signed.Headers}
	_, err = verifier("").Verify(in, now)
	got := serviceError(t, err)
	const start = "4F 53 53 34 2D 48 4D 41 43 2D 53 48 41 32 35 36 0A 32 30 "
	if !strings.HasPrefix(got.StringToSignBytes, start) || len(got.StringToSignBytes) != 3*len(got.StringToSign)-1 {
		t.Errorf("bytes %q", got.StringToSignBytes)
	}
	canonical := referenceCanonical(in, "")
	want := &signer.ServiceError{
		Status: 403, Code: "SignatureDoesNotMatch", EC: "0002-00000201", OSSAccessKeyID: c.AccessKeyID, SignatureProvided: signed.Signature,
		Message:          "The request signature we calculated does not match the signature you provided. Check your key and signing method.",
		CanonicalRequest: canonical, StringToSign: referenceStringToSign(now, "20250417/cn-hangzhou/oss/aliyun_v4_request", canonical),
		StringToSignBytes: got.StringToSignBytes,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if text := err.Error(); text != "signer: 403 SignatureDoesNotMatch (EC 0002-00000201): "+want.Message {
		t.Errorf("text %q", text)
	}
	var none signer.Verifier
	_, err = none.Verify(in, now)
	if e := serviceError(t, err); e.Code != "InvalidAccessKeyId" || e.OSSAccessKeyID != c.AccessKeyID {
		t.Errorf("the zero Verifier: %v", err)
	}
}
