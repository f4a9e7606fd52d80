package sha256

import (
	"bytes"
	stdhmac "crypto/hmac"
	stdsha256 "crypto/sha256"
	"encoding/hex"
	"strings"
	"testing"
)

// NIST's examples for SHA-256: FIPS 180-4 with its files SHA256.pdf and SHA2_Additional.pdf, and the first of the SHAVS.
var published = []struct {
	name, message, digest string
}{
	{"nothing", "", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
	{"abc", "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
	{"448 bits", "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
	{"896 bits", "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu", "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"},
	{"one byte", "\xbd", "68325720aabd7c82f30f554b313d0570c95accbb7dc4b5aae11204c08ffe732b"},
	{"four bytes", "\xc9\x8c\x8e\x55", "7abc22c0ae5af26ce93dbb94433a0e0b2e119d014f8e7f65bd56c61ccccd9504"},
	{"55 zeros", strings.Repeat("\x00", 55), "02779466cdec163811d078815c633f21901413081449002f24aa3e80f0b88ef7"},
	{"56 zeros", strings.Repeat("\x00", 56), "d4817aa5497628e7c77e6b606107042bbba3130888c5f47a375e6179be789fbb"},
	{"57 zeros", strings.Repeat("\x00", 57), "65a16cb7861335d5ace3c60718b5052e44660726da4cd13bb745381b235a1785"},
	{"64 zeros", strings.Repeat("\x00", 64), "f5a5fd42d16a20302798ef6ed309979b43003d2320d9f0e8ea9831a92759fb4b"},
	{"1000 zeros", strings.Repeat("\x00", 1000), "541b3e9daa09b20bf85fa273e5cbd3e80185aa4ec298e765db87742b70138a53"},
	{"1000 of 0x41", strings.Repeat("\x41", 1000), "c2e686823489ced2017f6059b8b239318b6364f6dcd835d0a519105a1eadd6e4"},
	{"1005 of 0x55", strings.Repeat("\x55", 1005), "f4d62ddec0f3dd90ea1380fa16a5ff8dc4c54b21740650f24afc4120903552b0"},
	{"a million a", strings.Repeat("a", 1000000), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"},
	{"a million zeros", strings.Repeat("\x00", 1000000), "d29751f2649b32ff572b5e0a9f541ea660a50f94ff0beedfb0b692b924cc8025"},
}

func TestPublished(t *testing.T) {
	for _, tt := range published {
		for name, sum := range map[string]func([]byte) [Size]byte{"Sum": Sum, "Portable": Portable} {
			digest := sum([]byte(tt.message))
			if got := hex.EncodeToString(digest[:]); got != tt.digest {
				t.Errorf("%s of %s: %s, want %s", name, tt.name, got, tt.digest)
			}
		}
	}
}

func TestLengths(t *testing.T) {
	message := make([]byte, 1000)
	for i := range message {
		message[i] = byte(i*i>>3 + i)
	}
	for n := range message {
		if got, want := Portable(message[:n]), stdsha256.Sum256(message[:n]); got != want {
			t.Errorf("%d bytes: %x, want %x", n, got, want)
		}
	}
}

// The test cases of RFC 4231 for HMAC-SHA-256.
func TestHMACPublished(t *testing.T) {
	tests := []struct {
		name, key, message, digest string
	}{
		{"case 1", strings.Repeat("\x0b", 20), "Hi There", "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"},
		{"case 2", "Jefe", "what do ya want for nothing?", "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
		{"case 3", strings.Repeat("\xaa", 20), strings.Repeat("\xdd", 50), "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"},
		{"case 6", strings.Repeat("\xaa", 131), "Test Using Larger Than Block-Size Key - Hash Key First", "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"},
		{"case 7", strings.Repeat("\xaa", 131), "This is a test using a larger than block-size key and a larger than block-size data. The key needs to be hashed before being used by the HMAC algorithm.", "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"},
	}
	for _, tt := range tests {
		portable := NewPortableKey([]byte(tt.key))
		for name, digest := range map[string][Size]byte{
			"HMAC":        HMAC([]byte(tt.key), []byte(tt.message)),
			"PortableKey": portable.HMAC([]byte(tt.message)),
		} {
			if got := hex.EncodeToString(digest[:]); got != tt.digest {
				t.Errorf("%s of %s: %s, want %s", name, tt.name, got, tt.digest)
			}
		}
	}
}

func TestHMACLengths(t *testing.T) {
	text := bytes.Repeat([]byte("0123456789"), 80)
	for k := range 70 {
		for _, n := range []int{0, 1, 54, 55, 56, 63, 64, 65, 447, 448, 449, 800} {
			mac := stdhmac.New(stdsha256.New, text[:k])
			mac.Write(text[:n])
			want := mac.Sum(nil)
			if got := HMAC(text[:k], text[:n]); !bytes.Equal(got[:], want) {
				t.Errorf("key of %d, message of %d bytes: %x", k, n, got)
			}
			portable := NewPortableKey(text[:k])
			for range 2 { // it is used again
				if got := portable.HMAC(text[:n]); !bytes.Equal(got[:], want) {
					t.Errorf("portable key of %d, message of %d bytes: %x", k, n, got)
				}
			}
		}
	}
}

func TestNoAllocations(t *testing.T) {
	key, message := make([]byte, 32), make([]byte, 300)
	var digest [Size]byte
	portable := NewPortableKey(key)
	for name, f := range map[string]func(){
		"HMAC":        func() { digest = HMAC(key, message) },
		"PortableKey": func() { digest = portable.HMAC(message) },
	} {
		if n := testing.AllocsPerRun(100, f); n != 0 {
			t.Errorf("%s: %v allocations for %x", name, n, digest)
		}
	}
}

func FuzzPortable(f *testing.F) {
	for _, tt := range published[:10] {
		f.Add([]byte(tt.message))
	}
	f.Fuzz(func(t *testing.T, message []byte) {
		if got, want := Portable(message), stdsha256.Sum256(message); got != want {
			t.Errorf("%x, want %x", got, want)
		}
	})
}

func BenchmarkPortable(b *testing.B) {
	message := make([]byte, 8192)
	b.SetBytes(int64(len(message)))
	for b.Loop() {
		Portable(message)
	}
}
