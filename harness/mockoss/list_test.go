package mockoss

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ossconf/ossconf/harness/mockoss/internal/state"
)

// naive is a listing as its documentation describes it, without regard to what it costs.
func naive(keys []string, prefix, marker, delimiter string, limit int) (entries []string, more bool) {
	for _, key := range keys {
		if !strings.HasPrefix(key, prefix) {
			continue
		}
		entry := key
		if delimiter != "" {
			if i := strings.Index(key[len(prefix):], delimiter); i >= 0 {
				entry = key[:len(prefix)+i+len(delimiter)]
			}
		}
		if entry > marker && !slices.Contains(entries, entry) {
			entries = append(entries, entry)
		}
	}
	if len(entries) > limit {
		return entries[:limit], true
	}
	return entries, false
}

func TestPagesAreWhatTheDocumentationDescribes(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	store, err := state.Open("", 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	word := func(n int) string {
		var b strings.Builder
		for range r.IntN(n) {
			b.WriteByte("ab/"[r.IntN(3)])
		}
		return b.String()
	}
	var keys []string
	err = store.Update(func(tx *state.Tx) error {
		if err := tx.PutBucket(state.Bucket{Name: "b"}); err != nil {
			return err
		}
		for range 60 {
			key := word(7) + "k"
			if !slices.Contains(keys, key) {
				keys = append(keys, key)
			}
			if err := tx.PutObject("b", &state.Object{Key: key}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(keys)
	for range 20000 {
		prefix, delimiter, limit := word(3), []string{"", "/", "a", "b/"}[r.IntN(4)], 1+r.IntN(5)
		marker, got := "", []string(nil)
		for range 100 {
			var p page
			store.View(func(tx *state.Tx) error {
				p = pageOf(tx, "b", prefix, marker, delimiter, limit)
				return nil
			})
			var entries []string
			for _, o := range p.objects {
				entries = append(entries, o.Key)
			}
			entries = append(entries, p.prefixes...)
			slices.Sort(entries)
			want, more := naive(keys, prefix, marker, delimiter, limit)
			slices.Sort(want)
			what := fmt.Sprintf("prefix %q, marker %q, delimiter %q, limit %d", prefix, marker, delimiter, limit)
			if diff := cmp.Diff(want, entries); diff != "" {
				t.Fatalf("%s (-want +got):\n%s", what, diff)
			}
			if more != p.more || more && p.last != slices.Max(entries) {
				t.Fatalf("%s: more %v after %q, want %v", what, p.more, p.last, more)
			}
			got = append(got, entries...)
			if marker = p.last; !p.more {
				break
			}
		}
		if want, _ := naive(keys, prefix, "", delimiter, 1000); !slices.Equal(want, got) {
			t.Fatalf("prefix %q, delimiter %q, limit %d: pages have\n%q, want\n%q", prefix, delimiter, limit, got, want)
		}
	}
}
