package sha256

import "math/bits"

// Portable returns the SHA-256 of message, as FIPS 180-4 describes it, in Go alone. Sum is Portable in the
// WebAssembly build.
func Portable(message []byte) [Size]byte { return finish(initial, 0, message) }

// initial is the hash of nothing yet, FIPS 180-4 section 5.3.3.
var initial = [8]uint32{0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19}

// finish returns the digest of a message of which the whole blocks in front of rest have been hashed into h.
func finish(h [8]uint32, front int, rest []byte) [Size]byte {
	whole := len(rest) &^ (BlockSize - 1)
	blocks(&h, rest[:whole])

	var tail [2 * BlockSize]byte
	n := copy(tail[:], rest[whole:])
	tail[n] = 0x80
	end := BlockSize
	if n+1+8 > BlockSize {
		end = 2 * BlockSize
	}
	length := uint64(front+len(rest)) * 8
	for i := range 8 {
		tail[end-1-i] = byte(length >> (8 * i))
	}
	blocks(&h, tail[:end])

	var digest [Size]byte
	for i, v := range h {
		digest[4*i], digest[4*i+1], digest[4*i+2], digest[4*i+3] = byte(v>>24), byte(v>>16), byte(v>>8), byte(v)
	}
	return digest
}

// A PortableKey is a key with which [PortableKey.HMAC] has two blocks less to hash, of ten that a signature takes. Key
// is a PortableKey in the WebAssembly build.
type PortableKey struct{ inner, outer [8]uint32 } // the hashes of the padded key

// NewPortableKey returns the key. A key longer than BlockSize is hashed first.
func NewPortableKey(key []byte) PortableKey {
	inner, outer := pad(key)
	k := PortableKey{initial, initial}
	blocks(&k.inner, inner[:])
	blocks(&k.outer, outer[:])
	clear(inner[:])
	clear(outer[:])
	return k
}

// HMAC returns the HMAC-SHA-256 of message as RFC 2104 defines it.
func (k *PortableKey) HMAC(message []byte) [Size]byte {
	digest := finish(k.inner, BlockSize, message)
	return finish(k.outer, BlockSize, digest[:])
}

// k are the constants of FIPS 180-4 section 4.2.2.
var k = [64]uint32{
	0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
	0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
	0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
	0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
	0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
	0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
	0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
	0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
}

// blocks hashes the whole blocks of p into h.
//
// Sixteen rounds are written out with their variables renamed instead of moved, and the message schedule with constant
// indices: WebAssembly has neither registers to rotate nor cheap bounds checks. Compiled by V8 this is twice as fast as
// the portable code of crypto/sha256; writing all 64 rounds out, or computing in 64 bits, is slower again.
func blocks(h8 *[8]uint32, p []byte) {
	var w [16]uint32
	for ; len(p) >= BlockSize; p = p[BlockSize:] {
		block := (*[BlockSize]byte)(p)
		for i := range w {
			w[i] = uint32(block[4*i])<<24 | uint32(block[4*i+1])<<16 | uint32(block[4*i+2])<<8 | uint32(block[4*i+3])
		}
		a, b, c, d, e, f, g, h := h8[0], h8[1], h8[2], h8[3], h8[4], h8[5], h8[6], h8[7]
		for i := 0; ; i += 16 {
			kk := (*[16]uint32)(k[i:])
			d, h = round(a, b, c, d, e, f, g, h, kk[0]+w[0])
			c, g = round(h, a, b, c, d, e, f, g, kk[1]+w[1])
			b, f = round(g, h, a, b, c, d, e, f, kk[2]+w[2])
			a, e = round(f, g, h, a, b, c, d, e, kk[3]+w[3])
			h, d = round(e, f, g, h, a, b, c, d, kk[4]+w[4])
			g, c = round(d, e, f, g, h, a, b, c, kk[5]+w[5])
			f, b = round(c, d, e, f, g, h, a, b, kk[6]+w[6])
			e, a = round(b, c, d, e, f, g, h, a, kk[7]+w[7])
			d, h = round(a, b, c, d, e, f, g, h, kk[8]+w[8])
			c, g = round(h, a, b, c, d, e, f, g, kk[9]+w[9])
			b, f = round(g, h, a, b, c, d, e, f, kk[10]+w[10])
			a, e = round(f, g, h, a, b, c, d, e, kk[11]+w[11])
			h, d = round(e, f, g, h, a, b, c, d, kk[12]+w[12])
			g, c = round(d, e, f, g, h, a, b, c, kk[13]+w[13])
			f, b = round(c, d, e, f, g, h, a, b, kk[14]+w[14])
			e, a = round(b, c, d, e, f, g, h, a, kk[15]+w[15])
			if i == 48 {
				break
			}
			w[0] = schedule(w[0], w[1], w[9], w[14])
			w[1] = schedule(w[1], w[2], w[10], w[15])
			w[2] = schedule(w[2], w[3], w[11], w[0])
			w[3] = schedule(w[3], w[4], w[12], w[1])
			w[4] = schedule(w[4], w[5], w[13], w[2])
			w[5] = schedule(w[5], w[6], w[14], w[3])
			w[6] = schedule(w[6], w[7], w[15], w[4])
			w[7] = schedule(w[7], w[8], w[0], w[5])
			w[8] = schedule(w[8], w[9], w[1], w[6])
			w[9] = schedule(w[9], w[10], w[2], w[7])
			w[10] = schedule(w[10], w[11], w[3], w[8])
			w[11] = schedule(w[11], w[12], w[4], w[9])
			w[12] = schedule(w[12], w[13], w[5], w[10])
			w[13] = schedule(w[13], w[14], w[6], w[11])
			w[14] = schedule(w[14], w[15], w[7], w[12])
			w[15] = schedule(w[15], w[0], w[8], w[13])
		}
		h8[0] += a
		h8[1] += b
		h8[2] += c
		h8[3] += d
		h8[4] += e
		h8[5] += f
		h8[6] += g
		h8[7] += h
	}
}

// round is one round of FIPS 180-4 section 6.2.2. It returns the new values of d and h, which are e and a of the next.
func round(a, b, c, d, e, f, g, h, kw uint32) (uint32, uint32) {
	t1 := kw + h + (g ^ e&(f^g)) + (bits.RotateLeft32(e, -6) ^ bits.RotateLeft32(e, -11) ^ bits.RotateLeft32(e, -25))
	return d + t1, (b ^ (a^b)&(b^c)) + (bits.RotateLeft32(a, -2) ^ bits.RotateLeft32(a, -13) ^ bits.RotateLeft32(a, -22)) + t1
}

// schedule returns the word of the message schedule that takes the place of w0: the arguments are 16, 15, 7 and 2 words
// before it.
func schedule(w0, w1, w9, w14 uint32) uint32 {
	s0 := bits.RotateLeft32(w1, -7) ^ bits.RotateLeft32(w1, -18) ^ w1>>3
	s1 := bits.RotateLeft32(w14, -17) ^ bits.RotateLeft32(w14, -19) ^ w14>>10
	return w0 + s0 + w9 + s1
}
