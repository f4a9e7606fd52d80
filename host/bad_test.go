package host_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ossconf/ossconf/core"
	"github.com/ossconf/ossconf/host"
)

const secret = "access-key-secret"

func TestLoadRefuses(t *testing.T) {
	whole := fake{}.assemble()
	tests := []struct {
		name string
		wasm []byte
		want error
		text string // in the message
	}{
		{"nothing", nil, host.ErrModule, ""},
		{"no module", []byte("<html>not found</html>"), host.ErrModule, ""},
		{"header alone", whole[:8], host.ErrModule, "memory"},
		{"truncated", whole[:len(whole)-1], host.ErrModule, ""},
		{"cut in half", whole[:len(whole)/2], host.ErrModule, ""},
		{"trailing bytes", append(whole[:len(whole):len(whole)], 0x20), host.ErrModule, ""},
		{"invalid code", fake{op: "\x6a"}.assemble(), host.ErrModule, ""},
		{"unknown instruction", fake{op: "\xff"}.assemble(), host.ErrModule, ""},
		{"no memory", fake{without: "memory"}.assemble(), host.ErrModule, "memory"},
		{"no ossconf_abi", fake{without: "ossconf_abi"}.assemble(), host.ErrModule, "ossconf_abi"},
		{"no ossconf_alloc", fake{without: "ossconf_alloc"}.assemble(), host.ErrModule, "ossconf_alloc"},
		{"no ossconf_free", fake{without: "ossconf_free"}.assemble(), host.ErrModule, "ossconf_free"},
		{"no ossconf_sign", fake{without: "ossconf_sign"}.assemble(), host.ErrModule, "ossconf_sign"},
		{"ossconf_sign of another type", fake{rename: "ossconf_sign"}.assemble(), host.ErrModule, "ossconf_sign"},
		{"ossconf_abi of another type", fake{rename: "ossconf_abi"}.assemble(), host.ErrModule, "ossconf_abi"},
		{"foreign import", fake{imports: "env"}.assemble(), host.ErrModule, "env.f"},
		{"import that WASI does not have", fake{imports: "wasi_snapshot_preview1"}.assemble(), host.ErrModule, ""},
		{"another convention", fake{abi: zero}.assemble(), host.ErrABI, "number 0"},
		{"more memory than it may have", fake{memory: host.DefaultMemoryLimitPages + 1}.assemble(), host.ErrModule, ""},
		{"trap in ossconf_abi", fake{abi: unreachable}.assemble(), host.ErrTrap, "unreachable"},
		{"trap in _initialize", fake{initialize: unreachable}.assemble(), host.ErrTrap, "unreachable"},
	}
	for _, engine := range engines {
		for _, test := range tests {
			t.Run(engine.name+"/"+test.name, func(t *testing.T) {
				m, err := host.Load(t.Context(), test.wasm, engine.options)
				if err == nil {
					t.Fatal("loaded", m.Close(t.Context()))
				}
				if !errors.Is(err, test.want) || !strings.Contains(err.Error(), test.text) {
					t.Errorf("%v, want %v that names %q", err, test.want, test.text)
				}
				if strings.Contains(err.Error(), "\n") {
					t.Errorf("an error of several lines: %v", err)
				}
			})
		}
	}
}

// TestBadCall calls modules that break the convention or trap. Each call gets an error, and no part of the input is in it.
func TestBadCall(t *testing.T) {
	const page = 1 << 16
	tests := []struct {
		name string
		fake fake
		want error
	}{
		{"answer outside the memory", fake{op: returns(page, 1)}, host.ErrModule},
		{"answer that begins inside and ends outside", fake{op: returns(page-1, 2)}, host.ErrModule},
		{"answer of 4 GiB", fake{op: returns(answerAddress, 1<<32-1)}, host.ErrModule},
		{"answer at the end of the address space", fake{op: returns(1<<32-1, 1<<32-1)}, host.ErrModule},
		{"answer of no bytes", fake{op: returns(answerAddress, 0)}, host.ErrModule},
		{"nothing", fake{op: returns(0, 0)}, host.ErrModule},
		{"unknown status", fake{op: "\x41\x80\x10\x41\x03\x3a\x00\x00" + returns(answerAddress, 1)}, host.ErrModule},
		{"no block", fake{alloc: zero}, host.ErrModule},
		{"block outside the memory", fake{alloc: "\x41\x7f"}, host.ErrModule},
		{"block that ends outside", fake{alloc: "\x41\xff\xff\x03"}, host.ErrModule},
		{"trap in the operation", fake{op: unreachable}, host.ErrTrap},
		{"trap in ossconf_alloc", fake{alloc: unreachable}, host.ErrTrap},
		{"trap in ossconf_free", fake{free: unreachable}, host.ErrTrap},
		{"all the memory there is", fake{op: growth}, host.ErrTrap},
		{"endless recursion", fake{op: recursion}, host.ErrTrap},
	}
	for _, engine := range engines {
		for _, test := range tests {
			t.Run(engine.name+"/"+test.name, func(t *testing.T) {
				m := load(t, test.fake.assemble(), engine.options)
				for range 2 { // the second call has another instance
					status, payload, err := m.Call(t.Context(), "sign", []byte(secret))
					if !errors.Is(err, test.want) || status != 0 || payload != nil {
						t.Fatalf("%v, %q, %v, want %v", status, payload, err, test.want)
					}
					if strings.Contains(err.Error(), secret) || strings.Contains(err.Error(), "\n") {
						t.Errorf("an error with the input or of several lines: %v", err)
					}
				}
			})
		}
	}
}

