package httpsconfig

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/ossconf/ossconf/source"
)

// check holds the configuration that was read against the rules about values.
func (v *validator) check() {
	c := &v.out.config
	for _, it := range v.items {
		switch it.field {
		case fieldRoot, fieldTLS, fieldCipherSuite: // hold no value
		case fieldUnknown:
			v.find(ruleUnknownElement, it, "the schema does not know <"+it.name+">; it is kept", "check its spelling", nil)
		default:
			if trim(it.text) != it.text {
				v.find(ruleWhiteSpace, it, "white space around the value of <"+it.field.name()+">", "remove it", v.replaceValue(it, trim(it.text), "Remove the white space"))
			}
		}
	}
	if c.TLS == nil {
		if !v.has(ruleRoot, ruleOnce, ruleContent) {
			v.find(ruleTLSRequired, v.element(fieldRoot), "there is no <TLS>", "write <TLS> with <Enable>", nil)
		}
	} else {
		v.checkTLS(c.TLS)
	}
	if c.CipherSuite != nil {
		v.checkSuites(c.TLS, c.CipherSuite)
	}
}

// has reports whether one of the rules has been broken: what a rule about values misses may have been passed over.
func (v *validator) has(broken ...ruleID) bool {
	for _, id := range broken {
		if v.broken[id] {
			return true
		}
	}
	return false
}

func (v *validator) checkTLS(t *TLS) {
	tls := v.element(fieldTLS)
	switch {
	case t.Enable == Absent && !v.has(ruleBoolean, ruleContent):
		v.find(ruleEnableRequired, tls, "<TLS> has no <Enable>", "write <Enable>true</Enable> or <Enable>false</Enable>", nil)
	case t.Enable == True && len(t.TLSVersions) == 0 && !v.has(ruleContent):
		v.find(ruleVersionRequired, tls, "<Enable> is true and there is no <TLSVersion>", "name the versions to allow, or write <Enable>false</Enable>", nil)
	case t.Enable == False && len(t.TLSVersions) > 0:
		v.find(ruleVersionKept, v.element(fieldTLSVersion), "<Enable> is false: the versions have no effect", "", nil)
	}
	seen := map[string]bool{}
	for _, it := range v.items {
		if it.field != fieldTLSVersion {
			continue
		}
		version := trim(it.text)
		switch {
		case versionIndex(version) < 0:
			v.badVersion(it, version)
		case seen[version]:
			v.find(ruleVersionRepeated, it, version+" stands twice", "remove one", v.removeElement(it))
		case t.Enable == True && (version == TLSv10 || version == TLSv11):
			v.find(ruleVersionOutdated, it, version+" is deprecated", "remove it once no client needs it", nil)
		}
		seen[version] = true
	}
	if t.Enable == True && len(t.TLSVersions) > 0 {
		v.checkRange(seen)
	}
}

// badVersion refuses a TLS version. In another spelling it can be mended.
func (v *validator) badVersion(it item, version string) {
	hint := "write TLSv1.0, TLSv1.1, TLSv1.2 or TLSv1.3"
	var fix *source.Fix
	if meant := versionMeant(version); meant != "" {
		hint = "write " + meant
		fix = v.replaceValue(it, meant, "Write "+meant)
	}
	v.find(ruleVersionValue, it, quote(version)+" is no TLS version", hint, fix)
}

// checkRange looks at the versions as a set.
func (v *validator) checkRange(seen map[string]bool) {
	all := TLSVersions()
	first, last := len(all), -1
	for i, version := range all {
		if seen[version] {
			first, last = min(first, i), i
		}
	}
	it := v.element(fieldTLSVersion)
	for i := first + 1; i < last; i++ {
		if !seen[all[i]] {
			v.find(ruleVersionGap, it, all[i]+" is missing between older and newer versions", "add it, or remove the older ones", nil)
		}
	}
	if last >= 0 && !seen[TLSv12] {
		v.find(ruleVersion12, it, "TLS 1.2 is not allowed; the guide asks for it", "add TLSv1.2 unless every client has TLS 1.3", nil)
	}
}

func (v *validator) checkSuites(tls *TLS, c *CipherSuite) {
	custom, tls13 := len(c.CustomCipherSuites) > 0, len(c.TLS13CustomCipherSuites) > 0
	listed := custom || tls13
	switch {
	case c.Enable != True:
		if listed || c.StrongCipherSuite != Absent {
			v.find(ruleSuitesOff, v.element(fieldCipherSuite), "<Enable> is not true: all suites are allowed, whatever else is written", "write <Enable>true</Enable>, or remove the rest", nil)
		}
	case c.StrongCipherSuite == True:
		if listed {
			it := v.element(fieldCustom)
			if !custom {
				it = v.element(fieldTLS13)
			}
			v.find(ruleStrongAndCustom, it, "<StrongCipherSuite> is true and suites are listed: which of them counts is not known", "remove the list, or write <StrongCipherSuite>false</StrongCipherSuite>", nil)
		}
	case !listed:
		v.find(ruleNoSuites, v.element(fieldCipherSuite), "custom suites are chosen and none is listed", "list suites, or write <StrongCipherSuite>true</StrongCipherSuite>", nil)
	default:
		v.checkLists(tls, custom, tls13)
	}
	v.checkNames(c)
}

