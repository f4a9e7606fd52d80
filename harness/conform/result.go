package conform

import (
	"errors"
	"fmt"
	"time"
)

// A Result is what a run found.
type Result struct {
	Operations []string        `json:"operations"` // in the order of the tables
	Runtimes   []RuntimeResult `json:"runtimes"`   // in the order of Options.Drivers
	Elapsed    time.Duration   `json:"elapsed_ns"`
}

// A RuntimeResult is what a run found about one runtime.
type RuntimeResult struct {
	Name        string           `json:"name"`
	About       About            `json:"about"` // zero if the driver never said a valid first line
	Cases       int              `json:"cases"` // answered and compared
	Differences int              `json:"differences"`
	Expected    int              `json:"expected_failures"` // differences on the list; not counted above
	Operations  map[string]Count `json:"by_operation"`
	First       []Difference     `json:"first_differences,omitempty"`
	Stale       []Stale          `json:"stale_expected_failures,omitempty"`
	Fault       *Fault           `json:"fault,omitempty"` // what ended the run of this runtime early
	Elapsed     time.Duration    `json:"elapsed_ns"`
}

// A Count is how many cases of an operation were compared and how many of them differ.
type Count struct {
	Cases       int `json:"cases"`
	Differences int `json:"differences"`
}

// OK reports whether the runtime answered every case as it should.
func (r RuntimeResult) OK() bool {
	return r.Differences == 0 && r.Fault == nil && len(r.Stale) == 0
}

// ErrFailed is wrapped by the error of [Result.Err].
var ErrFailed = errors.New("runtimes do not conform")

// Err returns nil if every runtime conforms and else an error that says for each runtime what is wrong with it. It
// wraps ErrFailed and the faults.
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
	if errs == nil {
		return nil
	}
	return fmt.Errorf("%w:\n%w", ErrFailed, errors.Join(errs...))
}
