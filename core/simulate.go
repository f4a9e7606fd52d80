package core

import (
	"slices"

	"github.com/ossconf/ossconf/httpsconfig"
	"github.com/ossconf/ossconf/jsoncodec"
)

// simulate says which clients connect to a bucket with a configuration.
func simulate(_ *Runner, dst, in []byte) ([]byte, *problem) {
	q, p := readConfigRequest(string(in), forSimulate)
	if p != nil {
		return nil, p
	}
	c, p := q.after.read()
	if p != nil {
		return nil, p
	}
	list := c.Simulate(httpsconfig.Clients(), q.certificates)
	var counts [3]int
	for i := range list {
		counts[list[i].Outcome]++
	}
	w := jsoncodec.Writer{Buf: slices.Grow(dst, 16<<10)}
	w.Begin('{')
	w.BoolMember("valid", q.after.valid())
	writeKinds(&w, q.certificates)
	writePolicy(&w, c.Policy(), q.certificates)
	preference := httpsconfig.SuitePreference()
	w.Name("suite_preference")
	writeBasis(&w, &preference)
	for _, o := range [...]httpsconfig.Outcome{httpsconfig.Connects, httpsconfig.Fails, httpsconfig.Undecided} {
		w.IntMember(o.String(), counts[o])
	}
	w.BeginMember("clients", '[')
	for i := range list {
		w.Begin('{')
		members(&w, "name", list[i].Client.Name)
		writeOutcome(&w, &list[i])
		w.End('}')
	}
	w.End(']')
	w.End('}')
	return w.Buf, nil
}

// writePolicy writes what a bucket accepts, and what that is known from.
func writePolicy(w *jsoncodec.Writer, p httpsconfig.Policy, kinds httpsconfig.CertificateKinds) {
	w.BeginMember("accepts", '{')
	w.Strings("tls_versions", p.Versions.Names())
	for _, tls13 := range [...]bool{false, true} {
		set := p.UsableSuites(tls13).Certified(kinds)
		w.Strings(suitesMember(tls13), suiteNames(set.List()))
	}
	w.BeginMember("basis", '[')
	for _, b := range [...]httpsconfig.Basis{p.VersionBasis, p.SuiteBasis, p.TLS13Basis} {
		writeBasis(w, &b)
	}
	w.End(']')
	w.End('}')
}

func writeBasis(w *jsoncodec.Writer, b *httpsconfig.Basis) {
	w.Begin('{')
	members(w, "element", b.Element, "evidence", b.Evidence.String(), "text", b.Text, "source", b.Source)
	w.End('}')
}

// writeOutcome writes the members of what becomes of a client.
func writeOutcome(w *jsoncodec.Writer, s *httpsconfig.Simulation) {
	members(w, "outcome", s.Outcome.String(), "evidence", s.Evidence.String(), "tls_version", httpsconfig.VersionName(s.Version))
	if s.Outcome != httpsconfig.Fails && len(s.Suites) > 0 {
		members(w, "cipher_suite", s.Suites[0].OpenSSL)
		writeKinds(w, s.Certificates)
		if len(s.Suites) > 1 {
			w.Strings("candidates", suiteNames(s.Suites))
			w.Strings("rests_on", restsOn(s))
		}
	}
	members(w, "rule", s.By, "reason", s.Reason)
}

// restsOn returns what the pick of a suite rests on.
func restsOn(s *httpsconfig.Simulation) []string {
	rests := []string{"suite_preference"}
	for _, suite := range s.Suites {
		if suite.Certificates()&s.Certificates != s.Certificates {
			return append(rests, "certificates")
		}
	}
	return rests
}

// writeKinds writes the member certificates.
func writeKinds(w *jsoncodec.Writer, kinds httpsconfig.CertificateKinds) {
	var names []string
	if kinds == 0 || kinds&httpsconfig.CertificateRSA != 0 {
		names = append(names, "rsa")
	}
	if kinds == 0 || kinds&httpsconfig.CertificateECDSA != 0 {
		names = append(names, "ecdsa")
	}
	w.Strings("certificates", names)
}

// suitesMember returns the name of the member for the suites of a generation.
func suitesMember(tls13 bool) string {
	if tls13 {
		return "tls13_cipher_suites"
	}
	return "cipher_suites"
}

func suiteNames(list []*httpsconfig.Suite) []string {
	names := make([]string, len(list))
	for i, s := range list {
		names[i] = s.OpenSSL
	}
	return names
}
