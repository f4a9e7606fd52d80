//go:build !linux && !darwin

package mockoss_test

// descriptors returns how many files this process may open.
func descriptors(want uint64) uint64 { return min(want, 4096) }
