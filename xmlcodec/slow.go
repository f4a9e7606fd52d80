package xmlcodec

import (
	"strings"
	"unicode/utf8"

	"github.com/ossconf/ossconf/source"
)

// slowElement reads the content of an element that is not plain text and an end tag. It starts at text, right
// behind the start tag, and ends where element ends.
func (r *Reader) slowElement(text int) bool {
	var (
		t        = &r.Token
		buf      []byte
		p, from  = text, text // doc[from:p] is not yet in buf
		literal  = true       // no reference, no CDATA section
		comments []source.Edit
		doc      = r.doc
		ok       = true
	)
	r.leaf = t.Name
	for p < len(doc) {
		c := doc[p]
		switch {
		case class[c]&plain != 0:
			p++
		case c == '\r':
			buf = append(append(buf, doc[from:p]...), '\n')
			p++
			if p < len(doc) && doc[p] == '\n' {
				p++
			}
			from = p
		case c == '&':
			buf = append(buf, doc[from:p]...)
			if buf, p, ok = r.reference(buf, p); !ok {
				return false
			}
			from, literal = p, false
		case c == '<' && strings.HasPrefix(doc[p:], "</"):
			t.Text, t.TextStart, t.TextEnd = doc[text:p], text, p
			if from > text {
				t.Text = string(append(buf, doc[from:p]...))
			}
			return r.endLeaf(p, comments)
		case c == '<' && strings.HasPrefix(doc[p:], "<!--"):
			buf = append(buf, doc[from:p]...)
			r.pos = p
			if !r.comment() {
				return false
			}
			comments = append(comments, source.Edit{Start: p, End: r.pos})
			p, from = r.pos, r.pos
		case c == '<' && strings.HasPrefix(doc[p:], "<![CDATA["):
			buf = append(buf, doc[from:p]...)
			if buf, p, ok = r.cdata(buf, p); !ok {
				return false
			}
			from, literal = p, false
		case c == '<' && strings.HasPrefix(doc[p:], "<!"):
			r.pos = p
			return r.comment()
		case c == '<' && strings.HasPrefix(doc[p:], "<?"):
			r.pos = p
			return r.failInstruction()
		case c == '<':
			if literal && isBlank(buf) && isBlank(doc[from:p]) {
				return r.open(p)
			}
			return r.elementInText(p)
		default:
			if p, ok = r.rareCharacter(p); !ok {
				return false
			}
		}
	}
	r.pos = len(doc)
	return r.failUnclosed(t.Name)
}

// endLeaf reads the end tag at p of a leaf, the text of which is in the token. The edits would remove the comments
// in it.
func (r *Reader) endLeaf(p int, comments []source.Edit) bool {
	t := &r.Token
	if t.Commented = comments != nil; t.Commented && !isBlank(t.Text) {
		e := r.newError(comments[0].Start, ErrComment, "a comment inside the value of <"+clip(t.Name)+">", "move it out of the element")
		e.Fix = &source.Fix{Description: "Remove the comment", Edits: comments}
		if !r.report(e) {
			return false
		}
		t.Commented = false
	}
	r.pos = p
	if !r.closeTag(t.Name) {
		return false
	}
	t.Kind, t.End, r.leaf = Leaf, r.pos, ""
	return true
}

// elementInText deals with an element that begins at p in an element that has text. It offers no fix: either the
// text is too much or the end tag before the element is missing.
func (r *Reader) elementInText(p int) bool {
	name := clip(r.leaf)
	e := r.newError(p, ErrMixed, "an element inside the value of <"+name+">", "close <"+name+"> first, or remove the text before the element")
	return r.report(e) && r.open(p)
}

// strayText deals with text between elements, which begins at pos.
func (r *Reader) strayText() bool {
	start, p := r.pos, r.pos
	for p < len(r.doc) {
		if strings.HasPrefix(r.doc[p:], "<![CDATA[") {
			end := strings.Index(r.doc[p:], "]]>")
			if end < 0 {
				return r.fail(p, ErrUnclosed, "a CDATA section without an end", "write ]]>")
			}
			p += end + 3
			continue
		}
		if r.doc[p] == '<' {
			break
		}
		if class[r.doc[p]]&plain != 0 || r.doc[p] == '\r' || r.doc[p] == '&' || r.doc[p] == ']' {
			p++
			continue
		}
		var ok bool
		if p, ok = r.rareCharacter(p); !ok {
			return false
		}
	}
	for class[r.doc[p-1]]&blank != 0 {
		p--
	}
	e := r.newError(start, ErrMixed, "text between the elements of <"+clip(r.stack[r.depth-1])+">", "remove it")
	e.Fix = remove("Remove the text", start, p)
	if !r.report(e) {
		return false
	}
	r.pos = p
	return true
}

// rareCharacter checks the character at p, which is no plain text, and returns the offset behind it.
func (r *Reader) rareCharacter(p int) (int, bool) {
	c, size := utf8.DecodeRuneInString(r.doc[p:])
	switch {
	case c == ']' && strings.HasPrefix(r.doc[p:], "]]>"):
		return p, r.fail(p, ErrSyntax, "]]> in text", "write ]]&gt;")
	case c == utf8.RuneError && size == 1:
		return p, r.fail(p, ErrEncoding, "bytes that are not UTF-8", "save the document in UTF-8")
	case !isChar(c):
		return p, r.fail(p, ErrCharacter, "the character "+codePoint(c)+", which XML does not allow", "remove it")
	}
	return p + size, true
}

