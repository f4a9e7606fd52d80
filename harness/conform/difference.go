package conform

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

// A Difference is an answer that is not what it has to be.
type Difference struct {
	Case string `json:"case"`
	Op   string `json:"op"`
	In   []byte `json:"in"`
	Why  string `json:"why"`
	Want Answer `json:"want"` // the reference's answer
	Got  Answer `json:"got"`
}

const differsFromReference = "differs from the reference"

// String shows the input and what differs, long ones cut.
func (d Difference) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s\n", d.Case, d.Why)
	fmt.Fprintf(&b, "input: %s\n", excerpt(d.In, 600))
	if d.Want.Status != d.Got.Status {
		fmt.Fprintf(&b, "status: want %d, got %d\n", d.Want.Status, d.Got.Status)
	}
	if !bytes.Equal(d.Want.Out, d.Got.Out) {
		fmt.Fprintf(&b, "answer (-want +got):\n%s", diff(d.Want.Out, d.Got.Out))
	}
	return strings.TrimRight(b.String(), "\n")
}

const (
	diffBefore = 120 // bytes shown before the first difference
	diffAfter  = 480 // and from there on
)

// diff compares two answers as text if they are that, near the place where they first differ.
func diff(want, got []byte) string {
	w, g, from := excerpts(want, got)
	note := ""
	if from > 0 || len(w) < len(want) || len(g) < len(got) {
		note = fmt.Sprintf("(bytes from %d on; want has %d, got %d)\n", from, len(want), len(got))
	}
	if utf8.Valid(w) && utf8.Valid(g) {
		return note + cmp.Diff(string(w), string(g))
	}
	return note + cmp.Diff(w, g)
}

// excerpts cuts two answers to what lies around the first byte in which they differ.
func excerpts(want, got []byte) (w, g []byte, from int) {
	same := commonPrefix(want, got)
	from = max(0, same-diffBefore)
	for from > 0 && !utf8.RuneStart(want[from]) {
		from--
	}
	return window(want, from, same+diffAfter), window(got, from, same+diffAfter), from
}

func commonPrefix(a, b []byte) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return n
}

// window returns b[from:to] as far as it is there, without a character cut at its end.
func window(b []byte, from, to int) []byte {
	to = min(to, len(b))
	end := to
	for to < len(b) && end > from && end > to-utf8.UTFMax && !utf8.RuneStart(b[end]) {
		end--
	}
	return b[min(from, end):end]
}
