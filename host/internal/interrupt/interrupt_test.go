package interrupt

import (
	"context"
	"errors"
	"testing"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"

	"github.com/ossconf/ossconf/internal/wasmfile"
)

// vector joins elements and puts their number in front.
func vector(elements ...string) []byte {
	out := wasmfile.AppendU32(nil, uint32(len(elements)))
	for _, e := range elements {
		out = append(out, e...)
	}
	return out
}

// sized puts the length of s in front.
func sized(s string) string { return string(wasmfile.AppendU32(nil, uint32(len(s)))) + s }

// sum is a function of (n i32) that returns n + (n-1) + … + 1 as i64 from a loop, with a local variable for the sum:
// loop, local.get 1, local.get 0, i64.extend_i32_u, i64.add, local.set 1,
// local.get 0, i32.const 1, i32.sub, local.tee 0, br_if 0, end, local.get 1
const sum = "\x01\x01\x7e" + "\x03\x40\x20\x01\x20\x00\xad\x7c\x21\x01\x20\x00\x41\x01\x6b\x22\x00\x0d\x00\x0b\x20\x01\x0b"

// every is a function of (n i32) that has every kind of immediate, with traps for a reader that mistakes one for
// another: constants that look like a loop (0x03 0x40) or a call (0x10).
const every = "\x01\x02\x7f" +
	"\x02\x40" + "\x20\x00\x0e\x02\x00\x00\x00" + "\x0b" + // block, br_table of three labels, end
	"\x41\x83\xc0\x00\x1a" + // i32.const 0x2003, drop
	"\x42\x90\x83\xc0\x00\x1a" + // i64.const, drop
	"\x43\x03\x40\x10\x00\x1a" + // f32.const, drop
	"\x44\x03\x40\x10\x00\x03\x40\x10\x00\x1a" + // f64.const, drop
	"\x41\x00\x41\x00\x41\x03\xfc\x0b\x00" + // memory.fill
	"\x41\x00\x41\x00\x41\x03\xfc\x0a\x00\x00" + // memory.copy
	"\x43\x00\x00\x00\x00\xfc\x00\x1a" + // i32.trunc_sat_f32_s
	"\x41\x10\x28\x02\x03\x1a" + // i32.load offset=3
	"\x3f\x00\x1a" + // memory.size
	"\x41\x00\x40\x00\x1a" + // memory.grow
	"\x41\x01\x41\x02\x41\x00\x1c\x01\x7f\x1a" + // select of i32
	"\x20\x00\x41\x00\x11\x00\x00" + // call_indirect type 0, the table's function 0, which is sum
	"\x20\x00\x10\x01" + // call 1, sum
	"\x7c\x23\x00\xac\x7c" + // i64.add, global.get 0, i64.extend_i32_s, i64.add
	"\x0b"

// module has an imported function 0, sum as 1, every as 2 and, if it has a start, function 3, which sets the global.
func module() []byte {
	return wasmfile.Join([]wasmfile.Section{
		{ID: wasmfile.Type, Content: vector("\x60\x01\x7f\x01\x7e", "\x60\x00\x00")},
		{ID: wasmfile.Import, Content: vector(sized("env") + sized("seven") + "\x00\x01")},
		{ID: 3, Content: vector("\x00", "\x00", "\x01")},
		{ID: 4, Content: vector("\x70\x00\x01")},
		{ID: 5, Content: vector("\x00\x01")},
		{ID: wasmfile.Global, Content: vector("\x7f\x01\x41\x80\x01\x0b")}, // 128
		{ID: wasmfile.Export, Content: vector(sized("sum")+"\x00\x01", sized("every")+"\x00\x02", sized("memory")+"\x02\x00")},
		{ID: wasmfile.Start, Content: []byte{3}},
		{ID: wasmfile.Element, Content: vector("\x00\x41\x00\x0b\x01\x01")},
		{ID: wasmfile.Code, Content: vector(sized(sum), sized(every),
			sized("\x00\x10\x00\x41\x07\x24\x00\x0b"))}, // call 0, i32.const 7, global.set 0
	})
}

// run calls a function of a module with what it imports, and counts the calls of the host.
func run(t *testing.T, wasm []byte, function string, n uint64) (result uint64, interrupts int) {
	t.Helper()
	ctx := t.Context()
	r := wazero.NewRuntimeWithConfig(ctx, wazero.NewRuntimeConfigInterpreter())
	defer r.Close(ctx)
	provide := func(module, name string, f func()) {
		_, err := r.NewHostModuleBuilder(module).NewFunctionBuilder().
			WithGoFunction(api.GoFunc(func(context.Context, []uint64) { f() }), nil, nil).Export(name).Instantiate(ctx)
		if err != nil {
			t.Fatal(err)
		}
	}
	provide("env", "seven", func() {})
	provide(ImportModule, ImportName, func() { interrupts++ })
	m, err := r.Instantiate(ctx, wasm)
	if err != nil {
		t.Fatal(err)
	}
	results, err := m.ExportedFunction(function).Call(ctx, n)
	if err != nil {
		t.Fatal(err)
	}
	return results[0], interrupts
}

