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
	report func(Progress)
	ctx    context.Context // of all its processes
	cancel context.CancelCauseFunc

	feed  sync.Once
	cases chan Case
	fed   chan struct{} // closed when every case was taken

	mu       sync.Mutex
	greeted  bool
	started  time.Time
	result   RuntimeResult
	expected map[string]*ExpectedFailure // by case, those that have not failed yet
	passed   map[string]bool             // the cases of expected that passed
}

func newRuntimeRun(ctx context.Context, o Options, d Driver, report func(Progress)) *runtimeRun {
	r := &runtimeRun{o: o, driver: d, report: report, cases: make(chan Case), fed: make(chan struct{})}
	r.ctx, r.cancel = context.WithCancelCause(ctx)
	r.result = RuntimeResult{Name: d.Name, Operations: map[string]Count{}}
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
	var fault *Fault
	if errors.As(err, &fault) && r.result.Fault == nil {
		r.result.Fault = fault
		r.cancel(fault) // the runtime has failed: its other processes need not go on
	}
}

// deal hands out the cases.
func (r *runtimeRun) deal() {
	defer close(r.cases)
	for c := range Cases(r.o.Fixtures, r.o.PerOperation) {
		select {
		case r.cases <- c:
		case <-r.ctx.Done():
			return
		}
	}
	close(r.fed)
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
		r.report(Progress{Runtime: r.driver.Name, Done: r.result.Cases, Differences: r.result.Differences})
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
		r.result.Expected++
	case why != "":
		n.Differences++
		r.result.Differences++
		if len(r.result.First) < r.o.Differences {
			r.result.First = append(r.result.First, Difference{c.ID, c.Op, c.In, why, want, got})
		}
	}
	r.result.Operations[c.Op] = n
}

// finish closes the account.
func (r *runtimeRun) finish() RuntimeResult {
	r.cancel(nil)
	for _, e := range r.o.Expected {
		if r.expected[e.Case] == nil || e.Runtime != r.driver.Name || r.result.Fault != nil {
			continue
		}
		r.result.Stale = append(r.result.Stale, Stale{e, r.passed[e.Case]})
	}
	r.report(Progress{Runtime: r.driver.Name, Done: r.result.Cases, Differences: r.result.Differences})
	return r.result
}
