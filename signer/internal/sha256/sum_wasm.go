package sha256

// Sum returns the SHA-256 of message.
func Sum(message []byte) [Size]byte { return Portable(message) }
