package wasmbuild

import (
	"bytes"
	"errors"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/imports/wasi_snapshot_preview1"

	"github.com/ossconf/ossconf/internal/wasmfile"
)

// runStress runs the stress reactor in one of its forms, with WASI or without any import.
func runStress(t *testing.T, wasm []byte, wasi bool, rounds uint64) int64 {
	t.Helper()
	ctx := t.Context()
	r := wazero.NewRuntime(ctx)
	defer r.Close(ctx)
	if wasi {
		wasi_snapshot_preview1.MustInstantiate(ctx, r)
	}
	m, err := r.InstantiateWithConfig(ctx, wasm, wazero.NewModuleConfig().WithStartFunctions(startFunction))
	if err != nil {
		t.Fatal(err)
	}
	results, err := m.ExportedFunction("stress").Call(ctx, rounds)
	if err != nil {
		t.Fatal(err)
	}
	return int64(results[0])
}

// TestContainedRuntimeWorks compares what a program computes as Go builds it, with direct jumps, and with the tables that
// stripLines changes, all of which it needs.
func TestContainedRuntimeWorks(t *testing.T) {
	root, err := findRoot(t.Context(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	const stress = "wasm/wasmbuild/testdata/stress"
	built, err := reactor(t.Context(), root, stress)
	if err != nil {
		t.Fatal(err)
	}
	plain, err := straight(t.Context(), root, stress)
	if err != nil {
		t.Fatal(err)
	}
	if len(plain) > len(built)*98/100 {
		t.Errorf("direct jumps make %d bytes of %d: Go seems to write jumps in another form", len(plain), len(built))
	}
	const rounds = 100
	want := runStress(t, built, true, rounds)
	if got := runStress(t, plain, true, rounds); got != want {
		t.Errorf("the plain form computes %d, what Go builds %d", got, want)
	}
	contained, err := contain(t.Context(), root, plain)
	if errors.Is(err, ErrNode) && os.Getenv("OSSCONF_REQUIRE_NODE") != "1" {
		t.Skipf("%v (OSSCONF_REQUIRE_NODE=1 makes this a failure)", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	names, err := exportNames(contained)
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(names)
	if diff := cmp.Diff([]string{"memory", "stress"}, names); diff != "" {
		t.Errorf("exports differ (-want +got):\n%s", diff)
	}
	if got := runStress(t, contained, false, rounds); got != want {
		t.Errorf("the self-contained form computes %d, what Go builds %d", got, want)
	}
}

// moduleWithData returns a module of some segments of memory 0.
func moduleWithData(segments ...string) []byte {
	content := wasmfile.AppendU32(nil, uint32(len(segments)))
	return wasmfile.Join([]wasmfile.Section{
		{ID: wasmfile.DataCount, Content: wasmfile.AppendU32(nil, uint32(len(segments)))},
		{ID: wasmfile.Data, Content: append(content, strings.Join(segments, "")...)},
	})
}

// segment returns a data segment.
func segment(address int32, data string) string {
	b := append(wasmfile.AppendS32([]byte{activeSegment, opI32Const}, address), opEnd)
	return string(append(wasmfile.AppendU32(b, uint32(len(data))), data...))
}

func TestRepack(t *testing.T) {
	gap := strings.Repeat("\x00", maxGap)
	tests := []struct {
		name string
		in   []string
		want []string
	}{
		{"nothing", nil, nil},
		{"nothing but zeros", []string{segment(100, gap)}, nil},
		{"one", []string{segment(100, "a")}, []string{segment(100, "a")}},
		{"neighbours", []string{segment(100, "a"), segment(101, "b")}, []string{segment(100, "ab")}},
		{"the shorter gap", []string{segment(0, "a"), segment(1+maxGap, "b")}, []string{segment(0, "a"+gap+"b")}},
		{"the longer gap", []string{segment(0, "a"), segment(2+maxGap, "b")}, []string{segment(0, "a"), segment(2+maxGap, "b")}},
		{"out of order and overlapping", []string{segment(11, "bc"), segment(10, "a"), segment(12, "d")}, []string{segment(10, "abd")}},
		{"zeros at both ends", []string{segment(10, "\x00\x00a\x00")}, []string{segment(12, "a")}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := repack(moduleWithData(test.in...), func([]byte) error { return nil })
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(moduleWithData(test.want...), got); diff != "" {
				t.Errorf("module differs (-want +got):\n%s", diff)
			}
		})
	}
}

func TestRepackRefuses(t *testing.T) {
	unchanged := func([]byte) error { return nil }
	tests := []struct {
		name string
		wasm []byte
	}{
		{"no module", []byte("no module")},
		{"no data", wasmfile.Join(nil)},
		{"passive segment", moduleWithData("\x01\x01a")},
		{"address in a global", moduleWithData("\x00\x23\x00\x0b\x01a")},
		{"segment that ends early", moduleWithData("\x00\x41\x00\x0b\x02a")},
		{"something behind", moduleWithData(segment(0, "a"), "x")[:len(moduleWithData(segment(0, "a"), "x"))-1]},
		{"too far up", moduleWithData(segment(maxMemory, "a"))},
		{"below zero", moduleWithData(segment(-1, "a"))},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if _, err := repack(test.wasm, unchanged); !errors.Is(err, wasmfile.ErrFormat) {
				t.Errorf("%v, want ErrFormat", err)
			}
		})
	}
	if _, err := repack(moduleWithData(segment(0, "a")), stripLines); !errors.Is(err, errTables) {
		t.Errorf("%v, want errTables", err)
	}
}

// TestStripLinesRefuses spoils the tables of a real module in one place at a time.
func TestStripLinesRefuses(t *testing.T) {
	plain, err := Module(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	memory := memoryOf(t, plain)
	if err := stripLines(slices.Clone(memory)); err != nil {
		t.Fatal(err)
	}
	header := bytes.Index(memory, []byte(tablesMagic))
	tests := []struct {
		name  string
		spoil func(memory []byte) []byte
	}{
		{"no header", func(m []byte) []byte { m[header]++; return m }},
		{"two headers", func(m []byte) []byte { copy(m[header+headerSize:], tablesMagic); return m }},
		{"header at the end", func(m []byte) []byte { return m[:header+headerSize-1] }},
		{"too many functions", func(m []byte) []byte { m[header+8+6] = 1; return m }},
		{"a few functions more", func(m []byte) []byte { m[header+8+1]++; return m }},
		{"records past the end", func(m []byte) []byte { m[header+8+7*8+3] = 1; return m }},
		{"deltas behind the records", func(m []byte) []byte { m[header+8+6*8+3] = 1; return m }},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if err := stripLines(test.spoil(slices.Clone(memory))); !errors.Is(err, errTables) {
				t.Errorf("%v, want errTables", err)
			}
		})
	}
}

// memoryOf returns the memory that a module begins with.
func memoryOf(t *testing.T, wasm []byte) (memory []byte) {
	t.Helper()
	_, err := repack(wasm, func(m []byte) error {
		memory = slices.Clone(m)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return memory
}

func FuzzStripLines(f *testing.F) {
	f.Add([]byte(tablesMagic))
	f.Fuzz(func(t *testing.T, memory []byte) {
		if err := stripLines(memory); err != nil && !errors.Is(err, errTables) {
			t.Errorf("%v, want errTables", err)
		}
	})
}
