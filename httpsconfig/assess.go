package httpsconfig

import "github.com/ossconf/ossconf/source"

// An Assessment is how a configuration stands to a profile.
type Assessment struct {
	Profile     *Profile
	Differences []Difference // none: it passes
	Evidence    Evidence     // what is known of what the bucket accepts: Documented, or Assumed
	Distance    int          // how many edits lead to Passing; 0 if it passes

	// Passing is the configuration with as little changed as makes it pass; nil if it passes.
	Passing *Config
}

// A Difference is what a configuration accepts and a profile does not, or the other way round.
type Difference struct {
	Check   *Check
	TooMuch bool     // accepted, and the profile forbids it; otherwise it is missing
	Names   []string // the versions or suites
	source.Position
	Offset int    // in bytes, from 0
	Path   string // the element that decides, of a value that is listed that value
	Hint   string
	Fix    *source.Fix // of the value that is listed or is to be listed
}

// ValidateProfiles is [Validate] and holds the configuration, as far as it could be read, against profiles too. If it
// could not, there are no assessments.
func ValidateProfiles(doc []byte, profiles []*Profile) (*Report, []Assessment) {
	v := newValidator(doc)
	report := v.run()
	if report.Config == nil {
		return report, nil
	}
	list := make([]Assessment, len(profiles))
	for i := range profiles {
		list[i] = v.assess(profiles[i], report.Config)
	}
	return report, list
}

// assess holds the configuration c against a profile.
func (v *validator) assess(profile *Profile, c *Config) Assessment {
	policy := c.judged()
	a := Assessment{Profile: profile, Evidence: Assumed}
	newer, older := policy.Versions.Has(tls13), policy.Versions&^(1<<(tls13-oldestVersion)) != 0
	if policy.VersionBasis.Evidence == Documented && (!older || policy.SuiteBasis.Evidence == Documented) &&
		(!newer || policy.TLS13Basis.Evidence == Documented) {
		a.Evidence = Documented
	}
	judged := policy
	judged.Versions = profile.allowed(policy.Versions) // what goes with a version that has to go is not said again
	for i := range profile.Checks {
		check, p := &profile.Checks[i], &judged
		if check.part == partVersions {
			p = &policy
		}
		a.Differences = append(a.Differences, v.differences(profile, check, p)...)
	}
	if a.Differences != nil {
		a.Passing = profile.passing(c)
		edits := Compare(c, a.Passing)
		a.Distance = edits.Edits()
	}
	return a
}

// judged returns the policy of c without the suites that nobody listed and no public server can use.
func (c *Config) judged() Policy {
	p := c.Policy()
	able := p.Suites.Certified(0)
	for _, part := range [...]part{partSuites, partTLS13} {
		if p.lists(part) {
			listed := allVersions.suites(part == partTLS13)
			listed = listed.and(&p.Suites)
			able.merge(&listed)
		}
	}
	p.Suites = able
	return p
}

// lists reports whether it is a list that says what p accepts of a part.
func (p *Policy) lists(part part) bool {
	basis := p.basis(part)
	return basis.Element == part.list().name() && basis.Text != bases[basisCustomEmpty].Text && basis.Text != bases[basisCustom13Empty].Text
}

// allowed returns those of the versions that no check forbids.
func (profile *Profile) allowed(versions VersionSet) VersionSet {
	for i := range profile.Checks {
		versions &^= profile.Checks[i].forbidden
	}
	return versions
}

// differences returns what a check finds.
func (v *validator) differences(profile *Profile, check *Check, p *Policy) (list []Difference) {
	tooMuch, missing := check.compare(p)
	f, basis := check.part.list(), p.basis(check.part)
	listed := p.lists(check.part) && v.last(f) != nil
	switch {
	case tooMuch == nil:
	case listed:
		list = v.listedTooMuch(profile, check, p, tooMuch)
	default:
		list = append(list, v.unlisted(check, &basis, true, tooMuch))
	}
	switch {
	case missing == nil:
	case listed:
		last := v.last(f)
		d := v.difference(check, false, *last, missing)
		d.Hint, d.Fix = "add what is missing", v.addBehind(*last, missing)
		list = append(list, d)
	default:
		list = append(list, v.unlisted(check, &basis, false, missing))
	}
	return list
}

