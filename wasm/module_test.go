package main

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ossconf/ossconf/core"
)

// secret stands for the access key in an input.
const secret = "access-key-secret"

// echo is an operation that answers with its input.
func echo(dst []byte, _ string, in []byte) ([]byte, core.Status) { return append(dst, in...), core.OK }

// block returns the bytes of a block, as the host would read them.
func block(t *testing.T, m *module, address, size uintptr) []byte {
	t.Helper()
	i := m.find(address)
	if i < 0 {
		t.Fatalf("there is no block %#x", address)
	}
	if n := len(m.live[i]); uintptr(n) != size {
		t.Fatalf("block %#x has %d bytes, want %d", address, n, size)
	}
	return m.live[i]
}

// input puts in into a new block.
func input(t *testing.T, m *module, in string) (address, size uintptr) {
	t.Helper()
	size = uintptr(len(in))
	address = m.alloc(size)
	copy(block(t, m, address, size), in)
	return address, size
}

func TestCall(t *testing.T) {
	// The last is longer than a block for answers.
	for _, in := range []string{"", "a", secret, strings.Repeat(secret, 10_000)} {
		m := &module{run: echo}
		address, size := input(t, m, in)
		answer, n := m.call("echo", address, size)
		if diff := cmp.Diff("\x00"+in, string(block(t, m, answer, n))); diff != "" {
			t.Errorf("answer differs (-want +got):\n%s", diff)
		}
		m.free(answer)
		m.free(address)
		if len(m.live) != 0 {
			t.Errorf("%d blocks are left", len(m.live))
		}
	}
}

func TestAnswersDoNotOverlap(t *testing.T) {
	m := &module{run: echo}
	first, n := input(t, m, "first")
	second, k := input(t, m, "second")
	a, an := m.call("echo", first, n)
	b, bn := m.call("echo", second, k)
	m.free(a)
	c, cn := m.call("echo", first, n)
	got := []string{string(block(t, m, b, bn)), string(block(t, m, c, cn))}
	if diff := cmp.Diff([]string{"\x00second", "\x00first"}, got); diff != "" {
		t.Errorf("answers differ (-want +got):\n%s", diff)
	}
	if an != cn {
		t.Errorf("the same answer has %d and %d bytes", an, cn)
	}
}

func TestAllocLimits(t *testing.T) {
	tests := []struct {
		size uintptr
		ok   bool
	}{
		{0, true}, {1, true}, {maxBlock, true}, {maxBlock + 1, false}, {1<<32 - 1, false},
	}
	for _, test := range tests {
		m := &module{run: echo}
		if address := m.alloc(test.size); (address != 0) != test.ok {
			t.Errorf("alloc(%d) = %#x, want a block: %v", test.size, address, test.ok)
		}
	}
}

func TestBlocksAreDistinct(t *testing.T) {
	m := &module{run: echo}
	seen := make(map[uintptr]bool)
	for range 100 {
		seen[m.alloc(0)] = true
	}
	if len(seen) != 100 {
		t.Errorf("100 blocks of no bytes have %d addresses", len(seen))
	}
}

func TestFreeZeroes(t *testing.T) {
	m := &module{run: echo}
	address, size := input(t, m, secret)
	answer, n := m.call("echo", address, size)
	in, out := block(t, m, address, size), block(t, m, answer, n)
	m.free(address)
	m.free(answer)
	if got, want := string(in)+string(out), strings.Repeat("\x00", int(size+n)); got != want {
		t.Errorf("freed blocks hold %q", got)
	}
}

// TestOutgrownBlockIsZeroed looks at the block that an answer left for a larger one.
func TestOutgrownBlockIsZeroed(t *testing.T) {
	var left []byte
	m := &module{run: func(dst []byte, _ string, in []byte) ([]byte, core.Status) {
		dst = append(dst, in...)
		left = dst
		return append(dst, make([]byte, smallBlock)...), core.OK
	}}
	address, size := input(t, m, secret)
	m.call("grow", address, size)
	if strings.Contains(string(left), secret) {
		t.Error("the beginning of an answer was left behind")
	}
}

func TestFreeIgnoresUnknownAddresses(t *testing.T) {
	m := &module{run: echo}
	address, size := input(t, m, secret)
	for _, unknown := range []uintptr{0, 1, address + 1, address - 1, 1<<32 - 1} {
		m.free(unknown)
	}
	if got := string(block(t, m, address, size)); got != secret {
		t.Errorf("the block holds %q", got)
	}
	m.free(address)
	m.free(address)
}

