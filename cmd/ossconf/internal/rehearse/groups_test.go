package rehearse

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ossconf/ossconf/harness/tlspolicy"
)

// TestGREASE counts handshakes as alike whose random values differ.
func TestGREASE(t *testing.T) {
	g := newGroups()
	for _, value := range []string{"0x2A2A", "0xFAFA", "0x0A0A"} {
		g.add(tlspolicy.Handshake{Remote: value, OfferedVersions: []string{value, "TLSv1.2"}, OfferedSuites: []string{value, "AES128-SHA"}, OfferedGroups: []string{value}})
	}
	g.add(tlspolicy.Handshake{OfferedVersions: []string{"TLSv1.2"}, OfferedSuites: []string{"0x0A0B", "AES128-SHA"}})
	var got []string
	for _, group := range g.list {
		got = append(got, fmt.Sprint(group.Count, " ", group.offer()))
	}
	if diff := cmp.Diff([]string{"3 TLSv1.2, 1 suite", "1 TLSv1.2, 2 suites"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestManyGroups(t *testing.T) {
	g := newGroups()
	for i := range maxGroups + 3 {
		g.add(tlspolicy.Handshake{ServerName: fmt.Sprint(i)})
	}
	g.add(tlspolicy.Handshake{ServerName: "0"})
	if len(g.list) != maxGroups || g.more != 3 || g.list[0].Count != 2 {
		t.Errorf("%d groups, %d more, %d of the first", len(g.list), g.more, g.list[0].Count)
	}
}

func TestOffer(t *testing.T) {
	for _, test := range []struct {
		versions []string
		want     string
	}{
		{nil, "no hello"},
		{[]string{"TLSv1.3"}, "TLSv1.3, 0 suites"},
		{[]string{"TLSv1.3", "TLSv1.2", "TLSv1.1", "TLSv1.0"}, "TLSv1.0-1.3, 0 suites"},
		{[]string{"TLSv1.2", "TLSv1.0"}, "TLSv1.0 TLSv1.2, 0 suites"},
		{[]string{"TLSv1.0", "0x0300"}, "0x0300 TLSv1.0, 0 suites"},
		{[]string{"0x0300"}, "0x0300, 0 suites"},
	} {
		g := Group{Handshake: tlspolicy.Handshake{OfferedVersions: test.versions}}
		if got := g.offer(); got != test.want {
			t.Errorf("%v: %q, want %q", test.versions, got, test.want)
		}
	}
}

func TestChange(t *testing.T) {
	outcomes := []string{"connected", "refused", "unknown", "failed", Unable}
	for _, before := range outcomes {
		for _, now := range outcomes {
			want := map[string]string{"connected refused": Lost, "refused connected": Gained}[before+" "+now]
			if got := change(before, now); got != want {
				t.Errorf("from %s to %s: %q, want %q", before, now, got, want)
			}
		}
	}
}
