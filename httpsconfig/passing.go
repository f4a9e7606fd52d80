package httpsconfig

import "slices"

// passing returns c with as little changed as makes it pass.
func (profile *Profile) passing(c *Config) *Config {
	out := *c
	p := c.judged()
	versions := profile.allowed(p.Versions)
	for i := range profile.Checks {
		versions |= profile.Checks[i].required
	}
	if versions == 0 {
		versions = profile.preferred.versions
	}
	if versions != p.Versions {
		var tls TLS
		if c.TLS != nil {
			tls = *c.TLS
		}
		tls.Enable = True
		tls.TLSVersions = relist(tls.TLSVersions, versions.Names(), func(name string) bool { return versionIndex(name) >= 0 })
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
	// What no version uses or has no effect stays.
	tls13 := false
	used := func(name string) bool {
		s, _ := suiteByName(name)
		return s != nil && s.TLS13() == tls13 && p.Uses(s)
	}
	if !olderOK || !listing {
		s.CustomCipherSuites = relist(s.CustomCipherSuites, older, used)
	}
	if tls13 = true; !newerOK || !listing {
		s.TLS13CustomCipherSuites = relist(s.TLS13CustomCipherSuites, newer, used)
	}
	out.CipherSuite = &s
	return &out
}

// target returns the names of the suites of a part to accept, none if no version uses any, and whether p accepts just
// these. Where nothing is listed, what to accept is what the profile prefers: to list all the others would take more edits.
func (profile *Profile) target(p *Policy, part part) (names []string, ok bool) {
	usable := p.Versions.suites(part == partTLS13)
	preferred := profile.preferred.set()
	preferred = preferred.and(&usable)
	accepted := usable.and(&p.Suites)
	target := accepted
	for i := range profile.Checks {
		if check := &profile.Checks[i]; check.part == part {
			wanted, allowed := check.wanted(), check.allowed()
			wanted = wanted.and(&usable)
			target.merge(&wanted)
			target = target.and(&allowed)
		}
	}
	if ok = target == accepted; !p.lists(part) || !ok && target == (SuiteSet{}) {
		target = preferred
	}
	for _, id := range profile.preferred.codes() { // in its order, then the rest
		if i := suiteIndex(id); target.has(i) {
			names = append(names, suites[i].OpenSSL)
		}
	}
	return append(names, target.Minus(preferred).names()...), ok
}

// relist returns list with the names in it that it does not have, and without those that drop says.
func relist(list, names []string, drop func(name string) bool) []string {
	var kept []string
	for _, name := range list {
		if slices.Contains(names, name) || !drop(name) {
			kept = append(kept, name)
		}
	}
	for _, name := range names {
		if !slices.Contains(kept, name) {
			kept = append(kept, name)
		}
	}
	return kept
}
