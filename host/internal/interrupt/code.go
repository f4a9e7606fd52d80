package interrupt

import "github.com/ossconf/ossconf/internal/wasmfile"

const typeI32 = 0x7f

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
		case wasmfile.OpLoop:
			r.Skip(1)
			dst = append(append(dst, r.B[copied:r.At]...), in.prologue...)
			copied = r.At
		case wasmfile.OpCall, wasmfile.OpRefFunc:
			dst = append(dst, r.B[copied:r.At]...)
			dst = wasmfile.AppendU32(dst, in.moved(r.U32()))
			copied = r.At
		default:
			r.Immediates(op)
		}
	}
	return append(dst, r.B[copied:]...)
}
