package signer

import (
	"sync"

	"github.com/ossconf/ossconf/signer/internal/sha256"
)

// maxKeys bounds the cache: a key is good for one day of one secret, and a server that signs for more than this many
// at once pays four HMACs for one it has forgotten.
const maxKeys = 64

// A keyCache remembers derived signing keys, the least recently used ones being forgotten. The zero value is empty
// and ready to use. It holds no secrets: an entry is found by a digest.
type keyCache struct {
	mu      sync.Mutex
	clock   uint64
	last    int // most callers sign with the same key again and again
	entries [maxKeys]keyEntry
}

type keyEntry struct {
	id   [sha256.Size]byte
	key  sha256.Key
	used uint64 // 0 for an entry that is free
}

// sign returns the signature of a string to sign, in binary.
func (c *keyCache) sign(secret, day, region, product string, stringToSign []byte) [sha256.Size]byte {
	key := c.derived(secret, day, region, product)
	signature := key.HMAC(stringToSign)
	key = sha256.Key{}
	return signature
}

func (c *keyCache) derived(secret, day, region, product string) sha256.Key {
	id := keyID(secret, day, region, product)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.clock++
	if e := &c.entries[c.last]; e.used != 0 && e.id == id {
		e.used = c.clock
		return e.key
	}
	oldest := 0
	for i := range c.entries {
		e := &c.entries[i]
		if e.used != 0 && e.id == id {
			e.used, c.last = c.clock, i
			return e.key
		}
		if e.used < c.entries[oldest].used {
			oldest = i
		}
	}
	e := &c.entries[oldest]
	*e = keyEntry{}
	key := deriveKey(secret, day, region, product)
	e.id, e.key, e.used = id, sha256.NewKey(key[:]), c.clock
	clear(key[:])
	c.last = oldest
	return e.key
}

// keyID names a key without giving its secret away. The parts are preceded by their lengths, none of which exceeds a
// byte, but for the secret, which takes the rest: no two keys are the same message, and most fit one block.
func keyID(secret, day, region, product string) [sha256.Size]byte {
	var store [128]byte
	b := append(append(store[:0], byte(len(day))), day...)
	b = append(append(b, byte(len(region))), region...)
	b = append(append(b, byte(len(product))), product...)
	b = append(b, secret...)
	id := sha256.Sum(b)
	clear(b)
	return id
}

// deriveKey computes the signing key of a secret for one day, region and product.
func deriveKey(secret, day, region, product string) [sha256.Size]byte {
	var store [128]byte
	seed := append(append(store[:0], "aliyun_v4"...), secret...)
	key := sha256.HMAC(seed, []byte(day))
	clear(seed)
	key = sha256.HMAC(key[:], []byte(region))
	key = sha256.HMAC(key[:], []byte(product))
	return sha256.HMAC(key[:], []byte(terminator))
}