func TestInstrumentKeepsWhatAModuleDoes(t *testing.T) {
	before := module()
	after, err := Instrument(before)
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		function  string
		n, result uint64
	}{
		{"sum", 1, 1},
		{"sum", 100, 5050},
		{"every", 1, 1 + 1 + 7},
		{"every", 100, 5050 + 5050 + 7},
	}
	for _, test := range tests {
		for form, wasm := range map[string][]byte{"before": before, "after": after} {
			if got, _ := run(t, wasm, test.function, test.n); got != test.result {
				t.Errorf("%s: %s(%d) = %d, want %d", form, test.function, test.n, got, test.result)
			}
		}
	}
}

func TestHostIsCalledOncePerInterval(t *testing.T) {
	wasm, err := Instrument(module())
	if err != nil {
		t.Fatal(err)
	}
	for _, turns := range []uint64{1, Interval - 1, Interval, Interval + 1, 10 * Interval} {
		if _, got := run(t, wasm, "sum", turns); got != int(turns/Interval) {
			t.Errorf("%d turns call the host %d times, want %d", turns, got, turns/Interval)
		}
	}
}

func TestInstrumentAddsWhatIsMissing(t *testing.T) {
	for name, wasm := range map[string][]byte{
		"no section": wasmfile.Join(nil),
		"no imports": wasmfile.Join([]wasmfile.Section{
			{ID: wasmfile.Type, Content: vector("\x60\x01\x7f\x01\x7e")},
			{ID: 3, Content: vector("\x00")},
			{ID: wasmfile.Export, Content: vector(sized("sum") + "\x00\x00")},
			{ID: wasmfile.Code, Content: vector(sized(sum))},
		}),
	} {
		t.Run(name, func(t *testing.T) {
			after, err := Instrument(wasm)
			if err != nil {
				t.Fatal(err)
			}
			if name == "no section" {
				return
			}
			if got, interrupts := run(t, after, "sum", 2*Interval); got != Interval*(2*Interval+1) || interrupts != 2 {
				t.Errorf("%d with %d calls of the host", got, interrupts)
			}
		})
	}
}

func TestInstrumentRefuses(t *testing.T) {
	section := func(id byte, content []byte) []byte {
		return wasmfile.Join([]wasmfile.Section{{ID: id, Content: content}})
	}
	code := func(body string) []byte { return section(wasmfile.Code, vector(sized(body))) }
	tests := []struct {
		name string
		wasm []byte
	}{
		{"no module", []byte("\x7fELF\x02\x01\x01\x00")},
		{"import of an unknown kind", section(wasmfile.Import, vector(sized("m")+sized("f")+"\x09\x00"))},
		{"imports that end early", section(wasmfile.Import, []byte("\x02\x01m\x01f\x00\x00"))},
		{"table import with unknown limits", section(wasmfile.Import, vector(sized("m")+sized("t")+"\x01\x70\x09\x00"))},
		{"global that refers to a function", section(wasmfile.Global, vector("\x70\x00\xd2\x00\x0b"))},
		{"passive element segment", section(wasmfile.Element, vector("\x01\x00\x01\x00"))},
		{"element segment with another offset", section(wasmfile.Element, vector("\x00\x23\x00\x0b\x01\x00"))},
		{"element segment that ends early", section(wasmfile.Element, vector("\x00\x41\x00\x0b\x09\x00"))},
		{"body that ends early", section(wasmfile.Code, []byte("\x01\x09\x00\x0b"))},
		{"vector instruction", code("\x00\xfd\x00\x0b")},
		{"unknown instruction", code("\x00\x06\x0b")},
		{"unknown instruction behind the prefix", code("\x00\xfc\x7f\x0b")},
		{"constant that ends early", code("\x00\x43\x00")},
		{"exports that end early", section(wasmfile.Export, []byte("\x02\x01m\x02\x00"))},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if _, err := Instrument(test.wasm); !errors.Is(err, wasmfile.ErrFormat) {
				t.Errorf("%v, want ErrFormat", err)
			}
		})
	}
}

// FuzzInstrument holds that a module that wazero accepts is refused or still accepted.
func FuzzInstrument(f *testing.F) {
	f.Add(module())
	f.Add([]byte("\x00asm\x01\x00\x00\x00"))
	config := wazero.NewRuntimeConfigInterpreter().WithMemoryLimitPages(16)
	f.Fuzz(func(t *testing.T, wasm []byte) {
		after, err := Instrument(wasm)
		if err != nil {
			return
		}
		r := wazero.NewRuntimeWithConfig(t.Context(), config)
		defer r.Close(t.Context())
		if _, err := r.CompileModule(t.Context(), wasm); err != nil {
			return
		}
		if _, err := r.CompileModule(t.Context(), after); err != nil {
			t.Errorf("a valid module is invalid after: %v", err)
		}
	})
}
