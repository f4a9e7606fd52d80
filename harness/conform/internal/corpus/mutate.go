package corpus

import (
	"bytes"
	"slices"
)

// tokens are what documents and requests are made of; damage is likelier to reach deep code with them than with noise.
var tokens = []string{
	"<TLS>", "</TLS>", "<TLS/>", "<Enable>", "</Enable>", "true", "false", "<TLSVersion>", "</TLSVersion>", "TLSv1.2",
	"<CipherSuite>", "</CipherSuite>", "</CustomCipherSuite>", "</TLS13CustomCipherSuite>", "<HttpsConfiguration>",
	"</HttpsConfiguration>", "<Later/>", "<a:b/>", ` x="1"`, ` xmlns="urn:x"`, "<!-- -->", "<!--", "-->", "--",
	"<![CDATA[", "]]>", "<![CDATA[true]]>", "<?xml version=\"1.0\"?>", "<?p i?>", "?>", "<!DOCTYPE a>", "&amp;", "&lt;",
	"&#65;", "&#x1F600;", "&#0;", "&#xD800;", "&#x110000;", "&nbsp;", "&", "<", ">", "/>", "</", "\ufeff",
	"{", "}", "[", "]", ",", ":", `"`, `\`, `""`, `"TLS":`, `"Enable":`, "null", "-0", "1e9", "01", "1.5", `\u0041`,
	`\ud83d\ude00`, `\ud800`, `\udc00`, `\ud800\ud800`, `\u00`, `\x41`, `\/`, `"#unknown":`, `"key":`, `"query":`, `["a","b"]`,
	"\x00", "\t", "\r", "\n", "\r\n", " ", "\u00a0", "\u2028", "\ufffe", "é", "漢", "😀",
	"\xff", "\xc0\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe2\x82", "\x80",
}

// mutate damages b in a few places. It may leave it valid.
func mutate(r *random, b []byte) []byte {
	b = slices.Clone(b)
	for range 1 + r.n(2)*r.n(4) {
		b = damage(r, b)
	}
	return b
}

func damage(r *random, b []byte) []byte {
	if len(b) == 0 {
		return []byte(pick(r, tokens...))
	}
	from, to := span(r, b)
	switch r.n(12) {
	case 0:
		b[from] ^= 1 << r.n(8)
		return b
	case 1:
		b[from] = byte(r.n(256))
		return b
	case 2:
		return slices.Delete(b, from, from+1)
	case 3:
		return slices.Delete(b, from, to)
	case 4:
		return slices.Insert(b, from, r.bytes(r.between(1, 4))...)
	case 5, 6:
		return slices.Insert(b, from, []byte(pick(r, tokens...))...)
	case 7:
		return slices.Replace(b, from, to, []byte(pick(r, tokens...))...)
	case 8:
		return slices.Insert(b, from, bytes.Clone(b[from:to])...)
	case 9:
		return b[:from]
	case 10:
		return swapCase(b, from)
	}
	other := r.n(len(b))
	return slices.Insert(b, other, bytes.Clone(b[from:to])...)
}

// span returns a short stretch of b, which often begins and ends where a tag or a JSON token does.
func span(r *random, b []byte) (from, to int) {
	from = r.n(len(b))
	to = min(len(b), from+r.between(1, 24))
	if r.percent(50) {
		if i := bytes.IndexAny(b[from:], `<{["`); i >= 0 {
			from += i
		}
		to = min(len(b), from+1)
		if i := bytes.IndexAny(b[to:], `>}],`); i >= 0 {
			to += i + 1
		}
	}
	return from, to
}

// swapCase changes the case of the first letter at or behind i.
func swapCase(b []byte, i int) []byte {
	for ; i < len(b); i++ {
		if c := b[i] | 0x20; c >= 'a' && c <= 'z' {
			b[i] ^= 0x20
			break
		}
	}
	return b
}
