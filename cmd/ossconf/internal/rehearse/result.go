package rehearse

import (
	"slices"
	"strings"

	"github.com/ossconf/ossconf/harness/tlspolicy"
	"github.com/ossconf/ossconf/httpsconfig"
)

// Unable is the outcome of a client that cannot make the offer, beside those of package tlspolicy.
const Unable = "unable"

// How the outcome of an offer changes with the configuration.
const (
	Lost   = "lost"   // connects under what the configuration is compared with, and is refused by it
	Gained = "gained" // the other way round
)

// A Result is the outcome of a rehearsal.
type Result struct {
	Config       Side      `json:"config"`
	Against      Side      `json:"against"`
	Certificates []string  `json:"certificates"` // that the server has: RSA, ECDSA
	Clients      []Client  `json:"clients,omitempty"`
	Command      *Command  `json:"command,omitempty"`
	Rows         []Row     `json:"rows,omitempty"`
	Handshakes   []Group   `json:"handshakes,omitempty"`      // of a Stage
	More         int       `json:"more_handshakes,omitempty"` // that are not listed for their number
	Summary      Summary   `json:"summary"`
	NotEnforced  []Missing `json:"not_enforced"` // what the handshakes of this rehearsal cannot show
}

// A Side is one of the two configurations.
type Side struct {
	Name     string   `json:"name"`
	Versions []string `json:"versions"` // that it accepts
	Basis    []Basis  `json:"basis"`    // what it accepts, and how sure that is

	config *httpsconfig.Config
	policy httpsconfig.Policy
}

// A Basis is what a part of a policy rests on.
type Basis struct {
	Element  string `json:"element"`
	Evidence string `json:"evidence"`
	Text     string `json:"text"`
	Source   string `json:"source"`
}

// A Client is a client that takes part.
type Client struct {
	Name    string `json:"name"`
	Version string `json:"version"`
}

// A Row is an offer and what becomes of it.
type Row struct {
	Client string `json:"client"`
	Kind   Kind   `json:"kind"`
	Offer  string `json:"offer,omitempty"` // the version or the suite
	Attempt
	Against Attempt `json:"against"`
	Change  string  `json:"change,omitempty"` // Lost or Gained
}

// An Attempt is what became of an offer.
type Attempt struct {
	Outcome     string   `json:"outcome"` // connected, refused, unknown, failed or unable
	Version     string   `json:"version,omitempty"`
	Suite       string   `json:"suite,omitempty"`
	Certificate string   `json:"certificate,omitempty"`
	Rule        string   `json:"rule,omitempty"`
	Reason      string   `json:"reason,omitempty"`
	Notes       []string `json:"notes,omitempty"`
	ClientError string   `json:"client_error,omitempty"` // what the client says
}

// A Summary counts outcomes.
type Summary struct {
	Clients Counts `json:"clients"` // of clients with what they offer by themselves, or of the handshakes of a Stage
	Offers  Counts `json:"offers"`  // of single versions and suites
}

// A Counts is how many offers had which outcome.
type Counts struct {
	Total     int `json:"total"`
	Connected int `json:"connected"`
	Refused   int `json:"refused"`
	Unknown   int `json:"unknown"`
	Failed    int `json:"failed"`
	Unable    int `json:"unable"`
	Lost      int `json:"lost"`
	Gained    int `json:"gained"`
}

// A Missing is a suite about which handshakes with crypto/tls do not tell all.
type Missing struct {
	tlspolicy.SuiteEnforcement
	Listed bool `json:"listed"` // the configuration names it
}

