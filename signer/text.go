package signer

const (
	lowerHex = "0123456789abcdef"
	upperHex = "0123456789ABCDEF"
)

func appendHex(dst []byte, digest []byte) []byte {
	for _, c := range digest {
		dst = append(dst, lowerHex[c>>4], lowerHex[c&15])
	}
	return dst
}

// unreserved reports whether c stays as it is in a URL, RFC 3986 section 2.3.
func unreserved(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '.' || c == '_' || c == '~'
}

// appendEscaped writes s percent-encoded. A slash stays if it is part of a path.
func appendEscaped(dst []byte, s string, path bool) []byte {
	for i := range len(s) {
		c := s[i]
		if unreserved(c) || path && c == '/' {
			dst = append(dst, c)
		} else {
			dst = append(dst, '%', upperHex[c>>4], upperHex[c&15])
		}
	}
	return dst
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
	if c >= 'A' && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}

func appendLower(dst []byte, s string) []byte {
	for i := range len(s) {
		dst = append(dst, lower(s[i]))
	}
	return dst
}

// compareFold compares a and b as if both were in lower case.
func compareFold[A, B string | []byte](a A, b B) int {
	n := min(len(a), len(b))
	for i := range n {
		if x, y := lower(a[i]), lower(b[i]); x != y {
			return int(x) - int(y)
		}
	}
	return len(a) - len(b)
}

func equalFold[A, B string | []byte](a A, b B) bool {
	return len(a) == len(b) && compareFold(a, b) == 0
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
