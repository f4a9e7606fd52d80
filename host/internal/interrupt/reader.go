package interrupt

import "encoding/binary"

// A reader reads the binary format. After a fault failed is set and everything it returns is zero, so that callers check
// once at the end.
type reader struct {
	b      []byte
	at     int
	failed bool
}

func (r *reader) fail() { r.failed, r.at = true, len(r.b) }

func (r *reader) byte() byte {
	if r.at >= len(r.b) {
		r.fail()
		return 0
	}
	r.at++
	return r.b[r.at-1]
}

func (r *reader) bytes(n uint32) []byte {
	if uint64(n) > uint64(len(r.b)-r.at) {
		r.fail()
		return nil
	}
	r.at += int(n)
	return r.b[r.at-int(n) : r.at]
}

// u32 reads an unsigned number in LEB128.
func (r *reader) u32() uint32 {
	if r.at < len(r.b) && r.b[r.at] < 0x80 {
		r.at++
		return uint32(r.b[r.at-1])
	}
	v, n := binary.Uvarint(r.b[r.at:])
	if n <= 0 || n > 5 || v > 1<<32-1 {
		r.fail()
		return 0
	}
	r.at += n
	return uint32(v)
}

// skip passes over n numbers in LEB128, of whatever sign and size.
func (r *reader) skip(n uint32) {
	for ; n > 0 && !r.failed; n-- {
		for r.byte() >= 0x80 {
		}
	}
}

// appended returns the rest of a vector of count elements with one more.
func (r *reader) appended(count uint32, element []byte) []byte {
	out := binary.AppendUvarint(nil, uint64(count)+1)
	return append(append(out, r.b[r.at:]...), element...)
}

// appendS32 appends a signed number in LEB128.
func appendS32(dst []byte, v int32) []byte {
	for v < -64 || v > 63 {
		dst = append(dst, byte(v)|0x80)
		v >>= 7
	}
	return append(dst, byte(v)&0x7f)
}
