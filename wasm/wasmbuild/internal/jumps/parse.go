package jumps

import (
	"slices"

	"github.com/ossconf/ossconf/internal/wasmfile"
)

// A function is the body of one that has a dispatcher:
//
//	head
//	block                     ;; only if a goroutine can stop in it
//	  loop
//	    block … block         ;; as many as there are blocks of code
//	      local.get 0
//	      br_table
//	    end
//	    code of blocks[0]
//	    end
//	    code of blocks[1]
//	    …
//	  end
//	tail
type function struct {
	head   []byte
	stops  bool
	table  []int // the index of a block by the number that local 0 has for it; the last one for all greater numbers
	blocks []block
	tail   []byte
}

// A block is a piece of code between two of the ends.
type block struct {
	parts []part
	stops bool // a goroutine can stop in it, and goes on at the block behind it
	falls bool // its end is reached, and the block behind it is next
}

// A part is code and the branch behind it.
type part struct {
	code   []byte
	branch byte // OpBr or OpBrIf, and OpEnd at the end of a block
	number int32
	target int // the index of a block, or stop
	depth  int // of the constructs of the code itself that the branch stands in
}

// stop is the target of the branches that leave the function to stop the goroutine: the end of the outermost block.
const stop = -1

// blockNumber is the local variable with the number of the block to go on with.
const blockNumber = 0

// parse reads the body of a function.
func parse(body []byte) (*function, bool) {
	r := &wasmfile.Reader{B: body}
	f := &function{}
	count := f.readHead(r)
	for len(f.blocks) < count && !r.Failed {
		b, ok := f.readBlock(r, count-1-len(f.blocks))
		if !ok {
			return nil, false
		}
		f.blocks = append(f.blocks, b)
	}
	for _, target := range f.table {
		if target >= count {
			return nil, false
		}
	}
	f.tail = r.Rest()
	return f, !r.Failed && count > 0
}

// readHead reads everything in front of the code of the first block and returns the number of blocks.
func (f *function) readHead(r *wasmfile.Reader) (count int) {
	next := func(op byte) bool {
		if !r.More() || r.B[r.At] != op {
			return false
		}
		r.At++
		r.Immediates(op)
		return true
	}
	for n := r.U32(); n > 0 && !r.Failed; n-- {
		r.Skip(2) // so many local variables of a type
	}
	if next(wasmfile.OpGlobalGet) && !next(wasmfile.OpLocalSet) { // the stack pointer
		return 0
	}
	f.head = r.B[:r.At]
	f.stops = next(wasmfile.OpBlock)
	if !next(wasmfile.OpLoop) {
		return 0
	}
	for next(wasmfile.OpBlock) {
		count++
	}
	r.Expect(wasmfile.OpLocalGet)
	r.Expect(blockNumber)
	r.Expect(wasmfile.OpBrTable)
	for n := r.U32() + 1; n > 0 && !r.Failed; n-- {
		f.table = append(f.table, int(r.U32()))
	}
	r.Expect(wasmfile.OpEnd)
	return count
}

// readBlock reads the code of a block with its end, around which are so many blocks more.
func (f *function) readBlock(r *wasmfile.Reader, around int) (block, bool) {
	b := block{falls: true}
	depth := 0
	start := r.At
	condition := -1 // the offset of the last instruction, if that was an if
	branch := func(op byte, code []byte, number int32, target int) {
		b.parts = append(b.parts, part{code, op, number, target, depth})
		start = r.At
	}
	for !r.Failed {
		at, test := r.At, condition
		condition = -1
		op := r.Byte()
		switch op {
		case wasmfile.OpBlock, wasmfile.OpLoop, wasmfile.OpIf:
			if op == wasmfile.OpIf && r.More() && r.B[r.At] == wasmfile.NoResult {
				condition = at
			}
			depth++
			r.Immediates(op)
			b.falls = true
		case wasmfile.OpEnd:
			b.falls = b.falls || depth > 0
			if depth == 0 {
				branch(op, r.B[start:at], 0, 0)
				return b, true
			}
			depth--
		case wasmfile.OpI32Const:
			number, target, ok := f.jump(r, depth+around)
			if !ok {
				b.falls = true
				continue
			}
			if test >= 0 && r.More() && r.B[r.At] == wasmfile.OpEnd {
				r.At++
				depth--
				branch(wasmfile.OpBrIf, r.B[start:test], number, target)
				b.falls = true
				continue
			}
			branch(wasmfile.OpBr, r.B[start:at], number, target)
			b.falls = depth > 0
		case wasmfile.OpBr, wasmfile.OpBrIf:
			label := int(r.U32())
			if label >= depth {
				if !f.stops || label != depth+around+1 {
					return b, false
				}
				branch(op, r.B[start:at], 0, stop)
				b.stops = b.stops || depth == 0
			}
			b.falls = op == wasmfile.OpBrIf || depth > 0
		case wasmfile.OpBrTable:
			return b, false
		default:
			r.Immediates(op)
			b.falls = depth > 0 || op != wasmfile.OpReturn && op != wasmfile.OpUnreachable
		}
	}
	return b, false
}

// jump reads the rest of a jump through the dispatcher, whose loop is at the label: i32.const (read up to here),
// local.set, br. It reads no more than the constant if it is none.
func (f *function) jump(r *wasmfile.Reader, label int) (number int32, target int, ok bool) {
	number = r.S32()
	after := *r
	if after.Byte() != wasmfile.OpLocalSet || after.U32() != blockNumber ||
		after.Byte() != wasmfile.OpBr || after.U32() != uint32(label) || after.Failed || number < 0 {
		return 0, 0, false
	}
	*r = after
	return number, f.table[min(int(number), len(f.table)-1)], true
}

// targets are the blocks that can follow a block without the dispatcher being told by a stopped goroutine.
func (f *function) targets(b int) []int {
	var list []int
	for _, p := range f.blocks[b].parts {
		if p.target != stop && p.branch != wasmfile.OpEnd {
			list = append(list, p.target)
		}
	}
	if f.blocks[b].falls && b+1 < len(f.blocks) {
		list = append(list, b+1)
	}
	slices.Sort(list)
	return slices.Compact(list)
}
