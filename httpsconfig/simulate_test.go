package httpsconfig_test

import (
	"crypto/tls"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ossconf/ossconf/httpsconfig"
)

func TestClients(t *testing.T) {
	list := httpsconfig.Clients()
	names := map[string]bool{}
	imitated := 0
	for _, c := range list {
		if names[c.Name] || c.Name == "" || c.Source == "" {
			t.Errorf("%q stands twice, or has no name or source: %q", c.Name, c.Source)
		}
		names[c.Name] = true
		if c.Imitated {
			imitated++
		}
		if c.Imitated != strings.Contains(c.Source, "utls") {
			t.Errorf("%s: imitated %v, source %s", c.Name, c.Imitated, c.Source)
		}
		for _, id := range c.Suites {
			if _, found := httpsconfig.SuiteByID(id); !found {
				t.Errorf("%s offers %#04x, which is no suite", c.Name, id)
			}
		}
	}
	if len(list) != 47 || imitated != 34 {
		t.Errorf("%d clients, %d of them imitated", len(list), imitated)
	}
	want := httpsconfig.Client{Name: "Go 1.26.8 net/http", Source: "the first TLS record of the client, captured on loopback",
		Versions: []uint16{tls.VersionTLS12, tls.VersionTLS13},
		Suites:   []uint16{0xc02b, 0xc02f, 0xc02c, 0xc030, 0xcca9, 0xcca8, 0xc009, 0xc013, 0xc00a, 0xc014, 0x1301, 0x1302, 0x1303}}
	if diff := cmp.Diff([]httpsconfig.Client{want}, clientsNamed(t, want.Name)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// A suite for which a server needs more than an RSA or ECDSA certificate goes with none.
func TestSuitesWithoutCertificate(t *testing.T) {
	for _, s := range httpsconfig.Suites() {
		certificate := s.TLS13() || !strings.Contains(s.Name, "PSK") && !strings.Contains(s.Name, "SRP") && !strings.Contains(s.Name, "KRB5") &&
			!strings.Contains(s.Name, "_DSS_") && !strings.Contains(s.Name, "_anon_") && !strings.Contains(s.Name, "_DH_") && !strings.Contains(s.Name, "_ECDH_")
		if got := s.Certificates() != 0; got != certificate {
			t.Errorf("%s: a certificate goes with it: %v", s.Name, got)
		}
	}
}

// clientsNamed returns clients of the table.
func clientsNamed(t *testing.T, names ...string) (list []httpsconfig.Client) {
	t.Helper()
	for _, c := range httpsconfig.Clients() {
		if slices.Contains(names, c.Name) {
			list = append(list, c)
		}
	}
	if len(list) != len(names) {
		t.Fatalf("not all of %q are in the table", names)
	}
	return list
}

// describe writes a simulation in one line.
func describe(s httpsconfig.Simulation) string {
	words := []string{s.Outcome.String()}
	if s.Version != 0 {
		words = append(words, httpsconfig.VersionName(s.Version))
	}
	for i, suite := range s.Suites {
		if i == 2 {
			words = append(words, fmt.Sprintf("+%d", len(s.Suites)-2))
			break
		}
		words = append(words, suite.OpenSSL)
	}
	if s.By != "" {
		words = append(words, "by "+s.By)
	}
	return strings.Join(append(words, s.Evidence.String()), " ")
}

func TestSimulate(t *testing.T) {
	const (
		old, chrome, node, safari = "360 Browser 7.5", "Chromium 156 (Debian 12)", "Node.js 20.20.2 fetch", "Safari on iOS 12.1"
		rsa, ecdsa                = httpsconfig.CertificateRSA, httpsconfig.CertificateECDSA
		versions                  = `"TLS":{"Enable":true,"TLSVersion":["TLSv1.2","TLSv1.3"]}`
		only12                    = `"TLS":{"Enable":true,"TLSVersion":["TLSv1.2"]}`
		gcm                       = "ECDHE-RSA-AES128-GCM-SHA256"
	)
	custom := func(members string) string {
		return `"CipherSuite":{"Enable":true,"StrongCipherSuite":false` + members + `}`
	}
	for _, test := range []struct {
		name, doc string
		kinds     httpsconfig.CertificateKinds
		client    string
		want      string
		reason    string // a part of it
	}{
		{"never configured", "", 0, chrome, "connects TLSv1.2 ECDHE-ECDSA-AES128-GCM-SHA256 ECDHE-RSA-AES128-GCM-SHA256 +10 assumed", ""},
		{"never configured, RSA", "", rsa, chrome, "connects TLSv1.2 ECDHE-RSA-AES128-GCM-SHA256 ECDHE-RSA-AES256-GCM-SHA384 +7 assumed", ""},
		{"never configured, ECDSA", "", ecdsa, chrome, "connects TLSv1.2 ECDHE-ECDSA-AES128-GCM-SHA256 ECDHE-ECDSA-AES256-GCM-SHA384 +1 assumed", ""},
		{"no version in common", `{"TLS":{"Enable":true,"TLSVersion":["TLSv1.3"]}}`, 0, safari, "fails by TLSVersion documented", "TLSVersion accepts TLSv1.3"},
		{"no version in common, not configured by name", `{"TLS":{"Enable":false}}`, 0, chrome, "connects TLSv1.2 ECDHE-ECDSA-AES128-GCM-SHA256 ECDHE-RSA-AES128-GCM-SHA256 +10 assumed", ""},
		{"one suite, documented", "{" + only12 + "," + custom(`,"CustomCipherSuite":["`+gcm+`"]`) + "}", 0, chrome, "connects TLSv1.2 " + gcm + " documented", ""},
		{"no suite in common", "{" + only12 + "," + custom(`,"CustomCipherSuite":["`+gcm+`"]`) + "}", 0, old, "fails TLSv1.2 by CustomCipherSuite documented", "CustomCipherSuite accepts " + gcm},
		{"no certificate", "{" + only12 + "," + custom(`,"CustomCipherSuite":["`+gcm+`"]`) + "}", ecdsa, chrome, "fails TLSv1.2 by certificate documented", "an ECDSA certificate only"},
		{"the order is the client's", "{" + versions + "," + custom(`,"CustomCipherSuite":["`+gcm+`"],"TLS13CustomCipherSuite":["TLS_AES_128_GCM_SHA256","TLS_AES_256_GCM_SHA384"]`) + "}", 0, node,
			"connects TLSv1.3 TLS_AES_256_GCM_SHA384 TLS_AES_128_GCM_SHA256 documented", ""},

		{"an empty list", "{" + versions + "," + custom(`,"CustomCipherSuite":["`+gcm+`"]`) + "}", 0, chrome, "unknown TLSv1.3 TLS_AES_128_GCM_SHA256 TLS_AES_256_GCM_SHA384 +1 by TLS13CustomCipherSuite assumed",
			"what an empty TLS13CustomCipherSuite accepts, all suites or none, is not known"},
		{"an empty list for another version", "{" + versions + "," + custom(`,"CustomCipherSuite":["`+gcm+`"]`) + "}", 0, safari, "connects TLSv1.2 " + gcm + " documented", ""},
		{"no list", "{" + only12 + "," + custom("") + "}", 0, chrome, "unknown TLSv1.2 ECDHE-ECDSA-AES128-GCM-SHA256 ECDHE-RSA-AES128-GCM-SHA256 +10 by CustomCipherSuite assumed", "an empty CustomCipherSuite"},
		{"a list without effect", "{" + only12 + "," + custom(`,"CustomCipherSuite":["TLS_AES_128_GCM_SHA256"]`) + "}", 0, chrome, "unknown TLSv1.2 by CustomCipherSuite assumed", "without a suite of its TLS version"},
		{"strong", "{" + versions + `,"CipherSuite":{"Enable":true,"StrongCipherSuite":true}}`, 0, chrome, "connects TLSv1.3 TLS_AES_128_GCM_SHA256 TLS_AES_256_GCM_SHA384 +1 assumed", ""},
		{"strong, and a client that has no strong suite", "{" + only12 + `,"CipherSuite":{"Enable":true,"StrongCipherSuite":true}}`, 0, old, "fails TLSv1.2 by StrongCipherSuite assumed", "StrongCipherSuite accepts"},
		{"strong and a list", "{" + only12 + `,"CipherSuite":{"Enable":true,"StrongCipherSuite":true,"CustomCipherSuite":["AES128-SHA"]}}`, 0, old, "unknown TLSv1.2 by StrongCipherSuite assumed",
			"whether StrongCipherSuite or the lists count is not known"},
		{"strong and a list, and it does not matter", "{" + only12 + `,"CipherSuite":{"Enable":true,"StrongCipherSuite":true,"CustomCipherSuite":["AES128-SHA"]}}`, 0, chrome,
			"connects TLSv1.2 ECDHE-ECDSA-AES128-GCM-SHA256 ECDHE-RSA-AES128-GCM-SHA256 +4 assumed", ""},
		{"TLS 1.0, and a client with TLS 1.3", `{"TLS":{"Enable":true,"TLSVersion":["TLSv1.0"]}}`, 0, "Chrome 70", "unknown TLSv1.0 ECDHE-RSA-AES128-SHA ECDHE-RSA-AES256-SHA +3 by TLSVersion assumed", "signed with SHA-1"},
		{"TLS 1.0, and a client without TLS 1.3", `{"TLS":{"Enable":true,"TLSVersion":["TLSv1.0"]}}`, 0, "Chrome 58", "connects TLSv1.0 ECDHE-RSA-AES128-SHA ECDHE-RSA-AES256-SHA +3 assumed", ""},
		{"a gap without a suite below it", `{"TLS":{"Enable":true,"TLSVersion":["TLSv1.0","TLSv1.2"]},` + custom(`,"CustomCipherSuite":["`+gcm+`"]`) + "}", 0, safari,
			"unknown TLSv1.2 " + gcm + " by TLSVersion assumed", "OpenSSL then refuses everybody"},
		{"a gap with one", `{"TLS":{"Enable":true,"TLSVersion":["TLSv1.0","TLSv1.2"]},` + custom(`,"CustomCipherSuite":["`+gcm+`","AES128-SHA"]`) + "}", 0, safari, "connects TLSv1.2 " + gcm + " AES128-SHA documented", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := configuration(t, test.doc)
			got := c.Simulate(clientsNamed(t, test.client), test.kinds)[0]
			if diff := cmp.Diff(test.want, describe(got)); diff != "" {
				t.Errorf("(-want +got):\n%s\n%s", diff, got.Reason)
			}
			if !strings.Contains(got.Reason, test.reason) || (got.Reason == "") != (test.reason == "") {
				t.Errorf("reason %q, want %q in it", got.Reason, test.reason)
			}
		})
	}
}

// A client across a gap: whether it must look at the mark depends on its versions.
func TestSimulateDowngrade(t *testing.T) {
	c := configuration(t, `{"TLS":{"Enable":true,"TLSVersion":["TLSv1.0","TLSv1.2"]}}`)
	suites := []uint16{0x002f, 0x1301}
	for _, test := range []struct {
		versions []uint16
		want     httpsconfig.Outcome
	}{
		{[]uint16{0x0301, 0x0302}, httpsconfig.Undecided},
		{[]uint16{0x0301, 0x0302, 0x0304}, httpsconfig.Fails},
		{[]uint16{0x0301}, httpsconfig.Connects},
	} {
		got := c.Simulate([]httpsconfig.Client{{Name: "x", Versions: test.versions, Suites: suites}}, 0)[0]
		if got.Outcome != test.want || got.Outcome != httpsconfig.Connects && !strings.Contains(got.Reason, "downgrade") {
			t.Errorf("%x: %s, %s", test.versions, describe(got), got.Reason)
		}
	}
}

// Simulate never says otherwise than Decide, and lists what Decide accepts.
func TestSimulateIsDecide(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	clients := httpsconfig.Clients()
	seen := map[httpsconfig.Outcome]int{}
	for range 400 {
		c, kinds := randomConfig(r), httpsconfig.CertificateKinds(r.IntN(4))
		p := c.Policy()
		for _, s := range c.Simulate(clients, kinds) {
			seen[s.Outcome]++
			v := p.Decide(httpsconfig.Offer{Versions: s.Client.Versions, Suites: s.Client.Suites, Certificates: kinds})
			if s.Outcome != httpsconfig.Undecided && v.Connects != (s.Outcome == httpsconfig.Connects) || s.Version != v.Version || len(s.Suites) != v.Suites.Len() {
				t.Fatalf("%s: %s, %+v", s.Client.Name, describe(s), v)
			}
			var order []uint16
			var used httpsconfig.CertificateKinds
			for _, suite := range s.Suites {
				if !v.Suites.Has(suite.ID) {
					t.Fatalf("%s: %s is not acceptable", s.Client.Name, suite.OpenSSL)
				}
				order = append(order, suite.ID)
				used |= suite.Certificates()
			}
			rest := s.Client.Suites
			for _, id := range order { // a subsequence
				i := slices.Index(rest, id)
				if i < 0 {
					t.Fatalf("%s: %x is not in the order of the client", s.Client.Name, order)
				}
				rest = rest[i+1:]
			}
			if kinds != 0 {
				used &= kinds
			}
			if s.Certificates != used || (s.Outcome == httpsconfig.Connects) != (s.Reason == "") || (s.Reason == "") != (s.By == "") {
				t.Fatalf("%s contradicts itself: %+v", s.Client.Name, s)
			}
		}
	}
	for o := httpsconfig.Undecided; o <= httpsconfig.Fails; o++ {
		if seen[o] < 500 {
			t.Errorf("%s was seen %d times only", o, seen[o])
		}
	}
}

// randomConfig makes up a configuration with lists that now and then hold names without effect.
func randomConfig(r *rand.Rand) *httpsconfig.Config {
	if r.IntN(40) == 0 {
		return nil
	}
	c := &httpsconfig.Config{}
	bools := func() httpsconfig.Bool { return httpsconfig.Bool(r.IntN(3)) }
	if r.IntN(10) > 0 {
		c.TLS = &httpsconfig.TLS{Enable: httpsconfig.True}
		if r.IntN(6) == 0 {
			c.TLS.Enable = bools()
		}
		for _, version := range httpsconfig.TLSVersions() {
			if r.IntN(2) == 0 {
				c.TLS.TLSVersions = append(c.TLS.TLSVersions, version)
			}
		}
	}
	if r.IntN(4) > 0 {
		c.CipherSuite = &httpsconfig.CipherSuite{Enable: httpsconfig.True, StrongCipherSuite: bools()}
		if r.IntN(6) == 0 {
			c.CipherSuite.Enable = bools()
		}
		c.CipherSuite.CustomCipherSuites = randomSuites(r, false)
		c.CipherSuite.TLS13CustomCipherSuites = randomSuites(r, true)
	}
	return c
}

func randomSuites(r *rand.Rand, tls13 bool) (list []string) {
	usual := strings.Fields("ECDHE-ECDSA-AES128-GCM-SHA256 ECDHE-RSA-AES128-GCM-SHA256 ECDHE-RSA-CHACHA20-POLY1305 ECDHE-RSA-AES128-SHA AES128-SHA AES128-GCM-SHA256 DES-CBC3-SHA DHE-RSA-AES256-SHA")
	if tls13 {
		usual = strings.Fields("TLS_AES_128_GCM_SHA256 TLS_AES_256_GCM_SHA384 TLS_CHACHA20_POLY1305_SHA256 TLS_AES_128_CCM_8_SHA256")
	}
	all := httpsconfig.Suites()
	for range r.IntN(6) {
		switch r.IntN(6) {
		case 0:
			list = append(list, all[r.IntN(len(all))].OpenSSL)
		case 1:
			list = append(list, []string{"NO-SUCH-SUITE", "ECDHE-ECDSA-AES256-CCM8", "TLS_AES_128_CCM_SHA256"}[r.IntN(3)])
		default:
			list = append(list, usual[r.IntN(len(usual))])
		}
	}
	return list
}

// lost returns the clients that connect with the first and fail with the second.
func lost(before, after *httpsconfig.Config, kindsBefore, kindsAfter httpsconfig.CertificateKinds) (names []string) {
	clients := httpsconfig.Clients()
	a, b := before.Simulate(clients, kindsBefore), after.Simulate(clients, kindsAfter)
	for i := range a {
		if a[i].Outcome == httpsconfig.Connects && b[i].Outcome != httpsconfig.Connects {
			names = append(names, a[i].Client.Name)
		}
	}
	return names
}

// A list that accepts more suites, with the same versions, loses no client; nor does a further certificate.
func TestMoreSuitesLoseNobody(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	connected := 0
	for range 300 {
		less := &httpsconfig.Config{TLS: &httpsconfig.TLS{Enable: httpsconfig.True}, CipherSuite: &httpsconfig.CipherSuite{Enable: httpsconfig.True}}
		for _, version := range httpsconfig.TLSVersions() {
			if r.IntN(2) == 0 {
				less.TLS.TLSVersions = append(less.TLS.TLSVersions, version)
			}
		}
		less.CipherSuite.CustomCipherSuites = append(randomSuites(r, false), "AES128-SHA")
		less.CipherSuite.TLS13CustomCipherSuites = append(randomSuites(r, true), "TLS_AES_128_GCM_SHA256")
		more := *less
		more.CipherSuite = &httpsconfig.CipherSuite{Enable: httpsconfig.True,
			CustomCipherSuites:      slices.Concat(randomSuites(r, false), less.CipherSuite.CustomCipherSuites),
			TLS13CustomCipherSuites: slices.Concat(less.CipherSuite.TLS13CustomCipherSuites, randomSuites(r, true))}
		kinds := httpsconfig.CertificateKinds(1 + r.IntN(3))
		if names := lost(less, &more, kinds, kinds); names != nil {
			t.Fatalf("%+v and %+v lose %q", less.CipherSuite, more.CipherSuite, names)
		}
		both := httpsconfig.CertificateRSA | httpsconfig.CertificateECDSA
		if names := lost(less, less, kinds, both); names != nil {
			t.Fatalf("%+v loses %q with more certificates", less.CipherSuite, names)
		}
		for _, s := range less.Simulate(httpsconfig.Clients(), kinds) {
			if s.Outcome == httpsconfig.Connects {
				connected++
			}
		}
	}
	if connected < 1000 {
		t.Errorf("%d clients could have been lost", connected)
	}
}

// A further version, with all suites, loses no client. With a list it may: a client that has the version does not go
// back to an older one for want of a suite.
func TestMoreVersions(t *testing.T) {
	versions := httpsconfig.TLSVersions()
	config := func(set int) *httpsconfig.Config {
		c := &httpsconfig.Config{TLS: &httpsconfig.TLS{Enable: httpsconfig.True}}
		for i, version := range versions {
			if set&(1<<i) != 0 {
				c.TLS.TLSVersions = append(c.TLS.TLSVersions, version)
			}
		}
		return c
	}
	for less := range 1 << len(versions) {
		for more := range 1 << len(versions) {
			if less&^more != 0 {
				continue
			}
			if names := lost(config(less), config(more), 0, 0); names != nil {
				t.Errorf("%04b and %04b lose %q", less, more, names)
			}
		}
	}
	suites := &httpsconfig.CipherSuite{Enable: httpsconfig.True, CustomCipherSuites: []string{"ECDHE-RSA-AES128-GCM-SHA256"},
		TLS13CustomCipherSuites: []string{"TLS_AES_128_CCM_SHA256"}}
	less, more := config(4), config(12)
	less.CipherSuite, more.CipherSuite = suites, suites
	if names := lost(less, more, 0, 0); !slices.Contains(names, "Chromium 156 (Debian 12)") || slices.Contains(names, "Chrome 58") {
		t.Errorf("TLS 1.3 with a suite that few have loses %q", names)
	}
}

func BenchmarkSimulate(b *testing.B) {
	var never *httpsconfig.Config
	clients := httpsconfig.Clients()
	b.ReportAllocs()
	for b.Loop() {
		never.Simulate(clients, 0)
	}
}
