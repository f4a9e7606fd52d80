package httpsconfig

//go:generate go run ./internal/genguidelines

// A Profile is what somebody asks of the TLS versions and cipher suites of a server.
type Profile struct {
	Name   string // stable, with the version of what it is from
	Title  string
	Source string
	Beyond string // what it asks for besides, which a configuration does not say
	Checks []Check

	preferred guideline // what to take where nothing that is accepted is left
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
	allowed   SuiteSet
	wanted    SuiteSet
}

// A part is what a check looks at.
type part uint8

const (
	partVersions part = iota
	partSuites
	partTLS13
)

const (
	mozilla = "mozilla/ssl-config-generator, src/static/guidelines, 858f8f74a4fd, version "
	nist    = "NIST SP 800-52r2, 2019-08"
	pci     = "PCI DSS 4.0.1, 2024-06"

	beyondMozilla = "groups, kinds and sizes of certificates and keys, whether the server prefers its own order, HSTS, OCSP stapling"
	beyondNIST    = "groups, certificates and their signatures, extensions, validated modules; servers for the public may keep TLS 1.0 and 1.1 for clients that need them"
	beyondPCI     = "keys and certificates and their inventory, and everything that is not TLS"
)

// Profiles returns all profiles.
func Profiles() []Profile {
	list := []Profile{
		exactly("mozilla-modern-5.8", "Mozilla Modern, version 5.8", "5.8", guidelineMozillaModern58),
		exactly("mozilla-intermediate-5.8", "Mozilla Intermediate, version 5.8", "5.8", guidelineMozillaIntermediate58),
		exactly("mozilla-old-5.8", "Mozilla Old, version 5.8", "5.8", guidelineMozillaOld58),
		exactly("mozilla-modern-6.0", "Mozilla Modern, version 6.0", "6.0", guidelineMozillaModern60),
		exactly("mozilla-intermediate-6.0", "Mozilla Intermediate, version 6.0", "6.0", guidelineMozillaIntermediate60),
	}
	return append(list, nistProfile(), pciProfile())
}

// ProfileByName returns the profile with this name.
func ProfileByName(name string) (p Profile, found bool) {
	for _, p := range Profiles() {
		if p.Name == name {
			return p, true
		}
	}
	return Profile{}, false
}

const (
	only10 VersionSet = 1 << iota
	only11
	only12
	only13
	allVersions VersionSet = 1<<iota - 1
)

// exactly is the profile of a guideline of Mozilla, which is met by what it lists and nothing else.
func exactly(name, title, version string, g guideline) Profile {
	source := mozilla + version
	set := g.set()
	return Profile{Name: name, Title: title, Source: source, Beyond: beyondMozilla, preferred: g, Checks: []Check{
		{Name: "tls-versions", Text: "the TLS versions of the guideline and no other", Evidence: Documented, Source: source + ", tls_versions",
			forbidden: allVersions &^ g.versions, required: g.versions},
		{Name: "cipher-suites", Text: "the suites up to TLS 1.2 of the guideline and no other", Evidence: Documented, Source: source + ", ciphers.openssl",
			part: partSuites, allowed: set, wanted: set},
		{Name: "tls13-cipher-suites", Text: "the suites of TLS 1.3 of the guideline and no other", Evidence: Documented, Source: source + ", ciphersuites",
			part: partTLS13, allowed: set, wanted: set},
	}}
}

// nistProfile is for servers of government-only applications.
func nistProfile() Profile {
	set := guidelineNistSp80052r2.set()
	return Profile{Name: "nist-sp-800-52r2", Title: "NIST SP 800-52 revision 2, government-only applications", Source: nist, Beyond: beyondNIST,
		preferred: guidelineNistSp80052r2, Checks: []Check{
			{Name: "tls-1.0", Text: "TLS 1.0 shall not be used", Evidence: Documented, Source: nist + ", section 3.1", forbidden: only10},
			{Name: "tls-1.1", Text: "TLS 1.1 should not be used", Evidence: Documented, Source: nist + ", section 3.1", forbidden: only11},
			{Name: "tls-1.3", Text: "TLS 1.3 shall be supported since 2024-01-01; TLS 1.2 may then be left out", Evidence: Documented, Source: nist + ", section 3.1",
				required: only13},
			{Name: "cipher-suites", Text: "up to TLS 1.2, only suites of the list shall be used", Evidence: Documented, Source: nist + ", section 3.3.1.1",
				part: partSuites, allowed: set},
			{Name: "tls13-cipher-suites", Text: "for TLS 1.3, only suites of the list shall be used", Evidence: Documented, Source: nist + ", section 3.3.1.2",
				part: partTLS13, allowed: set},
		}}
}

// notStrong are the reasons against a suite that make it no strong cryptography in the sense of PCI DSS.
const notStrong = ReasonNoEncryption | ReasonNoAuthentication | ReasonExport | ReasonShortKey | ReasonRC4 | Reason64BitBlock | ReasonMD5

// pciProfile reads PCI DSS, which names neither versions nor suites, but asks for strong cryptography.
func pciProfile() Profile {
	var strong SuiteSet
	for i := range suites {
		if suites[i].Reasons&notStrong == 0 {
			strong.add(i)
		}
	}
	const (
		strength = pci + ", requirement 4.2.1 and appendix G, strong cryptography: 112 bits at least"
		tdea     = "; SP 800-131A r2 disallows triple DES after 2023"
	)
	suites := func(name, text string, p part) Check {
		return Check{Name: name, Text: text, Evidence: Advice, Source: strength + tdea, part: p, allowed: strong}
	}
	return Profile{Name: "pci-dss-4.0.1", Title: "PCI DSS 4.0.1", Source: pci, Beyond: beyondPCI, preferred: guidelineMozillaIntermediate58, Checks: []Check{
		{Name: "tls-1.0", Text: "early TLS, which TLS 1.0 is, is no security control", Evidence: Documented, Source: pci + ", requirement 4.2.1 and appendix A2",
			forbidden: only10},
		{Name: "tls-1.1", Text: "no insecure version: RFC 8996 deprecates TLS 1.1", Evidence: Advice, Source: pci + ", requirement 4.2.1, which names no version; RFC 8996",
			forbidden: only11},
		suites("cipher-suites", "up to TLS 1.2, suites with encryption, authentication and keys of 112 bits, without RC4, MD5 and triple DES", partSuites),
		suites("tls13-cipher-suites", "for TLS 1.3, suites with strong cryptography, which all are", partTLS13),
	}}
}
