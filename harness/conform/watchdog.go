package conform

import (
	"sync"
	"time"
)

// A stopper is what a watchdog needs of a *time.Timer.
type stopper interface {
	Reset(time.Duration) bool
	Stop() bool
}

// A watchdog runs a function when something asked for stays out for longer than the limit: the clock runs while at
// least one thing is due, and starts afresh with everything that arrives.
type watchdog struct {
	limit time.Duration

	mu    sync.Mutex
	due   int
	timer stopper
}

// newWatchdog takes the function that starts a stopped timer, so that a test can hold the clock in its hand.
func newWatchdog(limit time.Duration, start func(time.Duration, func()) stopper, expired func()) *watchdog {
	w := &watchdog{limit: limit}
	w.timer = start(limit, expired)
	return w
}

func startTimer(limit time.Duration, expired func()) stopper {
	t := time.AfterFunc(limit, expired)
	t.Stop()
	return t
}

func (w *watchdog) asked() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.due++
	if w.due == 1 {
		w.timer.Reset(w.limit)
	}
}

func (w *watchdog) arrived() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.due = max(0, w.due-1)
	if w.due == 0 {
		w.timer.Stop()
		return
	}
	w.timer.Reset(w.limit)
}

func (w *watchdog) stop() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.timer.Stop()
}
