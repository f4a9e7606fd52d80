package jumps

import (
	"errors"
	"math/rand/v2"
	"testing"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"

	"github.com/ossconf/ossconf/internal/wasmfile"
)

// The globals of the test's modules: a hash of the way that a run took, how many blocks it may still enter, and the
// number to go on with after a stop.
const (
	hashGlobal = iota
	fuelGlobal
	resumeGlobal
)

const (
	typeI32 = 0x7f
	typeI64 = 0x7e
	i64Mul  = 0x7e
	i64Add  = 0x7c
	i64And  = 0x83
	i64Eqz  = 0x50
)

// A code is WebAssembly that is being written.
type code []byte

func (c *code) op(op byte, numbers ...uint32) {
	*c = append(*c, op)
	for _, n := range numbers {
		*c = wasmfile.AppendU32(*c, n)
	}
}

// constant pushes a constant.
func (c *code) constant(op byte, n int32) { *c = wasmfile.AppendS32(append(*c, op), n) }

// mix hashes n into the way.
func (c *code) mix(n int) {
	c.op(wasmfile.OpGlobalGet, hashGlobal)
	c.constant(wasmfile.OpI32Const+1, 0x4f6cdd1d)
	c.op(i64Mul)
	c.constant(wasmfile.OpI32Const+1, int32(n))
	c.op(i64Add)
	c.op(wasmfile.OpGlobalSet, hashGlobal)
}

// test pushes 1 for one in so many ways, which is a power of two.
func (c *code) test(ways int32) {
	c.op(wasmfile.OpGlobalGet, hashGlobal)
	c.constant(wasmfile.OpI32Const+1, (ways-1)<<16)
	c.op(i64And)
	c.op(i64Eqz)
}

// number is what the dispatcher knows a block by. As in Go, not all numbers in between are used.
func number(block int) int32 { return 2 * int32(block) }

// A generator writes a function of some blocks in the form of Go's compiler. What it decides comes from choices.
type generator struct {
	blocks, around int
	stops          bool
	choices        []byte
}

func (g *generator) choose(n int) int {
	if len(g.choices) == 0 {
		return 0
	}
	c := int(g.choices[0]) % n
	g.choices = g.choices[1:]
	return c
}

func (g *generator) body() []byte {
	g.blocks = 2 + g.choose(12)
	g.stops = g.choose(2) == 0
	c := code{0} // no local variables beside the parameter
	if g.stops {
		c.op(wasmfile.OpBlock, wasmfile.NoResult)
	}
	c.op(wasmfile.OpLoop, wasmfile.NoResult)
	for range g.blocks {
		c.op(wasmfile.OpBlock, wasmfile.NoResult)
	}
	c.op(wasmfile.OpLocalGet, blockNumber)
	c.op(wasmfile.OpBrTable, uint32(2*g.blocks-2))
	for n := range 2*g.blocks - 1 {
		c = wasmfile.AppendU32(c, uint32(n+1)/2)
	}
	c.op(wasmfile.OpEnd)
	for b := range g.blocks {
		g.around = g.blocks - 1 - b
		g.block(&c, b)
		c.op(wasmfile.OpEnd)
	}
	c.op(wasmfile.OpUnreachable)
	if g.stops {
		c.op(wasmfile.OpEnd)
		c.constant(wasmfile.OpI32Const, 1)
	}
	c.op(wasmfile.OpEnd)
	return c
}

// block writes the code of a block: some conditional jumps, then a call, a jump, a return or nothing.
func (g *generator) block(c *code, b int) {
	c.mix(b)
	c.op(wasmfile.OpGlobalGet, fuelGlobal)
	c.constant(wasmfile.OpI32Const, -1)
	c.op(wasmfile.OpI32Add)
	c.op(wasmfile.OpGlobalSet, fuelGlobal)
	c.op(wasmfile.OpGlobalGet, fuelGlobal)
	c.op(wasmfile.OpI32Eqz)
	c.op(wasmfile.OpIf, wasmfile.NoResult)
	c.finish()
	c.op(wasmfile.OpEnd)
	for range g.choose(3) {
		c.mix(100 + b)
		switch g.choose(3) {
		case 0: // a condition and nothing else
			c.test(2)
			c.op(wasmfile.OpIf, wasmfile.NoResult)
			g.jump(c, b, 1)
		case 1: // a condition and more
			c.test(2)
			c.op(wasmfile.OpIf, wasmfile.NoResult)
			c.mix(200)
			g.jump(c, b, 1)
		case 2: // a construct of the code itself
			c.op(wasmfile.OpBlock, wasmfile.NoResult)
			c.test(4)
			c.op(wasmfile.OpBrIf, 0)
			g.jump(c, b, 1)
		}
		c.op(wasmfile.OpEnd)
	}
	switch last := g.choose(8); {
	case last == 0 || b == g.blocks-1:
		c.finish()
	case last <= 2:
		g.jump(c, b, 0)
	case last == 3 && g.stops:
		c.constant(wasmfile.OpI32Const, number(b+1))
		c.op(wasmfile.OpGlobalSet, resumeGlobal)
		c.mix(300)
		c.test(2)
		c.op(wasmfile.OpBrIf, uint32(g.around)+1)
	}
}

// jump writes a jump of block b through the dispatcher out of so many constructs of the code itself. It does not go far,
// which gives more loops, and loops in loops.
func (g *generator) jump(c *code, b, depth int) {
	target := min(max(b-3+g.choose(7), 0), g.blocks-1)
	c.constant(wasmfile.OpI32Const, number(target))
	c.op(wasmfile.OpLocalSet, blockNumber)
	c.op(wasmfile.OpBr, uint32(g.around+depth))
}

