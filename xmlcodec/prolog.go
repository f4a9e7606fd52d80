package xmlcodec

import (
	"strings"
	"unicode/utf8"

	"github.com/ossconf/ossconf/internal/ascii"
	"github.com/ossconf/ossconf/source"
)

// prolog reads what stands before the root element.
func (r *Reader) prolog() bool {
	doc := r.doc
	if strings.HasPrefix(doc, "\xFE\xFF") || strings.HasPrefix(doc, "\xFF\xFE") {
		return r.fail(0, ErrEncoding, "the document is in UTF-16", "save it in UTF-8")
	}
	if strings.HasPrefix(doc, "\uFEFF") {
		r.pos = len("\uFEFF")
	}
	if rest := doc[r.pos:]; strings.HasPrefix(rest, Declaration) {
		r.pos += len(Declaration)
	} else if strings.HasPrefix(rest, "<?xml") && len(rest) > 5 && class[rest[5]]&blank != 0 {
		if !r.declaration() {
			return false
		}
	}
	if !r.misc() {
		return false
	}
	switch {
	case r.pos == len(doc):
		return r.fail(r.pos, ErrSyntax, "the document has no element", "write the root element")
	case doc[r.pos] != '<' || strings.HasPrefix(doc[r.pos:], "<![CDATA["):
		if _, ok := r.checkCharacter(r.pos); !ok {
			return false
		}
		return r.fail(r.pos, ErrSyntax, "text before the root element", "remove it")
	case strings.HasPrefix(doc[r.pos:], "</"):
		return r.fail(r.pos, ErrTag, "an end tag where no element is open", "remove it")
	}
	return true
}

// epilog reads what stands behind the root element. It never finds a token.
func (r *Reader) epilog() bool {
	if !r.misc() {
		return false
	}
	r.state = done
	if r.pos == len(r.doc) {
		return false
	}
	if _, ok := r.checkCharacter(r.pos); !ok {
		return false
	}
	e := r.newError(r.pos, ErrSyntax, "more than white space and comments behind the root element", "remove it")
	e.Fix = remove("Remove what stands behind the root element", r.pos, len(r.doc))
	r.report(e)
	return false
}

// misc passes over white space and comments outside the root element.
func (r *Reader) misc() bool {
	for {
		r.pos = skipBlank(r.doc, r.pos)
		switch rest := r.doc[r.pos:]; {
		case strings.HasPrefix(rest, "<?"):
			return r.failInstruction()
		case strings.HasPrefix(rest, "<![CDATA["): // text
			return true
		case strings.HasPrefix(rest, "<!"):
			if !r.comment() {
				return false
			}
		default:
			return true
		}
	}
}

// declaration reads the XML declaration at pos.
func (r *Reader) declaration() bool {
	start, p := r.pos, r.pos+len("<?xml")
	for i, want := range [...]string{"version", "encoding", "standalone"} {
		at := skipBlank(r.doc, p)
		if at == p || !strings.HasPrefix(r.doc[at:], want) {
			if i == 0 {
				return r.fail(at, ErrSyntax, "an XML declaration without a version", `write <?xml version="1.0" encoding="UTF-8"?>`)
			}
			continue
		}
		value, end, ok := quoted(r.doc, at+len(want))
		if !ok {
			return r.fail(at, ErrSyntax, "an XML declaration in which "+want+" has no quoted value", `write <?xml version="1.0" encoding="UTF-8"?>`)
		}
		switch {
		case i == 0 && value != "1.0":
			return r.fail(at, ErrSyntax, "an XML version other than 1.0", `write version="1.0"`)
		case i == 1 && !ascii.EqualFold(value, "UTF-8"):
			return r.fail(at, ErrEncoding, "a declared encoding other than UTF-8", `save the document in UTF-8 and write encoding="UTF-8"`)
		case i == 2 && value != "yes" && value != "no":
			return r.fail(at, ErrSyntax, "standalone is neither yes nor no", "remove it")
		}
		p = end
	}
	p = skipBlank(r.doc, p)
	if !strings.HasPrefix(r.doc[p:], "?>") {
		return r.fail(start, ErrSyntax, "an XML declaration that does not end with ?>", `write <?xml version="1.0" encoding="UTF-8"?>`)
	}
	r.pos = p + 2
	return true
}

// quoted reads = and a value in quotes at p and returns the offset behind it.
func quoted(doc string, p int) (value string, end int, ok bool) {
	p = skipBlank(doc, p)
	if p == len(doc) || doc[p] != '=' {
		return "", p, false
	}
	p = skipBlank(doc, p+1)
	if p == len(doc) || doc[p] != '"' && doc[p] != '\'' {
		return "", p, false
	}
	n := strings.IndexByte(doc[p+1:], doc[p])
	if n < 0 {
		return "", p, false
	}
	return doc[p+1 : p+1+n], p + n + 2, true
}

