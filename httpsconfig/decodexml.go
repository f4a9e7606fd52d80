package httpsconfig

import "github.com/ossconf/ossconf/xmlcodec"

func (d *decoder) decodeXML() bool {
	var r xmlcodec.Reader
	r.Reset(d.doc)
	r.Report = d.report
	ok := d.rootXML(&r)
	if r.Err() != nil {
		return d.stop(r.Err().(*ParseError))
	}
	return ok
}

func (d *decoder) rootXML(r *xmlcodec.Reader) bool {
	if !r.Next() {
		return false
	}
	t := &r.Token
	if t.Name != nameRoot {
		e := d.newError(t.Start, ErrRoot, "the root element is <"+t.Name+">", "name it "+nameRoot+", in this spelling")
		e.Path = "/" + t.Name
		return d.stop(e)
	}
	d.keep(xmlItem(fieldRoot, t))
	config := &d.out.config
	if !d.container(t, fieldRoot) {
		return false
	}
	var last anchor
	if t.Kind == xmlcodec.Start {
		for r.Next() && t.Kind != xmlcodec.End {
			ok := true
			switch t.Name {
			case nameTLS:
				last.field = fieldTLS
				ok = d.tlsXML(r)
			case nameCipherSuite:
				last.field = fieldCipherSuite
				ok = d.suitesXML(r)
			default:
				config.Unknown = append(config.Unknown, d.unknownXML(r, fieldRoot, last))
			}
			if !ok {
				return false
			}
		}
	}
	if r.Err() != nil {
		return false
	}
	r.Next() // what stands behind the root
	return r.Err() == nil
}

func (d *decoder) tlsXML(r *xmlcodec.Reader) bool {
	t, tls := &r.Token, &d.out.tls
	if open, ok := d.openXML(r, fieldTLS, d.out.config.TLS != nil); !open || !ok {
		return ok
	}
	d.out.config.TLS = tls
	if t.Kind != xmlcodec.Start {
		return true
	}
	var last anchor
	for r.Next() && t.Kind != xmlcodec.End {
		ok := true
		switch t.Name {
		case nameEnable:
			last = anchor{field: fieldTLSEnable}
			ok = d.boolXML(&tls.Enable, r, fieldTLSEnable)
		case nameTLSVersion:
			ok = d.listXML(&tls.TLSVersions, d.out.versions[:], r, fieldTLSVersion)
			last = last.behind(fieldTLSVersion, len(tls.TLSVersions))
		default:
			tls.Unknown = append(tls.Unknown, d.unknownXML(r, fieldTLS, last))
		}
		if !ok {
			return false
		}
	}
	return r.Err() == nil
}

func (d *decoder) suitesXML(r *xmlcodec.Reader) bool {
	t, cs := &r.Token, &d.out.suites
	if open, ok := d.openXML(r, fieldCipherSuite, d.out.config.CipherSuite != nil); !open || !ok {
		return ok
	}
	d.out.config.CipherSuite = cs
	if t.Kind != xmlcodec.Start {
		return true
	}
	var last anchor
	for r.Next() && t.Kind != xmlcodec.End {
		ok := true
		switch t.Name {
		case nameEnable:
			last = anchor{field: fieldSuiteEnable}
			ok = d.boolXML(&cs.Enable, r, fieldSuiteEnable)
		case nameStrong:
			last = anchor{field: fieldStrong}
			ok = d.boolXML(&cs.StrongCipherSuite, r, fieldStrong)
		case nameCustom:
			ok = d.listXML(&cs.CustomCipherSuites, d.out.custom[:], r, fieldCustom)
			last = last.behind(fieldCustom, len(cs.CustomCipherSuites))
		case nameTLS13:
			ok = d.listXML(&cs.TLS13CustomCipherSuites, d.out.tls13[:], r, fieldTLS13)
			last = last.behind(fieldTLS13, len(cs.TLS13CustomCipherSuites))
		default:
			cs.Unknown = append(cs.Unknown, d.unknownXML(r, fieldCipherSuite, last))
		}
		if !ok {
			return false
		}
	}
	return r.Err() == nil
}

func (d *decoder) boolXML(dst *Bool, r *xmlcodec.Reader, f field) bool {
	if value, ok := d.valueXML(r, f); !value {
		return ok
	}
	if b := parseBool(r.Token.Text); !d.track && *dst == Absent && b != Absent {
		*dst = b
		return true
	}
	return d.setBool(dst, xmlItem(f, &r.Token))
}

func (d *decoder) listXML(dst *[]string, block []string, r *xmlcodec.Reader, f field) bool {
	if value, ok := d.valueXML(r, f); !value {
		return ok
	}
	add(dst, block, r.Token.Text)
	if d.track {
		it := xmlItem(f, &r.Token)
		it.index = len(*dst) - 1
		d.items = append(d.items, it)
	}
	return true
}

// openXML says whether the container at the token is to be read. A second one is refused and, to go on, passed over.
func (d *decoder) openXML(r *xmlcodec.Reader, f field, again bool) (open, ok bool) {
	it := xmlItem(f, &r.Token)
	if again {
		return false, d.repeated(it) && skip(r)
	}
	d.keep(it)
	return true, d.container(&r.Token, f)
}

// container refuses a container that holds text.
func (d *decoder) container(t *xmlcodec.Token, f field) bool {
	if t.Kind == xmlcodec.Start || trim(t.Text) == "" {
		return true
	}
	e := d.newError(t.TextStart, ErrContent, "<"+t.Name+"> holds text; it has elements only", "remove the text")
	e.Path = f.path()
	return d.problem(e)
}

// valueXML says whether the element at the token holds a value, and refuses it if it holds elements or a comment. It
// leaves the token at the end of the element; ok says whether decoding goes on.
func (d *decoder) valueXML(r *xmlcodec.Reader, f field) (value, ok bool) {
	if r.Token.Kind == xmlcodec.Leaf && !r.Token.Commented {
		return true, true
	}
	return false, d.noValue(r, f)
}

// noValue refuses the element at the token because it holds no value and, to go on, passes over it.
func (d *decoder) noValue(r *xmlcodec.Reader, f field) bool {
	t := &r.Token
	e := d.newError(t.Start, ErrContent, "<"+t.Name+"> holds an element; it has a value only", "write the value between its tags")
	if t.Commented {
		e = d.newError(t.Start, xmlcodec.ErrComment, "a comment where <"+t.Name+"> has its value", "write the value, and the comment outside of the element")
	}
	e.Path = f.path()
	return d.problem(e) && skip(r)
}

// skip moves to the end of the element at the token and says whether it was there.
func skip(r *xmlcodec.Reader) bool {
	if r.Token.Kind != xmlcodec.Start {
		return true
	}
	for outer := r.Depth() - 1; r.Depth() > outer; {
		if !r.Next() {
			return false
		}
	}
	return true
}

func xmlItem(f field, t *xmlcodec.Token) item {
	return item{field: f, text: t.Text, start: t.Start, end: t.End, textStart: t.TextStart, textEnd: t.TextEnd}
}
