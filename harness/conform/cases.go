package conform

import (
	"fmt"
	"iter"

	"github.com/ossconf/ossconf/harness/conform/internal/corpus"
)

// Cases yields the cases of fixtures and then perOperation generated ones for each operation, in the order of the
// operations. The generated case number i of an operation is always the same, however many there are: raising
// perOperation adds cases and changes none. Cases may be ranged over again and from several goroutines.
func Cases(fixtures []Case, perOperation int) iter.Seq[Case] {
	return func(yield func(Case) bool) {
		for _, c := range fixtures {
			if !yield(c) {
				return
			}
		}
		for _, op := range corpus.Operations() {
			for i := range perOperation {
				if !yield(Case{ID: fmt.Sprintf("gen/%s/%05d", op, i), Op: op, In: corpus.Input(op, i)}) {
					return
				}
			}
		}
	}
}

func countCases(fixtures []Case, perOperation int) int {
	return len(fixtures) + perOperation*len(corpus.Operations())
}