func TestCallRefusesWhatIsNoBlock(t *testing.T) {
	m := &module{run: echo}
	address, size := input(t, m, secret)
	freed := m.alloc(spareBlock + 1) // too long to be used again
	m.free(freed)
	tests := []struct {
		name          string
		address, size uintptr
	}{
		{"no block", 0, 1},
		{"inside a block", address + 1, 1},
		{"longer than the block", address, size + 1},
		{"far too long", address, 1<<32 - 1},
		{"freed", freed, 10},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			answer, n := m.call("echo", test.address, test.size)
			if diff := cmp.Diff("\x01"+badBlock, string(block(t, m, answer, n))); diff != "" {
				t.Errorf("answer differs (-want +got):\n%s", diff)
			}
		})
	}
}

func TestPanicBecomesAnAnswer(t *testing.T) {
	m := &module{run: func(dst []byte, _ string, in []byte) ([]byte, core.Status) {
		panic("cannot bear " + string(append(dst, in...)))
	}}
	address, size := input(t, m, secret)
	// The number is more than what a runtime survives if panics are not recovered from.
	for range 100 {
		answer, n := m.call("panic", address, size)
		if diff := cmp.Diff("\x02"+panicked, string(block(t, m, answer, n))); diff != "" {
			t.Fatalf("answer differs (-want +got):\n%s", diff)
		}
		m.free(answer)
	}
	m.run = echo
	answer, n := m.call("echo", address, size)
	if got := string(block(t, m, answer, n)); got != "\x00"+secret {
		t.Errorf("after the panics the answer is %q", got)
	}
}

// TestPartOfAnAnswerBeforeAPanic looks for what an operation had written before it panicked.
func TestPartOfAnAnswerBeforeAPanic(t *testing.T) {
	var written []byte
	m := &module{run: func(dst []byte, _ string, in []byte) ([]byte, core.Status) {
		written = append(append(dst, make([]byte, 1000)...), in...)
		panic("after the first part")
	}}
	address, size := input(t, m, secret)
	m.call("panic", address, size)
	if strings.Contains(string(written), secret) {
		t.Error("the part was left behind")
	}
}

// TestSparesAreReused makes the same call again and again: it takes the same two blocks.
func TestSparesAreReused(t *testing.T) {
	m := &module{run: echo}
	seen := make(map[uintptr]bool)
	for range 10 {
		address, size := input(t, m, secret)
		answer, _ := m.call("echo", address, size)
		seen[address], seen[answer] = true, true
		m.free(answer)
		m.free(address)
	}
	if len(seen) != 2 {
		t.Errorf("10 calls used %d blocks, want 2", len(seen))
	}
}

// TestSpares frees blocks of some sizes and takes them again.
func TestSpares(t *testing.T) {
	tests := []struct {
		name        string
		freed       []int
		first, last int // of the spares afterwards
	}{
		{"none", nil, 0, 0},
		{"one", []int{1}, smallBlock, 0},
		{"three", []int{1, 2, 3}, smallBlock, smallBlock},
		{"a longer one in place of a short one", []int{1, 2, smallBlock + 1}, smallBlock + 1, smallBlock},
		{"a longer one in place of the shorter", []int{2 * smallBlock, 1, smallBlock + 1}, 2 * smallBlock, smallBlock + 1},
		{"a short one in place of none", []int{2 * smallBlock, 3 * smallBlock, 1}, 2 * smallBlock, 3 * smallBlock},
		{"the longest that is kept", []int{spareBlock}, spareBlock, 0},
		{"longer than what is kept", []int{spareBlock + 1}, 0, 0},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			m := &module{run: echo}
			var addresses []uintptr
			for _, size := range test.freed {
				addresses = append(addresses, m.alloc(uintptr(size)))
			}
			for _, address := range addresses {
				m.free(address)
			}
			if diff := cmp.Diff([]int{test.first, test.last}, []int{len(m.spares[0]), len(m.spares[1])}); diff != "" {
				t.Errorf("spares (-want +got):\n%s", diff)
			}
			for i, size := range test.freed {
				if got := len(block(t, m, m.alloc(uintptr(size)), uintptr(size))); got != size {
					t.Errorf("block %d has %d bytes, want %d", i, got, size)
				}
			}
		})
	}
}
