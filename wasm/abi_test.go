package main

import (
	"bytes"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/imports/wasi_snapshot_preview1"

	"github.com/ossconf/ossconf/core"
	"github.com/ossconf/ossconf/fixtures"
	"github.com/ossconf/ossconf/wasm/wasmbuild"
)

// instantiate builds the module and starts it.
func instantiate(t *testing.T) api.Module {
	t.Helper()
	wasm, err := wasmbuild.Module(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	r := wazero.NewRuntimeWithConfig(t.Context(), wazero.NewRuntimeConfigInterpreter())
	t.Cleanup(func() { r.Close(t.Context()) })
	wasi_snapshot_preview1.MustInstantiate(t.Context(), r)
	m, err := r.InstantiateWithConfig(t.Context(), wasm, wazero.NewModuleConfig().WithStartFunctions("_initialize"))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// callExport calls an export that has at most one result.
func callExport(t *testing.T, m api.Module, export string, params ...uint64) uint64 {
	t.Helper()
	results, err := m.ExportedFunction(export).Call(t.Context(), params...)
	if err != nil {
		t.Fatalf("%s: %v", export, err)
	}
	if len(results) == 0 {
		return 0
	}
	return results[0]
}

// read returns a copy of a piece of the memory.
func read(t *testing.T, m api.Module, address, size uint32) []byte {
	t.Helper()
	b, ok := m.Memory().Read(address, size)
	if !ok {
		t.Fatalf("%d bytes at %#x are not in the memory", size, address)
	}
	return slices.Clone(b)
}

func TestExportsAreTheOperations(t *testing.T) {
	m := instantiate(t)
	want := []string{"_initialize", "ossconf_abi", "ossconf_alloc", "ossconf_free"}
	for _, op := range core.Operations() {
		want = append(want, "ossconf_"+op)
	}
	var got []string
	for name := range m.ExportedFunctionDefinitions() {
		got = append(got, name)
	}
	slices.Sort(want)
	slices.Sort(got)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("exports differ (-want +got):\n%s", diff)
	}
	if abi := callExport(t, m, "ossconf_abi"); abi != core.ABI {
		t.Errorf("ossconf_abi() = %d, want %d", abi, core.ABI)
	}
}

// TestMemoryAfterACall signs and reads the memory before and after the blocks are freed.
func TestMemoryAfterACall(t *testing.T) {
	f, err := fixtures.Lookup("vectors", "pub-h01")
	if err != nil {
		t.Fatal(err)
	}
	in := f.File("input.json")
	m := instantiate(t)
	size := uint32(len(in))
	block := uint32(callExport(t, m, "ossconf_alloc", uint64(size)))
	if !m.Memory().Write(block, in) {
		t.Fatalf("the block %#x is not in the memory", block)
	}
	packed := callExport(t, m, "ossconf_sign", uint64(block), uint64(size))
	answer, length := uint32(packed>>32), uint32(packed)

	_, payload := core.Call("sign", in)
	if diff := cmp.Diff("\x00"+string(payload), string(read(t, m, answer, length))); diff != "" {
		t.Errorf("answer differs (-core +module):\n%s", diff)
	}
	if !bytes.Equal(in, read(t, m, block, size)) {
		t.Error("the operation changed its input")
	}
	callExport(t, m, "ossconf_free", uint64(answer))
	callExport(t, m, "ossconf_free", uint64(block))
	if !bytes.Equal(make([]byte, length), read(t, m, answer, length)) {
		t.Error("the answer is still in the memory")
	}
	if !bytes.Equal(make([]byte, size), read(t, m, block, size)) {
		t.Error("the input is still in the memory")
	}
}

// TestNothingTraps passes what no host should pass. Whatever it is, the module answers or ignores it, and works on.
func TestNothingTraps(t *testing.T) {
	m := instantiate(t)
	const all = 1<<32 - 1
	for _, size := range []uint64{maxBlock + 1, 1 << 31, all} {
		if address := callExport(t, m, "ossconf_alloc", size); address != 0 {
			t.Errorf("ossconf_alloc(%d) = %#x, want 0", size, address)
		}
	}
	memory := uint64(m.Memory().Size())
	for _, address := range []uint64{0, 1, memory - 1, memory, 1 << 31, all} {
		callExport(t, m, "ossconf_free", address)
		for _, size := range []uint64{1, memory, all} {
			packed := callExport(t, m, "ossconf_sign", address, size)
			got := read(t, m, uint32(packed>>32), uint32(packed))
			if diff := cmp.Diff("\x01"+badBlock, string(got)); diff != "" {
				t.Errorf("%d bytes at %#x: answer differs (-want +got):\n%s", size, address, diff)
			}
			callExport(t, m, "ossconf_free", packed>>32)
		}
	}
	packed := callExport(t, m, "ossconf_version", 0, 0)
	_, payload := core.Call("version", nil)
	if diff := cmp.Diff("\x00"+string(payload), string(read(t, m, uint32(packed>>32), uint32(packed)))); diff != "" {
		t.Errorf("version differs (-core +module):\n%s", diff)
	}
}

// TestMemoryStaysSmall makes more calls than the memory could hold if anything of them were kept.
func TestMemoryStaysSmall(t *testing.T) {
	const size, calls = 64 << 10, 1000
	m := instantiate(t)
	var before uint32
	for i := range calls {
		block := callExport(t, m, "ossconf_alloc", size)
		packed := callExport(t, m, "ossconf_decode", block, size)
		callExport(t, m, "ossconf_free", packed>>32)
		callExport(t, m, "ossconf_free", block)
		if i == calls/2 {
			before = m.Memory().Size()
		}
	}
	if after := m.Memory().Size(); after != before {
		t.Errorf("the memory grew from %d to %d bytes in the second half", before, after)
	}
}
