package conform

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestSchedule(t *testing.T) {
	var runs []*runtimeRun
	byName := map[string]*runtimeRun{}
	for _, d := range []Driver{
		{Name: "cheap"}, {Name: "shared", Processes: 3}, {Name: "slow", Cost: 9, Processes: 2}, {Name: "other", Cost: 9}, {Name: "failed", Processes: 2},
	} {
		r := newRuntimeRun(t.Context(), Options{}, d, func(Progress) {})
		r.result.Asked = 1000
		runs, byName[d.Name] = append(runs, r), r
	}
	s := newSchedule(runs, 100)
	var got []string
	next := func() *runtimeRun {
		r := s.next()
		if r == nil {
			got = append(got, "none")
		} else {
			got = append(got, r.driver.Name)
		}
		return r
	}
	for range runs {
		next()
	}
	want := []string{"slow", "other", "cheap", "shared", "failed"} // the costly first, each of them once
	byName["failed"].result.Fault = &Fault{}
	byName["slow"].dealt, byName["shared"].dealt = 500, 700
	next() // slow has most left of those that take more processes
	next() // and now has two
	byName["shared"].dealt = 900
	next() // too little is left to start one more
	s.done(byName["shared"])
	s.done(byName["shared"])
	byName["shared"].dealt = 0
	next() // it has ended
	want = append(want, "slow", "shared", "none", "none")
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestRunEndsRuntimes checks that each runtime is reported to have ended once, when all its processes have.
func TestRunEndsRuntimes(t *testing.T) {
	shared, bad := fake(t, "good"), fake(t, "garbage")
	shared.Processes, bad.Processes = 2, 2
	o := fakeOptions(shared, bad, fake(t, "chatty"))
	o.Fixtures, o.Window, o.Processes = fakeCases(2000, 10), 1, 2
	ended := map[string]Progress{}
	o.Progress = func(p Progress) {
		if before, ok := ended[p.Runtime]; ok {
			t.Errorf("%+v after %+v", p, before)
		}
		if p.Ended {
			p.Elapsed = 0
			ended[p.Runtime] = p
		}
	}
	result := run(t, o)
	want := map[string]Progress{
		"good":    {Runtime: "good", Done: 2000, Total: 2000, Ended: true},
		"garbage": {Runtime: "garbage", Done: faultAt, Total: 2000, Ended: true, Failed: true},
		"chatty":  {Runtime: "chatty", Done: 2000, Total: 2000, Ended: true},
	}
	if diff := cmp.Diff(want, ended); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if n := result.Runtimes[0].Processes; n < 1 || n > 2 {
		t.Errorf("%d processes", n)
	}
}
