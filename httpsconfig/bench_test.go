package httpsconfig_test

import (
	"encoding/xml"
	"testing"

	"github.com/aliyun/alibabacloud-oss-go-sdk-v2/oss"

	"github.com/ossconf/ossconf/httpsconfig"
)

// sample is the sample of the PutBucketHttpsConfig document with its end tags mended.
const sample = `<?xml version="1.0" encoding="UTF-8"?>
<HttpsConfiguration>  
  <TLS>
    <Enable>true</Enable>   
    <TLSVersion>TLSv1.2</TLSVersion>
    <TLSVersion>TLSv1.3</TLSVersion>
  </TLS>
  <CipherSuite>
    <Enable>true</Enable>
    <StrongCipherSuite>false</StrongCipherSuite>
    <CustomCipherSuite>ECDHE-ECDSA-AES128-SHA256</CustomCipherSuite>
    <CustomCipherSuite>ECDHE-RSA-AES128-GCM-SHA256</CustomCipherSuite>
    <CustomCipherSuite>ECDHE-ECDSA-AES256-CCM8</CustomCipherSuite>
    <TLS13CustomCipherSuite>ECDHE-ECDSA-AES256-CCM8</TLS13CustomCipherSuite>
    <TLS13CustomCipherSuite>ECDHE-ECDSA-AES256-CCM8</TLS13CustomCipherSuite>
    <TLS13CustomCipherSuite>ECDHE-ECDSA-AES256-CCM8</TLS13CustomCipherSuite>
  </CipherSuite>
</HttpsConfiguration>`

func BenchmarkDecode(b *testing.B) {
	doc := []byte(sample)
	b.Run("ossconf", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := httpsconfig.Decode(doc); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("encoding-xml", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			var c oss.HttpsConfiguration
			if err := xml.Unmarshal(doc, &c); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkEncode(b *testing.B) {
	b.Run("ossconf", func(b *testing.B) {
		c, err := httpsconfig.Decode([]byte(sample))
		if err != nil {
			b.Fatal(err)
		}
		b.ReportAllocs()
		for b.Loop() {
			if _, err := c.AppendXML(nil); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("encoding-xml", func(b *testing.B) {
		var c oss.HttpsConfiguration
		if err := xml.Unmarshal([]byte(sample), &c); err != nil {
			b.Fatal(err)
		}
		b.ReportAllocs()
		for b.Loop() {
			if _, err := xml.Marshal(&c); err != nil {
				b.Fatal(err)
			}
		}
	})
}
