package order_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/ossconf/ossconf/internal/order"
)

// Every length up to 70, with few values and with many, in the order of slices.SortStableFunc.
func TestStable(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	for n := range 70 {
		for _, values := range []int{1, 2, 5, 1000} {
			list := make([]int, n)
			want := make([]int, n)
			for i := range list {
				list[i], want[i] = random.IntN(values), i
			}
			slices.SortStableFunc(want, func(i, j int) int { return list[i] - list[j] })
			got := order.Stable(n, func(i, j int) bool { return list[i] < list[j] })
			if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
				t.Fatalf("%v (-want +got):\n%s", list, diff)
			}
		}
	}
}

// The number of comparisons stays within n log2 n.
func TestComparisons(t *testing.T) {
	const n, log = 1 << 12, 12
	count := 0
	order.Stable(n, func(i, j int) bool { count++; return j < i })
	if count > n*log {
		t.Errorf("%d comparisons for %d elements", count, n)
	}
}
