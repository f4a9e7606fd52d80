package redact

import (
	"bytes"
	"regexp"
	"slices"
	"strings"
)

// The elements of OSS's error documents, and of an answer of STS, that hold or repeat what signs. A string to sign holds
// no secret by itself; the canonical request that its digest is of repeats the security token.
const elements = `OSSAccessKeyId|AccessKeyId|AccessKeySecret|SecurityToken|SignatureProvided|StringToSign|StringToSignBytes|CanonicalRequest`

var (
	startTag = regexp.MustCompile(`(?i)<(?:[\w.-]+:)?(` + elements + `)(?:\s[^<>]*)?>`)
	member   = regexp.MustCompile(`(?is)("(` + elements + `)"\s*:\s*")((?:[^"\\]|\\.)*)`)

	// Parameters and headers, as they stand in a URL, in a header or in a text that repeats one.
	parameter = regexp.MustCompile(`(?i)(\b(?:(x-oss-security-token|security-token)|(OSSAccessKeyId)|(x-oss-signature|Signature))(?:=|%3D|:[ \t]*))([^&\s,;:"'<>%\\]|%[0-9a-f]{2})+`)
	// The access key ID in a credential: its scope stays.
	credential = regexp.MustCompile(`(?i)(\b(?:x-oss-)?credential(?:=|%3D|:[ \t]*))[^/&\s,;:"'<>%\\]+(/|%2F)`)
)

// words is one of the words that all those names have.
var words = [...]string{"signature", "token", "accesskey", "credential", "stringtosign", "canonicalrequest"}

// named replaces what stands under the name of a secret.
func (s *Secrets) named(text []byte) []byte {
	low := bytes.ToLower(text)
	if !slices.ContainsFunc(words[:], func(word string) bool { return bytes.Contains(low, []byte(word)) }) {
		return text
	}
	if bytes.IndexByte(text, '<') >= 0 {
		text = s.elements(text)
	}
	text = replace(member, text, func(m [][]byte) []byte {
		return append(bytes.Clone(m[1]), s.placeholder(string(m[2]))...)
	})
	text = replace(parameter, text, func(m [][]byte) []byte {
		placeholder := Placeholder
		switch {
		case m[2] != nil:
			placeholder = s.token
		case m[3] != nil:
			placeholder = s.accessKeyID
		}
		return append(bytes.Clone(m[1]), placeholder...)
	})
	return replace(credential, text, func(m [][]byte) []byte {
		return append(append(bytes.Clone(m[1]), s.accessKeyID...), m[2]...)
	})
}

func replace(re *regexp.Regexp, text []byte, with func(groups [][]byte) []byte) []byte {
	if !re.Match(text) {
		return text
	}
	return re.ReplaceAllFunc(text, func(found []byte) []byte { return with(re.FindSubmatch(found)) })
}

// elements replaces the text of elements. One without an end goes on to the end of the text.
func (s *Secrets) elements(text []byte) []byte {
	var out []byte
	for {
		at := startTag.FindSubmatchIndex(text)
		if at == nil {
			return append(out, text...)
		}
		name := string(text[at[2]:at[3]])
		out = append(append(out, text[:at[1]]...), s.placeholder(name)...)
		text = text[at[1]:]
		end := regexp.MustCompile(`(?i)</(?:[\w.-]+:)?` + name + `\s*>`).FindIndex(text)
		if end == nil {
			return out
		}
		text = text[end[0]:]
	}
}

func (s *Secrets) placeholder(name string) string {
	switch {
	case strings.EqualFold(name, "OSSAccessKeyId"), strings.EqualFold(name, "AccessKeyId"):
		return s.accessKeyID
	case strings.EqualFold(name, "SecurityToken"):
		return s.token
	}
	return Placeholder
}
