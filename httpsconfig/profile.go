package httpsconfig

//go:generate go run ./internal/genguidelines

// A Profile is what somebody asks of the TLS versions and cipher suites of a server. It is not to be changed.
type Profile struct {
	Name   string // stable, with the version of what it is from
	Title  string
	Source string
	Beyond string // what it asks for besides, which a configuration does not say
	Checks []Check

	preferred *guideline // what to accept where nothing that is accepted is left, or nothing is listed
}

// A Check is one thing that a profile asks for.
type Check struct {
	Name     string   // stable, unique in its profile
	Text     string   // what it asks for
	Evidence Evidence // Documented if the source says so in these words, Advice if it is a reading of them
	Source   string

	part      part
	forbidden VersionSet
	required  VersionSet
	list      *guideline // the suites that are allowed, for nil those of strong
	exact     bool       // all suites of the list are wanted
}

// A part is what a check looks at.
type part uint8

const (
	partVersions part = iota
	partSuites
	partTLS13
)

const (
	mozilla   = "mozilla/ssl-config-generator, src/static/guidelines, 858f8f74a4fd, version "
	mozilla58 = mozilla + "5.8"
	mozilla60 = mozilla + "6.0"
	nist      = "NIST SP 800-52r2, 2019-08"
	pci       = "PCI DSS 4.0.1, 2024-06"
	pciStrong = pci + ", requirement 4.2.1 and appendix G, strong cryptography: 112 bits at least; " +
		"SP 800-131A r2 disallows triple DES after 2023, CVE-2016-2183 is about all of 64 bits"

	beyondMozilla = "groups, kinds and sizes of certificates and keys, whether the server prefers its own order, HSTS, OCSP stapling"
	beyondNIST    = "groups, certificates and their signatures, extensions, validated modules; " +
		"servers for the public may keep TLS 1.0 and 1.1 for clients that need them"
	beyondPCI = "keys and certificates and their inventory, and everything that is not TLS"

	textVersions = "the TLS versions of the guideline and no other"
	textSuites   = "the suites up to TLS 1.2 of the guideline and no other"
	textTLS13    = "the suites of TLS 1.3 of the guideline and no other"

	checkVersions = "tls-versions"
	checkSuites   = "cipher-suites"
	checkTLS13    = "tls13-cipher-suites"
)

const (
	only10 VersionSet = 1 << iota
	only11
	only12
	only13
	allVersions VersionSet = 1<<iota - 1
)

