package tlspolicy

import (
	"crypto/rand"
	"crypto/tls"
	"slices"
	"strings"
	"sync"

	"github.com/ossconf/ossconf/httpsconfig"
)

// An Enforcement is what a listener can do about a suite.
type Enforcement string

// The enforcements.
const (
	// Enforced: who offers the suite and no better one is connected with it.
	Enforced Enforcement = "enforced"
	// NotImplemented: crypto/tls does not have the suite. Who offers nothing else that is accepted is not connected,
	// and the outcome is Unknown.
	NotImplemented Enforcement = "not_implemented"
	// NotGoverned: the policy does not accept the suite. Who offers it and no suite that is accepted is refused; but
	// who offers both may be connected with it, since crypto/tls has no setting for the suites of TLS 1.3.
	NotGoverned Enforcement = "not_governed"
)

// A SuiteEnforcement is what a listener can do about one suite.
type SuiteEnforcement struct {
	Suite       string      `json:"suite"` // OpenSSL name, for TLS 1.3 that of RFC 8446
	TLS13       bool        `json:"tls13"` // of TLS 1.3
	Enforcement Enforcement `json:"enforcement"`
}

// Enforceability returns what a listener can do about each suite that p accepts for one of its versions, and about the
// suites of TLS 1.3 that it does not accept, in the order of their names. Suites that p does not accept and that are
// not listed are refused. Versions are always enforced.
func Enforceability(p httpsconfig.Policy) []SuiteEnforcement {
	var list []SuiteEnforcement
	for _, s := range httpsconfig.Suites() {
		e := SuiteEnforcement{Suite: s.OpenSSL, TLS13: s.TLS13()}
		switch accepted := p.Suites.Has(s.ID); {
		case !p.Uses(&s):
			continue
		case accepted && implemented(s.ID):
			e.Enforcement = Enforced
		case accepted:
			e.Enforcement = NotImplemented
		case s.TLS13() && implemented(s.ID):
			e.Enforcement = NotGoverned
		default:
			continue
		}
		list = append(list, e)
	}
	return list
}

// implementedSuites are the suites of crypto/tls.
var implementedSuites = sync.OnceValue(func() map[uint16]bool {
	ids := map[uint16]bool{}
	for _, s := range slices.Concat(tls.CipherSuites(), tls.InsecureCipherSuites()) {
		ids[s.ID] = true
	}
	return ids
})

// implemented reports whether crypto/tls has the suite.
func implemented(id uint16) bool { return implementedSuites()[id] }

// sharesGroup reports whether crypto/tls has one of the groups for a version: the curves of Config.CurvePreferences,
// and the hybrids with ML-KEM for TLS 1.3.
func sharesGroup(groups []tls.CurveID, version uint16) bool {
	return slices.ContainsFunc(groups, func(g tls.CurveID) bool {
		switch g {
		case tls.X25519, tls.CurveP256, tls.CurveP384, tls.CurveP521:
			return true
		case tls.X25519MLKEM768, tls.SecP256r1MLKEM768, tls.SecP384r1MLKEM1024:
			return version == tls.VersionTLS13
		}
		return false
	})
}

// A downgradeMark is a source of randomness that marks the hello of a server as a downgrade: RFC 8446, section 4.1.3,
// has the last bytes of its random for that. crypto/tls would do it only if it could choose the newer version. The
// random is the first thing that a server reads from its source, 32 bytes of it.
type downgradeMark struct {
	mu     sync.Mutex
	marked bool
}

const markTLS11 = "DOWNGRD\x00" // TLS 1.1 or older was negotiated

func (m *downgradeMark) Read(p []byte) (int, error) {
	n, err := rand.Read(p)
	m.mu.Lock()
	defer m.mu.Unlock()
	if !m.marked && len(p) == 32 {
		copy(p[len(p)-len(markTLS11):], markTLS11)
		m.marked = true
	}
	return n, err
}

// serverName returns a name of SNI in the form that it is looked up and shown in.
func serverName(name string) string { return strings.ToLower(strings.TrimSuffix(name, ".")) }
