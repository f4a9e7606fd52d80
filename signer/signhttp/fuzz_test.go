package signhttp_test

import (
	"bufio"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/ossconf/ossconf/signer"
	"github.com/ossconf/ossconf/signer/signhttp"
)

func FuzzParseQuery(f *testing.F) {
	for _, s := range []string{"httpsConfig", "httpsConfig=", "a=b&c=%20+", "%zz", "&&=", "a=b=c"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		got, err := signhttp.ParseQuery(raw)
		if strings.Contains(raw, ";") {
			return // net/url refuses it
		}
		want, wantErr := url.ParseQuery(raw)
		if (err != nil) != (wantErr != nil) {
			t.Fatalf("%v, net/url: %v", err, wantErr)
		}
		if err != nil {
			return
		}
		values := make(url.Values)
		for _, q := range got {
			values.Add(q.Name, q.Value)
		}
		if values.Encode() != want.Encode() {
			t.Errorf("%v, net/url: %v", values, want)
		}
	})
}

// Whatever net/http takes for a request gets an answer, and what is accepted names what the request line names.
func FuzzVerify(f *testing.F) {
	f.Add("PUT /examplebucket/?httpsConfig HTTP/1.1\r\nHost: 127.0.0.1\r\nx-oss-content-sha256: UNSIGNED-PAYLOAD\r\nx-oss-date: 20250417T131318Z\r\n" +
		"Authorization: OSS4-HMAC-SHA256 Credential=testAccessKeyId/20250417/cn-hangzhou/oss/aliyun_v4_request,Signature=23fafead686debe27cd2cac32f1ca4aa9f8f5c80d9f33b65f32f7447830e6f7f\r\n\r\n")
	f.Add("GET /?httpsConfig&x-oss-credential=testAccessKeyId%2F20250417%2Fcn-hangzhou%2Foss%2Faliyun_v4_request&x-oss-date=20250417T131318Z&x-oss-expires=60" +
		"&x-oss-signature-version=OSS4-HMAC-SHA256&x-oss-signature=2a2bb3ca8b8998d76f5101d8dd3e1cd1298a8f371d50cb56562356ea3ec2f2c6 HTTP/1.1\r\nHost: examplebucket.oss-cn-hangzhou.aliyuncs.com\r\n\r\n")
	verifier := signer.Verifier{Lookup: lookup("")}
	accepted := []string{
		"PUT\n/examplebucket/\nhttpsConfig\nx-oss-content-sha256:UNSIGNED-PAYLOAD\nx-oss-date:20250417T131318Z\n\n\nUNSIGNED-PAYLOAD",
		"GET\n/examplebucket/\nhttpsConfig&x-oss-credential=testAccessKeyId%2F20250417%2Fcn-hangzhou%2Foss%2Faliyun_v4_request&x-oss-date=20250417T131318Z&x-oss-expires=60&x-oss-signature-version=OSS4-HMAC-SHA256\n\n\nUNSIGNED-PAYLOAD",
	}
	f.Fuzz(func(t *testing.T, text string) {
		r, err := http.ReadRequest(bufio.NewReader(strings.NewReader(text)))
		if err != nil {
			return
		}
		bucket, key, err := signhttp.Addressing{}.Resource(r)
		if err != nil {
			return
		}
		got, err := signhttp.Verify(&verifier, r, bucket, key, fixed)
		if err == nil && !slices.Contains(accepted, got.CanonicalRequest) {
			t.Errorf("accepted %q", got.CanonicalRequest)
		}
	})
}