// checkLists compares the lists with the TLS versions that they are for.
func (v *validator) checkLists(tls *TLS, custom, tls13 bool) {
	if tls == nil || tls.Enable != True {
		return
	}
	has13 := slices.Contains(tls.TLSVersions, TLSv13)
	older := slices.Contains(tls.TLSVersions, TLSv10) || slices.Contains(tls.TLSVersions, TLSv11) || slices.Contains(tls.TLSVersions, TLSv12)
	if tls13 && !has13 {
		v.find(ruleListWithoutVersion, v.element(fieldTLS13), "there are suites for TLS 1.3, which is not allowed", "add <TLSVersion>TLSv1.3</TLSVersion>, or remove the suites", nil)
	}
	if custom && !older {
		v.find(ruleListWithoutVersion, v.element(fieldCustom), "there are suites for TLS 1.2 and older, none of which is allowed", "add <TLSVersion>TLSv1.2</TLSVersion>, or remove the suites", nil)
	}
	if !tls13 && has13 {
		v.find(ruleVersionWithoutList, v.element(fieldCipherSuite), "TLS 1.3 is allowed and no suite of it is listed", "list some in <TLS13CustomCipherSuite>", nil)
	}
	if !custom && older {
		v.find(ruleVersionWithoutList, v.element(fieldCipherSuite), "TLS 1.2 or older is allowed and no suite of it is listed", "list some in <CustomCipherSuite>", nil)
	}
}

// checkNames looks at every suite.
func (v *validator) checkNames(c *CipherSuite) {
	seen := map[field]map[string]bool{fieldCustom: {}, fieldTLS13: {}}
	for _, it := range v.items {
		if it.field != fieldCustom && it.field != fieldTLS13 {
			continue
		}
		name := trim(it.text)
		suite, found := SuiteByName(name)
		fits := found && suite.TLS13() == (it.field == fieldTLS13)
		switch {
		case !found:
			v.unknownSuite(it, name)
		case it.field == fieldTLS13 && !fits:
			hint, fix := v.move(it, nameCustom, c.CustomCipherSuites)
			v.find(ruleSuiteList, it, name+" is a suite of TLS 1.2, in the list for TLS 1.3", hint, fix)
		case it.field == fieldCustom && !fits:
			hint, fix := v.move(it, nameTLS13, c.TLS13CustomCipherSuites)
			v.find(ruleTLS13InCustom, it, name+" is a suite of TLS 1.3, in the list for TLS 1.2 and older", hint, fix)
		}
		if seen[it.field][name] {
			v.find(ruleSuiteRepeated, it, quote(name)+" is listed twice", "remove one", v.removeElement(it))
		} else if fits {
			v.checkStrength(it, suite)
		}
		seen[it.field][name] = true
	}
}

func (v *validator) checkStrength(it item, s *Suite) {
	rule := ruleSuiteWeak
	switch {
	case s.Level == Insecure:
		rule = ruleSuiteInsecure
	case s.Reasons == 0:
		return
	}
	v.find(rule, it, s.OpenSSL+": "+strings.Join(s.Reasons.Texts(), ", "), "", nil)
}

func (v *validator) unknownSuite(it item, name string) {
	if s, found := SuiteMeant(name); found {
		v.find(ruleSuiteName, it, quote(name)+" is spelled "+s.OpenSSL, "write "+s.OpenSSL, v.replaceValue(it, s.OpenSSL, "Write "+s.OpenSSL))
		return
	}
	v.find(ruleSuiteUnknown, it, quote(name)+" is no cipher suite that OpenSSL has a name for", "check its spelling", nil)
}

// move returns the hint and the fix that moves the suite at it to the list of elements to, or only removes it if that
// list, other, has it already.
func (v *validator) move(it item, to string, other []string) (hint string, fix *source.Fix) {
	name := trim(it.text)
	if !slices.Contains(other, name) {
		return "move it to <" + to + ">", v.renameElement(it, to)
	}
	if fix = v.removeElement(it); fix != nil {
		fix.Description = "Remove " + name + ", which stands in <" + to + "> already"
	}
	return "remove it: <" + to + "> has it already", fix
}

// versionMeant returns the TLS version that text seems to mean, such as 1.2 or TLS 1.2, or nothing.
func versionMeant(text string) string {
	digits := make([]byte, 0, 2)
	for i := range len(text) {
		switch c := text[i]; {
		case c >= '0' && c <= '9' && len(digits) < 2:
			digits = append(digits, c)
		case strings.IndexByte("tTlLsSvV._- ", c) < 0:
			return ""
		}
	}
	for _, version := range TLSVersions() {
		if len(digits) == 2 && version[len("TLSv")] == digits[0] && version[len("TLSv1.")] == digits[1] {
			return version
		}
	}
	return ""
}

// versionIndex returns which of TLSVersions version is, or -1.
func versionIndex(version string) int { return slices.Index(TLSVersions(), version) }

// quote returns text in quotes, cut to a length that fits a message.
func quote(text string) string {
	end := len(text)
	if end > 64 {
		for end = 64; !utf8.RuneStart(text[end]); {
			end--
		}
		return `"` + text[:end] + `…"`
	}
	return `"` + text + `"`
}
