package core

import (
	"slices"
	"strings"

	"github.com/ossconf/ossconf/httpsconfig"
	"github.com/ossconf/ossconf/jsoncodec"
)

// catalog lists versions, suites and rules, for a page to draw from.
func catalog(_ *Runner, dst, in []byte) ([]byte, *problem) {
	if p := noInput(string(in)); p != nil {
		return nil, p
	}
	w := jsoncodec.Writer{Buf: slices.Grow(dst, 80<<10)}
	w.Begin('{')
	w.Name("tls_versions")
	w.Begin('[')
	for _, v := range httpsconfig.TLSVersions() {
		w.Begin('{')
		w.StringMember("name", v)
		w.Name("default")
		w.Bool(slices.Contains(httpsconfig.DefaultTLSVersions(), v))
		w.End('}')
	}
	w.End(']')
	w.Name("cipher_suites")
	w.Begin('[')
	suites := httpsconfig.Suites()
	for i := range suites {
		writeSuite(&w, &suites[i])
	}
	w.End(']')
	w.Name("rules")
	w.Begin('[')
	for _, r := range httpsconfig.Rules() {
		w.Begin('{')
		w.StringMember("name", r.Name)
		w.StringMember("severity", r.Severity.String())
		w.StringMember("evidence", r.Evidence.String())
		w.StringMember("summary", r.Summary)
		w.StringMember("source", r.Source)
		w.End('}')
	}
	w.End(']')
	w.End('}')
	return w.Buf, nil
}

func writeSuite(w *jsoncodec.Writer, s *httpsconfig.Suite) {
	const hex = "0123456789ABCDEF"
	w.Begin('{')
	w.StringMember("id", string([]byte{'0', 'x', hex[s.ID>>12], hex[s.ID>>8&15], hex[s.ID>>4&15], hex[s.ID&15]}))
	w.StringMember("name", s.Name)
	w.StringMember("openssl", s.OpenSSL)
	w.StringMember("min_version", s.MinTLSVersion())
	w.StringMember("key_exchange", s.KeyExchange.String())
	w.StringMember("authentication", s.Authentication.String())
	w.StringMember("level", s.Level.String())
	w.Strings("reasons", s.Reasons.Texts())
	w.Strings("seen", s.Seen.Names())
	w.End('}')
}

// version says what this is.
func version(_ *Runner, dst, in []byte) ([]byte, *problem) {
	if p := noInput(string(in)); p != nil {
		return nil, p
	}
	w := jsoncodec.Writer{Buf: dst}
	w.Begin('{')
	w.Name("abi")
	w.Int(ABI)
	w.StringMember("version", Version)
	w.Strings("operations", Operations())
	w.End('}')
	return w.Buf, nil
}

// noInput refuses an input of anything but white space.
func noInput(in string) *problem {
	if strings.Trim(in, " \t\r\n") == "" {
		return nil
	}
	return &problem{code: "input", message: "the operation takes no input", hint: "pass none"}
}
