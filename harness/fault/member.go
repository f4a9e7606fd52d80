package fault

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// A member is a field of a rule as it is written in JSON and named in errors.
type member struct {
	name  string
	kinds []Kind          // that take it; nil for all
	field func(*Rule) any // a pointer to the field
}

// members returns the members of a rule in the order in which they are written.
func members() []member {
	return []member{
		{"id", nil, func(r *Rule) any { return &r.ID }},
		{"method", nil, func(r *Rule) any { return &r.Method }},
		{"bucket", nil, func(r *Rule) any { return &r.Bucket }},
		{"operation", nil, func(r *Rule) any { return &r.Operation }},
		{"skip", nil, func(r *Rule) any { return &r.Skip }},
		{"count", nil, func(r *Rule) any { return &r.Count }},
		{"probability", nil, func(r *Rule) any { return &r.Probability }},
		{"seed", nil, func(r *Rule) any { return &r.Seed }},
		{"kind", nil, func(r *Rule) any { return &r.Kind }},
		{"delay", []Kind{Latency}, func(r *Rule) any { return &r.Delay }},
		{"jitter", []Kind{Latency}, func(r *Rule) any { return &r.Jitter }},
		{"after", []Kind{Latency, Reset, Status}, func(r *Rule) any { return &r.After }},
		{"bytes", []Kind{Truncate}, func(r *Rule) any { return &r.Bytes }},
		{"status", []Kind{Status}, func(r *Rule) any { return &r.Status }},
		{"code", []Kind{Status, Throttle}, func(r *Rule) any { return &r.Code }},
		{"message", []Kind{Status}, func(r *Rule) any { return &r.Message }},
		{"ec", []Kind{Status}, func(r *Rule) any { return &r.EC }},
		{"offset", []Kind{Date}, func(r *Rule) any { return &r.Offset }},
	}
}

// kinds returns all kinds in the order of the documentation.
func kinds() []Kind {
	return []Kind{Latency, Reset, Truncate, MalformedXML, Status, Date, Throttle}
}

// takenBy reports whether rules of a kind have the member.
func (m member) takenBy(k Kind) bool { return m.kinds == nil || slices.Contains(m.kinds, k) }

// isZero reports whether r leaves the member out.
func (m member) isZero(r *Rule) bool {
	switch p := m.field(r).(type) {
	case *string:
		return *p == ""
	case *Kind:
		return *p == ""
	case *bool:
		return !*p
	case *int:
		return *p == 0
	case *uint64:
		return *p == 0
	case *float64:
		return *p == 0
	case *time.Duration:
		return *p == 0
	default:
		panic(fmt.Sprintf("fault: member %s is a %T", m.name, p))
	}
}

// names lists the members that rules of a kind take beside the common ones, for an error message.
func (k Kind) names() string {
	var names []string
	for _, m := range members() {
		if m.kinds != nil && m.takenBy(k) {
			names = append(names, m.name)
		}
	}
	if names == nil {
		return "none of its own"
	}
	return strings.Join(names, ", ")
}
