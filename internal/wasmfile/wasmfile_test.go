package wasmfile

import (
	"bytes"
	"errors"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestSplitAndJoin(t *testing.T) {
	tests := []struct {
		name, body string // what follows the header
		want       []Section
	}{
		{"nothing", "", nil},
		{"a section", "\x01\x02ab", []Section{{Type, []byte("ab")}}},
		{"an empty section", "\x07\x00", []Section{{Export, []byte{}}}},
		{"the data count before the code", "\x0c\x01\x00\x0a\x01\x00\x0b\x01\x00",
			[]Section{{DataCount, []byte{0}}, {Code, []byte{0}}, {Data, []byte{0}}}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := Split([]byte(header + test.body))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("sections differ (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(header+test.body, string(Join(got))); diff != "" {
				t.Errorf("the module differs (-want +got):\n%s", diff)
			}
		})
	}
}

func TestSplitLeavesCustomSectionsOut(t *testing.T) {
	got, err := Split([]byte(header + "\x00\x02\x01n\x01\x01a\x00\x02\x01n"))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]Section{{Type, []byte("a")}}, got); diff != "" {
		t.Errorf("sections differ (-want +got):\n%s", diff)
	}
}

func TestSplitRefuses(t *testing.T) {
	tests := []struct{ name, wasm string }{
		{"nothing", ""},
		{"half a header", header[:4]},
		{"version 2", "\x00asm\x02\x00\x00\x00"},
		{"a component", "\x00asm\x0d\x00\x01\x00"},
		{"no size", header + "\x01"},
		{"half a section", header + "\x01\x03ab"},
		{"a size that does not end", header + "\x01\xff\xff\xff\xff\xff\x01"},
		{"a size of 33 bits", header + "\x01\xff\xff\xff\xff\x1f"},
		{"unknown section", header + "\x0d\x00"},
		{"the same section twice", header + "\x01\x00\x01\x00"},
		{"sections out of order", header + "\x02\x00\x01\x00"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got, err := Split([]byte(test.wasm)); !errors.Is(err, ErrFormat) {
				t.Errorf("%v, %v, want ErrFormat", got, err)
			}
		})
	}
}

func TestEnsure(t *testing.T) {
	sections := []Section{{Import, []byte("i")}, {DataCount, []byte("c")}, {Code, []byte("x")}}
	for _, id := range []byte{Type, Import, Global, Data} {
		sections = Ensure(sections, id)
	}
	var ids []byte
	for _, s := range sections {
		ids = append(ids, s.ID)
	}
	if diff := cmp.Diff([]byte{Type, Import, Global, DataCount, Code, Data}, ids); diff != "" {
		t.Errorf("sections differ (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(Section{Global, []byte{0}}, sections[2]); diff != "" {
		t.Errorf("the new section differs (-want +got):\n%s", diff)
	}
}

func TestNumbers(t *testing.T) {
	for _, v := range []int32{0, 1, -1, 63, 64, -64, -65, 127, 128, 1 << 14, math.MaxInt32, math.MinInt32} {
		signed := Reader{B: AppendS32(nil, v)}
		if got := signed.S32(); got != v || signed.More() || signed.Failed {
			t.Errorf("S32 of % x is %d, want %d", signed.B, got, v)
		}
		unsigned := Reader{B: AppendU32(nil, uint32(v))}
		if got := unsigned.U32(); got != uint32(v) || unsigned.More() || unsigned.Failed {
			t.Errorf("U32 of % x is %d, want %d", unsigned.B, got, uint32(v))
		}
		skipped := Reader{B: AppendU32(AppendS32(nil, v), uint32(v))}
		if skipped.Skip(2); skipped.More() || skipped.Failed {
			t.Errorf("Skip leaves % x", skipped.Rest())
		}
	}
}

// TestReaderFails reads each thing from too few or wrong bytes.
func TestReaderFails(t *testing.T) {
	tests := []struct {
		name, in string
		read     func(*Reader) any
		zero     any
	}{
		{"Byte", "", func(r *Reader) any { return r.Byte() }, byte(0)},
		{"Bytes", "abc", func(r *Reader) any { return r.Bytes(4) }, []byte(nil)},
		{"huge Bytes", "abc", func(r *Reader) any { return r.Bytes(math.MaxUint32) }, []byte(nil)},
		{"U32", "\x80", func(r *Reader) any { return r.U32() }, uint32(0)},
		{"long U32", "\x80\x80\x80\x80\x80\x00", func(r *Reader) any { return r.U32() }, uint32(0)},
		{"S32", "\x80", func(r *Reader) any { return r.S32() }, int32(0)},
		{"long S32", "\x80\x80\x80\x80\x80\x00", func(r *Reader) any { return r.S32() }, int32(0)},
		{"S32 of 33 bits", "\xff\xff\xff\xff\x0f", func(r *Reader) any { return r.S32() }, int32(0)},
		{"Skip", "\x01\x80", func(r *Reader) any { r.Skip(2); return nil }, nil},
		{"Expect", "ab", func(r *Reader) any { r.Expect('b'); return nil }, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := &Reader{B: []byte(test.in)}
			if diff := cmp.Diff(test.zero, test.read(r)); diff != "" {
				t.Errorf("result differs (-want +got):\n%s", diff)
			}
			if !r.Failed || r.More() || len(r.Rest()) != 0 {
				t.Errorf("failed: %v, more: %v", r.Failed, r.More())
			}
		})
	}
}

func FuzzSplit(f *testing.F) {
	f.Add([]byte(header + "\x01\x02ab\x0c\x01\x00\x0a\x01\x00"))
	f.Add([]byte(header + "\x00\x02\x01n\x0b\x80\x00"))
	f.Fuzz(func(t *testing.T, wasm []byte) {
		sections, err := Split(wasm)
		if err != nil {
			if !errors.Is(err, ErrFormat) {
				t.Errorf("%v, want ErrFormat", err)
			}
			return
		}
		again, err := Split(Join(sections))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(Join(sections), Join(again)) {
			t.Error("a module changes when it is joined again")
		}
	})
}
