// Package table reads the tables of package httpsconfig for its generators: lines of cells between tabs, the first of
// which names the columns; lines that begin with # are comments.
package table

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// A Row is a line of a table, its cells by column.
type Row map[string]string

// Read returns the rows of the table in the file called name. What edit returns takes the place of a cell; it may be
// nil.
func Read(name, text string, edit func(column, cell string) (string, error)) ([]Row, error) {
	var columns []string
	var rows []Row
	for i, line := range strings.Split(strings.TrimSuffix(text, "\n"), "\n") {
		if strings.HasPrefix(line, "#") {
			continue
		}
		cells := strings.Split(line, "\t")
		if columns == nil {
			columns = cells
			continue
		}
		if len(cells) != len(columns) {
			return nil, fmt.Errorf("%s:%d: %d columns, want %d", name, i+1, len(cells), len(columns))
		}
		row := Row{}
		for c, column := range columns {
			cell := cells[c]
			if edit != nil {
				var err error
				if cell, err = edit(column, cell); err != nil {
					return nil, fmt.Errorf("%s:%d: %w", name, i+1, err)
				}
			}
			row[column] = cell
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// List returns the words of a cell that commas separate; "-" has none.
func List(cell string) []string {
	if cell == "-" {
		return nil
	}
	return strings.Split(cell, ",")
}

// Versions returns the set of the TLS versions of a cell such as 1.2,1.3, as a literal of httpsconfig.VersionSet.
func Versions(cell string) (string, error) {
	set := 0
	for _, word := range List(cell) {
		i := slices.Index([]string{"1.0", "1.1", "1.2", "1.3"}, word)
		if i < 0 {
			return "", fmt.Errorf("%q is no TLS version", word)
		}
		set |= 1 << i
	}
	return fmt.Sprintf("%#04b", set), nil
}

// Known are the suites of cipher-suites.tsv.
type Known struct {
	byName map[string]uint16
	byCode map[uint16]bool
}

// ReadKnown reads cipher-suites.tsv.
func ReadKnown(name, text string) (*Known, error) {
	rows, err := Read(name, text, nil)
	if err != nil {
		return nil, err
	}
	k := &Known{map[string]uint16{}, map[uint16]bool{}}
	for _, r := range rows {
		code, err := strconv.ParseUint(r["code"], 0, 16)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		k.byName[r["openssl"]], k.byCode[uint16(code)] = uint16(code), true
	}
	return k, nil
}

// Literal returns the code points of the suites of a cell, given by OpenSSL name or code point, as a Go string of two
// bytes each.
func (k *Known) Literal(cell string) (string, error) {
	var b strings.Builder
	b.WriteByte('"')
	seen := map[uint16]bool{}
	for _, word := range List(cell) {
		code, known := k.byName[word]
		if n, err := strconv.ParseUint(word, 0, 16); err == nil {
			code, known = uint16(n), k.byCode[uint16(n)]
		}
		switch {
		case !known:
			return "", fmt.Errorf("%q is no suite of the table", word)
		case seen[code]:
			return "", fmt.Errorf("%q stands twice", word)
		}
		seen[code] = true
		fmt.Fprintf(&b, `\x%02x\x%02x`, code>>8, code&0xff)
	}
	b.WriteByte('"')
	return b.String(), nil
}
