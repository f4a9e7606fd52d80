package conform

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode"
)

// WriteText writes the result for a terminal: a table of the runtimes, what the columns mean, then what is wrong.
func (r *Result) WriteText(w io.Writer) error {
	var b bytes.Buffer
	r.writeRuntimes(&b)
	fmt.Fprintf(&b, "\n%s\n", r.Summary())
	for _, note := range r.notes() {
		b.WriteString(note + "\n")
	}
	for _, m := range r.Missing {
		fmt.Fprintf(&b, "%s: %s\n", m.Name, m.remedy())
	}
	for _, rt := range r.Runtimes {
		r.writeFindings(&b, rt)
	}
	_, err := io.WriteString(w, printable(b.String()))
	return err
}

// printable replaces what would move the cursor of a terminal, and what XML has no room for: drivers choose what they
// call themselves.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		if r != '\n' && r != '\t' && !unicode.IsGraphic(r) { // a no-break space is: cmp writes them
			return unicode.ReplacementChar
		}
		return r
	}, text)
}

// WriteJSON writes the result as indented JSON; inputs and answers are in base64, times in nanoseconds.
func (r *Result) WriteJSON(w io.Writer) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	return e.Encode(r)
}

// MarshalText returns the text of the fault, which is its form in JSON.
func (f *Fault) MarshalText() ([]byte, error) { return []byte(f.Error()), nil }

// The verdicts on a runtime.
const (
	verdictOK      = "ok"
	verdictFailed  = "FAILED"
	verdictMissing = "missing"
)

// sampleMark stands in the table where a runtime was not asked all cases, and before the note that says so.
const sampleMark = "*"

func (r RuntimeResult) verdict() string {
	if r.OK() {
		return verdictOK
	}
	return verdictFailed
}

func (r *Result) writeRuntimes(b *bytes.Buffer) {
	rows := [][]string{{"runtime", "version", "module", "sha-256", "cases", "differ", "cold start", "per call", "result"}}
	for _, rt := range r.Runtimes {
		cases := rt.caseCount()
		if rt.Every > 1 {
			cases += sampleMark
		}
		rows = append(rows, []string{
			rt.Name, orDash(rt.About.Version), orDash(rt.Form), orDash(short(rt.About.Module)), cases,
			fmt.Sprint(rt.Differences), orDash(duration(rt.ColdStart)), orDash(duration(rt.PerCall)), rt.verdict(),
		})
	}
	for _, m := range r.Missing {
		rows = append(rows, []string{m.Name, "-", orDash(m.Form), "-", "-", "-", "-", "-", verdictMissing})
	}
	writeTable(b, rows, "llllrrrrl")
}

// caseCount returns how many cases were compared, and of how many if those are not all.
func (r RuntimeResult) caseCount() string {
	if r.Cases < r.Asked {
		return fmt.Sprintf("%d of %d", r.Cases, r.Asked)
	}
	return fmt.Sprint(r.Cases)
}

// Summary says in a sentence what was compared and what came of it.
func (r *Result) Summary() string {
	answers, differences, failed, required := 0, 0, 0, 0
	for _, rt := range r.Runtimes {
		answers += rt.Cases
		differences += rt.Differences
		if !rt.OK() {
			failed++
		}
	}
	for _, m := range r.Missing {
		if m.Required {
			required++
		}
	}
	s := fmt.Sprintf("%s, %s compared in %v, %s", count(len(r.Runtimes), "runtime"), count(answers, "answer"),
		r.Elapsed.Round(100*time.Millisecond), count(differences, "difference"))
	if failed > 0 {
		s += fmt.Sprintf("; %d FAILED", failed)
	}
	if len(r.Missing) > 0 {
		s += fmt.Sprintf("; %d missing", len(r.Missing))
	}
	if required > 0 {
		s += fmt.Sprintf(", %d of them required", required)
	}
	return s
}

// notes say how to read the numbers.
func (r *Result) notes() []string {
	notes := []string{
		fmt.Sprintf("cases: %s and %s, the same for every runtime", count(r.Fixtures, "fixture"), count(r.Cases-r.Fixtures, "generated input")),
	}
	for _, rt := range r.Runtimes {
		if rt.Every > 1 {
			notes = append(notes, fmt.Sprintf(sampleMark+" %s was asked all fixtures and one in %d of the generated inputs", rt.Name, rt.Every))
		}
	}
	return append(notes,
		"cold start: from loading the module to the first answer, as the driver measured it",
		"per call: time of the processes over the cases, with the protocol and whatever else the machine did")
}

func (m Missing) remedy() string {
	s := verdictMissing
	if m.Required {
		s += " and required"
	}
	if m.Install != "" {
		s += "; to install it: " + m.Install
	}
	return s
}

func (r *Result) writeFindings(b *bytes.Buffer, rt RuntimeResult) {
	if rt.OK() && len(rt.Expected) == 0 {
		return
	}
	fmt.Fprintf(b, "\n%s\n", rt.Name)
	if rt.Fault != nil {
		writeIndented(b, rt.faultText())
	}
	if rt.Differences > 0 {
		writeIndented(b, r.byOperation(rt))
	}
	for _, s := range rt.Stale {
		writeIndented(b, s.String())
	}
	for _, e := range rt.Expected {
		writeIndented(b, e.String())
	}
	for _, d := range rt.First {
		writeIndented(b, d.String())
	}
	if more := rt.Differences - len(rt.First); more > 0 {
		writeIndented(b, "and "+count(more, "more difference"))
	}
}

func (r RuntimeResult) faultText() string {
	if r.Cases < r.Asked {
		return fmt.Sprintf("stopped after %s of %d: %v", count(r.Cases, "case"), r.Asked, r.Fault)
	}
	return r.Fault.Error()
}

// byOperation lists the operations with differences.
func (r *Result) byOperation(rt RuntimeResult) string {
	var parts []string
	for _, op := range r.Operations {
		if c := rt.Operations[op]; c.Differences > 0 {
			parts = append(parts, fmt.Sprintf("%s %d of %d", op, c.Differences, c.Cases))
		}
	}
	return "differences: " + strings.Join(parts, ", ")
}

// short cuts a module's hash to what tells modules apart at a glance.
func short(hash string) string { return hash[:min(8, len(hash))] }

// duration writes a time with three digits or less behind it, empty for none.
func duration(d time.Duration) string {
	switch {
	case d <= 0:
		return ""
	case d < time.Microsecond:
		return fmt.Sprintf("%d ns", d.Nanoseconds())
	case d < time.Millisecond:
		return decimal(float64(d)/float64(time.Microsecond)) + " µs"
	case d < time.Second:
		return decimal(float64(d)/float64(time.Millisecond)) + " ms"
	}
	return decimal(d.Seconds()) + " s"
}

// decimal writes a number with a digit behind the point if it is small.
func decimal(f float64) string {
	if f < 9.95 {
		return fmt.Sprintf("%.1f", f)
	}
	return fmt.Sprintf("%.0f", f)
}

// count returns a number with a noun, in the plural where that is right.
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
