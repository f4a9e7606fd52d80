package wasmfile

import "encoding/binary"

// A Reader reads the content of a section. After a fault Failed is set, nothing is left and everything it returns is
// zero, so that callers check once, at the end.
type Reader struct {
	B      []byte
	At     int
	Failed bool
}

// Fail records a fault.
func (r *Reader) Fail() { r.Failed, r.At = true, len(r.B) }

// More reports whether there is more to read.
func (r *Reader) More() bool { return r.At < len(r.B) }

// Rest returns what has not been read.
func (r *Reader) Rest() []byte { return r.B[r.At:] }

// Byte reads a byte.
func (r *Reader) Byte() byte {
	if !r.More() {
		r.Fail()
		return 0
	}
	r.At++
	return r.B[r.At-1]
}

// Expect reads a byte that can only be b.
func (r *Reader) Expect(b byte) {
	if r.Byte() != b {
		r.Fail()
	}
}

// Bytes reads n bytes, which are not copied.
func (r *Reader) Bytes(n uint32) []byte {
	if uint64(n) > uint64(len(r.B)-r.At) {
		r.Fail()
		return nil
	}
	r.At += int(n)
	return r.B[r.At-int(n) : r.At]
}

// U32 reads an unsigned number in LEB128.
func (r *Reader) U32() uint32 {
	if r.More() && r.B[r.At] < 0x80 {
		r.At++
		return uint32(r.B[r.At-1])
	}
	v, n := binary.Uvarint(r.B[r.At:])
	if n <= 0 || n > binary.MaxVarintLen32 || v > 1<<32-1 {
		r.Fail()
		return 0
	}
	r.At += n
	return uint32(v)
}

// S32 reads a signed number in LEB128.
func (r *Reader) S32() int32 {
	var v int64
	for shift := 0; shift < 7*binary.MaxVarintLen32; shift += 7 {
		b := r.Byte()
		v |= int64(b&0x7f) << shift
		if b >= 0x80 {
			continue
		}
		if b&0x40 != 0 {
			v -= 1 << (shift + 7)
		}
		if int64(int32(v)) != v {
			break
		}
		return int32(v)
	}
	r.Fail()
	return 0
}

// Skip passes over n numbers in LEB128, of whatever sign and size.
func (r *Reader) Skip(n uint32) {
	for ; n > 0 && !r.Failed; n-- {
		for r.Byte() >= 0x80 {
		}
	}
}
