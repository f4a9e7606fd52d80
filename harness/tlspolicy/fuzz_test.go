package tlspolicy_test

import (
	"crypto/tls"
	"io"
	"net"
	"testing"

	"github.com/ossconf/ossconf/harness/tlspolicy"
	"github.com/ossconf/ossconf/httpsconfig"
)

// hello returns the first bytes of a client of crypto/tls.
func hello(f *testing.F, config *tls.Config) []byte {
	f.Helper()
	a, b := net.Pipe()
	go func() {
		tls.Client(a, config).Handshake() // ends when b is closed
		a.Close()
	}()
	defer b.Close()
	buf := make([]byte, 4<<10)
	n, err := b.Read(buf)
	if err != nil {
		f.Fatal(err)
	}
	return buf[:n]
}

// Whatever a client sends, there is one record of it, which says what became of it.
func FuzzHello(f *testing.F) {
	for version := uint16(tls.VersionTLS10); version <= tls.VersionTLS13; version++ {
		f.Add(hello(f, &tls.Config{ServerName: "examplebucket.localhost", MinVersion: version, MaxVersion: version}), byte(0x0f))
	}
	f.Add(hello(f, &tls.Config{ServerName: "Other.localhost", MinVersion: tls.VersionTLS10}), byte(0x05))
	f.Add([]byte("GET / HTTP/1.1\r\n\r\n"), byte(0))
	ca, err := tlspolicy.NewCA()
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, sent []byte, versions byte) {
		config := &httpsconfig.Config{TLS: &httpsconfig.TLS{Enable: httpsconfig.True}}
		for i, name := range httpsconfig.TLSVersions() {
			if versions&(1<<i) != 0 {
				config.TLS.TLSVersions = append(config.TLS.TLSVersions, name)
			}
		}
		records := make(chan tlspolicy.Handshake, 2)
		inner := newPipes()
		l := tlspolicy.Listen(inner, tlspolicy.Options{CA: ca, Certificates: ecdsa, Record: func(h tlspolicy.Handshake) { records <- h },
			Lookup: func(string) (tlspolicy.Target, bool) { return tlspolicy.Target{Config: config}, true }})
		conn := inner.dial()
		go func() {
			conn.Write(sent)
			conn.Close()
		}()
		io.Copy(io.Discard, conn)
		h := <-records
		l.Close()
		if len(records) > 0 {
			t.Errorf("a second record: %s", <-records)
		}
		if h.Outcome == tlspolicy.Connected || h.Outcome == "" || h.Reason == "" {
			t.Errorf("%q: %s", sent, h)
		}
	})
}