func newResult(o Options) (*Result, error) {
	r := &Result{NotEnforced: []Missing{}}
	for _, s := range []struct {
		side          *Side
		configuration Configuration
	}{{&r.Config, o.Config}, {&r.Against, o.Against}} {
		var err error
		s.side.Name = s.configuration.Name
		if s.side.policy, s.side.config, err = s.configuration.policy(); err != nil {
			return nil, err
		}
		s.side.Versions = append([]string{}, s.side.policy.Versions.Names()...)
		for _, b := range []httpsconfig.Basis{s.side.policy.VersionBasis, s.side.policy.SuiteBasis, s.side.policy.TLS13Basis} {
			basis := Basis{b.Element, b.Evidence.String(), b.Text, b.Source}
			if !slices.Contains(s.side.Basis, basis) { // the suites of all versions may rest on the same
				s.side.Basis = append(s.side.Basis, basis)
			}
		}
	}
	r.Certificates = kindNames(o.Certificates)
	for _, e := range tlspolicy.Enforceability(r.Config.policy) {
		s, _ := httpsconfig.SuiteByName(e.Suite)
		if e.Enforcement != tlspolicy.Enforced && s.Certificates() != 0 { // without one nobody connects, at OSS neither
			r.NotEnforced = append(r.NotEnforced, Missing{e, r.Config.lists(e.Suite)})
		}
	}
	return r, nil
}

// lists reports whether the configuration names the suite.
func (s *Side) lists(name string) bool {
	if s.config == nil || s.config.CipherSuite == nil || s.config.CipherSuite.Enable != httpsconfig.True {
		return false
	}
	return slices.Contains(s.config.CipherSuite.CustomCipherSuites, name) || slices.Contains(s.config.CipherSuite.TLS13CustomCipherSuites, name)
}

func kindNames(kinds httpsconfig.CertificateKinds) []string {
	switch kinds {
	case httpsconfig.CertificateRSA:
		return []string{"RSA"}
	case httpsconfig.CertificateECDSA:
		return []string{"ECDSA"}
	}
	return []string{"RSA", "ECDSA"}
}

func newAttempt(h tlspolicy.Handshake) Attempt {
	return Attempt{
		Outcome: string(h.Outcome), Version: h.Version, Suite: h.Suite, Certificate: h.Certificate,
		Rule: h.Rule, Reason: h.Reason, Notes: h.Notes,
	}
}

func newRow(t trial, now, before Attempt) Row {
	return Row{Client: t.client.Name, Kind: t.kind, Offer: t.name, Attempt: now, Against: before, Change: change(before.Outcome, now.Outcome)}
}

// change says what the configuration changes about an outcome. Where one of the two is not known, so is the change.
func change(before, now string) string {
	const connected, refused = string(tlspolicy.Connected), string(tlspolicy.Refused)
	switch {
	case before == connected && now == refused:
		return Lost
	case before == refused && now == connected:
		return Gained
	}
	return ""
}

// summarize counts.
func (r *Result) summarize() {
	for _, row := range r.Rows {
		if row.Kind == KindDefault {
			r.Summary.Clients.add(row.Outcome, row.Change, 1)
		} else {
			r.Summary.Offers.add(row.Outcome, row.Change, 1)
		}
	}
	for _, g := range r.Handshakes {
		r.Summary.Clients.add(string(g.Outcome), g.Change, g.Count)
	}
}

func (c *Counts) add(outcome, change string, n int) {
	c.Total += n
	switch outcome {
	case string(tlspolicy.Connected):
		c.Connected += n
	case string(tlspolicy.Refused):
		c.Refused += n
	case string(tlspolicy.Unknown):
		c.Unknown += n
	case Unable:
		c.Unable += n
	default:
		c.Failed += n
	}
	switch change {
	case Lost:
		c.Lost += n
	case Gained:
		c.Gained += n
	}
}

// Connected reports whether a client connects with what it offers by itself, and whether it took part.
func (r *Result) Connected(client string) (connected, tookPart bool) {
	for _, row := range r.Rows {
		if row.Kind == KindDefault && row.Client == client {
			return row.Outcome == string(tlspolicy.Connected), true
		}
	}
	return false, false
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(s), "\n")
	return line
}
