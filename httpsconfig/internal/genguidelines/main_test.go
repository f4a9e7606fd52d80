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
	files := map[string]string{suites: "code\topenssl\n0x1301\tA\n"}
	for i, name := range inputs() {
		files[name] = "name\tversions\tsuites\nlist-1." + string(rune('0'+i)) + "\t1.3\tA\n"
	}
	code, err := generate(files)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"guidelineList10", "guidelineList11", "guidelineList12"} {
		if !strings.Contains(string(code), want+` = guideline{0b1000, "\x13\x01"}`) {
			t.Errorf("the code has no %s:\n%s", want, code)
		}
	}
	files["nist.tsv"] = "name\tversions\tsuites\nlist\t1.3\tA,B\n"
	if _, err := generate(files); err == nil || err.Error() != `nist.tsv:2: "B" is no suite of the table` {
		t.Errorf("error %v", err)
	}
}
