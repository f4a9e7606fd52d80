package main

import (
	"runtime"
	"unsafe"

	"github.com/ossconf/ossconf/core"
)

// maxBlock is the largest block that alloc gives out. It is more than the largest input of an operation, so that an
// input that is a little too long gets the operation's own answer.
const maxBlock = 1<<20 + 1<<16

// The sizes of blocks: most inputs and answers fit the first, which is the least that is allocated, and a block of more
// than the second is not kept for reuse, because memory that one long answer took would never be free for anything else.
const (
	smallBlock = 4 << 10
	spareBlock = 64 << 10
)

// How many calls, or bytes of input, are between two yields. It is little beside the 4 MiB at which Go's first garbage
// collection begins, whatever an operation allocates for its input.
const (
	yieldCalls = 16
	yieldBytes = 16 << 10
)

// The error answers of the module itself. Neither says anything of the input, which may hold an access key.
const (
	badBlock = `{"error":{"code":"bad_block","message":"the input is not in a live block of ossconf_alloc",` +
		`"hint":"pass the address that ossconf_alloc returned and at most the size it was asked for"}}`
	panicked = `{"error":{"code":"panic","message":"the operation failed unexpectedly",` +
		`"hint":"this is a fault of ossconf; please report the operation and, without secrets, the input"}}`
)

// A module runs operations on blocks of its memory that the host reads and writes. The zero value with run set is
// ready to use.
type module struct {
	run func(dst []byte, op string, in []byte) ([]byte, core.Status)

	// live holds what the host may use. It also keeps the garbage collector away: nothing else in Go refers to a block
	// while the host has it. The length of a block is the size that the host knows. A host has few at a time, and
	// mostly asks for the last: searching a list is faster than a map.
	live [][]byte

	// spares are freed blocks, zeroed, for the next input and the next answer: without them every call would leave two
	// to collect. A call of an operation that does little takes 0.5 µs less in V8 for both.
	spares [2][]byte

	calls int     // since the last yield
	bytes uintptr // of input in them
}

// alloc returns the address of a zeroed block of size bytes, or 0 if that is more than maxBlock.
func (m *module) alloc(size uintptr) uintptr {
	if size > maxBlock {
		return 0
	}
	return m.give(m.take(int(size))[:size])
}

// take returns a zeroed block of at least size bytes.
func (m *module) take(size int) []byte {
	for i, spare := range m.spares {
		if spare != nil && size <= len(spare) {
			m.spares[i] = nil
			return spare
		}
	}
	return make([]byte, max(size, smallBlock))
}

// give hands a block over to the host.
func (m *module) give(block []byte) uintptr {
	m.live = append(m.live, block)
	return addressOf(block)
}

func addressOf(block []byte) uintptr { return uintptr(unsafe.Pointer(unsafe.SliceData(block))) }

// find returns the index of the live block at address, or -1.
func (m *module) find(address uintptr) int {
	for i := len(m.live) - 1; i >= 0; i-- {
		if addressOf(m.live[i]) == address {
			return i
		}
	}
	return -1
}

// free takes a block back and zeroes it, since it may have held an access key. Any other address is ignored.
func (m *module) free(address uintptr) {
	i := m.find(address)
	if i < 0 {
		return
	}
	block, last := m.live[i], len(m.live)-1
	m.live[i], m.live[last] = m.live[last], nil
	m.live = m.live[:last]
	m.discard(block)
}

// discard zeroes a block and keeps it if it is a better spare than those there are.
func (m *module) discard(block []byte) {
	block = block[:cap(block)]
	clear(block)
	if len(block) < smallBlock || len(block) > spareBlock {
		return
	}
	least := 0
	if len(m.spares[1]) < len(m.spares[0]) {
		least = 1
	}
	if len(block) > len(m.spares[least]) {
		m.spares[least] = block
	}
}

// call runs op on the size bytes at address and returns the address and the length of the answer. A panic of the
// operation becomes an answer too.
func (m *module) call(op string, address, size uintptr) (uintptr, uintptr) {
	m.yield(size)
	answer := m.answer(op, address, size)
	return m.give(answer), uintptr(len(answer))
}

// yield lets the garbage collector's own goroutines run every now and then, for calls with an input of size bytes. An
// export never yields by itself: memory would grow until the instance dies. To yield at every call would take 0.25 µs of
// each in V8, a twentieth of encoding a configuration.
func (m *module) yield(size uintptr) {
	m.calls++
	m.bytes += min(size, maxBlock)
	if m.calls >= yieldCalls || m.bytes >= yieldBytes {
		m.calls, m.bytes = 0, 0
		runtime.Gosched()
	}
}

func (m *module) answer(op string, address, size uintptr) (answer []byte) {
	block := m.take(smallBlock)
	defer func() {
		if recover() != nil {
			clear(block)
			answer = append(block[:0], byte(core.Panicked))
			answer = append(answer, panicked...)
		}
	}()
	answer = block[:1]
	in, ok := m.input(address, size)
	if !ok {
		answer[0] = byte(core.Refused)
		return append(answer, badBlock...)
	}
	answer, status := m.run(answer, op, in)
	answer[0] = byte(status)
	if unsafe.SliceData(answer) != unsafe.SliceData(block) {
		m.discard(block) // the answer outgrew it and left its beginning there
	}
	return answer
}

// input returns the first size bytes of the block at address. No bytes need no block.
func (m *module) input(address, size uintptr) ([]byte, bool) {
	if size == 0 {
		return nil, true
	}
	i := m.find(address)
	if i < 0 || uintptr(len(m.live[i])) < size {
		return nil, false
	}
	return m.live[i][:size], true
}
