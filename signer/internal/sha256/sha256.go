// Package sha256 hashes one message with SHA-256 and keys it with HMAC, without allocating.
//
// Call [Sum], [HMAC], or [Key.HMAC] for a key that is used again. Nothing is streamed, because a signature hashes short
// texts that are in memory anyway. Native builds use crypto/sha256, which has the processor's own instructions. The
// WebAssembly build uses [Portable] and [PortableKey]: crypto/sha256 would bring the FIPS module and os into the module,
// 112 KB of it compressed, and its portable code is slower there.
package sha256

// Size is the length of a digest in bytes.
const Size = 32

// BlockSize is the length of the blocks SHA-256 works in, and of an HMAC key, in bytes.
const BlockSize = 64

// The padding of RFC 2104: a block of bytes 0x36, a block of bytes 0x5c.
const (
	innerPad = "6666666666666666666666666666666666666666666666666666666666666666"
	outerPad = `\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\`
)

// HMAC returns the HMAC-SHA-256 of message as RFC 2104 defines it. A key longer than BlockSize is hashed first.
func HMAC(key, message []byte) [Size]byte {
	k := NewKey(key)
	digest := k.HMAC(message)
	k = Key{}
	return digest
}

// pad returns the blocks that begin the two messages which are hashed for a key.
func pad(key []byte) (inner, outer [BlockSize]byte) {
	if len(key) > BlockSize {
		digest := Sum(key)
		key = digest[:]
	}
	copy(inner[:], innerPad)
	copy(outer[:], outerPad)
	for i, c := range key {
		inner[i] ^= c
		outer[i] ^= c
	}
	return inner, outer
}
