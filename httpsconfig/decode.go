package httpsconfig

import (
	"strings"

	"github.com/ossconf/ossconf/internal/ascii"
	"github.com/ossconf/ossconf/internal/order"
	"github.com/ossconf/ossconf/source"
)

// MaxSize is the size in bytes of the largest document that is read.
const MaxSize = 64 << 10

// Decode reads a document, XML if its first byte that is not white space is '<' and JSON if it is '{'. The JSON form
// is that of ossutil, without a root. White space around a value is dropped. The error is a *[ParseError].
//
// Decode refuses what is not a document of the schema. Whether OSS would take the values is for [Validate].
func Decode(doc []byte) (*Config, error) {
	d := decoder{doc: string(doc[:min(len(doc), MaxSize+1)])}
	if !d.decode() {
		return nil, d.err
	}
	return &d.out.config, nil
}

// IsJSON reports whether a text is JSON rather than XML, as [Decode] tells them apart.
func IsJSON(text []byte) bool { return strings.HasPrefix(skipStart(string(text)), "{") }

// skipStart returns what stands behind a byte order mark and white space.
func skipStart(text string) string {
	return strings.TrimLeft(strings.TrimPrefix(text, "\uFEFF"), " \t\r\n")
}

// A decoder reads one document.
type decoder struct {
	doc    string
	out    *storage
	err    *ParseError
	report func(*ParseError) // takes the problems after which reading can go on; nil: the first one ends it
	track  bool              // keep items
	json   bool              // the document is JSON
	items  []item
	kept   int // bytes of unknown elements that JSON members were made into
	at     source.Locator
}

// storage is a configuration of usual size in one block of memory.
type storage struct {
	config   Config
	tls      TLS
	suites   CipherSuite
	versions [4]string
	custom   [8]string
	tls13    [4]string
}

// A field is an element of the schema.
type field uint8

// The elements of each container stand in the order in which they are written.
const (
	fieldRoot field = iota
	fieldTLS
	fieldCipherSuite
	fieldTLSEnable
	fieldTLSVersion
	fieldSuiteEnable
	fieldStrong
	fieldCustom
	fieldTLS13
	fieldUnknown
)

// An item is where a document holds an element of the schema, or an unknown one.
type item struct {
	field              field
	index              int    // among the elements of its name
	text               string // of a value, white space kept
	name               string // of an unknown element
	parent             field  // of an unknown element
	start, end         int    // the element, or the JSON value
	textStart, textEnd int    // the value inside it
}

func (d *decoder) decode() bool {
	if len(d.doc) > MaxSize {
		return d.stop(d.newError(MaxSize, ErrSize, "", "a configuration takes a few hundred bytes: is this the right file?"))
	}
	d.out = new(storage)
	start := skipStart(d.doc)
	switch {
	case start == "":
		return d.stop(d.newError(len(d.doc), ErrFormat, "the document is empty", "write an HttpsConfiguration in XML or JSON"))
	case start[0] == '<', start[0] >= 0xFE: // or UTF-16, which the XML reader names
		if !d.decodeXML() {
			return false
		}
	case start[0] == '{':
		if d.json = true; !d.decodeJSON() {
			return false
		}
	default:
		return d.stop(d.newError(len(d.doc)-len(start), ErrFormat, "", "begin the document with < for XML or { for JSON"))
	}
	d.placeUnknown()
	return true
}

// stop ends decoding with e. It returns false.
func (d *decoder) stop(e *ParseError) bool {
	d.err = e
	return false
}

// problem hands e to report and says whether decoding goes on.
func (d *decoder) problem(e *ParseError) bool {
	if d.report == nil {
		return d.stop(e)
	}
	d.report(e)
	return true
}

func (d *decoder) newError(offset int, cause *source.Cause, detail, hint string) *ParseError {
	return &ParseError{Position: d.at.At(d.doc, offset), Offset: offset, Detail: detail, Hint: hint, Err: cause}
}

// setBool takes the value of a boolean element, of which there may be one.
func (d *decoder) setBool(dst *Bool, it item) bool {
	if *dst != Absent {
		return d.repeated(it)
	}
	if *dst = parseBool(it.text); *dst == Absent {
		return d.badBool(dst, it)
	}
	d.keep(it)
	return true
}

