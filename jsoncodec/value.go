// Package jsoncodec is a strict reader and writer for JSON (RFC 8259) that remembers where everything stands.
//
// [Parse] checks a whole text and returns its [Value]; [Writer] builds one. Beyond the grammar, a text is refused
// when it is not UTF-8, when an escape is half a surrogate pair, when an object has a name twice, or when it is
// nested more than [MaxDepth] deep: the points on which JSON parsers disagree.
package jsoncodec

// MaxDepth is how deep arrays and objects may be nested.
const MaxDepth = 32

// MaxValues is how many values a text may have, those of members and elements counted. It bounds the memory for a short
// text of tiny values.
const MaxValues = 1 << 16

// A Kind is a type of JSON value.
type Kind uint8

// The kinds of values. The zero Kind is that of no value.
const (
	Null Kind = iota + 1
	Bool
	Number
	String
	Array
	Object
)

// String returns the name of the kind with its article, for messages.
func (k Kind) String() string {
	switch k {
	case Null:
		return "null"
	case Bool:
		return "a boolean"
	case Number:
		return "a number"
	case String:
		return "a string"
	case Array:
		return "an array"
	case Object:
		return "an object"
	}
	return "nothing"
}

// A Value is a place in a parsed text. The zero Value is no value: its kind is 0 and everything about it is empty.
//
// Its methods are not inlined, for the same reason as those of [Writer].
type Value struct {
	doc   *document
	index int32
	end   int32 // index behind the last sibling
}

// A document holds the nodes of a whole text, parents before children. Values share it by its address, which is half
// the size of a slice: WebAssembly has no registers to pass one in, and reading a request passes hundreds.
type document struct{ nodes []node }

type node struct {
	text        string // String: its value; Bool, Number: as written
	name        string // of a member
	start, stop int32  // offsets of the value
	nameStart   int32  // offset of the name
	next        int32  // index of the node behind this value and all in it; 0 until it is parsed
	kind        Kind
}

// isMember reports whether the node is a member of an object. Its name, which may be empty, stands behind a brace.
func (n *node) isMember() bool { return n.nameStart > 0 }

// Kind returns the kind of v.
//
//go:noinline
func (v Value) Kind() Kind {
	return v.node().kind
}

// noValue is the node of no value.
var noValue node

// node returns the node of v, which is not to be changed.
func (v Value) node() *node {
	if v.doc == nil {
		return &noValue
	}
	return &v.doc.nodes[v.index]
}

// Text returns the value of a String, or a Bool or Number as it is written.
//
//go:noinline
func (v Value) Text() string { return v.node().text }

// Int returns the Number v if it is a whole number from 0 to most, written without point and exponent.
func (v Value) Int(most int) (n int, ok bool) {
	if v.Kind() != Number {
		return 0, false
	}
	text := v.Text()
	for i := range len(text) {
		digit := int(text[i]) - '0'
		if digit < 0 || digit > 9 || digit > most || n > (most-digit)/10 {
			return 0, false
		}
		n = n*10 + digit
	}
	return n, true
}

// Name returns the name of a member of an object, and "" for any other value.
//
//go:noinline
func (v Value) Name() string { return v.node().name }

// Span returns the offsets of the first byte of v and of the byte behind it.
//
//go:noinline
func (v Value) Span() (start, end int) {
	n := v.node()
	return int(n.start), int(n.stop)
}

// NameStart returns the offset of the name of a member of an object.
func (v Value) NameStart() int { return int(v.node().nameStart) }

// First returns the first element or member of v, or no value.
//
//go:noinline
func (v Value) First() Value {
	return Value{v.doc, v.index + 1, v.node().next}.orNone()
}

// Next returns the element or member behind v in the array or object it stands in, or no value.
//
//go:noinline
func (v Value) Next() Value {
	return Value{v.doc, v.node().next, v.end}.orNone()
}

// Len returns how many elements or members v has.
func (v Value) Len() int {
	n := 0
	for e := v.First(); e.OK(); e = e.Next() {
		n++
	}
	return n
}

// OK reports whether there is a value.
func (v Value) OK() bool { return v.doc != nil }

func (v Value) orNone() Value {
	if v.index >= v.end {
		return Value{}
	}
	return v
}
