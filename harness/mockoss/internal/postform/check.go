package postform

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/ossconf/ossconf/internal/ascii"
	"github.com/ossconf/ossconf/source"
)

// Check judges a form by its policy, the JSON that VerifyPost returns as Verified.Policy; bucket is the one that was
// addressed. The error is an *[Error] for the first condition that does not hold.
//
// The caller has to have called VerifyPost before. It checks what Check does not: the signature, that the policy has an
// expiration and has not expired, and that its conditions repeat the fields of the signature. A form without a policy
// has nothing to check.
//
// A condition looks at the value of a field before ${filename} is replaced (documented); so the key it sees is not that
// of [Form.Key]. Names are in any case, values are not. A field that a condition names has to be there (documented with
// EC 0006-00000226), and each of them has to hold if there are more, which is assumed. Fields that no condition names may
// have any value (documented). $bucket is bucket, whatever the form says. $content-type is the type that the object
// would get: the documents recommend the condition against tampering with the type, and do not say which of the three
// places of a type it looks at. There is no rule for lists of types as S3 has one.
func Check(policy string, form *Form, bucket string) error {
	conditions, fault := parsePolicy(policy)
	if fault != nil {
		return fault
	}
	for i := range conditions {
		c := &conditions[i]
		if fault := c.check(form, bucket); fault != nil {
			fault.Place = c.place
			return fault
		}
	}
	return nil
}

func (c *condition) check(form *Form, bucket string) *Error {
	if c.op == sizeRange {
		switch size := len(form.File.Content); {
		case size < c.least:
			return fileTooSmall(c.least, size)
		case size > c.most:
			return fileTooLarge(c.most, size)
		}
		return nil
	}
	values := form.judged(c.name, bucket)
	if len(values) == 0 {
		return c.failed("0006-00000226", "send the field, which the policy demands")
	}
	for _, value := range values {
		if !c.holds(value) {
			return c.failed("0006-00000227", "send what the condition demands, or sign another policy")
		}
	}
	return nil
}

// judged returns the values that a condition on a name looks at.
func (f *Form) judged(name, bucket string) []string {
	switch ascii.Lower(name) {
	case "bucket":
		return []string{bucket}
	case "content-type":
		if t, ok := f.contentType(); ok {
			return []string{t}
		}
		return nil
	}
	var values []string
	for _, field := range f.Fields {
		if ascii.EqualFold(field.Name, name) {
			values = append(values, field.Value)
		}
	}
	return values
}

func (c *condition) holds(value string) bool {
	switch c.op {
	case equal:
		return value == c.values[0]
	case startsWith:
		return strings.HasPrefix(value, c.values[0])
	case in:
		return slices.Contains(c.values, value)
	default: // notIn
		return !slices.Contains(c.values, value)
	}
}

// failed has the documented code, message and ECs.
func (c *condition) failed(ec, hint string) *Error {
	return &Error{
		Status: 403, Code: "AccessDenied", EC: ec, Err: ErrCondition, Hint: hint,
		Message: "Invalid according to Policy: Policy Condition failed: " + c.String(),
	}
}

// notOneProperty is the documented message for a policy without conditions; its words are those for an object that does
// not have one member.
const notOneProperty = "Invalid Simple-Condition: Simple-Conditions must have exactly one property specified."

// invalidPolicy has the documented code and beginning of the message. The ECs are those whose pages tell the case; what
// follows the beginning is ours, but for notOneProperty.
func invalidPolicy(message, ec, place string) *Error {
	e := badRequest("InvalidPolicyDocument", "Invalid Policy: "+message, ec, ErrPolicy,
		"mend the policy and sign it again")
	e.Place = place
	return e
}

// invalidJSON begins as the documented messages "Invalid JSON: unknown char e" and "Invalid JSON: , or ] expected" do.
func invalidJSON(err error) *Error {
	message, place := "the policy is not JSON", ""
	var p *source.ParseError
	if errors.As(err, &p) {
		message = p.Message()
		place = "policy, line " + strconv.Itoa(p.Line) + ", column " + strconv.Itoa(p.Column)
	}
	return invalidPolicy("Invalid JSON: "+message+".", "0006-00000204", place)
}

// wrongType is the documented case of EC 0006-00000224.
func wrongType(what, kind string) *Error {
	return invalidPolicy("Invalid Condition: "+what+" must be "+kind+".", "0006-00000224", "")
}
