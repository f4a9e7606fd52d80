// Package wasmfile takes WebAssembly modules apart and puts them together again.
//
// Call [Split] for the sections of a module, read their content with a [Reader], and [Join] what came out.
// The format is that of the WebAssembly Core Specification 2.0, chapter 5.
package wasmfile

import (
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
)

// ErrFormat is the cause of every error: not a module, or one that this package does not understand.
var ErrFormat = errors.New("not a WebAssembly module, or one of an unknown form")

// The identifiers of sections, 5.5.2.
const (
	Type      = 1
	Import    = 2
	Global    = 6
	Export    = 7
	Start     = 8
	Element   = 9
	Code      = 10
	Data      = 11
	DataCount = 12
	custom    = 0
)

// ranks are the places of the sections in a module, by identifier. The data count section stands before the code.
var ranks = [...]int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 10}

// header is the magic number and the version.
const header = "\x00asm\x01\x00\x00\x00"

// A Section is a part of a module.
type Section struct {
	ID      byte
	Content []byte
}

// Split returns the sections of a module without the custom ones, which hold names for debuggers. The content is not
// copied.
func Split(wasm []byte) ([]Section, error) {
	if len(wasm) < len(header) || string(wasm[:len(header)]) != header {
		return nil, fmt.Errorf("%w: it does not begin like one of version 1", ErrFormat)
	}
	r := Reader{B: wasm, At: len(header)}
	var sections []Section
	last := 0
	for r.More() {
		s := Section{ID: r.Byte()}
		s.Content = r.Bytes(r.U32())
		switch {
		case r.Failed:
			return nil, fmt.Errorf("%w: it ends within section %d", ErrFormat, s.ID)
		case s.ID == custom:
			continue
		case int(s.ID) >= len(ranks), ranks[s.ID] <= last:
			return nil, fmt.Errorf("%w: section %d, unknown or in the wrong place", ErrFormat, s.ID)
		}
		last = ranks[s.ID]
		sections = append(sections, s)
	}
	return sections, nil
}

// Ensure adds an empty vector as the section id where there is none.
func Ensure(sections []Section, id byte) []Section {
	at, found := slices.BinarySearchFunc(sections, id, func(s Section, id byte) int { return ranks[s.ID] - ranks[id] })
	if found {
		return sections
	}
	return slices.Insert(sections, at, Section{id, []byte{0}})
}

// Join returns the module of the sections.
func Join(sections []Section) []byte {
	size := len(header)
	for _, s := range sections {
		size += 1 + binary.MaxVarintLen32 + len(s.Content)
	}
	out := append(make([]byte, 0, size), header...)
	for _, s := range sections {
		out = append(out, s.ID)
		out = AppendU32(out, uint32(len(s.Content)))
		out = append(out, s.Content...)
	}
	return out
}

// AppendU32 appends an unsigned number in LEB128.
func AppendU32(dst []byte, v uint32) []byte { return binary.AppendUvarint(dst, uint64(v)) }

// AppendS32 appends a signed number in LEB128.
func AppendS32(dst []byte, v int32) []byte {
	for v < -64 || v > 63 {
		dst = append(dst, byte(v)|0x80)
		v >>= 7
	}
	return append(dst, byte(v)&0x7f)
}
