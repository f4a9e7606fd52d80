package conform

import (
	"bytes"
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"strings"
	"time"
)

//go:embed page.html
var pageSource string

var page = template.Must(template.New("page").Parse(pageSource))

// WriteHTML writes the result as one page that loads nothing else: no script, no image, no font. It is HTML and, for
// programs, well-formed XML.
func (r *Result) WriteHTML(w io.Writer) error {
	var b bytes.Buffer
	if err := page.Execute(&b, r.page()); err != nil {
		return err
	}
	_, err := io.WriteString(w, printable(b.String()))
	return err
}

// What the page shows, in the order in which it does.
type (
	pageView struct {
		OK         bool
		Headline   string
		Facts      []pageFact
		Runtimes   []pageRuntime
		Missing    []Missing
		Findings   []pageFinding
		Operations []string
		Counts     []pageCounts
		Notes      []string
	}
	pageFact    struct{ Name, Value string }
	pageRuntime struct {
		ID, Name, Version, Form, Hash, FullHash, Cases, Sample, Cold, PerCall, Verdict string
		Differences                                                                    string
		OK                                                                             bool
		Finding                                                                        bool // whether there is something to say below
	}
	pageFinding struct {
		ID, Name    string
		OK          bool
		Fault       string
		Stale       []Stale
		Expected    []ExpectedFailure
		Differences []pageDifference
		Count, More int
	}
	pageCounts struct {
		Name  string
		Cells []pageCell // by operation
	}
	pageCell struct {
		Count
		Asked bool
	}
)

func (r *Result) page() pageView {
	v := pageView{OK: r.Err() == nil, Headline: r.headline(), Operations: r.Operations, Notes: r.notes()}
	for i, note := range v.Notes {
		v.Notes[i] = strings.TrimPrefix(note, sampleMark+" ") // the page says in the table what is a sample
	}
	v.Notes[len(v.Notes)-1] += ". Do not rank runtimes by it: it is measured while others run"
	answers, differences := 0, 0
	for i, rt := range r.Runtimes {
		answers += rt.Cases
		differences += rt.Differences
		finding := !rt.OK() || len(rt.Expected) > 0
		id := fmt.Sprintf("r%d", i+1)
		p := pageRuntime{
			ID: id, Name: rt.Name, Version: orDash(rt.About.Version), Form: orDash(rt.Form), Hash: short(rt.About.Module),
			FullHash: rt.About.Module, Cases: grouped(rt.Cases), Cold: orDash(duration(rt.ColdStart)), PerCall: orDash(duration(rt.PerCall)),
			Verdict: rt.verdict(), Differences: grouped(rt.Differences), OK: rt.OK(), Finding: finding,
		}
		if rt.Cases < rt.Asked {
			p.Cases += " of " + grouped(rt.Asked)
		}
		if rt.Every > 1 {
			p.Sample = fmt.Sprintf("sample: 1 in %d generated", rt.Every)
		}
		v.Runtimes = append(v.Runtimes, p)
		counts := pageCounts{Name: rt.Name}
		for _, op := range r.Operations {
			c, asked := rt.Operations[op]
			counts.Cells = append(counts.Cells, pageCell{c, asked})
		}
		v.Counts = append(v.Counts, counts)
		if finding {
			v.Findings = append(v.Findings, rt.finding(id))
		}
	}
	v.Missing = r.Missing
	v.Facts = []pageFact{
		{"answers compared", grouped(answers)}, {"differences", grouped(differences)}, {"cases", grouped(r.Cases)},
		{"time", r.Elapsed.Round(time.Second / 10).String()}, {"started", r.Started.UTC().Format("2006-01-02 15:04 UTC")},
	}
	return v
}

// headline says what came of the run.
func (r *Result) headline() string {
	failed, required := 0, 0
	for _, rt := range r.Runtimes {
		if !rt.OK() {
			failed++
		}
	}
	for _, m := range r.Missing {
		if m.Required {
			required++
		}
	}
	switch {
	case failed > 0:
		return fmt.Sprintf("%d of %s failed", failed, count(len(r.Runtimes), "runtime"))
	case required > 0:
		return count(required, "required runtime") + " missing"
	case len(r.Runtimes) == 1:
		return "1 runtime gives the answers of the native build"
	}
	return fmt.Sprintf("%d runtimes give the same answers, byte for byte", len(r.Runtimes))
}

func (r RuntimeResult) finding(id string) pageFinding {
	f := pageFinding{
		ID: id, Name: r.Name, OK: r.OK(), Stale: r.Stale, Expected: r.Expected,
		Count: r.Differences, More: r.Differences - len(r.First),
	}
	if r.Fault != nil {
		f.Fault = r.faultText()
	}
	for _, d := range r.First {
		f.Differences = append(f.Differences, d.page())
	}
	return f
}

// grouped writes a number with its thousands apart.
func grouped(n int) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
