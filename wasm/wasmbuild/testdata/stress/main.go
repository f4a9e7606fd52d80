// Package main is a reactor that works the Go runtime's tables of functions hard: panics of every kind, stacks that grow,
// garbage collections with live pointers in many frames, deferred calls, maps.
package main

import "runtime"

func main() {}

//go:wasmexport stress
func stress(rounds int32) (sum int64) {
	for i := range rounds {
		sum = sum*31 + panics(int(i)%6)
		sum = sum*31 + deep(int(i)%300+1, &node{value: int64(i)})
		sum = sum*31 + maps(int(i))
		if i%16 == 0 {
			runtime.GC()
		}
	}
	return sum
}

type node struct {
	next  *node
	value int64
}

// deep keeps a list alive from its frames only, makes garbage beside it, and adds the list up on the way back.
func deep(n int, tail *node) int64 {
	if n == 0 {
		runtime.GC()
		return tail.value
	}
	var frame [64]int64 // so that the stack grows
	frame[n%64] = int64(n)
	head := &node{tail, int64(n)}
	garbage = make([]byte, 1000)
	return deep(n-1, head)*3 + head.value + head.next.value + frame[n%64]
}

var garbage []byte

// panics panics in one of several ways below some frames, recovers and goes on.
func panics(kind int) (result int64) {
	defer func() {
		switch e := recover().(type) {
		case nil:
			result = -1
		case runtime.Error:
			result = int64(len(e.Error()))
		case string:
			result += int64(len(e))
		}
	}()
	for range 3 {
		defer func() { result += 7 }()
	}
	return raise(kind, nil, []int64{1, 2, 3})
}

//go:noinline
func raise(kind int, null *node, list []int64) int64 {
	defer func() { garbage = nil }()
	switch kind {
	case 0:
		return null.value
	case 1:
		return list[kind+len(list)]
	case 2:
		return list[0] / int64(len(garbage))
	case 3:
		panic("a string")
	case 4:
		defer func() { panic("a second panic") }()
		panic("a first one")
	}
	return 0
}

func maps(n int) (sum int64) {
	m := make(map[string]*node)
	for i := range 50 {
		m[string(rune('a'+(i*n)%60))] = &node{value: int64(i)}
	}
	for key, v := range m {
		sum += int64(key[0]) * v.value
	}
	return sum
}