// compare returns the names of what is too much and of what is missing in p.
func (check *Check) compare(p *Policy) (tooMuch, missing []string) {
	if check.part == partVersions {
		return (p.Versions & check.forbidden).Names(), (check.required &^ p.Versions).Names()
	}
	used := p.Versions.suites(check.part == partTLS13)
	accepted, wanted := used.and(&p.Suites), check.wanted()
	return accepted.Minus(check.allowed()).names(), used.and(&wanted).Minus(accepted).names()
}

// list returns the element that lists the values of a part.
func (p part) list() field {
	switch p {
	case partSuites:
		return fieldCustom
	case partTLS13:
		return fieldTLS13
	}
	return fieldTLSVersion
}

// basis returns what a part of the policy rests on.
func (p *Policy) basis(part part) Basis {
	switch part {
	case partSuites:
		return p.SuiteBasis
	case partTLS13:
		return p.TLS13Basis
	}
	return p.VersionBasis
}

// difference returns a difference at it.
func (v *validator) difference(check *Check, tooMuch bool, it item, names []string) Difference {
	return Difference{Check: check, TooMuch: tooMuch, Names: names, Position: v.at.At(v.doc, it.start), Offset: it.start, Path: it.path()}
}

// listedTooMuch returns the differences about values that are listed, in the order of the list. To remove one is the
// obvious thing to do, unless nothing with an effect were left: an empty list of suites accepts everything.
func (v *validator) listedTooMuch(profile *Profile, check *Check, p *Policy, names []string) (list []Difference) {
	const done = -1
	count := map[string]int{}
	for _, name := range names {
		count[name] = 0
	}
	each := func(do func(it *item, name string, n int)) {
		for i := range v.items {
			if it := &v.items[i]; it.field == check.part.list() {
				name := trim(it.text)
				if n, is := count[name]; is {
					do(it, name, n)
				}
			}
		}
	}
	each(func(_ *item, name string, n int) { count[name] = n + 1 })
	keeps := profile.keeps(check, p)
	each(func(it *item, name string, n int) {
		if n == done {
			return
		}
		count[name] = done
		d := v.difference(check, true, *it, []string{name})
		d.Hint = "remove it"
		if n == 1 && keeps {
			d.Fix = v.removeElement(*it)
		}
		list = append(list, d)
	})
	return list
}

// keeps reports whether something is left when what a check forbids is removed.
func (profile *Profile) keeps(check *Check, p *Policy) bool {
	if check.part == partVersions {
		return profile.allowed(p.Versions) != 0
	}
	generation := allVersions.suites(check.part == partTLS13)
	kept := check.allowed()
	kept = kept.and(&generation)
	return kept.and(&p.Suites) != SuiteSet{}
}

// unlisted is a difference about what no list says but the element of the basis.
func (v *validator) unlisted(check *Check, basis *Basis, tooMuch bool, names []string) Difference {
	f := check.part.list()
	decides, container := f, fieldCipherSuite
	if check.part == partVersions {
		container = fieldTLS
	}
	for _, other := range [...]field{fieldStrong, container} {
		if other.name() == basis.Element {
			decides = other
		}
	}
	it := v.element(fieldRoot)
	for _, place := range [...]field{container, decides} {
		if there := v.last(place); there != nil {
			it = *there
		}
	}
	d := v.difference(check, tooMuch, it, names)
	d.Path = decides.path()
	d.Hint = "list what is to be accepted in <" + f.name() + ">"
	return d
}

// last returns the last item of a list, or nil.
func (v *validator) last(f field) (last *item) {
	for i := range v.items {
		if v.items[i].field == f {
			last = &v.items[i]
		}
	}
	return last
}
