package host_test

import (
	"context"
	"errors"
	"runtime"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ossconf/ossconf/core"
	"github.com/ossconf/ossconf/host"
)

// waitFor returns when done does, or when ctx ends.
func waitFor(ctx context.Context, done func() bool) {
	for !done() && ctx.Err() == nil {
		runtime.Gosched()
	}
}

// TestPoolReusesAndReplaces calls a module that counts in its memory: it goes on counting in the same instance and
// begins again in a new one.
func TestPoolReusesAndReplaces(t *testing.T) {
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	const fails = "xx"
	calls := []struct {
		name  string
		ctx   context.Context
		op    string
		in    string
		count byte // 0 for an error
		want  error
	}{
		{"first", t.Context(), "sign", "", 1, nil},
		{"same instance", t.Context(), "sign", "x", 2, nil},
		{"other operation", t.Context(), "decode", "", 3, nil},
		{"unknown operation", t.Context(), "resign", "", 0, host.ErrOperation},
		{"a function that is no operation", t.Context(), "abi", "", 0, host.ErrOperation},
		{"input too large", t.Context(), "sign", string(make([]byte, host.MaxInput+1)), 0, host.ErrTooLarge},
		{"cancelled before", cancelled, "sign", "", 0, context.Canceled},
		{"none of these cost the instance", t.Context(), "sign", "", 4, nil},
		{"trap", t.Context(), "sign", fails, 0, host.ErrTrap},
		{"new instance", t.Context(), "sign", "", 1, nil},
		{"same again", t.Context(), "sign", "", 2, nil},
	}
	for _, engine := range engines {
		t.Run(engine.name, func(t *testing.T) {
			m := load(t, fake{op: count, free: nop}.assemble(), engine.options)
			for _, call := range calls {
				_, payload, err := m.Call(call.ctx, call.op, []byte(call.in))
				if !errors.Is(err, call.want) {
					t.Errorf("%s: %v, want %v", call.name, err, call.want)
				}
				if call.want == nil && string(payload) != string(call.count) {
					t.Errorf("%s: the instance was called %d times, want %d", call.name, payload, call.count)
				}
			}
		})
	}
}

func TestWaitsForAnInstance(t *testing.T) {
	m := load(t, fake{op: endlessLoop + returns(0, 0)}.assemble(), host.Options{MaxInstances: 1})
	ctx, cancel := context.WithCancel(t.Context())
	busy := callInBackground(ctx, m)

	waiting, giveUp := context.WithCancel(t.Context())
	giveUp()
	if _, _, err := m.Call(waiting, "sign", nil); !errors.Is(err, context.Canceled) {
		t.Errorf("a call that waits returned %v, want the error of its context", err)
	}
	second := make(chan error, 1)
	go func() {
		_, _, err := m.Call(t.Context(), "sign", nil)
		second <- err
	}()
	cancel()
	if err := <-busy; !errors.Is(err, context.Canceled) {
		t.Errorf("the first call returned %v, want the error of its context", err)
	}
	// The second one has the place now, or is about to.
	waitFor(t.Context(), func() bool { return m.Running() == 1 })
	ended, end := context.WithCancel(t.Context())
	end()
	if err := m.Close(ended); !errors.Is(err, context.Canceled) {
		t.Errorf("Close returned %v, want the error of its context", err)
	}
	if err := <-second; !errors.Is(err, host.ErrClosed) {
		t.Errorf("the second call returned %v, want ErrClosed", err)
	}
}

func TestClosed(t *testing.T) {
	m := load(t, fake{}.assemble(), host.Options{})
	for range 2 {
		if err := m.Close(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if _, _, err := m.Call(t.Context(), "sign", nil); !errors.Is(err, host.ErrClosed) {
		t.Errorf("a call returned %v, want ErrClosed", err)
	}
}

// TestCloseDuringCalls closes while calls come and go: each gets its answer or ErrClosed.
func TestCloseDuringCalls(t *testing.T) {
	m := load(t, fake{}.assemble(), host.Options{MaxInstances: 2})
	var calls sync.WaitGroup
	for range 8 {
		calls.Go(func() {
			for {
				_, payload, err := m.Call(t.Context(), "sign", []byte("x"))
				if errors.Is(err, host.ErrClosed) {
					return
				}
				if err != nil || string(payload) != "x" {
					t.Errorf("%q, %v", payload, err)
					return
				}
			}
		})
	}
	waitFor(t.Context(), func() bool { return m.Running() == 2 })
	if err := m.Close(t.Context()); err != nil {
		t.Error(err)
	}
	calls.Wait()
}

// TestConcurrentCalls has 64 callers share four instances of the real module.
func TestConcurrentCalls(t *testing.T) {
	const callers, instances = 64, 4
	m := load(t, realModule(t), host.Options{MaxInstances: instances})
	document := fixtureFile(t, "documents", "put-sample-mended", "document.xml")
	request := fixtureFile(t, "vectors", "pub-h04-additional", "input.json")
	var group sync.WaitGroup
	for n := range callers {
		op, in := "decode", document
		if n%2 == 0 {
			op, in = "sign", request
		}
		status, payload := core.Call(op, in)
		want := answer{status, string(payload)}
		group.Go(func() {
			for range 10 {
				status, payload, err := m.Call(t.Context(), op, in)
				if err != nil {
					t.Error(err)
					return
				}
				if diff := cmp.Diff(want, answer{status, string(payload)}); diff != "" {
					t.Errorf("%s differs (-core +host):\n%s", op, diff)
				}
			}
		})
	}
	group.Wait()
	if n := len(m.Memories()); n < 1 || n > instances {
		t.Errorf("%d instances rest, want at most %d", n, instances)
	}
}
