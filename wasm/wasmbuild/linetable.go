package wasmbuild

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
)

// The tables that the Go runtime finds a function, its stack frame and its source line with, as Go 1.26 lays them out
// (internal/abi/symtab.go, runtime/symtab.go and runtime/runtime2.go there).
const (
	tablesMagic   = "\xf1\xff\xff\xff\x00\x00\x01\x08" // magic number, padding, quantum 1, pointers of 8 bytes
	tablesVersion = "go1.26"
	headerSize    = 8 + 8*8

	// Offsets in the record of a function, in bytes.
	recordPCSP      = 16 // stack frame
	recordFile      = 20
	recordLine      = 24
	recordTables    = 28 // how many tables follow the record
	recordUnit      = 32
	recordStartLine = 36
	recordSize      = 44

	// Those tables that the runtime works with; inlining and live arguments only show up in stack traces.
	tableUnsafePoint      = 0
	tableStackMap         = 1
	tablesAtMost          = 8
	noTable               = 0
	endOfTable       byte = 0
)

// errTables says that the tables are not where or what they were expected to be.
var errTables = errors.New("the function tables of the Go runtime have an unknown layout")

// tables are the runtime's tables in the memory of a module.
type tables struct {
	functions int    // how many
	deltas    []byte // of all functions: for each table a list of steps, which begins at some offset
	records   []byte // an index, then a record for each function
}

// stripLines removes from the memory of a module what only stack traces need: files, lines and inlined calls. The
// self-contained form cannot print one anyway, since it has no output, and they are an eighth of it after compression.
func stripLines(memory []byte) error {
	t, err := findTables(memory)
	if err != nil {
		return err
	}
	used := make([]bool, len(t.deltas))
	used[noTable] = true
	for i := range t.functions {
		record, err := t.record(i)
		if err != nil {
			return err
		}
		keep := []uint32{binary.LittleEndian.Uint32(record[recordPCSP:])}
		for n := range (len(record) - recordSize) / 4 {
			table := record[recordSize+4*n:][:4]
			if n == tableUnsafePoint || n == tableStackMap {
				keep = append(keep, binary.LittleEndian.Uint32(table))
			} else {
				clear(table)
			}
		}
		for _, offset := range keep {
			if err := t.mark(used, offset); err != nil {
				return err
			}
		}
		clear(record[recordFile:recordTables])
		clear(record[recordUnit : recordStartLine+4])
	}
	for i, u := range used {
		if !u {
			t.deltas[i] = 0
		}
	}
	return nil
}

// findTables finds the tables by their header.
func findTables(memory []byte) (*tables, error) {
	at := bytes.Index(memory, []byte(tablesMagic))
	if at < 0 || at+headerSize > len(memory) || bytes.Contains(memory[at+1:], []byte(tablesMagic)) {
		return nil, fmt.Errorf("%w: no header, or two", errTables)
	}
	memory = memory[at:]
	field := func(i int) uint64 { return binary.LittleEndian.Uint64(memory[8+8*i:]) }
	functions, deltas, records := field(0), field(6), field(7)
	if deltas > records || records > uint64(len(memory)) || functions > uint64(len(memory)) {
		return nil, fmt.Errorf("%w: their header", errTables)
	}
	return &tables{int(functions), memory[deltas:records:records], memory[records:]}, nil
}

// record returns the record of function i with the offsets of its tables.
func (t *tables) record(i int) ([]byte, error) {
	if 8*i+8 > len(t.records) {
		return nil, fmt.Errorf("%w: function %d", errTables, i)
	}
	start := uint64(binary.LittleEndian.Uint32(t.records[8*i+4:]))
	if start+recordSize > uint64(len(t.records)) {
		return nil, fmt.Errorf("%w: function %d", errTables, i)
	}
	n := binary.LittleEndian.Uint32(t.records[start+recordTables:])
	end := start + recordSize + 4*uint64(n)
	if n > tablesAtMost || end > uint64(len(t.records)) {
		return nil, fmt.Errorf("%w: function %d has %d tables", errTables, i, n)
	}
	return t.records[start:end], nil
}

// mark records that the table at offset is used: pairs of numbers in LEB128, a step of the value and one of the
// program counter, until a step of the value that is zero and not the first.
func (t *tables) mark(used []bool, offset uint32) error {
	if offset == noTable {
		return nil
	}
	at := int(offset)
	for first := true; ; first = false {
		if at >= len(t.deltas) {
			return fmt.Errorf("%w: a table at %d", errTables, offset)
		}
		if used[at] && first {
			return nil // tables are shared between functions
		}
		if t.deltas[at] == endOfTable && !first {
			used[at] = true
			return nil
		}
		for range 2 {
			_, n := binary.Uvarint(t.deltas[at:])
			if n <= 0 {
				return fmt.Errorf("%w: a table at %d", errTables, offset)
			}
			for i := range n {
				used[at+i] = true
			}
			at += n
		}
	}
}
