package httpsconfig

// An Outcome is what becomes of a client.
type Outcome uint8

// The outcomes. Undecided is that of a client for which the documents of OSS, or what a client offers, leave it open.
const (
	Undecided Outcome = iota
	Connects
	Fails
)

var outcomeNames = [...]string{"unknown", "connects", "fails"}

// String returns unknown, connects or fails.
func (o Outcome) String() string { return nameOf(outcomeNames[:], int(o)) }

// A Simulation is what becomes of one client.
type Simulation struct {
	Client  *Client
	Outcome Outcome
	Version uint16 // what is negotiated, even if the client then fails; 0 if no version is common

	// Suites are those that are acceptable, in the order of the client. The server picks one: the first, if
	// SuitePreference holds.
	Suites       []*Suite
	Certificates CertificateKinds // of those that the server has, the ones that a suite in Suites uses

	By       string   // unless it connects, what refuses or leaves it open: an element, or ByCertificate
	Reason   string   // the same in a sentence
	Evidence Evidence // what the outcome rests on: Documented, or Assumed
}

// A Change is what becomes of a client between two configurations.
type Change uint8

// The changes. Unsure is that to or from an outcome that is Undecided, Changed is that of a client that connects before and
// after, with another version or suite.
const (
	Unchanged Change = iota
	Lost
	Gained
	Unsure
	Changed
)

var changeNames = [...]string{"unchanged", "lost", "gained", "unknown", "changed"}

// String returns unchanged, lost, gained, unknown or changed.
func (c Change) String() string { return nameOf(changeNames[:], int(c)) }

// Change returns what becomes of the client of s in after, which is a simulation of the same client.
func (s *Simulation) Change(after *Simulation) Change {
	switch {
	case s.Outcome == after.Outcome:
		if s.Outcome == Connects && (s.Version != after.Version || s.Suites[0] != after.Suites[0]) {
			return Changed
		}
		return Unchanged
	case s.Outcome == Undecided || after.Outcome == Undecided:
		return Unsure
	case after.Outcome == Connects:
		return Gained
	}
	return Lost
}

// SuitePreference returns which of several acceptable suites is taken to be picked.
func SuitePreference() Basis {
	return Basis{Evidence: Assumed, Text: "the first suite in the order of the client that is acceptable",
		Source: "OpenSSL, unless it is told to prefer the order of the server; which order OSS follows is not known"}
}

// Simulate says what becomes of clients at a bucket with the configuration c, nil for one that was never configured,
// and certificates of these kinds. [Policy.Decide] decides; where it rests on one of several ways to understand the
// configuration, and another one leads to another outcome, the client is Undecided. So it is where the offer does not
// tell:
//
//   - TLS 1.0 or 1.1 is negotiated with a client that has TLS 1.3: the handshake is signed with SHA-1, which newer
//     libraries refuse although they offer the version.
//   - The server marks its hello as a downgrade, and the client has no TLS 1.3: it need not look at the mark.
//   - There is a gap between the versions and no suite for the newest one below it: OpenSSL then refuses everybody.
func (c *Config) Simulate(clients []Client, kinds CertificateKinds) []Simulation {
	s := simulator{policy: c.Policy(), readings: c.readings(), kinds: kinds}
	s.brokenGap = s.policy.brokenGap()
	list := make([]Simulation, len(clients))
	for i := range clients {
		list[i] = s.again(&clients[i], list[:i])
	}
	return list
}

// A simulator holds what is the same for all clients.
type simulator struct {
	policy    Policy
	readings  []reading
	kinds     CertificateKinds
	brokenGap bool
}

// again simulates a client, unless one of those before it offers the very same.
func (s *simulator) again(c *Client, before []Simulation) Simulation {
	for i := range before {
		if b := before[i].Client; sameSlice(b.Suites, c.Suites) && sameSlice(b.Versions, c.Versions) {
			r := before[i]
			r.Client = c
			return r
		}
	}
	return s.simulate(c)
}

// sameSlice reports whether a and b are one slice, not only alike.
func sameSlice(a, b []uint16) bool { return len(a) > 0 && len(a) == len(b) && &a[0] == &b[0] }

