package rehearse

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/ossconf/ossconf/cmd/ossconf/internal/text"
	"github.com/ossconf/ossconf/harness/tlspolicy"
	"github.com/ossconf/ossconf/httpsconfig"
)

// width is how many columns the text takes.
const width = 80

// WriteText writes the result as tables, at most 80 columns wide unless a name alone is wider.
func (r *Result) WriteText(w io.Writer) error {
	var b strings.Builder
	r.writeHead(&b)
	r.writeRows(&b, "what each client offers by itself", KindDefault)
	r.writeRows(&b, "crypto/tls with one version", KindVersion)
	r.writeRows(&b, "one suite alone, of those that are listed or that make a difference", KindSuite)
	r.writeHandshakes(&b)
	r.writeMissing(&b)
	r.writeSummary(&b)
	_, err := io.WriteString(w, b.String())
	return err
}

// writeHead says what is rehearsed, and what that rests on.
func (r *Result) writeHead(b *strings.Builder) {
	pairs := [][2]string{{"configuration", r.Config.Name}, {"compared with", r.Against.Name + ": " + list(r.Against.Versions)},
		{"certificates", strings.Join(r.Certificates, " and ")}}
	for i, c := range r.Clients {
		name := ""
		if i == 0 {
			name = "clients"
		}
		pairs = append(pairs, [2]string{name, c.Name + " " + c.Version})
	}
	if r.Command != nil {
		pairs = append(pairs, [2]string{"command", strings.Join(r.Command.Args, " ")}, [2]string{"", fmt.Sprintf("ended with exit code %d", r.Command.ExitCode)})
	}
	for _, p := range pairs {
		fmt.Fprintf(b, "%-13s  %s\n", p[0], text.Printable(p[1]))
	}
	b.WriteString("\naccepted\n\n")
	var rows [][]string
	for _, basis := range r.Config.Basis {
		what := basis.Text
		if basis.Element == "TLSVersion" {
			what += ": " + list(r.Config.Versions)
		}
		rows = append(rows, []string{basis.Element, what, basis.Evidence})
	}
	writeTable(b, []string{"element", "what it accepts", "evidence"}, rows, 1)
}

func list(names []string) string {
	if len(names) == 0 {
		return "none"
	}
	return strings.Join(names, ", ")
}

// writeRows writes the table of the offers of a kind.
func (r *Result) writeRows(b *strings.Builder, title string, kind Kind) {
	var rows [][]string
	for _, row := range r.Rows {
		if row.Kind == kind {
			rows = append(rows, []string{row.Change, row.label(r.Clients[0].Name), row.text()})
		}
	}
	if rows == nil {
		return
	}
	header := "offer"
	if kind == KindDefault {
		header = "client"
	}
	fmt.Fprintf(b, "\n%s\n\n", title)
	writeTable(b, []string{"change", header, "outcome"}, rows, 2)
}

// label names an offer, and who makes it unless that is clear.
func (r *Row) label(usual string) string {
	switch {
	case r.Kind == KindDefault:
		return r.Client
	case r.Client != usual:
		return r.Offer + " (" + r.Client + ")"
	}
	return r.Offer
}

// text says what became of the offer. Why one suite alone is refused need not be said.
func (r *Row) text() string {
	a := r.Attempt
	if a.Suite == r.Offer {
		a.Suite = ""
	}
	if r.Kind == KindSuite && a.Outcome == string(tlspolicy.Refused) {
		a.Reason = ""
	}
	return a.text()
}

func (a *Attempt) text() string {
	s := a.Outcome
	switch {
	case a.Outcome == string(tlspolicy.Connected):
		s = strings.TrimSpace("connects " + a.Version + " " + a.Suite)
	case a.Outcome == string(tlspolicy.Refused):
		s += " by " + a.Rule
	}
	if a.Reason != "" {
		s += ": " + a.Reason
	}
	for _, note := range a.Notes {
		s += "; " + note
	}
	return text.Printable(s)
}

// writeHandshakes writes the table of what came in on a Stage.
func (r *Result) writeHandshakes(b *strings.Builder) {
	if len(r.Clients) > 0 { // of Run
		return
	}
	fmt.Fprintf(b, "\nhandshakes\n\n")
	if len(r.Handshakes) == 0 {
		writeParagraph(b, "none came in: no client connected to OSSCONF_URL or OSSCONF_TLS_ENDPOINT")
		return
	}
	var rows [][]string
	for _, g := range r.Handshakes {
		a := newAttempt(g.Handshake)
		rows = append(rows, []string{g.Change, fmt.Sprint(g.Count), g.offer(), a.text() + g.name()})
	}
	writeTable(b, []string{"change", "count", "offer", "outcome"}, rows, 3)
	if r.More > 0 {
		fmt.Fprintf(b, "and %s more that are not listed\n", text.Count(r.More, "handshake"))
	}
}

