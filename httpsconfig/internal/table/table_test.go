package table

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestRead(t *testing.T) {
	rows, err := Read("x.tsv", "# a comment\na\tb\n1\t-\n", nil)
	if diff := cmp.Diff([]Row{{"a": "1", "b": "-"}}, rows); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	if _, err := Read("x.tsv", "a\tb\n1\n", nil); err == nil || err.Error() != "x.tsv:2: 1 columns, want 2" {
		t.Errorf("error %v", err)
	}
}

func TestVersions(t *testing.T) {
	for cell, want := range map[string]string{"1.0": "0b0001", "1.2,1.3": "0b1100", "1.3,1.0,1.1,1.2": "0b1111", "-": "0b0000"} {
		if got, err := Versions(cell); err != nil || got != want {
			t.Errorf("%s: %s, %v, want %s", cell, got, err, want)
		}
	}
	for _, cell := range []string{"", "1.4", "1.2,", ".0 ", "0 1", "TLSv1.2"} {
		if got, err := Versions(cell); err == nil {
			t.Errorf("%q is taken as %s", cell, got)
		}
	}
}

func TestLiteral(t *testing.T) {
	known, err := ReadKnown("suites.tsv", "code\topenssl\n0x1301\tA\n0xC02B\tB\n")
	if err != nil {
		t.Fatal(err)
	}
	for cell, want := range map[string]string{"A,B": `"\x13\x01\xc0\x2b"`, "0xC02B,0x1301": `"\xc0\x2b\x13\x01"`, "-": `""`} {
		if got, err := known.Literal(cell); err != nil || got != want {
			t.Errorf("%s: %s, %v, want %s", cell, got, err, want)
		}
	}
	for cell, want := range map[string]string{"C": `"C" is no suite of the table`, "0x0001": `"0x0001" is no suite of the table`,
		"A,0x1301": `"0x1301" stands twice`, "": `"" is no suite of the table`} {
		if _, err := known.Literal(cell); err == nil || err.Error() != want {
			t.Errorf("%s: error %v, want %s", cell, err, want)
		}
	}
	if _, err := ReadKnown("suites.tsv", "code\topenssl\nx\tA\n"); err == nil {
		t.Error("a code point that is none is taken")
	}
}
