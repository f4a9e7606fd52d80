package corpus

import (
	"math/bits"
	"math/rand/v2"
)

// A random draws from PCG directly: the methods of rand.Rand may change how they use their source.
type random struct{ pcg *rand.PCG }

func newRandom(seed, index uint64) *random {
	r := &random{rand.NewPCG(seed, index)}
	r.pcg.Uint64() // neighbouring seeds differ fully from the second number on
	return r
}

// n returns a number from 0 up to, not including, limit.
func (r *random) n(limit int) int {
	hi, _ := bits.Mul64(r.pcg.Uint64(), uint64(limit))
	return int(hi)
}

// between returns a number from lo to hi, both included.
func (r *random) between(lo, hi int) int { return lo + r.n(hi-lo+1) }

// percent is true in p of 100 cases.
func (r *random) percent(p int) bool { return r.n(100) < p }

func (r *random) bytes(n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(r.pcg.Uint64() >> 56)
	}
	return b
}

func pick[T any](r *random, from ...T) T { return from[r.n(len(from))] }

func shuffle[T any](r *random, list []T) {
	for i := len(list) - 1; i > 0; i-- {
		j := r.n(i + 1)
		list[i], list[j] = list[j], list[i]
	}
}

// text draws a short text from an alphabet.
func (r *random) text(alphabet []string, lo, hi int) string {
	s := ""
	for range r.between(lo, hi) {
		s += pick(r, alphabet...)
	}
	return s
}
