package jumps

import "github.com/ossconf/ossconf/internal/wasmfile"

// A writer writes a function with its blocks in the places of a plan.
type writer struct {
	f      *function
	out    []byte
	labels []label // of the constructs around what is written, the outermost first
	failed bool
}

// A label is what a branch out of a construct leads to.
type label struct {
	kind  labelKind
	block int
}

type labelKind uint8

const (
	inner      labelKind = iota // a construct of the code itself
	before                      // the end in front of a block
	again                       // the beginning of a loop, which begins with a block
	dispatcher                  // the dispatcher
	outermost                   // the end of everything
)

// write returns the body of f.
func (f *function) write() ([]byte, bool) {
	w := &writer{f: f, out: append([]byte(nil), f.head...)}
	if f.stops {
		w.open(wasmfile.OpBlock, label{kind: outermost})
	}
	items := f.plan()
	w.open(wasmfile.OpLoop, label{kind: dispatcher})
	w.blocks(items, 0)
	w.dispatch(items)
	w.close()
	w.items(items, len(f.blocks))
	w.close()
	return append(w.out, f.tail...), !w.failed
}

func (w *writer) open(op byte, l label) {
	w.out = append(w.out, op, wasmfile.NoResult)
	w.labels = append(w.labels, l)
}

func (w *writer) close() {
	w.out = append(w.out, wasmfile.OpEnd)
	w.labels = w.labels[:len(w.labels)-1]
}

// blocks opens a block for each item but the first so many. It ends in front of the item.
func (w *writer) blocks(items []item, but int) {
	for i := len(items) - 1; i >= but; i-- {
		w.open(wasmfile.OpBlock, label{before, items[i].block})
	}
}

// dispatch writes the br_table. No number of a block inside a loop ever gets to it: such a one goes to the loop.
func (w *writer) dispatch(items []item) {
	place := make([]uint32, len(w.f.blocks))
	for i, it := range items {
		it.each(func(b int) { place[b] = uint32(i) })
	}
	w.out = append(w.out, wasmfile.OpLocalGet, blockNumber, wasmfile.OpBrTable)
	w.out = wasmfile.AppendU32(w.out, uint32(len(w.f.table)-1))
	for _, b := range w.f.table {
		w.out = wasmfile.AppendU32(w.out, place[b])
	}
}

func (it item) each(do func(block int)) {
	if it.loop == nil {
		do(it.block)
	}
	for _, inner := range it.loop {
		inner.each(do)
	}
}

// items writes items, behind which comes the block next.
func (w *writer) items(items []item, next int) {
	for i, it := range items {
		behind := next
		if i+1 < len(items) {
			behind = items[i+1].block
		}
		if it.loop == nil {
			w.block(it.block, behind)
		} else {
			w.open(wasmfile.OpLoop, label{again, it.block})
			w.blocks(it.loop, 1)
			w.items(it.loop, behind)
			w.close()
		}
		if i+1 < len(items) {
			w.close()
		}
	}
}

func (w *writer) block(b, behind int) {
	for _, p := range w.f.blocks[b].parts {
		w.out = append(w.out, p.code...)
		if p.branch == wasmfile.OpEnd {
			break
		}
		for range p.depth {
			w.labels = append(w.labels, label{kind: inner})
		}
		w.branch(p)
		w.labels = w.labels[:len(w.labels)-p.depth]
	}
	if w.f.blocks[b].falls && behind != b+1 {
		w.branch(part{branch: wasmfile.OpBr, target: b + 1, number: -1})
	}
}

// branch writes the branch of a part.
func (w *writer) branch(p part) {
	direct := func(l label) bool {
		return p.target == stop && l.kind == outermost ||
			p.target != stop && (l.kind == before || l.kind == again) && l.block == p.target
	}
	if depth, ok := w.depth(direct); ok {
		w.out = wasmfile.AppendU32(append(w.out, p.branch), depth)
		return
	}
	if p.branch == wasmfile.OpBrIf {
		w.open(wasmfile.OpIf, label{kind: inner})
		defer w.close()
	}
	depth, ok := w.depth(func(l label) bool { return l.kind == dispatcher })
	if !ok || p.number < 0 {
		w.failed = true
	}
	w.out = wasmfile.AppendS32(append(w.out, wasmfile.OpI32Const), p.number)
	w.out = append(w.out, wasmfile.OpLocalSet, blockNumber, wasmfile.OpBr)
	w.out = wasmfile.AppendU32(w.out, depth)
}

// depth returns the number of the innermost label that is wanted.
func (w *writer) depth(wanted func(label) bool) (uint32, bool) {
	for i := len(w.labels) - 1; i >= 0; i-- {
		if wanted(w.labels[i]) {
			return uint32(len(w.labels) - 1 - i), true
		}
	}
	return 0, false
}
