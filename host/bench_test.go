package host_test

import (
	"context"
	"testing"

	"github.com/ossconf/ossconf/core"
	"github.com/ossconf/ossconf/fixtures"
	"github.com/ossconf/ossconf/host"
)

// BenchmarkCall compares a call of the host with the same call of core, that of a process that keeps its Runner.
func BenchmarkCall(b *testing.B) {
	document := fixtureFile(b, "documents", "put-sample-mended", "document.xml")
	request := fixtureFile(b, "vectors", "pub-h04-additional", "input.json")
	inputs := []struct {
		op string
		in []byte
	}{
		{"version", nil},
		{"decode", document},
		{"encode", document},
		{"validate", document},
		{"sign", request},
	}
	for _, input := range inputs {
		b.Run(input.op, func(b *testing.B) {
			b.Run("native", func(b *testing.B) {
				b.ReportAllocs()
				var r core.Runner
				var dst []byte
				for b.Loop() {
					out, status := r.Append(dst[:0], input.op, input.in)
					if status != core.OK {
						b.Fatalf("status %d: %s", status, out)
					}
					dst = out
				}
			})
			for _, engine := range engines {
				b.Run(engine.name, func(b *testing.B) {
					b.ReportAllocs()
					m := load(b, realModule(b), engine.options)
					for b.Loop() {
						status, out, err := m.Call(context.Background(), input.op, input.in)
						if err != nil || status != core.OK {
							b.Fatalf("status %d: %s, %v", status, out, err)
						}
					}
				})
			}
		})
	}
}

// BenchmarkLoad measures from the bytes of the module to its first answer.
func BenchmarkLoad(b *testing.B) {
	loads := []struct {
		name    string
		options host.Options
	}{
		{"cached", host.Options{CacheDir: cacheDir}},
		{"interpreter", host.Options{Interpreter: true}},
		{"compiler", host.Options{}},
	}
	for _, l := range loads {
		b.Run(l.name, func(b *testing.B) {
			wasm := realModule(b)
			for b.Loop() {
				m, err := host.Load(context.Background(), wasm, l.options)
				if err != nil {
					b.Fatal(err)
				}
				if _, err := m.Version(context.Background(), nil); err != nil {
					b.Fatal(err)
				}
				if err := m.Close(context.Background()); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// fixtureFile returns a file of a fixture.
func fixtureFile(t testing.TB, dir, name, file string) []byte {
	t.Helper()
	f, err := fixtures.Lookup(dir, name)
	if err != nil {
		t.Fatal(err)
	}
	data := f.File(file)
	if data == nil {
		t.Fatalf("%s/%s has no %s", dir, name, file)
	}
	return data
}
