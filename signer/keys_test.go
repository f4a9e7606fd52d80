package signer

import (
	"encoding/hex"
	"strconv"
	"sync"
	"testing"

	"github.com/ossconf/ossconf/signer/internal/sha256"
)

// The signing keys of the facts that the vectors rest on; the first stands in the OSS document on V4 signatures as data.
func TestDeriveKey(t *testing.T) {
	tests := []struct{ secret, day, region, product, key string }{
		{"yourAccessKeySecret", "20250411", "cn-hangzhou", "oss", "8a01ff4efcc65ca2cbc75375045c61ab5f3fa8b9a2d84f0add27ef16a25feb3c"},
		{"sk", "20231216", "cn-hangzhou", "oss", "b412a03b134ebddd720f5167b5de6db66620ebb3b01cff4d49e3ccb09f8de97f"},
		{"sk", "20231216", "cb-123", "oss-cloudbox", "2050b37df4494279f29cb1af160b9123e6a3208413bac32e41fe003432e6a34d"},
		{"testAccessKeySecret", "20250417", "cn-hangzhou", "oss", "63858e2cab51ab3b8404cad018edddc9023cb3c46f67d8c51f62e7ff32b66bef"},
	}
	var c keyCache
	for range 2 { // derived, then remembered
		for _, tt := range tests {
			key := deriveKey(tt.secret, tt.day, tt.region, tt.product)
			if got := hex.EncodeToString(key[:]); got != tt.key {
				t.Errorf("%s %s: %s, want %s", tt.region, tt.product, got, tt.key)
			}
			if got := c.derived(tt.secret, tt.day, tt.region, tt.product); got != sha256.NewKey(key[:]) {
				t.Errorf("%s %s: the cache has another key", tt.region, tt.product)
			}
		}
	}
}

func (c *keyCache) keys() map[[32]byte]bool {
	keys := make(map[[32]byte]bool)
	for i := range c.entries {
		if c.entries[i].used != 0 {
			keys[c.entries[i].id] = true
		}
	}
	return keys
}

func TestCacheBounds(t *testing.T) {
	var c keyCache
	const kept = "secret-kept"
	for i := range 10 * maxKeys {
		c.derived(kept, "20250417", "cn-hangzhou", "oss")
		c.derived("secret-"+strconv.Itoa(i), "20250417", "cn-hangzhou", "oss")
		if n := len(c.keys()); n != min(i+2, maxKeys) {
			t.Fatalf("%d keys after %d", n, i+2)
		}
	}
	keys := c.keys()
	if !keys[keyID(kept, "20250417", "cn-hangzhou", "oss")] {
		t.Error("the key used last but one is forgotten")
	}
	for i := range 10 * maxKeys {
		id := keyID("secret-"+strconv.Itoa(i), "20250417", "cn-hangzhou", "oss")
		if want := i > 10*maxKeys-maxKeys; keys[id] != want {
			t.Errorf("key %d: remembered %v, want %v", i, keys[id], want)
		}
	}
	// What is forgotten is gone from memory: no entry holds the first key any more.
	key := deriveKey("secret-0", "20250417", "cn-hangzhou", "oss")
	gone := sha256.NewKey(key[:])
	for i := range c.entries {
		if c.entries[i].key == gone {
			t.Errorf("entry %d still holds a key that was forgotten", i)
		}
	}
}

// Every part of a key's name counts, and moving a byte from one part to the next makes another name.
func TestKeyID(t *testing.T) {
	seen := make(map[[32]byte][4]string)
	for _, p := range [][4]string{
		{"secret", "20250417", "cn-hangzhou", "oss"}, {"secreT", "20250417", "cn-hangzhou", "oss"},
		{"secret", "20250418", "cn-hangzhou", "oss"}, {"secret", "20250417", "cn-hangzho", "oss"},
		{"secret", "20250417", "cn-hangzho", "uoss"}, {"secret", "20250417", "cn-hangzhouo", "ss"},
		{"ssecret", "20250417", "cn-hangzhou", "os"}, {"", "20250417", "cn-hangzhou", "osssecret"},
		{"cret", "20250417", "cn-hangzhou", "ossse"},
	} {
		id := keyID(p[0], p[1], p[2], p[3])
		if other, ok := seen[id]; ok {
			t.Errorf("%q and %q share a name", p, other)
		}
		seen[id] = p
	}
}

func TestCacheConcurrently(t *testing.T) {
	var c keyCache
	want := make([]sha256.Key, 3*maxKeys)
	for i := range want {
		key := deriveKey("secret-"+strconv.Itoa(i), "20250417", "cn-hangzhou", "oss")
		want[i] = sha256.NewKey(key[:])
	}
	var wg sync.WaitGroup
	for worker := range 8 {
		wg.Go(func() {
			for i := range 2000 {
				n := (i*7 + worker*31) % len(want)
				if got := c.derived("secret-"+strconv.Itoa(n), "20250417", "cn-hangzhou", "oss"); got != want[n] {
					t.Errorf("key %d is another", n)
				}
			}
		})
	}
	wg.Wait()
}

func TestBase64(t *testing.T) {
	for n := range 300 {
		text := make([]byte, n)
		for i := range text {
			text[i] = byte(i*i*31 + n)
		}
		encoded := string(appendBase64(nil, string(text)))
		if got, ok := decodeBase64(encoded); n > 0 && (!ok || got != string(text)) {
			t.Errorf("%d bytes: %q, %v", n, got, ok)
		}
	}
	for _, s := range []string{"", "a", "ab", "abc", "ab=c", "====", "a===", "=abc", "ab==cdef", "abc\n", "ab-_", "YWI=YWI=", "YWJ=", "YX=="} {
		if got, ok := decodeBase64(s); ok {
			t.Errorf("%q is accepted as %q", s, got)
		}
	}
}
