// Package interrupt makes a WebAssembly module that asks its host, every now and then, whether it may go on.
//
// Call [Instrument] and provide the function that it imports. wazero can end a running module by itself, but its check
// leaves the machine code at every turn of every loop, and Go's compiler turns each jump into a turn of a loop: signing
// a request then takes six times as long. Here a turn costs a counter, and one in [Interval] calls the host.
package interrupt

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// The import that an instrumented module has more, a function without parameters and results. It ends the module by
// not returning.
const (
	ImportModule = "ossconf_host"
	ImportName   = "interrupt"
)

// Interval is the number of turns of loops between two calls of the host, which is well below a millisecond.
const Interval = 1 << 14

// ErrModule is the cause of every error: not a module, or one with features that Go's toolchain does not use.
var ErrModule = errors.New("cannot read the module")

// The identifiers of sections, WebAssembly Core Specification 2.0, 5.5.2.
const (
	customSection  = 0
	typeSection    = 1
	importSection  = 2
	globalSection  = 6
	exportSection  = 7
	startSection   = 8
	elementSection = 9
	codeSection    = 10
)

// ranks are the places of the sections in a module, by identifier. The data count section, 12, stands before the code.
var ranks = [...]int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 10}

// A section is the content of a section and its identifier.
type section struct {
	id      byte
	content []byte
}

// An instrumenter knows what the new import moved.
type instrumenter struct {
	imported uint32 // how many functions the module imported; those behind them move by one
	kind     uint32 // the type of the new function
	counter  uint32 // the global that counts turns
	prologue []byte // what every loop begins with
}

// Instrument returns the module with the import and a counter at the beginning of every loop. Custom sections, which
// hold names for debuggers, are left out.
func Instrument(wasm []byte) ([]byte, error) {
	sections, err := split(wasm)
	if err != nil {
		return nil, err
	}
	var in instrumenter
	out := append(make([]byte, 0, len(wasm)+len(wasm)/4), wasm[:8]...)
	for _, s := range sections {
		r := &reader{b: s.content}
		content := in.rewrite(s.id, r)
		if r.failed {
			return nil, fmt.Errorf("%w: section %d ends early or holds what is not known", ErrModule, s.id)
		}
		out = append(out, s.id)
		out = binary.AppendUvarint(out, uint64(len(content)))
		out = append(out, content...)
	}
	return out, nil
}

// split returns the sections in their order. Those that get something new are there even if they were not.
func split(wasm []byte) ([]section, error) {
	if len(wasm) < 8 || string(wasm[:8]) != "\x00asm\x01\x00\x00\x00" {
		return nil, fmt.Errorf("%w: it does not begin like a WebAssembly module of version 1", ErrModule)
	}
	r := &reader{b: wasm, at: 8}
	var sections []section
	needed := []byte{typeSection, importSection, globalSection}
	insert := func(rank int) {
		for len(needed) > 0 && ranks[needed[0]] < rank {
			sections = append(sections, section{needed[0], []byte{0}})
			needed = needed[1:]
		}
	}
	last := 0
	for r.at < len(wasm) {
		id := r.byte()
		content := r.bytes(r.u32())
		if r.failed || int(id) >= len(ranks) {
			return nil, fmt.Errorf("%w: section %d, or it ends early", ErrModule, id)
		}
		if id == customSection {
			continue
		}
		if ranks[id] <= last {
			return nil, fmt.Errorf("%w: section %d in the wrong place", ErrModule, id)
		}
		last = ranks[id]
		insert(last)
		if len(needed) > 0 && needed[0] == id {
			needed = needed[1:]
		}
		sections = append(sections, section{id, content})
	}
	insert(len(ranks))
	return sections, nil
}

// rewrite returns the new content of a section. It reports a fault through r.
func (in *instrumenter) rewrite(id byte, r *reader) []byte {
	switch id {
	case typeSection:
		count := r.u32()
		in.kind = count
		return r.appended(count, []byte{0x60, 0, 0}) // no parameters, no results
	case importSection:
		return in.imports(r)
	case globalSection:
		count := r.u32()
		in.counter += count
		in.prologue = in.turn()
		entry := append([]byte{typeI32, 1, opI32Const}, appendS32(nil, Interval)...)
		return r.appended(count, append(entry, opEnd))
	case exportSection:
		return in.exports(r)
	case startSection:
		return binary.AppendUvarint(nil, in.moved(r.u32()))
	case elementSection:
		return in.elements(r)
	case codeSection:
		return in.code(r)
	}
	return r.b
}

// turn returns the code at the beginning of a loop: count down, and at zero call the host and start again.
func (in *instrumenter) turn() []byte {
	counter := binary.AppendUvarint(nil, uint64(in.counter))
	var b []byte
	op := func(code byte, immediate ...byte) { b = append(append(b, code), immediate...) }
	op(opGlobalGet, counter...)
	op(opI32Const, appendS32(nil, -1)...)
	op(opI32Add)
	op(opGlobalSet, counter...)
	op(opGlobalGet, counter...)
	op(opI32Eqz)
	op(opIf, 0x40)
	op(opCall, binary.AppendUvarint(nil, uint64(in.imported))...)
	op(opI32Const, appendS32(nil, Interval)...)
	op(opGlobalSet, counter...)
	op(opEnd)
	return b
}

// moved returns the new index of a function.
func (in *instrumenter) moved(index uint32) uint64 {
	if index >= in.imported {
		return uint64(index) + 1
	}
	return uint64(index)
}
