package mockoss_test

import (
	"context"
	"encoding/xml"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aliyun/alibabacloud-oss-go-sdk-v2/oss"
	"github.com/aliyun/alibabacloud-oss-go-sdk-v2/oss/credentials"
	"github.com/aliyun/alibabacloud-oss-go-sdk-v2/oss/retry"
	v2signer "github.com/aliyun/alibabacloud-oss-go-sdk-v2/oss/signer"
)

// sdkV2 is the newer SDK.
type sdkV2 struct {
	*oss.Client
	each []func(*oss.Options) // options of every call
}

func configV2(c setting) *oss.Config {
	cfg := oss.LoadDefaultConfig().WithRegion(c.region).WithEndpoint(c.endpoint).WithAdditionalHeaders(c.additional).
		WithCredentialsProvider(credentials.NewStaticCredentialsProvider(c.key.AccessKeyID, c.key.AccessKeySecret, c.key.SecurityToken)).
		WithRetryer(retry.NewStandard(func(o *retry.RetryOptions) { o.Backoff = retry.NewFixedDelayBackoff(0) }))
	if c.box != "" {
		cfg.WithCloudBoxId(c.box)
	}
	if c.client != nil {
		cfg.WithHttpClient(c.client)
	}
	return cfg
}

func newV2(c setting) *oss.Client { return oss.NewClient(configV2(c)) }

// openV2 returns a client that tries once: what it does about a skewed clock is TestSDKsWithASkewedClock's matter.
func openV2(_ testing.TB, c setting) sdk {
	return sdkV2{oss.NewClient(configV2(c).WithRetryMaxAttempts(1)), nil}
}

func (c sdkV2) makeBucket(bucket string) error {
	_, err := c.PutBucket(context.Background(), &oss.PutBucketRequest{Bucket: &bucket}, c.each...)
	return err
}

func (c sdkV2) putConfig(bucket string, config *oss.HttpsConfiguration) error {
	_, err := c.PutBucketHttpsConfig(context.Background(), &oss.PutBucketHttpsConfigRequest{Bucket: &bucket, HttpsConfiguration: config}, c.each...)
	return err
}

func (c sdkV2) config(bucket string) (*oss.HttpsConfiguration, error) {
	got, err := c.GetBucketHttpsConfig(context.Background(), &oss.GetBucketHttpsConfigRequest{Bucket: &bucket}, c.each...)
	if err != nil {
		return nil, err
	}
	return got.HttpsConfiguration, nil
}

func (c sdkV2) putObject(bucket, key, content string) error {
	_, err := c.PutObject(context.Background(), &oss.PutObjectRequest{Bucket: &bucket, Key: &key, Body: strings.NewReader(content)}, c.each...)
	return err
}

func (c sdkV2) object(bucket, key, byteRange string) (string, error) {
	got, err := c.GetObject(context.Background(), getObject(bucket, key, byteRange), c.each...)
	if err != nil {
		return "", err
	}
	defer got.Body.Close()
	content, err := io.ReadAll(got.Body)
	return string(content), err
}

func getObject(bucket, key, byteRange string) *oss.GetObjectRequest {
	r := &oss.GetObjectRequest{Bucket: &bucket, Key: &key}
	if byteRange != "" {
		r.Range = oss.Ptr("bytes=" + byteRange)
	}
	return r
}

func (c sdkV2) keys(bucket string) (keys []string, err error) {
	list, err := c.ListObjectsV2(context.Background(), &oss.ListObjectsV2Request{Bucket: &bucket}, c.each...)
	if err != nil {
		return nil, err
	}
	for _, o := range list.Contents {
		keys = append(keys, *o.Key)
	}
	return keys, nil
}

func (c sdkV2) removeObject(bucket, key string) error {
	_, err := c.DeleteObject(context.Background(), &oss.DeleteObjectRequest{Bucket: &bucket, Key: &key}, c.each...)
	return err
}

func (c sdkV2) removeBucket(bucket string) error {
	_, err := c.DeleteBucket(context.Background(), &oss.DeleteBucketRequest{Bucket: &bucket}, c.each...)
	return err
}

// presigned is the newer SDK as the author of requests that net/http sends, signed in the query.
type presigned struct {
	sdkV2
	sender
}

func openPresigned(t testing.TB, c setting) sdk {
	s := sender{http.DefaultClient, c.additional}
	if c.client != nil {
		s.client = c.client
	}
	query := func(o *oss.Options) { o.AuthMethod, o.HttpClient = oss.Ptr(oss.AuthMethodQuery), s }
	return presigned{sdkV2{openV2(t, c).(sdkV2).Client, []func(*oss.Options){query}}, s}
}

// putObject and object are what the SDK presigns by itself; it does not see the answer.

func (c presigned) putObject(bucket, key, content string) error {
	_, err := c.send(&oss.PutObjectRequest{Bucket: &bucket, Key: &key}, "", content)
	return err
}

func (c presigned) object(bucket, key, byteRange string) (string, error) {
	return c.send(&oss.GetObjectRequest{Bucket: &bucket, Key: &key}, byteRange, "")
}

func (c presigned) send(request any, byteRange, content string) (string, error) {
	p, err := c.Presign(context.Background(), request, oss.PresignExpires(time.Minute))
	if err != nil {
		return "", err
	}
	r, err := http.NewRequest(p.Method, p.URL, strings.NewReader(content))
	if err != nil {
		return "", err
	}
	for name, value := range p.SignedHeaders {
		r.Header.Set(name, value)
	}
	if byteRange != "" {
		r.Header.Set("Range", "bytes="+byteRange)
	}
	resp, err := c.sender.client.Do(r)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if resp.StatusCode >= 300 && err == nil {
		e := &oss.ServiceError{StatusCode: resp.StatusCode, Snapshot: body}
		return "", errors.Join(e, xml.Unmarshal(body, e))
	}
	return string(body), err
}

// A sender sends what the SDK has signed of a request and nothing else: the URL, the signed headers and the body. So
// it is with a presigned request, which the SDK makes for objects alone.
type sender struct {
	client     *http.Client
	additional []string
}

func (s sender) Do(r *http.Request) (*http.Response, error) {
	bare, err := http.NewRequestWithContext(r.Context(), r.Method, r.URL.String(), r.Body)
	if err != nil {
		return nil, err
	}
	bare.ContentLength = r.ContentLength
	for name, values := range r.Header {
		if (&v2signer.SignerV4{}).IsSignedHeader(s.additional, name) {
			bare.Header[name] = values
		}
	}
	return s.client.Do(bare)
}
