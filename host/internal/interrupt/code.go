package interrupt

import "encoding/binary"

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
func (in *instrumenter) code(r *reader) []byte {
	count := r.u32()
	out := make([]byte, 0, len(r.b)+len(r.b)/4)
	out = binary.AppendUvarint(out, uint64(count))
	var body []byte
	for i := uint32(0); i < count && !r.failed; i++ {
		f := &reader{b: r.bytes(r.u32())}
		body = in.body(body[:0], f)
		if f.failed {
			r.fail()
		}
		out = binary.AppendUvarint(out, uint64(len(body)))
		out = append(out, body...)
	}
	return out
}

// body appends a rewritten body to dst. Between what changes it copies.
func (in *instrumenter) body(dst []byte, r *reader) []byte {
	for n := r.u32(); n > 0 && !r.failed; n-- {
		r.skip(2) // so many local variables of a type
	}
	copied := 0
	for r.at < len(r.b) {
		op := r.byte()
		switch op {
		case opLoop:
			r.skip(1)
			dst = append(append(dst, r.b[copied:r.at]...), in.prologue...)
			copied = r.at
		case opCall, opRefFunc:
			dst = append(dst, r.b[copied:r.at]...)
			dst = binary.AppendUvarint(dst, in.moved(r.u32()))
			copied = r.at
		default:
			r.immediates(op)
		}
	}
	return append(dst, r.b[copied:]...)
}

// immediates passes over what follows an instruction. What follows most is some numbers in LEB128.
func (r *reader) immediates(op byte) {
	switch op {
	case opBrTable:
		r.skip(r.u32() + 1)
	case opSelectTyped:
		r.skip(r.u32())
	case opF32Const:
		r.bytes(4)
	case opF64Const:
		r.bytes(8)
	case opPrefixFC:
		n := r.u32()
		if n >= uint32(len(prefixed)) {
			r.fail()
			return
		}
		r.skip(prefixed[n])
	default:
		r.skip(numbers(op, r))
	}
}

// prefixed are how many numbers follow the instructions behind the prefix 0xfc: conversions, then memory and tables.
var prefixed = [...]uint32{0, 0, 0, 0, 0, 0, 0, 0, 2, 1, 2, 1, 2, 1, 2, 1, 1, 1}

// numbers returns how many numbers follow the instruction op.
func numbers(op byte, r *reader) uint32 {
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
	r.fail()
	return 0
}
