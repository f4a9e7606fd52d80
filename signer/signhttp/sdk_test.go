package signhttp_test

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	ossv2 "github.com/aliyun/alibabacloud-oss-go-sdk-v2/oss"
	"github.com/aliyun/alibabacloud-oss-go-sdk-v2/oss/credentials"
	ossv1 "github.com/aliyun/aliyun-oss-go-sdk/oss"
	"github.com/ossconf/ossconf/signer"
)

const document = "<HttpsConfiguration><TLS><Enable>true</Enable><TLSVersion>TLSv1.2</TLSVersion></TLS></HttpsConfiguration>"

// The SDKs read their own clock, and so does the server.
func TestGoSDKv1(t *testing.T) {
	for _, token := range []string{"", "token+/="} {
		s := newServer(t, token, time.Now)
		client, err := ossv1.New(s.URL, accessKeyID, accessKeySecret, ossv1.AuthVersion(ossv1.AuthV4),
			ossv1.Region("cn-hangzhou"), ossv1.SecurityToken(token))
		if err != nil {
			t.Fatal(err)
		}
		params := map[string]any{"httpsConfig": nil}
		headers := map[string]string{"Content-Type": "application/xml"}
		resp, err := client.Conn.Do("PUT", "examplebucket", "", params, headers, strings.NewReader(document), 0, nil)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		got, err := s.last()
		if err != nil {
			t.Fatalf("token %q: %v\n%s", token, err, got.CanonicalRequest)
		}
		if !strings.HasPrefix(got.CanonicalRequest, "PUT\n/examplebucket/\nhttpsConfig\n") || strings.Contains(got.CanonicalRequest, "x-oss-date") {
			t.Errorf("canonical request %q", got.CanonicalRequest)
		}
		if !strings.HasSuffix(strings.Split(got.StringToSign, "\n")[1], " GMT") {
			t.Errorf("string to sign %q, want the Date header on line 2", got.StringToSign)
		}
		bucket, err := client.Bucket("examplebucket")
		if err != nil {
			t.Fatal(err)
		}
		url, err := bucket.SignURL("a b+c/%41你", ossv1.HTTPGet, 60)
		if err != nil {
			t.Fatal(err)
		}
		verifyURL(t, s, url, nil)
	}
}

func TestGoSDKv2(t *testing.T) {
	for _, token := range []string{"", "token+/="} {
		s := newServer(t, token, time.Now)
		client := ossv2.NewClient(ossv2.LoadDefaultConfig().
			WithCredentialsProvider(credentials.NewStaticCredentialsProvider(accessKeyID, accessKeySecret, token)).
			WithRegion("cn-hangzhou").WithEndpoint(s.URL).WithUsePathStyle(true).
			WithAdditionalHeaders([]string{"host", "content-length", "user-agent"}))
		_, err := client.PutBucketHttpsConfig(t.Context(), &ossv2.PutBucketHttpsConfigRequest{
			Bucket: ossv2.Ptr("examplebucket"),
			HttpsConfiguration: &ossv2.HttpsConfiguration{
				TLS: &ossv2.TLS{Enable: ossv2.Ptr(true), TLSVersions: []string{"TLSv1.2"}},
			},
		})
		if err != nil {
			got, _ := s.last()
			t.Fatalf("%v\n%s", err, got.CanonicalRequest)
		}
		got, err := s.last()
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(got.CanonicalRequest, "\n\nuser-agent\nUNSIGNED-PAYLOAD") || !strings.HasPrefix(got.CanonicalRequest, "PUT\n/examplebucket/\nhttpsConfig\n") {
			t.Errorf("canonical request %q", got.CanonicalRequest)
		}
		out, err := client.Presign(t.Context(), &ossv2.GetObjectRequest{Bucket: ossv2.Ptr("examplebucket"), Key: ossv2.Ptr("a b+c/%41你")}, ossv2.PresignExpires(time.Minute))
		if err != nil {
			t.Fatal(err)
		}
		verifyURL(t, s, out.URL, out.SignedHeaders)
	}
}

