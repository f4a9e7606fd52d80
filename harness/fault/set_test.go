package fault_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/ossconf/ossconf/harness/fault"
)

func load(t *testing.T, rules ...fault.Rule) *fault.Set {
	t.Helper()
	s := new(fault.Set)
	if err := s.Load(rules...); err != nil {
		t.Fatal(err)
	}
	return s
}

// decisions returns one character per request: # where a rule fired, . where none did.
func decisions(s *fault.Set, q fault.Request, n int) string {
	var b strings.Builder
	for range n {
		if len(s.Decide(q).IDs()) > 0 {
			b.WriteByte('#')
		} else {
			b.WriteByte('.')
		}
	}
	return b.String()
}

func TestMatch(t *testing.T) {
	q := fault.Request{Method: "PUT", Bucket: "examplebucket", Operation: "PutBucketHttpsConfig"}
	for _, test := range []struct {
		rule fault.Rule
		q    fault.Request
		want bool
	}{
		{fault.Rule{}, q, true},
		{fault.Rule{}, fault.Request{}, true},
		{fault.Rule{Method: "PUT", Bucket: "examplebucket", Operation: "PutBucketHttpsConfig"}, q, true},
		{fault.Rule{Method: "PUT"}, q, true},
		{fault.Rule{Method: "GET"}, q, false},
		{fault.Rule{Bucket: "examplebucket"}, q, true},
		{fault.Rule{Bucket: "example"}, q, false},
		{fault.Rule{Bucket: "EXAMPLEBUCKET"}, q, false},
		{fault.Rule{Operation: "PutBucketHttpsConfig"}, q, true},
		{fault.Rule{Operation: "PutBucket"}, q, false},
		{fault.Rule{Operation: "PutBucket"}, fault.Request{Method: "PUT"}, false},
		{fault.Rule{Method: "PUT", Bucket: "another"}, q, false},
	} {
		test.rule.Kind = fault.Reset
		s := load(t, test.rule)
		if got := s.Decide(test.q).IDs() != nil; got != test.want {
			t.Errorf("%+v matches %+v: %t", test.rule, test.q, got)
		}
		if st := s.List()[0]; (st.Matched == 1) != test.want || st.Fired != st.Matched {
			t.Errorf("%+v: matched %d, fired %d", test.rule, st.Matched, st.Fired)
		}
	}
}

// The decisions are written out: a run must come out the same next year.
func TestWhen(t *testing.T) {
	for _, test := range []struct {
		name string
		rule fault.Rule
		want string
	}{
		{"always", fault.Rule{}, "####################"},
		{"skip", fault.Rule{Skip: 3}, "...#################"},
		{"count", fault.Rule{Count: 2}, "##.................."},
		{"skip and count", fault.Rule{Skip: 3, Count: 2}, "...##..............."},
		{"probability 1", fault.Rule{Probability: 1, Seed: 5}, "####################"},
		{"tiny probability", fault.Rule{Probability: math.SmallestNonzeroFloat64}, "...................."},
		{"half", fault.Rule{Probability: 0.5}, half0},
		{"half, another seed", fault.Rule{Probability: 0.5, Seed: 1}, half1},
		{"half, skip", fault.Rule{Probability: 0.5, Skip: 7}, "......." + half0[7:]},
		{"half, count", fault.Rule{Probability: 0.5, Seed: 1, Count: 3}, upTo(half1, 3)},
	} {
		t.Run(test.name, func(t *testing.T) {
			test.rule.Kind = fault.Reset
			s := load(t, test.rule)
			got := decisions(s, fault.Request{}, len(test.want))
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			st := s.List()[0]
			if st.Matched != uint64(len(test.want)) || st.Fired != uint64(strings.Count(test.want, "#")) {
				t.Errorf("matched %d, fired %d", st.Matched, st.Fired)
			}
			// Once more from the start.
			if err := s.Replace(st.ID, test.rule); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(got, decisions(s, fault.Request{}, len(test.want))); diff != "" {
				t.Errorf("(-first run +second run):\n%s", diff)
			}
		})
	}
}

// What the first twenty numbers of the seeds 0 and 1 decide.
const (
	half0 = ".##....####.#..#.#.."
	half1 = "##.#.###.####..#.###"
)

// upTo leaves the first n hits.
func upTo(decisions string, n int) string {
	parts := strings.SplitAfterN(decisions, "#", n+1)
	return strings.Join(parts[:n], "") + strings.ReplaceAll(parts[n], "#", ".")
}

