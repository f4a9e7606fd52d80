// Package xmlcodec is a strict reader and writer for XML that holds data: elements that contain either elements or
// text, no attributes, no namespaces. It knows no configuration.
//
// Call [NewReader] and then [Reader.Next] until it returns false; [Writer] builds a document. What the reader
// accepts is well-formed XML 1.0 in UTF-8 (https://www.w3.org/TR/xml/), with or without a byte order mark and an XML
// declaration. Comments between elements, CDATA sections, character references and the five predefined entities are
// read. A document type, another encoding or entity, a processing instruction, a namespace, an attribute and text
// between elements are refused, with their place. So are element names outside ASCII, which OSS does not have and
// on which XML processors disagree.
package xmlcodec

import (
	"strings"

	"github.com/ossconf/ossconf/source"
)

// MaxDepth is how deep elements may be nested, the root being 1.
const MaxDepth = 32

// A Kind says what a [Token] is.
type Kind uint8

// The kinds of tokens.
const (
	Start Kind = iota + 1 // the start tag of an element that contains elements
	End                   // its end tag
	Leaf                  // a whole element without elements in it
)

// A Token is a piece of a document. Offsets count bytes from the start of the document.
type Token struct {
	Kind      Kind
	Commented bool   // a Leaf of nothing but white space and comments
	Name      string // of the element
	Text      string // of a Leaf: its text, references and CDATA resolved and line ends normalised, blanks kept
	Start     int    // offset of the tag or Leaf
	End       int    // offset behind it
	TextStart int    // of a Leaf: offset of its text as written
	TextEnd   int    // offset behind that
}

// A Reader reads a document token by token.
type Reader struct {
	// Token is what the last call of Next found.
	Token Token

	// Report, if set, is handed every problem that leaves no doubt of what was meant (a mismatched end tag, an
	// attribute, text between elements); reading then goes on as if that had been written. Without Report the
	// first problem ends reading.
	Report func(*ParseError)

	// ControlReferences lets character references name the control characters U+0001 to U+001F, as XML 1.1 does and XML
	// 1.0 does not: SDKs write names of objects with them so.
	ControlReferences bool

	doc   string
	pos   int
	depth int
	state state
	err   error
	at    source.Locator
	stack [MaxDepth]string // names of the open elements
	leaf  string           // the element whose text is being read, which may turn out to be a container
}

type state uint8

const (
	inProlog state = iota
	inElement
	inEpilog
	done
)

// NewReader returns a Reader of doc.
func NewReader(doc string) *Reader { return &Reader{doc: doc} }

// Reset makes r read doc from its start. Report and ControlReferences stay.
func (r *Reader) Reset(doc string) {
	r.Token = Token{}
	r.doc, r.pos, r.depth, r.state, r.err, r.at, r.leaf = doc, 0, 0, inProlog, nil, source.Locator{}, ""
}

// Err returns the *[ParseError] that ended reading, or nil.
func (r *Reader) Err() error { return r.err }

// Depth returns how many elements are open.
func (r *Reader) Depth() int { return r.depth }

// Next reads the next token and says whether there is one. Start and End tokens are balanced.
func (r *Reader) Next() bool {
	switch r.state {
	case inProlog:
		if !r.prolog() {
			return false
		}
		r.state = inElement
		return r.element()
	case inElement:
		if r.depth == 0 {
			return r.epilog()
		}
		return r.content()
	}
	return false
}

// content reads what stands in a container up to and including the next tag or leaf.
func (r *Reader) content() bool {
	for {
		p := skipBlank(r.doc, r.pos)
		if p == len(r.doc) {
			r.pos = p
			return r.failUnclosed(r.stack[r.depth-1])
		}
		r.pos = p
		if r.doc[p] != '<' {
			if !r.strayText() {
				return false
			}
			continue
		}
		if p+1 == len(r.doc) {
			return r.failUnclosed(r.stack[r.depth-1])
		}
		switch r.doc[p+1] {
		case '/':
			return r.endTag()
		case '!':
			if strings.HasPrefix(r.doc[p:], "<![CDATA[") {
				if !r.strayText() {
					return false
				}
				continue
			}
			if !r.comment() {
				return false
			}
		case '?':
			return r.failInstruction()
		default:
			return r.element()
		}
	}
}

