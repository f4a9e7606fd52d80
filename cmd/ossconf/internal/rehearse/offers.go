package rehearse

import (
	"crypto/tls"
	"slices"

	"github.com/ossconf/ossconf/harness/tlspolicy/clients"
	"github.com/ossconf/ossconf/httpsconfig"
)

// A Kind says what is tried out with an offer.
type Kind string

// The kinds of offers.
const (
	KindDefault Kind = "default" // what the client offers by itself
	KindVersion Kind = "version" // one TLS version
	KindSuite   Kind = "suite"   // one cipher suite
)

// A trial is a client with the offer it is to make.
type trial struct {
	client clients.Client
	kind   Kind
	name   string // of the version or suite
	offer  clients.Offer
}

// trials returns what is tried out with these clients, the first of which is crypto/tls.
func (r *Result) trials(list []clients.Client) []trial {
	var trials []trial
	for _, c := range list {
		trials = append(trials, trial{c, KindDefault, "", clients.Offer{}})
	}
	for version := uint16(tls.VersionTLS10); version <= tls.VersionTLS13; version++ {
		trials = append(trials, trial{list[0], KindVersion, httpsconfig.VersionName(version), clients.Offer{MinVersion: version, MaxVersion: version}})
	}
	for _, s := range r.suitesThatMatter() {
		if c, able := offering(s, list); able {
			trials = append(trials, trial{c, KindSuite, s.OpenSSL, suiteOffer(s)})
		}
	}
	return trials
}

// suitesThatMatter returns the suites that a configuration lists, and of those in crypto/tls the ones that the two
// configurations treat differently, other than by their versions.
func (r *Result) suitesThatMatter() []*httpsconfig.Suite {
	p, q := &r.Config.policy, &r.Against.policy
	var list []*httpsconfig.Suite
	for _, s := range httpsconfig.Suites() {
		listed := r.Config.lists(s.OpenSSL) || r.Against.lists(s.OpenSSL)
		differs := p.Suites.Has(s.ID) != q.Suites.Has(s.ID) && (p.Uses(&s) || q.Uses(&s))
		if s.Certificates() != 0 && (listed || differs && inCryptoTLS(s.ID)) {
			list = append(list, &s)
		}
	}
	return list
}

// inCryptoTLS reports whether crypto/tls has the suite.
func inCryptoTLS(id uint16) bool {
	return slices.ContainsFunc(slices.Concat(tls.CipherSuites(), tls.InsecureCipherSuites()),
		func(s *tls.CipherSuite) bool { return s.ID == id })
}

// offering returns a client that can offer the suite alone. crypto/tls always offers all its suites of TLS 1.3.
func offering(s *httpsconfig.Suite, list []clients.Client) (clients.Client, bool) {
	if !s.TLS13() && inCryptoTLS(s.ID) {
		return list[0], true
	}
	if len(list) < 2 {
		return clients.Client{}, false
	}
	return list[1], true
}

// suiteOffer offers a suite alone, with all versions that have it.
func suiteOffer(s *httpsconfig.Suite) clients.Offer {
	o := clients.Offer{MinVersion: tls.VersionTLS12, MaxVersion: tls.VersionTLS12, Suites: []string{s.OpenSSL}}
	switch {
	case s.TLS13():
		o.MinVersion, o.MaxVersion = tls.VersionTLS13, tls.VersionTLS13
	case s.In(tls.VersionTLS10):
		o.MinVersion = tls.VersionTLS10
	}
	return o
}
