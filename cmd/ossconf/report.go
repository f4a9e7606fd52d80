package main

import (
	"fmt"
	"strings"

	"github.com/ossconf/ossconf/cmd/ossconf/internal/text"
	"github.com/ossconf/ossconf/httpsconfig"
)

// writeReport writes the findings as compilers do, each with its line and a caret, and a summary.
func writeReport(b *strings.Builder, name string, doc []byte, r *httpsconfig.Report) {
	for i := range r.Findings {
		f := &r.Findings[i]
		writeFinding(b, name, f.Rule.Severity.String(), f, f.Hint)
		if line, caret := text.Source(doc, f.Offset); line != "" {
			fmt.Fprintf(b, "    %s\n    %s\n", line, caret)
		}
	}
	fmt.Fprintf(b, "%s: %s\n", text.Printable(name), summary(r))
}

// writeFinding writes the line of a finding, with what became of it and what to do.
func writeFinding(b *strings.Builder, name, state string, f *httpsconfig.Finding, hint string) {
	line := fmt.Sprintf("%s:%d:%d: %s: %s [%s] %s", name, f.Line, f.Column, state, f.Message, f.Rule.Name, hint)
	b.WriteString(strings.TrimRight(text.Printable(line), " ") + "\n")
}

// summary says in a few words what a report says.
func summary(r *httpsconfig.Report) string {
	s := "valid"
	if !r.OK() {
		s = "not valid"
	}
	for _, severity := range []httpsconfig.Severity{httpsconfig.Error, httpsconfig.Warning, httpsconfig.Info} {
		if n := r.Count(severity); n > 0 {
			s += ", " + text.Count(n, severity.String())
		}
	}
	return s
}