// element reads a start tag and, where the element turns out to be a leaf, all of it.
func (r *Reader) element() bool {
	start := r.pos
	var (
		name  = r.Token.Name
		empty bool
	)
	// Elements of one name often follow each other: comparing is faster than reading the name.
	if end := start + 1 + len(name); name != "" && end < len(r.doc) && r.doc[end] == '>' && r.doc[start+1:end] == name {
		r.pos = end + 1
	} else {
		var ok bool
		if name, empty, ok = r.startTag(); !ok {
			return false
		}
	}
	if r.depth == MaxDepth {
		return r.fail(start, ErrDepth, "elements nested more than 32 deep", "remove the inner elements")
	}
	r.stack[r.depth] = name
	t := &r.Token
	t.Name, t.Start, t.Commented = name, start, false
	if empty {
		t.Kind, t.Text, t.TextStart, t.TextEnd, t.End = Leaf, "", r.pos, r.pos, r.pos
		return true
	}

	doc, text := r.doc, r.pos
	p := skip(doc, text, plain)
	if p+1 < len(doc) && doc[p] == '<' {
		switch doc[p+1] {
		case '/':
			end := p + 2 + len(name)
			if end < len(doc) && doc[end] == '>' && doc[p+2:end] == name {
				t.Kind, t.Text, t.TextStart, t.TextEnd, t.End = Leaf, doc[text:p], text, p, end+1
				r.pos = end + 1
				return true
			}
		case '!', '?':
		default:
			if skipBlank(doc, text) == p {
				return r.open(p)
			}
		}
	}
	return r.slowElement(text)
}

// open turns the element whose start tag was just read into a container, the next thing in which stands at p.
func (r *Reader) open(p int) bool {
	r.Token.Kind, r.Token.Text = Start, ""
	r.Token.End, r.Token.TextStart, r.Token.TextEnd = r.pos, r.pos, r.pos
	r.pos, r.leaf = p, ""
	r.depth++
	return true
}

// startTag reads <name> or <name/> and leaves pos behind it.
func (r *Reader) startTag() (name string, empty, ok bool) {
	doc, p := r.doc, r.pos+1
	start := p
	if p == len(doc) || class[doc[p]]&nameStart == 0 {
		return "", false, r.failName(p)
	}
	p = skip(doc, p, nameChar)
	name = doc[start:p]
	if p < len(doc) && doc[p] == '>' {
		r.pos = p + 1
		return name, false, true
	}
	return r.slowStartTag(name, p)
}

// endTag reads the end tag of the open container.
func (r *Reader) endTag() bool {
	t := &r.Token
	t.Name, t.Start = r.stack[r.depth-1], r.pos
	if !r.closeTag(t.Name) {
		return false
	}
	r.depth--
	t.Kind, t.Commented, t.Text, t.End, t.TextStart, t.TextEnd = End, false, "", r.pos, r.pos, r.pos
	return true
}

// closeTag reads the end tag at pos, which has to close the element name.
func (r *Reader) closeTag(name string) bool {
	p := r.pos + 2
	q := skip(r.doc, p, nameChar)
	found := r.doc[p:q]
	end := skipBlank(r.doc, q)
	if end == len(r.doc) {
		return r.failUnclosed(name)
	}
	if r.doc[end] != '>' {
		if q == p || end == q {
			return r.failName(q)
		}
		return r.fail(end, ErrSyntax, "an end tag holds nothing but its name", "write </"+clip(name)+">")
	}
	if found == name {
		r.pos = end + 1
		return true
	}
	return r.mismatch(name, found, end+1)
}

// mismatch deals with the end tag </found>, which stands at pos where </name> has to be.
func (r *Reader) mismatch(name, found string, end int) bool {
	meant, got := "</"+clip(name)+">", "</"+clip(found)+">"
	e := r.newError(r.pos, ErrTag, got+" where <"+clip(name)+"> is open", "write "+meant)
	e.Fix = &source.Fix{Description: "Write " + meant + " in place of " + got,
		Edits: []source.Edit{{Start: r.pos, End: end, Text: "</" + name + ">"}}}
	next := end
	for _, open := range r.stack[:r.depth] {
		// The tag closes an element further out: what is missing is the tag before it.
		if open == found {
			next = r.pos
			e.Hint = "write " + meant + " before it"
			e.Fix.Description, e.Fix.Edits[0].End = "Insert "+meant+" before "+got, r.pos
		}
	}
	if !r.report(e) {
		return false
	}
	r.pos = next
	return true
}

// skip returns the offset of the first byte of doc from p on that is not of the class what.
func skip(doc string, p int, what byte) int {
	for p+4 <= len(doc) && class[doc[p]]&class[doc[p+1]]&class[doc[p+2]]&class[doc[p+3]]&what != 0 {
		p += 4
	}
	for p < len(doc) && class[doc[p]]&what != 0 {
		p++
	}
	return p
}

// skipBlank returns the offset of the first byte of doc from p on that is not white space.
func skipBlank(doc string, p int) int {
	for p < len(doc) && class[doc[p]]&blank != 0 {
		p++
	}
	return p
}

// What a byte can be part of.
const (
	plain     = 1 << iota // text that needs no second look
	nameChar              // a name
	nameStart             // the beginning of a name
	blank                 // white space
)

// class holds for every byte the sum of the above, as a digit from '0' to '?'.
const class = "" +
	"0000000009900800" +
	"0000000000000000" +
	"9111110111111331" +
	"3333333333110111" +
	"1777777777777777" +
	"7777777777711017" +
	"1777777777777777" +
	"7777777777711111" +
	"0000000000000000" + "0000000000000000" + "0000000000000000" + "0000000000000000" +
	"0000000000000000" + "0000000000000000" + "0000000000000000" + "0000000000000000"
