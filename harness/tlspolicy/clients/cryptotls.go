package clients

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"os"
	"runtime"
	"slices"

	"github.com/ossconf/ossconf/harness/tlspolicy/internal/alert"
	"github.com/ossconf/ossconf/httpsconfig"
)

func cryptoTLS() Client {
	return Client{Name: "crypto/tls", Version: runtime.Version(), connect: connectCryptoTLS}
}

func connectCryptoTLS(ctx context.Context, _ string, t Target, o Offer) Result {
	pem, err := os.ReadFile(t.CAFile)
	if err != nil {
		return unable(err.Error())
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(pem) {
		return unable(t.CAFile + " holds no certificate in PEM")
	}
	config := &tls.Config{RootCAs: roots, ServerName: t.host(), MinVersion: o.oldest(), MaxVersion: o.MaxVersion}
	if why := offerCryptoTLS(config, o); why != "" {
		return unable(why)
	}
	d := tls.Dialer{Config: config}
	conn, err := d.DialContext(ctx, "tcp", t.Addr)
	if err != nil {
		return Result{Alert: alert.Received(err), Err: err.Error()}
	}
	defer conn.Close()
	state := conn.(*tls.Conn).ConnectionState()
	return Result{Connected: true, Version: httpsconfig.VersionName(state.Version), Suite: suiteName(state.CipherSuite)}
}

// offerCryptoTLS sets the suites to offer. It returns why they cannot be offered, or nothing.
func offerCryptoTLS(config *tls.Config, o Offer) string {
	suites, tls13 := o.split()
	newest := o.MaxVersion
	if newest == 0 {
		newest = tls.VersionTLS13
	}
	if newest >= tls.VersionTLS13 && len(tls13) > 0 {
		for _, s := range tls.CipherSuites() {
			if slices.Contains(s.SupportedVersions, tls.VersionTLS13) && !slices.Contains(tls13, s.Name) {
				return "crypto/tls always offers " + s.Name
			}
		}
	}
	if len(suites) == 0 {
		return ""
	}
	config.CipherSuites = []uint16{}
	for _, s := range slices.Concat(tls.CipherSuites(), tls.InsecureCipherSuites()) {
		if slices.Contains(suites, suiteName(s.ID)) {
			config.CipherSuites = append(config.CipherSuites, s.ID)
		}
	}
	if len(config.CipherSuites) == 0 && newest < tls.VersionTLS13 {
		return "crypto/tls has none of the suites"
	}
	return ""
}

// suiteName returns the OpenSSL name of a suite.
func suiteName(id uint16) string {
	if s, found := httpsconfig.SuiteByID(id); found {
		return s.OpenSSL
	}
	return tls.CipherSuiteName(id)
}
