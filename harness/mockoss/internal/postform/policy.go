package postform

import (
	"math"
	"strconv"
	"strings"

	"github.com/ossconf/ossconf/internal/ascii"
	"github.com/ossconf/ossconf/jsoncodec"
)

// An operator is how a condition compares.
type operator string

const (
	equal      operator = "eq"
	startsWith operator = "starts-with"
	in         operator = "in"
	notIn      operator = "not-in"
	sizeRange  operator = "content-length-range"
)

// A condition is one condition of a policy.
type condition struct {
	place  string
	op     operator
	name   string   // of a field, without $; not of sizeRange
	values []string // one, but for in and notIn
	least  int      // of sizeRange, in bytes
	most   int
}

// parsePolicy reads the conditions of a policy. The text is read as VerifyPost does it: names given twice, data behind
// the object, deep nesting and what is not UTF-8 are refused, so that nobody can sign one policy and be judged by
// another. It is read whole before anything is judged, which is assumed.
//
// A policy with the documented escape \$ is no JSON and is refused, here as by VerifyPost.
func parsePolicy(text string) ([]condition, *Error) {
	policy, err := jsoncodec.Parse(text)
	if err != nil {
		return nil, invalidJSON(err)
	}
	if policy.Kind() != jsoncodec.Object {
		return nil, invalidPolicy("Invalid JSON: the policy has to be an object.", "0006-00000204", "")
	}
	var list jsoncodec.Value
	for m := policy.First(); m.OK(); m = m.Next() {
		switch m.Name() {
		case "expiration": // VerifyPost has judged it
		case "conditions":
			list = m
		default:
			return nil, invalidPolicy("Unexpected member "+quote(m.Name())+".", "0006-00000206", "")
		}
	}
	switch {
	case !list.OK():
		return nil, invalidPolicy("Policy missing conditions.", "0006-00000207", "")
	case list.Kind() != jsoncodec.Array:
		return nil, invalidPolicy("Conditions must be a list.", "0006-00000214", "conditions")
	case !list.First().OK():
		return nil, invalidPolicy(notOneProperty, "0006-00000215", "conditions")
	}
	var conditions []condition
	for v := list.First(); v.OK(); v = v.Next() {
		place := "conditions[" + strconv.Itoa(len(conditions)) + "]"
		c, fault := parseCondition(v)
		if fault != nil {
			fault.Place = place
			return nil, fault
		}
		c.place = place
		conditions = append(conditions, c)
	}
	return conditions, nil
}

func parseCondition(v jsoncodec.Value) (condition, *Error) {
	switch v.Kind() {
	case jsoncodec.Object:
		return parseObject(v)
	case jsoncodec.Array:
		return parseList(v)
	}
	return condition{}, invalidPolicy("Conditions must be objects or lists.", "0006-00000222", "")
}

// parseObject reads {"NAME": "VALUE"}.
func parseObject(v jsoncodec.Value) (condition, *Error) {
	m := v.First()
	switch {
	case !m.OK() || m.Next().OK():
		return condition{}, invalidPolicy(notOneProperty, "", "")
	case m.Kind() != jsoncodec.String:
		return condition{}, wrongType("the value", "a string")
	}
	return condition{op: equal, name: fieldName(m.Name()), values: []string{m.Text()}}, nil
}

// parseList reads ["OPERATOR", …]. Operators are case-sensitive, which is assumed.
func parseList(v jsoncodec.Value) (condition, *Error) {
	var items []jsoncodec.Value
	for item := v.First(); item.OK() && len(items) < 4; item = item.Next() {
		items = append(items, item)
	}
	if len(items) == 0 || items[0].Kind() != jsoncodec.String || strings.HasPrefix(items[0].Text(), "$") {
		return condition{}, invalidPolicy("A condition has no matching mode.", "0006-00000216", "")
	}
	c := condition{op: operator(items[0].Text())}
	switch c.op {
	case equal, startsWith, in, notIn, sizeRange:
	default:
		return condition{}, invalidPolicy("Unknown matching mode "+quote(items[0].Text())+".", "0006-00000217", "")
	}
	if len(items) != 3 {
		return condition{}, invalidPolicy("A condition "+string(c.op)+" has to have two arguments.", "0006-00000218", "")
	}
	if c.op == sizeRange {
		return c.parseRange(items[1], items[2])
	}
	if items[1].Kind() != jsoncodec.String {
		return condition{}, wrongType("the field", "a string")
	}
	c.name = fieldName(items[1].Text())
	return c.parseValues(items[2])
}

// parseRange reads the arguments of a content-length-range. Numbers in quotes are refused: uploads were reported to fail
// with them. That 0 is taken shows in the examples, though the documents ask for positive integers.
func (c condition) parseRange(least, most jsoncodec.Value) (condition, *Error) {
	const wrong = "Invalid content-length-range: "
	for _, v := range []jsoncodec.Value{least, most} {
		if k := v.Kind(); k != jsoncodec.Number && k != jsoncodec.String {
			return condition{}, invalidPolicy(wrong+"sizes must be integers.", "0006-00000223", "")
		}
	}
	var ok bool
	if c.least, ok = least.Int(math.MaxInt); !ok {
		return condition{}, invalidPolicy(wrong+"the minimum must be a positive integer.", "0006-00000220", "")
	}
	if c.most, ok = most.Int(math.MaxInt); !ok {
		return condition{}, invalidPolicy(wrong+"the maximum must be a positive integer.", "0006-00000221", "")
	}
	if c.most < c.least {
		return condition{}, invalidPolicy(wrong+"the maximum is less than the minimum.", "0006-00000219", "")
	}
	return c, nil
}

func (c condition) parseValues(v jsoncodec.Value) (condition, *Error) {
	if c.op == equal || c.op == startsWith {
		if v.Kind() != jsoncodec.String {
			return condition{}, wrongType("the value of "+string(c.op), "a string")
		}
		c.values = []string{v.Text()}
		return c, nil
	}
	if v.Kind() != jsoncodec.Array {
		return condition{}, wrongType("the value of "+string(c.op), "a list")
	}
	for item := v.First(); item.OK(); item = item.Next() {
		if item.Kind() != jsoncodec.String {
			return condition{}, wrongType("each value of "+string(c.op), "a string")
		}
		c.values = append(c.values, item.Text())
	}
	return c, nil
}

// fieldName returns a name without the $ that marks it. Examples in the documents leave the $ out, and the answer that is
// printed for one of them shows it nevertheless.
func fieldName(s string) string { return strings.TrimPrefix(s, "$") }

// String returns the condition as OSS writes it into the message of a violated one, an object as a list with eq (both
// documented). OSS does so with security tokens as well; here stars take their place.
func (c *condition) String() string {
	b := []byte(`["` + string(c.op) + `", `)
	b = append(jsoncodec.AppendString(b, "$"+c.name), ", "...)
	if c.op == equal || c.op == startsWith {
		return string(append(c.appendValue(b, 0), ']'))
	}
	b = append(b, '[')
	for i := range c.values {
		if i > 0 {
			b = append(b, ", "...)
		}
		b = c.appendValue(b, i)
	}
	return string(append(b, "]]"...))
}

func (c *condition) appendValue(b []byte, i int) []byte {
	value := c.values[i]
	if value != "" && ascii.EqualFold(c.name, "x-oss-security-token") {
		value = "***"
	}
	return jsoncodec.AppendString(b, value)
}
