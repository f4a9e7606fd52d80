package main

import (
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/ossconf/ossconf/cmd/ossconf/internal/text"
	"github.com/ossconf/ossconf/harness/conform"
)

// progressWidth is what the line of a terminal may take; the standard library cannot tell how wide one is.
const progressWidth = 79

// clearLine returns to the beginning of a terminal's line and empties it.
const clearLine = "\r\x1b[K"

// A progress shows how far a run of conform is: on a terminal on one line that is written over, elsewhere as a line for
// each runtime that has ended.
type progress struct {
	w               io.Writer
	terminal, lines bool
	runtimes, ended int
	running         []conform.Progress
}

// newProgress returns what shows the progress of so many runtimes and cases on w. Without milestones it writes nothing
// if w is no terminal.
func newProgress(w io.Writer, runtimes, cases int, milestones bool) *progress {
	p := &progress{w: w, terminal: isTerminal(w), runtimes: runtimes}
	if p.lines = milestones && !p.terminal; p.lines && runtimes > 0 {
		fmt.Fprintf(w, "conform: %s to test, %s each\n", text.Count(runtimes, "runtime"), text.Count(cases, "case"))
	}
	return p
}

// report takes what a run says of one runtime.
func (p *progress) report(now conform.Progress) {
	i := slices.IndexFunc(p.running, func(r conform.Progress) bool { return r.Runtime == now.Runtime })
	switch {
	case now.Ended:
		p.ended++
		if i >= 0 {
			p.running = slices.Delete(p.running, i, i+1)
		}
		if p.lines {
			fmt.Fprintf(p.w, "conform: %s\n", p.milestone(now))
		}
	case i >= 0:
		p.running[i] = now
	default:
		p.running = append(p.running, now)
	}
	if p.terminal {
		fmt.Fprint(p.w, clearLine, p.line())
	}
}

func (p *progress) milestone(r conform.Progress) string {
	verdict := "ok"
	if r.Failed {
		verdict = "FAILED"
	}
	return fmt.Sprintf("%s %s, %s, %s, %v (%d of %d)", text.Printable(r.Runtime), verdict, text.Count(r.Done, "case"),
		text.Count(r.Differences, "difference"), r.Elapsed.Round(100*time.Millisecond), p.ended, p.runtimes)
}

// line returns what runs, cut to the width.
func (p *progress) line() string {
	parts := []string{fmt.Sprintf("%d of %s", p.ended, text.Count(p.runtimes, "runtime"))}
	for _, r := range p.running {
		part := fmt.Sprintf("%s %d%%", text.Printable(r.Runtime), 100*r.Done/max(1, r.Total))
		if r.Differences > 0 {
			part += fmt.Sprintf(" (%s)", text.Count(r.Differences, "difference"))
		}
		parts = append(parts, part)
	}
	line := []rune(strings.Join(parts, ", "))
	if len(line) > progressWidth {
		line = append(line[:progressWidth-1], '…')
	}
	return string(line)
}

// end empties the line.
func (p *progress) end() {
	if p.terminal {
		fmt.Fprint(p.w, clearLine)
	}
}

// isTerminal reports whether w is a device that shows text, as far as the standard library can tell.
func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
