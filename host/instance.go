package host

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"

	"github.com/ossconf/ossconf/core"
)

// prefix begins the name of every function that the module exports.
const prefix = "ossconf_"

// An instance is one instance of the module with its own memory. One call at a time may use it.
type instance struct {
	mod         api.Module
	memory      api.Memory
	alloc, free api.Function
	operations  map[string]api.Function // filled at first use: each has a stack of its own
	stack       [2]uint64               // of parameters and results
}

// start starts an instance and asks for its calling convention.
func (m *Module) start(ctx context.Context) (*instance, error) {
	mod, err := m.runtime.InstantiateModule(ctx, m.compiled,
		wazero.NewModuleConfig().
			WithName("").         // names are unique in a runtime, and there are many instances
			WithStartFunctions()) // called below, to tell what cannot start from what fails to
	if err != nil {
		return nil, fmt.Errorf("%w: %s", ErrModule, firstLine(err))
	}
	if initialize := mod.ExportedFunction("_initialize"); initialize != nil {
		if _, err := initialize.Call(ctx); err != nil {
			return nil, errors.Join(trap("_initialize", err), mod.Close(ctx))
		}
	}
	i := &instance{
		mod:        mod,
		memory:     mod.Memory(),
		alloc:      mod.ExportedFunction(prefix + "alloc"),
		free:       mod.ExportedFunction(prefix + "free"),
		operations: make(map[string]api.Function),
	}
	if err := mod.ExportedFunction(prefix+"abi").CallWithStack(ctx, i.stack[:]); err != nil {
		return nil, errors.Join(trap("abi", err), mod.Close(ctx))
	}
	if abi := uint32(i.stack[0]); abi != core.ABI {
		return nil, errors.Join(fmt.Errorf("%w: number %d, this host knows %d", ErrABI, abi, core.ABI), mod.Close(ctx))
	}
	return i, nil
}

// call runs op on in. Nothing that the module returns is believed: every address and length is checked.
func (i *instance) call(ctx context.Context, op string, in []byte) (core.Status, []byte, error) {
	f, err := i.operation(op)
	if err != nil {
		return 0, nil, err
	}
	block, err := i.write(ctx, in)
	if err != nil {
		return 0, nil, err
	}
	i.stack = [2]uint64{uint64(block), uint64(len(in))}
	if err := f.CallWithStack(ctx, i.stack[:]); err != nil {
		return 0, nil, trap(op, err)
	}
	address, size := uint32(i.stack[0]>>32), uint32(i.stack[0])
	answer, ok := i.memory.Read(address, size)
	if !ok || size == 0 {
		return 0, nil, fmt.Errorf("%w: an answer of %d bytes at %#x", ErrModule, size, address)
	}
	status, payload := core.Status(answer[0]), slices.Clone(answer[1:])
	if status > core.Panicked {
		return 0, nil, fmt.Errorf("%w: an answer of status %d", ErrModule, status)
	}
	// The module zeroes both: inputs hold access keys, and answers hold signatures.
	for _, b := range []uint32{address, block} {
		if err := i.release(ctx, b); err != nil {
			return 0, nil, err
		}
	}
	return status, payload, nil
}

// operation returns the function of op. That it exists is up to the module, which may be newer than this package.
func (i *instance) operation(op string) (api.Function, error) {
	if f := i.operations[op]; f != nil {
		return f, nil
	}
	f := i.mod.ExportedFunction(prefix + op)
	if f == nil || !operationType.is(f.Definition()) {
		return nil, ErrOperation
	}
	i.operations[op] = f
	return f, nil
}

// write puts in into a block of the module's.
func (i *instance) write(ctx context.Context, in []byte) (uint32, error) {
	i.stack[0] = uint64(len(in))
	if err := i.alloc.CallWithStack(ctx, i.stack[:]); err != nil {
		return 0, trap("alloc", err)
	}
	block := uint32(i.stack[0])
	if block == 0 || !i.memory.Write(block, in) {
		return 0, fmt.Errorf("%w: a block of %d bytes at %#x", ErrModule, len(in), block)
	}
	return block, nil
}

func (i *instance) release(ctx context.Context, block uint32) error {
	i.stack[0] = uint64(block)
	if err := i.free.CallWithStack(ctx, i.stack[:]); err != nil {
		return trap("free", err)
	}
	return nil
}

// trap makes an [ErrTrap] of an error of wazero's.
func trap(where string, err error) error {
	return fmt.Errorf("%w: %s: %s", ErrTrap, where, firstLine(err))
}

// firstLine says what happened. The other lines of an error of wazero's are a stack trace.
func firstLine(err error) string {
	line, _, _ := strings.Cut(err.Error(), "\n")
	return line
}

// A functionType is the type of an exported function.
type functionType struct{ params, results []api.ValueType }

var (
	abiType       = functionType{nil, []api.ValueType{api.ValueTypeI32}}
	allocType     = functionType{[]api.ValueType{api.ValueTypeI32}, []api.ValueType{api.ValueTypeI32}}
	freeType      = functionType{[]api.ValueType{api.ValueTypeI32}, nil}
	operationType = functionType{[]api.ValueType{api.ValueTypeI32, api.ValueTypeI32}, []api.ValueType{api.ValueTypeI64}}
)

func (t functionType) is(f api.FunctionDefinition) bool {
	return slices.Equal(f.ParamTypes(), t.params) && slices.Equal(f.ResultTypes(), t.results)
}

// checkExports reports what the module should export and does not.
func checkExports(compiled wazero.CompiledModule) error {
	if _, ok := compiled.ExportedMemories()["memory"]; !ok {
		return fmt.Errorf("%w: it does not export memory", ErrModule)
	}
	functions := compiled.ExportedFunctions()
	check := func(name string, t functionType) error {
		f, ok := functions[prefix+name]
		if !ok {
			return fmt.Errorf("%w: it does not export %s%s", ErrModule, prefix, name)
		}
		if !t.is(f) {
			return fmt.Errorf("%w: %s%s has other parameters or results", ErrModule, prefix, name)
		}
		return nil
	}
	err := errors.Join(check("abi", abiType), check("alloc", allocType), check("free", freeType))
	for _, op := range core.Operations() {
		err = errors.Join(err, check(op, operationType))
	}
	return err
}
