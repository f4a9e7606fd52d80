package conform

import (
	"errors"
	"fmt"
	"strings"
	"sync"
)

// The causes of a [Fault].
var (
	ErrAbout   = errors.New("the driver is not what the cases need")
	ErrStart   = errors.New("the driver cannot be started")
	ErrDied    = errors.New("the driver died")
	ErrTimeout = errors.New("the driver did not answer in time")
	ErrGarbage = errors.New("the driver wrote a line that is not an answer")
	ErrDropped = errors.New("the driver left out an answer")
	ErrOrder   = errors.New("the driver answered out of order")
	ErrTwice   = errors.New("the driver answered twice")
	ErrUnasked = errors.New("the driver answered what it was not asked")
	ErrCall    = errors.New("the reference failed")
	ErrModule  = errors.New("the driver runs another module")
)

// A Fault is a breach of the protocol. It ends the run of its runtime, since nothing that follows could be trusted; only
// ErrModule is found when all have ended.
type Fault struct {
	Case   string // id of the case that was due, empty if none was
	Stderr string // the end of what the driver wrote to standard error
	Err    error  // wraps one of the causes above
}

// Error returns the cause, the case that was due and the end of standard error.
func (f *Fault) Error() string {
	var b strings.Builder
	if f.Case != "" {
		fmt.Fprintf(&b, "%s: ", f.Case)
	}
	b.WriteString(f.Err.Error())
	if f.Stderr != "" {
		fmt.Fprintf(&b, "; standard error ends with: %s", strings.TrimSpace(f.Stderr))
	}
	return b.String()
}

// Unwrap returns the cause.
func (f *Fault) Unwrap() error { return f.Err }

// A tail keeps the last bytes written to it.
type tail struct {
	mu   sync.Mutex
	kept []byte
}

const tailSize = 2 << 10

func (t *tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.kept = append(t.kept, p...)
	if extra := len(t.kept) - tailSize; extra > 0 {
		t.kept = append(t.kept[:0], t.kept[extra:]...)
	}
	return len(p), nil
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return strings.ToValidUTF8(string(t.kept), "�")
}
