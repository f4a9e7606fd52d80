package redact_test

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ossconf/ossconf/harness/record/internal/redact"
)

const (
	id    = "LTAI5tQzE4xAMPLE7sFgKhJd"
	token = "CAIS/gJ1q6Ft5B2yfSjIr5bSEc+x0Q3+8LrVvYuJmNbPzTeXwA=="
	short = "tiny"
)

func secrets() *redact.Secrets {
	return redact.New([]redact.Secret{{Value: id, Placeholder: "ID"}, {Value: token, Placeholder: "TOKEN"}, {Value: short, Placeholder: "SHORT"},
		{Value: "same", Placeholder: "same"}, {Value: "", Placeholder: "none"}, {Value: id, Placeholder: "second"}}, "anID", "aTOKEN")
}

func TestText(t *testing.T) {
	std := func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }
	for _, test := range []struct{ name, in, want string }{
		{"nothing", "<a>same, nothing</a>", "<a>same, nothing</a>"},
		{"plain", "x " + id + " y " + token, "x ID y TOKEN"},
		{"glued", "x" + id + "y" + token + "z", "xIDyTOKENz"},
		{"a short one as a word", "tiny, a tiny tinyness untiny", "SHORT, a SHORT tinyness untiny"},
		{"another case", strings.ToLower(token), "TOKEN"},
		{"URL", "a=" + url.QueryEscape(token) + "&b", "a=TOKEN&b"},
		{"URL in small letters", strings.ToLower(url.QueryEscape(token)), "TOKEN"},
		{"URL twice", url.QueryEscape(url.QueryEscape(token)), "TOKEN"},
		{"entities", strings.NewReplacer("/", "&#47;", "+", "&#x2b;", "=", "&#x3D;").Replace(token), "TOKEN"},
		{"JSON", strings.NewReplacer("/", `\/`, "+", `\u002b`).Replace(token), "TOKEN"},
		{"line ends inside", token[:20] + "\r\n  " + token[20:], "TOKEN"},
		{"the front of it", "<" + token[:20] + "...>", "<TOKEN...>"},
		{"base64", std(token), std("TOKEN")},
		{"base64 of more", std("a" + token + "b"), std("aTOKENb")},
		{"base64 of base64", std(std(token)), std(std("TOKEN"))},
		{"base64 glued", "ab" + std("xyz"+token), "ab" + std("xyzTOKEN")},
		{"base64 for URLs", base64.RawURLEncoding.EncodeToString([]byte("??>" + token)), base64.RawURLEncoding.EncodeToString([]byte("??>TOKEN"))},
		{"hexadecimal", "<" + hex.EncodeToString([]byte(id)) + ">", "<" + hex.EncodeToString([]byte("ID")) + ">"},
		{"hexadecimal in pairs", spaced(id), spaced("ID")},
		{"an element", "<SecurityToken>abc</SecurityToken>", "<SecurityToken>aTOKEN</SecurityToken>"},
		{"elements", "<Error><OSSAccessKeyId>abc</OSSAccessKeyId>\n<SignatureProvided/><a:StringToSign b='c'><![CDATA[<x/>]]></a:StringToSign></Error>",
			"<Error><OSSAccessKeyId>anID</OSSAccessKeyId>\n<SignatureProvided/><a:StringToSign b='c'>REDACTED</a:StringToSign></Error>"},
		{"an element without an end", "<CanonicalRequest>abc</Error>", "<CanonicalRequest>REDACTED"},
		{"elements in one another", "<StringToSign><CanonicalRequest>x</CanonicalRequest></StringToSign>", "<StringToSign>REDACTED</StringToSign>"},
		{"a member", `{"SecurityToken": "a\"b", "AccessKeySecret":"c`, `{"SecurityToken": "aTOKEN", "AccessKeySecret":"REDACTED`},
		{"parameters", "/?x-oss-signature=ab%2Bc&x-oss-security-token=d&OSSAccessKeyId=e&Signature=f&x-oss-signature-version=g",
			"/?x-oss-signature=REDACTED&x-oss-security-token=aTOKEN&OSSAccessKeyId=anID&Signature=REDACTED&x-oss-signature-version=g"},
		{"a credential", "x-oss-credential=abc%2F20250417%2Fx, Credential=abc/2025", "x-oss-credential=anID%2F20250417%2Fx, Credential=anID/2025"},
		{"a header", "x-oss-security-token: abc\nhost: b", "x-oss-security-token: aTOKEN\nhost: b"},
		{"names in base64", std("<SecurityToken>abc</SecurityToken>"), std("<SecurityToken>aTOKEN</SecurityToken>")},
	} {
		t.Run(test.name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, secrets().String(test.in)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func spaced(s string) (out string) {
	for i := range len(s) {
		if i > 0 {
			out += " "
		}
		out += strings.ToUpper(hex.EncodeToString([]byte{s[i]}))
	}
	return out
}

func TestLeak(t *testing.T) {
	for _, spell := range spellings() {
		text := "…" + spell(token) + "…"
		if got := secrets().Leak([]byte(text)); got != "TOKEN" {
			t.Errorf("%s: %q", text, got)
		}
	}
	for text, want := range map[string]string{"a tiny b": "SHORT", "tinyness": "", "same": "", "": ""} {
		if got := secrets().Leak([]byte(text)); got != want {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
}

func spellings() []func(string) string {
	shifted := func(enc *base64.Encoding, n int) func(string) string {
		return func(s string) string { return enc.EncodeToString([]byte("xyz"[:n] + s + "+")) }
	}
	return []func(string) string{
		func(s string) string { return s }, strings.ToUpper, url.QueryEscape, url.PathEscape,
		func(s string) string { return hex.EncodeToString([]byte(s)) },
		shifted(base64.StdEncoding, 0), shifted(base64.StdEncoding, 1), shifted(base64.StdEncoding, 2),
		shifted(base64.URLEncoding, 0), shifted(base64.URLEncoding, 1), shifted(base64.URLEncoding, 2),
	}
}

// Whatever stands around a secret, and however it is spelled, it is found; and a second look finds nothing.
func FuzzText(f *testing.F) {
	for i := range spellings() {
		f.Add("<a>", "</a>", i)
		f.Add("ab%", "%2", i)
	}
	f.Add("\\", "=", 0)
	f.Fuzz(func(t *testing.T, before, after string, i int) {
		list := spellings()
		spelled := list[(i%len(list)+len(list))%len(list)](token)
		if i := strings.IndexFunc(before, func(r rune) bool { return strings.ContainsRune(letters, r) }); i >= 0 {
			before = before[:i] // what continues an encoding at its front can make another one of it
		}
		if strings.ContainsAny(before, "%&\\") {
			before = ""
		}
		text := []byte(before + spelled + after)
		clean := secrets().Text(text)
		if what := secrets().Leak(clean); what != "" {
			t.Errorf("%q still holds %s: %q", text, what, clean)
		}
		if again := secrets().Text(clean); !bytes.Equal(again, clean) && secrets().Leak(again) != "" {
			t.Errorf("%q becomes %q", clean, again)
		}
	})
}

const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_"

func BenchmarkText(b *testing.B) {
	s := secrets()
	for name, text := range map[string]string{
		"xml":        strings.Repeat("<Contents><Key>a/key</Key><Size>1234</Size></Contents>\n", 20000),
		"base64":     strings.Repeat("QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo", 30000),
		"ampersands": strings.Repeat("&", 1<<20),
		"entities":   strings.Repeat("&amp;amp;", 1<<17),
		"names":      strings.Repeat("&#aaaaaa", 1<<17),
		"escapes":    strings.Repeat("%25", 1<<18),
		"parameters": strings.Repeat("Signature=x&", 1<<16),
		"elements":   strings.Repeat("<StringToSign></StringToSign>", 1<<15),
		"binary":     strings.Repeat("\x00\x01%A&\\\xff\x80abc", 100000),
	} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				s.Text([]byte(text))
			}
		})
	}
}