// slowStartTag reads the rest of a start tag from p on, where the name ends.
func (r *Reader) slowStartTag(name string, p int) (string, bool, bool) {
	for {
		at := skipBlank(r.doc, p)
		switch {
		case at == len(r.doc):
			r.pos = at
			return "", false, r.fail(at, ErrUnclosed, "the document ends inside the tag of <"+clip(name)+">", "write >")
		case r.doc[at] == '>':
			r.pos = at + 1
			return name, false, true
		case strings.HasPrefix(r.doc[at:], "/>"):
			r.pos = at + 2
			return name, true, true
		case r.doc[at] == ':':
			return "", false, r.fail(at, ErrNamespace, "a namespace prefix", "write the name without a prefix")
		case at == p:
			return "", false, r.failName(at)
		}
		var ok bool
		if p, ok = r.attribute(name, p, at); !ok {
			return "", false, false
		}
	}
}

// attribute deals with the attribute of the element name at p, before which white space begins at from.
func (r *Reader) attribute(name string, from, p int) (int, bool) {
	end := p
	for end < len(r.doc) && (class[r.doc[end]]&nameChar != 0 || r.doc[end] == ':') {
		end++
	}
	if end == p {
		return p, r.failName(p)
	}
	attr := r.doc[p:end]
	value, end, ok := quoted(r.doc, end)
	if !ok || strings.IndexByte(value, '<') >= 0 {
		return p, r.fail(p, ErrSyntax, "an attribute whose value is not in quotes or holds <", "remove the attribute")
	}
	for i := end - 1 - len(value); i < end-1; {
		if i, ok = r.checkCharacter(i); !ok {
			return p, false
		}
	}
	cause, detail := ErrAttribute, "the attribute "+clip(attr)+" on <"+clip(name)+">; OSS has none"
	if attr == "xmlns" || strings.IndexByte(attr, ':') >= 0 {
		cause, detail = ErrNamespace, "a namespace on <"+clip(name)+">; OSS has none"
	}
	e := r.newError(p, cause, detail, "remove it")
	e.Path = r.path(name)
	e.Fix = remove("Remove the attribute", from, end)
	return end, r.report(e)
}

// checkCharacter refuses a character that must not stand in a document at all and returns the offset behind it.
func (r *Reader) checkCharacter(p int) (int, bool) {
	if c := r.doc[p]; c < utf8.RuneSelf && (c == '\r' || isChar(rune(c))) {
		return p + 1, true
	}
	return r.rareCharacter(p)
}

func (r *Reader) newError(offset int, cause *source.Cause, detail, hint string) *ParseError {
	return &ParseError{Position: r.at.At(r.doc, offset), Offset: offset, Path: r.path(r.leaf), Detail: detail, Hint: hint, Err: cause}
}

// path returns the path of the child name of the innermost open element, or of that element if name is empty.
func (r *Reader) path(name string) string {
	const most = 256
	buf := make([]byte, 0, 64)
	for i := 0; i < r.depth && len(buf) <= most; i++ {
		buf = append(append(buf, '/'), clip(r.stack[i])...)
	}
	if name != "" {
		buf = append(append(buf, '/'), clip(name)...)
	}
	if len(buf) > most {
		buf = append(buf[:most], "…"...)
	}
	return string(buf)
}

// clip cuts a name to a length that no element of OSS has: without it, and without the limit in path, a document of
// many mistakes inside elements of long names would have errors of many times its size.
func clip(name string) string {
	const most = 64
	if len(name) > most {
		return name[:most] + "…"
	}
	return name
}

// report hands e to Report, or ends reading with it. It says whether reading goes on.
func (r *Reader) report(e *ParseError) bool {
	if r.Report == nil {
		r.err, r.state = e, done
		return false
	}
	r.Report(e)
	return true
}

// fail ends reading. It returns false.
func (r *Reader) fail(offset int, cause *source.Cause, detail, hint string) bool {
	r.err, r.state = r.newError(offset, cause, detail, hint), done
	return false
}

func (r *Reader) failUnclosed(name string) bool {
	return r.fail(len(r.doc), ErrUnclosed, "the document ends where <"+clip(name)+"> is open", "write </"+clip(name)+">")
}

func (r *Reader) failInstruction() bool {
	return r.fail(r.pos, ErrInstruction, "a processing instruction", "remove it; an XML declaration may stand at the very start only")
}

// failName refuses what stands at p in place of a name.
func (r *Reader) failName(p int) bool {
	switch {
	case p == len(r.doc):
		return r.fail(p, ErrUnclosed, "the document ends inside a tag", "complete the tag")
	case r.doc[p] == ':':
		return r.fail(p, ErrNamespace, "a namespace prefix", "write the name without a prefix")
	case r.doc[p] >= utf8.RuneSelf:
		if _, ok := r.rareCharacter(p); !ok {
			return false
		}
		return r.fail(p, ErrSyntax, "a name outside ASCII", "write the name of an element of OSS")
	case r.doc[p-1] != '<' && r.doc[p-1] != '/':
		return r.fail(p, ErrSyntax, "a character that has no place in a tag", "remove it, or write &lt; for a literal <")
	}
	return r.fail(p, ErrSyntax, "a tag without a proper name", "write &lt; for a literal <")
}
