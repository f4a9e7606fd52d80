package httpsconfig

import (
	"strings"

	"github.com/ossconf/ossconf/jsoncodec"
	"github.com/ossconf/ossconf/source"
	"github.com/ossconf/ossconf/xmlcodec"
)

// replaceValue returns the fix that makes value the value of the element at it.
func (v *validator) replaceValue(it item, value, description string) *source.Fix {
	edit := source.Edit{Start: it.textStart, End: it.textEnd}
	if v.json {
		edit.Text = string(jsoncodec.AppendString(nil, value))
	} else {
		text, _ := xmlcodec.AppendText(nil, value) // what was read from XML, or a name of ours
		edit.Text = string(text)
	}
	return &source.Fix{Description: description, Edits: []source.Edit{edit}}
}

// removeElement returns the fix that removes the element at it with the line that it stands on, or the value from
// its JSON array.
func (v *validator) removeElement(it item) *source.Fix {
	start, end := it.start, it.end
	if v.json {
		var ok bool
		if start, end, ok = arraySpan(v.doc, start, end); !ok {
			return nil
		}
	} else if line := strings.TrimRight(v.doc[:start], " \t"); strings.HasSuffix(line, "\n") && onlyBlank(v.doc[end:]) {
		start = len(strings.TrimSuffix(strings.TrimSuffix(line, "\n"), "\r"))
		end = len(v.doc) - len(strings.TrimLeft(v.doc[end:], " \t"))
	}
	return &source.Fix{Description: "Remove <" + it.field.name() + ">" + trim(it.text) + "</" + it.field.name() + ">",
		Edits: []source.Edit{{Start: start, End: end}}}
}

// onlyBlank reports whether nothing but white space follows up to the end of the line.
func onlyBlank(rest string) bool {
	line, _, _ := strings.Cut(rest, "\n")
	return trim(line) == ""
}

// arraySpan returns the span of an array's element with the comma that goes with it. A value that is not in an array
// has none.
func arraySpan(doc string, start, end int) (int, int, bool) {
	before := strings.TrimRight(doc[:start], " \t\r\n")
	after := end + len(doc[end:]) - len(strings.TrimLeft(doc[end:], " \t\r\n"))
	switch {
	case strings.HasSuffix(before, ","):
		return len(before) - 1, end, true
	case strings.HasSuffix(before, "[") && doc[after] == ',':
		return start, after + 1, true
	case strings.HasSuffix(before, "[") && doc[after] == ']':
		return start, end, true
	}
	return 0, 0, false
}

// renameElement returns the fix that makes the XML element at it one of the name to. There is none for JSON, where
// the value would have to move.
func (v *validator) renameElement(it item, to string) *source.Fix {
	if v.json {
		return nil
	}
	from := it.field.name()
	shut := it.textEnd + len("</")
	if !strings.HasPrefix(v.doc[min(shut, len(v.doc)):], from) { // <from/>, or the end tag is wrong as well
		return nil
	}
	return &source.Fix{Description: "Write <" + to + "> in place of <" + from + ">", Edits: []source.Edit{
		{Start: it.start + 1, End: it.start + 1 + len(from), Text: to},
		{Start: shut, End: shut + len(from), Text: to},
	}}
}

// addBehind returns the fix that writes further values behind the element at it, each as a sibling of it.
func (v *validator) addBehind(it item, values []string) *source.Fix {
	edit := source.Edit{Start: it.end, End: it.end}
	before := v.doc[:it.start]
	blank := before[len(strings.TrimRight(before, " \t\r\n")):] // what sets the element apart from what stands before it
	for _, value := range values {
		if v.json {
			edit.Text += "," + blank + string(jsoncodec.AppendString(nil, value))
		} else {
			edit.Text += blank + "<" + it.field.name() + ">" + value + "</" + it.field.name() + ">"
		}
	}
	edits := []source.Edit{edit}
	if _, _, inArray := arraySpan(v.doc, it.start, it.end); v.json && !inArray {
		edits = []source.Edit{{Start: it.start, End: it.start, Text: "["}, edit, {Start: it.end, End: it.end, Text: "]"}}
	}
	return &source.Fix{Description: "Add " + listNames(values, "") + " to <" + it.field.name() + ">", Edits: edits}
}