// reference appends the character that the reference at p stands for and returns the offset behind the reference.
func (r *Reader) reference(buf []byte, p int) ([]byte, int, bool) {
	end := p + 1
	for end < len(r.doc) && (class[r.doc[end]]&nameChar != 0 || end == p+1 && r.doc[end] == '#') {
		end++
	}
	if ref := r.doc[p+1 : end]; ref != "" && end < len(r.doc) && r.doc[end] == ';' {
		if ref[0] == '#' {
			c, ok := characterReference(ref[1:])
			if !ok && !(r.ControlReferences && 0 < c && c < 0x20) {
				return buf, p, r.fail(p, ErrCharacter, "&"+clip(ref)+"; names no character that XML allows", "remove it")
			}
			return utf8.AppendRune(buf, c), end + 1, true
		}
		if c, ok := predefined(ref); ok {
			return append(buf, c), end + 1, true
		}
		if isName(ref) {
			return buf, p, r.fail(p, ErrEntity, "the entity &"+clip(ref)+"; is not one of the five that XML predefines",
				"write the character itself, or &amp;"+clip(ref)+"; for the text")
		}
	}
	e := r.newError(p, ErrSyntax, "a bare ampersand", "write &amp;")
	e.Fix = &source.Fix{Description: "Write &amp;", Edits: []source.Edit{{Start: p, End: p + 1, Text: "&amp;"}}}
	if !r.report(e) {
		return buf, p, false
	}
	return append(buf, '&'), p + 1, true
}

// characterReference returns the character of a reference, of which ref is what stands between &# and the semicolon, and
// whether XML allows it. The character is 0 if the reference names none.
func characterReference(ref string) (rune, bool) {
	base := rune(10)
	if strings.HasPrefix(ref, "x") {
		ref, base = ref[1:], 16
	}
	n := rune(0)
	for i := range len(ref) {
		c := ref[i]
		digit := base
		switch {
		case c >= '0' && c <= '9':
			digit = rune(c - '0')
		case c|0x20 >= 'a' && c|0x20 <= 'f':
			digit = rune(c|0x20-'a') + 10
		}
		if n = n*base + digit; digit >= base || n > utf8.MaxRune {
			return 0, false
		}
	}
	return n, ref != "" && isChar(n)
}

// predefined returns the character that one of XML's five entities stands for.
func predefined(name string) (byte, bool) {
	switch name {
	case "lt":
		return '<', true
	case "gt":
		return '>', true
	case "amp":
		return '&', true
	case "quot":
		return '"', true
	case "apos":
		return '\'', true
	}
	return 0, false
}

// cdata appends the content of the CDATA section at p and returns the offset behind the section.
func (r *Reader) cdata(buf []byte, p int) ([]byte, int, bool) {
	const open, shut = "<![CDATA[", "]]>"
	n := strings.Index(r.doc[p:], shut)
	if n < 0 {
		return buf, p, r.fail(p, ErrUnclosed, "a CDATA section without an end", "write ]]>")
	}
	end := p + n
	for q := p + len(open); q < end; {
		switch c := r.doc[q]; {
		case c == '\r':
			buf = append(buf, '\n')
			if q++; q < end && r.doc[q] == '\n' {
				q++
			}
		case class[c]&plain != 0 || c == '<' || c == '&' || c == ']':
			buf = append(buf, c)
			q++
		default:
			next, ok := r.rareCharacter(q)
			if !ok {
				return buf, q, false
			}
			buf = append(buf, r.doc[q:next]...)
			q = next
		}
	}
	return buf, end + len(shut), true
}

// comment passes over the comment at pos and refuses any other declaration.
func (r *Reader) comment() bool {
	rest := r.doc[r.pos:]
	if !strings.HasPrefix(rest, "<!--") {
		if strings.HasPrefix(rest, "<!DOCTYPE") {
			return r.fail(r.pos, ErrDoctype, "a document type declaration", "remove it")
		}
		return r.fail(r.pos, ErrSyntax, "<! begins neither a comment nor a CDATA section", "write &lt; for a literal <")
	}
	end := strings.Index(rest[4:], "--")
	after := r.pos + 4 + end + 2
	if end < 0 || after == len(r.doc) {
		return r.fail(r.pos, ErrUnclosed, "a comment without an end", "write -->")
	}
	if r.doc[after] != '>' {
		return r.fail(after-2, ErrSyntax, "-- inside a comment", "write another character in place of one hyphen")
	}
	for p := r.pos + 4; p < after-2; {
		if c := r.doc[p]; class[c]&plain != 0 || c == '<' || c == '&' || c == ']' || c == '\r' {
			p++
			continue
		}
		var ok bool
		if p, ok = r.rareCharacter(p); !ok {
			return false
		}
	}
	r.pos = after + 1
	return true
}

func isBlank[T string | []byte](s T) bool {
	for i := range len(s) {
		if class[s[i]]&blank == 0 {
			return false
		}
	}
	return true
}

// isName reports whether s can name an element.
func isName(s string) bool {
	for i := range len(s) {
		if class[s[i]]&nameChar == 0 {
			return false
		}
	}
	return s != "" && class[s[0]]&nameStart != 0
}

// isChar reports whether XML allows c: production 2 of XML 1.0.
func isChar(c rune) bool {
	switch {
	case c < 0x20:
		return c == '\t' || c == '\n' || c == '\r'
	case c >= 0xD800 && c <= 0xDFFF, c == 0xFFFE, c == 0xFFFF:
		return false
	}
	return c <= utf8.MaxRune
}

// codePoint writes c as U+0000. No character beyond U+FFFF is refused.
func codePoint(c rune) string {
	const hex = "0123456789ABCDEF"
	return "U+" + string([]byte{hex[c>>12&15], hex[c>>8&15], hex[c>>4&15], hex[c&15]})
}

func remove(description string, start, end int) *source.Fix {
	return &source.Fix{Description: description, Edits: []source.Edit{{Start: start, End: end}}}
}
