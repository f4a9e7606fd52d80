package core

import (
	"slices"

	"github.com/ossconf/ossconf/httpsconfig"
	"github.com/ossconf/ossconf/jsoncodec"
)

// diff says what differs between two documents, and which clients that loses and gains.
func diff(_ *Runner, dst, in []byte) ([]byte, *problem) {
	q, p := readConfigRequest(string(in), forDiff)
	if p != nil {
		return nil, p
	}
	before, p := q.before.read()
	if p != nil {
		return nil, p
	}
	after, p := q.after.read()
	if p != nil {
		return nil, p
	}
	c := httpsconfig.Compare(before, after)
	w := jsoncodec.Writer{Buf: slices.Grow(dst, 48<<10)}
	w.Begin('{')
	w.BoolMember("same", c.Same())
	w.BeginMember("valid", '{')
	for _, d := range [...]*document{&q.before, &q.after} {
		w.BoolMember(d.member, d.valid())
	}
	w.End('}')
	writeKinds(&w, q.certificates)
	writeComparison(&w, &c)
	writeAccepted(&w, before.Policy(), after.Policy(), q.certificates)
	clients := httpsconfig.Clients()
	writeClients(&w, before.Simulate(clients, q.certificates), after.Simulate(clients, q.certificates))
	w.End('}')
	return w.Buf, nil
}

// writeComparison writes what differs in the documents.
func writeComparison(w *jsoncodec.Writer, c *httpsconfig.Comparison) {
	w.BeginMember("document", '{')
	w.BeginMember("switches", '[')
	for i := range c.Switches {
		s := &c.Switches[i]
		w.Begin('{')
		members(w, "path", s.Path, "before", s.Before, "after", s.After)
		w.End('}')
	}
	w.End(']')
	writeLists(w, "lists", c.Lists)
	writeLists(w, "unknown", c.Unknown)
	w.End('}')
}

func writeLists(w *jsoncodec.Writer, name string, lists []httpsconfig.ListChange) {
	w.BeginMember(name, '[')
	for i := range lists {
		w.Begin('{')
		members(w, "path", lists[i].Path)
		w.Strings("added", lists[i].Added)
		w.Strings("removed", lists[i].Removed)
		w.BoolMember("reordered", lists[i].Reordered)
		w.End('}')
	}
	w.End(']')
}

// writeAccepted writes what a bucket accepts more and less.
func writeAccepted(w *jsoncodec.Writer, before, after httpsconfig.Policy, kinds httpsconfig.CertificateKinds) {
	w.BeginMember("accepts", '{')
	change := func(name string, added, removed []string) {
		w.BeginMember(name, '{')
		w.Strings("added", added)
		w.Strings("removed", removed)
		w.End('}')
	}
	change("tls_versions", (after.Versions &^ before.Versions).Names(), (before.Versions &^ after.Versions).Names())
	for _, tls13 := range [...]bool{false, true} {
		a, b := before.UsableSuites(tls13).Certified(kinds), after.UsableSuites(tls13).Certified(kinds)
		added, removed := b.Minus(a), a.Minus(b)
		change(suitesMember(tls13), suiteNames(added.List()), suiteNames(removed.List()))
	}
	w.End('}')
}

// writeClients writes the clients that are lost and gained, those of which it is not known, and those that connect in
// another way.
func writeClients(w *jsoncodec.Writer, before, after []httpsconfig.Simulation) {
	w.BeginMember("clients", '{')
	for _, kind := range [...]httpsconfig.Change{httpsconfig.Lost, httpsconfig.Gained, httpsconfig.Unsure, httpsconfig.Changed} {
		w.BeginMember(kind.String(), '[')
		for i := range before {
			a, b := &before[i], &after[i]
			if a.Change(b) != kind {
				continue
			}
			w.Begin('{')
			members(w, "name", a.Client.Name)
			w.BeginMember("before", '{')
			writeOutcome(w, a)
			w.End('}')
			w.BeginMember("after", '{')
			writeOutcome(w, b)
			w.End('}')
			w.End('}')
		}
		w.End(']')
	}
	w.End('}')
}
