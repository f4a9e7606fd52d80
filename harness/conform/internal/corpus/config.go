package corpus

import (
	"slices"
	"strconv"
	"strings"
)

// A configMode is an operation that takes documents in a request.
type configMode int

const (
	profiling configMode = iota
	simulating
	differing
)

var profiles = []string{"mozilla-modern-5.8", "mozilla-intermediate-5.8", "mozilla-old-5.8", "mozilla-modern-6.0", "mozilla-intermediate-6.0",
	"nist-sp-800-52r2", "pci-dss-4.0.1"}

// configRequest is an input of validate_profiles, simulate or diff.
func configRequest(r *random, index int, m configMode) []byte {
	if index%1000 == 11 {
		return bigConfigRequest(r, m)
	}
	doc := configObject(r, m, configDocuments(r, m))
	switch n := r.n(100); {
	case n < 72:
		return doc
	case n < 84:
		return mutate(r, doc)
	case n < 97:
		return hostileConfigRequest(r, doc)
	}
	return document(r, 1) // as somebody passes it who forgets that it belongs into a request
}

// configDocuments makes up as many documents as the operation takes, as JSON values. Both of a diff are often alike.
func configDocuments(r *random, m configMode) []string {
	s := newJSONStyle(r)
	text := func(c configuration) string {
		if r.percent(60) {
			return string(c.xml(r))
		}
		return string(c.json(r))
	}
	one := func() string {
		switch n := r.n(100); {
		case n < 8 && m != profiling:
			return "null"
		case n < 90:
			return s.quote(text(newConfiguration(r)))
		case n < 97:
			return s.quote(string(mutate(r, []byte(text(newConfiguration(r))))))
		}
		return s.quote(string(document(r, 1)))
	}
	if m != differing {
		return []string{one()}
	}
	if r.percent(70) {
		return []string{one(), one()}
	}
	c := newConfiguration(r)
	before := text(c)
	c.children = slices.Clone(c.children)
	if len(c.children) > 0 && r.percent(80) {
		c.children[r.n(len(c.children))] = pick(r, tls(r), cipherSuite(r), later(r, 2))
	}
	return []string{s.quote(before), s.quote(text(c))}
}

// configObject writes the request around its documents.
func configObject(r *random, m configMode, documents []string) []byte {
	s := newJSONStyle(r)
	names := []string{"document"}
	if m == differing {
		names = []string{"before", "after"}
	}
	var list []member
	for i, name := range names {
		if !r.percent(1) {
			list = append(list, member{name, documents[i]})
		}
	}
	if m == profiling && r.percent(70) {
		var chosen []string
		for _, name := range profiles {
			if r.percent(30) {
				chosen = append(chosen, name)
			}
		}
		if r.percent(6) {
			chosen = append(chosen, pick(r, "mozilla-old-6.0", "", "PCI-DSS-4.0.1", "pci-dss-4.0.1", "modern"))
		}
		shuffle(r, chosen)
		list = append(list, member{"profiles", s.strings(chosen)})
	}
	if m != profiling && r.percent(60) {
		kinds := pick(r, []string{"rsa"}, []string{"ecdsa"}, []string{"rsa", "ecdsa"}, []string{"ecdsa", "rsa"}, []string{"rsa", "rsa"})
		if r.percent(5) {
			kinds = pick(r, []string{}, []string{"dsa"}, []string{"RSA"}, []string{"rsa", ""})
		}
		list = append(list, member{"certificates", s.strings(kinds)})
	}
	if r.percent(30) {
		shuffle(r, list)
	}
	return []byte(s.object(0, list))
}

// hostileConfigRequest breaks the form of a request on purpose.
func hostileConfigRequest(r *random, doc []byte) []byte {
	text := string(doc)
	swap := func(old, new string) []byte { return []byte(strings.Replace(text, old, new, 1)) }
	name := pick(r, `"document"`, `"before"`, `"after"`, `"certificates"`, `"profiles"`)
	switch r.n(7) {
	case 0:
		return swap("{", "{"+name+":"+pick(r, `"v"`, "1", "null", "[]", `["rsa"]`, `["rsa",1]`, "{}")+pick(r, ",", "", ",,"))
	case 1:
		return swap(name, pick(r, `"unknown"`, `""`, `"Document"`, `"TLS"`, `"CipherSuite"`, `"HttpsConfiguration"`, `"d\u006fcument"`, `"client"`))
	case 2:
		return swap(name+":", name+":"+pick(r, "true", "1", "{}", "[]", `[[]]`, `{"TLS":{"Enable":false}}`, "null", `"`)+`,"rest":`)
	case 3:
		return []byte(pick(r, "[", "", " ") + text + pick(r, "]", text, "x", "\x00"))
	case 4:
		return swap(`":"`, `":"`+pick(r, `\ud800`, "\xff", `\u0000`, "\x00", `\q`, "\n", `\ufeff`, "\xed\xa0\x80"))
	case 5:
		return []byte(`{"document":"{}","profiles":[` + strings.Repeat(`"a",`, 1000+r.between(-1, 1)) + `"a"]}`)
	}
	return []byte(pick(r, "{}", "", "null", `""`, "{", text[:r.n(len(text)+1)], "<HttpsConfiguration/>", "\ufeff"+text, ` {"TLS":{"Enable":false}}`))
}

// bigConfigRequest is near the limit of requests, or holds a document near that of documents.
func bigConfigRequest(r *random, m configMode) []byte {
	s := newJSONStyle(r)
	var documents []string
	for range 2 {
		doc := `{"TLS":{"Enable":true},"Later":"` + strings.Repeat("a", boundary(r, maxDocument)-len(`{"TLS":{"Enable":true},"Later":""}`)) + `"}`
		if r.percent(30) {
			doc = `{"CipherSuite":{"Enable":true,"CustomCipherSuite":[` + strings.Repeat(`"`+pick(r, suites12...)+strconv.Itoa(r.n(10))+`",`, 1500) + `"AES128-SHA"]}}`
		}
		documents = append(documents, s.quote(doc))
	}
	text := configObject(r, m, documents)
	if r.percent(50) {
		return text
	}
	end := len(text) - 1
	return append(text[:end:end], strings.Repeat(" ", max(0, boundary(r, maxRequest)-len(text)))+"}"...)
}
