package jsoncodec

import (
	"strings"
	"unicode/utf8"

	"github.com/ossconf/ossconf/source"
)

// A ParseError says where a text is refused, why, and what to do about it. Err is one of the causes below.
type ParseError = source.ParseError

// The causes of a [ParseError].
var (
	ErrSyntax    = &source.Cause{Code: "json_syntax", Text: "not well-formed JSON"}
	ErrUnclosed  = &source.Cause{Code: "unclosed", Text: "the text ends before its values are complete"}
	ErrCharacter = &source.Cause{Code: "character", Text: "a character that JSON does not allow there"}
	ErrEncoding  = &source.Cause{Code: "encoding", Text: "not UTF-8"}
	ErrDuplicate = &source.Cause{Code: "repeated", Text: "a name given twice in one object"}
	ErrCount     = &source.Cause{Code: "too_large", Text: "too many values"}
	ErrDepth     = &source.Cause{Code: "too_deep", Text: "values nested too deeply"}
)

// Parse parses one JSON text. A byte order mark before it is passed over. The error is a *[ParseError].
func Parse(text string) (Value, error) {
	p := &parser{text: text}
	if strings.HasPrefix(text, "\uFEFF") {
		p.pos = len("\uFEFF")
	}
	p.nodes = make([]node, 0, min(8+len(text)/16, 1<<12))
	p.blank()
	if !p.value("", 0, 0) {
		return Value{}, p.err
	}
	p.blank()
	if p.pos < len(text) {
		p.fail(p.pos, ErrSyntax, "more than white space behind the value", "remove it")
		return Value{}, p.err
	}
	return Value{doc: &p.document, end: int32(len(p.nodes))}, nil
}

type parser struct {
	document
	text string
	pos  int
	err  error
}

func (p *parser) fail(offset int, cause *source.Cause, detail, hint string) bool {
	path := ""
	for i := range p.nodes {
		if n := &p.nodes[i]; n.isMember() && n.next == 0 { // it is open
			path += "/" + n.name
		}
	}
	p.err = &ParseError{Position: source.At(p.text, offset), Offset: offset, Path: path, Detail: detail, Hint: hint, Err: cause}
	return false
}

func (p *parser) blank() {
	for p.pos < len(p.text) {
		switch p.text[p.pos] {
		case ' ', '\t', '\n', '\r':
			p.pos++
		default:
			return
		}
	}
}

// value parses the value at pos into a new node. A member has a name, which stands at nameStart.
func (p *parser) value(name string, nameStart, depth int) bool {
	i := len(p.nodes)
	start := p.pos
	if i == MaxValues {
		return p.fail(start, ErrCount, "more than 65536 values", "pass fewer")
	}
	p.nodes = append(p.nodes, node{name: name, nameStart: int32(nameStart), start: int32(start)})
	if start == len(p.text) {
		return p.fail(start, ErrUnclosed, "the text ends where a value has to stand", "complete it")
	}
	var kind Kind
	var text string
	ok := false
	switch c := p.text[start]; c {
	case '{':
		kind, ok = Object, p.members(i, depth)
	case '[':
		kind, ok = Array, p.elements(depth)
	case '"':
		kind = String
		text, ok = p.str()
	case 't':
		kind, text, ok = Bool, "true", p.word("true")
	case 'f':
		kind, text, ok = Bool, "false", p.word("false")
	case 'n':
		kind, text, ok = Null, "null", p.word("null")
	default:
		kind, ok = Number, p.number()
		text = p.text[start:p.pos]
	}
	n := &p.nodes[i]
	n.kind, n.text, n.stop, n.next = kind, text, int32(p.pos), int32(len(p.nodes))
	return ok
}

func (p *parser) word(w string) bool {
	if !strings.HasPrefix(p.text[p.pos:], w) {
		return p.fail(p.pos, ErrSyntax, "a word that is no value of JSON", "write true, false, null, or put text in quotes")
	}
	p.pos += len(w)
	return true
}

// elements parses the array at pos.
func (p *parser) elements(depth int) bool {
	if depth == MaxDepth {
		return p.fail(p.pos, ErrDepth, "values nested more than 32 deep", "remove the inner values")
	}
	p.pos++
	for first := true; ; first = false {
		more, ok := p.more(first, ']')
		if !ok || !more {
			return ok
		}
		if !p.value("", 0, depth+1) {
			return false
		}
	}
}

