package host_test

import (
	"github.com/ossconf/ossconf/core"
	"github.com/ossconf/ossconf/internal/wasmfile"
)

// A fake is a module that follows the calling convention, except where a field says otherwise. Fields are the code of
// functions, without the end.
type fake struct {
	abi, alloc, free, op string
	initialize           string // of _initialize, which is not there if it is empty
	memory               uint32 // pages, 1 if it is 0
	without              string // an export that is missing
	rename               string // an export that has the function of free, which has another type than most
	imports              string // a module, of which a function is imported
}

// Code for the functions of a fake.
const (
	answerAddress = 2048

	unreachable = "\x00"
	nop         = "\x01"
	endlessLoop = "\x03\x40\x0c\x00\x0b" // loop br 0 end
	one         = "\x41\x01"             // i32.const 1
	zero        = "\x41\x00"

	allocBlock = "\x41\x80\x08" // i32.const 1024

	// zero64 zeroes 64 bytes at the address: local.get 0, i32.const 0, i32.const 64, memory.fill
	zero64 = "\x20\x00" + zero + "\x41\xc0\x00" + "\xfc\x0b\x00"

	// echo answers with the input: i32.const 2049, local.get 0, local.get 1, memory.copy, then the address as i64.const
	// 2048<<32, and local.get 1, i32.const 1, i32.add, i64.extend_i32_u, i64.or
	echo = "\x41\x81\x10" + "\x20\x00" + "\x20\x01" + "\xfc\x0a\x00\x00" +
		"\x42\x80\x80\x80\x80\x80\x80\x02" + "\x20\x01" + one + "\x6a" + "\xad" + "\x84"

	// count answers with one byte, how often the instance has been called, and traps for an input of more than one byte.
	// local.get 1, i32.const 1, i32.gt_u, if, unreachable, end;
	// i32.const 2049, i32.const 2049, i32.load8_u, i32.const 1, i32.add, i32.store8, i64.const 2048<<32|2
	count = "\x20\x01" + one + "\x4b\x04\x40\x00\x0b" +
		"\x41\x81\x10" + "\x41\x81\x10" + "\x2d\x00\x00" + one + "\x6a" + "\x3a\x00\x00" +
		"\x42\x82\x80\x80\x80\x80\x80\x02"

	// growth takes memory until there is no more, and traps: loop, i32.const 1, memory.grow, i32.const -1, i32.ne, br_if 0,
	// end, unreachable
	growth = "\x03\x40" + one + "\x40\x00" + "\x41\x7f" + "\x47" + "\x0d\x00\x0b" + unreachable

	// recursion calls itself, as function 3, until the stack ends.
	recursion = "\x20\x00\x20\x01\x10\x03"
)

// returns is the code that returns a result of an operation.
func returns(address, size uint32) string {
	packed := int64(uint64(address)<<32 | uint64(size))
	code := []byte{0x42} // i64.const
	for packed < -64 || packed > 63 {
		code = append(code, byte(packed)|0x80)
		packed >>= 7
	}
	return string(append(code, byte(packed)&0x7f))
}

// assemble makes the module.
func (f fake) assemble() []byte {
	functions := []struct{ kind, body string }{
		{"\x00", orElse(f.abi, one)},
		{"\x01", orElse(f.alloc, allocBlock)},
		{"\x02", orElse(f.free, zero64)},
		{"\x03", orElse(f.op, echo)},
		{"\x04", f.initialize},
	}
	var kinds, bodies, exports []string
	var imports []string
	if f.imports != "" {
		imports = append(imports, name(f.imports)+name("f")+"\x00\x04")
	}
	for _, fn := range functions {
		kinds = append(kinds, fn.kind)
		body := "\x00" + fn.body + "\x0b" // no local variables
		bodies = append(bodies, name(body))
	}
	export := func(what string, kind, index byte) {
		if what == f.rename {
			index = byte(len(imports)) + 2
		}
		if what != f.without {
			exports = append(exports, name(what)+string([]byte{kind, index}))
		}
	}
	first := byte(len(imports))
	export("memory", 2, 0)
	export("ossconf_abi", 0, first)
	export("ossconf_alloc", 0, first+1)
	export("ossconf_free", 0, first+2)
	for _, op := range core.Operations() {
		export("ossconf_"+op, 0, first+3)
	}
	if f.initialize != "" {
		export("_initialize", 0, first+4)
	}
	limits := wasmfile.AppendU32([]byte{0}, max(f.memory, 1))
	return wasmfile.Join([]wasmfile.Section{
		{ID: wasmfile.Type, Content: vector(
			"\x60\x00\x01\x7f", "\x60\x01\x7f\x01\x7f", "\x60\x01\x7f\x00", "\x60\x02\x7f\x7f\x01\x7e", "\x60\x00\x00")},
		{ID: wasmfile.Import, Content: vector(imports...)},
		{ID: 3, Content: vector(kinds...)},
		{ID: 5, Content: vector(string(limits))},
		{ID: wasmfile.Export, Content: vector(exports...)},
		{ID: wasmfile.Code, Content: vector(bodies...)},
	})
}

func orElse(s, fallback string) string {
	if s == "" {
		return fallback
	}
	return s
}

// name is a string with its length in front.
func name(s string) string { return string(wasmfile.AppendU32(nil, uint32(len(s)))) + s }

func vector(elements ...string) []byte {
	out := wasmfile.AppendU32(nil, uint32(len(elements)))
	for _, e := range elements {
		out = append(out, e...)
	}
	return out
}
