package httpsconfig

import "strconv"

// A CertificateKinds is a set of the kinds of certificates that a server has. The zero value means that it is not
// known: it has every kind.
type CertificateKinds uint8

// The kinds of certificates.
const (
	CertificateRSA CertificateKinds = 1 << iota
	CertificateECDSA
)

// ByCertificate is the [Verdict].By of a client that the certificates of the server refuse.
const ByCertificate = "certificate"

// An Offer is what a client offers, and the certificates that it meets.
type Offer struct {
	Versions     []uint16 // code points of TLS versions
	Suites       []uint16 // code points of cipher suites, of all versions
	Certificates CertificateKinds
}

// A Verdict is what becomes of an offer.
type Verdict struct {
	Connects bool
	Version  uint16   // what is negotiated, even if the handshake fails later on; 0 if no version is common
	Suites   SuiteSet // those that are acceptable; the server picks one
	By       string   // what refuses: the element of the configuration, as in [Basis], or ByCertificate; else empty
	Reason   string   // why it is refused, in a sentence; else empty

	// Downgrade is set where the server has a newer version than the negotiated one and so has the client, but not
	// the same. The server then marks its hello, and the client has to decide. Clients of OpenSSL 1.1.1 and later
	// refuse, so that the verdict is to refuse; a few others do not look.
	Downgrade bool
}

// Decide says what becomes of an offer. The server takes the newest version that it has in common with the client,
// then a suite of that version; it does not go back to an older version for want of a suite (OpenSSL does the same,
// and so TLS 1.3 of RFC 8446 has it). Code points that are not of a version or a suite, as GREASE and signalling
// values, are passed over. So are groups and signature algorithms: a client that has none of the server's is not told.
//
// Downgrade: RFC 8446, section 4.1.3, and OpenSSL, which marks its hello where TLS 1.2 is accepted and an older one
// negotiated.
func (p *Policy) Decide(o Offer) Verdict {
	offered := offeredVersions(o.Versions)
	v := Verdict{Version: (offered & p.Versions).Newest()}
	if v.Version == 0 {
		v.By = p.VersionBasis.Element
		v.Reason = "the client offers " + listNames(offered.Names(), "no TLS version") + "; " + v.By + " accepts " +
			listNames(p.Versions.Names(), "none")
		return v
	}
	suites := versionSuites(v.Version, o.Suites)
	accepted := suites.and(&p.Suites)
	v.Suites = accepted.Certified(o.Certificates)
	newest := offered.Newest()
	switch {
	case accepted == SuiteSet{}:
		p.refuseSuites(&v, &suites)
	case v.Suites == SuiteSet{}:
		v.By = ByCertificate
		v.Reason = "for " + VersionName(v.Version) + " the client offers " + suiteNames(&accepted) + "; the server has " + o.Certificates.text()
	case v.Version < newest && v.Version < tls12 && p.Versions.Has(tls12):
		v.By, v.Downgrade = p.VersionBasis.Element, true
		v.Reason = "the client offers up to " + VersionName(newest) + " and the server has TLSv1.2; both go down to " + VersionName(v.Version) +
			", which the server marks as a downgrade: clients that look at the mark refuse"
	default:
		v.Connects = true
	}
	return v
}

const (
	tls12 = oldestVersion + 2
	tls13 = oldestVersion + 3
)

// refuseSuites says why none of the suites that the client offers for the version is accepted.
func (p *Policy) refuseSuites(v *Verdict, offered *SuiteSet) {
	var all SuiteSet
	for i := range suites {
		if suites[i].In(v.Version) {
			all.add(i)
		}
	}
	basis := &p.SuiteBasis
	if v.Version == tls13 {
		basis = &p.TLS13Basis
	}
	accepted := all.and(&p.Suites)
	if usable := accepted.Certified(0); usable != (SuiteSet{}) {
		accepted = usable // the others do not help anybody
	}
	v.By = basis.Element
	v.Reason = "for " + VersionName(v.Version) + " the client offers " + suiteNames(offered) + "; " + basis.Element + " accepts " + suiteNames(&accepted)
}

// In reports whether the TLS version with this code point has the suite s.
func (s *Suite) In(version uint16) bool {
	if s.TLS13() || version == tls13 {
		return s.TLS13() && version == tls13
	}
	return version >= oldestVersion+uint16(s.MinVersion)-10
}

// Uses reports whether one of the versions that p accepts has the suite, accepted or not.
func (p *Policy) Uses(s *Suite) bool {
	for version := uint16(oldestVersion); version <= tls13; version++ {
		if p.Versions.Has(version) && s.In(version) {
			return true
		}
	}
	return false
}

// UsableSuites returns the suites of a generation that p accepts and one of its versions uses.
func (p *Policy) UsableSuites(tls13 bool) SuiteSet {
	used := p.Versions.suites(tls13)
	return used.and(&p.Suites)
}

// suites returns the suites of a generation that one of the versions uses: what the newest of them has.
//
//go:noinline
func (s VersionSet) suites(tls13 bool) (set SuiteSet) {
	newest := (s &^ only13).Newest()
	if tls13 {
		newest = (s & only13).Newest()
	}
	for i := range suites {
		if newest != 0 && suites[i].In(newest) {
			set.add(i)
		}
	}
	return set
}

// versionSuites returns those of the code points that are suites of the version.
func versionSuites(version uint16, ids []uint16) (set SuiteSet) {
	for _, id := range ids {
		if i := suiteIndex(id); i >= 0 && suites[i].In(version) {
			set.add(i)
		}
	}
	return set
}

// Certificates returns the kinds of certificates that s works with, any of them. None is that of suites which need
// something that a public server does not have: a DSS certificate, one with a key for Diffie-Hellman, a shared key.
func (s *Suite) Certificates() CertificateKinds {
	switch s.KeyExchange {
	case KeyExchangeECDH, KeyExchangeDH, KeyExchangePSK, KeyExchangeSRP, KeyExchangeKRB5:
		return 0
	}
	switch s.Authentication {
	case AuthenticationAny:
		return CertificateRSA | CertificateECDSA
	case AuthenticationRSA:
		return CertificateRSA
	case AuthenticationECDSA:
		return CertificateECDSA
	}
	return 0
}

func (k CertificateKinds) text() string {
	switch k {
	case CertificateRSA:
		return "an RSA certificate only"
	case CertificateECDSA:
		return "an ECDSA certificate only"
	}
	return "RSA and ECDSA certificates"
}

// suiteNames returns the names of the suites for a sentence.
func suiteNames(set *SuiteSet) string { return listNames(set.names(), "no suite") }

// maxNames is how many names a sentence lists.
const maxNames = 6

// listNames returns the names for a sentence, or what stands for none of them.
func listNames(names []string, none string) string {
	s := none
	for i, name := range names {
		switch {
		case i == 0:
			s = name
		case i == maxNames:
			return s + " and " + strconv.Itoa(len(names)-i) + " more"
		case i == len(names)-1:
			s += " and " + name
		default:
			s += ", " + name
		}
	}
	return s
}
