package conform

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/ossconf/ossconf/harness/conform/internal/align"
)

// The sizes of what a page shows of a difference.
const (
	inputShown = 600 // bytes of the input
	hexColumns = 8   // bytes in a row, so that rows fit on a phone
	hexShown   = 256 // bytes of each answer
)

type (
	pageDifference struct {
		Case, Op, Why, Brief string
		Input                []piece
		InputNote            string
		WantStatus           byte
		GotStatus            byte
		Same                 bool // the answers have the same bytes
		Note                 string
		Want, Got            []piece
		WantHex              []hexRow
		GotHex               []hexRow
		Binary               bool // the answers are no text
	}

	// A piece is a stretch of text of one kind.
	piece struct {
		Text    string
		Changed bool
		Escape  bool // it stands for a byte or character that cannot be shown
	}

	hexRow struct {
		Offset string
		Cells  []hexCell
		Pad    string // what a row that is not full lacks
	}
	hexCell struct {
		Hex, Text string
		Changed   bool
	}
)

func (d Difference) page() pageDifference {
	v := pageDifference{
		Case: d.Case, Op: d.Op, Why: d.Why, WantStatus: d.Want.Status, GotStatus: d.Got.Status,
		Same: string(d.Want.Out) == string(d.Got.Out),
	}
	v.Brief = d.brief()
	in := window(d.In, 0, inputShown)
	v.Input = pieces(in, nil)
	if v.InputNote = fmt.Sprintf("%d bytes", len(d.In)); len(in) < len(d.In) {
		v.InputNote += fmt.Sprintf(", the first %d of them", len(in))
	}
	want, got, from := excerpts(d.Want.Out, d.Got.Out)
	v.Note = fmt.Sprintf("wanted %d bytes, got %d", len(d.Want.Out), len(d.Got.Out))
	if from > 0 || len(want) < len(d.Want.Out) || len(got) < len(d.Got.Out) {
		v.Note += fmt.Sprintf("; shown from byte %d on", from)
	}
	inWant, inGot := align.Common(want, got)
	v.Want, v.Got = pieces(want, inWant), pieces(got, inGot)
	v.Binary = !utf8.Valid(want) || !utf8.Valid(got)
	v.WantHex, v.GotHex = hexRows(want, inWant, from), hexRows(got, inGot, from)
	return v
}

// brief says in a few words what differs.
func (d Difference) brief() string {
	switch same := commonPrefix(d.Want.Out, d.Got.Out); {
	case d.Want.Status != d.Got.Status:
		return fmt.Sprintf("status %d in place of %d", d.Got.Status, d.Want.Status)
	case same < max(len(d.Want.Out), len(d.Got.Out)):
		return fmt.Sprintf("differs from byte %d on", same)
	}
	return "not what the fixture expects"
}

// pieces prepares bytes to be shown; common says which of them have not changed, nil that none has.
func pieces(b []byte, common []bool) []piece {
	var list []piece
	for i := 0; i < len(b); {
		r, n := utf8.DecodeRune(b[i:])
		p := piece{Text: string(b[i : i+n]), Changed: common != nil && !common[i]}
		switch {
		case r == utf8.RuneError && n == 1:
			p.Text, p.Escape = fmt.Sprintf(`\x%02x`, b[i]), true
		case r == '\n':
			p.Text, p.Escape = "\\n\n", true
		case r != ' ' && !unicode.IsPrint(r):
			p.Text, p.Escape = strconv.QuoteRune(r), true
			p.Text = p.Text[1 : len(p.Text)-1]
		}
		i += n
		if last := len(list) - 1; last >= 0 && list[last].Changed == p.Changed && list[last].Escape == p.Escape {
			list[last].Text += p.Text
		} else {
			list = append(list, p)
		}
	}
	return list
}

// hexRows returns the rows of a dump from the one before the first change on.
func hexRows(b []byte, common []bool, from int) []hexRow {
	begin := 0
	for begin < len(common) && common[begin] {
		begin++
	}
	begin = max(0, min(begin, len(b)-1)/hexColumns-1) * hexColumns
	var rows []hexRow
	for at := begin; at < min(len(b), begin+hexShown); at += hexColumns {
		row := hexRow{Offset: fmt.Sprintf("%06x", from+at)}
		for i := at; i < min(len(b), at+hexColumns); i++ {
			text := "."
			if b[i] > ' ' && b[i] < 0x7f {
				text = string(rune(b[i]))
			}
			row.Cells = append(row.Cells, hexCell{fmt.Sprintf("%02x", b[i]), text, !common[i]})
		}
		row.Pad = strings.Repeat(" ", 3*(hexColumns-len(row.Cells)))
		rows = append(rows, row)
	}
	return rows
}
