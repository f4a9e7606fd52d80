package redact

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"net/url"
	"strings"
)

// An alphabet is a way to write bytes as text.
type alphabet struct {
	digits [256]bool
	shifts int // at how many places a run of digits could begin
	padded bool
	decode func([]byte) []byte
	encode func(data, like []byte) []byte
}

var alphabets = []*alphabet{
	base64Alphabet("+/", base64.RawStdEncoding), base64Alphabet("-_", base64.RawURLEncoding),
	hexAlphabet(""), hexAlphabet(" "), hexAlphabet(":"),
}

func digits(s string) (set [256]bool) {
	for i := range len(s) {
		set[s[i]] = true
	}
	return set
}

func base64Alphabet(last string, enc *base64.Encoding) *alphabet {
	return &alphabet{
		digits: digits("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789" + last), shifts: 4, padded: true,
		decode: func(run []byte) []byte {
			if len(run)%4 == 1 {
				run = run[:len(run)-1]
			}
			out := make([]byte, enc.DecodedLen(len(run)))
			n, _ := enc.Decode(out, run) // bits left over at the end are none of a secret's
			return out[:n]
		},
		encode: func(data, _ []byte) []byte { return []byte(enc.EncodeToString(data)) },
	}
}

// hexAlphabet is hexadecimal with something between two bytes, as in StringToSignBytes.
func hexAlphabet(between string) *alphabet {
	const lowerCase = "0123456789abcdef"
	return &alphabet{
		digits: digits("0123456789abcdefABCDEF" + between), shifts: 2,
		decode: func(run []byte) []byte {
			plain := run
			if between != "" {
				plain = bytes.ReplaceAll(run, []byte(between), nil)
			}
			out := make([]byte, len(plain)/2)
			n, _ := hex.Decode(out, plain[:len(plain)&^1])
			return out[:n]
		},
		encode: func(data, like []byte) []byte {
			style := lowerCase
			if bytes.ContainsAny(like, "ABCDEF") {
				style = strings.ToUpper(lowerCase)
			}
			var out []byte
			for i, c := range data {
				if i > 0 {
					out = append(out, between...)
				}
				out = append(out, style[c>>4], style[c&15])
			}
			return out
		},
	}
}

// minRun is the shortest run that is looked into.
const minRun = 8

// encoded replaces secrets in what is written in an alphabet.
func (s *Secrets) encoded(text []byte, a *alphabet, depth int) []byte {
	var out []byte
	kept := 0
	for i := 0; i < len(text); i++ {
		if !a.digits[text[i]] {
			continue
		}
		end := i
		for end < len(text) && a.digits[text[end]] {
			end++
		}
		padding := len(text[end:]) - len(bytes.TrimLeft(text[end:], "="))
		if run, changed := s.run(text[i:end], a, depth, padding > 0); changed {
			out = append(append(out, text[kept:i]...), run...)
			kept = end
			if a.padded {
				kept += padding // which was of the old length
			}
		}
		i = end
	}
	if kept == 0 {
		return text
	}
	return append(out, text[kept:]...)
}

// run replaces secrets in one run of digits, which need not begin where the encoding does.
func (s *Secrets) run(run []byte, a *alphabet, depth int, padded bool) (out []byte, changed bool) {
	if len(run) < minRun {
		return run, false
	}
	for shift := range a.shifts {
		data := a.decode(run[shift:])
		if clean := s.text(data, depth-1); !bytes.Equal(clean, data) {
			// What was cut off behind whole bytes, a digit at most, goes: it cannot be told what it was.
			again := a.encode(clean, run)
			if a.padded && (padded || len(run[shift:])%4 == 0) {
				again = append(again, "==="[:(4-len(again)%4)%4]...)
			}
			return append(bytes.Clone(run[:shift]), again...), true
		}
	}
	return run, false
}

// forms returns the spellings that Leak looks for.
func forms(value string) []string {
	list := []string{value, url.QueryEscape(value), url.PathEscape(value), hex.EncodeToString([]byte(value))}
	for _, enc := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
		for shift := range 3 {
			// The first digits depend on what stands before the value, the last ones on what follows.
			text := enc.EncodeToString([]byte(strings.Repeat("\x00", shift) + value))
			text = text[(shift*8+5)/6:]
			list = append(list, text[:len(text)-2])
		}
	}
	return list
}