// Requests that do not match, and other rules, do not shift what a rule decides.
func TestSequencesAreIndependent(t *testing.T) {
	puts := fault.Rule{ID: "puts", Method: "PUT", Kind: fault.Latency, Delay: 1, Probability: 0.5, Seed: 1}
	s := load(t, fault.Rule{Kind: fault.Latency, Delay: 1, Probability: 0.3, Seed: 9}, puts, fault.Rule{Kind: fault.Reset, Probability: 0.1})
	var got strings.Builder
	for i := range 60 {
		if i%3 != 0 {
			s.Decide(fault.Request{Method: "GET"})
			continue
		}
		if strings.Contains(strings.Join(s.Decide(fault.Request{Method: "PUT"}).IDs(), " "), "puts") {
			got.WriteByte('#')
		} else {
			got.WriteByte('.')
		}
	}
	if diff := cmp.Diff(half1, got.String()); diff != "" {
		t.Errorf("(-alone +in company):\n%s", diff)
	}
}

// The share of hits is what was asked for, within four standard deviations of what a fair draw gives; the seed is
// fixed, so the test does not vary.
func TestProbability(t *testing.T) {
	const n = 10000
	for _, p := range []float64{0.01, 0.1, 0.5, 0.9, 0.99} {
		s := load(t, fault.Rule{Kind: fault.Reset, Probability: p, Seed: 42})
		hits := float64(strings.Count(decisions(s, fault.Request{}, n), "#"))
		if off := math.Abs(hits - n*p); off > 4*math.Sqrt(n*p*(1-p)) {
			t.Errorf("probability %v: %v of %d", p, hits, n)
		}
	}
}

// Which of several rules fire; the rules are named after their kinds.
func TestCombination(t *testing.T) {
	rule := map[string]fault.Rule{
		"latency": {Kind: fault.Latency, Delay: time.Second}, "latency-after": {Kind: fault.Latency, Delay: time.Second, After: true},
		"reset": {Kind: fault.Reset}, "reset-after": {Kind: fault.Reset, After: true},
		"status": {Kind: fault.Status, Status: 500, Code: "InternalError"}, "throttle": {Kind: fault.Throttle},
		"truncate": {Kind: fault.Truncate}, "malformed": {Kind: fault.MalformedXML}, "date": {Kind: fault.Date, Offset: time.Hour},
	}
	for _, test := range []struct{ rules, fired string }{
		{"latency latency latency-after", "latency latency latency-after"},
		{"latency status", "latency status"},
		{"status latency latency-after date malformed", "status latency latency-after date malformed"},
		{"status throttle reset", "status"},
		{"throttle status", "throttle"},
		{"reset status", "reset"},
		{"truncate malformed", "truncate"},
		{"malformed truncate date date", "malformed date"},
		{"latency latency-after truncate malformed date reset", "latency reset"},
		{"latency latency-after truncate date reset-after status", "latency latency-after reset-after"},
		{"date status truncate reset", "date status truncate"},
	} {
		var rules []fault.Rule
		var want []string
		for i, name := range strings.Fields(test.rules) {
			r := rule[name]
			r.ID = fmt.Sprintf("%s.%d", name, i)
			r.Count = 1
			rules = append(rules, r)
		}
		s := load(t, rules...)
		got := s.Decide(fault.Request{}).IDs()
		for _, id := range got {
			name, _, _ := strings.Cut(id, ".")
			want = append(want, name)
		}
		if diff := cmp.Diff(test.fired, strings.Join(want, " ")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.rules, diff)
		}
		// What gave way has matched, and is there for the next request.
		for _, st := range s.List() {
			fired := strings.Contains(strings.Join(got, " ")+" ", st.ID+" ")
			if st.Matched != 1 || (st.Fired == 1) != fired {
				t.Errorf("%s: %s matched %d, fired %d", test.rules, st.ID, st.Matched, st.Fired)
			}
		}
		if next := s.Decide(fault.Request{}).IDs(); len(got) < len(rules) && len(next) == 0 {
			t.Errorf("%s: nothing is left for the second request", test.rules)
		}
	}
}