// parseBool returns what a boolean element says, or Absent if it says neither true nor false.
func parseBool(text string) Bool {
	switch trim(text) {
	case "true":
		return True
	case "false":
		return False
	}
	return Absent
}

// badBool refuses a boolean. To go on, it takes the value for the one that it seems to mean.
func (d *decoder) badBool(dst *Bool, it item) bool {
	e := d.newError(it.start, ErrBool, "<"+it.field.name()+"> is neither true nor false", "write true or false")
	e.Path = it.path()
	meant := ""
	switch ascii.Lower(trim(it.text)) {
	case "true", "1", "yes", "on", "enabled", "enable":
		meant, *dst = "true", True
	case "false", "0", "no", "off", "disabled", "disable":
		meant, *dst = "false", False
	}
	if meant != "" {
		e.Hint = "write " + meant
		e.Fix = &source.Fix{Description: "Write " + meant, Edits: []source.Edit{{Start: it.textStart, End: it.textEnd, Text: meant}}}
	}
	d.keep(it)
	return d.problem(e)
}

// add takes one value of a list, for which there is room in block.
func add(dst *[]string, block []string, text string) {
	if *dst == nil {
		*dst = block[:0]
	}
	*dst = append(*dst, trim(text))
}

func (d *decoder) repeated(it item) bool {
	e := d.newError(it.start, ErrRepeated, "a second <"+it.field.name()+">", "remove one of the two")
	e.Path = it.path()
	return d.problem(e)
}

func (d *decoder) keep(it item) {
	if d.track {
		d.items = append(d.items, it)
	}
}

// An anchor is the known sibling that an unknown element stands behind. The zero value is the start of the container.
type anchor struct {
	field field
	index int
}

// behind returns the anchor of what stands behind a list that has n elements by now.
func (a anchor) behind(list field, n int) anchor {
	if n == 0 {
		return a
	}
	return anchor{list, n - 1}
}

// mark returns a as a number, which After of an unknown element holds until all its siblings are counted.
func (a anchor) mark() int { return int(a.field)<<24 | a.index }

// placeUnknown, with all siblings counted, turns the marks into places.
func (d *decoder) placeUnknown() {
	c := &d.out.config
	place(c.Unknown, fieldTLS, count(c.TLS != nil), count(c.CipherSuite != nil))
	if t := c.TLS; t != nil {
		place(t.Unknown, fieldTLSEnable, count(t.Enable != Absent), len(t.TLSVersions))
	}
	if s := c.CipherSuite; s != nil {
		place(s.Unknown, fieldSuiteEnable, count(s.Enable != Absent), count(s.StrongCipherSuite != Absent),
			len(s.CustomCipherSuites), len(s.TLS13CustomCipherSuites))
	}
}

// place turns the marks of the unknown elements of a container, whose known elements from first on have these counts,
// into places, and orders the elements by them.
func place(list []Unknown, first field, counts ...int) {
	if len(list) == 0 {
		return
	}
	for i := range list {
		mark := list[i].After
		if mark < 0 { // a place, from a list of unknown elements
			total := 0
			for _, n := range counts {
				total += n
			}
			list[i].After = min(^mark, total)
			continue
		}
		a := anchor{field(mark >> 24), mark & (1<<24 - 1)}
		list[i].After = 0
		for j, n := range counts {
			switch f := first + field(j); {
			case f < a.field:
				list[i].After += n
			case f == a.field:
				list[i].After += min(a.index+1, n) // the one that it stands behind may have been refused
			}
		}
	}
	sorted := make([]Unknown, len(list))
	for to, from := range order.Stable(len(list), func(i, j int) bool { return list[i].After < list[j].After }) {
		sorted[to] = list[from]
	}
	copy(list, sorted)
}

func count(present bool) int {
	if present {
		return 1
	}
	return 0
}

// trim removes the white space around a value.
func trim(s string) string {
	if padded(s) {
		return strings.Trim(s, " \t\r\n")
	}
	return s
}

// padded reports whether there is white space around a value. No other control character can be in one.
func padded(s string) bool { return s != "" && (s[0] <= ' ' || s[len(s)-1] <= ' ') }
