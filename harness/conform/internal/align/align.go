// Package align finds what two texts have in common, for showing where they differ.
//
// Call [Common] with two texts of a few hundred bytes.
package align

import "unicode/utf8"

// shortest is how many characters in a row have to be common to count: fewer of them, found by chance in texts that
// have little to do with each other, only disturb the eye.
const shortest = 3

// Common reports for each byte of a and of b whether it belongs to what they have in common, in the same order. It takes
// time and memory in proportion to the product of the lengths. If both are UTF-8, characters are never taken apart.
func Common(a, b []byte) (inA, inB []bool) {
	split := utf8.Valid(a) && utf8.Valid(b)
	x, y := units(a, split), units(b, split)
	sameX, sameY := make([]bool, len(x)), make([]bool, len(y))
	head := 0
	for head < len(x) && head < len(y) && x[head] == y[head] {
		sameX[head], sameY[head] = true, true
		head++
	}
	tail := 0
	for tail < len(x)-head && tail < len(y)-head && x[len(x)-1-tail] == y[len(y)-1-tail] {
		sameX[len(x)-1-tail], sameY[len(y)-1-tail] = true, true
		tail++
	}
	middle(x[head:len(x)-tail], y[head:len(y)-tail], sameX[head:], sameY[head:])
	return spread(x, sameX), spread(y, sameY)
}

// units splits text into its characters or its bytes.
func units(text []byte, characters bool) []string {
	var list []string
	for len(text) > 0 {
		n := 1
		if characters {
			_, n = utf8.DecodeRune(text)
		}
		list = append(list, string(text[:n]))
		text = text[n:]
	}
	return list
}

func spread(units []string, same []bool) []bool {
	var bytes []bool
	for i, u := range units {
		for range len(u) {
			bytes = append(bytes, same[i])
		}
	}
	return bytes
}

// middle marks a longest common subsequence of x and y, of which it leaves out what is too short in a row.
func middle(x, y []string, sameX, sameY []bool) {
	width := len(y) + 1
	length := make([]int, (len(x)+1)*width) // of the longest common subsequence of x[i:] and y[j:]
	for i := len(x) - 1; i >= 0; i-- {
		for j := len(y) - 1; j >= 0; j-- {
			if x[i] == y[j] {
				length[i*width+j] = length[(i+1)*width+j+1] + 1
			} else {
				length[i*width+j] = max(length[(i+1)*width+j], length[i*width+j+1])
			}
		}
	}
	for i, j := 0, 0; i < len(x) && j < len(y); {
		run := 0
		for i+run < len(x) && j+run < len(y) && x[i+run] == y[j+run] {
			run++
		}
		switch {
		case run >= shortest:
			for k := range run {
				sameX[i+k], sameY[j+k] = true, true
			}
			fallthrough
		case run > 0:
			i, j = i+run, j+run
		case length[(i+1)*width+j] >= length[i*width+j+1]:
			i++
		default:
			j++
		}
	}
}
