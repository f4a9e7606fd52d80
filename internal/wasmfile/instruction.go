package wasmfile

// Instructions that programs look for, WebAssembly Core Specification 2.0, 5.4.
const (
	OpUnreachable  = 0x00
	OpBlock        = 0x02
	OpLoop         = 0x03
	OpIf           = 0x04
	OpElse         = 0x05
	OpEnd          = 0x0b
	OpBr           = 0x0c
	OpBrIf         = 0x0d
	OpBrTable      = 0x0e
	OpReturn       = 0x0f
	OpCall         = 0x10
	OpCallIndirect = 0x11
	OpLocalGet     = 0x20
	OpLocalSet     = 0x21
	OpGlobalGet    = 0x23
	OpGlobalSet    = 0x24
	OpI32Const     = 0x41
	OpI32Eqz       = 0x45
	OpI32Add       = 0x6a
	OpRefFunc      = 0xd2

	opSelectTyped = 0x1c
	opF32Const    = 0x43
	opF64Const    = 0x44
	opPrefixFC    = 0xfc
)

// NoResult is the type of a block that leaves nothing on the stack.
const NoResult = 0x40

// Immediates passes over what follows the instruction op. What follows most is some numbers in LEB128. An instruction
// that Go's toolchain does not write is a fault.
func (r *Reader) Immediates(op byte) {
	switch op {
	case OpBrTable:
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
		r.Skip(r.numbers(op))
	}
}

// prefixed are how many numbers follow the instructions behind the prefix 0xfc: conversions, then memory and tables.
var prefixed = [...]uint32{0, 0, 0, 0, 0, 0, 0, 0, 2, 1, 2, 1, 2, 1, 2, 1, 1, 1}

// numbers returns how many numbers follow the instruction op.
func (r *Reader) numbers(op byte) uint32 {
	switch {
	case OpBlock <= op && op <= OpIf, op == OpBr, op == OpBrIf, op == OpCall, op == OpRefFunc,
		0x20 <= op && op <= 0x26, // variables and tables
		op == 0x3f, op == 0x40,   // memory.size, memory.grow
		op == OpI32Const, op == OpI32Const+1, // i64.const
		op == 0xd0: // ref.null
		return 1
	case op == OpCallIndirect, 0x28 <= op && op <= 0x3e: // loads and stores
		return 2
	case op <= 0x01, op == OpElse, op == OpEnd, op == OpReturn, // unreachable, nop
		op == 0x1a, op == 0x1b, // drop, select
		OpI32Eqz <= op && op <= 0xc4, // arithmetic
		op == 0xd1:                   // ref.is_null
		return 0
	}
	r.Fail()
	return 0
}
