package conform

import (
	"errors"
	"fmt"
	"time"
)

// A Result is what a run found.
type Result struct {
	Operations []string        `json:"operations"` // in the order of the tables
	Fixtures   int             `json:"fixtures"`   // of the cases
	Cases      int             `json:"cases"`      // for a runtime that is asked them all
	Runtimes   []RuntimeResult `json:"runtimes"`   // in the order of Options.Drivers
	Missing    []Missing       `json:"missing,omitempty"`
	Started    time.Time       `json:"started"`
	Elapsed    time.Duration   `json:"elapsed_ns"`
}

// A RuntimeResult is what a run found about one runtime.
type RuntimeResult struct {
	Name        string            `json:"name"`
	About       About             `json:"about"`                 // zero if the driver never said a valid first line
	Form        string            `json:"module_form,omitempty"` // of the module, if it is known
	Asked       int               `json:"asked"`                 // cases that were meant for it
	Every       int               `json:"every"`                 // it was to be asked one in so many of the generated cases
	Cases       int               `json:"cases"`                 // answered and compared
	Differences int               `json:"differences"`
	Operations  map[string]Count  `json:"by_operation"`
	First       []Difference      `json:"first_differences,omitempty"`
	Expected    []ExpectedFailure `json:"expected_failures,omitempty"` // that failed; not among the differences
	Stale       []Stale           `json:"stale_expected_failures,omitempty"`
	Fault       *Fault            `json:"fault,omitempty"` // what ended the run of this runtime early
	Processes   int               `json:"processes"`       // that shared the cases

	// ColdStart is what the driver measured from loading the module to the first answer; the shortest of several
	// processes. 0 if the driver does not say.
	ColdStart time.Duration `json:"cold_start_ns,omitempty"`

	// PerCall is the time between a driver's first line and its last answer, over the cases, which takes in the
	// protocol on both sides and whatever else keeps the machine busy. Of several processes the times add up.
	PerCall time.Duration `json:"per_call_ns"`

	Elapsed time.Duration `json:"elapsed_ns"`
}

// A Missing is a runtime that is known and cannot be started on this machine.
type Missing struct {
	Name     string `json:"name"`
	Form     string `json:"module_form,omitempty"`
	Install  string `json:"install,omitempty"` // the command that installs it
	Required bool   `json:"required,omitempty"`
}

// A Count is how many cases of an operation were compared and how many of them differ.
type Count struct {
	Cases       int `json:"cases"`
	Differences int `json:"differences"`
}

// OK reports whether the runtime answered every case as it should, or as is expected of it.
func (r RuntimeResult) OK() bool {
	return r.Differences == 0 && r.Fault == nil && len(r.Stale) == 0
}

// ErrFailed is wrapped by the error of [Result.Err].
var ErrFailed = errors.New("runtimes do not conform")

// ErrMissing is wrapped by the error of [Result.Err] if a runtime that is required is missing.
var ErrMissing = errors.New("missing")

// Err returns nil if every runtime conforms and every required one was there, and else an error that says for each
// runtime what is wrong with it. It wraps ErrFailed, ErrMissing and the faults.
func (r *Result) Err() error {
	var errs []error
	for _, rt := range r.Runtimes {
		if rt.Fault != nil {
			errs = append(errs, fmt.Errorf("%s: %w", rt.Name, rt.Fault))
		}
		if rt.Differences > 0 {
			errs = append(errs, fmt.Errorf("%s: %d of %d answers differ", rt.Name, rt.Differences, rt.Cases))
		}
		for _, s := range rt.Stale {
			errs = append(errs, fmt.Errorf("%s: %s", rt.Name, s))
		}
	}
	for _, m := range r.Missing {
		if m.Required {
			errs = append(errs, fmt.Errorf("%s: required and %w", m.Name, ErrMissing))
		}
	}
	if errs == nil {
		return nil
	}
	return fmt.Errorf("%w:\n%w", ErrFailed, errors.Join(errs...))
}
