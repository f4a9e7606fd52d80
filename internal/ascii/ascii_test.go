package ascii_test

import (
	"strings"
	"testing"

	"github.com/ossconf/ossconf/internal/ascii"
)

// In every single byte, and what differs from it, ASCII alone decides.
func TestEveryByte(t *testing.T) {
	for a := range 256 {
		s := "x" + string([]byte{byte(a)}) + "Y"
		want := s
		if a < 0x80 {
			want = strings.ToLower(s)
		} else {
			want = "x" + s[1:2] + "y"
		}
		if got := ascii.Lower(s); got != want {
			t.Errorf("Lower(%q) = %q, want %q", s, got, want)
		}
		for b := range 256 {
			x, y := string([]byte{byte(a)}), string([]byte{byte(b)})
			want := a == b || a < 0x80 && b < 0x80 && strings.EqualFold(x, y)
			if got := ascii.EqualFold(x, y); got != want {
				t.Errorf("EqualFold(%q, %q) = %v", x, y, got)
			}
		}
	}
}

func TestLower(t *testing.T) {
	for s, want := range map[string]string{"": "", "abc-1.2": "abc-1.2", "ABC": "abc", "aÉK": "aÉk", "\u212A": "\u212A"} {
		if got := ascii.Lower(s); got != want {
			t.Errorf("Lower(%q) = %q, want %q", s, got, want)
		}
	}
}

func TestEqualFold(t *testing.T) {
	for _, test := range []struct {
		a, b string
		want bool
	}{{"", "", true}, {"TLSv1.2", "tlsV1.2", true}, {"a", "ab", false}, {"k", "\u212A", false}, {"É", "é", false}, {"[", "{", false}, {"@", "`", false}} {
		if got := ascii.EqualFold(test.a, test.b); got != test.want {
			t.Errorf("EqualFold(%q, %q) = %v", test.a, test.b, got)
		}
	}
}
