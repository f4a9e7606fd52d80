package core

import (
	"slices"
	"strings"

	"github.com/ossconf/ossconf/httpsconfig"
	"github.com/ossconf/ossconf/jsoncodec"
)

// catalog lists versions, suites, rules, profiles, presets and clients, for a page to draw from.
func catalog(_ *Runner, dst, in []byte) ([]byte, *problem) {
	if p := noInput(string(in)); p != nil {
		return nil, p
	}
	w := jsoncodec.Writer{Buf: slices.Grow(dst, 112<<10)}
	w.Begin('{')
	w.BeginMember("tls_versions", '[')
	for _, v := range httpsconfig.TLSVersions() {
		w.Begin('{')
		members(&w, "name", v)
		w.BoolMember("default", slices.Contains(httpsconfig.DefaultTLSVersions(), v))
		w.End('}')
	}
	w.End(']')
	w.BeginMember("cipher_suites", '[')
	suites := httpsconfig.Suites()
	for i := range suites {
		writeSuite(&w, &suites[i])
	}
	w.End(']')
	w.BeginMember("rules", '[')
	for _, r := range httpsconfig.Rules() {
		w.Begin('{')
		members(&w, "name", r.Name, "severity", r.Severity.String(), "evidence", r.Evidence.String(),
			"summary", r.Summary, "source", r.Source)
		w.End('}')
	}
	w.End(']')
	writeProfiles(&w)
	writePresets(&w)
	writeClientTable(&w)
	w.End('}')
	return w.Buf, nil
}

func writeProfiles(w *jsoncodec.Writer) {
	w.BeginMember("profiles", '[')
	for _, p := range httpsconfig.Profiles() {
		w.Begin('{')
		members(w, "name", p.Name, "title", p.Title, "source", p.Source, "beyond", p.Beyond)
		w.BeginMember("checks", '[')
		for i := range p.Checks {
			c := &p.Checks[i]
			w.Begin('{')
			members(w, "name", c.Name, "evidence", c.Evidence.String(), "summary", c.Text, "source", c.Source)
			w.End('}')
		}
		w.End(']')
		w.End('}')
	}
	w.End(']')
}

func writePresets(w *jsoncodec.Writer) {
	w.BeginMember("presets", '[')
	for _, p := range httpsconfig.Presets() {
		w.Begin('{')
		members(w, "name", p.Name, "title", p.Title, "source", p.Source)
		w.Strings("lost", p.Lost)
		w.Name("config")
		writeConfig(w, p.Config)
		w.End('}')
	}
	w.End(']')
}

func writeClientTable(w *jsoncodec.Writer) {
	w.BeginMember("clients", '[')
	for _, c := range httpsconfig.Clients() {
		w.Begin('{')
		members(w, "name", c.Name)
		w.BoolMember("imitated", c.Imitated)
		members(w, "source", c.Source)
		versions, suites := make([]string, len(c.Versions)), make([]string, len(c.Suites))
		for i, version := range c.Versions {
			versions[i] = httpsconfig.VersionName(version)
		}
		for i, id := range c.Suites {
			suites[i] = codePoint(id)
		}
		w.Strings("tls_versions", versions)
		w.Strings("cipher_suites", suites)
		w.End('}')
	}
	w.End(']')
}

func writeSuite(w *jsoncodec.Writer, s *httpsconfig.Suite) {
	w.Begin('{')
	members(w, "id", codePoint(s.ID), "name", s.Name, "openssl", s.OpenSSL, "min_version", s.MinTLSVersion(),
		"key_exchange", s.KeyExchange.String(), "authentication", s.Authentication.String(), "level", s.Level.String())
	w.Strings("reasons", s.Reasons.Texts())
	w.Strings("seen", s.Seen.Names())
	w.End('}')
}

// codePoint writes the code point of a suite as the IANA registry does.
func codePoint(id uint16) string {
	const hex = "0123456789ABCDEF"
	return string([]byte{'0', 'x', hex[id>>12], hex[id>>8&15], hex[id>>4&15], hex[id&15]})
}

// version says what this is.
func version(_ *Runner, dst, in []byte) ([]byte, *problem) {
	if p := noInput(string(in)); p != nil {
		return nil, p
	}
	w := jsoncodec.Writer{Buf: dst}
	w.Begin('{')
	w.IntMember("abi", ABI)
	members(&w, "version", Version)
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
