// Package text prepares what a terminal shows.
//
// [Printable] makes one safe line of anything, [Source] shows a place in a document, [Wrap] breaks a text into lines.
package text

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// sourceWidth is how many characters of a line of a document are shown.
const sourceWidth = 90

// Printable returns s on one line, without what would move the cursor of a terminal.
func Printable(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t' || r == '\r':
			return ' '
		case !unicode.IsPrint(r):
			return unicode.ReplacementChar
		}
		return r
	}, s)
}

// Source returns the line of a document that holds the byte at offset, and a line with a caret below that byte. Of a
// long line it returns what is around the caret. Both are empty for an empty line.
func Source(doc []byte, offset int) (line, caret string) {
	offset = min(offset, len(doc))
	before, after := string(doc[:offset]), string(doc[offset:])
	before = strings.TrimPrefix(before[strings.LastIndexAny(before, "\r\n")+1:], "\uFEFF")
	if end := strings.IndexAny(after, "\r\n"); end >= 0 {
		after = after[:end]
	}
	left, right := []rune(Printable(before)), []rune(Printable(after))
	if len(left)+len(right) == 0 {
		return "", ""
	}
	if most := sourceWidth * 2 / 3; len(left) > most {
		left = append([]rune("…"), left[len(left)-most:]...)
	}
	if most := sourceWidth - len(left); len(right) > most {
		right = append(right[:most], '…')
	}
	return strings.TrimRight(string(left)+string(right), " "), strings.Repeat(" ", len(left)) + "^"
}

// Count returns a number with a noun, in the plural where that is right.
func Count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// Wrap breaks a text at its blanks into lines of at most width characters, or of one word. There is one line at least.
func Wrap(s string, width int) []string {
	var lines []string
	line := ""
	for word := range strings.FieldsSeq(s) {
		switch {
		case line == "":
			line = word
		case utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word) <= width:
			line += " " + word
		default:
			lines, line = append(lines, line), word
		}
	}
	return append(lines, line)
}
