package signer

import (
	"strings"

	"github.com/ossconf/ossconf/signer/internal/sha256"
)

const (
	lowerHex = "0123456789abcdef"
	upperHex = "0123456789ABCDEF"
)

func appendHex(dst []byte, digest *[sha256.Size]byte) []byte {
	var digits [2 * sha256.Size]byte
	for i, c := range digest {
		digits[2*i], digits[2*i+1] = lowerHex[c>>4], lowerHex[c&15]
	}
	return append(dst, digits[:]...)
}

// unreserved reports whether c stays as it is in a URL, RFC 3986 section 2.3.
func unreserved(c byte) bool {
	return (c|0x20)-'a' <= 'z'-'a' || c-'0' <= '9'-'0' || c == '-' || c == '.' || c == '_' || c == '~'
}

// appendEscaped writes s percent-encoded. A slash stays if it is part of a path.
func appendEscaped(dst []byte, s string, path bool) []byte {
	plain := 0 // bytes before i from here on stay as they are
	for i := range len(s) {
		if c := s[i]; !unreserved(c) && (!path || c != '/') {
			dst = append(append(dst, s[plain:i]...), '%', upperHex[c>>4], upperHex[c&15])
			plain = i + 1
		}
	}
	return append(dst, s[plain:]...)
}

// compareEscaped compares a and b as appendEscaped would write them, without writing them: an escape begins with a
// percent sign, which is smaller than every unreserved byte, and its digits sort like the byte they stand for.
func compareEscaped(a, b string) int {
	n := min(len(a), len(b))
	for i := range n {
		if a[i] == b[i] {
			continue
		}
		if ua, ub := unreserved(a[i]), unreserved(b[i]); ua != ub {
			if ub {
				return -1
			}
			return 1
		}
		return int(a[i]) - int(b[i])
	}
	return len(a) - len(b)
}

func lower(c byte) byte {
	if c-'A' <= 'Z'-'A' {
		c += 'a' - 'A'
	}
	return c
}

func appendLower(dst []byte, s string) []byte {
	dst = append(dst, s...)
	name := dst[len(dst)-len(s):]
	for i, c := range name {
		if c-'A' <= 'Z'-'A' { // most names come in lower case and need no writing
			name[i] = c + 'a' - 'A'
		}
	}
	return dst
}

// compareFold compares a and b as if both were in lower case.
func compareFold(a, b string) int {
	n := min(len(a), len(b))
	for i := range n {
		if a[i] == b[i] {
			continue
		}
		if x, y := lower(a[i]), lower(b[i]); x != y {
			return int(x) - int(y)
		}
	}
	return len(a) - len(b)
}

// trim removes the blanks and tabs around a header value, which HTTP does not count as part of it.
func trim(s string) string {
	for len(s) > 0 && (s[0] == ' ' || s[0] == '\t') {
		s = s[1:]
	}
	for len(s) > 0 && (s[len(s)-1] == ' ' || s[len(s)-1] == '\t') {
		s = s[:len(s)-1]
	}
	return s
}

const base64Digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

// appendBase64 writes s in the standard base64 of RFC 4648, padded.
func appendBase64(dst []byte, s string) []byte {
	for ; len(s) >= 3; s = s[3:] {
		v := uint(s[0])<<16 | uint(s[1])<<8 | uint(s[2])
		dst = append(dst, base64Digits[v>>18], base64Digits[v>>12&63], base64Digits[v>>6&63], base64Digits[v&63])
	}
	switch len(s) {
	case 1:
		v := uint(s[0]) << 16
		dst = append(dst, base64Digits[v>>18], base64Digits[v>>12&63], '=', '=')
	case 2:
		v := uint(s[0])<<16 | uint(s[1])<<8
		dst = append(dst, base64Digits[v>>18], base64Digits[v>>12&63], base64Digits[v>>6&63], '=')
	}
	return dst
}

// decodeBase64 reads what appendBase64 writes, and nothing else: of the spellings that mean the same only one is signed.
func decodeBase64(s string) (string, bool) {
	if len(s)%4 != 0 || len(s) == 0 {
		return "", false
	}
	out := make([]byte, 0, len(s)/4*3)
	for ; len(s) > 0; s = s[4:] {
		var v uint
		n := 4
		for n > 2 && len(s) == 4 && s[n-1] == '=' {
			n--
		}
		for i := range n {
			d := strings.IndexByte(base64Digits, s[i])
			if d < 0 {
				return "", false
			}
			v |= uint(d) << (18 - 6*i)
		}
		if n == 2 && v&0xffff != 0 || n == 3 && v&0xff != 0 {
			return "", false
		}
		out = append(out, []byte{byte(v >> 16), byte(v >> 8), byte(v)}[:n-1]...)
	}
	return string(out), true
}
