package tlspolicy_test

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net"
	"net/http"

	"github.com/ossconf/ossconf/harness/tlspolicy"
	"github.com/ossconf/ossconf/httpsconfig"
)

func ExampleListen() {
	config, err := httpsconfig.Decode([]byte(`{"TLS":{"Enable":true,"TLSVersion":["TLSv1.3"]}}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	ca, err := tlspolicy.NewCA()
	if err != nil {
		fmt.Println(err)
		return
	}
	inner, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		fmt.Println(err)
		return
	}
	recorded := make(chan tlspolicy.Handshake, 2)
	l := tlspolicy.Listen(inner, tlspolicy.Options{
		CA: ca,
		Lookup: func(serverName string) (tlspolicy.Target, bool) {
			return tlspolicy.Target{Bucket: "examplebucket", Config: config}, serverName == "examplebucket.localhost"
		},
		Record: func(h tlspolicy.Handshake) { recorded <- h },
	})
	defer l.Close()
	go http.Serve(l, http.NotFoundHandler())

	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(ca.PEM())
	for _, newest := range []uint16{tls.VersionTLS12, tls.VersionTLS13} {
		conn, err := tls.Dial("tcp", l.Addr().String(), &tls.Config{RootCAs: roots, ServerName: "examplebucket.localhost", MaxVersion: newest})
		if err != nil {
			fmt.Println(err)
		} else {
			conn.Close()
		}
		h := <-recorded
		fmt.Println(h.Bucket, h.Outcome, h.Rule, h.Reason)
	}
	// Output:
	// remote error: tls: protocol version not supported
	// examplebucket refused TLSVersion the client offers TLSv1.2; TLSVersion accepts TLSv1.3
	// examplebucket connected
}
