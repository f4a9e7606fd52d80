package main

import (
	"runtime"
	"unsafe"

	"github.com/ossconf/ossconf/core"
)

// maxBlock is the largest block that alloc gives out. It is more than the largest input of an operation, so that an
// input that is a little too long gets the operation's own answer.
const maxBlock = 1<<20 + 1<<16

// The sizes of the blocks for answers: most answers fit the first, and a block of more than the second is not kept for
// reuse, because memory that one long answer took would never be free for anything else.
const (
	answerBlock = 4 << 10
	spareBlock  = 64 << 10
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

	// live holds what the host may use, by address. It also keeps the garbage collector away: nothing else in Go
	// refers to a block while the host has it. The length of a block is the size that the host knows.
	live map[uintptr][]byte

	// spare is a freed block, zeroed, for the next answer: without it every call would leave one to collect.
	spare []byte
}

// alloc returns the address of a zeroed block of size bytes, or 0 if that is more than maxBlock.
func (m *module) alloc(size uintptr) uintptr {
	if size > maxBlock {
		return 0
	}
	// One byte more than nothing: blocks of no bytes would all have the same address.
	return m.give(make([]byte, size, max(size, 1)))
}

// give hands a block over to the host.
func (m *module) give(block []byte) uintptr {
	if m.live == nil {
		m.live = make(map[uintptr][]byte)
	}
	address := uintptr(unsafe.Pointer(unsafe.SliceData(block)))
	m.live[address] = block
	return address
}

// free takes a block back and zeroes it, since it may have held an access key. Any other address is ignored.
func (m *module) free(address uintptr) {
	block, ok := m.live[address]
	if !ok {
		return
	}
	delete(m.live, address)
	m.discard(block)
}

func (m *module) discard(block []byte) {
	block = block[:cap(block)]
	clear(block)
	if n := len(block); answerBlock <= n && n <= spareBlock && n > cap(m.spare) {
		m.spare = block
	}
}

// call runs op on the size bytes at address and returns the address and the length of the answer. A panic of the
// operation becomes an answer too.
func (m *module) call(op string, address, size uintptr) (uintptr, uintptr) {
	// An export never yields by itself, and without this the garbage collector's own goroutines never run: memory
	// would grow until the instance dies.
	runtime.Gosched()
	answer := m.answer(op, address, size)
	return m.give(answer), uintptr(len(answer))
}

func (m *module) answer(op string, address, size uintptr) (answer []byte) {
	block := m.spare
	if m.spare = nil; block == nil {
		block = make([]byte, answerBlock)
	}
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
	block := m.live[address]
	if uintptr(len(block)) < size {
		return nil, false
	}
	return block[:size], true
}
