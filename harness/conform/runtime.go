package conform

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"sync"
	"time"
)

// A runtimeRun is one runtime of a run: the processes that share its cases, and what came of them.
type runtimeRun struct {
	o      Options
	driver Driver
	asks   selection
	report func(Progress)
	ctx    context.Context // of all its processes
	cancel context.CancelCauseFunc

	feed  sync.Once
	cases chan Case
	fed   chan struct{} // closed when every case was taken

	mu       sync.Mutex
	greeted  bool
	started  time.Time
	busy     time.Duration // of all processes
	dealt    int
	result   RuntimeResult
	expected map[string]*ExpectedFailure // by case, those that have not failed yet
	passed   map[string]bool             // the cases of expected that passed
}

func newRuntimeRun(ctx context.Context, o Options, d Driver, report func(Progress)) *runtimeRun {
	r := &runtimeRun{o: o, driver: d, asks: o.selection(d), report: report, cases: make(chan Case), fed: make(chan struct{})}
	r.ctx, r.cancel = context.WithCancelCause(ctx)
	r.result = RuntimeResult{Name: d.Name, Form: d.Form, Asked: r.asks.count(), Every: r.asks.every, Operations: map[string]Count{}}
	r.expected, r.passed = map[string]*ExpectedFailure{}, map[string]bool{}
	for _, e := range o.Expected {
		if e.Runtime == d.Name {
			r.expected[e.Case] = &e
		}
	}
	return r
}

// process runs one driver process on the cases that the others leave.
func (r *runtimeRun) process() {
	first := false
	r.feed.Do(func() {
		first = true
		r.started = time.Now()
		r.report(Progress{Runtime: r.driver.Name, Total: r.result.Asked})
		go r.deal()
	})
	select {
	case <-r.fed:
		if !first {
			return // the others were done before this one got its turn
		}
	case <-r.ctx.Done():
		return
	default:
	}
	p := &process{
		driver:  r.driver,
		timeout: r.o.Timeout,
		start:   r.o.startTimer,
		welcome: r.welcome,
		judge:   r.judge,
		pending: make(chan Case, r.o.Window),
		quit:    make(chan struct{}),
	}
	err := p.run(r.ctx, r.cases)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.result.Elapsed = max(r.result.Elapsed, time.Since(r.started))
	r.result.Processes++
	r.busy += p.busy
	if cold, ok := coldStart(p.stderr.String()); ok && (r.result.ColdStart == 0 || cold < r.result.ColdStart) {
		r.result.ColdStart = cold
	}
	var fault *Fault
	if errors.As(err, &fault) && r.result.Fault == nil {
		r.result.Fault = fault
		r.cancel(fault) // the runtime has failed: its other processes need not go on
	}
}

// deal hands out the cases.
func (r *runtimeRun) deal() {
	defer close(r.cases)
	for c := range r.asks.cases {
		select {
		case r.cases <- c:
			r.mu.Lock()
			r.dealt++
			r.mu.Unlock()
		case <-r.ctx.Done():
			return
		}
	}
	close(r.fed)
}

// left returns how many cases no process has taken yet.
func (r *runtimeRun) left() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.result.Fault != nil {
		return 0
	}
	return r.result.Asked - r.dealt
}

// welcome holds the first line of a driver against the cases and against the other processes of the same runtime.
func (r *runtimeRun) welcome(a About) error {
	if err := a.misfit(r.o.ABI, r.o.Operations); err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.greeted && !reflect.DeepEqual(r.result.About, a) {
		return fmt.Errorf("%w: two of its processes say different things about it", ErrAbout)
	}
	r.greeted, r.result.About = true, a
	return nil
}

// judge compares one answer.
func (r *runtimeRun) judge(c Case, got Answer) error {
	status, out, err := r.o.Reference(r.ctx, c.Op, c.In)
	if err != nil {
		return &Fault{Case: c.ID, Err: fmt.Errorf("%w: %w", ErrCall, err)}
	}
	want := Answer{status, out}
	why := c.Want.check(got)
	if !got.equal(want) {
		why = differsFromReference
	}

	r.mu.Lock()
	defer r.mu.Unlock()
	r.count(c, why, want, got)
	if r.result.Cases%ProgressEvery == 0 {
		r.report(r.progress())
	}
	return nil
}

// count enters one comparison; why is empty for a case that passed.
func (r *runtimeRun) count(c Case, why string, want, got Answer) {
	n := r.result.Operations[c.Op]
	n.Cases++
	r.result.Cases++
	expected := r.expected[c.ID]
	switch {
	case why == "" && expected != nil:
		r.passed[c.ID] = true
	case why != "" && expected != nil:
		delete(r.expected, c.ID)
		r.result.Expected = append(r.result.Expected, *expected)
	case why != "":
		n.Differences++
		r.result.Differences++
		if len(r.result.First) < r.o.Differences {
			r.result.First = append(r.result.First, Difference{c.ID, c.Op, c.In, why, want, got})
		}
	}
	r.result.Operations[c.Op] = n
}

func (r *runtimeRun) progress() Progress {
	return Progress{Runtime: r.driver.Name, Done: r.result.Cases, Total: r.result.Asked, Differences: r.result.Differences}
}

// end closes the account when the last process has ended.
func (r *runtimeRun) end() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.cancel(nil)
	if r.result.Cases > 0 {
		r.result.PerCall = r.busy / time.Duration(r.result.Cases)
	}
	for _, e := range r.o.Expected {
		if r.expected[e.Case] == nil || e.Runtime != r.driver.Name || r.result.Fault != nil || r.asks.leavesOut(e.Case) {
			continue
		}
		r.result.Stale = append(r.result.Stale, Stale{e, r.passed[e.Case]})
	}
	p := r.progress()
	p.Ended, p.Failed, p.Elapsed = true, !r.result.OK(), r.result.Elapsed
	r.report(p)
}

// finish returns what came of the runtime.
func (r *runtimeRun) finish() RuntimeResult {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.result
}
