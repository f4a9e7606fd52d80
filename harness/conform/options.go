package conform

import (
	"cmp"
	"errors"
	"fmt"
	"runtime"
	"time"

	"github.com/ossconf/ossconf/core"
)

// Options says what to run. Drivers are needed, if all is not Missing; everything else has a default.
type Options struct {
	Drivers  []Driver
	Missing  []Missing // runtimes that are known and not there, for the result
	Fixtures []Case    // from [FixtureCases]; asked before the generated cases
	Cases    int       // how many to ask in all, the fixtures among them, which are always asked; 0 means DefaultCases

	Reference  CallFunc          // gives the right answers; Native if nil
	ABI        int               // that drivers have to speak; core.ABI if 0
	Operations []string          // that drivers have to offer; core.Operations() if nil
	Modules    map[string]string // by form, the SHA-256 in hex of modules that are known beforehand; see Driver.Form
	Expected   []ExpectedFailure // differences that are known

	Processes   int           // driver processes at a time; GOMAXPROCS if 0
	Window      int           // questions that a process may owe; 64 if 0
	Timeout     time.Duration // for each answer, the first line and the end of a driver; a minute if 0
	Differences int           // to keep per runtime; 10 if 0

	// Progress, if set, is told how far a runtime is, at its start, every ProgressEvery cases and at its end, one call
	// at a time.
	Progress func(Progress)

	startTimer func(time.Duration, func()) stopper // of watchdogs; a test sets its own
}

// DefaultCases is how many cases are asked of each runtime unless Options say otherwise.
const DefaultCases = 100_000

// ProgressEvery is how many cases of one runtime lie between two reports of progress.
const ProgressEvery = 500

// Progress is how far a runtime is.
type Progress struct {
	Runtime     string
	Done, Total int // cases
	Differences int // so far
	Ended       bool
	Failed      bool // whether it has differences or was stopped
	Elapsed     time.Duration
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
	o.Cases = cmp.Or(o.Cases, DefaultCases)
	o.ABI = cmp.Or(o.ABI, core.ABI)
	o.Processes = cmp.Or(o.Processes, runtime.GOMAXPROCS(0))
	o.Window = cmp.Or(o.Window, 64)
	o.Timeout = cmp.Or(o.Timeout, time.Minute)
	o.Differences = cmp.Or(o.Differences, 10)
	if len(o.Drivers)+len(o.Missing) == 0 {
		return o, fmt.Errorf("%w: no drivers", ErrOptions)
	}
	if o.Cases < 0 || o.Processes < 0 || o.Window < 0 || o.Timeout < 0 || o.Differences < 0 {
		return o, fmt.Errorf("%w: Cases, Processes, Window, Timeout and Differences may not be negative", ErrOptions)
	}
	return o, o.checkNames()
}

// checkNames checks the drivers, and that their names and those of missing ones tell them apart.
func (o Options) checkNames() error {
	names := map[string]bool{}
	for _, d := range o.Drivers {
		switch {
		case d.Name == "" || names[d.Name]:
			return fmt.Errorf("%w: a driver needs a name of its own: %q", ErrOptions, d.Name)
		case len(d.Argv) == 0:
			return fmt.Errorf("%w: driver %s: no command", ErrOptions, d.Name)
		case d.Processes < 0 || d.Every < 0:
			return fmt.Errorf("%w: driver %s: Processes and Every may not be negative", ErrOptions, d.Name)
		}
		names[d.Name] = true
	}
	for _, m := range o.Missing {
		if m.Name == "" || names[m.Name] {
			return fmt.Errorf("%w: a missing runtime needs a name of its own: %q", ErrOptions, m.Name)
		}
		names[m.Name] = true
	}
	return nil
}

// selection returns the cases for a driver.
func (o Options) selection(d Driver) selection {
	return selection{o.Fixtures, max(0, o.Cases-len(o.Fixtures)), max(1, d.Every)}
}
