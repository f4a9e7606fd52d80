package httpsconfig

import "slices"

// A Comparison is what differs between two configurations, as their documents say it. Where an unknown element stands
// is not compared.
type Comparison struct {
	Switches []SwitchChange
	Lists    []ListChange
	Unknown  []ListChange // Path is that of the container, the values are elements in XML
}

// A SwitchChange is a boolean or a container that has changed.
type SwitchChange struct {
	Path          string
	Before, After string // of a boolean true, false or absent; of a container present or absent
	Container     bool
}

// A ListChange is a list that has changed. A value that stands n times more often than before is added n times.
type ListChange struct {
	Path           string
	Added, Removed []string
	Reordered      bool // what stands in both is in another order
}

// Same reports whether nothing differs.
func (c *Comparison) Same() bool { return c.Switches == nil && c.Lists == nil && c.Unknown == nil }

// Edits counts the booleans to change and the values to add or remove to get from one to the other; an order does not
// count.
func (c *Comparison) Edits() int {
	n := 0
	for i := range c.Switches {
		if !c.Switches[i].Container {
			n++
		}
	}
	for i := range c.Lists {
		n += len(c.Lists[i].Added) + len(c.Lists[i].Removed)
	}
	for i := range c.Unknown {
		n += len(c.Unknown[i].Added) + len(c.Unknown[i].Removed)
	}
	return n
}

// Compare returns what differs between two configurations; nil is that of a bucket that was never configured.
func Compare(before, after *Config) Comparison {
	var c Comparison
	c.container(fieldRoot, before != nil, after != nil)
	if before == nil {
		before = &Config{}
	}
	if after == nil {
		after = &Config{}
	}
	c.container(fieldTLS, before.TLS != nil, after.TLS != nil)
	a, b := before.TLS, after.TLS
	if a == nil {
		a = &TLS{}
	}
	if b == nil {
		b = &TLS{}
	}
	c.boolean(fieldTLSEnable, a.Enable, b.Enable)
	addList(&c.Lists, fieldTLSVersion, a.TLSVersions, b.TLSVersions)
	c.suites(before.CipherSuite, after.CipherSuite)
	addList(&c.Unknown, fieldRoot, texts(before.Unknown), texts(after.Unknown))
	addList(&c.Unknown, fieldTLS, texts(a.Unknown), texts(b.Unknown))
	return c
}

func (c *Comparison) suites(a, b *CipherSuite) {
	c.container(fieldCipherSuite, a != nil, b != nil)
	if a == nil {
		a = &CipherSuite{}
	}
	if b == nil {
		b = &CipherSuite{}
	}
	c.boolean(fieldSuiteEnable, a.Enable, b.Enable)
	c.boolean(fieldStrong, a.StrongCipherSuite, b.StrongCipherSuite)
	addList(&c.Lists, fieldCustom, a.CustomCipherSuites, b.CustomCipherSuites)
	addList(&c.Lists, fieldTLS13, a.TLS13CustomCipherSuites, b.TLS13CustomCipherSuites)
	addList(&c.Unknown, fieldCipherSuite, texts(a.Unknown), texts(b.Unknown))
}

func (c *Comparison) container(f field, before, after bool) {
	if before != after {
		state := func(present bool) string {
			if present {
				return "present"
			}
			return Absent.String()
		}
		c.Switches = append(c.Switches, SwitchChange{Path: f.path(), Before: state(before), After: state(after), Container: true})
	}
}

func (c *Comparison) boolean(f field, before, after Bool) {
	if before != after {
		c.Switches = append(c.Switches, SwitchChange{Path: f.path(), Before: before.String(), After: after.String()})
	}
}

// addList appends what differs between two lists, if anything does.
func addList(dst *[]ListChange, f field, before, after []string) {
	if slices.Equal(before, after) {
		return
	}
	removed, kept := without(before, after)
	added, keptAfter := without(after, before)
	*dst = append(*dst, ListChange{Path: f.path(), Added: added, Removed: removed, Reordered: !slices.Equal(kept, keptAfter)})
}

// without splits list into what is left when each value of other has taken one like it away, and what was taken.
func without(list, other []string) (left, taken []string) {
	count := map[string]int{}
	for _, value := range other {
		count[value]++
	}
	for _, value := range list {
		if count[value] > 0 {
			count[value]--
			taken = append(taken, value)
		} else {
			left = append(left, value)
		}
	}
	return left, taken
}

func texts(list []Unknown) []string {
	var xml []string
	for _, u := range list {
		xml = append(xml, u.XML)
	}
	return xml
}

// UsableSuites returns the suites of a generation that p accepts and one of its versions uses.
func (p *Policy) UsableSuites(tls13 bool) (set SuiteSet) {
	for i := range suites {
		if s := &suites[i]; s.TLS13() == tls13 && p.Suites.has(i) && p.Uses(s) {
			set.add(i)
		}
	}
	return set
}

// Minus returns the suites in s that are not in other.
func (s SuiteSet) Minus(other SuiteSet) SuiteSet {
	for i := range s {
		s[i] &^= other[i]
	}
	return s
}
