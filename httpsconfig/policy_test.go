package httpsconfig_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ossconf/ossconf/httpsconfig"
)

// configuration returns the configuration of a document, or nil for none.
func configuration(t *testing.T, doc string) *httpsconfig.Config {
	t.Helper()
	if doc == "" {
		return nil
	}
	c, err := httpsconfig.Decode([]byte(doc))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// levelled returns the OpenSSL names of the suites of a generation that have at least this level.
func levelled(tls13 bool, least httpsconfig.Level) (names []string) {
	for _, s := range httpsconfig.Suites() {
		if s.TLS13() == tls13 && s.Level >= least {
			names = append(names, s.OpenSSL)
		}
	}
	return names
}

func names(tls13 bool, list []*httpsconfig.Suite) (names []string) {
	for _, s := range list {
		if s.TLS13() == tls13 {
			names = append(names, s.OpenSSL)
		}
	}
	return names
}

func TestPolicy(t *testing.T) {
	all, strong := levelled(false, httpsconfig.Weak), levelled(false, httpsconfig.Secure)
	all13 := levelled(true, httpsconfig.Weak)
	byDefault := strings.Fields("TLSv1.0 TLSv1.1 TLSv1.2")
	for _, test := range []struct {
		name     string
		doc      string
		versions []string
		suites   []string
		tls13    []string
		bases    string // of versions, suites and suites of TLS 1.3
	}{
		{"never configured", "", byDefault, all, all13, "TLS documented, CipherSuite assumed, CipherSuite assumed"},
		{"empty", `{}`, byDefault, all, all13, "TLS assumed, CipherSuite assumed, CipherSuite assumed"},
		{"not enabled", `{"TLS":{"Enable":false,"TLSVersion":["TLSv1.3"]},"CipherSuite":{"Enable":false,"StrongCipherSuite":true,"CustomCipherSuite":["AES128-SHA"]}}`,
			byDefault, all, all13, "TLS assumed, CipherSuite assumed, CipherSuite assumed"},
		{"a gap, in any order", `{"TLS":{"Enable":true,"TLSVersion":["TLSv1.2","TLSv1.0","TLSv1.2"]}}`,
			[]string{"TLSv1.0", "TLSv1.2"}, all, all13, "TLSVersion documented, CipherSuite assumed, CipherSuite assumed"},
		{"no version", `{"TLS":{"Enable":true,"TLSVersion":["1.2"]}}`, nil, all, all13, "TLSVersion documented, CipherSuite assumed, CipherSuite assumed"},
		{"strong", `{"CipherSuite":{"Enable":true,"StrongCipherSuite":true}}`, byDefault, strong, all13, "TLS assumed, StrongCipherSuite assumed, StrongCipherSuite assumed"},
		{"strong wins", `{"CipherSuite":{"Enable":true,"StrongCipherSuite":true,"CustomCipherSuite":["AES128-SHA"],"TLS13CustomCipherSuite":["TLS_AES_128_GCM_SHA256"]}}`,
			byDefault, strong, all13, "TLS assumed, StrongCipherSuite assumed, StrongCipherSuite assumed"},
		{"custom", `{"CipherSuite":{"Enable":true,"StrongCipherSuite":false,"CustomCipherSuite":["RC4-SHA","AES128-SHA"],"TLS13CustomCipherSuite":["TLS_AES_128_GCM_SHA256"]}}`,
			byDefault, []string{"AES128-SHA", "RC4-SHA"}, []string{"TLS_AES_128_GCM_SHA256"}, "TLS assumed, CustomCipherSuite documented, TLS13CustomCipherSuite documented"},
		{"custom, Strong absent", `{"CipherSuite":{"Enable":true,"CustomCipherSuite":["AES128-SHA"]}}`,
			byDefault, []string{"AES128-SHA"}, all13, "TLS assumed, CustomCipherSuite documented, TLS13CustomCipherSuite assumed"},
		{"TLS 1.3 alone", `{"CipherSuite":{"Enable":true,"TLS13CustomCipherSuite":["TLS_AES_128_GCM_SHA256"]}}`,
			byDefault, all, []string{"TLS_AES_128_GCM_SHA256"}, "TLS assumed, CustomCipherSuite assumed, TLS13CustomCipherSuite documented"},
		{"none listed", `{"CipherSuite":{"Enable":true,"StrongCipherSuite":false}}`, byDefault, all, all13, "TLS assumed, CustomCipherSuite assumed, TLS13CustomCipherSuite assumed"},
		{"names without effect", `{"CipherSuite":{"Enable":true,"CustomCipherSuite":["AES128-SHA","TLS_AES_128_GCM_SHA256","aes256-sha"],"TLS13CustomCipherSuite":["TLS_AES_256_GCM_SHA384","AES256-SHA","?"]}}`,
			byDefault, []string{"AES128-SHA"}, []string{"TLS_AES_256_GCM_SHA384"}, "TLS assumed, CustomCipherSuite documented, TLS13CustomCipherSuite documented"},
		{"no name with effect", `{"CipherSuite":{"Enable":true,"CustomCipherSuite":["TLS_AES_128_GCM_SHA256"],"TLS13CustomCipherSuite":["ECDHE-ECDSA-AES256-CCM8"]}}`,
			byDefault, nil, nil, "TLS assumed, CustomCipherSuite assumed, TLS13CustomCipherSuite assumed"},
	} {
		t.Run(test.name, func(t *testing.T) {
			p := configuration(t, test.doc).Policy()
			if diff := cmp.Diff(test.versions, p.Versions.Names()); diff != "" {
				t.Errorf("versions (-want +got):\n%s", diff)
			}
			list := p.Suites.List()
			if diff := cmp.Diff(test.suites, names(false, list)); diff != "" {
				t.Errorf("suites (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(test.tls13, names(true, list)); diff != "" {
				t.Errorf("suites of TLS 1.3 (-want +got):\n%s", diff)
			}
			if got, want := p.Suites.Len(), len(test.suites)+len(test.tls13); got != want {
				t.Errorf("%d suites, want %d", got, want)
			}
			var bases []string
			for _, b := range []httpsconfig.Basis{p.VersionBasis, p.SuiteBasis, p.TLS13Basis} {
				bases = append(bases, b.Element+" "+b.Evidence.String())
				if b.Text == "" || b.Source == "" {
					t.Errorf("%+v does not say what it decides, or why", b)
				}
			}
			if got := strings.Join(bases, ", "); got != test.bases {
				t.Errorf("bases %s, want %s", got, test.bases)
			}
		})
	}
}

func TestSets(t *testing.T) {
	var none httpsconfig.Policy
	if none.Versions.Newest() != 0 || none.Versions.Names() != nil || none.Suites.List() != nil || none.Suites.Len() != 0 {
		t.Errorf("the zero value accepts something: %v", none)
	}
	p := configuration(t, `{"TLS":{"Enable":true,"TLSVersion":["TLSv1.0","TLSv1.3"]}}`).Policy()
	for version, want := range map[uint16]bool{0: false, 0x0300: false, 0x0301: true, 0x0302: false, 0x0303: false, 0x0304: true, 0x0305: false, 0x7f1c: false} {
		if got := p.Versions.Has(version); got != want {
			t.Errorf("Has(%04x) = %v", version, got)
		}
	}
	for i, s := range httpsconfig.Suites() {
		if got := p.Suites.Has(s.ID); got != (s.Level > httpsconfig.Insecure) {
			t.Errorf("suite %d, %s: Has = %v", i, s.OpenSSL, got)
		}
		if got, found := httpsconfig.SuiteByID(s.ID); !found || *got != s {
			t.Errorf("SuiteByID(%04X) = %v", s.ID, got)
		}
	}
	for _, id := range []uint16{0x0000, 0x0a0a, 0x00ff, 0x5600} {
		if s, found := httpsconfig.SuiteByID(id); found || s != nil || p.Suites.Has(id) {
			t.Errorf("SuiteByID(%04x) = %v", id, s)
		}
	}
	var got []string
	for version := uint16(0x0300); version < 0x0306; version++ {
		got = append(got, httpsconfig.VersionName(version))
	}
	if want := slices.Concat([]string{""}, httpsconfig.TLSVersions(), []string{""}); !slices.Equal(got, want) {
		t.Errorf("versions are called %q, want %q", got, want)
	}
}
