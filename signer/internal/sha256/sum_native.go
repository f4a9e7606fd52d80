//go:build !wasm

package sha256

import "crypto/sha256"

// Sum returns the SHA-256 of message.
func Sum(message []byte) [Size]byte { return sha256.Sum256(message) }