func TestEdit(t *testing.T) {
	var s fault.Set
	reset := fault.Rule{Kind: fault.Reset}
	named := func(id string, k fault.Kind) fault.Rule { return fault.Rule{ID: id, Kind: k} }
	ids := func() string {
		var list []string
		for _, st := range s.List() {
			list = append(list, st.ID+":"+string(st.Kind))
		}
		return strings.Join(list, " ")
	}
	add := func(rules ...fault.Rule) error { _, err := s.Add(rules...); return err }
	for _, step := range []struct {
		name string
		do   func() error
		err  string // "" for none
		want string
	}{
		{"load", func() error { return s.Load(named("2", fault.Reset), reset) }, "", "2:reset 1:reset"},
		{"add", func() error { return add(reset, named("x", fault.Throttle)) }, "", "2:reset 1:reset 3:reset x:throttle"},
		{"add one that is there", func() error { return add(reset, named("x", fault.Reset)) }, "rules[1].id", "2:reset 1:reset 3:reset x:throttle"},
		{"add one twice", func() error { return add(named("y", fault.Reset), named("y", fault.Reset)) }, "rules[1].id", "2:reset 1:reset 3:reset x:throttle"},
		{"add a bad one", func() error { return add(reset, fault.Rule{}) }, "rules[1].kind", "2:reset 1:reset 3:reset x:throttle"},
		{"replace", func() error { return s.Replace("1", fault.Rule{Kind: fault.Throttle}) }, "", "2:reset 1:throttle 3:reset x:throttle"},
		{"rename", func() error { return s.Replace("1", named("z", fault.Reset)) }, "", "2:reset z:reset 3:reset x:throttle"},
		{"rename to another's", func() error { return s.Replace("z", named("x", fault.Reset)) }, "rule.id", "2:reset z:reset 3:reset x:throttle"},
		{"replace by a bad one", func() error { return s.Replace("z", fault.Rule{Kind: "no"}) }, "rule.kind", "2:reset z:reset 3:reset x:throttle"},
		{"replace none", func() error { return s.Replace("1", reset) }, "no such rule: \"1\"", "2:reset z:reset 3:reset x:throttle"},
		{"remove", func() error { return s.Remove("2", "x") }, "", "z:reset 3:reset"},
		{"remove one of two", func() error { return s.Remove("z", "2") }, "no such rule: \"2\"", "z:reset 3:reset"},
		{"an ID is not given twice", func() error { return add(reset) }, "", "z:reset 3:reset 4:reset"},
		{"load a bad one", func() error { return s.Load(reset, fault.Rule{Kind: fault.Reset, Skip: -1}) }, "rules[1].skip", "z:reset 3:reset 4:reset"},
		{"load nothing", func() error { return s.Load() }, "", ""},
	} {
		err := step.do()
		switch {
		case (err == nil) != (step.err == ""):
			t.Errorf("%s: %v", step.name, err)
		case err != nil && !strings.Contains(err.Error(), step.err):
			t.Errorf("%s: %v has no %q", step.name, err, step.err)
		case err != nil && !errors.Is(err, fault.ErrRule) && !errors.Is(err, fault.ErrNotFound):
			t.Errorf("%s: %v wraps nothing", step.name, err)
		}
		if diff := cmp.Diff(step.want, ids()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", step.name, diff)
		}
	}
}

func TestSetJSON(t *testing.T) {
	s := load(t, fault.Rule{Kind: fault.Latency, Delay: 150 * time.Millisecond, Skip: 1}, fault.Rule{ID: "x", Method: "GET", Kind: fault.Throttle})
	for range 3 {
		s.Decide(fault.Request{Method: "PUT"})
	}
	got, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	want := `[{"id":"1","skip":1,"kind":"latency","delay":"150ms","matched":3,"fired":2},` +
		`{"id":"x","method":"GET","kind":"throttle","matched":0,"fired":0}]`
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got, err := json.Marshal(new(fault.Set)); err != nil || string(got) != "[]" {
		t.Errorf("empty set: %s, %v", got, err)
	}
	if _, err := json.Marshal(fault.Rule{Kind: fault.Reset, Probability: math.NaN()}); err == nil {
		t.Error("NaN was written")
	}
}

func TestNilSet(t *testing.T) {
	var s *fault.Set
	if ids := s.Decide(fault.Request{}).IDs(); ids != nil {
		t.Errorf("%v", ids)
	}
}

// However requests interleave, the same number is hit.
func TestConcurrentUse(t *testing.T) {
	rule := fault.Rule{ID: "r", Kind: fault.Reset, Probability: 0.5, Skip: 10, Count: 300, Seed: 3}
	want := strings.Count(decisions(load(t, rule), fault.Request{}, 800), "#")
	s := load(t, rule)
	var wg sync.WaitGroup
	var mu sync.Mutex
	fired := 0
	for i := range 8 {
		wg.Go(func() {
			for range 100 {
				n := len(s.Decide(fault.Request{}).IDs())
				mu.Lock()
				fired += n
				mu.Unlock()
			}
			id := fmt.Sprint("other", i)
			if _, err := s.Add(fault.Rule{ID: id, Bucket: "none", Kind: fault.Reset}); err != nil {
				t.Error(err)
			}
			if err := s.Replace(id, fault.Rule{Bucket: "none", Kind: fault.Throttle}); err != nil {
				t.Error(err)
			}
			json.Marshal(s)
			if err := s.Remove(id); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if diff := cmp.Diff([]fault.State{{Rule: rule, Matched: 800, Fired: uint64(want)}}, s.List()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if fired != want {
		t.Errorf("%d fired, want %d", fired, want)
	}
}
