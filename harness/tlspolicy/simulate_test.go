package tlspolicy_test

import (
	"fmt"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/ossconf/ossconf/harness/tlspolicy"
	"github.com/ossconf/ossconf/harness/tlspolicy/clients"
	"github.com/ossconf/ossconf/httpsconfig"
)

const strongDoc = "<HttpsConfiguration><TLS><Enable>true</Enable><TLSVersion>TLSv1.2</TLSVersion><TLSVersion>TLSv1.3</TLSVersion></TLS>" +
	"<CipherSuite><Enable>true</Enable><StrongCipherSuite>true</StrongCipherSuite></CipherSuite></HttpsConfiguration>"

// simulateTests are configurations that clients meet with what they offer by themselves.
var simulateTests = []policyTest{
	{name: "never configured"},
	{name: "never configured, RSA", kinds: rsa},
	{name: "never configured, ECDSA", kinds: ecdsa},
	{name: "TLS 1.3 only", doc: custom("1.3", "")},
	{name: "TLS 1.2 and 1.3, strong", doc: strongDoc},
	{name: "one suite of each generation", doc: custom("1.2 1.3", gcmRSA+" TLS_AES_256_GCM_SHA384")},
	{name: "one RSA suite", doc: custom("1.2", gcmRSA)},
	{name: "one RSA suite, no certificate for it", doc: custom("1.2", gcmRSA), kinds: ecdsa},
	{name: "suites that some have", doc: custom("1.2", "DHE-RSA-AES128-GCM-SHA256 ECDHE-ECDSA-AES256-CCM8 ECDHE-ECDSA-AES128-SHA")},
	{name: "suites that nobody has", doc: custom("1.2", "ECDHE-ECDSA-CAMELLIA128-SHA256")},
	{name: "suites without forward secrecy", doc: custom("1.2", "AES128-SHA AES256-GCM-SHA384"), kinds: rsa},
	{name: "a suite of TLS 1.3 that is rare", doc: custom("1.2 1.3", gcmRSA+" TLS_AES_128_CCM_SHA256")},
	{name: "TLS 1.0 only", doc: custom("1.0", "")},
	{name: "a gap without a suite below it", doc: custom("1.0 1.2", gcmRSA)},
	{name: "two orders", doc: custom("1.2 1.3", "ECDHE-RSA-AES256-GCM-SHA384 "+gcmRSA+" ECDHE-RSA-CHACHA20-POLY1305 TLS_CHACHA20_POLY1305_SHA256 TLS_AES_128_GCM_SHA256")},
}

// Clients that offer what they offer by themselves get from the listener what Simulate says.
func TestClientsAgreeWithSimulate(t *testing.T) {
	r := newRecorder()
	addrs, file := serveNumbered(t, r, func(i int) *httpsconfig.Config { return simulateTests[i].config(t) })
	for _, c := range subjects(t) {
		t.Run(c.Name, func(t *testing.T) {
			t.Parallel()
			seen := map[httpsconfig.Outcome]int{}
			for i, test := range simulateTests {
				want := simulated(t, test, c.known)
				seen[want.Outcome]++
				host := fmt.Sprintf("%d-%s.localhost", i, strings.ReplaceAll(c.Name, "/", ""))
				got := clients.Connect(t.Context(), c.Client, clients.Target{Addr: addrs[test.kinds], ServerName: host, CAFile: file}, clients.Offer{})
				h := r.one(t, host)
				for _, problem := range simulationProblems(want, got, h) {
					t.Errorf("%s: %s\nsimulated %s %s\nclient    %+v\nserver    %s", test.name, problem, want.Outcome, want.Reason, got, h)
				}
			}
			if seen[httpsconfig.Connects] < 6 || seen[httpsconfig.Fails] < 2 {
				t.Errorf("outcomes %v", seen)
			}
		})
	}
}

// simulationProblems returns where a handshake goes against what was simulated.
func simulationProblems(want httpsconfig.Simulation, got clients.Result, seen tlspolicy.Handshake) (list []string) {
	candidate := slices.ContainsFunc(want.Suites, func(s *httpsconfig.Suite) bool { return s.OpenSSL == got.Suite })
	switch {
	case want.Outcome == httpsconfig.Undecided: // the listener follows one reading
	case want.Outcome == httpsconfig.Fails && (got.Connected || seen.Outcome != tlspolicy.Refused || seen.Rule != want.By):
		list = append(list, "it should be refused by "+want.By)
	case want.Outcome == httpsconfig.Connects && !anyInCryptoTLS(want.Suites):
		if got.Connected || seen.Outcome != tlspolicy.Unknown {
			list = append(list, "the listener has none of the suites")
		}
	case want.Outcome == httpsconfig.Connects && (!got.Connected || got.Version != httpsconfig.VersionName(want.Version)):
		list = append(list, "it should connect with "+httpsconfig.VersionName(want.Version))
	case want.Outcome == httpsconfig.Connects && !candidate && !strings.Contains(strings.Join(seen.Notes, " "), "crypto/tls chose"):
		list = append(list, "the suite is none of the candidates")
	}
	return list
}

// An OpenSSL server, which goes by the order of the client, picks the suite that is simulated; and where clients are unknown for their
// versions, OpenSSL does what makes them so.
func TestOpenSSLServerPicksWhatIsSimulated(t *testing.T) {
	ca, file := caFile(t)
	openssl, err := exec.LookPath("openssl")
	if err != nil {
		t.Skip("no openssl")
	}
	built := openSSLSuites(t, openssl)
	const host = "bucket.localhost"
	certificates := map[httpsconfig.CertificateKinds]string{}
	for _, kind := range []httpsconfig.CertificateKinds{rsa, ecdsa} {
		certificates[kind] = certificateFile(t, ca, kind, host)
	}
	table := subjects(t)
	picks, refused := 0, map[string]int{}
	for _, test := range simulateTests {
		addr := openSSLServer(t, openssl, test.config(t).Policy(), test.kinds, certificates)
		for _, c := range table {
			want := simulated(t, test, c.known)
			got := clients.Connect(t.Context(), c.Client, clients.Target{Addr: addr, ServerName: host, CAFile: file}, clients.Offer{})
			var pick string // of the suites that OpenSSL has
			for _, s := range want.Suites {
				if built[s.OpenSSL] && pick == "" {
					pick = s.OpenSSL
				}
			}
			switch {
			case want.Outcome == httpsconfig.Undecided && !got.Connected:
				refused[test.name]++
			case want.Outcome == httpsconfig.Fails && got.Connected, want.Outcome == httpsconfig.Connects && got.Suite != pick:
				t.Errorf("%s, %s: simulated %s %s %s, got %s", test.name, c, want.Outcome, pick, want.Reason, got)
			case want.Outcome == httpsconfig.Connects:
				picks++
			}
		}
	}
	if picks < 6*len(table) {
		t.Errorf("%d picks of %d clients", picks, len(table))
	}
	if refused["a gap without a suite below it"] != len(table) {
		t.Errorf("OpenSSL refused %d clients of %d for the gap", refused["a gap without a suite below it"], len(table))
	}
	t.Logf("%d picks; refused, where it is not known: %v", picks, refused)
}
