package fault

import (
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// ErrRule is the cause of every error about a rule, or about a document that rules are read from.
var ErrRule = errors.New("fault: bad rule")

// Bounds that keep sums of durations and dates in range; no test waits as long.
const (
	maxDelay   = 24 * time.Hour
	maxOffset  = 10 * 365 * 24 * time.Hour
	maxID      = 64
	maxMessage = 1024
)

// A RuleError says what is wrong with a rule. It wraps [ErrRule].
type RuleError struct {
	Index   int    // the position of the rule among those that were given, from 0; -1 for a rule by itself
	Member  string // as in JSON, such as probability; empty for the rule as a whole
	Problem string // what is wrong and what is allowed
}

// Error returns all of it in one line: fault: rules[2].probability: ….
func (e *RuleError) Error() string {
	where := "rule"
	if e.Index >= 0 {
		where = fmt.Sprintf("rules[%d]", e.Index)
	}
	if e.Member != "" {
		where += "." + e.Member
	}
	return "fault: " + where + ": " + e.Problem
}

// Unwrap returns [ErrRule].
func (e *RuleError) Unwrap() error { return ErrRule }

// Validate returns a *[RuleError] for the first member that is wrong, or nil.
func (r Rule) Validate() error {
	if e := r.check(); e != nil {
		return e
	}
	return nil
}

// check is Validate for a rule whose index the caller knows.
func (r *Rule) check() *RuleError {
	bad := func(member, format string, args ...any) *RuleError {
		return &RuleError{Index: -1, Member: member, Problem: fmt.Sprintf(format, args...)}
	}
	if !r.Kind.known() {
		return bad("kind", "%q must be one of %s", r.Kind, strings.Trim(fmt.Sprint(kinds()), "[]"))
	}
	for _, m := range members() {
		if !m.takenBy(r.Kind) && !m.isZero(r) {
			return bad(m.name, "kind %s does not take it; it takes %s", r.Kind, r.Kind.names())
		}
	}
	switch {
	case len(r.ID) > maxID || !isWord(r.ID, ".-_"):
		return bad("id", "%q must have at most %d letters, digits, dots, hyphens and underscores", clip(r.ID), maxID)
	case !isWord(r.Method, "-") || r.Method != strings.ToUpper(r.Method):
		return bad("method", "%q must be an HTTP method in capitals, such as PUT", clip(r.Method))
	case !isWord(r.Operation, ""):
		return bad("operation", "%q must be the name of an operation, such as PutBucketHttpsConfig", clip(r.Operation))
	case strings.ContainsFunc(r.Bucket, unprintable) || strings.ContainsAny(r.Bucket, "/ "):
		return bad("bucket", "%q must be the name of a bucket, such as examplebucket", clip(r.Bucket))
	case r.Skip < 0:
		return bad("skip", "%d must be 0 or more", r.Skip)
	case r.Count < 0:
		return bad("count", "%d must be 0, for no end, or more", r.Count)
	case !(r.Probability >= 0 && r.Probability <= 1): // holds for NaN too
		return bad("probability", "%v must be over 0 and at most 1", r.Probability)
	}
	return r.checkKind(bad)
}

// checkKind checks the members that belong to the kind.
func (r *Rule) checkKind(bad func(member, format string, args ...any) *RuleError) *RuleError {
	switch {
	case r.Delay < 0 || r.Delay > maxDelay:
		return bad("delay", "%v must be from 0s to %v", r.Delay, maxDelay)
	case r.Jitter < 0 || r.Jitter > maxDelay:
		return bad("jitter", "%v must be from 0s to %v", r.Jitter, maxDelay)
	case r.Kind == Latency && r.Delay == 0 && r.Jitter == 0:
		return bad("delay", "is missing: kind %s needs a delay, such as 150ms, or a jitter", r.Kind)
	case r.Bytes < 0:
		return bad("bytes", "%d must be 0, for half of the body, or more", r.Bytes)
	case r.Kind == Status && (r.Status < 400 || r.Status > 599):
		return bad("status", "%d must be from 400 to 599", r.Status)
	case r.Kind == Status && (r.Code == "" || len(r.Code) > maxID || !isWord(r.Code, ".-_")):
		return bad("code", "%q must be an error code of 1 to %d letters and digits, such as InternalError", clip(r.Code), maxID)
	case len(r.Message) > maxMessage || strings.ContainsFunc(r.Message, unprintable):
		return bad("message", "%q must be printable and at most %d bytes long", clip(r.Message), maxMessage)
	case len(r.EC) > maxID || !isWord(r.EC, "-"):
		return bad("ec", "%q must have at most %d digits, letters and hyphens, as in 0015-00000101", clip(r.EC), maxID)
	case r.Kind == Date && r.Offset == 0:
		return bad("offset", "is missing: kind %s needs one, such as -20m", r.Kind)
	case r.Offset < -maxOffset || r.Offset > maxOffset:
		return bad("offset", "%v must be from -%v to %v", r.Offset, maxOffset, maxOffset)
	case r.Kind == Throttle:
		if _, ok := findThrottling(r.Code); !ok {
			return bad("code", "%q must be one of %s; kind status takes any", clip(r.Code), throttleCodes())
		}
	}
	return nil
}

func (k Kind) known() bool {
	for _, other := range kinds() {
		if k == other {
			return true
		}
	}
	return false
}

// isWord reports whether s has only ASCII letters, digits and the further characters.
func isWord(s, further string) bool {
	for i := range len(s) {
		c := s[i]
		if !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte(further, c) >= 0) {
			return false
		}
	}
	return true
}

// unprintable is true of what has no place in a name or a message, invalid UTF-8 included.
func unprintable(c rune) bool { return c == utf8.RuneError || !unicode.IsPrint(c) }

// clip keeps a value that is quoted in an error short.
func clip(s string) string {
	if len(s) <= maxID {
		return s
	}
	return strings.ToValidUTF8(s[:maxID], "") + "…"
}
