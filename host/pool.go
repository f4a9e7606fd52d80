package host

import (
	"context"
	"errors"
	"sync"
)

// A pool bounds how many instances run at the same time and keeps those that rest.
type pool struct {
	start  func(context.Context) (*instance, error)
	places chan struct{} // one token for each call that runs
	closed chan struct{} // closed by close

	// force is cancelled when close does not wait any longer. It ends every call, whatever its own context says.
	force  context.Context
	cancel context.CancelFunc

	mu      sync.Mutex
	idle    []*instance // the one used last is at the end, and used next: its memory is still in the processor's cache
	closing bool
}

func newPool(size int, start func(context.Context) (*instance, error)) *pool {
	p := &pool{start: start, places: make(chan struct{}, size), closed: make(chan struct{})}
	p.force, p.cancel = context.WithCancel(context.Background())
	return p
}

// do calls f with an instance, which it waits for if as many calls run as may. After f fails the instance is dropped,
// since nobody knows what state it is in; the next call that finds no idle one starts another.
func (p *pool) do(ctx context.Context, f func(context.Context, *instance) error) error {
	if err := ctx.Err(); err != nil { // select takes any of several ready cases
		return err
	}
	select {
	case p.places <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	case <-p.closed:
		return ErrClosed
	}
	defer func() { <-p.places }()

	call, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(p.force, cancel)()
	err := p.use(call, f)
	switch {
	case err == nil:
		return nil
	case p.force.Err() != nil:
		return ErrClosed
	case ctx.Err() != nil:
		return ctx.Err() // what wazero makes of it says less
	}
	return err
}

func (p *pool) use(ctx context.Context, f func(context.Context, *instance) error) error {
	inst, err := p.take()
	if err != nil {
		return err
	}
	if inst == nil {
		if inst, err = p.start(ctx); err != nil {
			return err
		}
	}
	err = f(ctx, inst)
	if err != nil && !errors.Is(err, ErrOperation) {
		_ = inst.mod.Close(ctx) // fails for open files only, and there are none
		return err
	}
	p.put(inst)
	return err
}

// take returns an idle instance, or nil if there is none.
func (p *pool) take() (*instance, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closing {
		return nil, ErrClosed
	}
	last := len(p.idle) - 1
	if last < 0 {
		return nil, nil
	}
	inst := p.idle[last]
	p.idle = p.idle[:last]
	return inst, nil
}

func (p *pool) put(inst *instance) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.idle = append(p.idle, inst)
}

// close refuses new calls and returns when no call runs any more. When ctx ends it ends them and returns the error of
// ctx. It reports false if the pool had been closed before.
func (p *pool) close(ctx context.Context) (bool, error) {
	p.mu.Lock()
	again := p.closing
	p.closing = true
	p.mu.Unlock()
	if again {
		return false, nil
	}
	defer p.cancel()
	close(p.closed)
	var err error
	done := ctx.Done()
	for n := 0; n < cap(p.places); {
		select {
		case p.places <- struct{}{}:
			n++
		case <-done:
			err, done = ctx.Err(), nil
			p.cancel()
		}
	}
	return true, err
}
