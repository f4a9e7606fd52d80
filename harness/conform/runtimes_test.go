package conform

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"github.com/ossconf/ossconf/core"
	"github.com/ossconf/ossconf/harness/conform/internal/corpus"
	"github.com/ossconf/ossconf/host"
	"github.com/ossconf/ossconf/wasm/wasmbuild"
)

// sliceOfCorpus is how many generated cases of each operation a test asks; `ossconf conform` asks them all.
const sliceOfCorpus = 400

// TestNativeConforms runs a native driver on the fixtures and a part of the corpus.
func TestNativeConforms(t *testing.T) {
	d := fake(t, "native")
	d.Processes = 2
	fixtures := fixtureCases(t)
	want := len(fixtures) + sliceOfCorpus*len(core.Operations())
	result := run(t, Options{Drivers: []Driver{d}, Fixtures: fixtures, Cases: want})
	if err := result.Err(); err != nil {
		t.Fatal(err)
	}
	if got := result.Runtimes[0].Cases; got != want {
		t.Errorf("compared %d answers, want %d", got, want)
	}
}

// loadCompiled compiles the module once for all tests, which takes long under the race detector. Nothing closes it: the
// process ends with the tests.
var loadCompiled = sync.OnceValues(func() (*host.Module, error) { return load(host.Options{}) })

func load(o host.Options) (*host.Module, error) {
	wasm, err := wasmbuild.Module(context.Background())
	if err != nil {
		return nil, err
	}
	return host.Load(context.Background(), wasm, o)
}

func moduleCall(t testing.TB, load func() (*host.Module, error)) CallFunc {
	t.Helper()
	module, err := load()
	if err != nil {
		t.Fatal(err)
	}
	return func(ctx context.Context, op string, in []byte) (byte, []byte, error) {
		status, out, err := module.Call(ctx, op, in)
		return byte(status), out, err
	}
}

// compare holds the answer of a runtime against the native one and the fixture.
func compare(t testing.TB, call CallFunc, c Case) {
	t.Helper()
	status, out, err := call(t.Context(), c.Op, c.In)
	if err != nil {
		t.Errorf("%s: %v", c.ID, err)
		return
	}
	got := Answer{status, out}
	wantStatus, wantOut := core.Call(c.Op, c.In)
	want := Answer{byte(wantStatus), wantOut}
	if !got.equal(want) {
		t.Error(Difference{c.ID, c.Op, c.In, differsFromReference, want, got})
	} else if why := c.Want.check(got); why != "" {
		t.Error(Difference{c.ID, c.Op, c.In, why, want, got})
	}
}

// TestWazeroConforms runs the module in this process, as compiled code and in the interpreter, which gets a few cases
// only: it is 30 to 50 times slower.
func TestWazeroConforms(t *testing.T) {
	tests := map[string]struct {
		load  func() (*host.Module, error)
		cases int
	}{
		"compiler":    {loadCompiled, sliceOfCorpus},
		"interpreter": {func() (*host.Module, error) { return load(host.Options{Interpreter: true}) }, 4},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			call := moduleCall(t, test.load)
			var workers sync.WaitGroup
			cases := make(chan Case)
			for range 2 {
				workers.Go(func() {
					for c := range cases {
						if !t.Failed() {
							compare(t, call, c)
						}
					}
				})
			}
			for c := range Cases(fixtureCases(t), test.cases*len(core.Operations())) {
				cases <- c
			}
			close(cases)
			workers.Wait()
		})
	}
}

func FuzzNativeAgainstWazero(f *testing.F) {
	for i, op := range core.Operations() {
		for n := range 50 {
			f.Add(byte(i), corpus.Input(op, n))
		}
	}
	for _, c := range fixtureCases(f) {
		for i, op := range core.Operations() {
			if op == c.Op {
				f.Add(byte(i), c.In)
			}
		}
	}
	call := moduleCall(f, loadCompiled)
	operations := core.Operations()
	f.Fuzz(func(t *testing.T, op byte, in []byte) {
		if len(in) > host.MaxInput {
			t.Skip("the host passes no more to the module")
		}
		name := operations[int(op)%len(operations)]
		compare(t, call, Case{ID: fmt.Sprintf("fuzz/%s", name), Op: name, In: in})
	})
}