func (c *code) finish() {
	c.constant(wasmfile.OpI32Const, 0)
	c.op(wasmfile.OpReturn)
}

// moduleOf returns a module that exports a function as run and the globals as hash, fuel and resume.
func moduleOf(body []byte) []byte {
	sized := func(b []byte) []byte { return append(wasmfile.AppendU32(nil, uint32(len(b))), b...) }
	export := func(name string, kind, index byte) []byte { return append(sized([]byte(name)), kind, index) }
	vector := func(items ...[]byte) []byte {
		out := wasmfile.AppendU32(nil, uint32(len(items)))
		for _, item := range items {
			out = append(out, item...)
		}
		return out
	}
	return wasmfile.Join([]wasmfile.Section{
		{ID: wasmfile.Type, Content: vector([]byte{0x60, 1, typeI32, 1, typeI32})},
		{ID: 3, Content: []byte{1, 0}},
		{ID: wasmfile.Global, Content: vector(
			[]byte{typeI64, 1, wasmfile.OpI32Const + 1, 1, wasmfile.OpEnd},
			[]byte{typeI32, 1, wasmfile.OpI32Const, 0xe4, 0, wasmfile.OpEnd}, // 100
			[]byte{typeI32, 1, wasmfile.OpI32Const, 0, wasmfile.OpEnd})},
		{ID: wasmfile.Export, Content: vector(
			export("run", 0, 0), export("hash", 3, hashGlobal), export("fuel", 3, fuelGlobal), export("resume", 3, resumeGlobal))},
		{ID: wasmfile.Code, Content: vector(sized(body))},
	})
}

// run runs a module, going on after every stop, and returns the way that it took.
func run(t *testing.T, r wazero.Runtime, wasm []byte) (hash, fuel uint64) {
	t.Helper()
	m, err := r.InstantiateWithConfig(t.Context(), wasm, wazero.NewModuleConfig().WithName(""))
	if err != nil {
		t.Fatalf("%v\n%x", err, wasm)
	}
	defer m.Close(t.Context())
	stopped := api.EncodeI32(1)
	for at := uint64(0); stopped == 1; at = m.ExportedGlobal("resume").Get() {
		results, err := m.ExportedFunction("run").Call(t.Context(), at)
		if err != nil {
			t.Fatalf("%v\n%x", err, wasm)
		}
		stopped = results[0]
	}
	return m.ExportedGlobal("hash").Get(), m.ExportedGlobal("fuel").Get()
}

func check(t *testing.T, r wazero.Runtime, choices []byte) (before, after int) {
	t.Helper()
	body := (&generator{choices: choices}).body()
	built := moduleOf(body)
	direct, err := Straighten(built)
	if err != nil {
		t.Fatal(err)
	}
	hash, fuel := run(t, r, built)
	if h, f := run(t, r, direct); h != hash || f != fuel {
		t.Errorf("choices %v: it goes another way: hash %x, fuel %d, want %x, %d", choices, h, f, hash, fuel)
	}
	return dispatches(t, built), dispatches(t, direct)
}

// dispatches counts the jumps through a dispatcher in a module.
func dispatches(t *testing.T, wasm []byte) (n int) {
	t.Helper()
	sections, err := wasmfile.Split(wasm)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range sections {
		if s.ID != wasmfile.Code {
			continue
		}
		r := &wasmfile.Reader{B: s.Content}
		for count := r.U32(); count > 0; count-- {
			f := &wasmfile.Reader{B: r.Bytes(r.U32())}
			f.Skip(1) // no local variables
			var last [2]byte
			for f.More() {
				op := f.Byte()
				if last == [2]byte{wasmfile.OpI32Const, wasmfile.OpLocalSet} && op == wasmfile.OpBr {
					n++
				}
				last = [2]byte{last[1], op}
				f.Immediates(op)
			}
		}
	}
	return n
}

// TestRandomFunctions compares the way through functions of every shape before and after.
func TestRandomFunctions(t *testing.T) {
	r := wazero.NewRuntimeWithConfig(t.Context(), wazero.NewRuntimeConfigInterpreter())
	defer r.Close(t.Context())
	random := rand.New(rand.NewPCG(1, 2))
	before, after := 0, 0
	for range 2000 {
		choices := make([]byte, 8+random.IntN(80))
		for i := range choices {
			choices[i] = byte(random.Uint32())
		}
		b, a := check(t, r, choices)
		before, after = before+b, after+a
	}
	if after > before*2/5 {
		t.Errorf("%d of %d jumps still go through the dispatcher", after, before)
	}
}

func FuzzStraighten(f *testing.F) {
	f.Add([]byte{3, 1, 2, 0, 1, 1, 2, 3})
	r := wazero.NewRuntimeWithConfig(f.Context(), wazero.NewRuntimeConfigInterpreter())
	f.Cleanup(func() { r.Close(f.Context()) })
	f.Fuzz(func(t *testing.T, choices []byte) { check(t, r, choices) })
}

func TestStraightenRefuses(t *testing.T) {
	for name, wasm := range map[string][]byte{
		"no module":            []byte("no module"),
		"a body that is short": wasmfile.Join([]wasmfile.Section{{ID: wasmfile.Code, Content: []byte{1, 9, 0}}}),
		"too few bodies":       wasmfile.Join([]wasmfile.Section{{ID: wasmfile.Code, Content: []byte{2, 2, 0, wasmfile.OpEnd}}}),
		"too many bodies":      wasmfile.Join([]wasmfile.Section{{ID: wasmfile.Code, Content: []byte{0, 2, 0, wasmfile.OpEnd}}}),
	} {
		if _, err := Straighten(wasm); !errors.Is(err, wasmfile.ErrFormat) {
			t.Errorf("%s: %v, want ErrFormat", name, err)
		}
	}
}
