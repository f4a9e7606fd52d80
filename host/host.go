// Package host runs the WebAssembly module of ossconf under wazero, for Go programs that want exactly what the page and
// the edge run, in a sandbox with bounded memory and, where the context ends, bounded time. A program that only wants the results imports httpsconfig
// and signer, or calls core.
//
// Call [Load] with the module, in either form, then one of the methods of [Module], which mirror core's operations; they
// may be called concurrently. Close the Module in the end.
package host

import (
	"context"
	"errors"
	"fmt"
	"runtime"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/experimental"
	"github.com/tetratelabs/wazero/imports/wasi_snapshot_preview1"

	"github.com/ossconf/ossconf/core"
	"github.com/ossconf/ossconf/host/internal/interrupt"
)

// The causes of an error of this package. Beside them there are [AnswerError], for an input that the operation refused,
// and the errors of the context.
var (
	ErrOptions   = errors.New("unusable options")
	ErrCache     = errors.New("unusable cache folder")
	ErrModule    = errors.New("not a module of ossconf, or a broken one")
	ErrABI       = errors.New("the module follows another calling convention")
	ErrTrap      = errors.New("the module trapped")
	ErrClosed    = errors.New("the module is closed")
	ErrTooLarge  = errors.New("the input is too large")
	ErrOperation = errors.New("there is no such operation")
)

// MaxInput is the length of the largest input that is passed to the module, in bytes. What core itself allows is less;
// an input between the two gets the operation's own answer.
const MaxInput = 1<<20 + 1<<16

// DefaultMemoryLimitPages is 128 MiB. The module settles at 7 MiB; a request of [MaxInput] that consists of nothing but
// tiny parameters takes 80 before it is refused.
const DefaultMemoryLimitPages = 2048

// maxPages is the memory that WebAssembly can address.
const maxPages = 1 << 16

// Options say how a module is run. The zero value is a good choice.
type Options struct {
	// CacheDir is a folder for the compiled module, which is made if it is missing. Without one, every Load compiles
	// the module, which takes most of a second.
	CacheDir string

	// Interpreter runs the module without compiling it: it starts faster and then runs 30 to 50 times slower. On
	// platforms without a compiler it is used anyway.
	Interpreter bool

	// MemoryLimitPages is how many pages of 64 KiB an instance may use, 65536 at most, DefaultMemoryLimitPages if it is 0.
	MemoryLimitPages uint32

	// MaxInstances is how many calls may run at the same time, each in an instance of its own, which are started when
	// they are needed. It is the number of processors if it is 0 or less.
	MaxInstances int
}

// A Module is a loaded module and a pool of instances of it. Its methods may be called concurrently.
type Module struct {
	runtime  wazero.Runtime
	cache    wazero.CompilationCache // nil without a folder
	compiled wazero.CompiledModule
	pool     *pool
}

// Load compiles the module, starts a first instance and asks for its calling convention. The error wraps [ErrModule],
// [ErrABI] or [ErrTrap], or is that of the context or of the cache folder.
func Load(ctx context.Context, wasm []byte, o Options) (*Module, error) {
	if o.MemoryLimitPages == 0 {
		o.MemoryLimitPages = DefaultMemoryLimitPages
	}
	if o.MaxInstances <= 0 {
		o.MaxInstances = runtime.GOMAXPROCS(0)
	}
	if o.MemoryLimitPages > maxPages {
		return nil, fmt.Errorf("host: %w: MemoryLimitPages is more than 65536, the 4 GiB that WebAssembly can address", ErrOptions)
	}
	m := new(Module)
	m.pool = newPool(o.MaxInstances, m.start)
	if err := m.load(ctx, wasm, o); err != nil {
		if ctx.Err() != nil {
			err = ctx.Err()
		}
		return nil, errors.Join(fmt.Errorf("host: %w", err), m.release(context.WithoutCancel(ctx)))
	}
	return m, nil
}

