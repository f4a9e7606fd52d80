package main

import (
	"strings"
	"testing"
	"unsafe"

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
	b, ok := m.live[address]
	if !ok || uintptr(len(b)) != size {
		t.Fatalf("block %#x has %d bytes, want %d", address, len(b), size)
	}
	return b
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
		return append(dst, make([]byte, answerBlock)...), core.OK
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
	freed := m.alloc(10)
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

func TestSpareIsReused(t *testing.T) {
	m := &module{run: echo}
	address, size := input(t, m, secret)
	first, _ := m.call("echo", address, size)
	m.free(first)
	if spare := uintptr(unsafe.Pointer(unsafe.SliceData(m.spare))); spare != first {
		t.Errorf("the spare block is %#x, want %#x", spare, first)
	}
	if second, _ := m.call("echo", address, size); second != first {
		t.Errorf("the second answer is at %#x, want %#x", second, first)
	}
}
