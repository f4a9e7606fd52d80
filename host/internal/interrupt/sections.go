package interrupt

import "github.com/ossconf/ossconf/internal/wasmfile"

// The kinds of imports and exports.
const (
	functionKind = 0
	tableKind    = 1
	memoryKind   = 2
	globalKind   = 3
)

// imports adds the function behind the others and counts what the indices depend on.
func (in *instrumenter) imports(r *wasmfile.Reader) []byte {
	count := r.U32()
	start := r.At
	for i := uint32(0); i < count && !r.Failed; i++ {
		r.Bytes(r.U32())
		r.Bytes(r.U32())
		switch r.Byte() {
		case functionKind:
			in.imported++
			r.Skip(1)
		case globalKind:
			in.counter++
			r.Skip(2)
		case tableKind:
			r.Skip(1)
			limits(r)
		case memoryKind:
			limits(r)
		default:
			r.Fail()
		}
	}
	r.At = start
	var entry []byte
	for _, name := range []string{ImportModule, ImportName} {
		entry = append(append(entry, byte(len(name))), name...)
	}
	entry = append(entry, functionKind)
	return appended(r, count, wasmfile.AppendU32(entry, in.kind))
}

// limits passes over the limits of a table or a memory.
func limits(r *wasmfile.Reader) {
	switch r.Byte() {
	case 0:
		r.Skip(1)
	case 1:
		r.Skip(2)
	default:
		r.Fail()
	}
}

// globals adds the counter behind the others.
func (in *instrumenter) globals(r *wasmfile.Reader) []byte {
	count := r.U32()
	start := r.At
	for i := uint32(0); i < count && !r.Failed; i++ {
		r.Bytes(2) // type and mutability
		for op := r.Byte(); op != wasmfile.OpEnd && !r.Failed; op = r.Byte() {
			if op == wasmfile.OpRefFunc { // its index would have to move
				r.Fail()
			}
			r.Immediates(op)
		}
	}
	r.At = start
	in.counter += count
	in.prologue = in.turn()
	entry := wasmfile.AppendS32([]byte{typeI32, 1, wasmfile.OpI32Const}, Interval)
	return appended(r, count, append(entry, wasmfile.OpEnd))
}

func (in *instrumenter) exports(r *wasmfile.Reader) []byte {
	count := r.U32()
	out := wasmfile.AppendU32(nil, count)
	for i := uint32(0); i < count && !r.Failed; i++ {
		start := r.At
		r.Bytes(r.U32())
		kind := r.Byte()
		out = append(out, r.B[start:r.At]...)
		index := r.U32()
		if kind == functionKind {
			out = wasmfile.AppendU32(out, in.moved(index))
		} else {
			out = wasmfile.AppendU32(out, index)
		}
	}
	return out
}

// elements rewrites the tables of functions. It knows the one form that Go's linker and binaryen write: an active
// segment of table 0 that lists functions.
func (in *instrumenter) elements(r *wasmfile.Reader) []byte {
	count := r.U32()
	out := wasmfile.AppendU32(nil, count)
	for i := uint32(0); i < count && !r.Failed; i++ {
		start := r.At
		if r.U32() != 0 || r.Byte() != wasmfile.OpI32Const {
			r.Fail()
		}
		r.Skip(1)
		if r.Byte() != wasmfile.OpEnd {
			r.Fail()
			return nil
		}
		out = append(out, r.B[start:r.At]...)
		n := r.U32()
		out = wasmfile.AppendU32(out, n)
		for ; n > 0 && !r.Failed; n-- {
			out = wasmfile.AppendU32(out, in.moved(r.U32()))
		}
	}
	return out
}
