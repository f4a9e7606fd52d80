package mockoss_test

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/ossconf/ossconf/harness/fault"
	"github.com/ossconf/ossconf/harness/mockoss"
)

// mishaps returns one rule of every sort, each as likely as p says.
func mishaps(p float64) []fault.Rule {
	const ms = time.Millisecond
	rules := []fault.Rule{
		{ID: "late", Kind: fault.Latency, Delay: ms, Jitter: 2 * ms},
		{ID: "late-answer", Kind: fault.Latency, Delay: ms, Jitter: 2 * ms, After: true},
		{ID: "reset", Kind: fault.Reset},
		{ID: "reset-after", Kind: fault.Reset, After: true},
		{ID: "500", Kind: fault.Status, Status: 500, Code: "InternalError"},
		{ID: "500-after", Kind: fault.Status, Status: 500, Code: "InternalError", After: true},
		{ID: "503", Kind: fault.Status, Status: 503, Code: "ServiceUnavailable"},
		{ID: "503-after", Kind: fault.Status, Status: 503, Code: "ServiceUnavailable", After: true},
		// Its answer carries the right time, and with wrong-date an hour's error: the SDK sets its clock by it.
		{ID: "skewed", Kind: fault.Status, Status: 403, Code: "RequestTimeTooSkewed"},
		{ID: "throttle", Kind: fault.Throttle},
		{ID: "throttle-429", Kind: fault.Throttle, Code: "QpsLimitExceeded"},
		{ID: "truncate", Kind: fault.Truncate},
		{ID: "truncate-late", Kind: fault.Truncate, Bytes: 1000},
		{ID: "malformed", Kind: fault.MalformedXML},
		{ID: "wrong-date", Kind: fault.Date, Offset: time.Hour},
		{ID: "wrong-date-back", Kind: fault.Date, Offset: -time.Hour},
	}
	for i := range rules {
		rules[i].Probability, rules[i].Seed = p, uint64(i+1)
	}
	return rules
}

// TestFaults writes, reads and deletes under all sorts of faults. What was acknowledged has to be there at any time,
// or what was sent later and not acknowledged; and nothing else.
func TestFaults(t *testing.T) {
	t.Run("in memory", func(t *testing.T) { testFaults(t, "", 10_000, 0.01) })
	t.Run("in a folder", func(t *testing.T) { testFaults(t, t.TempDir(), 1_000, 0.05) })
}

func testFaults(t *testing.T, dir string, operations int, p float64) {
	const workers = 8
	o := mockoss.Options{DataDir: dir, Faults: mishaps(p)}
	for i := range workers {
		o.Buckets = append(o.Buckets, fmt.Sprintf("bucket-%d", i))
	}
	s := mockoss.NewServer(o)
	defer s.Close()
	var all []*cell
	var tallies [workers]tally
	var sent [workers]*int64
	var wg sync.WaitGroup
	for i := range workers {
		// A bucket's configuration has one writer, its objects have two.
		var cells []*cell
		for _, b := range []int{i, (i + 1) % workers} {
			for k := range 3 {
				cells = append(cells, newCell(o.Buckets[b], fmt.Sprintf("of-%d/%d", i, k)))
			}
		}
		cells = append(cells, newCell(o.Buckets[i], ""))
		all = append(all, cells...)
		var client storage
		if i%2 == 0 {
			v := newVendor(s)
			client, sent[i] = v, v.sent
		} else {
			l := newLoop(s.URL)
			client, sent[i] = l, l.sent
		}
		r := rand.New(rand.NewPCG(1, uint64(i)))
		wg.Go(func() { tallies[i] = work(r, client, cells, operations/workers) })
	}
	wg.Wait()

	total, requests := tally{}, int64(0)
	for i := range tallies {
		for _, err := range tallies[i].wrong {
			t.Error(err)
		}
		total.reads.done += tallies[i].reads.done
		total.reads.failed += tallies[i].reads.failed
		total.writes.done += tallies[i].writes.done
		total.writes.failed += tallies[i].writes.failed
		requests += *sent[i]
	}
	t.Logf("%d requests; writes %+v, reads %+v", requests, total.writes, total.reads)
	for _, kind := range []struct{ done, failed int }{total.writes, total.reads} {
		if kind.failed > kind.done/5 {
			t.Error("too little got through to tell anything: do the clients retry?")
		}
	}
	for _, rule := range s.Faults().List() {
		t.Logf("%-16s fired for %3d of %d requests", rule.ID, rule.Fired, rule.Matched)
		if rule.Fired == 0 {
			t.Errorf("%s never fired", rule.ID)
		}
	}

	s.Faults().Load()
	if dir != "" { // what was acknowledged has to be on disk
		s.Close()
		s = mockoss.NewServer(mockoss.Options{DataDir: dir})
		defer s.Close()
	}
	l := newLoop(s.URL)
	for _, c := range all {
		if err := c.read(l); err != nil {
			t.Error(err)
		}
	}
}
