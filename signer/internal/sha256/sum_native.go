//go:build !wasm

package sha256

import "crypto/sha256"

// Sum returns the SHA-256 of message.
func Sum(message []byte) [Size]byte { return sha256.Sum256(message) }

// A Key is a key for HMAC.
type Key struct{ inner, outer [BlockSize]byte } // the key, padded

// NewKey returns the key. A key longer than BlockSize is hashed first.
func NewKey(key []byte) (k Key) {
	k.inner, k.outer = pad(key)
	return k
}

// HMAC returns the HMAC-SHA-256 of message as RFC 2104 defines it.
func (k *Key) HMAC(message []byte) [Size]byte {
	// A string to sign with its padded key fits; a longer message, such as a policy, moves to the heap.
	var store [384]byte
	copy(store[:], k.inner[:])
	inner := append(store[:BlockSize], message...)
	digest := Sum(inner)
	clear(inner[:BlockSize])
	clear(store[:BlockSize])

	var outer [BlockSize + Size]byte
	copy(outer[:], k.outer[:])
	copy(outer[BlockSize:], digest[:])
	digest = Sum(outer[:])
	clear(outer[:BlockSize])
	return digest
}
