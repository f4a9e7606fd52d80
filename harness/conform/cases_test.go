package conform

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ossconf/ossconf/core"
)

func TestCasesAreShared(t *testing.T) {
	operations := core.Operations()
	n := len(operations)
	for _, generated := range []int{0, 1, n - 1, n, 3*n + 2} {
		counts := map[string]int{}
		for c := range Cases(fakeCases(5, 0), generated) {
			if c.Op != "echo" && c.Op != "refuse" {
				counts[c.Op]++
			}
		}
		want := map[string]int{}
		for i := range generated {
			want[operations[i%n]]++
		}
		if diff := cmp.Diff(want, counts); diff != "" {
			t.Errorf("%d generated (-want +got):\n%s", generated, diff)
		}
		for every := range 4 {
			s := selection{fakeCases(5, 0), generated, every}
			seen := 0
			for range s.cases {
				seen++
			}
			if s.count() != seen {
				t.Errorf("%d generated, every %d: counts %d, yields %d", generated, every, s.count(), seen)
			}
		}
	}
}

// TestSampleIsFair holds that a sample has about its share of the cases, and of the kinds that come at every 200th and
// 1000th number.
func TestSampleIsFair(t *testing.T) {
	for _, every := range []int{2, 5, 10, 20, 100} {
		s := selection{every: every}
		const all = 20000
		taken, residues := 0, map[int]int{}
		for i := range all {
			if s.samples(i) {
				taken++
				residues[i%200]++
			}
		}
		if share := float64(taken) * float64(every) / all; share < 0.95 || share > 1.05 {
			t.Errorf("one in %d: %d of %d cases", every, taken, all)
		}
		for _, special := range []int{3, 7, 199} { // nested to the limit, and at the limits of size
			if residues[special] == 0 {
				t.Errorf("one in %d: none of the numbers that are %d modulo 200", every, special)
			}
		}
	}
}

func TestSampleKeepsFixtures(t *testing.T) {
	fixtures := fakeCases(7, 0)
	var got []string
	for c := range (selection{fixtures, 1800, 50}).cases {
		got = append(got, c.ID)
	}
	for i, f := range fixtures {
		if got[i] != f.ID {
			t.Errorf("case %d is %s, want the fixture %s", i, got[i], f.ID)
		}
	}
	all := map[string]bool{}
	for c := range Cases(nil, 1800) {
		all[c.ID] = true
	}
	for _, id := range got[len(fixtures):] {
		if !all[id] {
			t.Errorf("%s is not among the cases", id)
		}
	}
	if n := len(got) - len(fixtures); n < 18 || n > 54 {
		t.Errorf("%d of 1800, want about 36", n)
	}
}

func TestLeavesOut(t *testing.T) {
	tenEach := 10 * len(core.Operations())
	s := selection{fakeCases(3, 0), tenEach, 1}
	sampled := selection{generated: tenEach, every: 1000}
	for _, test := range []struct {
		s    selection
		id   string
		want bool
	}{
		{s, "gen/decode/00009", false},
		{s, "gen/decode/00010", true},
		{s, "gen/version/123456", true},
		{s, "gen/decode/10", false}, // no number that a case has
		{s, "gen/decode/000100", false},
		{s, "gen/decode/-0001", false},
		{s, "gen/decode/", false},
		{s, "gen/shout/00099", false},
		{s, "case-1", false},
		{s, "vectors/a/sign", false},
		{sampled, "gen/decode/00000", false},
		{sampled, "gen/decode/00001", true},
	} {
		if got := test.s.leavesOut(test.id); got != test.want {
			t.Errorf("%s of %d, one in %d: %v", test.id, test.s.generated, test.s.every, got)
		}
	}
}

func TestRunSamples(t *testing.T) {
	d := fake(t, "native")
	d.Every = 20
	o := Options{Drivers: []Driver{fake(t, "native"), d}, Cases: 900, Expected: []ExpectedFailure{
		{"sampled", "gen/decode/00001", "not in the sample"}, {"sampled", "gen/decode/99999", "not in this run"},
	}}
	o.Drivers[1].Name = "sampled"
	result := run(t, o)
	if err := result.Err(); err != nil {
		t.Fatal(err)
	}
	full, sample := result.Runtimes[0], result.Runtimes[1]
	want := selection{generated: 900, every: 20}.count()
	if full.Cases != 900 || sample.Cases != want || sample.Asked != want || sample.Every != 20 {
		t.Errorf("%d and %d of %d cases, one in %d, want 900 and %d", full.Cases, sample.Cases, sample.Asked, sample.Every, want)
	}
	if (selection{every: 20}).samples(1) {
		t.Error("the expected failure is in the sample")
	}
	if got := fmt.Sprint(result.notes()); !strings.Contains(got, "* sampled was asked all fixtures and one in 20") {
		t.Errorf("the notes do not say so: %s", got)
	}
}
