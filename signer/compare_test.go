package signer

import (
	"fmt"
	"strings"
	"testing"
)

// The order of encoded names is found without encoding them: for all pairs of short names.
func TestCompareEscaped(t *testing.T) {
	var names []string
	for i := range 256 {
		names = append(names, string([]byte{byte(i)}), string([]byte{'a', byte(i)}))
	}
	names = append(names, "", "ab", "a b", "a%20b")
	sign := func(n int) int { return min(1, max(-1, n)) }
	for _, a := range names {
		for _, b := range names {
			want := strings.Compare(string(appendEscaped(nil, a, false)), string(appendEscaped(nil, b, false)))
			if got := sign(compareEscaped(a, b)); got != want {
				t.Errorf("%q and %q: %d, want %d", a, b, got, want)
			}
		}
	}
}

func TestHex(t *testing.T) {
	for i := range 256 {
		var digest [32]byte
		for j := range digest {
			digest[j] = byte(i + 37*j)
		}
		if got, want := string(appendHex([]byte("x"), &digest)), fmt.Sprintf("x%x", digest); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}
