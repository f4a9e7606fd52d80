package signer_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aliyun/alibabacloud-oss-go-sdk-v2/oss/credentials"
	sdk "github.com/aliyun/alibabacloud-oss-go-sdk-v2/oss/signer"
	"github.com/ossconf/ossconf/signer"
)

// benchmarkRequest is the request that SDKs send to set an HTTPS configuration.
func benchmarkRequest() (signer.Credentials, signer.Request) {
	return signer.Credentials{AccessKeyID: "testAccessKeyId", AccessKeySecret: "testAccessKeySecret"}, signer.Request{
		Method: "PUT", Bucket: "examplebucket", Region: "cn-hangzhou", Time: "20250417T131318Z",
		Query:   []signer.Field{{Name: "httpsConfig"}},
		Headers: []signer.Field{{Name: "Content-Type", Value: "application/xml"}, {Name: "Content-MD5", Value: "WFRP9aLH1htgnxLhemAgCg=="}},
	}
}

func BenchmarkSign(b *testing.B) {
	var s signer.Signer
	c, r := benchmarkRequest()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := s.Sign(c, r); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSignSDKv2(b *testing.B) {
	c, r := benchmarkRequest()
	when, err := time.Parse("20060102T150405Z", r.Time)
	if err != nil {
		b.Fatal(err)
	}
	req, err := http.NewRequest(r.Method, "https://examplebucket.oss-cn-hangzhou.aliyuncs.com/?httpsConfig", nil)
	if err != nil {
		b.Fatal(err)
	}
	for _, h := range r.Headers {
		req.Header.Set(h.Name, h.Value)
	}
	product, creds := signer.ProductOSS, credentials.Credentials{AccessKeyID: c.AccessKeyID, AccessKeySecret: c.AccessKeySecret}
	b.ReportAllocs()
	for b.Loop() {
		ctx := &sdk.SigningContext{
			Product: &product, Region: &r.Region, Bucket: &r.Bucket, Request: req, Credentials: &creds, Time: when,
		}
		if err := (&sdk.SignerV4{}).Sign(context.Background(), ctx); err != nil {
			b.Fatal(err)
		}
	}
	if got := req.Header.Get("Authorization"); !strings.HasSuffix(got, "1275b69bd686a9f1e00358b5646cc7878a67d1df03af5bc244881244b57ae25b") {
		b.Fatal("the SDK signed something else: ", got)
	}
}
