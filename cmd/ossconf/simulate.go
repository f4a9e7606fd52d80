package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ossconf/ossconf/httpsconfig"
)

// A simulation is the command simulate with its flags.
type simulation struct {
	out          output
	certificates certificateFlag
	unconfigured bool
}

func newSimulate() *cobra.Command {
	var s simulation
	cmd := &cobra.Command{
		Use:     "simulate [FILE]",
		GroupID: groupDocuments,
		Short:   "Show which clients connect to a bucket with a configuration",
		Long: `Show for each of the clients whose offers are known whether it connects to a bucket with
an HTTPS configuration, XML or JSON, and with which TLS version and cipher suite; or why
it fails; or why that is not known.

Where several suites are acceptable, the server picks one: the first in the order of the
client is assumed. Groups and signatures are not looked at. docs/tls.md says what else is
assumed.

Exit codes: 0 success; 1 the document cannot be read; 2 wrong usage.`,
		Example: "  ossconf simulate config.xml\n  ossconf simulate --certificates rsa config.json\n  ossconf simulate --unconfigured",
		Args:    arguments(0, 1, fileUsage),
		RunE:    s.run,
	}
	s.certificates.register(cmd)
	cmd.Flags().BoolVar(&s.unconfigured, "unconfigured", false, "a bucket that was never configured, in place of FILE")
	s.out.formatFlag(cmd)
	s.out.fileFlag(cmd)
	return cmd
}

func (s *simulation) run(cmd *cobra.Command, args []string) error {
	from := never()
	if !s.unconfigured {
		var err error
		if from, err = readSide(cmd, args); err != nil {
			return err
		}
	} else if len(args) > 0 {
		return usage("--unconfigured takes the place of FILE", "simulate", "give one of the two")
	}
	if s.out.json() {
		payload, err := callOn("simulate", map[string]any{"document": from.text, "certificates": s.certificates.names()})
		if err != nil {
			return err
		}
		return s.out.writeLine(cmd, payload)
	}
	var b strings.Builder
	list := from.config.Simulate(httpsconfig.Clients(), s.certificates.set())
	counts := map[httpsconfig.Outcome]int{}
	for i := range list {
		counts[list[i].Outcome]++
		fmt.Fprintf(&b, "%s  %s\n", pad(list[i].Client.Name, clientWidth), becomes(&list[i]))
	}
	fmt.Fprintf(&b, "\n%d connect, %d fail, %d unknown; certificates: %s\n", counts[httpsconfig.Connects], counts[httpsconfig.Fails],
		counts[httpsconfig.Undecided], strings.Join(s.certificates.names(), ", "))
	policy := from.config.Policy()
	for _, part := range []struct {
		what  string
		basis httpsconfig.Basis
	}{
		{"TLS versions", policy.VersionBasis}, {"suites", policy.SuiteBasis}, {"suites of TLS 1.3", policy.TLS13Basis},
		{"choice of a suite", httpsconfig.SuitePreference()},
	} {
		basis := &part.basis
		fmt.Fprintf(&b, "%s %s: %s%s (%s)\n", pad(part.what, len("suites of TLS 1.3")), basis.Evidence, prefixed(basis.Element),
			basis.Text, basis.Source)
	}
	b.WriteString(from.warning())
	return s.out.write(cmd, []byte(b.String()))
}

// clientWidth is the width of a column with the names of clients.
const clientWidth = 35

func pad(s string, width int) string { return fmt.Sprintf("%-*s", width, s) }

// prefixed returns an element as the beginning of a sentence about it.
func prefixed(element string) string {
	if element == "" {
		return ""
	}
	return element + ", "
}

// becomes says in a line what becomes of a client.
func becomes(s *httpsconfig.Simulation) string {
	version := httpsconfig.VersionName(s.Version)
	if version == "" {
		version = "-"
	}
	text := fmt.Sprintf("%-8s  %-7s  ", s.Outcome, version)
	if s.Outcome != httpsconfig.Connects {
		return text + s.By + ": " + s.Reason
	}
	text += s.Suites[0].OpenSSL
	switch n := len(s.Suites) - 1; {
	case n == 1:
		text += " or 1 other"
	case n > 1:
		text += fmt.Sprintf(" or %d others", n)
	}
	return text
}
