package httpsconfig

import "github.com/ossconf/ossconf/internal/ascii"

//go:generate go run ./internal/gensuites

// A Suite is a TLS cipher suite that has an OpenSSL name.
type Suite struct {
	ID             uint16 // code point, as the IANA registry has it
	MinVersion     uint8  // 10 for TLS 1.0, 12 for TLS 1.2, 13 for TLS 1.3
	Level          Level
	KeyExchange    KeyExchange
	Authentication Authentication
	Seen           List   // the lists in which a vendor test saw the service accept it
	Reasons        Reason // what there is against it
	Name           string // the IANA name, TLS_…
	OpenSSL        string // the OpenSSL name; for TLS 1.3 the same
}

// TLS13 reports whether s is a suite of TLS 1.3. Those are no suites of older versions, and the other way round.
func (s *Suite) TLS13() bool { return s.MinVersion == 13 }

// MinTLSVersion returns the oldest TLS version that has s, as OSS names it.
func (s *Suite) MinTLSVersion() string { return "TLSv1." + string(rune('0'+s.MinVersion%10)) }

// A Level says how good a suite is, by rule from the reasons against it: insecure without encryption or authentication,
// with a short or exportable key, RC4 or MD5; weak without forward secrecy, with CBC, SHA-1 or a block cipher of 64 bits;
// secure with any other reason; recommended with none.
type Level uint8

// The levels, the worst first.
const (
	Insecure Level = iota
	Weak
	Secure
	Recommended
)

var levelNames = [...]string{"insecure", "weak", "secure", "recommended"}

func (l Level) String() string { return nameOf(levelNames[:], int(l)) }

// A KeyExchange is how client and server agree on a key.
type KeyExchange uint8

// The key exchanges. KeyExchangeAny is that of TLS 1.3, where the suite does not say.
const (
	KeyExchangeAny KeyExchange = iota
	KeyExchangeECDHE
	KeyExchangeDHE
	KeyExchangeRSA
	KeyExchangeECDH
	KeyExchangeDH
	KeyExchangePSK
	KeyExchangeSRP
	KeyExchangeKRB5
)

var keyExchangeNames = [...]string{"any", "ECDHE", "DHE", "RSA", "ECDH", "DH", "PSK", "SRP", "KRB5"}

func (k KeyExchange) String() string { return nameOf(keyExchangeNames[:], int(k)) }

// An Authentication is what the server proves itself with.
type Authentication uint8

// The authentications. AuthenticationAny is that of TLS 1.3, where the suite does not say.
const (
	AuthenticationAny Authentication = iota
	AuthenticationRSA
	AuthenticationECDSA
	AuthenticationDSS
	AuthenticationPSK
	AuthenticationSRP
	AuthenticationKRB5
	AuthenticationNone
)

var authenticationNames = [...]string{"any", "RSA", "ECDSA", "DSS", "PSK", "SRP", "KRB5", "anon"}

func (a Authentication) String() string { return nameOf(authenticationNames[:], int(a)) }

// A List is a set of the suite lists of a configuration.
type List uint8

// The lists.
const (
	ListCustom List = 1 << iota // CustomCipherSuite
	ListTLS13                   // TLS13CustomCipherSuite
)

// Names returns the names of the elements that the lists in l consist of.
func (l List) Names() []string {
	var names []string
	if l&ListCustom != 0 {
		names = append(names, nameCustom)
	}
	if l&ListTLS13 != 0 {
		names = append(names, nameTLS13)
	}
	return names
}

// A Reason is a set of things there are against a suite.
type Reason uint16

// The reasons.
const (
	ReasonNoEncryption Reason = 1 << iota
	ReasonNoAuthentication
	ReasonExport
	ReasonShortKey
	ReasonRC4
	Reason64BitBlock
	ReasonMD5
	ReasonNoCertificate
	ReasonNoForwardSecrecy
	ReasonCBC
	ReasonSHA1
	ReasonFiniteFieldDHE
	ReasonTruncatedTag
	ReasonRare
	ReasonNational
)

var reasonTexts = [...]string{
	"no encryption",
	"no authentication",
	"a key of export grade",
	"a key of 40 or 56 bits",
	"RC4, which RFC 7465 prohibits",
	"a block cipher of 64 bits (Sweet32)",
	"an MD5 MAC",
	"needs a shared key, SRP or Kerberos rather than a certificate",
	"no forward secrecy",
	"CBC mode with the MAC inside (Lucky 13)",
	"a SHA-1 MAC",
	"finite-field Diffie-Hellman, which few clients still offer",
	"an authentication tag cut to 64 bits",
	"rarely supported",
	"a national algorithm that few clients have",
}

// Texts returns the reasons in words, the most serious first.
func (r Reason) Texts() []string {
	var list []string
	for i, text := range reasonTexts {
		if r&(1<<i) != 0 {
			list = append(list, text)
		}
	}
	return list
}

// Suites returns all suites in the order of their OpenSSL names.
func Suites() []Suite { return append([]Suite(nil), suites[:]...) }

// SuiteByName returns the suite with this OpenSSL name, in this spelling.
func SuiteByName(openSSL string) (s *Suite, found bool) {
	s, _ = suiteByName(openSSL)
	return s, s != nil
}

// suiteByName returns the suite with this OpenSSL name and its index, or nil.
func suiteByName(openSSL string) (s *Suite, i int) {
	low, high := 0, len(suites)
	for low < high {
		mid := int(uint(low+high) >> 1)
		if suites[mid].OpenSSL < openSSL {
			low = mid + 1
		} else {
			high = mid
		}
	}
	if low < len(suites) && suites[low].OpenSSL == openSSL {
		return &suites[low], low
	}
	return nil, 0
}

// SuiteByID returns the suite with this code point.
func SuiteByID(id uint16) (s *Suite, found bool) {
	if i := suiteIndex(id); i >= 0 {
		return &suites[i], true
	}
	return nil, false
}

// suiteIndex returns the index of the suite with this code point, or -1.
//
//go:noinline
func suiteIndex(id uint16) int {
	low, high := 0, len(suitesByID)
	for low < high {
		mid := int(uint(low+high) >> 1)
		if suites[suitesByID[mid]].ID < id {
			low = mid + 1
		} else {
			high = mid
		}
	}
	if low < len(suitesByID) && suites[suitesByID[low]].ID == id {
		return int(suitesByID[low])
	}
	return -1
}

// SuiteMeant returns the suite that name seems to mean: its IANA name, or either name in another case or with
// underscores and hyphens mixed up.
func SuiteMeant(name string) (s *Suite, found bool) {
	for i := range suites {
		s := &suites[i]
		if len(s.OpenSSL) == len(name) && alike(s.OpenSSL, name) || len(s.Name) == len(name) && alike(s.Name, name) {
			return s, true
		}
	}
	return nil, false
}

// alike reports whether two suite names of one length differ in nothing but case, underscores and hyphens.
func alike(a, b string) bool {
	hyphen := func(c byte) bool { return c == '-' || c == '_' }
	for i := range len(a) {
		if !ascii.EqualFold(a[i:i+1], b[i:i+1]) && !(hyphen(a[i]) && hyphen(b[i])) {
			return false
		}
	}
	return true
}
