package conform

import (
	"bytes"
	"errors"
	"testing"
	"time"
)

func TestColdStart(t *testing.T) {
	for stderr, want := range map[string]time.Duration{
		`{"cold_start_ms":12.5}` + "\n":                        12500 * time.Microsecond,
		"warning: old\r\n" + `{"cold_start_ms": 3}` + "\r\n\n": 3 * time.Millisecond,
		`{"cold_start_ms":0.001}`:                              time.Microsecond,
		"":                                                     0,
		"panic: no":                                            0,
		`{"cold_start_ms":12.5}` + "\npanic: no\n": 0, // it is not the last word
		`{"cold_start_ms":-1}`:                     0,
		`{"cold_start_ms":0}`:                      0,
		`{"cold_start_ms":1e300}`:                  0,
		`{"cold_start_ms":"12"}`:                   0,
		`{"cold_start_ms":1,"more":2}`:             0,
		`{}`:                                       0,
		`[12]`:                                     0,
	} {
		got, ok := coldStart(stderr)
		if got != want || ok != (want > 0) {
			t.Errorf("%q: %v, %v, want %v", stderr, got, ok, want)
		}
	}
	var b bytes.Buffer
	if err := WriteColdStart(&b, 1234567*time.Nanosecond); err != nil {
		t.Fatal(err)
	}
	if got, _ := coldStart(b.String()); got != 1235*time.Microsecond {
		t.Errorf("%q is read as %v", b.String(), got)
	}
}

func TestRunTakesColdStart(t *testing.T) {
	result := run(t, fakeOptions(fake(t, "cold start"), fake(t, "good"), fake(t, "cold start and exit status")))
	if got := result.Runtimes[0].ColdStart; got != 12500*time.Microsecond {
		t.Errorf("got %v", got)
	}
	if got := result.Runtimes[1].ColdStart; got != 0 {
		t.Errorf("got %v of a driver that says none", got)
	}
	fault := result.Runtimes[2].Fault
	if !errors.Is(fault, ErrDied) || fault.Stderr != "cannot clean up\n" {
		t.Errorf("got %v, want what it said of its death alone", fault)
	}
}
