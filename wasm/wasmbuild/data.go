package wasmbuild

import (
	"fmt"
	"slices"

	"github.com/ossconf/ossconf/internal/wasmfile"
)

// maxGap is the longest run of zeros that stays inside a data segment. Wizer cuts at much shorter ones, into ten thousand
// segments, whose addresses are what compresses worst in the whole module.
const maxGap = 256

// maxMemory bounds the image of the memory that repack makes. The runtime's start-up leaves less than 4 MiB.
const maxMemory = 64 << 20

// The code of a data segment: of memory 0, at the address that the constant expression gives.
const (
	activeSegment = 0
	opI32Const    = 0x41
	opEnd         = 0x0b
)

// repack passes the memory that an initialized module begins with through edit and cuts it into few segments.
func repack(wasm []byte, edit func(memory []byte) error) ([]byte, error) {
	sections, err := wasmfile.Split(wasm)
	if err != nil {
		return nil, err
	}
	data := slices.IndexFunc(sections, func(s wasmfile.Section) bool { return s.ID == wasmfile.Data })
	if data < 0 {
		return nil, fmt.Errorf("%w: it has no data", wasmfile.ErrFormat)
	}
	memory, err := readMemory(sections[data].Content)
	if err != nil {
		return nil, err
	}
	if err := edit(memory); err != nil {
		return nil, err
	}
	var count uint32
	sections[data].Content, count = appendSegments(nil, memory)
	for i, s := range sections {
		if s.ID == wasmfile.DataCount {
			sections[i].Content = wasmfile.AppendU32(nil, count)
		}
	}
	return wasmfile.Join(sections), nil
}

// readMemory returns the memory that the data section describes, from address 0.
func readMemory(content []byte) ([]byte, error) {
	var memory []byte
	r := wasmfile.Reader{B: content}
	for n := r.U32(); n > 0 && !r.Failed; n-- {
		r.Expect(activeSegment)
		r.Expect(opI32Const)
		address := uint32(r.S32())
		r.Expect(opEnd)
		bytes := r.Bytes(r.U32())
		end := uint64(address) + uint64(len(bytes))
		if end > maxMemory {
			r.Fail()
			break
		}
		if grow := int(end) - len(memory); grow > 0 {
			memory = append(memory, make([]byte, grow)...)
		}
		copy(memory[address:], bytes)
	}
	if r.Failed || r.More() {
		return nil, fmt.Errorf("%w: its data section", wasmfile.ErrFormat)
	}
	return memory, nil
}

// appendSegments appends the data section of memory and returns the number of segments.
func appendSegments(dst, memory []byte) ([]byte, uint32) {
	var segments []byte
	var count uint32
	for at := 0; ; {
		start, end := nextSegment(memory, at)
		if start == end {
			return append(wasmfile.AppendU32(dst, count), segments...), count
		}
		count++
		segments = append(segments, activeSegment, opI32Const)
		segments = wasmfile.AppendS32(segments, int32(start))
		segments = append(segments, opEnd)
		segments = wasmfile.AppendU32(segments, uint32(end-start))
		segments = append(segments, memory[start:end]...)
		at = end
	}
}

// nextSegment returns the first segment from the address at: it begins and ends with a byte that is not zero. The segment
// is empty if nothing but zeros is left.
func nextSegment(memory []byte, at int) (start, end int) {
	for at < len(memory) && memory[at] == 0 {
		at++
	}
	start, end = at, at
	for ; at < len(memory) && at-end <= maxGap; at++ {
		if memory[at] != 0 {
			end = at + 1
		}
	}
	return start, end
}
