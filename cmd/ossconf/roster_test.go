package main

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ossconf/ossconf/harness/conform"
)

// A run of all runtimes, which the interpreter makes slow, is in the scripts once: this is what --require asks of it.
func TestDemand(t *testing.T) {
	for _, test := range []struct {
		name    string
		require []string
		want    []string
	}{
		{"nothing", nil, nil},
		{"one", []string{"netscape"}, []string{"netscape"}},
		{"one that is there", []string{"native"}, nil},
		{"all", []string{"all"}, []string{"netscape", "mosaic"}},
	} {
		r := roster{drivers: []conform.Driver{{Name: "native"}}, missing: []conform.Missing{{Name: "netscape"}, {Name: "mosaic"}}}
		if err := r.demand(&conformance{require: test.require}); err != nil {
			t.Errorf("%s: %v", test.name, err)
		}
		var got []string
		for _, m := range r.missing {
			if m.Required {
				got = append(got, m.Name)
			}
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s: required (-want +got):\n%s", test.name, diff)
		}
	}
	if err := (&roster{}).demand(&conformance{require: []string{"lynx"}}); err == nil {
		t.Error("a runtime that nobody knows is required without a word")
	}
}
