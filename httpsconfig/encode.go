package httpsconfig

import (
	"slices"

	"github.com/ossconf/ossconf/jsoncodec"
	"github.com/ossconf/ossconf/xmlcodec"
)

// AppendXML appends the document that PutBucketHttpsConfig takes: an XML declaration, then an element a line, indented
// by two blanks, the elements of the schema in the order of the OSS document, without a line feed at the end.
// [Decode] gets c back from it.
//
// AppendXML returns dst and ErrValue, ErrUnknown or ErrSize when no document holds c.
func (c *Config) AppendXML(dst []byte) ([]byte, error) {
	e := encoder{buf: slices.Grow(dst, c.size())}
	e.buf = append(e.buf, xmlcodec.Declaration...)
	e.config(c)
	if e.err != nil {
		return dst, e.err
	}
	if len(e.buf)-len(dst) > MaxSize {
		return dst, ErrSize
	}
	return e.buf, nil
}

// An encoder writes a configuration as XML and keeps the first error. The tags are constants with the line feed and
// the blanks before them, which is most of what makes it fast.
type encoder struct {
	buf []byte
	err error
}

func (e *encoder) config(c *Config) {
	s := siblings{parent: fieldRoot, unknown: c.Unknown}
	e.open(&s, "\n<HttpsConfiguration>")
	if c.TLS != nil {
		e.tls(c.TLS)
		e.count(&s)
	}
	if c.CipherSuite != nil {
		e.suites(c.CipherSuite)
		e.count(&s)
	}
	e.close(&s, "\n</HttpsConfiguration>")
}

func (e *encoder) tls(t *TLS) {
	s := siblings{parent: fieldTLS, unknown: t.Unknown}
	e.open(&s, "\n  <TLS>")
	e.bool(&s, "\n    <Enable>", t.Enable, "</Enable>")
	e.list(&s, "\n    <TLSVersion>", t.TLSVersions, "</TLSVersion>")
	e.close(&s, "\n  </TLS>")
}

func (e *encoder) suites(c *CipherSuite) {
	s := siblings{parent: fieldCipherSuite, unknown: c.Unknown}
	e.open(&s, "\n  <CipherSuite>")
	e.bool(&s, "\n    <Enable>", c.Enable, "</Enable>")
	e.bool(&s, "\n    <StrongCipherSuite>", c.StrongCipherSuite, "</StrongCipherSuite>")
	e.list(&s, "\n    <CustomCipherSuite>", c.CustomCipherSuites, "</CustomCipherSuite>")
	e.list(&s, "\n    <TLS13CustomCipherSuite>", c.TLS13CustomCipherSuites, "</TLS13CustomCipherSuite>")
	e.close(&s, "\n  </CipherSuite>")
}

// siblings are the elements of an open container.
type siblings struct {
	parent  field
	written int       // known elements so far
	unknown []Unknown // not yet written
}

func (e *encoder) open(s *siblings, tag string) {
	e.buf = append(e.buf, tag...)
	e.gap(s)
}

func (e *encoder) bool(s *siblings, open string, b Bool, shut string) {
	if b != Absent {
		if b > True {
			e.note(ErrValue)
		}
		e.buf = append(append(append(e.buf, open...), b.String()...), shut...)
		e.count(s)
	}
}

func (e *encoder) list(s *siblings, open string, values []string, shut string) {
	buf := e.buf // a local slice stays in registers: a tenth of the time
	for _, v := range values {
		var err error
		if buf, err = xmlcodec.AppendText(append(buf, open...), v); err != nil || padded(v) {
			e.note(ErrValue)
		}
		buf = append(buf, shut...)
		if s.written++; len(s.unknown) > 0 {
			e.buf = buf
			e.gap(s)
			buf = e.buf
		}
	}
	e.buf = buf
}

// count counts a known element and writes the unknown ones behind it.
func (e *encoder) count(s *siblings) {
	s.written++
	if len(s.unknown) > 0 {
		e.gap(s)
	}
}

