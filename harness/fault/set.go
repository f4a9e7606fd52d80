package fault

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"sync"
	"time"
)

// ErrNotFound is the cause of an error about an ID that no rule of a set has.
var ErrNotFound = errors.New("fault: no such rule")

// A Set holds rules and decides by them. The zero value is empty and ready to use, and so is a nil one to decide
// with. It is safe for concurrent use: requests that come at the same time are decided upon one after the other.
type Set struct {
	mu    sync.Mutex
	rules []*live
	last  int // number in the last ID that was made up
}

// A State is a rule of a set and what became of it.
type State struct {
	Rule
	Matched uint64 // requests that matched, those skipped included
	Fired   uint64 // of these, the ones it happened to
}

// MarshalJSON writes the rule with its ID and the counters matched and fired, for people to look at.
func (s State) MarshalJSON() ([]byte, error) {
	return s.Rule.appendJSON(fmt.Appendf(nil, `"matched":%d,"fired":%d`, s.Matched, s.Fired))
}

// A live is a rule at work. Its Rule does not change any more: plans refer to it.
type live struct {
	State
	random *rand.Rand
}

func newLive(r Rule) *live {
	return &live{State: State{Rule: r}, random: rand.New(rand.NewPCG(r.Seed, 0))}
}

// Load replaces all rules of the set by the given ones, which start anew: with counters of zero and at the start of
// their random numbers. When one is wrong, the error is a *[RuleError] and nothing changes.
func (s *Set) Load(rules ...Rule) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	fresh, last, err := join(nil, 0, rules)
	if err == nil {
		s.rules, s.last = fresh, last
	}
	return err
}

// Add puts rules at the end of the set and returns their IDs. When one is wrong, the error is a *[RuleError] and none
// is added.
func (s *Set) Add(rules ...Rule) ([]string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	fresh, last, err := join(s.rules, s.last, rules)
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, l := range fresh[len(s.rules):] {
		ids = append(ids, l.ID)
	}
	s.rules, s.last = fresh, last
	return ids, nil
}

// Replace puts r in the place of the rule with the given ID, which it keeps when it has none of its own. It starts
// anew. The error wraps [ErrNotFound] or is a *[RuleError]; nothing changes then.
func (s *Set) Replace(id string, r Rule) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	i := find(s.rules, id)
	if i < 0 {
		return fmt.Errorf("%w: %q", ErrNotFound, clip(id))
	}
	if r.ID == "" {
		r.ID = id
	}
	if e := r.check(); e != nil {
		return e
	}
	if j := find(s.rules, r.ID); j >= 0 && j != i {
		return &RuleError{Index: -1, Member: "id", Problem: taken(r.ID)}
	}
	s.rules[i] = newLive(r)
	return nil
}

// Remove takes rules out of the set. When there is none with one of the IDs, the error wraps [ErrNotFound] and none is
// taken out.
func (s *Set) Remove(ids ...string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, id := range ids {
		if find(s.rules, id) < 0 {
			return fmt.Errorf("%w: %q", ErrNotFound, clip(id))
		}
	}
	s.rules = slices.DeleteFunc(s.rules, func(l *live) bool { return slices.Contains(ids, l.ID) })
	return nil
}

// List returns the rules in their order.
func (s *Set) List() []State {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := make([]State, 0, len(s.rules))
	for _, l := range s.rules {
		list = append(list, l.State)
	}
	return list
}

// MarshalJSON writes the array of what [Set.List] returns.
func (s *Set) MarshalJSON() ([]byte, error) { return json.Marshal(s.List()) }

// join returns old and, behind it, rules, with IDs made up where there are none. last is the number of the last one.
func join(old []*live, last int, rules []Rule) ([]*live, int, error) {
	all := slices.Clone(old)
	for i, r := range rules {
		e := r.check()
		if e == nil && r.ID != "" && find(all, r.ID) >= 0 {
			e = &RuleError{Member: "id", Problem: taken(r.ID)}
		}
		if e != nil {
			e.Index = i
			return nil, 0, e
		}
		all = append(all, newLive(r))
	}
	for _, l := range all {
		for l.ID == "" {
			last++
			if id := strconv.Itoa(last); find(all, id) < 0 {
				l.ID = id
			}
		}
	}
	return all, last, nil
}

func find(rules []*live, id string) int {
	return slices.IndexFunc(rules, func(l *live) bool { return l.ID == id })
}

func taken(id string) string { return fmt.Sprintf("%q is another rule's; each needs its own", id) }

// Decide says what happens to a request. It counts: call it once for each.
func (s *Set) Decide(q Request) Plan {
	if s == nil {
		return Plan{}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	var due []candidate
	for _, l := range s.rules {
		if c, ok := l.consider(q); ok {
			due = append(due, c)
		}
	}
	return choose(due)
}

// A candidate is a rule that is due for a request.
type candidate struct {
	*live
	delay time.Duration // of Latency, jitter included
}

// consider reports whether the rule is due. It draws the same numbers for each matching request, whether they are
// needed or not: Skip, Count and what other rules do shall not shift them.
func (l *live) consider(q Request) (candidate, bool) {
	if !l.matches(q) {
		return candidate{}, false
	}
	l.Matched++
	chance, jitter := l.random.Float64(), l.random.Float64()
	due := l.Matched > uint64(l.Skip) &&
		(l.Count == 0 || l.Fired < uint64(l.Count)) &&
		(l.Probability == 0 || chance < l.Probability)
	return candidate{l, l.Delay + time.Duration(jitter*float64(l.Jitter))}, due
}
