//go:build linux || darwin

package mockoss_test

import (
	"os/signal"
	"syscall"
	"testing"
)

// descriptors lets this process open want files, or as many as it may, and returns how many.
func descriptors(want uint64) uint64 {
	for _, hard := range []bool{true, false} { // only root may raise the hard limit
		var l syscall.Rlimit
		if syscall.Getrlimit(syscall.RLIMIT_NOFILE, &l) != nil {
			break
		}
		if l.Cur >= want {
			return l.Cur
		}
		if hard {
			l.Max = max(l.Max, want)
		}
		l.Cur = min(want, l.Max)
		if syscall.Setrlimit(syscall.RLIMIT_NOFILE, &l) == nil {
			return l.Cur
		}
	}
	return 256
}

// limitFiles makes writing fail where a file would become larger than size.
func limitFiles(t *testing.T, size uint64) {
	t.Helper()
	signal.Ignore(syscall.SIGXFSZ) // or it would end the process
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: size, Max: size}); err != nil {
		t.Fatal(err)
	}
}