// offer says in a few words what was offered: TLSv1.0-1.3, 31 suites.
func (g *Group) offer() string {
	versions := withoutGREASE(g.OfferedVersions)
	if len(versions) == 0 {
		return "no hello"
	}
	known := httpsconfig.TLSVersions()
	versions = slices.SortedFunc(slices.Values(versions), func(a, b string) int {
		return cmp.Compare(slices.Index(known, a), slices.Index(known, b))
	})
	first, last := versions[0], versions[len(versions)-1]
	names := strings.Join(versions, " ")
	if n := len(versions); n > 1 && slices.Index(known, first) >= 0 && slices.Index(known, last)-slices.Index(known, first) == n-1 {
		names = first + "-" + strings.TrimPrefix(last, "TLSv")
	}
	return names + ", " + text.Count(len(withoutGREASE(g.OfferedSuites)), "suite")
}

// name says what is particular about the server name.
func (g *Group) name() string {
	if g.Bucket != "" && !strings.HasPrefix(g.ServerName, g.Bucket+".") {
		return " (the server name is not that of a bucket: this one was taken)"
	}
	return ""
}

// writeMissing lists what handshakes with crypto/tls do not show.
func (r *Result) writeMissing(b *strings.Builder) {
	if len(r.NotEnforced) == 0 {
		return
	}
	var rows [][]string
	more := 0
	for _, m := range r.NotEnforced {
		switch {
		case m.Enforcement == tlspolicy.NotGoverned:
			rows = append(rows, []string{m.Suite, "not accepted, but a client that offers an accepted one as well may be connected with it"})
		case m.Listed:
			rows = append(rows, []string{m.Suite, "accepted, but crypto/tls does not have it: who offers nothing else shows as unknown"})
		default:
			more++
		}
	}
	b.WriteString("\nnot to be seen in handshakes with crypto/tls\n\n")
	if rows != nil {
		writeTable(b, []string{"suite", "why"}, rows, 1)
	}
	if more > 0 {
		writeParagraph(b, text.Count(more, "suite")+" accepted that crypto/tls does not have: who offers nothing else shows as unknown")
	}
}

// writeSummary ends the text.
func (r *Result) writeSummary(b *strings.Builder) {
	b.WriteString("\n")
	what := "clients"
	if len(r.Clients) == 0 {
		what = "handshakes"
	}
	fmt.Fprintf(b, "%s: %s\n", what, r.Summary.Clients)
	if r.Summary.Offers.Total > 0 {
		fmt.Fprintf(b, "single offers: %s\n", r.Summary.Offers)
	}
}

// String returns the counts that are not zero: 3 of 4 connect, 1 refused; 1 lost.
func (c Counts) String() string {
	s := fmt.Sprintf("%d of %d connect", c.Connected, c.Total)
	for _, n := range []struct {
		n    int
		what string
	}{{c.Refused, "refused"}, {c.Unknown, "unknown"}, {c.Failed, "failed"}, {c.Unable, "not offered"}} {
		if n.n > 0 {
			s += fmt.Sprintf(", %d %s", n.n, n.what)
		}
	}
	return s + fmt.Sprintf("; %d lost, %d gained", c.Lost, c.Gained)
}

const gap = "  "

// writeTable aligns columns to the left. The one at index wrapped takes what the others leave of the width, on as many
// lines as it needs.
func writeTable(b *strings.Builder, header []string, rows [][]string, wrapped int) {
	widths := make([]int, len(header))
	for _, row := range append([][]string{header}, rows...) {
		for i, cell := range row {
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
	}
	rest := width
	for i, w := range widths {
		if i != wrapped {
			rest -= w + len(gap)
		}
	}
	widths[wrapped] = min(widths[wrapped], max(rest, 20))
	rule := make([]string, len(header))
	for i, w := range widths {
		rule[i] = strings.Repeat("-", w)
	}
	for _, row := range append([][]string{header, rule}, rows...) {
		for n, part := range text.Wrap(row[wrapped], widths[wrapped]) {
			var line strings.Builder
			for i, cell := range row {
				switch {
				case i == wrapped:
					cell = part
				case n > 0:
					cell = ""
				}
				line.WriteString(cell + strings.Repeat(" ", max(0, widths[i]-utf8.RuneCountInString(cell))) + gap)
			}
			b.WriteString(strings.TrimRight(line.String(), " ") + "\n")
		}
	}
}

// writeParagraph writes a text of several lines.
func writeParagraph(b *strings.Builder, s string) {
	for _, line := range text.Wrap(s, width) {
		b.WriteString(line + "\n")
	}
}
