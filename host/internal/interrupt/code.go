package interrupt

import "github.com/ossconf/ossconf/internal/wasmfile"

const typeI32 = 0x7f

// The instructions that matter here, WebAssembly Core Specification 2.0, 5.4.
const (
	opBlock        = 0x02
	opLoop         = 0x03
	opIf           = 0x04
	opEnd          = 0x0b
	opBrTable      = 0x0e
	opCall         = 0x10
	opCallIndirect = 0x11
	opSelectTyped  = 0x1c
	opGlobalGet    = 0x23
	opGlobalSet    = 0x24
	opI32Const     = 0x41
	opF32Const     = 0x43
	opF64Const     = 0x44
	opI32Eqz       = 0x45
	opI32Add       = 0x6a
	opRefFunc      = 0xd2
	opPrefixFC     = 0xfc
)

// code rewrites the bodies of all functions.
func (in *instrumenter) code(r *wasmfile.Reader) []byte {
	count := r.U32()
	out := make([]byte, 0, len(r.B)+len(r.B)/4)
	out = wasmfile.AppendU32(out, count)
	var body []byte
	for i := uint32(0); i < count && !r.Failed; i++ {
		f := &wasmfile.Reader{B: r.Bytes(r.U32())}
		body = in.body(body[:0], f)
		if f.Failed {
			r.Fail()
		}
		out = wasmfile.AppendU32(out, uint32(len(body)))
		out = append(out, body...)
	}
	return out
}

// body appends a rewritten body to dst. Between what changes it copies.
func (in *instrumenter) body(dst []byte, r *wasmfile.Reader) []byte {
	for n := r.U32(); n > 0 && !r.Failed; n-- {
		r.Skip(2) // so many local variables of a type
	}
	copied := 0
	for r.At < len(r.B) {
		op := r.Byte()
		switch op {
		case opLoop:
			r.Skip(1)
			dst = append(append(dst, r.B[copied:r.At]...), in.prologue...)
			copied = r.At
		case opCall, opRefFunc:
			dst = append(dst, r.B[copied:r.At]...)
			dst = wasmfile.AppendU32(dst, in.moved(r.U32()))
			copied = r.At
		default:
			immediates(r, op)
		}
	}
	return append(dst, r.B[copied:]...)
}

// immediates passes over what follows an instruction. What follows most is some numbers in LEB128.
func immediates(r *wasmfile.Reader, op byte) {
	switch op {
	case opBrTable:
		r.Skip(r.U32() + 1)
	case opSelectTyped:
		r.Skip(r.U32())
	case opF32Const:
		r.Bytes(4)
	case opF64Const:
		r.Bytes(8)
	case opPrefixFC:
		n := r.U32()
		if n >= uint32(len(prefixed)) {
			r.Fail()
			return
		}
		r.Skip(prefixed[n])
	default:
		r.Skip(numbers(r, op))
	}
}

// prefixed are how many numbers follow the instructions behind the prefix 0xfc: conversions, then memory and tables.
var prefixed = [...]uint32{0, 0, 0, 0, 0, 0, 0, 0, 2, 1, 2, 1, 2, 1, 2, 1, 1, 1}

// numbers returns how many numbers follow the instruction op.
func numbers(r *wasmfile.Reader, op byte) uint32 {
	switch {
	case op == opBlock, op == opIf,
		op == 0x0c, op == 0x0d, // br, br_if
		0x20 <= op && op <= 0x26, // variables and tables
		op == 0x3f, op == 0x40,   // memory.size, memory.grow
		op == opI32Const, op == opI32Const+1, // i64.const
		op == 0xd0: // ref.null
		return 1
	case op == opCallIndirect, 0x28 <= op && op <= 0x3e: // loads and stores
		return 2
	case op <= 0x01, op == 0x05, op == opEnd, op == 0x0f, // unreachable, nop, else, return
		op == 0x1a, op == 0x1b, // drop, select
		opI32Eqz <= op && op <= 0xc4, // arithmetic
		op == 0xd1:                   // ref.is_null
		return 0
	}
	r.Fail()
	return 0
}
