package httpsconfig

//go:generate go run ./internal/genclients

// A Client is a TLS client and what it offers.
type Client struct {
	Name     string // in the table unique, such as Firefox 120
	Imitated bool   // by a library; otherwise its offer was captured
	Source   string // where the offer was found
	Versions []uint16
	Suites   []uint16 // of all versions, in the order in which the client lists them
}

const (
	sourceCapture = "the first TLS record of the client, captured on loopback"
	sourceUTLS    = "refraction-networking/utls u_parrots.go, an imitation and not a capture: "
)

// A clientEntry is a client in the generated table.
type clientEntry struct {
	name  string
	utls  string // what uTLS calls it; empty for a capture
	offer uint8  // index
}

// A guideline is a set of TLS versions with a list of suites: what a client offers, or what somebody recommends.
type guideline struct {
	versions VersionSet
	suites   string // code points of two bytes each
}

// codes returns the code points of the suites.
func (g *guideline) codes() []uint16 {
	list := make([]uint16, 0, len(g.suites)/2)
	for i := 0; i < len(g.suites); i += 2 {
		list = append(list, uint16(g.suites[i])<<8|uint16(g.suites[i+1]))
	}
	return list
}

// set returns the suites as a set.
func (g *guideline) set() (set SuiteSet) {
	for _, id := range g.codes() {
		set.add(suiteIndex(id))
	}
	return set
}

// Clients returns the clients whose offers are known: imitations of browsers first, then captures. Their sources are
// in clients.tsv. Groups are left out: every one of them offers secp256r1. Clients that offer the same share their slices.
func Clients() []Client {
	var offers [len(offerTable)]Client
	for i := range offerTable {
		offers[i].Versions, offers[i].Suites = offerTable[i].versions.codes(), offerTable[i].codes()
	}
	list := make([]Client, len(clientTable))
	for i := range clientTable {
		e, c := &clientTable[i], &list[i]
		*c = offers[e.offer]
		c.Name, c.Imitated, c.Source = e.name, e.utls != "", sourceCapture
		if c.Imitated {
			c.Source = sourceUTLS + e.utls
		}
	}
	return list
}