var profiles = [...]Profile{
	{"mozilla-modern-5.8", "Mozilla Modern, version 5.8", mozilla58, beyondMozilla, []Check{
		{checkVersions, textVersions, Documented, mozilla58 + ", tls_versions", partVersions, only10 | only11 | only12, only13, nil, true},
		{checkSuites, textSuites, Documented, mozilla58 + ", ciphers.openssl", partSuites, 0, 0, &guidelineMozillaModern58, true},
		{checkTLS13, textTLS13, Documented, mozilla58 + ", ciphersuites", partTLS13, 0, 0, &guidelineMozillaModern58, true},
	}, &guidelineMozillaModern58},
	{"mozilla-intermediate-5.8", "Mozilla Intermediate, version 5.8", mozilla58, beyondMozilla, []Check{
		{checkVersions, textVersions, Documented, mozilla58 + ", tls_versions", partVersions, only10 | only11, only12 | only13, nil, true},
		{checkSuites, textSuites, Documented, mozilla58 + ", ciphers.openssl", partSuites, 0, 0, &guidelineMozillaIntermediate58, true},
		{checkTLS13, textTLS13, Documented, mozilla58 + ", ciphersuites", partTLS13, 0, 0, &guidelineMozillaIntermediate58, true},
	}, &guidelineMozillaIntermediate58},
	{"mozilla-old-5.8", "Mozilla Old, version 5.8", mozilla58, beyondMozilla, []Check{
		{checkVersions, textVersions, Documented, mozilla58 + ", tls_versions", partVersions, 0, only10 | only11 | only12 | only13, nil, true},
		{checkSuites, textSuites, Documented, mozilla58 + ", ciphers.openssl", partSuites, 0, 0, &guidelineMozillaOld58, true},
		{checkTLS13, textTLS13, Documented, mozilla58 + ", ciphersuites", partTLS13, 0, 0, &guidelineMozillaOld58, true},
	}, &guidelineMozillaOld58},
	{"mozilla-modern-6.0", "Mozilla Modern, version 6.0", mozilla60, beyondMozilla, []Check{
		{checkVersions, textVersions, Documented, mozilla60 + ", tls_versions", partVersions, only10 | only11 | only12, only13, nil, true},
		{checkSuites, textSuites, Documented, mozilla60 + ", ciphers.openssl", partSuites, 0, 0, &guidelineMozillaModern60, true},
		{checkTLS13, textTLS13, Documented, mozilla60 + ", ciphersuites", partTLS13, 0, 0, &guidelineMozillaModern60, true},
	}, &guidelineMozillaModern60},
	{"mozilla-intermediate-6.0", "Mozilla Intermediate, version 6.0", mozilla60, beyondMozilla, []Check{
		{checkVersions, textVersions, Documented, mozilla60 + ", tls_versions", partVersions, only10 | only11, only12 | only13, nil, true},
		{checkSuites, textSuites, Documented, mozilla60 + ", ciphers.openssl", partSuites, 0, 0, &guidelineMozillaIntermediate60, true},
		{checkTLS13, textTLS13, Documented, mozilla60 + ", ciphersuites", partTLS13, 0, 0, &guidelineMozillaIntermediate60, true},
	}, &guidelineMozillaIntermediate60},
	{"nist-sp-800-52r2", "NIST SP 800-52 revision 2, government-only applications", nist, beyondNIST, []Check{
		{"tls-1.0", "TLS 1.0 shall not be used", Documented, nist + ", section 3.1", partVersions, only10, 0, nil, false},
		{"tls-1.1", "TLS 1.1 should not be used", Documented, nist + ", section 3.1", partVersions, only11, 0, nil, false},
		{"tls-1.3", "TLS 1.3 shall be supported since 2024-01-01; TLS 1.2 may then be left out", Documented, nist + ", section 3.1",
			partVersions, 0, only13, nil, false},
		{checkSuites, "up to TLS 1.2, only suites of the list shall be used", Documented, nist + ", section 3.3.1.1",
			partSuites, 0, 0, &guidelineNistSp80052r2, false},
		{checkTLS13, "for TLS 1.3, only suites of the list shall be used", Documented, nist + ", section 3.3.1.2",
			partTLS13, 0, 0, &guidelineNistSp80052r2, false},
	}, &guidelineNistPreferred},
	{"pci-dss-4.0.1", "PCI DSS 4.0.1", pci, beyondPCI, []Check{ // names neither versions nor suites, but asks for strong cryptography
		{"tls-1.0", "early TLS, which TLS 1.0 is, is no security control", Documented, pci + ", requirement 4.2.1 and appendix A2",
			partVersions, only10, 0, nil, false},
		{"tls-1.1", "no insecure version: RFC 8996 deprecates TLS 1.1", Advice, pci + ", requirement 4.2.1, which names no version; RFC 8996",
			partVersions, only11, 0, nil, false},
		{checkSuites, "up to TLS 1.2, suites with encryption, authentication and keys of 112 bits, without RC4, MD5 and block ciphers of 64 bits",
			Advice, pciStrong, partSuites, 0, 0, nil, false},
		{checkTLS13, "for TLS 1.3, suites with strong cryptography, which all are", Advice, pciStrong, partTLS13, 0, 0, nil, false},
	}, &guidelineMozillaIntermediate58},
}

// Profiles returns all profiles.
func Profiles() []*Profile {
	list := make([]*Profile, len(profiles))
	for i := range profiles {
		list[i] = &profiles[i]
	}
	return list
}

// ProfileByName returns the profile with this name.
func ProfileByName(name string) (p *Profile, found bool) {
	for i := range profiles {
		if profiles[i].Name == name {
			return &profiles[i], true
		}
	}
	return nil, false
}

// notStrong are the reasons against a suite that make it no strong cryptography in the sense of PCI DSS.
const notStrong = ReasonNoEncryption | ReasonNoAuthentication | ReasonExport | ReasonShortKey | ReasonRC4 | Reason64BitBlock | ReasonMD5

// allowed returns the suites that a check allows.
func (check *Check) allowed() (set SuiteSet) {
	if check.list != nil {
		return check.list.set()
	}
	for i := range suites {
		if suites[i].Reasons&notStrong == 0 {
			set.add(i)
		}
	}
	return set
}

// wanted returns the suites that a check asks for.
func (check *Check) wanted() (set SuiteSet) {
	if check.exact {
		return check.list.set()
	}
	return SuiteSet{}
}
