package interrupt

import "encoding/binary"

// The kinds of imports and exports.
const (
	functionKind = 0
	tableKind    = 1
	memoryKind   = 2
	globalKind   = 3
)

// imports adds the function behind the others and counts what the indices depend on.
func (in *instrumenter) imports(r *reader) []byte {
	count := r.u32()
	start := r.at
	for i := uint32(0); i < count && !r.failed; i++ {
		r.bytes(r.u32())
		r.bytes(r.u32())
		switch r.byte() {
		case functionKind:
			in.imported++
			r.skip(1)
		case globalKind:
			in.counter++
			r.skip(2)
		case tableKind:
			r.skip(1)
			r.limits()
		case memoryKind:
			r.limits()
		default:
			r.fail()
		}
	}
	r.at = start
	var entry []byte
	for _, name := range []string{ImportModule, ImportName} {
		entry = append(append(entry, byte(len(name))), name...)
	}
	entry = append(entry, functionKind)
	return r.appended(count, binary.AppendUvarint(entry, uint64(in.kind)))
}

// limits passes over the limits of a table or a memory.
func (r *reader) limits() {
	switch r.byte() {
	case 0:
		r.skip(1)
	case 1:
		r.skip(2)
	default:
		r.fail()
	}
}

func (in *instrumenter) exports(r *reader) []byte {
	count := r.u32()
	out := binary.AppendUvarint(nil, uint64(count))
	for i := uint32(0); i < count && !r.failed; i++ {
		start := r.at
		r.bytes(r.u32())
		kind := r.byte()
		out = append(out, r.b[start:r.at]...)
		index := r.u32()
		if kind == functionKind {
			out = binary.AppendUvarint(out, in.moved(index))
		} else {
			out = binary.AppendUvarint(out, uint64(index))
		}
	}
	return out
}

// elements rewrites the tables of functions. It knows the one form that Go's linker and binaryen write: an active
// segment of table 0 that lists functions.
func (in *instrumenter) elements(r *reader) []byte {
	count := r.u32()
	out := binary.AppendUvarint(nil, uint64(count))
	for i := uint32(0); i < count && !r.failed; i++ {
		start := r.at
		if r.u32() != 0 || r.byte() != opI32Const {
			r.fail()
		}
		r.skip(1)
		if r.byte() != opEnd {
			r.fail()
			return nil
		}
		out = append(out, r.b[start:r.at]...)
		n := r.u32()
		out = binary.AppendUvarint(out, uint64(n))
		for ; n > 0 && !r.failed; n-- {
			out = binary.AppendUvarint(out, in.moved(r.u32()))
		}
	}
	return out
}
