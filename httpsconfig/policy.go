package httpsconfig

// A Policy is what a bucket accepts in a TLS handshake, and what that is known from. The zero value accepts nothing.
//
// [Policy.Decide] holds what a client offers against it.
type Policy struct {
	Versions VersionSet // may have gaps
	Suites   SuiteSet   // of all versions, accepted or not; [Suite.TLS13] tells the two generations apart

	VersionBasis Basis // of Versions
	SuiteBasis   Basis // of the suites up to TLS 1.2
	TLS13Basis   Basis // of the suites of TLS 1.3
}

// A Basis is what a part of a policy rests on.
type Basis struct {
	Element  string   // the element of the configuration that decides
	Evidence Evidence // Documented or Assumed
	Text     string   // what it decides
	Source   string   // where the evidence is found, or why it is assumed
}

// A basisID is the index of a basis.
type basisID uint8

const (
	basisNone basisID = iota
	basisNever
	basisTLSOff
	basisVersions
	basisAll
	basisStrong
	basisStrong13
	basisCustom
	basisCustomEmpty
	basisCustomVoid
	basisCustom13
	basisCustom13Empty
	basisCustom13Void
)

const independent = "OpenSSL, whose setting for TLS 1.3 and the one for older versions do not touch each other; " + noTest

var bases = [...]Basis{
	basisNever: {nameTLS, Documented, "never configured: TLS 1.0, 1.1 and 1.2", docGuide},
	basisTLSOff: {nameTLS, Assumed, "not enabled: TLS 1.0, 1.1 and 1.2",
		"a bucket that was never configured, in the " + docGuide + "; " + noTest},
	basisVersions: {nameTLSVersion, Documented, "the versions listed", docSchema},
	basisAll: {nameCipherSuite, Assumed, "not enabled: all suites that are not insecure",
		docSchema + ": all suites; which these are is not published"},
	basisStrong: {nameStrong, Assumed, "true: suites of the levels secure and recommended",
		docSchema + ": strong suites; which these are is not published"},
	basisStrong13: {nameStrong, Assumed, "true: all suites of TLS 1.3 that are not insecure",
		docSchema + ": strong suites; which these are is not published"},
	basisCustom:      {nameCustom, Documented, "the suites listed", docSchema},
	basisCustomEmpty: {nameCustom, Assumed, "none listed: all suites up to TLS 1.2 that are not insecure", independent},
	basisCustomVoid: {nameCustom, Assumed, "no name listed is a suite up to TLS 1.2: none",
		"the service was seen to store a list of one TLS 1.3 suite; what it does in a handshake is not known"},
	basisCustom13:      {nameTLS13, Documented, "the suites listed", docSchema},
	basisCustom13Empty: {nameTLS13, Assumed, "none listed: all suites of TLS 1.3 that are not insecure", independent},
	basisCustom13Void: {nameTLS13, Assumed, "no name listed is a suite of TLS 1.3: none",
		"the sample of the " + docPut + " has such a list; " + noTest},
}

// Policy returns what a bucket with the configuration c accepts; c is nil for a bucket that was never configured.
//
//   - Versions: those of TLSVersion if the Enable of TLS is true (documented). Otherwise those of a bucket that was
//     never configured, 1.0 to 1.2: documented for such a bucket, assumed for Enable false.
//   - All suites, if the Enable of CipherSuite is not true (documented). Assumed: they are the suites that are not
//     insecure, since nobody offers those without encryption or authentication, export suites and RC4.
//   - Strong suites, if StrongCipherSuite is true (documented), whatever is listed (assumed). Assumed, as OSS does not
//     publish them: the suites of the levels secure and recommended, and those of TLS 1.3 that are not insecure.
//   - Custom suites otherwise: CustomCipherSuite up to TLS 1.2, TLS13CustomCipherSuite for TLS 1.3 (documented).
//     Assumed: where one of the lists is empty, all suites of its generation are accepted; a name that is unknown or
//     of the other generation has no effect, and a list of nothing else accepts nothing.
func (c *Config) Policy() Policy {
	p := Policy{Versions: versionSet(DefaultTLSVersions()), VersionBasis: bases[basisNever]}
	if c == nil {
		c = &Config{}
	} else if c.TLS == nil || c.TLS.Enable != True {
		p.VersionBasis = bases[basisTLSOff]
	} else {
		p.Versions, p.VersionBasis = versionSet(c.TLS.TLSVersions), bases[basisVersions]
	}
	switch s := c.CipherSuite; {
	case s == nil || s.Enable != True:
		p.SuiteBasis, p.TLS13Basis = bases[basisAll], bases[basisAll]
		p.accept(false, Weak)
		p.accept(true, Weak)
	case s.StrongCipherSuite == True:
		p.SuiteBasis, p.TLS13Basis = bases[basisStrong], bases[basisStrong13]
		p.accept(false, Secure)
		p.accept(true, Weak)
	default:
		p.SuiteBasis = p.acceptListed(false, s.CustomCipherSuites, basisCustom)
		p.TLS13Basis = p.acceptListed(true, s.TLS13CustomCipherSuites, basisCustom13)
	}
	return p
}

// accept takes all suites of a generation that have at least this level.
func (p *Policy) accept(tls13 bool, least Level) {
	for i := range suites {
		if s := &suites[i]; s.TLS13() == tls13 && s.Level >= least {
			p.Suites.add(i)
		}
	}
}

// acceptListed takes the suites of a list that are of its generation. The basis is id, or one of the two that follow
// it for an empty list and for one without effect.
func (p *Policy) acceptListed(tls13 bool, names []string, id basisID) Basis {
	if len(names) == 0 {
		p.accept(tls13, Weak)
		return bases[id+1]
	}
	void := true
	for _, name := range names {
		if s, i := suiteByName(name); s != nil && s.TLS13() == tls13 {
			p.Suites.add(i)
			void = false
		}
	}
	if void {
		return bases[id+2]
	}
	return bases[id]
}
