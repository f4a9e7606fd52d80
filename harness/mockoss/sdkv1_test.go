package mockoss_test

import (
	"bytes"
	"encoding/xml"
	"io"
	"strings"
	"testing"

	"github.com/aliyun/alibabacloud-oss-go-sdk-v2/oss"
	v1 "github.com/aliyun/aliyun-oss-go-sdk/oss"
)

// serviceErrorV1 is an error of the older SDK.
type serviceErrorV1 = v1.ServiceError

// sdkV1 is the older SDK, which signs with a Date header in place of x-oss-date.
type sdkV1 struct{ *v1.Client }

func openV1(t testing.TB, c setting) sdk {
	t.Helper()
	options := []v1.ClientOption{v1.AuthVersion(v1.AuthV4), v1.Region(c.region), v1.SecurityToken(c.key.SecurityToken),
		v1.CloudBoxId(c.box), v1.AdditionalHeaders(c.additional)}
	if c.client != nil {
		options = append(options, v1.HTTPClient(c.client))
	}
	client, err := v1.New(c.endpoint, c.key.AccessKeyID, c.key.AccessKeySecret, options...)
	if err != nil {
		t.Fatal(err)
	}
	return sdkV1{client}
}

func (c sdkV1) makeBucket(bucket string) error { return c.CreateBucket(bucket) }

// httpsConfig does what the SDK has no calls for.
func (c sdkV1) httpsConfig(method, bucket string, body []byte) ([]byte, error) {
	resp, err := c.Conn.Do(method, bucket, "", map[string]any{"httpsConfig": nil}, map[string]string{"Content-Type": "application/xml"},
		bytes.NewReader(body), 0, nil)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	return io.ReadAll(resp.Body)
}

func (c sdkV1) putConfig(bucket string, config *oss.HttpsConfiguration) error {
	body, err := xml.Marshal(config)
	if err == nil {
		_, err = c.httpsConfig("PUT", bucket, body)
	}
	return err
}

func (c sdkV1) config(bucket string) (*oss.HttpsConfiguration, error) {
	body, err := c.httpsConfig("GET", bucket, nil)
	if err != nil {
		return nil, err
	}
	var config oss.HttpsConfiguration
	return &config, xml.Unmarshal(body, &config)
}

func (c sdkV1) putObject(bucket, key, content string) error {
	b, err := c.Bucket(bucket)
	if err == nil {
		err = b.PutObject(key, strings.NewReader(content))
	}
	return err
}

func (c sdkV1) object(bucket, key, byteRange string) (string, error) {
	b, err := c.Bucket(bucket)
	if err != nil {
		return "", err
	}
	var options []v1.Option
	if byteRange != "" {
		options = append(options, v1.NormalizedRange(byteRange))
	}
	body, err := b.GetObject(key, options...)
	if err != nil {
		return "", err
	}
	defer body.Close()
	content, err := io.ReadAll(body)
	return string(content), err
}

func (c sdkV1) keys(bucket string) (keys []string, err error) {
	b, err := c.Bucket(bucket)
	if err != nil {
		return nil, err
	}
	list, err := b.ListObjectsV2()
	for _, o := range list.Objects {
		keys = append(keys, o.Key)
	}
	return keys, err
}

func (c sdkV1) removeObject(bucket, key string) error {
	b, err := c.Bucket(bucket)
	if err == nil {
		err = b.DeleteObject(key)
	}
	return err
}

func (c sdkV1) removeBucket(bucket string) error { return c.DeleteBucket(bucket) }
