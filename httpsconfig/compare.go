package httpsconfig

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
	var a, b parts
	a.take(before)
	b.take(after)
	for i, f := range [...]field{fieldRoot, fieldTLS, fieldCipherSuite} {
		if a.containers[i] != b.containers[i] {
			change := SwitchChange{Path: f.path(), Before: "present", After: "absent", Container: true}
			if b.containers[i] {
				change.Before, change.After = change.After, change.Before
			}
			c.Switches = append(c.Switches, change)
		}
		addChange(&c.Unknown, f, a.unknown[i], b.unknown[i])
	}
	for i, f := range [...]field{fieldTLSEnable, fieldSuiteEnable, fieldStrong} {
		if a.switches[i] != b.switches[i] {
			c.Switches = append(c.Switches, SwitchChange{Path: f.path(), Before: a.switches[i].String(), After: b.switches[i].String()})
		}
	}
	for i, f := range [...]field{fieldTLSVersion, fieldCustom, fieldTLS13} {
		addChange(&c.Lists, f, a.lists[i], b.lists[i])
	}
	return c
}

// parts are the parts of a configuration by their kind.
type parts struct {
	containers [3]bool     // root, TLS, CipherSuite
	unknown    [3][]string // in these
	switches   [3]Bool     // Enable of TLS, Enable of CipherSuite, StrongCipherSuite
	lists      [3][]string // TLSVersion, CustomCipherSuite, TLS13CustomCipherSuite
}

func (p *parts) take(c *Config) {
	if c == nil {
		return
	}
	p.container(0, c.Unknown)
	if t := c.TLS; t != nil {
		p.container(1, t.Unknown)
		p.switches[0], p.lists[0] = t.Enable, t.TLSVersions
	}
	if s := c.CipherSuite; s != nil {
		p.container(2, s.Unknown)
		p.switches[1], p.switches[2] = s.Enable, s.StrongCipherSuite
		p.lists[1], p.lists[2] = s.CustomCipherSuites, s.TLS13CustomCipherSuites
	}
}

func (p *parts) container(i int, unknown []Unknown) {
	p.containers[i] = true
	for _, u := range unknown {
		p.unknown[i] = append(p.unknown[i], u.XML)
	}
}

// addChange appends what differs between two lists, if anything does.
func addChange(dst *[]ListChange, f field, before, after []string) {
	removed, kept := without(before, after)
	added, keptAfter := without(after, before)
	change := ListChange{Path: f.path(), Added: added, Removed: removed}
	for i := range kept { // as many as in keptAfter
		change.Reordered = change.Reordered || kept[i] != keptAfter[i]
	}
	if added != nil || removed != nil || change.Reordered {
		*dst = append(*dst, change)
	}
}

// without splits list into what is left when each value of other has taken one like it away, and what was taken.
//
//go:noinline
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
