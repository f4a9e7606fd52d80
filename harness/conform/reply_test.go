package conform

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// slowReply is decodeReply without its short cut.
func slowReply(line []byte) (string, Answer, error) {
	return decodeReply(append([]byte(" "), line...))
}

func TestCutReply(t *testing.T) {
	for line, want := range map[string]bool{
		`{"id":"gen/decode/00042","status":0,"out":"e30="}`:   true,
		`{"id":"a","status":2,"out":""}`:                      true,
		`{"id":"a","status":3,"out":""}`:                      false,
		`{"id":"a","status":0,"out":"e30"}`:                   false,
		`{"id":"a","status":0,"out":"e31="}`:                  false, // bits that no byte has
		`{"id":"a","status":0,"out":"e3\n0="}`:                false,
		"{\"id\":\"a\",\"status\":0,\"out\":\"e3\r0=\"}":      false,
		`{"id":"a","status":0,"out":"e30="} `:                 false,
		`{"id":"a","status":0,"out":"e30=","more":""}`:        false,
		`{"id":"a","status":0,"out":"e30="}}`:                 false,
		`{"status":0,"id":"a","out":"e30="}`:                  false,
		`{"id":"é","status":0,"out":"e30="}`:                  false,
		`{"id":"\u0061","status":0,"out":"e30="}`:             false,
		`{"id":"a","status":0`:                                false,
		`{"id":"a","status":`:                                 false,
		`{"id":"a","status":00,"out":""}`:                     false,
		``:                                                    false,
		`{"id":"a","status":0,"status":1,"out":"e30="}`:       false,
		`{"id":"a","status":0,"out":"a","status":0,"out":""}`: false,
	} {
		if _, _, ok := cutReply([]byte(line)); ok != want {
			t.Errorf("%s: %v", line, ok)
		}
	}
}

// FuzzReply holds the short cut against encoding/json.
func FuzzReply(f *testing.F) {
	f.Add([]byte(`{"id":"gen/decode/00042","status":1,"out":"e30="}`))
	f.Add([]byte(`{"id":"a","status":0,"out":"` + "e3\r0=" + `"}`))
	f.Add([]byte(`{"id":"\n","status":2,"out":"====" }`))
	f.Fuzz(func(t *testing.T, line []byte) {
		id, answer, ok := cutReply(line)
		slowID, slow, err := slowReply(line)
		if ok && (err != nil || id != slowID || !answer.equal(slow)) {
			t.Errorf("%q: cut to %q %v, read as %q %v, %v", line, id, answer, slowID, slow, err)
		}
		if err == nil {
			line, err := json.Marshal(map[string]any{"id": slowID, "status": slow.Status, "out": slow.Out})
			if err != nil {
				t.Fatal(err)
			}
			again, answer, err := decodeReply(line)
			if diff := cmp.Diff(slow, answer); again != slowID || diff != "" || err != nil {
				t.Errorf("%s: %q, %v\n%s", line, again, err, diff)
			}
		}
	})
}
