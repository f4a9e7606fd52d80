package conform

import (
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"

	"github.com/ossconf/ossconf/harness/conform/internal/corpus"
)

// Cases yields the cases of fixtures and then so many generated ones, in the order of the operations, which share them
// evenly; the first operations get one more each if that leaves some over. The generated case number i of an operation
// is always the same, however many there are: raising generated adds cases and changes none. Cases may be ranged over
// again and from several goroutines.
func Cases(fixtures []Case, generated int) iter.Seq[Case] {
	return selection{fixtures, generated, 1}.cases
}

// A selection is the cases that one runtime is asked: all fixtures, and one in every generated ones.
type selection struct {
	fixtures  []Case
	generated int
	every     int
}

func (s selection) cases(yield func(Case) bool) {
	for _, c := range s.fixtures {
		if !yield(c) {
			return
		}
	}
	for k, op := range corpus.Operations() {
		for i := range s.share(k) {
			if s.samples(i) && !yield(Case{ID: fmt.Sprintf("gen/%s/%05d", op, i), Op: op, In: corpus.Input(op, i)}) {
				return
			}
		}
	}
}

// share returns how many cases the corpus has for operation number k.
func (s selection) share(k int) int {
	n := len(corpus.Operations())
	share := s.generated / n
	if k < s.generated%n {
		share++
	}
	return share
}

// samples reports whether generated case number i of an operation is asked. The numbers are spread by multiplication with
// the golden ratio: the corpus has kinds of cases that come every 200 or 1000 numbers, of which a sample of every
// tenth number would have all or none.
func (s selection) samples(i int) bool {
	return s.every <= 1 || uint64(i)*0x9E3779B97F4A7C15>>32%uint64(s.every) == 0
}

func (s selection) count() int {
	n := len(s.fixtures)
	if s.every <= 1 {
		return n + s.generated
	}
	for k := range corpus.Operations() {
		for i := range s.share(k) {
			if s.samples(i) {
				n++
			}
		}
	}
	return n
}

// leavesOut reports whether id is that of a generated case that is not in the selection.
func (s selection) leavesOut(id string) bool {
	rest, ok := strings.CutPrefix(id, "gen/")
	op, number, _ := strings.Cut(rest, "/")
	i, err := strconv.Atoi(number)
	k := slices.Index(corpus.Operations(), op)
	if !ok || err != nil || k < 0 || id != fmt.Sprintf("gen/%s/%05d", op, i) {
		return false
	}
	return i >= s.share(k) || !s.samples(i)
}
