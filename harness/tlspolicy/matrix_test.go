package tlspolicy_test

import (
	"crypto/tls"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/ossconf/ossconf/harness/tlspolicy"
	"github.com/ossconf/ossconf/harness/tlspolicy/clients"
	"github.com/ossconf/ossconf/httpsconfig"
)

// Every client, with every offer, at every configuration gets what Decide says.
func TestClientsAgreeWithDecide(t *testing.T) {
	r := newRecorder()
	addrs, file := serveNumbered(t, r, func(i int) *httpsconfig.Config { return policyTests[i].config(t) })
	for _, c := range realClients(t) {
		t.Run(c.Name, func(t *testing.T) {
			t.Parallel()
			unable, made := 0, 0
			for i, test := range policyTests {
				for j, text := range test.offers {
					name := fmt.Sprintf("%d-%d-%s.localhost", i, j, strings.ReplaceAll(c.Name, "/", ""))
					o, judged := offer(t, text)
					result := clients.Connect(t.Context(), c, clients.Target{Addr: addrs[test.kinds], ServerName: name, CAFile: file}, o)
					if result.Unable {
						unable++
						continue
					}
					made++
					judged.Certificates = test.kinds
					policy := test.config(t).Policy()
					a := agreement{client: c, policy: policy, verdict: policy.Decide(judged), result: result, seen: r.one(t, name)}
					for _, problem := range a.problems() {
						t.Errorf("%s, offer %s: %s\nverdict %+v\nclient  %+v\nserver  %s", test.name, text, problem, a.verdict, result, a.seen)
					}
				}
			}
			t.Logf("%s: %d handshakes, %d offers that it cannot make", c, made, unable)
			if made < 20 {
				t.Errorf("%s could make %d offers only", c, made)
			}
		})
	}
}

// serveNumbered serves a bucket for each server name that begins with its number, at an address for each kind of
// certificate; file has the authority of the certificates.
func serveNumbered(t *testing.T, r *recorder, config func(i int) *httpsconfig.Config) (addrs map[httpsconfig.CertificateKinds]string, file string) {
	t.Helper()
	ca, file := caFile(t)
	addrs = map[httpsconfig.CertificateKinds]string{}
	for _, kinds := range []httpsconfig.CertificateKinds{0, rsa, ecdsa} {
		addrs[kinds] = serve(t, tlspolicy.Options{CA: ca, Certificates: kinds, Record: r.record, Lookup: func(name string) (tlspolicy.Target, bool) {
			number, _, _ := strings.Cut(name, "-")
			i, err := strconv.Atoi(number)
			if err != nil {
				return tlspolicy.Target{}, false
			}
			return tlspolicy.Target{Bucket: "bucket-" + number, Config: config(i)}, true
		}})
	}
	return addrs, file
}

// An agreement is one between what was decided, what the client saw and what the server saw.
type agreement struct {
	client  clients.Client
	policy  httpsconfig.Policy
	verdict httpsconfig.Verdict
	result  clients.Result
	seen    tlspolicy.Handshake
}

func (a agreement) problems() (list []string) {
	check := func(ok bool, format string, args ...any) {
		if !ok {
			list = append(list, fmt.Sprintf(format, args...))
		}
	}
	connects := a.verdict.Connects
	switch {
	case a.verdict.Downgrade && a.client.Name == "crypto/tls" && a.verdict.Version == tls.VersionTLS10:
		connects = true // it looks at the mark only if it has TLS 1.2 itself
		check(len(a.seen.Notes) == 1 && strings.Contains(a.seen.Notes[0], "downgrade"), "the notes say nothing of the downgrade")
	case connects && !anyInCryptoTLS(a.verdict.Suites.List()):
		check(a.seen.Outcome == tlspolicy.Unknown && a.seen.Rule == tlspolicy.RuleLibrary, "the outcome should be unknown")
		check(!a.result.Connected && a.result.Alert == 40, "the client should see handshake_failure")
		return list
	}
	check(a.result.Connected == connects, "the client should connect: %v", connects)
	if !connects {
		check(a.seen.Outcome == tlspolicy.Refused, "the server should say refused")
		check(a.seen.Rule == a.verdict.By, "the rule should be %s", a.verdict.By)
		check(a.seen.Reason != "", "the server should say why")
		switch {
		case a.verdict.Version != 0 && !a.verdict.Downgrade:
			check(a.result.Alert == 40, "the client should see handshake_failure")
		case a.result.Alert != 0: // not refused by the client itself
			check(a.result.Alert == 70, "the client should see protocol_version")
		}
		return list
	}
	version := httpsconfig.VersionName(a.verdict.Version)
	check(a.seen.Outcome == tlspolicy.Connected, "the server should say connected")
	check(a.result.Version == version && a.seen.Version == version, "both should say %s", version)
	check(a.result.Suite == a.seen.Suite, "both should say the same suite")
	s, known := httpsconfig.SuiteByName(a.result.Suite)
	if !known {
		check(false, "the suite %s is not known", a.result.Suite)
		return list
	}
	if version != httpsconfig.TLSv13 {
		check(a.policy.Suites.Has(s.ID), "%s is not accepted", s.OpenSSL)
		kind := map[httpsconfig.CertificateKinds]string{rsa: "RSA", ecdsa: "ECDSA"}[s.Certificates()]
		check(a.seen.Certificate == kind, "the certificate should be %s", kind)
	} else if !a.policy.Suites.Has(s.ID) {
		said := len(a.seen.Notes) == 1 && strings.Contains(a.seen.Notes[0], "crypto/tls chose "+s.OpenSSL)
		check(said, "the notes say nothing of %s, which is not accepted", s.OpenSSL)
	}
	return list
}

// inCryptoTLS are the suites of crypto/tls.
var inCryptoTLS = sync.OnceValue(func() map[uint16]bool {
	ids := map[uint16]bool{}
	for _, s := range slices.Concat(tls.CipherSuites(), tls.InsecureCipherSuites()) {
		ids[s.ID] = true
	}
	return ids
})()

// anyInCryptoTLS reports whether crypto/tls has one of the suites.
func anyInCryptoTLS(list []*httpsconfig.Suite) bool {
	return slices.ContainsFunc(list, func(s *httpsconfig.Suite) bool { return inCryptoTLS[s.ID] })
}
