package main

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestRun(t *testing.T) {
	const in = `goos: linux
BenchmarkDecode/ossconf-2     	 1416054	       800.0 ns/op	    1216 B/op	       2 allocs/op
BenchmarkDecode/encoding-xml-2	   73690	     16000 ns/op	    6384 B/op	     171 allocs/op
BenchmarkDecode/ossconf-2     	 1416054	       900.0 ns/op	    1216 B/op	       2 allocs/op
BenchmarkDecode/ossconf-2     	 1416054	       100.0 ns/op	    1216 B/op	       2 allocs/op
BenchmarkAlone-2  	   73690	     12.4 ns/op
PASS
`
	const want = `  benchmark       variant  ns/op  allocs/op  times
     Decode       ossconf    100          2       
     Decode  encoding-xml  16000        171  160.0
      Alone                   12                  
`
	var out strings.Builder
	if err := run(strings.NewReader(in), &out); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for _, in := range []string{"", "PASS\n", "BenchmarkX 1 2 ns/op\n--- FAIL: BenchmarkY\nFAIL\n", "BenchmarkX 1 x ns/op\n"} {
		if err := run(strings.NewReader(in), &out); err == nil {
			t.Errorf("%q: no error", in)
		}
	}
}