func (m *Module) load(ctx context.Context, wasm []byte, o Options) (err error) {
	if err := ctx.Err(); err != nil {
		return err
	}
	config := wazero.NewRuntimeConfig()
	if o.Interpreter {
		config = wazero.NewRuntimeConfigInterpreter()
	}
	if o.CacheDir != "" {
		if m.cache, err = wazero.NewCompilationCacheWithDir(o.CacheDir); err != nil {
			return fmt.Errorf("%w: %w", ErrCache, err)
		}
		config = config.WithCompilationCache(m.cache)
	}
	m.runtime = wazero.NewRuntimeWithConfig(ctx, config.
		WithMemoryLimitPages(o.MemoryLimitPages).
		WithDebugInfoEnabled(false))
	// Instead of wazero's WithCloseOnContextDone, with which calls take six times as long.
	if wasm, err = interrupt.Instrument(wasm); err != nil {
		return fmt.Errorf("%w: %w", ErrModule, err)
	}
	all := experimental.WithCompilationWorkers(ctx, runtime.GOMAXPROCS(0))
	if m.compiled, err = m.runtime.CompileModule(all, wasm); err != nil {
		return fmt.Errorf("%w: %w", ErrModule, err)
	}
	if err := checkExports(m.compiled); err != nil {
		return err
	}
	if err := m.provideImports(ctx); err != nil {
		return err
	}
	first, err := m.start(ctx)
	if err != nil {
		return err
	}
	m.pool.put(first)
	return nil
}

// provideImports provides the function that ends a call whose context has ended and, for the plain form, WASI, which
// grants no file, no argument, no environment variable and neither the time nor randomness.
func (m *Module) provideImports(ctx context.Context) error {
	wasi := false
	for _, f := range m.compiled.ImportedFunctions() {
		module, name, _ := f.Import()
		switch {
		case module == wasi_snapshot_preview1.ModuleName:
			wasi = true
		case module != interrupt.ImportModule || name != interrupt.ImportName:
			return fmt.Errorf("%w: it imports %s.%s", ErrModule, module, name)
		}
	}
	_, err := m.runtime.NewHostModuleBuilder(interrupt.ImportModule).
		NewFunctionBuilder().WithGoFunction(api.GoFunc(endWithContext), nil, nil).Export(interrupt.ImportName).
		Instantiate(ctx)
	if err == nil && wasi {
		_, err = wasi_snapshot_preview1.Instantiate(ctx, m.runtime)
	}
	return err
}

// endWithContext panics, which wazero turns into an error of the call, if the context of the call has ended.
func endWithContext(ctx context.Context, _ []uint64) {
	if err := ctx.Err(); err != nil {
		panic(err)
	}
}

// Close waits for the calls that run and frees everything. When ctx ends it ends those calls, which return [ErrClosed],
// and returns the error of ctx. Calls that wait for an instance or come later return [ErrClosed] too.
func (m *Module) Close(ctx context.Context) error {
	first, err := m.pool.close(ctx)
	if !first {
		return nil
	}
	return errors.Join(err, m.release(context.WithoutCancel(ctx)))
}

// release frees what load made, as far as it came.
func (m *Module) release(ctx context.Context) error {
	var err error
	if m.runtime != nil {
		err = m.runtime.Close(ctx)
	}
	if m.cache != nil {
		err = errors.Join(err, m.cache.Close(ctx))
	}
	return err
}

// Call runs an operation by its name, one of core.Operations, and returns the status and the payload of the answer, as
// core.Call does. The error says that there is no answer: it wraps [ErrTrap], [ErrModule], [ErrClosed], [ErrTooLarge],
// [ErrOperation] or the error of ctx, which ends a call that runs.
func (m *Module) Call(ctx context.Context, op string, in []byte) (core.Status, []byte, error) {
	status, payload, err := m.call(ctx, op, in)
	if err != nil {
		return 0, nil, fmt.Errorf("host: %s: %w", op, err)
	}
	return status, payload, nil
}

func (m *Module) call(ctx context.Context, op string, in []byte) (status core.Status, payload []byte, err error) {
	if len(in) > MaxInput {
		return 0, nil, fmt.Errorf("%w: %d bytes, at most %d", ErrTooLarge, len(in), MaxInput)
	}
	err = m.pool.do(ctx, func(ctx context.Context, i *instance) error {
		status, payload, err = i.call(ctx, op, in)
		return err
	})
	return status, payload, err
}
