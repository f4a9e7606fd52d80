// Package conform runs the same cases on every runtime and compares the bytes.
//
// Call [Run] with the drivers to test. A driver is a program that answers cases on standard input and output;
// [Serve] is the loop of one written in Go. [Cases] are the questions, [Native] the answers they are held against.
package conform

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"time"

	"github.com/ossconf/ossconf/core"
)

// Native runs an operation in this process. Its answers are those every runtime has to give.
func Native(_ context.Context, op string, in []byte) (byte, []byte, error) {
	status, out := core.Call(op, in)
	return byte(status), out, nil
}

// Run starts the drivers, asks each of them its cases and compares the answers, byte for byte, with those of the
// reference, and with what the fixtures expect. A driver that breaks the protocol is stopped; the others go on.
//
// What is found is in the result, and [Result.Err] sums it up. An error of Run itself means that there is no result:
// it wraps [ErrOptions] or is the cause for which ctx ended. Of the answers only the differences that the result
// shows are kept.
func Run(ctx context.Context, o Options) (*Result, error) {
	o, err := o.withDefaults()
	if err != nil {
		return nil, err
	}
	started := time.Now()
	report := func(Progress) {}
	if o.Progress != nil {
		var mu sync.Mutex
		report = func(p Progress) {
			mu.Lock()
			defer mu.Unlock()
			o.Progress(p)
		}
	}
	runs := make([]*runtimeRun, len(o.Drivers))
	for i, d := range o.Drivers {
		runs[i] = newRuntimeRun(ctx, o, d, report)
	}
	queue := newSchedule(runs, 10*o.Window)
	var workers sync.WaitGroup
	for range o.Processes {
		workers.Go(func() {
			for r := queue.next(); r != nil && ctx.Err() == nil; r = queue.next() {
				r.process()
				queue.done(r)
			}
		})
	}
	workers.Wait()
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	result := &Result{
		Operations: o.Operations, Fixtures: len(o.Fixtures), Cases: o.selection(Driver{}).count(),
		Missing: o.Missing, Started: started.UTC().Truncate(time.Second), Elapsed: time.Since(started),
	}
	for _, r := range runs {
		result.Runtimes = append(result.Runtimes, r.finish())
	}
	checkModules(result.Runtimes, o.Modules)
	return result, nil
}

// A schedule says which runtime the next process is for.
//
// Every runtime gets one process first, the costly ones before the others. When all have one, and there is room for more
// processes, the runtimes that have most left get their further ones. So no processor idles while the last runtime ends,
// and no runtime pays a start that does not speed it up.
type schedule struct {
	worth int // a further process starts only for more cases than this

	mu      sync.Mutex
	waiting []*runtimeRun
	running map[*runtimeRun]int // processes
}

func newSchedule(runs []*runtimeRun, worth int) *schedule {
	s := &schedule{worth: worth, waiting: slices.Clone(runs), running: map[*runtimeRun]int{}}
	slices.SortStableFunc(s.waiting, func(a, b *runtimeRun) int { return cmp.Compare(b.driver.Cost, a.driver.Cost) })
	return s
}

// next returns the runtime that gets a process, or nil if none needs one.
func (s *schedule) next() *runtimeRun {
	s.mu.Lock()
	defer s.mu.Unlock()
	var most *runtimeRun
	if len(s.waiting) > 0 {
		most, s.waiting = s.waiting[0], s.waiting[1:]
	} else {
		left := s.worth
		for r, n := range s.running {
			if more := r.left(); n < r.driver.Processes && more > left {
				most, left = r, more
			}
		}
	}
	if most != nil {
		s.running[most]++
	}
	return most
}

// done takes back a process. The last one of a runtime ends it.
func (s *schedule) done(r *runtimeRun) {
	s.mu.Lock()
	s.running[r]--
	last := s.running[r] == 0
	if last {
		delete(s.running, r)
	}
	s.mu.Unlock()
	if last {
		r.end()
	}
}