func (e *encoder) gap(s *siblings) {
	for len(s.unknown) > 0 && s.unknown[0].After == s.written {
		xml := s.unknown[0].XML
		if canonical, name := unknownElement(xml, s.parent); name == "" || canonical != xml {
			e.note(ErrUnknown)
		}
		e.buf = append(append(e.buf, "\n    "[:1+2*s.parent.level()]...), xml...)
		s.unknown = s.unknown[1:]
	}
}

// close closes the container. An unknown element is left over when the list is out of order or names a place that
// the container does not have.
func (e *encoder) close(s *siblings, tag string) {
	if len(s.unknown) > 0 {
		e.note(ErrUnknown)
	}
	e.buf = append(e.buf, tag...)
}

func (e *encoder) note(err error) {
	if e.err == nil {
		e.err = err
	}
}

// size returns a little more than the length of the document, but for characters that have to be escaped.
func (c *Config) size() int {
	n := 240 + sizeOf(c.Unknown) // declaration, containers and booleans
	if t := c.TLS; t != nil {
		n += sizeOf(t.Unknown)
		for _, v := range t.TLSVersions {
			n += len("\n    <TLSVersion></TLSVersion>") + len(v)
		}
	}
	if s := c.CipherSuite; s != nil {
		n += sizeOf(s.Unknown)
		for _, v := range s.CustomCipherSuites {
			n += len("\n    <CustomCipherSuite></CustomCipherSuite>") + len(v)
		}
		for _, v := range s.TLS13CustomCipherSuites {
			n += len("\n    <TLS13CustomCipherSuite></TLS13CustomCipherSuite>") + len(v)
		}
	}
	return n
}

func sizeOf(list []Unknown) int {
	n := 0
	for _, u := range list {
		n += len("\n    ") + len(u.XML)
	}
	return n
}

// AppendJSON appends the form of ossutil: members named like the elements, lists as arrays, no root. Unknown elements
// stand in a member #unknown of their container, an array of {"after":N,"xml":"<…>"} with the fields of [Unknown].
// [Decode] gets c back from it.
//
// AppendJSON returns dst and ErrValue, ErrUnknown or ErrSize when no document holds c.
func (c *Config) AppendJSON(dst []byte) ([]byte, error) {
	if _, err := c.AppendXML(nil); err != nil {
		return dst, err
	}
	w := jsoncodec.Writer{Buf: slices.Grow(dst, c.size())}
	w.Begin('{')
	if t := c.TLS; t != nil {
		w.BeginMember(nameTLS, '{')
		boolMember(&w, nameEnable, t.Enable)
		listMember(&w, nameTLSVersion, t.TLSVersions)
		unknownMembers(&w, t.Unknown)
		w.End('}')
	}
	if s := c.CipherSuite; s != nil {
		w.BeginMember(nameCipherSuite, '{')
		boolMember(&w, nameEnable, s.Enable)
		boolMember(&w, nameStrong, s.StrongCipherSuite)
		listMember(&w, nameCustom, s.CustomCipherSuites)
		listMember(&w, nameTLS13, s.TLS13CustomCipherSuites)
		unknownMembers(&w, s.Unknown)
		w.End('}')
	}
	unknownMembers(&w, c.Unknown)
	w.End('}')
	if len(w.Buf)-len(dst) > MaxSize {
		return dst, ErrSize
	}
	return w.Buf, nil
}

func boolMember(w *jsoncodec.Writer, name string, b Bool) {
	if b != Absent {
		w.BoolMember(name, b == True)
	}
}

func listMember(w *jsoncodec.Writer, name string, list []string) {
	if len(list) > 0 {
		w.Strings(name, list)
	}
}

func unknownMembers(w *jsoncodec.Writer, list []Unknown) {
	if len(list) == 0 {
		return
	}
	w.BeginMember(nameUnknown, '[')
	for _, u := range list {
		w.Begin('{')
		w.IntMember("after", u.After)
		w.StringMember("xml", u.XML)
		w.End('}')
	}
	w.End(']')
}
