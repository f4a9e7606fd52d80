package httpsconfig_test

import (
	"crypto/tls"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ossconf/ossconf/fixtures"
	"github.com/ossconf/ossconf/httpsconfig"
)

func TestSuites(t *testing.T) {
	suites := httpsconfig.Suites()
	if !slices.IsSortedFunc(suites, func(a, b httpsconfig.Suite) int { return strings.Compare(a.OpenSSL, b.OpenSSL) }) {
		t.Error("the suites are not in the order of their OpenSSL names")
	}
	ids, names := map[uint16]bool{}, map[string]bool{}
	for _, s := range suites {
		if ids[s.ID] || names[s.Name] || names[s.OpenSSL] {
			t.Errorf("%04X %s %s is there twice", s.ID, s.Name, s.OpenSSL)
		}
		ids[s.ID], names[s.Name], names[s.OpenSSL] = true, true, true
		if got, found := httpsconfig.SuiteByName(s.OpenSSL); !found || *got != s {
			t.Errorf("SuiteByName(%s) = %v, %v", s.OpenSSL, got, found)
		}
		if s.TLS13() != (s.Name == s.OpenSSL) {
			t.Errorf("%s: only suites of TLS 1.3 have one name", s.OpenSSL)
		}
		if version := s.MinTLSVersion(); !slices.Contains(httpsconfig.TLSVersions(), version) || s.TLS13() != (version == httpsconfig.TLSv13) {
			t.Errorf("%s begins with %s", s.OpenSSL, version)
		}
		for _, meant := range []string{s.OpenSSL, s.Name, strings.ToLower(s.OpenSSL), strings.ToUpper(s.Name), strings.ReplaceAll(s.OpenSSL, "-", "_"),
			strings.ReplaceAll(s.Name, "_", "-")} {
			if got, found := httpsconfig.SuiteMeant(meant); !found || *got != s {
				t.Errorf("SuiteMeant(%s) = %v, %v, want %s", meant, got, found, s.OpenSSL)
			}
		}
	}
}

func TestSuiteNotFound(t *testing.T) {
	for _, name := range []string{"", "A", "ZZZ", "AES128-SHA ", "AES128-SH", "aes128-sha", "TLS_RSA_WITH_AES_128_CBC_SHA"} {
		if s, found := httpsconfig.SuiteByName(name); found || s != nil {
			t.Errorf("SuiteByName(%q) = %v", name, s)
		}
	}
	for _, name := range []string{"", "AES", "AES128-SHA ", "AES128.SHA", "\u212AES128-SHA"} {
		if s, found := httpsconfig.SuiteMeant(name); found || s != nil {
			t.Errorf("SuiteMeant(%q) = %v", name, s)
		}
	}
}

// crypto/tls took its numbers and names from the same registry.
func TestSuitesOfCryptoTLS(t *testing.T) {
	names := map[uint16]string{}
	for _, s := range httpsconfig.Suites() {
		names[s.ID] = s.Name
	}
	for _, s := range slices.Concat(tls.CipherSuites(), tls.InsecureCipherSuites()) {
		if names[s.ID] != s.Name {
			t.Errorf("%04X is %q, crypto/tls calls it %s", s.ID, names[s.ID], s.Name)
		}
	}
}

// The level follows from the reasons, as docs/rules.md says.
func TestLevels(t *testing.T) {
	const (
		broken = httpsconfig.ReasonNoEncryption | httpsconfig.ReasonNoAuthentication | httpsconfig.ReasonExport | httpsconfig.ReasonShortKey |
			httpsconfig.ReasonRC4 | httpsconfig.ReasonMD5
		weak = httpsconfig.Reason64BitBlock | httpsconfig.ReasonNoForwardSecrecy | httpsconfig.ReasonCBC | httpsconfig.ReasonSHA1
	)
	for _, s := range httpsconfig.Suites() {
		want := httpsconfig.Secure
		switch {
		case s.Reasons&broken != 0:
			want = httpsconfig.Insecure
		case s.Reasons&weak != 0:
			want = httpsconfig.Weak
		case s.Reasons == 0:
			want = httpsconfig.Recommended
		}
		if s.Level != want {
			t.Errorf("%s is %s, by its reasons %q it is %s", s.OpenSSL, s.Level, s.Reasons.Texts(), want)
		}
	}
}

