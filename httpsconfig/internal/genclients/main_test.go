package main

import (
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestGeneratedFileIsFresh(t *testing.T) {
	want, err := fromFolder("../..")
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

func TestGenerate(t *testing.T) {
	const suiteTable = "code\topenssl\n0x1301\tA\n0xC02B\tB\n"
	const columns = "name\tutls\tversions\tsuites\tgroups\n"
	const row = "One\t-\t1.2,1.3\t0x1301,0xC02B\tx25519,secp256r1\n"
	code, err := generate(columns+row+strings.Replace(row, "One\t-", "Two\tHelloTwo", 1), suiteTable)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`{"One", "", 0},`, `{"Two", "HelloTwo", 0},`, `{0b1100, "\x13\x01\xc0\x2b"},`} {
		if strings.Count(string(code), want) != 1 {
			t.Errorf("the code does not have one %s:\n%s", want, code)
		}
	}
	for table, want := range map[string]string{
		columns + row + row: "clients.tsv: two clients are called One",
		columns + strings.Replace(row, "secp256r1", "secp384r1", 1): "clients.tsv: One does not offer secp256r1",
		columns + strings.Replace(row, "0xC02B", "0xC02C", 1):       `clients.tsv:2: "0xC02C" is no suite of the table`,
		columns + strings.Replace(row, "1.3", "1.4", 1):             `clients.tsv:2: "1.4" is no TLS version`,
	} {
		if _, err := generate(table, suiteTable); err == nil || err.Error() != want {
			t.Errorf("error %v, want %s", err, want)
		}
	}
}
