package main

import (
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestGeneratedFileIsFresh(t *testing.T) {
	table, err := os.ReadFile("../../" + input)
	if err != nil {
		t.Fatal(err)
	}
	want, err := generate(string(table))
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile("../../" + output)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s is stale, run go generate ./httpsconfig (-want +got):\n%s", output, diff)
	}
}

func TestReadRefuses(t *testing.T) {
	const columns = "# a comment\ncode\tname\topenssl\tkx\tauth\tmin\tlevel\treasons\tseen\n"
	const row = "0x1301\tN\tO\tany\tany\t1.3\trecommended\t-\tcustom,tls13\n"
	if _, err := generate(columns + row); err != nil {
		t.Fatal(err)
	}
	for table, want := range map[string]string{
		columns + row + "0x1302\tN\n":                               "cipher-suites.tsv:4: 2 columns, want 9",
		columns + strings.Replace(row, "recommended", "superb", 1):  `cipher-suites.tsv:3: "superb" is no word of column level`,
		columns + strings.Replace(row, "custom,tls13", "tls14", 1):  `cipher-suites.tsv:3: "tls14" is no word of column seen`,
		columns + strings.Replace(row, "\t-\t", "\tcbc,,sha1\t", 1): `cipher-suites.tsv:3: "" is no word of column reasons`,
	} {
		if _, err := generate(table); err == nil || err.Error() != want {
			t.Errorf("error %v, want %s", err, want)
		}
	}
}
