package httpsconfig

import (
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

// MaxFindings is how many findings a report lists. It counts all of them.
const MaxFindings = 1000

// A Report is what Validate found.
type Report struct {
	Findings []Finding // the first MaxFindings, in the order of the document
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
func Validate(doc []byte) *Report {
	v := validator{decoder: decoder{doc: string(doc[:min(len(doc), MaxSize+1)]), track: true}}
	v.decoder.report = v.parseError
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
// error seems to hold may look different without it. A fix that overlaps one before it is left for the next round.
func (r *Report) edits() []source.Edit {
	var list []source.Edit
	for _, errors := range [...]bool{true, false} {
		for _, f := range r.Findings {
			if f.Fix == nil || (f.Rule.Severity == Error) != errors {
				continue
			}
			if !overlap(list, f.Fix.Edits) {
				list = append(list, f.Fix.Edits...)
			}
		}
		if len(list) > 0 {
			break
		}
	}
	sorted := make([]source.Edit, 0, len(list))
	for _, i := range order.Stable(len(list), func(i, j int) bool { return list[i].Start < list[j].Start }) {
		sorted = append(sorted, list[i])
	}
	return sorted
}

// overlap reports whether an edit of a touches one of b.
func overlap(a, b []source.Edit) bool {
	for _, x := range a {
		for _, y := range b {
			if x.Start <= y.End && y.Start <= x.End {
				return true
			}
		}
	}
	return false
}

// A validator decodes a document and collects findings.
type validator struct {
	decoder
	findings []Finding
	counts   [len(severityNames)]int
}

// sorted returns the findings in the order of the document, with the line and column of each.
func (v *validator) sorted() []Finding {
	sorted := make([]Finding, 0, len(v.findings))
	var at source.Locator
	for _, i := range order.Stable(len(v.findings), func(i, j int) bool { return v.findings[i].Offset < v.findings[j].Offset }) {
		f := v.findings[i]
		f.Position = at.At(v.doc, f.Offset)
		sorted = append(sorted, f)
	}
	return sorted
}

// parseError takes what the decoder refuses.
func (v *validator) parseError(e *ParseError) {
	v.add(Finding{Rule: rules[ruleOf(e.Err)], Offset: e.Offset, Path: e.Path, Message: e.Message(), Hint: e.Hint, Fix: e.Fix})
}

func (v *validator) add(f Finding) {
	v.counts[f.Rule.Severity]++
	if len(v.findings) < MaxFindings {
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
	case ErrContent, ErrUnknown:
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
	v.add(Finding{Rule: rules[rule], Offset: it.start, Path: it.path(), Message: message, Hint: hint, Fix: fix})
}

// element returns where the element f of the schema is, of a list its first one. If the document does not have it,
// that is where its container is.
func (v *validator) element(f field) item {
	for _, it := range v.items {
		if it.field == f {
			return it
		}
	}
	switch f {
	case fieldRoot:
		return item{}
	case fieldTLS, fieldCipherSuite:
		return v.element(fieldRoot)
	case fieldTLSEnable, fieldTLSVersion:
		return v.element(fieldTLS)
	}
	return v.element(fieldCipherSuite)
}