func (s *simulator) simulate(c *Client) Simulation {
	offer := Offer{Versions: c.Versions, Suites: c.Suites, Certificates: s.kinds}
	v := s.policy.Decide(offer)
	r := Simulation{Client: c, Outcome: Fails, Version: v.Version, By: v.By, Reason: v.Reason, Evidence: s.policy.evidence(v.Version)}
	for _, id := range c.Suites {
		if i := suiteIndex(id); i >= 0 && v.Suites.has(i) {
			r.Suites = append(r.Suites, &suites[i])
			r.Certificates |= suites[i].Certificates()
		}
	}
	if s.kinds != 0 {
		r.Certificates &= s.kinds
	}
	modern := offeredVersions(c.Versions).Has(tls13)
	if v.Connects {
		r.Outcome = Connects
	}
	for i := range s.readings {
		a := &s.readings[i]
		if a.policy.Decide(offer).Connects != v.Connects {
			element, question := a.element, a.question
			if v.Version == tls13 && a.question13 != "" {
				element, question = a.element13, a.question13
			}
			r.doubt(element, question+" is not known: one way the client connects, the other way it fails")
			return r
		}
	}
	switch {
	case v.Downgrade && !modern:
		r.doubt(v.By, v.Reason+"; a client without TLS 1.3 need not look")
	case v.Connects && v.Version < tls12 && modern:
		r.doubt(s.policy.VersionBasis.Element, "the client offers "+VersionName(v.Version)+", the handshake of which is signed with SHA-1; "+
			"newer libraries refuse that although they offer the version, as OpenSSL 3 does")
	case v.Connects && s.brokenGap:
		r.doubt(s.policy.VersionBasis.Element, "no suite is accepted for the newest version below the gap between the versions; "+
			"OpenSSL then refuses everybody, what OSS does is not known")
	}
	return r
}

// doubt makes the outcome Undecided.
func (r *Simulation) doubt(by, reason string) {
	r.Outcome, r.By, r.Reason, r.Evidence = Undecided, by, reason, Assumed
}

// evidence returns what an outcome rests on if this version is negotiated, 0 for none.
func (p *Policy) evidence(version uint16) Evidence {
	basis := &p.SuiteBasis
	switch version {
	case 0:
		basis = &p.VersionBasis
	case tls13:
		basis = &p.TLS13Basis
	}
	if p.VersionBasis.Evidence == Documented && basis.Evidence == Documented {
		return Documented
	}
	return Assumed
}

// brokenGap reports whether the versions have a gap, and the newest one below it has no suite.
func (p *Policy) brokenGap() bool {
	below := uint16(0)
	for version := uint16(oldestVersion); version <= tls13; version++ {
		switch {
		case p.Versions.Has(version) && below == version-1, p.Versions.Has(version) && below == 0:
			below = version
		case p.Versions.Has(version): // behind a gap
			for i := range suites {
				if p.Suites.has(i) && suites[i].In(below) {
					return false
				}
			}
			return true
		}
	}
	return false
}

// A reading is another way to understand a configuration than Policy's, where the documents leave it open.
type reading struct {
	policy   Policy
	element  string
	question string // what is not known

	element13, question13 string // the same for TLS 1.3, if it differs
}

// readings returns the other ways to understand c.
func (c *Config) readings() []reading {
	if c == nil || c.CipherSuite == nil || c.CipherSuite.Enable != True {
		return nil
	}
	s := c.CipherSuite
	base := c.Policy()
	if s.StrongCipherSuite == True {
		narrow := base
		narrow.Suites = SuiteSet{}
		narrow.accept(false, Recommended)
		narrow.accept(true, Recommended)
		list := []reading{{policy: narrow, element: nameStrong, question: "which suites are strong"}}
		if len(s.CustomCipherSuites)+len(s.TLS13CustomCipherSuites) > 0 {
			suites := *s
			suites.StrongCipherSuite = False
			lists := (&Config{TLS: c.TLS, CipherSuite: &suites}).Policy()
			list = append(list, reading{policy: lists, element: nameStrong, question: "whether " + nameStrong + " or the lists count"})
		}
		return list
	}
	other := base
	other.Suites = SuiteSet{}
	r := reading{element: nameCustom, element13: nameTLS13}
	r.question = other.reread(false, s.CustomCipherSuites, &base)
	r.question13 = other.reread(true, s.TLS13CustomCipherSuites, &base)
	if r.question+r.question13 == "" {
		return nil
	}
	r.policy = other
	return []reading{r}
}

// reread takes what a list accepts if it is understood in the other way than in base, and returns what the question is. A
// list that can be understood in one way only has none.
func (p *Policy) reread(tls13 bool, names []string, base *Policy) (question string) {
	var own SuiteSet
	for i := range suites {
		if suites[i].TLS13() == tls13 && base.Suites.has(i) {
			own.add(i)
		}
	}
	element := nameCustom
	if tls13 {
		element = nameTLS13
	}
	switch {
	case len(names) == 0:
		return "what an empty " + element + " accepts, all suites or none,"
	case own == SuiteSet{}:
		p.accept(tls13, Weak)
		return "what a " + element + " without a suite of its TLS version accepts, none or all,"
	}
	p.Suites.merge(&own)
	return ""
}
