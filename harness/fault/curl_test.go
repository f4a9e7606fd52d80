package fault_test

import (
	"errors"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/ossconf/ossconf/harness/fault"
)

// curl tells the faults apart by its exit status.
func TestCurl(t *testing.T) {
	curl, err := exec.LookPath("curl")
	if err != nil {
		t.Skip("there is no curl here")
	}
	for _, test := range []struct {
		name string
		rule fault.Rule
		args []string
		exit int
	}{
		{"none", fault.Rule{Kind: fault.Reset, Skip: 1}, nil, 0},
		{"reset", fault.Rule{Kind: fault.Reset}, nil, 56},                             // failure in receiving
		{"truncate", fault.Rule{Kind: fault.Truncate}, nil, 18},                       // partial file
		{"truncate HEAD", fault.Rule{Kind: fault.Truncate}, []string{"--head"}, -1},   // see below
		{"throttle", fault.Rule{Kind: fault.Throttle}, []string{"--fail"}, 22},        // status of 400 or more
		{"latency", fault.Rule{Kind: fault.Latency, Delay: time.Millisecond}, nil, 0}, // in real time
	} {
		for _, front := range fronts() {
			t.Run(test.name+"/"+front.name, func(t *testing.T) {
				server := front.start(newService(t, test.rule))
				defer server.Close()
				args := append([]string{"--silent", "--insecure", "--noproxy", "*"}, test.args...)
				out, err := exec.Command(curl, append(args, server.URL+"/examplebucket/")...).Output()
				exit := 0
				if e := (*exec.ExitError)(nil); errors.As(err, &e) {
					exit = e.ExitCode()
				}
				if test.exit < 0 { // curl takes a head without end for one
					if exit != 0 || strings.Contains(string(out), "\r\n\r\n") {
						t.Errorf("exit status %d, head %q", exit, out)
					}
					return
				}
				if exit != test.exit {
					t.Errorf("exit status %d, want %d: %v\n%s", exit, test.exit, err, out)
				}
			})
		}
	}
}
