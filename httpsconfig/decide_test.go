package httpsconfig_test

import (
	"crypto/tls"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ossconf/ossconf/httpsconfig"
)

const grease = 0x2a2a

// codes returns the code points of versions and suites, which are separated by blanks.
func codes(t *testing.T, text string) (list []uint16) {
	t.Helper()
	for _, name := range strings.Fields(text) {
		if i := slices.Index(httpsconfig.TLSVersions(), "TLSv"+name); i >= 0 {
			list = append(list, tls.VersionTLS10+uint16(i))
		} else if s, found := httpsconfig.SuiteByName(name); found {
			list = append(list, s.ID)
		} else {
			t.Fatalf("no version or suite %s", name)
		}
	}
	return list
}

func TestDecide(t *testing.T) {
	const (
		rsa   = httpsconfig.CertificateRSA
		ecdsa = httpsconfig.CertificateECDSA
	)
	custom := func(versions, suites, suites13 string) string {
		list := func(text string) string { return `["` + strings.Join(strings.Fields(text), `","`) + `"]` }
		doc := `{"TLS":{"Enable":true,"TLSVersion":` + list(versions) + `}`
		if suites+suites13 != "" {
			doc += `,"CipherSuite":{"Enable":true,"StrongCipherSuite":false`
			if suites != "" {
				doc += `,"CustomCipherSuite":` + list(suites)
			}
			if suites13 != "" {
				doc += `,"TLS13CustomCipherSuite":` + list(suites13)
			}
			doc += `}`
		}
		return doc + `}`
	}
	const (
		gcmRSA, gcmECDSA = "ECDHE-RSA-AES128-GCM-SHA256", "ECDHE-ECDSA-AES128-GCM-SHA256"
		aes128, aes256   = "TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384"
	)
	for _, test := range []struct {
		name     string
		doc      string
		versions string
		suites   string
		kinds    httpsconfig.CertificateKinds
		want     string // version and suites; or version, by, and the reason
	}{
		{"the newest version in common", "", "1.0 1.1 1.2 1.3", "AES128-SHA " + gcmRSA + " " + aes128, 0, "TLSv1.2 AES128-SHA " + gcmRSA},
		{"no suite of TLS 1.2 in TLS 1.0", "", "1.0", "AES128-SHA " + gcmRSA, 0, "TLSv1.0 AES128-SHA"},
		{"only suites of TLS 1.2 in TLS 1.0", "", "1.0", gcmRSA, 0, "TLSv1.0 by CipherSuite: for TLSv1.0 the client offers no suite; CipherSuite accepts " +
			"AES128-SHA, AES256-SHA, CAMELLIA128-SHA, CAMELLIA256-SHA, DES-CBC3-SHA, DHE-RSA-AES128-SHA and 13 more"},
		{"an older version is not accepted", custom("TLSv1.2", "", ""), "1.0 1.1", "AES128-SHA", 0,
			"by TLSVersion: the client offers TLSv1.0 and TLSv1.1; TLSVersion accepts TLSv1.2"},
		{"a newer version is not accepted", "", "1.3", aes128, 0, "by TLS: the client offers TLSv1.3; TLS accepts TLSv1.0, TLSv1.1 and TLSv1.2"},
		{"nothing is offered", "", "", "", 0, "by TLS: the client offers no TLS version; TLS accepts TLSv1.0, TLSv1.1 and TLSv1.2"},
		{"nothing is accepted", `{"TLS":{"Enable":true}}`, "1.2", "", 0, "by TLSVersion: the client offers TLSv1.2; TLSVersion accepts none"},

		{"below a gap", custom("TLSv1.0 TLSv1.2", "", ""), "1.0", "AES128-SHA", 0, "TLSv1.0 AES128-SHA"},
		{"in a gap", custom("TLSv1.0 TLSv1.2", "", ""), "1.1", "AES128-SHA", 0, "by TLSVersion: the client offers TLSv1.1; TLSVersion accepts TLSv1.0 and TLSv1.2"},
		{"across a gap", custom("TLSv1.0 TLSv1.2", "", ""), "1.0 1.1", "AES128-SHA", 0, "TLSv1.0 by TLSVersion, a downgrade: the client offers up to TLSv1.1 and " +
			"the server has TLSv1.2; both go down to TLSv1.0, which the server marks as a downgrade: clients that look at the mark refuse"},
		{"a gap without TLS 1.2", custom("TLSv1.1 TLSv1.3", "", ""), "1.0 1.1 1.2", "AES128-SHA", 0, "TLSv1.1 AES128-SHA"},

		{"custom", custom("TLSv1.2", gcmRSA, ""), "1.2", gcmRSA + " " + gcmECDSA, 0, "TLSv1.2 " + gcmRSA},
		{"custom, nothing in common", custom("TLSv1.2", gcmRSA+" AES256-SHA", ""), "1.2", gcmECDSA, 0,
			"TLSv1.2 by CustomCipherSuite: for TLSv1.2 the client offers " + gcmECDSA + "; CustomCipherSuite accepts AES256-SHA and " + gcmRSA},
		{"custom, no way back to an older version", custom("TLSv1.2 TLSv1.3", "", aes256), "1.2 1.3", gcmECDSA + " " + aes128, 0,
			"TLSv1.3 by TLS13CustomCipherSuite: for TLSv1.3 the client offers " + aes128 + "; TLS13CustomCipherSuite accepts " + aes256},
		{"strong", `{"CipherSuite":{"Enable":true,"StrongCipherSuite":true}}`, "1.2", "AES128-SHA", 0,
			"TLSv1.2 by StrongCipherSuite: for TLSv1.2 the client offers AES128-SHA; StrongCipherSuite accepts DHE-RSA-AES128-CCM, " +
				"DHE-RSA-AES128-CCM8, DHE-RSA-AES128-GCM-SHA256, DHE-RSA-AES256-CCM, DHE-RSA-AES256-CCM8, DHE-RSA-AES256-GCM-SHA384 and 17 more"},
		{"all but insecure ones", "", "1.2", "RC4-SHA NULL-SHA", 0, "TLSv1.2 by CipherSuite"},

		{"an RSA certificate", "", "1.2", gcmRSA + " " + gcmECDSA, rsa, "TLSv1.2 " + gcmRSA},
		{"an ECDSA certificate", "", "1.2", gcmRSA + " " + gcmECDSA, ecdsa, "TLSv1.2 " + gcmECDSA},
		{"both certificates", "", "1.2", gcmRSA + " " + gcmECDSA, rsa | ecdsa, "TLSv1.2 " + gcmECDSA + " " + gcmRSA},
		{"not the certificate for it", "", "1.2", gcmECDSA, rsa, "TLSv1.2 by certificate: for TLSv1.2 the client offers " + gcmECDSA + "; the server has an RSA certificate only"},
		{"not the other one", "", "1.2", "AES128-SHA", ecdsa, "TLSv1.2 by certificate: for TLSv1.2 the client offers AES128-SHA; the server has an ECDSA certificate only"},
		{"certificates that nobody has", "", "1.2", "DHE-DSS-AES128-SHA ECDH-RSA-AES128-SHA PSK-AES128-CBC-SHA", 0, "TLSv1.2 by certificate: for TLSv1.2 the client offers " +
			"DHE-DSS-AES128-SHA, ECDH-RSA-AES128-SHA and PSK-AES128-CBC-SHA; the server has RSA and ECDSA certificates"},
		{"TLS 1.3 takes any certificate", custom("TLSv1.3", "", ""), "1.3", aes128, rsa, "TLSv1.3 " + aes128},
	} {
		t.Run(test.name, func(t *testing.T) {
			p := configuration(t, test.doc).Policy()
			o := httpsconfig.Offer{Versions: codes(t, test.versions), Suites: codes(t, test.suites), Certificates: test.kinds}
			v := p.Decide(o)
			var words []string
			if v.Version != 0 {
				words = append(words, httpsconfig.VersionName(v.Version))
			}
			if v.Connects {
				words = append(words, names(false, v.Suites.List())...)
				words = append(words, names(true, v.Suites.List())...)
			} else {
				words = append(words, "by "+v.By)
			}
			got := strings.Join(words, " ")
			if v.Downgrade {
				got += ", a downgrade"
			}
			if !v.Connects && strings.Contains(test.want, ":") {
				got += ": " + v.Reason
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if v.Connects != (v.By == "") || v.Connects != (v.Reason == "") {
				t.Errorf("%+v contradicts itself", v)
			}

			o.Versions = slices.Concat([]uint16{grease, 0x0300, 0x7f1c}, o.Versions)
			o.Suites = slices.Concat([]uint16{grease, 0x5600}, o.Suites, []uint16{0x00ff})
			if diff := cmp.Diff(v, p.Decide(o)); diff != "" {
				t.Errorf("with GREASE and signalling values (-without +with):\n%s", diff)
			}
		})
	}
}

// Every set of versions against every other: the newest in common is taken, whatever else there is.
func TestDecideVersions(t *testing.T) {
	const suite = "TLS_AES_128_GCM_SHA256 AES128-SHA"
	for accepted := range 1 << 4 {
		c := &httpsconfig.Config{TLS: &httpsconfig.TLS{Enable: httpsconfig.True}}
		for i, name := range httpsconfig.TLSVersions() {
			if accepted&(1<<i) != 0 {
				c.TLS.TLSVersions = append(c.TLS.TLSVersions, name)
			}
		}
		p := c.Policy()
		for offered := range 1 << 4 {
			var versions []uint16
			var want, newest uint16
			for i := range uint16(4) {
				if offered&(1<<i) != 0 {
					versions = append(versions, tls.VersionTLS10+i)
					newest = tls.VersionTLS10 + i
					if accepted&(1<<i) != 0 {
						want = tls.VersionTLS10 + i
					}
				}
			}
			v := p.Decide(httpsconfig.Offer{Versions: versions, Suites: codes(t, suite)})
			downgrade := want != 0 && want < tls.VersionTLS12 && newest > want && accepted&(1<<2) != 0
			if v.Version != want || v.Connects != (want != 0 && !downgrade) || v.Downgrade != downgrade {
				t.Errorf("accepted %v, offered %x: %+v", p.Versions.Names(), versions, v)
			}
		}
	}
}

func BenchmarkDecide(b *testing.B) {
	var never *httpsconfig.Config
	o := httpsconfig.Offer{Versions: []uint16{tls.VersionTLS13, tls.VersionTLS12}}
	for _, s := range tls.CipherSuites() {
		o.Suites = append(o.Suites, s.ID)
	}
	b.ReportAllocs()
	for b.Loop() {
		p := never.Policy()
		if v := p.Decide(o); !v.Connects {
			b.Fatal(v.Reason)
		}
	}
}
