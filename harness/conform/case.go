package conform

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
)

// A Case is one input of one operation.
type Case struct {
	ID   string // stable and unique, such as gen/decode/00042 or vectors/pub-h01/sign
	Op   string
	In   []byte
	Want *Want // nil where only the agreement of the runtimes counts
}

// A Want is what a fixture expects of an answer. Unset fields expect nothing.
type Want struct {
	Status  *byte                      // the status
	Members map[string]json.RawMessage // members of the answer's JSON object, with their values
}

// check returns the first thing in which a falls short of the expectation, or an empty string.
func (w *Want) check(a Answer) string {
	if w == nil {
		return ""
	}
	if w.Status != nil && a.Status != *w.Status {
		return fmt.Sprintf("the fixture expects status %d, not %d", *w.Status, a.Status)
	}
	if len(w.Members) == 0 {
		return ""
	}
	var got map[string]json.RawMessage
	if err := json.Unmarshal(a.Out, &got); err != nil {
		return fmt.Sprintf("the fixture expects a JSON object: %v", err)
	}
	for _, name := range slices.Sorted(maps.Keys(w.Members)) {
		value, ok := got[name]
		if !ok {
			return fmt.Sprintf("the fixture expects the member %q, which is missing", name)
		}
		if want, have := canonical(w.Members[name]), canonical(value); want != have {
			return fmt.Sprintf("the fixture expects another value of the member %q:\n%s", name, diff([]byte(want), []byte(have)))
		}
	}
	return ""
}

// canonical writes a JSON value in one form, so that values can be compared whatever their escapes and white space.
func canonical(value json.RawMessage) string {
	var v any
	if json.Unmarshal(value, &v) != nil {
		return string(value)
	}
	out, err := json.Marshal(v)
	if err != nil {
		return string(value)
	}
	return string(out)
}
