package conform

import (
	"errors"
	"strings"
	"testing"
)

func TestRunComparesModules(t *testing.T) {
	other := strings.Repeat("f", 32)
	tests := map[string]struct {
		known map[string]string
		how   [3]string // drivers
		form  [3]string
		fault string    // of the driver with the fault; none if empty
		says  string    // the fault
		forms [3]string // in the result
	}{
		"the same": {nil, [3]string{"good", "chatty", "native hash"}, [3]string{"plain", "plain", "plain"}, "native hash", "no hash", [3]string{"plain", "plain", "plain"}},
		"another": {nil, [3]string{"good", "another hash", "chatty"}, [3]string{"plain", "plain", "plain"}, "another hash", "that of good has 0123",
			[3]string{"plain", "plain", "plain"}},
		"of another form": {nil, [3]string{"good", "another hash", "chatty"}, [3]string{"plain", "self-contained", "plain"}, "", "",
			[3]string{"plain", "self-contained", "plain"}},
		"than is known": {map[string]string{"plain": other}, [3]string{"good", "another hash", "chatty"}, [3]string{"plain", "plain", ""}, "good",
			"the one to test has ffff", [3]string{"plain", "plain", ""}},
		"of no form": {nil, [3]string{"good", "another hash", "chatty"}, [3]string{"plain", "", ""}, "", "", [3]string{"plain", "", "plain"}},
		"after another fault": {nil, [3]string{"good", "another hash and garbage", "chatty"}, [3]string{"plain", "plain", "plain"}, "another hash and garbage",
			"this is not JSON", [3]string{"plain", "plain", "plain"}},
		"none at all": {nil, [3]string{"silent end", "another hash", "native hash"}, [3]string{"plain", "plain", ""}, "silent end", "ended before",
			[3]string{"plain", "plain", ""}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			o := fakeOptions()
			o.Modules = test.known
			for i, how := range test.how {
				d := fake(t, how)
				d.Form = test.form[i]
				o.Drivers = append(o.Drivers, d)
			}
			result := run(t, o)
			for i, rt := range result.Runtimes {
				if rt.Form != test.forms[i] {
					t.Errorf("%s has the form %q, want %q", rt.Name, rt.Form, test.forms[i])
				}
				if rt.Name != test.fault {
					if !rt.OK() {
						t.Errorf("%s: %v", rt.Name, rt.Fault)
					}
					continue
				}
				if rt.Fault == nil || !strings.Contains(rt.Fault.Error(), test.says) {
					t.Errorf("%s: got %v, want %q", rt.Name, rt.Fault, test.says)
				}
			}
			if test.fault == "another hash" && !errors.Is(result.Err(), ErrModule) {
				t.Errorf("got %v, want ErrModule", result.Err())
			}
		})
	}
}
