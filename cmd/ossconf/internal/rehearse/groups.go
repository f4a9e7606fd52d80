package rehearse

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"github.com/ossconf/ossconf/harness/tlspolicy"
	"github.com/ossconf/ossconf/httpsconfig"
)

// A Group is handshakes that are all alike: the first of them, and how many they are.
type Group struct {
	tlspolicy.Handshake
	Count   int     `json:"count"`
	Against Attempt `json:"against"` // what the same offer meets at what the configuration is compared with, without a handshake
	Change  string  `json:"change,omitempty"`
}

// maxGroups bounds what is kept of clients that are different each time.
const maxGroups = 1000

// groups collects handshakes.
type groups struct {
	list []Group
	at   map[string]int // in list, by what handshakes that are alike share
	more int            // handshakes beyond maxGroups
}

func newGroups() *groups { return &groups{at: map[string]int{}} }

func (g *groups) add(h tlspolicy.Handshake) {
	alike := h
	alike.Time, alike.Remote = time.Time{}, ""
	alike.OfferedSuites, alike.OfferedVersions = withoutGREASE(h.OfferedSuites), withoutGREASE(h.OfferedVersions)
	alike.OfferedGroups = withoutGREASE(h.OfferedGroups)
	key, err := json.Marshal(alike)
	if err != nil { // of strings only a programming error
		panic(err)
	}
	i, known := g.at[string(key)]
	switch {
	case known:
		g.list[i].Count++
	case len(g.list) == maxGroups:
		g.more++
	default:
		g.at[string(key)] = len(g.list)
		g.list = append(g.list, Group{Handshake: h, Count: 1})
	}
}

// withoutGREASE leaves out the values of RFC 8701, which differ from one handshake to the next.
func withoutGREASE(names []string) []string {
	var list []string
	for _, name := range names {
		if code, unnamed := codePoint(name); !unnamed || code&0x0F0F != 0x0A0A || code>>8 != code&0xFF {
			list = append(list, name)
		}
	}
	return list
}

// codePoint reads the name of what has none, 0x2A2A.
func codePoint(name string) (uint16, bool) {
	digits, unnamed := strings.CutPrefix(name, "0x")
	code, err := strconv.ParseUint(digits, 16, 16)
	return uint16(code), unnamed && err == nil
}

// compare says what the offer of the handshakes meets at another policy.
func (g *Group) compare(p *httpsconfig.Policy, kinds httpsconfig.CertificateKinds) {
	if len(g.OfferedVersions) == 0 { // no hello was read
		g.Against = Attempt{Outcome: string(tlspolicy.Failed), Reason: g.Reason}
		return
	}
	o := httpsconfig.Offer{Certificates: kinds}
	for version := uint16(0x0300); version < 0x0310; version++ {
		for _, name := range g.OfferedVersions {
			if httpsconfig.VersionName(version) == name {
				o.Versions = append(o.Versions, version)
			}
		}
	}
	for _, name := range g.OfferedSuites {
		if s, found := httpsconfig.SuiteByName(name); found {
			o.Suites = append(o.Suites, s.ID)
		}
	}
	v := p.Decide(o)
	g.Against = Attempt{Outcome: string(tlspolicy.Connected), Version: httpsconfig.VersionName(v.Version)}
	if !v.Connects {
		g.Against.Outcome, g.Against.Rule, g.Against.Reason = string(tlspolicy.Refused), v.By, v.Reason
	}
	if g.Rule != tlspolicy.RuleServerName { // which no configuration decides
		g.Change = change(g.Against.Outcome, string(g.Outcome))
	}
}
