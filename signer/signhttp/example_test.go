package signhttp_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"

	"github.com/ossconf/ossconf/harness/mockoss"
	"github.com/ossconf/ossconf/httpsconfig"
	"github.com/ossconf/ossconf/signer"
	"github.com/ossconf/ossconf/signer/signhttp"
)

// A configuration is checked, stored and read back. Against OSS itself, Base stays nil.
func ExampleTransport() {
	server := mockoss.NewServer(mockoss.Options{Buckets: []string{"examplebucket"}})
	defer server.Close()
	client := http.Client{Transport: &signhttp.Transport{
		Credentials: signhttp.Static(signer.Credentials{AccessKeyID: "testAccessKeyId", AccessKeySecret: "testAccessKeySecret"}),
		Region:      "cn-hangzhou",
		Base:        server.Client().Transport,
	}}
	const url = "http://examplebucket.oss-cn-hangzhou.aliyuncs.com/?httpsConfig"

	document := []byte(`{"TLS":{"Enable":true,"TLSVersion":["TLSv1.2","TLSv1.3"]}}`)
	fmt.Println("valid:", httpsconfig.Validate(document).OK())
	config, err := httpsconfig.Decode(document)
	if err != nil {
		fmt.Println(err)
		return
	}
	body, err := config.AppendXML(nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, method := range []string{"PUT", "GET"} {
		request, err := http.NewRequest(method, url, bytes.NewReader(body))
		if err != nil {
			fmt.Println(err)
			return
		}
		response, err := client.Do(request)
		if err != nil {
			fmt.Println(err)
			return
		}
		answer, err := io.ReadAll(response.Body)
		response.Body.Close()
		fmt.Println(method, response.Status, err)
		if method == "GET" {
			fmt.Printf("%s\n", answer)
		}
	}
	// Output:
	// valid: true
	// PUT 200 OK <nil>
	// GET 200 OK <nil>
	// <?xml version="1.0" encoding="UTF-8"?>
	// <HttpsConfiguration>
	//   <TLS>
	//     <Enable>true</Enable>
	//     <TLSVersion>TLSv1.2</TLSVersion>
	//     <TLSVersion>TLSv1.3</TLSVersion>
	//   </TLS>
	// </HttpsConfiguration>
}
