package jumps

import "slices"

// An item is a block in its place, or a loop of items, the first of which it begins with.
type item struct {
	block int
	loop  []item // nil for a block
}

// A plan places the blocks of a function.
type plan struct {
	f          *function
	next       [][]int // what can follow each block
	dispatched []bool  // jumps back to the block go through the dispatcher
}

func (f *function) plan() []item {
	n := len(f.blocks)
	p := &plan{f: f, dispatched: make([]bool, n)}
	order := make([]int, n)
	for b := range n {
		order[b] = b
		p.next = append(p.next, f.targets(b))
	}
	for {
		if items, ok := p.place(order, -1); ok {
			return items
		}
	}
}

// place arranges the blocks of a loop that begins with header, or with a header of -1 the whole function. Where it
// fails, jumps back to one more block are marked to go through the dispatcher.
func (p *plan) place(order []int, header int) ([]item, bool) {
	position := make([]int, len(p.next))
	for i := range position {
		position[i] = -1
	}
	for i, b := range order {
		position[b] = i
	}
	ends := p.loops(order, position, header)
	var items []item
	for i := 0; i < len(order); i++ {
		if ends[i] < 0 {
			items = append(items, item{block: order[i]})
			continue
		}
		body := order[i : ends[i]+1]
		loop, ok := p.loop(body)
		if !ok {
			p.dispatched[order[i]] = true
			return nil, false
		}
		items = append(items, item{loop[0].block, loop})
		i = ends[i]
	}
	return items, true
}

// loops returns, for each place that is jumped back to, the last place that jumps there, and -1 for the others.
func (p *plan) loops(order, position []int, header int) []int {
	ends := make([]int, len(order))
	for i := range ends {
		ends[i] = -1
	}
	for i, b := range order {
		for _, t := range p.next[b] {
			if at := position[t]; 0 <= at && at <= i && t != header && !p.dispatched[t] {
				ends[at] = max(ends[at], i)
			}
		}
	}
	return ends
}

// loop arranges a body as a loop. Go's compiler often puts the test of a loop behind its body and enters there: the
// blocks are turned round until the one that is entered is the first.
//
// No block of it may stop a goroutine, because the dispatcher cannot get into a loop. It is told of the first block of a
// function, of a block behind one that stops, and, after a panic that was recovered from, of the one that calls the
// deferred functions, which stops too.
func (p *plan) loop(body []int) ([]item, bool) {
	inside := make([]bool, len(p.next))
	for _, b := range body {
		inside[b] = true
	}
	header := -1
	enter := func(b int) bool {
		if header >= 0 && header != b {
			return false
		}
		header = b
		return true
	}
	for b, targets := range p.next {
		if inside[b] {
			if p.f.blocks[b].stops || (b == 0 || p.dispatched[b]) && !enter(b) {
				return nil, false
			}
			continue
		}
		for _, t := range targets {
			if inside[t] && !enter(t) {
				return nil, false
			}
		}
	}
	i := slices.Index(body, header)
	if i < 0 {
		return nil, false
	}
	return p.place(slices.Concat(body[i:], body[:i]), header)
}
