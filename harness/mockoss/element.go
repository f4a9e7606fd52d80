package mockoss

import (
	"slices"

	"github.com/ossconf/ossconf/xmlcodec"
)

// An element is one of a document, with text or with elements in it.
type element struct {
	name, text string
	children   []*element
}

// parseElement returns the root element of doc, which has to be named root. The error is a *problem. Only elements in
// elements and their texts are taken: what is well-formed otherwise is not lost by it.
func parseElement(doc []byte, root string) (*element, error) {
	top := &element{}
	open := []*element{top}
	r := xmlcodec.NewReader(string(doc))
	for r.Next() {
		if r.Token.Kind == xmlcodec.End {
			open = open[:len(open)-1]
			continue
		}
		e, parent := &element{name: r.Token.Name}, open[len(open)-1]
		parent.children = append(parent.children, e)
		if r.Token.Kind == xmlcodec.Start {
			open = append(open, e)
		} else {
			e.text = r.Token.Text
		}
	}
	if r.Err() != nil || len(top.children) != 1 || top.children[0].name != root {
		return nil, malformedXML()
	}
	return top.children[0], nil
}

// child returns the first element in e that is named name, nil for none. e may be nil.
func (e *element) child(name string) *element {
	if e == nil {
		return nil
	}
	for _, c := range e.children {
		if c.name == name {
			return c
		}
	}
	return nil
}

// at returns the text of the element that stands below e along names, empty for none. e may be nil.
func (e *element) at(names ...string) string {
	for _, name := range names {
		e = e.child(name)
	}
	if e == nil {
		return ""
	}
	return e.text
}

// set gives e an element with text, in place of one of this name if there is one. It returns e.
func (e *element) set(name, text string) *element {
	c := e.child(name)
	if c == nil {
		c = &element{name: name}
		e.children = append(e.children, c)
	}
	c.text, c.children = text, nil
	return e
}

// add appends to e those of the elements that are not nil. It returns e.
func (e *element) add(children ...*element) *element {
	for _, c := range children {
		if c != nil {
			e.children = append(e.children, c)
		}
	}
	return e
}

// remove takes out of e the elements that are named name.
func (e *element) remove(name string) {
	e.children = slices.DeleteFunc(e.children, func(c *element) bool { return c.name == name })
}

// document returns the document whose root e is.
func (e *element) document() []byte {
	return xmlAnswer(func(d *document) { d.element(e) }).body
}

// answer returns the answer that has the document whose root e is.
func (e *element) answer() answer {
	return xmlAnswer(func(d *document) { d.element(e) })
}

// element writes e.
func (d *document) element(e *element) {
	if len(e.children) == 0 {
		d.leaf(e.name, e.text)
		return
	}
	d.w.Start(e.name)
	for _, c := range e.children {
		d.element(c)
	}
	d.w.End(e.name)
}
