// Package redact takes secrets out of bytes that are about to be kept.
//
// Make [Secrets] of what is known and call [Secrets.Text] for a body or the value of a header: it replaces the known
// values, in whatever spelling they stand there, and what stands under a name that OSS gives to a secret.
// [Secrets.Leak] looks once more, by simpler means, before anything is written.
package redact

import (
	"bytes"
	"slices"
	"strings"
)

// What stands in the place of a secret that no client can be given a test value for.
const Placeholder = "REDACTED"

// A Secret is a value and what is written in its place. Placeholders are made of letters and digits, so that they can
// stand wherever the value could.
type Secret struct{ Value, Placeholder string }

// Secrets are values that must not be kept.
type Secrets struct {
	list   []Secret  // the longest first, or the front of a token could be taken for a shorter one
	begins [256]bool // the bytes that a secret can begin with

	// The names pass writes these for what stands under a name of theirs.
	accessKeyID, token string
}

// New returns the secrets of a list. Of two with the same value the first counts, and one that is its own placeholder
// is none. The last two are the placeholders of access key IDs and security tokens that are not in the list but stand
// under their names.
func New(list []Secret, accessKeyID, token string) *Secrets {
	s := &Secrets{accessKeyID: accessKeyID, token: token}
	for i, one := range list {
		same := func(o Secret) bool { return o.Value == one.Value }
		if one.Value != "" && one.Value != one.Placeholder && !slices.ContainsFunc(list[:i], same) {
			s.list = append(s.list, one)
			s.begin(one.Value[0])
		}
	}
	slices.SortStableFunc(s.list, func(a, b Secret) int { return len(b.Value) - len(a.Value) })
	return s
}

// begin notes that a secret begins with c.
func (s *Secrets) begin(c byte) {
	for _, c := range [...]byte{c, lower(c), upper(c), '%', '&', '\\'} {
		s.begins[c] = true
	}
}

// Text returns text without secrets. What holds none is returned as it is.
func (s *Secrets) Text(text []byte) []byte { return s.text(text, 2) }

// String is Text for a string.
func (s *Secrets) String(text string) string { return string(s.Text([]byte(text))) }

// text also looks into what is encoded in base64 or hexadecimal, so many levels deep.
func (s *Secrets) text(text []byte, depth int) []byte {
	text = s.named(text)
	text = s.values(text)
	if depth > 0 {
		for _, a := range alphabets {
			text = s.encoded(text, a, depth)
		}
	}
	return text
}

// whole is the number of bytes from which a secret is recognised inside a word, and by its first bytes alone. A shorter
// one has to stand as a word, or a token such as "token" would be found everywhere.
const whole = 16

// values replaces the values of secrets.
func (s *Secrets) values(text []byte) []byte {
	var out []byte
	kept := 0
	for i := 0; i < len(text); i++ {
		if !s.begins[text[i]] {
			continue
		}
		for _, secret := range s.list {
			end := match(text, i, secret.Value)
			if end == 0 {
				continue
			}
			out = append(append(out, text[kept:i]...), secret.Placeholder...)
			kept, i = end, end-1
			break
		}
	}
	if kept == 0 {
		return text
	}
	return append(out, text[kept:]...)
}

// match returns where the secret that begins at i ends, 0 if none does.
func match(text []byte, i int, value string) (end int) {
	if c := text[i]; lower(c) != lower(value[0]) && c != '%' && c != '&' && c != '\\' {
		return 0
	}
	short := len(value) < whole
	if short && i > 0 && isWord(text[i-1]) && isWord(value[0]) {
		return 0
	}
	for depth := range maxEscapes + 1 {
		end, n := spelled(text, i, value, depth)
		switch {
		case n == len(value) && short && end < len(text) && isWord(text[end]) && isWord(value[n-1]):
		case n == len(value), n >= whole:
			return end
		}
	}
	return 0
}

// spelled reports how many bytes of value stand at i, escaped up to depth times, and where they end. The case of
// letters does not count, nor do line ends and blanks inside.
func spelled(text []byte, i int, value string, depth int) (end, n int) {
	for n < len(value) {
		c, next, ok := unit(text, i, depth)
		if !ok {
			break
		}
		if lower(c) != lower(value[n]) {
			if n > 0 && (c == '\n' || c == '\r' || c == ' ' || c == '\t') {
				i = next
				continue
			}
			break
		}
		n++
		i, end = next, next
	}
	return end, n
}

func lower(c byte) byte {
	if c >= 'A' && c <= 'Z' {
		c += 'a' - 'A'
	}
	return c
}

func upper(c byte) byte {
	if c >= 'a' && c <= 'z' {
		c -= 'a' - 'A'
	}
	return c
}

func isWord(c byte) bool { return c >= '0' && c <= '9' || lower(c) >= 'a' && lower(c) <= 'z' }

// Leak reports which secret text still holds, as it is, escaped for a URL, in base64 or in hexadecimal. It returns the
// placeholder of the first one, empty if there is none. Secrets of less than 16 bytes are looked for as they are.
func (s *Secrets) Leak(text []byte) (placeholder string) {
	low := bytes.ToLower(text)
	for _, secret := range s.list {
		if len(secret.Value) < whole {
			if match := s.only(secret).values(text); len(match) != len(text) || !bytes.Equal(match, text) {
				return secret.Placeholder
			}
			continue
		}
		for _, form := range forms(secret.Value) {
			if bytes.Contains(low, []byte(strings.ToLower(form))) {
				return secret.Placeholder
			}
		}
	}
	return ""
}

func (s *Secrets) only(secret Secret) *Secrets { return New([]Secret{secret}, s.accessKeyID, s.token) }
