//go:build unix

package main

import (
	"encoding/json"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestConformCatchesPlantedFaults runs the command on drivers that misbehave, and looks at the JSON it writes.
func TestConformCatchesPlantedFaults(t *testing.T) {
	type outcome struct{ Name, Fault string }
	for _, test := range []struct {
		fault, says string // in the fault; a difference if empty
		differences int
	}{
		{fault: "flip", differences: 3},
		{fault: "status", differences: 3},
		{fault: "drop", says: "gen/decode/00007: the driver left out an answer: the next one was for gen/decode/00008"},
		{fault: "twice", says: "gen/decode/00007: the driver answered twice"},
		{fault: "reorder", says: "gen/decode/00007: the driver answered out of order: gen/decode/00008 came before it"},
		{fault: "garbage", says: "gen/decode/00007: the driver wrote a line that is not an answer: "},
		{fault: "die", says: "killed by the out of memory killer"},
		{fault: "lack", says: "the module has no export ossconf_decode"},
		{fault: "abi", says: "the driver is not what the cases need: it speaks ABI 2"},
		{fault: "fewer", says: `it lacks the operations ["decode"]`},
		{fault: "more", says: `it names the operations ["simulate_everything"]`},
		{fault: "hang", says: "gen/decode/00007: the driver did not answer in time: waited 15s"},
		{fault: "mute", says: "the driver did not answer in time: waited 15s for its first line or its end"},
		{fault: "none"},
	} {
		t.Run(test.fault, func(t *testing.T) {
			t.Parallel()
			args := []string{"conform", "--driver", "planted=planted " + test.fault + " ossconf driver", "--only", "native,planted", "--cases", "1000", "--output", "json"}
			if test.fault == "hang" || test.fault == "mute" {
				args = append(args, "--timeout", "15s")
			}
			p := start(t, args...)
			out, err := io.ReadAll(p.out)
			if err != nil {
				t.Fatal(err)
			}
			want := exitRefused
			if test.fault == "none" {
				want = exitOK
			}
			if code := p.end(t, 0); code != want {
				t.Errorf("exit code %d, want %d; %s", code, want, p.stderr.String())
			}
			var result struct {
				Runtimes []struct {
					Name, Fault string
					Differences int
					First       []struct{ Case string } `json:"first_differences"`
				}
			}
			if err := json.Unmarshal(out, &result); err != nil {
				t.Fatal(err)
			}
			native, planted := result.Runtimes[0], result.Runtimes[1]
			if diff := cmp.Diff(outcome{Name: "native"}, outcome{native.Name, native.Fault}); diff != "" || native.Differences != 0 {
				t.Errorf("native: %d differences\n%s", native.Differences, diff)
			}
			if planted.Differences != test.differences || (test.says == "") != (planted.Fault == "") || !strings.Contains(planted.Fault, test.says) {
				t.Errorf("%d differences and fault %q, want %d and %q", planted.Differences, planted.Fault, test.differences, test.says)
			}
			for i, d := range planted.First {
				if d.Case != plantedAt[i] {
					t.Errorf("difference in %s, want %s", d.Case, plantedAt[i])
				}
			}
		})
	}
}
