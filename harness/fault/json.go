package fault

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"
)

// maxDocument is the longest document that [ParseRules] reads.
const maxDocument = 1 << 20

// ParseRules reads rules from JSON: an array of objects with the members of [Rule] in snake_case, durations as in
// "150ms". Members that are left out are zero; only kind is needed, and what the kind needs.
//
//	[{"operation": "PutBucketHttpsConfig", "count": 2, "kind": "throttle"},
//	 {"probability": 0.1, "seed": 7, "kind": "latency", "delay": "150ms", "jitter": "50ms"}]
//
// Unknown and repeated members are refused, and so are values of another type, null, and rules that do not hold
// together. The error is a *[RuleError] for the first fault in a rule; one about the document as a whole wraps
// [ErrRule].
func ParseRules(doc []byte) ([]Rule, error) {
	if len(doc) > maxDocument {
		return nil, fmt.Errorf("%w: the document has %d bytes; at most %d are read", ErrRule, len(doc), maxDocument)
	}
	if !utf8.Valid(doc) {
		return nil, fmt.Errorf("%w: the document is not UTF-8", ErrRule)
	}
	var list []json.RawMessage
	err := json.Unmarshal(doc, &list)
	if syntax := (*json.SyntaxError)(nil); errors.As(err, &syntax) {
		line, column := position(doc, int(syntax.Offset))
		return nil, fmt.Errorf("%w: line %d, column %d: no JSON: %w", ErrRule, line, column, err)
	}
	if err != nil || list == nil {
		return nil, fmt.Errorf(`%w: the document must be an array of rules, such as [{"kind":"reset"}]`, ErrRule)
	}
	rules := make([]Rule, len(list))
	for i, raw := range list {
		if e := rules[i].parse(raw); e != nil {
			e.Index = i
			return nil, e
		}
	}
	return rules, nil
}

// position returns line and column, in bytes, of the character that was read last of offset bytes.
func position(doc []byte, offset int) (line, column int) {
	before := doc[:max(0, min(offset-1, len(doc)))]
	return bytes.Count(before, []byte("\n")) + 1, len(before) - bytes.LastIndexByte(before, '\n')
}

// UnmarshalJSON reads one rule as [ParseRules] does.
func (r *Rule) UnmarshalJSON(doc []byte) error {
	var fresh Rule
	if e := fresh.parse(doc); e != nil {
		return e
	}
	*r = fresh
	return nil
}

// parse reads one object, which is known to be JSON.
func (r *Rule) parse(raw []byte) *RuleError {
	bad := func(member, problem string) *RuleError {
		return &RuleError{Index: -1, Member: member, Problem: problem}
	}
	dec := json.NewDecoder(bytes.NewReader(raw))
	if t, err := dec.Token(); err != nil || t != json.Delim('{') {
		return bad("", `must be an object, such as {"kind":"reset"}`)
	}
	seen := make(map[string]bool)
	for dec.More() {
		t, err := dec.Token()
		name, _ := t.(string)
		var value json.RawMessage
		if err == nil {
			err = dec.Decode(&value)
		}
		if err != nil {
			return bad(clip(name), "no JSON: "+err.Error())
		}
		m, ok := findMember(name)
		switch {
		case !ok:
			return bad(clip(name), "is unknown; there are "+memberNames())
		case seen[name]:
			return bad(name, "is there twice")
		}
		seen[name] = true
		if problem := m.set(r, value); problem != "" {
			return bad(name, clip(string(value))+" "+problem)
		}
	}
	if seen["probability"] && r.Probability == 0 {
		return bad("probability", "0 would never fire; leave it out for always, or the rule for never")
	}
	return r.check()
}

// set reads the value of the member and returns what is wrong with it, if anything.
func (m member) set(r *Rule, value json.RawMessage) string {
	null := string(value) == "null" // which Unmarshal takes for anything
	p := m.field(r)
	switch p := p.(type) {
	case *time.Duration:
		const want = `must be a string with a duration, such as "150ms" or "-20m"`
		var s string
		if json.Unmarshal(value, &s) != nil {
			return want
		}
		d, err := time.ParseDuration(s) // refuses the empty string, which null leaves
		if err != nil {
			return want
		}
		*p = d
	case *string, *Kind:
		if null || json.Unmarshal(value, p) != nil {
			return "must be a string"
		}
	case *bool:
		if null || json.Unmarshal(value, p) != nil {
			return "must be true or false"
		}
	case *int, *uint64:
		if null || json.Unmarshal(value, p) != nil {
			return "must be a whole number, 0 or more"
		}
	case *float64:
		if null || json.Unmarshal(value, p) != nil {
			return "must be a number over 0 and at most 1"
		}
	}
	return ""
}

func findMember(name string) (member, bool) {
	for _, m := range members() {
		if m.name == name {
			return m, true
		}
	}
	return member{}, false
}

func memberNames() string {
	var names []string
	for _, m := range members() {
		names = append(names, m.name)
	}
	return strings.Join(names, ", ")
}

// MarshalJSON writes the rule as [ParseRules] reads it, without the members that are zero.
func (r Rule) MarshalJSON() ([]byte, error) { return r.appendJSON(nil) }

// appendJSON writes the rule, with the further members at the end.
func (r *Rule) appendJSON(further []byte) ([]byte, error) {
	var parts [][]byte
	for _, m := range members() {
		if m.isZero(r) {
			continue
		}
		value := m.field(r)
		if d, ok := value.(*time.Duration); ok {
			value = d.String()
		}
		raw, err := json.Marshal(value)
		if err != nil { // a probability that is no number
			return nil, &RuleError{Index: -1, Member: m.name, Problem: err.Error()}
		}
		parts = append(parts, fmt.Appendf(nil, "%q:%s", m.name, raw))
	}
	if further != nil {
		parts = append(parts, further)
	}
	return append(append([]byte{'{'}, bytes.Join(parts, []byte{','})...), '}'), nil
}
