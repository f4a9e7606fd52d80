package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ossconf/ossconf/cmd/ossconf/internal/text"
	"github.com/ossconf/ossconf/httpsconfig"
)

// A difference is the command diff with its flags.
type difference struct {
	out          output
	certificates certificateFlag
	unconfigured bool
}

func newDiff() *cobra.Command {
	var d difference
	cmd := &cobra.Command{
		Use:     "diff BEFORE AFTER",
		GroupID: groupDocuments,
		Short:   "Show what two configurations differ in, and which clients that loses and gains",
		Long: `Show what differs between two HTTPS configurations, XML or JSON: in the documents, in the
TLS versions and cipher suites that a bucket accepts, and in the clients that connect, as
simulate decides it.

Exit codes: 0 no client is lost; 1 one is lost or may be, or a document cannot be read;
2 wrong usage.`,
		Example: "  ossconf diff old.xml new.json\n" +
			"  ossconf get --region cn-hangzhou --bucket examplebucket | ossconf diff - new.xml\n" +
			"  ossconf diff --unconfigured new.xml",
		Args: func(cmd *cobra.Command, args []string) error {
			if d.unconfigured {
				return arguments(1, 1, "AFTER alone")(cmd, args)
			}
			return arguments(2, 2, "BEFORE and AFTER, one of which may be - for standard input")(cmd, args)
		},
		RunE: d.run,
	}
	d.certificates.register(cmd)
	cmd.Flags().BoolVar(&d.unconfigured, "unconfigured", false, "a bucket that was never configured, in place of BEFORE")
	d.out.formatFlag(cmd)
	d.out.fileFlag(cmd)
	return cmd
}

func (d *difference) run(cmd *cobra.Command, args []string) error {
	before := never()
	if !d.unconfigured {
		if args[0] == "-" && args[1] == "-" {
			return usage("standard input can be read once only", "diff", "name a file for one of the two")
		}
		var err error
		if before, err = readSide(cmd, args[:1]); err != nil {
			return err
		}
	}
	after, err := readSide(cmd, args[len(args)-1:])
	if err != nil {
		return err
	}
	clients, kinds := httpsconfig.Clients(), d.certificates.set()
	a, b := before.config.Simulate(clients, kinds), after.config.Simulate(clients, kinds)
	var out []byte
	if d.out.json() {
		request := map[string]any{"before": before.text, "after": after.text, "certificates": d.certificates.names()}
		if out, err = callOn("diff", request); err != nil {
			return err
		}
	} else {
		out = []byte(diffText(before.config, after.config, kinds, a, b) + before.warning() + after.warning())
	}
	if err := d.out.writeLine(cmd, out); err != nil {
		return err
	}
	for i := range a {
		if a[i].Outcome == httpsconfig.Connects && b[i].Outcome != httpsconfig.Connects {
			return silent(exitRefused)
		}
	}
	return nil
}

// diffText writes what differs: lines that begin with - are gone, those with + have come.
func diffText(before, after *httpsconfig.Config, kinds httpsconfig.CertificateKinds, a, b []httpsconfig.Simulation) string {
	var w strings.Builder
	c := httpsconfig.Compare(before, after)
	if c.Same() {
		fmt.Fprintln(&w, "the documents say the same")
	}
	for _, s := range c.Switches {
		fmt.Fprintf(&w, "%s\n  - %s\n  + %s\n", s.Path, s.Before, s.After)
	}
	for _, lists := range [][]httpsconfig.ListChange{c.Lists, c.Unknown} {
		for _, l := range lists {
			writeChange(&w, l.Path, l.Removed, l.Added, l.Reordered)
		}
	}
	p, q := before.Policy(), after.Policy()
	fmt.Fprintln(&w)
	writeChange(&w, "accepted TLS versions", (p.Versions &^ q.Versions).Names(), (q.Versions &^ p.Versions).Names(), false)
	for _, part := range []struct {
		title string
		tls13 bool
	}{{"accepted suites up to TLS 1.2", false}, {"accepted suites of TLS 1.3", true}} {
		x, y := p.UsableSuites(part.tls13).Certified(kinds), q.UsableSuites(part.tls13).Certified(kinds)
		writeChange(&w, part.title, names(x.Minus(y)), names(y.Minus(x)), false)
	}
	fmt.Fprintln(&w)
	counts := map[httpsconfig.Change]int{}
	for i := range a {
		kind := a[i].Change(&b[i])
		if counts[kind]++; kind == httpsconfig.Unchanged || kind == httpsconfig.Changed {
			continue
		}
		fmt.Fprintf(&w, "%-7s  %s  - %s\n%s+ %s\n", kind, pad(a[i].Client.Name, clientWidth), becomes(&a[i]),
			strings.Repeat(" ", len("unknown")+4+clientWidth), becomes(&b[i]))
	}
	fmt.Fprintf(&w, "%d clients lost, %d gained, %d unknown, %d connect with another version or suite\n",
		counts[httpsconfig.Lost], counts[httpsconfig.Gained], counts[httpsconfig.Unsure], counts[httpsconfig.Changed])
	return w.String()
}

// writeChange writes what was removed and added under a title, if anything was.
func writeChange(w *strings.Builder, title string, removed, added []string, reordered bool) {
	fmt.Fprintln(w, title)
	for _, value := range removed {
		fmt.Fprintf(w, "  - %s\n", text.Printable(value))
	}
	for _, value := range added {
		fmt.Fprintf(w, "  + %s\n", text.Printable(value))
	}
	switch {
	case reordered:
		fmt.Fprintln(w, "  in another order")
	case removed == nil && added == nil:
		fmt.Fprintln(w, "  as before")
	}
}

func names(set httpsconfig.SuiteSet) []string {
	var list []string
	for _, s := range set.List() {
		list = append(list, s.OpenSSL)
	}
	return list
}