// TestEndlessLoop ends loops in every function by cancelling, by a deadline and by closing.
func TestEndlessLoop(t *testing.T) {
	fakes := []struct {
		name string
		fake fake
	}{
		{"operation", fake{op: endlessLoop + returns(0, 0)}},
		{"ossconf_alloc", fake{alloc: endlessLoop + zero}},
		{"ossconf_free", fake{free: endlessLoop}},
	}
	ends := []struct {
		name string
		end  func(t *testing.T, m *host.Module) error // of the call
		want error
	}{
		{"cancel", func(t *testing.T, m *host.Module) error {
			ctx, cancel := context.WithCancel(t.Context())
			err := callInBackground(ctx, m)
			cancel()
			return <-err
		}, context.Canceled},
		{"deadline", func(t *testing.T, m *host.Module) error {
			ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
			defer cancel()
			return <-callInBackground(ctx, m)
		}, context.DeadlineExceeded},
		{"close", func(t *testing.T, m *host.Module) error {
			err := callInBackground(t.Context(), m)
			ctx, cancel := context.WithCancel(t.Context())
			cancel()
			if err := m.Close(ctx); !errors.Is(err, context.Canceled) {
				t.Errorf("Close returned %v, want the error of its context", err)
			}
			return <-err
		}, host.ErrClosed},
	}
	for _, engine := range engines {
		for _, f := range fakes {
			for _, e := range ends {
				t.Run(engine.name+"/"+f.name+"/"+e.name, func(t *testing.T) {
					m := load(t, f.fake.assemble(), engine.options)
					if err := e.end(t, m); !errors.Is(err, e.want) {
						t.Errorf("the call returned %v, want %v", err, e.want)
					}
				})
			}
		}
	}
}

// TestEndlessStart loads modules whose start never ends.
func TestEndlessStart(t *testing.T) {
	for _, engine := range engines {
		for name, f := range map[string]fake{
			"_initialize": {initialize: endlessLoop},
			"ossconf_abi": {abi: endlessLoop + one},
		} {
			t.Run(engine.name+"/"+name, func(t *testing.T) {
				ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
				defer cancel()
				m, err := host.Load(ctx, f.assemble(), engine.options)
				if !errors.Is(err, context.DeadlineExceeded) {
					t.Errorf("%v, %v, want the error of the context", m, err)
				}
			})
		}
	}
}

// TestFreesBothBlocks looks into the memory of a module whose ossconf_free zeroes 64 bytes, more than were used.
func TestFreesBothBlocks(t *testing.T) {
	m := load(t, fake{}.assemble(), host.Options{})
	status, payload, err := m.Call(t.Context(), "sign", []byte(secret))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(answer{core.OK, secret}, answer{status, string(payload)}); diff != "" {
		t.Errorf("answer differs (-want +got):\n%s", diff)
	}
	memories := m.Memories()
	if len(memories) != 1 {
		t.Fatalf("%d instances rest, want 1", len(memories))
	}
	if strings.Contains(string(memories[0]), secret) {
		t.Error("the secret is still in the memory")
	}
}

// callInBackground starts a call that does not end by itself and returns when it has an instance.
func callInBackground(ctx context.Context, m *host.Module) <-chan error {
	err := make(chan error, 1)
	go func() {
		_, _, e := m.Call(ctx, "sign", []byte(secret))
		err <- e
	}()
	waitFor(ctx, func() bool { return m.Running() > 0 })
	return err
}
