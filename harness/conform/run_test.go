package conform

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// fake returns a driver that misbehaves as how says.
func fake(t *testing.T, how string) Driver {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return Driver{Name: how, Argv: []string{self}, Env: []string{
		driverEnv + "=" + how,
		"GORACE=atexit_sleep_ms=0", // a program under the race detector lingers for a second otherwise
	}}
}

// fakeCases returns n cases, with inputs of some size.
func fakeCases(n, size int) []Case {
	cases := make([]Case, n)
	for i := range cases {
		in := fmt.Appendf(nil, "input %d ", i)
		cases[i] = Case{ID: fmt.Sprintf("case-%d", i), Op: fakeOperations[i%2], In: append(in, strings.Repeat("x", size)...)}
	}
	return cases
}

func fakeOptions(drivers ...Driver) Options {
	return Options{
		Drivers: drivers, Fixtures: fakeCases(40, 10), Cases: 1, // no generated ones
		Reference: fakeCall, ABI: 1, Operations: fakeOperations,
	}
}

func run(t *testing.T, o Options) *Result {
	t.Helper()
	result, err := Run(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	return result
}

// expireAt makes the time limit of o pass when the answer with this number, from 0, is compared, and never before.
func expireAt(o *Options, number int) {
	var mu sync.Mutex
	var expired func()
	seen := 0
	o.startTimer = func(_ time.Duration, f func()) stopper {
		mu.Lock()
		defer mu.Unlock()
		expired = f
		return noTimer{}
	}
	o.Reference = func(ctx context.Context, op string, in []byte) (byte, []byte, error) {
		mu.Lock()
		defer mu.Unlock()
		if seen == number {
			expired()
		}
		seen++
		return fakeCall(ctx, op, in)
	}
}

type noTimer struct{}

func (noTimer) Reset(time.Duration) bool { return true }
func (noTimer) Stop() bool               { return true }

func TestRunPasses(t *testing.T) {
	for _, how := range []string{"good", "chatty"} {
		t.Run(how, func(t *testing.T) {
			got := run(t, fakeOptions(fake(t, how)))
			if err := got.Err(); err != nil {
				t.Fatal(err)
			}
			want := RuntimeResult{
				Name: how, About: fakeAbout, Asked: 40, Every: 1, Cases: 40, Processes: 1,
				Operations: map[string]Count{"echo": {Cases: 20}, "refuse": {Cases: 20}},
			}
			if got.Runtimes[0].PerCall <= 0 || got.Runtimes[0].PerCall > got.Elapsed {
				t.Errorf("time per call: %v in a run of %v", got.Runtimes[0].PerCall, got.Elapsed)
			}
			got.Runtimes[0].Elapsed, got.Runtimes[0].PerCall = 0, 0
			if diff := cmp.Diff(want, got.Runtimes[0]); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestRunStopsAtFaults(t *testing.T) {
	due := fmt.Sprintf("case-%d", faultAt)
	tests := []struct {
		how      string
		cause    error
		at       string
		says     string
		window   int
		expireAt int // number of the answer with which the time is over; 0: never
		size     int // of inputs
	}{
		{how: "wrong abi", cause: ErrAbout, says: "speaks ABI 2"},
		{how: "missing operation", cause: ErrAbout, says: `lacks the operations ["refuse"]`},
		{how: "extra operation", cause: ErrAbout, says: `names the operations ["more"]`},
		{how: "garbage first line", cause: ErrAbout, says: "Hello!"},
		{how: "no first line", cause: ErrDied, says: "ended before its input did"},
		{how: "drops a case", cause: ErrDropped, at: due, says: "the next one was for case-6"},
		{how: "out of order", cause: ErrOrder, at: due, says: "case-6 came before it"},
		{how: "answers twice", cause: ErrTwice, at: due},
		{how: "answers the unasked", cause: ErrUnasked, at: due, says: "case-999"},
		{how: "answers after the end", cause: ErrUnasked, says: "case-999"},
		{how: "dies", cause: ErrDied, at: due, says: "exit status 3", window: 1},
		{how: "dies", cause: ErrDied, says: "panic: out of memory"},
		{how: "ends early", cause: ErrDied, at: due, says: "ended before its input did", window: 1},
		{how: "exit status", cause: ErrDied, says: "cannot clean up"},
		{how: "half a line", cause: ErrDied, at: due, window: 1},
		{how: "hangs", cause: ErrTimeout, at: due, expireAt: faultAt - 1},
		{how: "stops reading", cause: ErrTimeout, at: due, expireAt: faultAt - 1, size: 100 << 10, window: 40},
		{how: "never ends", cause: ErrTimeout, says: "or its end", expireAt: 39},
		{how: "lacks an operation", cause: ErrDied, at: due, says: "no such operation", window: 1},
		{how: "garbage", cause: ErrGarbage, at: due, says: "this is not JSON"},
		{how: "wrong status", cause: ErrGarbage, at: due, says: "status is not 0, 1 or 2: 3"},
		{how: "endless line", cause: ErrGarbage, at: due, says: "line longer than"},
	}
	for _, test := range tests {
		t.Run(test.how, func(t *testing.T) {
			t.Parallel()
			o := fakeOptions(fake(t, test.how), fake(t, "good"))
			o.Window = test.window
			if test.size > 0 {
				o.Fixtures = fakeCases(40, test.size)
			}
			if test.expireAt > 0 {
				o.Drivers = o.Drivers[:1]
				expireAt(&o, test.expireAt)
			}
			result := run(t, o)
			fault := result.Runtimes[0].Fault
			if !errors.Is(fault, test.cause) {
				t.Fatalf("got fault %v, want %v", fault, test.cause)
			}
			if test.at != "" && fault.Case != test.at {
				t.Errorf("got case %q, want %q", fault.Case, test.at)
			}
			if !strings.Contains(fault.Error(), test.says) {
				t.Errorf("got %q, want it to say %q", fault, test.says)
			}
			if err := result.Err(); !errors.Is(err, ErrFailed) || !errors.Is(err, test.cause) || !strings.Contains(err.Error(), test.how) {
				t.Errorf("Result.Err is %v, want ErrFailed for %q", err, test.how)
			}
			for _, other := range result.Runtimes[1:] {
				if !other.OK() || other.Cases != 40 {
					t.Errorf("the other driver: %d cases, fault %v, want 40 and none", other.Cases, other.Fault)
				}
			}
		})
	}
}

func TestRunTimesOut(t *testing.T) {
	o := fakeOptions(fake(t, "silent"))
	o.Timeout = 50 * time.Millisecond
	if fault := run(t, o).Runtimes[0].Fault; !errors.Is(fault, ErrTimeout) || fault.Case != "" {
		t.Errorf("got %v, want ErrTimeout without a case", fault)
	}
}

func TestRunCannotStart(t *testing.T) {
	o := fakeOptions(Driver{Name: "absent", Argv: []string{"./no-such-program"}})
	if fault := run(t, o).Runtimes[0].Fault; !errors.Is(fault, ErrStart) || !errors.Is(fault, os.ErrNotExist) {
		t.Errorf("got %v, want ErrStart and os.ErrNotExist", fault)
	}
}

func TestRunReportsDifferences(t *testing.T) {
	flipped := Difference{Case: "case-5", Op: "refuse", In: []byte("input 5 xxxxxxxxxx"), Why: differsFromReference,
		Want: Answer{1, []byte("refused: input 5 xxxxxxxxxx")}, Got: Answer{1, []byte("sefused: input 5 xxxxxxxxxx")}}
	status := flipped
	status.Got = Answer{0, status.Want.Out}
	for how, want := range map[string]Difference{"flips a byte": flipped, "another status": status} {
		t.Run(how, func(t *testing.T) {
			result := run(t, fakeOptions(fake(t, how)))
			got := result.Runtimes[0]
			if got.OK() || got.Fault != nil || got.Differences != 1 || got.Operations["refuse"] != (Count{20, 1}) || got.Cases != 40 {
				t.Errorf("got %+v, want one difference in refuse", got)
			}
			if diff := cmp.Diff([]Difference{want}, got.First); diff != "" {
				t.Error(diff)
			}
			if err := result.Err(); !errors.Is(err, ErrFailed) || !strings.Contains(err.Error(), how+": 1 of 40 answers differ") {
				t.Errorf("got error %v", err)
			}
		})
	}
}

func TestRunKeepsFirstDifferences(t *testing.T) {
	o := fakeOptions(fake(t, "good"))
	o.Differences = 3
	o.Reference = func(context.Context, string, []byte) (byte, []byte, error) { return 0, []byte("other"), nil }
	got := run(t, o).Runtimes[0]
	if got.Differences != 40 || len(got.First) != 3 {
		t.Errorf("got %d differences and %d of them kept, want 40 and 3", got.Differences, len(got.First))
	}
}

func TestRunHoldsAnswersAgainstFixtures(t *testing.T) {
	refused := byte(1)
	tests := map[string]struct {
		want Want
		says string // empty: passes
	}{
		"status":           {Want{Status: new(byte)}, ""},
		"other status":     {Want{Status: &refused}, "the fixture expects status 1, not 0"},
		"members":          {Want{Members: members(`{"a":"A","b":[ 1 ]}`)}, ""},
		"other member":     {Want{Members: members(`{"a":"A","b":[2]}`)}, `another value of the member "b"`},
		"missing member":   {Want{Members: members(`{"c":null}`)}, `the member "c", which is missing`},
		"no member at all": {Want{Members: members(`{}`)}, ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			o := fakeOptions(fake(t, "good"))
			o.Fixtures = []Case{{ID: "a/fixture", Op: "echo", In: []byte(`{"a":"\u0041","b":[1]}`), Want: &test.want}}
			got := run(t, o).Runtimes[0]
			switch {
			case test.says == "" && !got.OK():
				t.Errorf("got %+v, want no difference", got.First)
			case test.says != "" && (len(got.First) != 1 || !strings.Contains(got.First[0].Why, test.says)):
				t.Errorf("got %+v, want %q", got.First, test.says)
			}
		})
	}
}

func members(object string) map[string]json.RawMessage {
	var m map[string]json.RawMessage
	if err := json.Unmarshal([]byte(object), &m); err != nil {
		panic(err)
	}
	return m
}

func TestRunExpectedFailures(t *testing.T) {
	o := fakeOptions(fake(t, "flips a byte"), fake(t, "good"))
	o.Expected = []ExpectedFailure{{"flips a byte", "case-5", "known"}, {"elsewhere", "case-1", "not in this run"}}
	if err := run(t, o).Err(); err != nil {
		t.Errorf("with the difference listed: %v", err)
	}
	o.Expected = append(o.Expected, ExpectedFailure{"good", "case-5", "mended"}, ExpectedFailure{"good", "case-77", "gone"})
	result := run(t, o)
	want := []Stale{{o.Expected[2], true}, {o.Expected[3], false}}
	if diff := cmp.Diff(want, result.Runtimes[1].Stale); diff != "" {
		t.Error(diff)
	}
	if err := result.Err(); !errors.Is(err, ErrFailed) || result.Runtimes[1].OK() || !result.Runtimes[0].OK() {
		t.Errorf("listed cases that do not fail: %v, want ErrFailed for good alone", err)
	}
}

func TestRunSharesCasesAmongProcesses(t *testing.T) {
	d := fake(t, "good")
	d.Processes = 3
	o := fakeOptions(d)
	o.Fixtures = fakeCases(3000, 10)
	o.Processes = 3
	var mu sync.Mutex
	seen := map[string]int{}
	o.Reference = func(ctx context.Context, op string, in []byte) (byte, []byte, error) {
		mu.Lock()
		seen[string(in)]++
		mu.Unlock()
		return fakeCall(ctx, op, in)
	}
	result := run(t, o)
	if err := result.Err(); err != nil {
		t.Fatal(err)
	}
	if got := result.Runtimes[0].Cases; got != 3000 || len(seen) != 3000 {
		t.Errorf("compared %d answers to %d questions, want 3000 to 3000", got, len(seen))
	}
}

func TestRunProgress(t *testing.T) {
	o := fakeOptions(fake(t, "good"))
	o.Fixtures = fakeCases(1200, 10)
	var got []Progress
	o.Progress = func(p Progress) {
		if p.Ended != (p.Elapsed > 0) {
			t.Errorf("ended: %v, after %v", p.Ended, p.Elapsed)
		}
		p.Elapsed = 0
		got = append(got, p)
	}
	run(t, o)
	want := []Progress{
		{Runtime: "good", Total: 1200}, {Runtime: "good", Done: 500, Total: 1200}, {Runtime: "good", Done: 1000, Total: 1200},
		{Runtime: "good", Done: 1200, Total: 1200, Ended: true},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestRunEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	enough := errors.New("enough")
	o := fakeOptions(fake(t, "good"), fake(t, "stops reading"), fake(t, "hangs"))
	o.Processes = 1 // two of them never get their turn
	o.Reference = func(ctx context.Context, op string, in []byte) (byte, []byte, error) {
		cancel(enough)
		return fakeCall(ctx, op, in)
	}
	if result, err := Run(ctx, o); !errors.Is(err, enough) || result != nil {
		t.Errorf("got %v, %v, want the cause", result, err)
	}
}

func TestRunReferenceFails(t *testing.T) {
	o := fakeOptions(fake(t, "good"))
	o.Fixtures = append(o.Fixtures[:3:3], Case{ID: "odd", Op: "echo", In: []byte("odd")})
	broken := errors.New("broken")
	o.Reference = func(ctx context.Context, op string, in []byte) (byte, []byte, error) {
		if string(in) == "odd" {
			return 0, nil, broken
		}
		return fakeCall(ctx, op, in)
	}
	if fault := run(t, o).Runtimes[0].Fault; !errors.Is(fault, ErrCall) || !errors.Is(fault, broken) || fault.Case != "odd" {
		t.Errorf("got %v, want ErrCall at odd", fault)
	}
}

func TestRunRefusesOptions(t *testing.T) {
	good := fake(t, "good")
	for name, change := range map[string]func(*Options){
		"no drivers":      func(o *Options) { o.Drivers = nil },
		"no name":         func(o *Options) { o.Drivers[0].Name = "" },
		"two of a name":   func(o *Options) { o.Drivers = append(o.Drivers, good) },
		"no command":      func(o *Options) { o.Drivers[0].Argv = nil },
		"processes":       func(o *Options) { o.Drivers[0].Processes = -1 },
		"negative window": func(o *Options) { o.Window = -1 },
	} {
		o := fakeOptions(good)
		change(&o)
		if _, err := Run(t.Context(), o); !errors.Is(err, ErrOptions) {
			t.Errorf("%s: got %v, want ErrOptions", name, err)
		}
	}
}
