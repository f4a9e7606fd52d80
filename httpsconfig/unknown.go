package httpsconfig

import (
	"github.com/ossconf/ossconf/jsoncodec"
	"github.com/ossconf/ossconf/xmlcodec"
)

// unknownXML keeps the element at the token, which the schema does not know.
func (d *decoder) unknownXML(r *xmlcodec.Reader, parent field, last anchor) Unknown {
	t := &r.Token
	it := item{field: fieldUnknown, name: t.Name, parent: parent, start: t.Start}
	outer := r.Depth()
	if t.Kind == xmlcodec.Start {
		outer--
	}
	var w xmlcodec.Writer
	for {
		w.Token(t)
		if r.Depth() == outer || !r.Next() {
			break
		}
	}
	it.end = t.End
	d.keep(it)
	return Unknown{After: last.mark(), XML: string(w.Buf)}
}

// unknownJSON keeps a member that the schema does not know, as the elements that it would be in XML.
func (d *decoder) unknownJSON(dst *[]Unknown, v jsoncodec.Value, parent field, last anchor) bool {
	if v.Name() == nameUnknown {
		return d.unknownList(dst, v, parent)
	}
	if v.Kind() != jsoncodec.Array || !xmlcodec.IsName(v.Name()) {
		return d.unknownValue(dst, v.Name(), v, parent, last)
	}
	for e := v.First(); e.OK(); e = e.Next() {
		if !d.unknownValue(dst, v.Name(), e, parent, last) {
			return false
		}
	}
	return true
}

// unknownValue keeps the element name with the content v.
func (d *decoder) unknownValue(dst *[]Unknown, name string, v jsoncodec.Value, parent field, last anchor) bool {
	var w xmlcodec.Writer
	bad, detail := elementOf(&w, name, v, parent.level()+1)
	if d.kept += len(w.Buf); d.kept > MaxSize {
		return d.stop(d.jsonError(v, ErrUnknown, "unknown elements that take more than 64 KiB in XML", "remove some", parent))
	}
	if detail != "" {
		return d.problem(d.jsonError(bad, ErrUnknown, detail, "remove it, or write what an element can hold", parent))
	}
	it := jsonItem(fieldUnknown, v)
	it.name, it.parent = name, parent
	d.keep(it)
	*dst = append(*dst, Unknown{After: last.mark(), XML: string(w.Buf)})
	return true
}

// elementOf writes the element that name with the content v is in XML, at this level of nesting. If it is none, it
// returns the value at fault and what is wrong with it.
func elementOf(w *xmlcodec.Writer, name string, v jsoncodec.Value, level int) (bad jsoncodec.Value, detail string) {
	if !xmlcodec.IsName(name) {
		return v, "a member whose name cannot be that of an element"
	}
	if level > xmlcodec.MaxDepth {
		return v, "elements nested more than 32 deep"
	}
	if len(w.Buf) > MaxSize { // a long name with an array of short values is many times its size
		return v, ""
	}
	switch v.Kind() {
	case jsoncodec.Array:
		return v, "an array in an array, for which XML has no form"
	case jsoncodec.Object:
		w.Start(name)
		for m := v.First(); m.OK(); m = m.Next() {
			if bad, detail = elementsOf(w, m, level+1); detail != "" {
				return bad, detail
			}
		}
		w.End(name)
	case jsoncodec.Null:
		return v, "null, for which XML has no form"
	default:
		if w.Leaf(name, v.Text()) != nil {
			return v, "a string with a character that XML does not allow"
		}
	}
	return jsoncodec.Value{}, ""
}

// elementsOf writes the elements that the member m is in XML: one for each value of an array.
func elementsOf(w *xmlcodec.Writer, m jsoncodec.Value, level int) (bad jsoncodec.Value, detail string) {
	if m.Kind() != jsoncodec.Array || !xmlcodec.IsName(m.Name()) {
		return elementOf(w, m.Name(), m, level)
	}
	for e := m.First(); e.OK(); e = e.Next() {
		if bad, detail = elementOf(w, m.Name(), e, level); detail != "" {
			return bad, detail
		}
	}
	return jsoncodec.Value{}, ""
}

// unknownList takes the unknown elements that AppendJSON wrote: an array of objects with the members after and xml.
func (d *decoder) unknownList(dst *[]Unknown, list jsoncodec.Value, parent field) bool {
	if list.Kind() != jsoncodec.Array {
		return d.problem(d.jsonError(list, ErrUnknown, nameUnknown+" is no array", `write [{"after":N,"xml":"<…>"}]`, parent))
	}
	for e := list.First(); e.OK(); e = e.Next() {
		u, name, detail := unknownEntry(e, parent)
		if detail != "" {
			if !d.problem(d.jsonError(e, ErrUnknown, detail, `write {"after":N,"xml":"<…>"} with one element`, parent)) {
				return false
			}
			continue
		}
		it := jsonItem(fieldUnknown, e)
		it.name, it.parent = name, parent
		d.keep(it)
		*dst = append(*dst, u)
	}
	return true
}

// unknownEntry reads one entry of the list. Its place is known already: the mark is its complement, and negative.
func unknownEntry(v jsoncodec.Value, parent field) (u Unknown, name, detail string) {
	if v.Kind() != jsoncodec.Object {
		return u, "", "an entry of " + nameUnknown + " that is no object"
	}
	after, xml := -1, ""
	for m := v.First(); m.OK(); m = m.Next() {
		switch {
		case m.Name() == "after" && m.Kind() == jsoncodec.Number:
			var ok bool
			if after, ok = m.Int(MaxSize); !ok {
				return u, "", "after is no count of elements"
			}
		case m.Name() == "xml" && m.Kind() == jsoncodec.String:
			xml = m.Text()
		default:
			return u, "", "an entry of " + nameUnknown + " with a member other than the number after and the string xml"
		}
	}
	canonical, name := unknownElement(xml, parent)
	if after < 0 || name == "" {
		return u, "", "an entry of " + nameUnknown + " without after, or whose xml is not one element that " + parent.name() + " does not have"
	}
	return Unknown{After: ^after, XML: canonical}, name, ""
}

// unknownElement returns the element in xml in the form in which it is kept, and its name. It returns nothing if xml
// is not one well-formed element, if parent has an element of this name, or if it is nested too deeply to stand in
// parent.
func unknownElement(xml string, parent field) (canonical, name string) {
	var r xmlcodec.Reader
	var w xmlcodec.Writer
	r.Reset(xml)
	for r.Next() {
		w.Token(&r.Token)
		level := r.Depth() + parent.level()
		if r.Token.Kind == xmlcodec.Leaf {
			level++
		}
		if level > xmlcodec.MaxDepth {
			return "", ""
		}
		name = r.Token.Name // in the end, that of the root
	}
	if r.Err() != nil || parent.knows(name) {
		return "", ""
	}
	return string(w.Buf), name
}
