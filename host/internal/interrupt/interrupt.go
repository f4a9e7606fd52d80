// Package interrupt makes a WebAssembly module that asks its host, every now and then, whether it may go on.
//
// Call [Instrument] and provide the function that it imports. wazero can end a running module by itself, but its check
// leaves the machine code at every turn of every loop, and Go's compiler turns each jump into a turn of a loop: signing
// a request then takes six times as long. Here a turn costs a counter, and one in [Interval] calls the host.
package interrupt

import (
	"fmt"

	"github.com/ossconf/ossconf/internal/wasmfile"
)

// The import that an instrumented module has more, a function without parameters and results. It ends the module by
// not returning.
const (
	ImportModule = "ossconf_host"
	ImportName   = "interrupt"
)

// Interval is the number of turns of loops between two calls of the host, which is well below a millisecond.
const Interval = 1 << 14

// An instrumenter knows what the new import moved.
type instrumenter struct {
	imported uint32 // how many functions the module imported; those behind them move by one
	kind     uint32 // the type of the new function
	counter  uint32 // the global that counts turns
	prologue []byte // what every loop begins with
}

// Instrument returns the module with the import and a counter at the beginning of every loop. Custom sections, which
// hold names for debuggers, are left out. The error wraps [wasmfile.ErrFormat].
func Instrument(wasm []byte) ([]byte, error) {
	sections, err := wasmfile.Split(wasm)
	if err != nil {
		return nil, err
	}
	for _, id := range []byte{wasmfile.Type, wasmfile.Import, wasmfile.Global} {
		sections = wasmfile.Ensure(sections, id)
	}
	var in instrumenter
	for i, s := range sections {
		r := &wasmfile.Reader{B: s.Content}
		sections[i].Content = in.rewrite(s.ID, r)
		if r.Failed {
			return nil, fmt.Errorf("%w: section %d ends early or holds what Go's toolchain does not write",
				wasmfile.ErrFormat, s.ID)
		}
	}
	return wasmfile.Join(sections), nil
}

// rewrite returns the new content of a section. It reports a fault through r.
func (in *instrumenter) rewrite(id byte, r *wasmfile.Reader) []byte {
	switch id {
	case wasmfile.Type:
		in.kind = r.U32()
		return appended(r, in.kind, []byte{0x60, 0, 0}) // no parameters, no results
	case wasmfile.Import:
		return in.imports(r)
	case wasmfile.Global:
		return in.globals(r)
	case wasmfile.Export:
		return in.exports(r)
	case wasmfile.Start:
		return wasmfile.AppendU32(nil, in.moved(r.U32()))
	case wasmfile.Element:
		return in.elements(r)
	case wasmfile.Code:
		return in.code(r)
	}
	return r.B
}

// appended returns the rest of a vector of count elements with one more.
func appended(r *wasmfile.Reader, count uint32, element []byte) []byte {
	return append(append(wasmfile.AppendU32(nil, count+1), r.Rest()...), element...)
}

// turn returns the code at the beginning of a loop: count down, and at zero call the host and start again.
func (in *instrumenter) turn() []byte {
	counter := wasmfile.AppendU32(nil, in.counter)
	var b []byte
	op := func(code byte, immediate ...byte) { b = append(append(b, code), immediate...) }
	op(wasmfile.OpGlobalGet, counter...)
	op(wasmfile.OpI32Const, wasmfile.AppendS32(nil, -1)...)
	op(wasmfile.OpI32Add)
	op(wasmfile.OpGlobalSet, counter...)
	op(wasmfile.OpGlobalGet, counter...)
	op(wasmfile.OpI32Eqz)
	op(wasmfile.OpIf, wasmfile.NoResult)
	op(wasmfile.OpCall, wasmfile.AppendU32(nil, in.imported)...)
	op(wasmfile.OpI32Const, wasmfile.AppendS32(nil, Interval)...)
	op(wasmfile.OpGlobalSet, counter...)
	op(wasmfile.OpEnd)
	return b
}

// moved returns the new index of a function.
func (in *instrumenter) moved(index uint32) uint32 {
	if index >= in.imported {
		return index + 1
	}
	return index
}
