package httpsconfig

import "slices"

// passing returns c with as little changed as makes it pass.
func (profile *Profile) passing(c *Config) *Config {
	out := *c
	p := c.Policy()
	versions := profile.allowed(p.Versions)
	for i := range profile.Checks {
		versions |= profile.Checks[i].required
	}
	if versions == 0 {
		versions = profile.preferred.versions
	}
	if versions != p.Versions {
		tls := TLS{Enable: True}
		if c.TLS != nil {
			tls.Unknown, tls.TLSVersions = c.TLS.Unknown, keep(c.TLS.TLSVersions, versions.Names())
		}
		tls.TLSVersions = extend(tls.TLSVersions, versions.Names())
		out.TLS = &tls
	}
	p.Versions = versions
	older, olderOK := profile.target(&p, partSuites)
	newer, newerOK := profile.target(&p, partTLS13)
	if olderOK && newerOK {
		return &out
	}
	var s CipherSuite
	if c.CipherSuite != nil {
		s = *c.CipherSuite
	}
	listing := s.Enable == True && s.StrongCipherSuite != True
	if s.Enable = True; !listing {
		s.StrongCipherSuite = False
	}
	if !olderOK || !listing {
		s.CustomCipherSuites = p.relist(s.CustomCipherSuites, older, false)
	}
	if !newerOK || !listing {
		s.TLS13CustomCipherSuites = p.relist(s.TLS13CustomCipherSuites, newer, true)
	}
	out.CipherSuite = &s
	return &out
}

// target returns the names of the suites of a part to accept, none if no version uses any, and whether p accepts just
// these.
func (profile *Profile) target(p *Policy, part part) (names []string, ok bool) {
	accepted := p.UsableSuites(part == partTLS13)
	all := *p
	for i := range suites {
		all.Suites.add(i)
	}
	usable := all.UsableSuites(part == partTLS13)
	target := accepted
	for i := range profile.Checks {
		if check := &profile.Checks[i]; check.part == part {
			wanted := check.wanted.and(&usable)
			for j := range target {
				target[j] |= wanted[j]
			}
			target = target.and(&check.allowed)
		}
	}
	ok = target == accepted
	preferred := profile.preferred.set()
	if !ok && target == (SuiteSet{}) {
		target = preferred.and(&usable)
	}
	for _, id := range profile.preferred.codes() { // in its order, then the rest
		if i := suiteIndex(id); target.has(i) {
			names = append(names, suites[i].OpenSSL)
		}
	}
	for i := range suites {
		if target.has(i) && !preferred.has(i) {
			names = append(names, suites[i].OpenSSL)
		}
	}
	return names, ok
}

// relist returns a list of suites with these names in it. Of what the list had, what no version uses or has no effect
// stays.
func (p *Policy) relist(list, names []string, tls13 bool) []string {
	var kept []string
	for _, name := range list {
		s, found := SuiteByName(name)
		if !found || s.TLS13() != tls13 || !p.Uses(s) || slices.Contains(names, name) {
			kept = append(kept, name)
		}
	}
	return extend(kept, names)
}

// keep returns the values of list that are among names, or are no TLS version.
func keep(list, names []string) (kept []string) {
	for _, value := range list {
		if versionIndex(value) < 0 || slices.Contains(names, value) {
			kept = append(kept, value)
		}
	}
	return kept
}

// extend returns list with those of the names that it does not have.
func extend(list, names []string) []string {
	list = slices.Clone(list)
	for _, name := range names {
		if !slices.Contains(list, name) {
			list = append(list, name)
		}
	}
	return list
}
