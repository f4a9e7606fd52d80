package corpus

import (
	"bytes"
	"encoding/json"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ossconf/ossconf/core"
	"github.com/ossconf/ossconf/httpsconfig"
)

// TestProfiles notices a profile that no input names.
func TestProfiles(t *testing.T) {
	var names []string
	for _, p := range httpsconfig.Profiles() {
		names = append(names, p.Name)
	}
	if diff := cmp.Diff(names, profiles); diff != "" {
		t.Errorf("profiles (-httpsconfig +corpus):\n%s", diff)
	}
}

func TestOperations(t *testing.T) {
	if diff := cmp.Diff(core.Operations(), Operations()); diff != "" {
		t.Errorf("operations of core without a generator, or the other way round (-core +corpus):\n%s", diff)
	}
	if maxDocument != httpsconfig.MaxSize || maxRequest != core.MaxRequest {
		t.Errorf("the limits are %d and %d, the corpus takes them for %d and %d", httpsconfig.MaxSize, core.MaxRequest, maxDocument, maxRequest)
	}
}

func TestInput(t *testing.T) {
	for _, op := range Operations() {
		if a, b := Input(op, 42), Input(op, 42); !bytes.Equal(a, b) {
			t.Errorf("%s: two inputs for one number:\n%q\n%q", op, a, b)
		}
	}
	if bytes.Equal(Input("decode", 42), Input("encode", 42)) {
		t.Error("two operations have the same input")
	}
	if in := Input("shout", 42); in != nil {
		t.Errorf("an unknown operation has the input %q", in)
	}
}

// TestBigInputs sees to it that inputs lie on both sides of each limit and close to it.
func TestBigInputs(t *testing.T) {
	tests := map[string]struct {
		limit int
		make  func(*random) []byte
	}{
		"document":              {maxDocument, bigDocument},
		"request":               {maxRequest, func(r *random) []byte { return bigRequest(r, policySigning) }},
		"received":              {maxRequest, bigReceived},
		"request of a document": {maxRequest, func(r *random) []byte { return bigConfigRequest(r, simulating) }},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			within, beyond := 0, 0
			for i := range uint64(60) {
				switch size := len(test.make(newRandom(1, i))); {
				case size > test.limit-3 && size <= test.limit:
					within++
				case size > test.limit && size < test.limit+3:
					beyond++
				}
			}
			if within == 0 || beyond == 0 {
				t.Errorf("%d inputs just within the limit, %d just beyond it, want some of both", within, beyond)
			}
		})
	}
}

// TestWellFormed checks the writers against another reader of JSON, and that what they write is not all alike.
func TestWellFormed(t *testing.T) {
	seen := map[string]bool{}
	for i := range uint64(500) {
		r := newRandom(2, i)
		doc := newConfiguration(r).json(r)
		request := newSignRequest(r, signing).json(r, signing)
		for _, text := range [][]byte{doc, request, configObject(r, differing, configDocuments(r, differing))} {
			if !json.Valid(bytes.TrimPrefix(text, []byte("\ufeff"))) {
				t.Errorf("not JSON: %s", text)
			}
			seen[string(text)] = true
		}
	}
	if len(seen) < 1400 {
		t.Errorf("%d different texts of 1500", len(seen))
	}
}

func TestMutateLeavesItsInput(t *testing.T) {
	doc := []byte(`<HttpsConfiguration><TLS><Enable>true</Enable></TLS></HttpsConfiguration>`)
	kept := slices.Clone(doc)
	changed := 0
	for i := range uint64(500) {
		if out := mutate(newRandom(3, i), doc); !bytes.Equal(out, doc) {
			changed++
		}
		if !bytes.Equal(doc, kept) {
			t.Fatalf("mutate changed its input to %q", doc)
		}
	}
	if changed < 400 {
		t.Errorf("%d of 500 documents were changed", changed)
	}
}
