package corpus

// document is an input of an operation that takes a configuration, in XML or JSON.
func document(r *random, index int) []byte {
	switch {
	case index%1000 == 7:
		return bigDocument(r)
	case index%200 == 3:
		return deepDocument(r)
	}
	c := newConfiguration(r)
	xml := r.percent(60)
	write := c.json
	if xml {
		write = c.xml
	}
	switch n := r.n(100); {
	case n < 55:
		return write(r)
	case n < 82:
		return mutate(r, write(r))
	case n < 96:
		if xml {
			return hostileXML(r, c)
		}
		return hostileJSON(r, c)
	case n < 98:
		return []byte(pick(r, tokens...) + pick(r, tokens...))
	}
	return r.bytes(r.n(40))
}

// An element is a part of a configuration. It has either children or a text.
type element struct {
	name     string
	children []element
	text     string
	bool     bool // true and false may be written as JSON literals
	known    bool // of the schema
}

// A configuration is the root element.
type configuration struct{ element }

var (
	versions = []string{"TLSv1.0", "TLSv1.1", "TLSv1.2", "TLSv1.3"}
	oddities = []string{"", "TLSv1.4", "tlsv1.2", "TLS1.2", "SSLv3", "1", "aaa", "TLSv1.2 ", "a&b", "<", "]]>", `"quoted"`,
		"it's", "é", "漢字", "😀", "tab\there", "line\nbreak", "--", "a  b", "\u00a0", "ALL", "!aNULL", "TLS_FALLBACK_SCSV"}
	suites12 = []string{"ECDHE-ECDSA-AES128-SHA256", "ECDHE-RSA-AES128-GCM-SHA256", "ECDHE-ECDSA-AES256-CCM8",
		"ECDHE-RSA-AES256-GCM-SHA384", "ECDHE-RSA-CHACHA20-POLY1305", "AES128-SHA", "AES256-SHA", "DES-CBC3-SHA", "RC4-MD5",
		"DHE-RSA-AES128-GCM-SHA256", "ECDHE-RSA-AES128-SHA", "AES128-GCM-SHA256", "TLS_AES_128_GCM_SHA256", "NULL-SHA"}
	suites13 = []string{"TLS_AES_256_GCM_SHA384", "TLS_AES_128_GCM_SHA256", "TLS_CHACHA20_POLY1305_SHA256",
		"TLS_AES_128_CCM_SHA256", "TLS_AES_128_CCM_8_SHA256", "ECDHE-ECDSA-AES256-CCM8"}
	laterNames = []string{"Later", "Enabel", "MinimumTLSVersion", "_x", "A.b-c", "é", "enable", "TLS13", "HttpsConfiguration",
		"CipherSuites", "tls", "漢字"}
)

// newConfiguration makes up a configuration that the schema allows, with elements it does not know here and there.
// Whether OSS would take its values is another question.
func newConfiguration(r *random) configuration {
	var parts []element
	if r.percent(92) {
		parts = append(parts, tls(r))
	}
	if r.percent(60) {
		parts = append(parts, cipherSuite(r))
	}
	if r.percent(15) {
		shuffle(r, parts)
	}
	return configuration{element{name: "HttpsConfiguration", children: withLater(r, parts), known: true}}
}

func tls(r *random) element {
	parts := boolean(r, nil, "Enable", 90)
	parts = values(r, parts, "TLSVersion", versions, 4)
	return container(r, "TLS", parts)
}

func cipherSuite(r *random) element {
	parts := boolean(r, nil, "Enable", 80)
	parts = boolean(r, parts, "StrongCipherSuite", 60)
	parts = values(r, parts, "CustomCipherSuite", suites12, 5)
	parts = values(r, parts, "TLS13CustomCipherSuite", suites13, 3)
	return container(r, "CipherSuite", parts)
}

func container(r *random, name string, parts []element) element {
	if r.percent(25) {
		shuffle(r, parts)
	}
	return element{name: name, children: withLater(r, parts), known: true}
}

func boolean(r *random, parts []element, name string, percent int) []element {
	if !r.percent(percent) {
		return parts
	}
	return append(parts, element{name: name, text: pick(r, "true", "false"), bool: true, known: true})
}

func values(r *random, parts []element, name string, usual []string, most int) []element {
	if r.percent(25) {
		return parts
	}
	for range r.n(most + 1) {
		value := pick(r, usual...)
		if r.percent(6) {
			value = pick(r, oddities...)
		}
		parts = append(parts, element{name: name, text: value, known: true})
	}
	return parts
}

// withLater strews elements that the schema does not know among the others.
func withLater(r *random, parts []element) []element {
	if !r.percent(18) {
		return parts
	}
	for range r.between(1, 3) {
		at := r.n(len(parts) + 1)
		parts = append(parts[:at:at], append([]element{later(r, 3)}, parts[at:]...)...)
	}
	return parts
}

func later(r *random, depth int) element {
	e := element{name: pick(r, laterNames...)}
	if depth > 0 && r.percent(40) {
		for range r.between(1, 3) {
			e.children = append(e.children, later(r, depth-1))
		}
		return e
	}
	e.text = pick(r, append([]string{"true", "1", "a value"}, oddities...)...)
	return e
}
