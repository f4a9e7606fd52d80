package host_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ossconf/ossconf/core"
	"github.com/ossconf/ossconf/fixtures"
	"github.com/ossconf/ossconf/host"
	"github.com/ossconf/ossconf/wasm/wasmbuild"
)

// cacheDir spares every test but the first the compilation of the module.
var cacheDir string

func TestMain(m *testing.M) {
	os.Exit(func() int {
		var err error
		if cacheDir, err = os.MkdirTemp("", "ossconf-host-"); err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		defer os.RemoveAll(cacheDir)
		return m.Run()
	}())
}

// engines are the two ways of wazero to run a module.
var engines = []struct {
	name    string
	options host.Options
}{
	{"compiler", host.Options{}},
	{"interpreter", host.Options{Interpreter: true}},
}

// realModule is the module that users get, in its plain form.
func realModule(t testing.TB) []byte {
	t.Helper()
	wasm, err := wasmbuild.Module(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return wasm
}

// load loads a module and closes it after the test.
func load(t testing.TB, wasm []byte, o host.Options) *host.Module {
	t.Helper()
	if !o.Interpreter {
		o.CacheDir = cacheDir
	}
	m, err := host.Load(t.Context(), wasm, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := m.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return m
}

// An answer is what Call returns, and core.Call too.
type answer struct {
	Status  core.Status
	Payload string
}

func TestCallAnswersAsCoreDoes(t *testing.T) {
	inputs := []string{"", " ", "{}", "<HttpsConfiguration/>", "<HttpsConfiguration>", `{"input":{}}`, "\x00\xff"}
	for _, engine := range engines {
		t.Run(engine.name, func(t *testing.T) {
			m := load(t, realModule(t), engine.options)
			for _, op := range core.Operations() {
				for _, in := range inputs {
					status, payload, err := m.Call(t.Context(), op, []byte(in))
					if err != nil {
						t.Fatalf("%s of %q: %v", op, in, err)
					}
					got := answer{status, string(payload)}
					wantStatus, wantPayload := core.Call(op, []byte(in))
					want := answer{wantStatus, string(wantPayload)}
					if diff := cmp.Diff(want, got); diff != "" {
						t.Errorf("%s of %q differs (-core +host):\n%s", op, in, diff)
					}
				}
			}
		})
	}
}

// forms are the two forms of the module.
var forms = []struct {
	name  string
	build func(context.Context) ([]byte, error)
}{
	{"plain", wasmbuild.Module},
	{"self-contained", func(ctx context.Context) ([]byte, error) {
		return wasmbuild.SelfContained(ctx, wasmbuild.Options{})
	}},
}

// TestFixtures passes the fixtures to both forms, so often that the garbage collector of the module runs.
func TestFixtures(t *testing.T) {
	type operation struct {
		op   string
		in   []byte
		want answer
	}
	var operations []operation
	add := func(op string, in []byte) {
		status, payload := core.Call(op, in)
		operations = append(operations, operation{op, in, answer{status, string(payload)}})
	}
	documents, err := fixtures.Documents()
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range documents {
		for _, op := range []string{"decode", "encode", "validate"} {
			add(op, d.Data)
		}
	}
	vectors, err := fixtures.Load("vectors")
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range vectors {
		add(v.Header("operation"), v.File("input.json"))
	}
	for _, form := range forms {
		wasm, err := form.build(t.Context())
		if errors.Is(err, wasmbuild.ErrNode) && os.Getenv("OSSCONF_REQUIRE_NODE") != "1" {
			t.Logf("%v (OSSCONF_REQUIRE_NODE=1 makes this a failure)", err)
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		for _, engine := range engines {
			t.Run(form.name+"/"+engine.name, func(t *testing.T) {
				o := engine.options
				o.MaxInstances = 1
				m := load(t, wasm, o)
				rounds := 30
				if o.Interpreter {
					rounds = 1
				}
				for range rounds {
					for _, c := range operations {
						status, payload, err := m.Call(t.Context(), c.op, c.in)
						if err != nil {
							t.Fatalf("%s: %v", c.op, err)
						}
						if diff := cmp.Diff(c.want, answer{status, string(payload)}); diff != "" {
							t.Fatalf("%s of %q differs (-core +host):\n%s", c.op, c.in, diff)
						}
					}
				}
			})
		}
	}
}