// verifyURL uses a presigned URL with the headers that were signed.
func verifyURL(t *testing.T, s *server, url string, headers map[string]string) {
	t.Helper()
	r := newRequest(t, "GET", url, "")
	for name, value := range headers {
		r.Header.Set(name, value)
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	got, err := s.last()
	if err != nil || !got.Presigned {
		t.Fatalf("presigned: %v\n%s", err, got.CanonicalRequest)
	}
	if !strings.HasPrefix(got.CanonicalRequest, "GET\n/examplebucket/a%20b%2Bc/%2541%E4%BD%A0\n") {
		t.Errorf("canonical request %q", got.CanonicalRequest)
	}
}

// Requests as a person writes them onto a connection.
func TestRawRequests(t *testing.T) {
	var s signer.Signer
	c := signer.Credentials{AccessKeyID: accessKeyID, AccessKeySecret: accessKeySecret}
	sign := func(r signer.Request) string {
		r.Region, r.Time = "cn-hangzhou", "20250417T131318Z"
		out, err := s.Sign(c, r)
		if err != nil {
			t.Fatal(err)
		}
		return out.Authorization
	}
	put := sign(signer.Request{Method: "PUT", Bucket: "examplebucket", Query: []signer.Field{{Name: "httpsConfig"}}})
	blank := sign(signer.Request{Method: "GET", Bucket: "examplebucket", Key: "a b", Query: []signer.Field{{Name: "p q", Value: "ü"}}})
	length := sign(signer.Request{Method: "PUT", Bucket: "examplebucket", Headers: []signer.Field{{Name: "content-length", Value: "3"}, {Name: "HOST", Value: "127.0.0.1:1"}}, AdditionalHeaders: []string{"host", "content-length"}})
	android := sign(signer.Request{Method: "GET", Bucket: "examplebucket", OmitDateHeader: true})
	gov1 := sign(signer.Request{Method: "GET", Bucket: "examplebucket", OmitDateHeader: true, StringToSignTime: "Thu, 17 Apr 2025 13:13:18 GMT"})

	const common = "Host: 127.0.0.1:1\r\nx-oss-content-sha256: UNSIGNED-PAYLOAD\r\n"
	const dated = common + "x-oss-date: 20250417T131318Z\r\n"
	tests := []struct {
		name, request string
		code          string // of the answer; empty: accepted
	}{
		{"configuration", "PUT /examplebucket/?httpsConfig HTTP/1.1\r\n" + dated + "Authorization: " + put + "\r\n\r\n", ""},
		{"blanks behind the commas", "PUT /examplebucket/?httpsConfig= HTTP/1.1\r\n" + dated + "Authorization: " + strings.ReplaceAll(put, ",", ", ") + "\r\n\r\n", ""},
		{"names in capitals", "PUT /examplebucket?httpsConfig HTTP/1.1\r\n" + strings.ToUpper(dated[:1]) + strings.ReplaceAll(dated[1:], "x-oss-", "X-OSS-") + "AUTHORIZATION:" + put + "\r\n\r\n", ""},
		{"plus and lower-case escapes", "GET /examplebucket/a%20b?p+q=%c3%bc HTTP/1.1\r\n" + dated + "Authorization: " + blank + "\r\n\r\n", ""},
		{"escaped letters", "GET /%65xamplebucket/%61%20b?%70%20q=%C3%BC HTTP/1.1\r\n" + dated + "Authorization: " + blank + "\r\n\r\n", ""},
		{"plus in the path", "GET /examplebucket/a+b?p+q=%c3%bc HTTP/1.1\r\n" + dated + "Authorization: " + blank + "\r\n\r\n", "SignatureDoesNotMatch"},
		{"absolute form", "PUT http://127.0.0.1:1/examplebucket/?httpsConfig HTTP/1.1\r\n" + dated + "Authorization: " + put + "\r\n\r\n", ""},
		{"length and host", "PUT /examplebucket/ HTTP/1.1\r\n" + dated + "Content-Length: 3\r\nAuthorization: " + length + "\r\n\r\nabc", ""},
		{"other length", "PUT /examplebucket/ HTTP/1.1\r\n" + dated + "Content-Length: 2\r\nAuthorization: " + length + "\r\n\r\nab", "SignatureDoesNotMatch"},
		{"other host", "PUT /examplebucket/ HTTP/1.1\r\n" + strings.Replace(dated, ":1\r", ":2\r", 1) + "Content-Length: 3\r\nAuthorization: " + length + "\r\n\r\nabc", "SignatureDoesNotMatch"},
		{"Android", "GET /examplebucket/ HTTP/1.1\r\n" + common + "Date: Thu, 17 Apr 2025 13:13:18 GMT\r\nAuthorization: " + android + "\r\n\r\n", ""},
		{"ISO time in Date", "GET /examplebucket/ HTTP/1.1\r\n" + common + "Date: 20250417T131318Z\r\nAuthorization: " + android + "\r\n\r\n", ""},
		{"Go SDK v1", "GET /examplebucket/ HTTP/1.1\r\n" + common + "Date: Thu, 17 Apr 2025 13:13:18 GMT\r\nAuthorization: " + gov1 + "\r\n\r\n", ""},
		{"Go SDK v1, other second", "GET /examplebucket/ HTTP/1.1\r\n" + common + "Date: Thu, 17 Apr 2025 13:13:19 GMT\r\nAuthorization: " + gov1 + "\r\n\r\n", "SignatureDoesNotMatch"},
		{"date twice", "PUT /examplebucket/?httpsConfig HTTP/1.1\r\n" + dated + "x-oss-date: 20250417T131318Z\r\nAuthorization: " + put + "\r\n\r\n", "AccessDenied"},
		{"query twice", "PUT /examplebucket/?httpsConfig&httpsConfig HTTP/1.1\r\n" + dated + "Authorization: " + put + "\r\n\r\n", "InvalidArgument"},
		{"nobody", "GET /examplebucket/ HTTP/1.1\r\n" + common + "\r\n", "AccessDenied"},
		{"escape that is none", "GET /examplebucket/?a=%zz HTTP/1.1\r\n" + dated + "Authorization: " + put + "\r\n\r\n", "error"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := newServer(t, "", fixedNow)
			conn, err := net.Dial("tcp", s.Listener.Addr().String())
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			if _, err := io.WriteString(conn, tt.request); err != nil {
				t.Fatal(err)
			}
			resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
			if err != nil {
				t.Fatal(err)
			}
			resp.Body.Close()
			got, err := s.last()
			if code := codeOf(err); code != tt.code {
				t.Errorf("%s, want %q: %v\n%s", code, tt.code, err, got.CanonicalRequest)
			}
		})
	}
}

func codeOf(err error) string {
	switch e := err.(type) {
	case nil:
		return ""
	case *signer.ServiceError:
		return e.Code
	}
	return "error"
}

func BenchmarkTransport(b *testing.B) {
	tr := transport("")
	answer := &http.Response{StatusCode: http.StatusOK, Body: http.NoBody}
	tr.Base = roundTripper(func(*http.Request) (*http.Response, error) { return answer, nil })
	r, err := http.NewRequest("PUT", "https://examplebucket.oss-cn-hangzhou.aliyuncs.com/?httpsConfig", nil)
	if err != nil {
		b.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/xml")
	r.Header.Set("Content-MD5", "WFRP9aLH1htgnxLhemAgCg==")
	b.ReportAllocs()
	for b.Loop() {
		if _, err := tr.RoundTrip(r); err != nil {
			b.Fatal(err)
		}
	}
}
