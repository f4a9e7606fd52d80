package conform

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf8"
)

// tableWidth is what tables keep to, in columns.
const tableWidth = 100

// WriteText writes the result for a terminal of 100 columns: a table of the runtimes, a table of the operations with
// cases/differences for each runtime, then what is wrong.
func (r *Result) WriteText(w io.Writer) error {
	var b bytes.Buffer
	r.writeRuntimes(&b)
	r.writeOperations(&b)
	for _, rt := range r.Runtimes {
		rt.writeFindings(&b)
	}
	_, err := w.Write(b.Bytes())
	return err
}

// WriteJSON writes the result as indented JSON; inputs and answers are in base64, times in nanoseconds.
func (r *Result) WriteJSON(w io.Writer) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	return e.Encode(r)
}

// MarshalText returns the text of the fault, which is its form in JSON.
func (f *Fault) MarshalText() ([]byte, error) { return []byte(f.Error()), nil }

func (r *Result) writeRuntimes(b *bytes.Buffer) {
	rows := [][]string{{"runtime", "version", "abi", "module", "cases", "differences", "expected", "seconds", "result"}}
	for _, rt := range r.Runtimes {
		verdict := "ok"
		if !rt.OK() {
			verdict = "FAILED"
		}
		rows = append(rows, []string{
			rt.Name, orDash(rt.About.Version), orDash(abi(rt.About)), orDash(short(rt.About.Module)),
			fmt.Sprint(rt.Cases), fmt.Sprint(rt.Differences), fmt.Sprint(rt.Expected),
			fmt.Sprintf("%.1f", rt.Elapsed.Seconds()), verdict,
		})
	}
	writeTable(b, rows, "llrlrrrrl")
	fmt.Fprintf(b, "\n%d runtimes in %v\n", len(r.Runtimes), r.Elapsed.Round(100*time.Millisecond))
}

// writeOperations writes the runtimes side by side, in as many tables as the width needs.
func (r *Result) writeOperations(b *bytes.Buffer) {
	left := len("cases/differences")
	for _, op := range r.Operations {
		left = max(left, utf8.RuneCountInString(op))
	}
	for rest := r.Runtimes; len(rest) > 0; {
		n, width := 0, left
		for n < len(rest) {
			width += len(gap) + rest[n].columnWidth()
			if n > 0 && width > tableWidth {
				break
			}
			n++
		}
		b.WriteByte('\n')
		writeOperationTable(b, r.Operations, rest[:n])
		rest = rest[n:]
	}
}

func writeOperationTable(b *bytes.Buffer, operations []string, runtimes []RuntimeResult) {
	header := []string{"cases/differences"}
	for _, rt := range runtimes {
		header = append(header, rt.Name)
	}
	rows := [][]string{header}
	for _, op := range operations {
		row := []string{op}
		for _, rt := range runtimes {
			row = append(row, rt.Operations[op].String())
		}
		rows = append(rows, row)
	}
	writeTable(b, rows, "l"+strings.Repeat("r", len(runtimes)))
}

func (c Count) String() string { return fmt.Sprintf("%d/%d", c.Cases, c.Differences) }

func (r RuntimeResult) columnWidth() int {
	width := utf8.RuneCountInString(r.Name)
	for _, c := range r.Operations {
		width = max(width, len(c.String()))
	}
	return width
}

func (r RuntimeResult) writeFindings(b *bytes.Buffer) {
	if r.OK() {
		return
	}
	fmt.Fprintf(b, "\n%s\n", r.Name)
	if r.Fault != nil {
		writeIndented(b, fmt.Sprintf("stopped after %d cases: %v", r.Cases, r.Fault))
	}
	for _, s := range r.Stale {
		writeIndented(b, s.String())
	}
	for _, d := range r.First {
		writeIndented(b, d.String())
	}
	if more := r.Differences - len(r.First); more > 0 {
		writeIndented(b, fmt.Sprintf("and %d more differences", more))
	}
}

func writeIndented(b *bytes.Buffer, text string) {
	for line := range strings.Lines(text) {
		b.WriteString("  " + strings.TrimRight(line, "\n") + "\n")
	}
}

const gap = "  "

// writeTable aligns columns, l to the left and r to the right, under a header with a rule.
func writeTable(b *bytes.Buffer, rows [][]string, align string) {
	widths := make([]int, len(align))
	for _, row := range rows {
		for i, cell := range row {
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
	}
	line := func(row []string) {
		var l strings.Builder
		for i, cell := range row {
			if i > 0 {
				l.WriteString(gap)
			}
			pad := strings.Repeat(" ", widths[i]-utf8.RuneCountInString(cell))
			if align[i] == 'r' {
				l.WriteString(pad + cell)
			} else {
				l.WriteString(cell + pad)
			}
		}
		b.WriteString(strings.TrimRight(l.String(), " ") + "\n")
	}
	rule := make([]string, len(widths))
	for i, w := range widths {
		rule[i] = strings.Repeat("-", w)
	}
	line(rows[0])
	line(rule)
	for _, row := range rows[1:] {
		line(row)
	}
}

// short cuts a module's hash to what tells modules apart at a glance.
func short(hash string) string { return hash[:min(12, len(hash))] }

func abi(a About) string {
	if a.Runtime == "" {
		return ""
	}
	return fmt.Sprint(a.ABI)
}

func orDash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}
