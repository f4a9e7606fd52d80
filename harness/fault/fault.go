// Package fault makes an [net/http.Handler] that plays OSS go wrong by rule: answers that come late, connections that
// are reset, bodies that break off, errors, throttling, damaged XML, a wrong clock. It is for tests of what a client
// does then.
//
// Read rules with [ParseRules] or write them as [Rule] values, and give them to a [Set] with [Set.Load]. The handler
// asks the set with [Set.Decide] once it knows which bucket and operation a request is about, and carries the answer
// out with [Plan.Apply] around the rest of its work:
//
//	plan := faults.Decide(fault.Request{Method: r.Method, Bucket: bucket, Operation: "PutBucketHttpsConfig"})
//	plan.Apply(w, r, rest, fault.Options{Refuse: refuse})
//
// # Several rules at once
//
// Each rule decides for itself whether it is due. Of those that are due for a request, these fire:
//
//   - every [Latency]: the delays add up, those with After apart from those without;
//   - the first of [Reset], [Status] and [Throttle]: it says what happens in place of the handler's answer;
//   - the first of [Truncate] and [MalformedXML], and the first [Date]: they change the answer that goes out, be it
//     the handler's or an error.
//
// First is the order of the set. A rule that is due but does not fire has matched, and uses up nothing of its Count.
// With a Reset no answer goes out, so nothing fires that would change it. A request is delayed, then handled or
// refused, then delayed again (After), then reset or answered. So latency and status together give an error that
// comes late, and date and status with RequestTimeTooSkewed a client whose clock is wrong.
package fault

import "time"

// A Kind says what a rule does to a request.
type Kind string

// The kinds of faults. Each says which members of [Rule] it takes; Validate refuses the others.
const (
	// Latency delays a request by Delay and up to Jitter more: before the handler runs, or, with After, when it has
	// run and before the answer goes out.
	Latency Kind = "latency"

	// Reset resets the connection (RST): before the handler runs, or, with After, when it has run and before a byte
	// of the answer. net/http's client sends a request without a body again by itself when a connection that it had
	// used before is reset: such a request matches twice.
	Reset Kind = "reset"

	// Truncate breaks the body off, after Bytes of it or half way, under a head that promises all of it. Where there
	// is no body, one byte is promised that never comes; where there can be none (HEAD, 204, 304), the head breaks off.
	Truncate Kind = "truncate"

	// MalformedXML takes the last end tag from an XML body and sends the rest with the right Content-Length. In place
	// of a body that is no XML, or none, an element is sent that does not end. An answer that can have no body (HEAD,
	// 204, 304) stays as it is.
	MalformedXML Kind = "malformed-xml"

	// Status answers the error Status, Code, Message and EC: before the handler runs, or, with After, in place of its
	// answer: the request is carried out, but not acknowledged.
	Status Kind = "status"

	// Date shifts the Date header of the answer by Offset.
	Date Kind = "date"

	// Throttle answers, before the handler runs, as OSS does to an account that asks too much. Code picks how, see
	// [DefaultThrottleCode].
	Throttle Kind = "throttle"
)

// A Rule is a fault and the requests that it befalls. Every member has a JSON form of the same name in snake_case.
type Rule struct {
	// ID names the rule in its set: 1 to 64 letters, digits, dots, hyphens and underscores. A set makes one up when
	// it is empty.
	ID string

	// What has to match, exactly; empty matches everything.
	Method    string // in capitals
	Bucket    string
	Operation string // as the OSS documents call it, such as PutBucketHttpsConfig

	// Skip lets so many matching requests pass first.
	Skip int
	// Count is how often the rule fires at most; 0 for no end.
	Count int
	// Probability is how likely a matching request is hit, over 0 and up to 1; 0 stands for 1.
	Probability float64
	// Seed starts the random numbers behind Probability and Jitter. What is drawn for the nth matching request depends
	// on Seed and n alone, so that a run can be repeated. Rules with the same seed draw the same: give each its own,
	// unless they shall fire together.
	Seed uint64

	Kind Kind

	Delay   time.Duration // of Latency
	Jitter  time.Duration // of Latency
	After   bool          // of Latency, Reset and Status
	Bytes   int           // of Truncate: how much of the body is sent; 0 for half, and never all of it
	Status  int           // of Status: 400 to 599
	Code    string        // of Status, such as InternalError; of Throttle
	Message string        // of Status; names the rule if empty
	EC      string        // of Status: the fine-grained error code, such as 0015-00000101; may be empty
	Offset  time.Duration // of Date; may be negative
}

// A Request is what a rule is matched with.
type Request struct {
	Method    string
	Bucket    string // empty for a request to the service
	Operation string // empty if it could not be told: no rule that names one matches then
}

func (r *Rule) matches(q Request) bool {
	return (r.Method == "" || r.Method == q.Method) &&
		(r.Bucket == "" || r.Bucket == q.Bucket) &&
		(r.Operation == "" || r.Operation == q.Operation)
}
