package sha256

// Sum returns the SHA-256 of message.
func Sum(message []byte) [Size]byte { return Portable(message) }

// A Key is a key for HMAC.
type Key = PortableKey

// NewKey returns the key. A key longer than BlockSize is hashed first.
func NewKey(key []byte) Key { return NewPortableKey(key) }
