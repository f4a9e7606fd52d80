//go:build !race

package httpsconfig_test

import (
	"testing"

	"github.com/ossconf/ossconf/httpsconfig"
)

// The race detector takes away the optimisation that lets slices.Grow do with one allocation.

// One allocation makes AppendXML what it is; a caller that reuses its buffer has none.
func TestAllocations(t *testing.T) {
	c, err := httpsconfig.Decode([]byte(sample))
	if err != nil {
		t.Fatal(err)
	}
	buf := make([]byte, 0, 4<<10)
	for _, test := range []struct {
		name string
		most float64
		run  func() error
	}{
		{"Decode", 8, func() error { _, err := httpsconfig.Decode([]byte(sample)); return err }},
		{"AppendXML", 1, func() error { _, err := c.AppendXML(nil); return err }},
		{"AppendXML to a buffer", 0, func() error { _, err := c.AppendXML(buf); return err }},
	} {
		got := testing.AllocsPerRun(100, func() {
			if err := test.run(); err != nil {
				t.Fatal(err)
			}
		})
		if got > test.most {
			t.Errorf("%s: %v allocations, want at most %v", test.name, got, test.most)
		}
	}
}
