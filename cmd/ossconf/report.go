package main

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/ossconf/ossconf/httpsconfig"
)

// sourceWidth is how much of a line of a document is shown.
const sourceWidth = 92

// writeReport writes the findings as compilers do, each with its line and a caret, and a summary.
func writeReport(b *strings.Builder, name string, doc []byte, r *httpsconfig.Report) {
	for i := range r.Findings {
		f := &r.Findings[i]
		writeFinding(b, name, f.Rule.Severity.String(), f, f.Hint)
		writeSource(b, doc, f.Offset)
	}
	fmt.Fprintf(b, "%s: %s\n", printable(name), summary(r))
}

// writeFinding writes the line of a finding, with what became of it and what to do.
func writeFinding(b *strings.Builder, name, state string, f *httpsconfig.Finding, hint string) {
	line := fmt.Sprintf("%s:%d:%d: %s: %s [%s] %s", name, f.Line, f.Column, state, f.Message, f.Rule.Name, hint)
	b.WriteString(strings.TrimRight(printable(line), " ") + "\n")
}

// summary says in a few words what a report says.
func summary(r *httpsconfig.Report) string {
	s := "valid"
	if !r.OK() {
		s = "not valid"
	}
	for _, severity := range []httpsconfig.Severity{httpsconfig.Error, httpsconfig.Warning, httpsconfig.Info} {
		if n := r.Count(severity); n > 0 {
			s += ", " + count(n, severity.String())
		}
	}
	return s
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// writeSource writes the line that holds the byte at offset, and a caret below that. Of a long line it writes what is
// around the caret.
func writeSource(b *strings.Builder, doc []byte, offset int) {
	offset = min(offset, len(doc))
	before := string(doc[:offset])
	before = before[strings.LastIndexAny(before, "\r\n")+1:]
	after := string(doc[offset:])
	if end := strings.IndexAny(after, "\r\n"); end >= 0 {
		after = after[:end]
	}
	left := []rune(printable(strings.TrimPrefix(before, "\uFEFF")))
	right := []rune(printable(after))
	if len(left)+len(right) == 0 {
		return
	}
	mark := ""
	if most := sourceWidth * 2 / 3; len(left) > most {
		left, mark = left[len(left)-most:], "…"
	}
	end := ""
	if most := sourceWidth - len(left); len(right) > most {
		right, end = right[:most], "…"
	}
	line := mark + string(left) + string(right) + end
	fmt.Fprintf(b, "    %s\n    %s^\n", strings.TrimRight(line, " "), strings.Repeat(" ", utf8.RuneCountInString(mark)+len(left)))
}
