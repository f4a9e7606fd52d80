package httpsconfig

import (
	"strconv"

	"github.com/ossconf/ossconf/internal/order"
	"github.com/ossconf/ossconf/jsoncodec"
	"github.com/ossconf/ossconf/source"
	"github.com/ossconf/ossconf/xmlcodec"
)

// A Finding is one place where a document does not follow a rule.
type Finding struct {
	Rule Rule
	source.Position
	Offset  int    // in bytes, from 0
	Path    string // XPath of the element; it serves for the JSON form as well
	Message string
	Hint    string      // what to do; may be empty
	Fix     *source.Fix // how to do it, where one way is the obvious one
}

// String returns position, severity, message, rule and hint in one line.
func (f Finding) String() string {
	s := strconv.Itoa(f.Line) + ":" + strconv.Itoa(f.Column) + ": " + f.Rule.Severity.String() + ": " + f.Message + " [" + f.Rule.Name + "]"
	if f.Hint != "" {
		s += " " + f.Hint
	}
	return s
}

// MaxFindings is how many findings a report lists. It counts all of them.
const MaxFindings = 1000

// A Report is what Validate found.
type Report struct {
	Findings []Finding // the first MaxFindings, errors before all others; in the order of the document
	Config   *Config   // what could be read; nil if that ended before the end of the document

	counts [len(severityNames)]int
}

// Count returns how many findings of a severity there are, listed or not.
func (r *Report) Count(s Severity) int { return r.counts[s] }

// OK reports whether there is no error among the findings.
func (r *Report) OK() bool { return r.counts[Error] == 0 }

// Validate holds a document against all rules. It does not stop at the first finding: where it is clear what a
// mistake was meant to be, it goes on as if that had been written. Only a document that cannot be read any further
// ends it.
func Validate(doc []byte) *Report { return newValidator(doc).run() }

func newValidator(doc []byte) *validator {
	v := &validator{decoder: decoder{doc: string(doc[:min(len(doc), MaxSize+1)]), track: true}}
	v.decoder.report = v.parseError
	return v
}

func (v *validator) run() *Report {
	report := new(Report)
	if v.decode() {
		v.check()
		report.Config = &v.out.config
	} else {
		v.parseError(v.err)
	}
	report.Findings, report.counts = v.sorted(), v.counts
	return report
}

// Fix applies the fixes of the findings to doc until none is left to apply. It returns the mended document and what
// Validate finds in it.
func Fix(doc []byte) ([]byte, *Report) {
	for {
		report := Validate(doc)
		edits := report.edits()
		if len(edits) == 0 {
			return doc, report
		}
		fixed, err := source.Apply(string(doc), edits)
		if err != nil || fixed == string(doc) || len(fixed) > MaxSize {
			return doc, report
		}
		doc = []byte(fixed)
	}
}

// edits returns the edits of the fixes for errors or, when there are none, of the others: what a document with an
// error seems to hold may look different without it. A fix that begins where one before it has not ended is left for
// the next round.
func (r *Report) edits() []source.Edit {
	var fixes, others []*source.Fix
	for i := range r.Findings {
		switch f := &r.Findings[i]; {
		case f.Fix == nil:
		case f.Rule.Severity == Error:
			fixes = append(fixes, f.Fix)
		default:
			others = append(others, f.Fix)
		}
	}
	if fixes == nil {
		fixes = others
	}
	var list []source.Edit
	end := 0 // of what is in list
	for _, i := range order.Stable(len(fixes), func(i, j int) bool { return fixes[i].Edits[0].Start < fixes[j].Edits[0].Start }) {
		if edits := fixes[i].Edits; edits[0].Start >= end {
			list, end = append(list, edits...), edits[len(edits)-1].End
		}
	}
	return list
}

// A validator decodes a document and collects findings.
type validator struct {
	decoder
	findings []Finding // at most MaxFindings of each severity
	counts   [len(severityNames)]int
	broken   [len(rules)]bool
}

// sorted returns the findings in the order of the document, with the line and column of each.
func (v *validator) sorted() []Finding {
	list, room := v.findings[:0], MaxFindings
	var take [len(severityNames)]int
	for s, n := range v.counts {
		take[s] = min(n, room)
		room -= take[s]
	}
	for _, f := range v.findings {
		if s := f.Rule.Severity; take[s] > 0 {
			take[s]--
			list = append(list, f)
		}
	}
	sorted := make([]Finding, 0, len(list))
	var at source.Locator
	for _, i := range order.Stable(len(list), func(i, j int) bool { return list[i].Offset < list[j].Offset }) {
		f := list[i]
		f.Position = at.At(v.doc, f.Offset)
		sorted = append(sorted, f)
	}
	return sorted
}

// parseError takes what the decoder refuses.
func (v *validator) parseError(e *ParseError) {
	v.add(ruleOf(e.Err), Finding{Offset: e.Offset, Path: e.Path, Message: e.Message(), Hint: e.Hint, Fix: e.Fix})
}

func (v *validator) add(rule ruleID, f Finding) {
	f.Rule, v.broken[rule] = rules[rule], true
	if v.counts[f.Rule.Severity]++; v.counts[f.Rule.Severity] <= MaxFindings {
		v.findings = append(v.findings, f)
	}
}

// ruleOf returns the rule that a cause of a ParseError breaks.
func ruleOf(cause *source.Cause) ruleID {
	switch cause {
	case ErrSize, ErrFormat:
		return ruleReadable
	case ErrRoot:
		return ruleRoot
	case ErrRepeated, jsoncodec.ErrDuplicate:
		return ruleOnce
	case ErrContent, ErrUnknown, ErrValue:
		return ruleContent
	case ErrBool:
		return ruleBoolean
	case xmlcodec.ErrAttribute, xmlcodec.ErrNamespace, xmlcodec.ErrDoctype, xmlcodec.ErrInstruction, xmlcodec.ErrMixed, xmlcodec.ErrComment,
		xmlcodec.ErrDepth, xmlcodec.ErrEntity, jsoncodec.ErrDepth:
		return ruleDataOnly
	}
	return ruleWellFormed
}

// find adds a finding at it.
func (v *validator) find(rule ruleID, it item, message, hint string, fix *source.Fix) {
	v.add(rule, Finding{Offset: it.start, Path: it.path(), Message: message, Hint: hint, Fix: fix})
}

// element returns where the document has the element f of the schema, of a list its first one.
func (v *validator) element(f field) item {
	for _, it := range v.items {
		if it.field == f {
			return it
		}
	}
	return item{field: f}
}