// What the reasons say of a suite can be told from its name.
func TestReasonsFollowNames(t *testing.T) {
	for _, s := range httpsconfig.Suites() {
		for _, test := range []struct {
			reason httpsconfig.Reason
			want   bool
		}{
			{httpsconfig.ReasonNoAuthentication, strings.Contains(s.Name, "_anon_")},
			{httpsconfig.ReasonExport, strings.Contains(s.Name, "_EXPORT")},
			{httpsconfig.ReasonRC4, strings.Contains(s.Name, "_RC4_")},
			{httpsconfig.ReasonMD5, strings.HasSuffix(s.Name, "_MD5")},
			{httpsconfig.ReasonSHA1, strings.HasSuffix(s.Name, "_SHA")},
			{httpsconfig.ReasonCBC, strings.Contains(s.Name, "_CBC_")},
			{httpsconfig.ReasonTruncatedTag, strings.Contains(s.Name, "_CCM_8")},
			{httpsconfig.ReasonFiniteFieldDHE, strings.Contains(s.Name, "_DHE_")},
			{httpsconfig.ReasonNoForwardSecrecy, !s.TLS13() && !strings.Contains(s.Name, "DHE_") && !strings.Contains(s.Name, "_anon_")},
			{httpsconfig.ReasonNational, strings.HasPrefix(s.Name, "TLS_SM4_")},
		} {
			if got := s.Reasons&test.reason != 0; got != test.want {
				t.Errorf("%s: %q is %v, want %v", s.Name, test.reason.Texts(), got, test.want)
			}
		}
	}
}

// A suite is marked as seen in a list if, and only if, the service took it in a request that is kept.
func TestSeen(t *testing.T) {
	want := map[string]httpsconfig.List{}
	for f := range fixtures.Use(t, "observed").All() {
		o := f.Observation()
		if o.Operation != fixtures.PutBucketHTTPSConfig || o.Status != 200 {
			continue
		}
		c, err := httpsconfig.Decode(o.Put)
		if err != nil {
			t.Fatalf("%s: %v", f.Name, err)
		}
		if c.CipherSuite != nil {
			for _, name := range c.CipherSuite.CustomCipherSuites {
				want[name] |= httpsconfig.ListCustom
			}
			for _, name := range c.CipherSuite.TLS13CustomCipherSuites {
				want[name] |= httpsconfig.ListTLS13
			}
		}
	}
	got := map[string]httpsconfig.List{}
	for _, s := range httpsconfig.Suites() {
		if s.Seen != 0 {
			got[s.OpenSSL] = s.Seen
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("seen (-fixtures +suites):\n%s", diff)
	}
}

func TestNames(t *testing.T) {
	var got []string
	for level := httpsconfig.Insecure; level <= httpsconfig.Recommended; level++ {
		got = append(got, level.String())
	}
	for kx := httpsconfig.KeyExchangeAny; kx <= httpsconfig.KeyExchangeKRB5; kx++ {
		got = append(got, kx.String())
	}
	for auth := httpsconfig.AuthenticationAny; auth <= httpsconfig.AuthenticationNone; auth++ {
		got = append(got, auth.String())
	}
	got = append(got, (httpsconfig.ListCustom | httpsconfig.ListTLS13).Names()...)
	want := strings.Fields(`insecure weak secure recommended any ECDHE DHE RSA ECDH DH PSK SRP KRB5
		any RSA ECDSA DSS PSK SRP KRB5 anon CustomCipherSuite TLS13CustomCipherSuite`)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("names (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(httpsconfig.TLSVersions()[:3], httpsconfig.DefaultTLSVersions()); diff != "" {
		t.Errorf("versions of a bucket that was never configured (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"no encryption", "a SHA-1 MAC"}, (httpsconfig.ReasonSHA1 | httpsconfig.ReasonNoEncryption).Texts()); diff != "" {
		t.Errorf("reasons (-want +got):\n%s", diff)
	}
}
