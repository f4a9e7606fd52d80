package fault

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"time"
)

// A Plan is what happens to one request. The zero value lets it pass.
type Plan struct {
	ids           []string
	before, after time.Duration // how long it waits before the handler and before the answer

	// At most one rule each; nil for none.
	outcome *Rule // Reset, Status or Throttle
	body    *Rule // Truncate or MalformedXML
	date    *Rule
}

// IDs returns the rules that fired, in the order of the set; none for a request that passes.
func (p Plan) IDs() []string { return slices.Clone(p.ids) }

// choose makes a plan of the rules that are due and counts those that fire. The package comment says how they combine.
func choose(due []candidate) Plan {
	var p Plan
	for _, c := range due {
		switch c.Kind {
		case Reset, Status, Throttle:
			if p.outcome == nil {
				p.outcome = &c.Rule
			}
		}
	}
	for _, c := range due {
		if p.take(c) {
			c.Fired++
			p.ids = append(p.ids, c.ID)
		}
	}
	return p
}

// take reports whether the rule has a place in the plan, and gives it that place.
func (p *Plan) take(c candidate) bool {
	answered := p.outcome == nil || p.outcome.Kind != Reset
	switch c.Kind {
	case Latency:
		if !c.After {
			p.before += c.delay
			return true
		}
		if answered || p.outcome.After {
			p.after += c.delay
			return true
		}
		return false
	case Truncate, MalformedXML:
		return answered && place(&p.body, &c.Rule)
	case Date:
		return answered && place(&p.date, &c.Rule)
	default:
		return p.outcome == &c.Rule
	}
}

func place(where **Rule, r *Rule) bool {
	if *where != nil {
		return false
	}
	*where = r
	return true
}

// Options say how a plan is carried out.
type Options struct {
	// Refuse writes an error in the form of OSS. ec may be empty. A text with code and message is written if nil.
	Refuse func(w http.ResponseWriter, r *http.Request, status int, code, message, ec string)
	// Sleep waits for d and returns nil, or an error as soon as ctx ends; it is real time if nil.
	Sleep func(ctx context.Context, d time.Duration) error
	// Now is the clock that an answer without a Date is dated with; time.Now if nil.
	Now func() time.Time
}

func (o Options) withDefaults() Options {
	if o.Refuse == nil {
		o.Refuse = func(w http.ResponseWriter, _ *http.Request, status int, code, message, _ string) {
			http.Error(w, code+": "+message, status)
		}
	}
	if o.Sleep == nil {
		o.Sleep = sleep
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	return o
}

func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Apply answers the request with next, or as the plan says. w must not have been written to; headers that are set
// already stay, and refused and changed answers have them too.
//
// When the request's context ends during a wait, the wait ends at once and the connection is closed without an answer;
// next has not run then, unless the wait was one with After. A wait that is longer than the server's WriteTimeout ends
// without an answer too.
//
// Apply reads up to 1 MiB of the request's body before it waits, for net/http does not see sooner that a client is
// gone, and before it refuses or resets, as a service far away has it by then: a client that is answered while it
// still sends may stumble over that alone. r gets a Body that has it all. A client that expects 100 Continue gets it
// before a wait, and before a refusal does not.
//
// An answer that is changed is held back until it is complete. To reset or to break off, the connection is taken over
// (see [net/http.Hijacker]); where that is not possible, as in HTTP/2, Apply panics with [net/http.ErrAbortHandler],
// which ends the stream.
func (p Plan) Apply(w http.ResponseWriter, r *http.Request, next http.Handler, o Options) {
	o = o.withDefaults()
	if p.before > 0 || p.outcome != nil && !p.outcome.After && !expectsContinue(r) {
		readAhead(r)
	}
	if !wait(r, p.before, o) {
		hangUp(w)
		return
	}
	if p.outcome == nil && p.body == nil && p.date == nil && p.after == 0 {
		next.ServeHTTP(w, r)
		return
	}
	if p.resets() && !p.outcome.After {
		reset(w)
		return
	}
	a := p.answer(w.Header(), r, next, o)
	if p.after > 0 {
		readAhead(r)
	}
	if !wait(r, p.after, o) {
		hangUp(w)
		return
	}
	if p.resets() {
		reset(w)
		return
	}
	if p.date != nil {
		a.shiftDate(p.date.Offset, o.Now)
	}
	switch {
	case p.body == nil:
		a.send(w)
	case p.body.Kind == MalformedXML:
		a.damage(r)
		a.send(w)
	default:
		a.sendPart(w, r, p.body.Bytes)
	}
}

func (p Plan) resets() bool { return p.outcome != nil && p.outcome.Kind == Reset }

// answer returns the handler's answer, or the error that takes its place.
func (p Plan) answer(h http.Header, r *http.Request, next http.Handler, o Options) *answer {
	a := newAnswer(h)
	if p.outcome == nil || p.outcome.After {
		next.ServeHTTP(a, r)
	}
	if p.outcome != nil && !p.resets() {
		a = newAnswer(h)
		p.outcome.refuse(a, r, o)
	}
	return a
}

// refuse writes the error of a Status or Throttle rule.
func (r *Rule) refuse(w http.ResponseWriter, req *http.Request, o Options) {
	if r.Kind == Throttle {
		t, _ := findThrottling(r.Code)
		o.Refuse(w, req, t.status, t.code, t.message, t.ec)
		return
	}
	message := r.Message
	if message == "" {
		message = fmt.Sprintf("The fault rule %s answers this.", r.ID)
	}
	o.Refuse(w, req, r.Status, r.Code, message, r.EC)
}

// wait waits and reports whether the client is still there.
func wait(r *http.Request, d time.Duration, o Options) bool {
	return d == 0 || o.Sleep(r.Context(), d) == nil
}
