package signhttp_test

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/ossconf/ossconf/signer"
	"github.com/ossconf/ossconf/signer/signhttp"
)

func ExampleTransport_Presign() {
	transport := &signhttp.Transport{
		Region: "cn-hangzhou",
		Credentials: func(context.Context) (signer.Credentials, error) {
			return signer.Credentials{AccessKeyID: "testAccessKeyId", AccessKeySecret: "testAccessKeySecret"}, nil
		},
		Now: func() time.Time { return time.Date(2025, 4, 17, 13, 13, 18, 0, time.UTC) },
	}
	r, err := http.NewRequest("GET", "https://examplebucket.oss-cn-hangzhou.aliyuncs.com/?httpsConfig", nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(transport.Presign(r, time.Minute))
	// Output:
	// https://examplebucket.oss-cn-hangzhou.aliyuncs.com/?httpsConfig&x-oss-credential=testAccessKeyId%2F20250417%2Fcn-hangzhou%2Foss%2Faliyun_v4_request&x-oss-date=20250417T131318Z&x-oss-expires=60&x-oss-signature-version=OSS4-HMAC-SHA256&x-oss-signature=2a2bb3ca8b8998d76f5101d8dd3e1cd1298a8f371d50cb56562356ea3ec2f2c6 <nil>
}
