// Package order sorts. The functions of package slices are generic, which makes a copy of some ten kilobytes for
// every type; this is one for all.
package order

// Stable returns the numbers from 0 to n-1 in the order of less, which compares the elements with two such numbers.
// Elements that are alike stay in their order.
func Stable(n int, less func(i, j int) bool) []int {
	list, other := make([]int, n), make([]int, n)
	for i := range list {
		list[i] = i
	}
	for width := 1; width < n; width *= 2 {
		for start := 0; start < n; start += 2 * width {
			middle, end := min(start+width, n), min(start+2*width, n)
			merge(other[start:end], list[start:middle], list[middle:end], less)
		}
		list, other = other, list
	}
	return list
}

// merge merges the sorted lists a and b into dst.
func merge(dst, a, b []int, less func(i, j int) bool) {
	for i := range dst {
		if len(a) == 0 || len(b) > 0 && less(b[0], a[0]) {
			dst[i], b = b[0], b[1:]
		} else {
			dst[i], a = a[0], a[1:]
		}
	}
}
