package httpsconfig

import (
	"github.com/ossconf/ossconf/jsoncodec"
	"github.com/ossconf/ossconf/source"
	"github.com/ossconf/ossconf/xmlcodec"
)

func (d *decoder) decodeJSON() bool {
	root, err := jsoncodec.Parse(d.doc)
	if err != nil {
		e := err.(*ParseError)
		e.Path = fieldRoot.path() + e.Path
		return d.stop(e)
	}
	d.keepJSON(fieldRoot, root)
	config := &d.out.config
	var last anchor
	for m := root.First(); m.OK(); m = m.Next() {
		ok := true
		switch m.Name() {
		case nameTLS:
			last.field = fieldTLS
			ok = d.tlsJSON(m)
		case nameCipherSuite:
			last.field = fieldCipherSuite
			ok = d.suitesJSON(m)
		case nameRoot:
			ok = d.problem(d.rootMember(root, m))
		default:
			ok = d.unknownJSON(&config.Unknown, m, fieldRoot, last)
		}
		if !ok {
			return false
		}
	}
	return true
}

// rootMember returns the error for a member of root that is called like the root element.
func (d *decoder) rootMember(root, m jsoncodec.Value) *ParseError {
	e := d.jsonError(m, ErrRoot, "the JSON form has no "+nameRoot+" around its members", "remove it and keep what it holds", fieldRoot)
	if only := root.First(); m.Kind() == jsoncodec.Object && !only.Next().OK() {
		start, end := m.Span()
		e.Fix = &source.Fix{Description: "Remove " + nameRoot + " around the members",
			Edits: []source.Edit{{Start: m.NameStart(), End: start + 1}, {Start: end - 1, End: end}}}
	}
	return e
}

func (d *decoder) tlsJSON(v jsoncodec.Value) bool {
	if v.Kind() != jsoncodec.Object {
		return d.kindError(v, fieldTLS, "an object")
	}
	d.keepJSON(fieldTLS, v)
	tls := &d.out.tls
	d.out.config.TLS = tls
	var last anchor
	for m := v.First(); m.OK(); m = m.Next() {
		ok := true
		switch m.Name() {
		case nameEnable:
			last = anchor{field: fieldTLSEnable}
			ok = d.boolJSON(&tls.Enable, m, fieldTLSEnable)
		case nameTLSVersion:
			ok = d.listJSON(&tls.TLSVersions, d.out.versions[:], m, fieldTLSVersion)
			last = last.behind(fieldTLSVersion, len(tls.TLSVersions))
		default:
			ok = d.unknownJSON(&tls.Unknown, m, fieldTLS, last)
		}
		if !ok {
			return false
		}
	}
	return true
}

func (d *decoder) suitesJSON(v jsoncodec.Value) bool {
	if v.Kind() != jsoncodec.Object {
		return d.kindError(v, fieldCipherSuite, "an object")
	}
	d.keepJSON(fieldCipherSuite, v)
	cs := &d.out.suites
	d.out.config.CipherSuite = cs
	var last anchor
	for m := v.First(); m.OK(); m = m.Next() {
		ok := true
		switch m.Name() {
		case nameEnable:
			last = anchor{field: fieldSuiteEnable}
			ok = d.boolJSON(&cs.Enable, m, fieldSuiteEnable)
		case nameStrong:
			last = anchor{field: fieldStrong}
			ok = d.boolJSON(&cs.StrongCipherSuite, m, fieldStrong)
		case nameCustom:
			ok = d.listJSON(&cs.CustomCipherSuites, d.out.custom[:], m, fieldCustom)
			last = last.behind(fieldCustom, len(cs.CustomCipherSuites))
		case nameTLS13:
			ok = d.listJSON(&cs.TLS13CustomCipherSuites, d.out.tls13[:], m, fieldTLS13)
			last = last.behind(fieldTLS13, len(cs.TLS13CustomCipherSuites))
		default:
			ok = d.unknownJSON(&cs.Unknown, m, fieldCipherSuite, last)
		}
		if !ok {
			return false
		}
	}
	return true
}

// boolJSON takes a boolean, or, as the documents of ossutil have it, a string that says one.
func (d *decoder) boolJSON(dst *Bool, v jsoncodec.Value, f field) bool {
	if v.Kind() != jsoncodec.Bool && v.Kind() != jsoncodec.String {
		return d.kindError(v, f, "a boolean")
	}
	if b := parseBool(v.Text()); !d.track && *dst == Absent && b != Absent {
		*dst = b
		return true
	}
	return d.setBool(dst, jsonItem(f, v))
}

// listJSON takes an array of strings, or, as the documents of ossutil have it, a single string.
func (d *decoder) listJSON(dst *[]string, block []string, v jsoncodec.Value, f field) bool {
	if v.Kind() == jsoncodec.String {
		return d.addJSON(dst, block, v, f)
	}
	if v.Kind() != jsoncodec.Array {
		return d.kindError(v, f, "an array of strings")
	}
	for e := v.First(); e.OK(); e = e.Next() {
		if e.Kind() != jsoncodec.String {
			if !d.kindError(e, f, "a string") {
				return false
			}
			continue
		}
		if !d.addJSON(dst, block, e, f) {
			return false
		}
	}
	return true
}

func (d *decoder) addJSON(dst *[]string, block []string, v jsoncodec.Value, f field) bool {
	if err := xmlcodec.CheckText(v.Text()); err != nil {
		return d.problem(d.jsonError(v, ErrValue, "a value with a character that XML does not have", "remove the character", f))
	}
	add(dst, block, v.Text())
	if d.track {
		it := jsonItem(f, v)
		it.index = len(*dst) - 1
		d.items = append(d.items, it)
	}
	return true
}

// keepJSON keeps a container.
func (d *decoder) keepJSON(f field, v jsoncodec.Value) {
	if d.track { // an item is large, and Decode needs none
		d.items = append(d.items, jsonItem(f, v))
	}
}

func jsonItem(f field, v jsoncodec.Value) item {
	start, end := v.Span()
	it := item{field: f, start: start, end: end, textStart: start, textEnd: end}
	if k := v.Kind(); k == jsoncodec.String || k == jsoncodec.Bool {
		it.text = v.Text()
	}
	return it
}

func (d *decoder) jsonError(v jsoncodec.Value, cause *source.Cause, detail, hint string, f field) *ParseError {
	start, _ := v.Span()
	e := d.newError(start, cause, detail, hint)
	e.Path = f.path()
	return e
}

func (d *decoder) kindError(v jsoncodec.Value, f field, want string) bool {
	return d.problem(d.jsonError(v, ErrContent, f.name()+" is "+v.Kind().String()+", not "+want, "write "+want, f))
}