// members parses the object at pos, whose node has the index parent.
func (p *parser) members(parent, depth int) bool {
	if depth == MaxDepth {
		return p.fail(p.pos, ErrDepth, "values nested more than 32 deep", "remove the inner values")
	}
	p.pos++
	var names map[string]struct{} // only of an object with many members
	for count := 0; ; count++ {
		more, ok := p.more(count == 0, '}')
		if !ok || !more {
			return ok
		}
		at := p.pos
		if p.text[at] != '"' {
			return p.fail(at, ErrSyntax, "a member without a name in quotes", `write "NAME": before the value`)
		}
		name, ok := p.str()
		if !ok {
			return false
		}
		if count == manyMembers {
			names = p.names(parent)
		}
		if p.duplicate(parent, names, name) {
			return p.fail(at, ErrDuplicate, "a name that the object has already", "remove one of the two members")
		}
		p.blank()
		if p.pos == len(p.text) || p.text[p.pos] != ':' {
			return p.fail(p.pos, ErrSyntax, "a name without a colon behind it", "write : between name and value")
		}
		p.pos++
		p.blank()
		if !p.value(name, at, depth+1) {
			return false
		}
		if names != nil {
			names[name] = struct{}{}
		}
	}
}

// more passes over the comma before an element or member and says whether there is another one before shut.
func (p *parser) more(first bool, shut byte) (more, ok bool) {
	p.blank()
	if p.pos == len(p.text) {
		return false, p.fail(p.pos, ErrUnclosed, "the text ends inside an array or object", "write "+string(rune(shut)))
	}
	if p.text[p.pos] == shut {
		p.pos++
		return false, true
	}
	if first {
		return true, true
	}
	if p.text[p.pos] != ',' {
		return false, p.fail(p.pos, ErrSyntax, "neither a comma nor an end behind a value", "write , or "+string(rune(shut)))
	}
	comma := p.pos
	p.pos++
	p.blank()
	if p.pos < len(p.text) && p.text[p.pos] == shut {
		return false, p.fail(comma, ErrSyntax, "a comma behind the last value", "remove it")
	}
	if p.pos == len(p.text) {
		return false, p.fail(p.pos, ErrUnclosed, "the text ends inside an array or object", "write "+string(rune(shut)))
	}
	return true, true
}

// manyMembers is from how many members on names are looked up rather than compared one by one.
const manyMembers = 16

// names collects the names of the members parsed so far of the object with the index parent.
func (p *parser) names(parent int) map[string]struct{} {
	names := make(map[string]struct{}, 4*manyMembers)
	for i := parent + 1; i < len(p.nodes); i = int(p.nodes[i].next) {
		names[p.nodes[i].name] = struct{}{}
	}
	return names
}

func (p *parser) duplicate(parent int, names map[string]struct{}, name string) bool {
	if names != nil {
		_, found := names[name]
		return found
	}
	for i := parent + 1; i < len(p.nodes); i = int(p.nodes[i].next) {
		if p.nodes[i].name == name {
			return true
		}
	}
	return false
}

// number passes over the number at pos: RFC 8259, section 6.
func (p *parser) number() bool {
	start := p.pos
	p.accept('-')
	switch {
	case p.accept('0'):
	case !p.digits():
		p.pos = start
		if c, size := utf8.DecodeRuneInString(p.text[start:]); c == utf8.RuneError && size == 1 {
			return p.fail(start, ErrEncoding, "bytes that are not UTF-8", "save the text in UTF-8")
		}
		return p.fail(start, ErrSyntax, "no value of JSON", "write a value; text stands in double quotes")
	}
	if p.accept('.') && !p.digits() {
		return p.fail(p.pos, ErrSyntax, "a number without a digit behind the point", "write a digit")
	}
	if p.accept('e') || p.accept('E') {
		_ = p.accept('+') || p.accept('-')
		if !p.digits() {
			return p.fail(p.pos, ErrSyntax, "a number without a digit in the exponent", "write a digit")
		}
	}
	return true
}

func (p *parser) accept(c byte) bool {
	if p.pos < len(p.text) && p.text[p.pos] == c {
		p.pos++
		return true
	}
	return false
}

func (p *parser) digits() bool {
	start := p.pos
	for p.pos < len(p.text) && p.text[p.pos] >= '0' && p.text[p.pos] <= '9' {
		p.pos++
	}
	return p.pos > start
}
