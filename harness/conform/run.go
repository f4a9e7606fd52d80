// Package conform runs the same cases on every runtime and compares the bytes.
//
// Call [Run] with the drivers to test. A driver is a program that answers cases on standard input and output;
// [Serve] is the loop of one written in Go. [Cases] are the questions, [Native] the answers they are held against.
package conform

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"time"

	"github.com/ossconf/ossconf/core"
)

// Native runs an operation in this process. Its answers are those every runtime has to give.
func Native(_ context.Context, op string, in []byte) (byte, []byte, error) {
	status, out := core.Call(op, in)
	return byte(status), out, nil
}

// Options says what to run. Drivers is needed, everything else has a default.
type Options struct {
	Drivers      []Driver
	Fixtures     []Case // from [FixtureCases]; asked before the generated cases
	PerOperation int    // generated cases for each operation; 0 means DefaultPerOperation, less than 0 none

	Reference  CallFunc          // gives the right answers; Native if nil
	ABI        int               // that drivers have to speak; core.ABI if 0
	Operations []string          // that drivers have to offer; core.Operations() if nil
	Expected   []ExpectedFailure // differences that are known

	Processes   int           // driver processes at a time; GOMAXPROCS if 0
	Window      int           // questions that a process may owe; 64 if 0
	Timeout     time.Duration // for each answer, the first line and the end of a driver; a minute if 0
	Differences int           // to keep per runtime; 10 if 0

	// Progress, if set, is told how far a runtime is, every ProgressEvery cases and at its end, one call at a time.
	Progress func(Progress)

	startTimer func(time.Duration, func()) stopper // of watchdogs; a test sets its own
}

// DefaultPerOperation is how many cases are generated for each operation unless Options say otherwise.
const DefaultPerOperation = 10000

// ProgressEvery is how many cases of one runtime lie between two reports of progress.
const ProgressEvery = 500

// Progress is how far a runtime is.
type Progress struct {
	Runtime     string
	Done, Total int // cases
	Differences int // so far
}

// ErrOptions is wrapped by the error of [Run] for options that cannot be.
var ErrOptions = errors.New("conform: options")

func (o Options) withDefaults() (Options, error) {
	if o.Reference == nil {
		o.Reference = Native
	}
	if o.Operations == nil {
		o.Operations = core.Operations()
	}
	if o.startTimer == nil {
		o.startTimer = startTimer
	}
	o.PerOperation = max(0, cmp.Or(o.PerOperation, DefaultPerOperation))
	o.ABI = cmp.Or(o.ABI, core.ABI)
	o.Processes = cmp.Or(o.Processes, runtime.GOMAXPROCS(0))
	o.Window = cmp.Or(o.Window, 64)
	o.Timeout = cmp.Or(o.Timeout, time.Minute)
	o.Differences = cmp.Or(o.Differences, 10)
	if len(o.Drivers) == 0 {
		return o, fmt.Errorf("%w: no drivers", ErrOptions)
	}
	if o.Processes < 0 || o.Window < 0 || o.Timeout < 0 || o.Differences < 0 {
		return o, fmt.Errorf("%w: Processes, Window, Timeout and Differences may not be negative", ErrOptions)
	}
	names := map[string]bool{}
	for _, d := range o.Drivers {
		switch {
		case d.Name == "" || names[d.Name]:
			return o, fmt.Errorf("%w: a driver needs a name of its own: %q", ErrOptions, d.Name)
		case len(d.Argv) == 0:
			return o, fmt.Errorf("%w: driver %s: no command", ErrOptions, d.Name)
		case d.Processes < 0:
			return o, fmt.Errorf("%w: driver %s: Processes may not be negative", ErrOptions, d.Name)
		}
		names[d.Name] = true
	}
	return o, nil
}

// Run starts the drivers, asks each of them every case and compares the answers, byte for byte, with those of the
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
	slots := make(chan struct{}, o.Processes)
	report := progress(o)
	var all sync.WaitGroup
	runs := make([]*runtimeRun, len(o.Drivers))
	for i, d := range o.Drivers {
		runs[i] = newRuntimeRun(ctx, o, d, report)
		for range max(1, d.Processes) {
			// Taken here and not in the goroutine: drivers start in the order in which they are listed.
			select {
			case slots <- struct{}{}:
				all.Go(func() {
					runs[i].process()
					<-slots
				})
			case <-ctx.Done():
			}
		}
	}
	all.Wait()
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	result := &Result{Operations: o.Operations, Elapsed: time.Since(started)}
	for _, r := range runs {
		result.Runtimes = append(result.Runtimes, r.finish())
	}
	return result, nil
}

func progress(o Options) func(Progress) {
	if o.Progress == nil {
		return func(Progress) {}
	}
	var mu sync.Mutex
	total := countCases(o.Fixtures, o.PerOperation)
	return func(p Progress) {
		mu.Lock()
		defer mu.Unlock()
		p.Total = total
		o.Progress(p)
	}
}
