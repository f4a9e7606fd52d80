package conform

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

func sampleResult() *Result {
	counts := func(n int, differ ...string) map[string]Count {
		m := map[string]Count{}
		for _, op := range []string{"decode", "encode", "post_policy"} {
			m[op] = Count{Cases: n}
		}
		for _, op := range differ {
			m[op] = Count{n, 1}
		}
		return m
	}
	good := func(name string) RuntimeResult {
		return RuntimeResult{Name: name, About: About{name, "1.2.3", 1, strings.Repeat("0123456789abcdef", 4), nil}, Form: "self-contained",
			Asked: 30300, Every: 1, Cases: 30300, Operations: counts(10100), Processes: 1,
			ColdStart: 12345 * time.Microsecond, PerCall: 45678 * time.Nanosecond, Elapsed: 12345 * time.Millisecond}
	}
	differs := good("differs")
	differs.Operations = counts(10100, "decode")
	differs.Differences = 12
	differs.Expected = []ExpectedFailure{{"differs", "gen/encode/00003", "reported upstream"}}
	differs.First = []Difference{{"gen/decode/00001", "decode", []byte("<a>\n"), differsFromReference, Answer{0, []byte("{}")}, Answer{1, []byte("{}")}}}
	differs.Stale = []Stale{{ExpectedFailure{"differs", "gen/decode/00002", "numbers"}, true}}
	dead := good("dead")
	dead.Cases, dead.Operations = 7, map[string]Count{"decode": {Cases: 7}}
	dead.Fault = &Fault{Case: "gen/decode/00007", Stderr: "out of memory\n", Err: fmt.Errorf("%w: exit status 3", ErrDied)}
	native := good("native")
	native.About.Module, native.Form, native.ColdStart = "", "", 0
	absent := RuntimeResult{Name: "absent", Asked: 30300, Every: 1, Fault: &Fault{Err: ErrStart}}
	sampled := good("sampled")
	sampled.Asked, sampled.Cases, sampled.Every, sampled.Operations = 3300, 3300, 10, counts(1100)
	r := &Result{
		Operations: []string{"decode", "encode", "post_policy"}, Fixtures: 300, Cases: 30300,
		Missing: []Missing{{"firefox", "self-contained", "apt-get install -y firefox-esr", true}, {Name: "webkitgtk"}},
		Started: time.Date(2026, 11, 24, 12, 34, 56, 0, time.UTC), Elapsed: 61 * time.Second,
	}
	r.Runtimes = []RuntimeResult{native, good("wazero"), good("wazero-interpreter"), differs, dead, absent,
		good("workerd"), good("edge-runtime"), good("chromium"), sampled}
	return r
}

func TestWriteText(t *testing.T) {
	var b bytes.Buffer
	r := sampleResult()
	r.Runtimes[3].First = nil // cmp does not promise the form of a difference
	if err := r.WriteText(&b); err != nil {
		t.Fatal(err)
	}
	golden(t, "result.txt", b.Bytes())
	table, _, _ := strings.Cut(b.String(), "\n\n")
	for line := range strings.Lines(table) {
		if n := utf8.RuneCountInString(strings.TrimSuffix(line, "\n")); n > 104 {
			t.Errorf("a line of %d columns: %s", n, line)
		}
	}
}

func TestWriteFails(t *testing.T) {
	full := errors.New("disk full")
	for name, write := range map[string]func(*Result, io.Writer) error{
		"text": (*Result).WriteText, "JSON": (*Result).WriteJSON, "JUnit": (*Result).WriteJUnit, "HTML": (*Result).WriteHTML,
	} {
		if err := write(sampleResult(), failingWriter{full}); !errors.Is(err, full) {
			t.Errorf("%s: got %v, want %v", name, err, full)
		}
	}
}

type failingWriter struct{ err error }

func (w failingWriter) Write([]byte) (int, error) { return 0, w.err }

func TestWriteJSON(t *testing.T) {
	var b bytes.Buffer
	if err := sampleResult().WriteJSON(&b); err != nil {
		t.Fatal(err)
	}
	var got struct {
		Fixtures, Cases int
		Missing         []Missing
		Started         string
		Runtimes        []struct {
			Name        string
			ColdStart   int64 `json:"cold_start_ns"`
			PerCall     int64 `json:"per_call_ns"`
			Every       int
			Fault       string
			Differences int
			First       []struct {
				Case string
				In   []byte
				Want struct{ Status int }
			} `json:"first_differences"`
		}
	}
	if err := json.Unmarshal(b.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	if got.Fixtures != 300 || got.Cases != 30300 || got.Started != "2026-11-24T12:34:56Z" {
		t.Errorf("got %+v", got)
	}
	if diff := cmp.Diff(sampleResult().Missing, got.Missing); diff != "" {
		t.Error(diff)
	}
	if s := got.Runtimes[9]; s.Every != 10 || s.ColdStart != 12345000 || s.PerCall != 45678 {
		t.Errorf("got %+v", s)
	}
	if d := got.Runtimes[3]; d.Name != "differs" || d.Differences != 12 || len(d.First) != 1 || string(d.First[0].In) != "<a>\n" {
		t.Errorf("got %+v", d)
	}
	if f := got.Runtimes[4].Fault; !strings.HasPrefix(f, "gen/decode/00007: the driver died: exit status 3") {
		t.Errorf("got fault %q", f)
	}
}

func TestResultErr(t *testing.T) {
	err := sampleResult().Err()
	for _, cause := range []error{ErrFailed, ErrDied, ErrStart, ErrMissing} {
		if !errors.Is(err, cause) {
			t.Errorf("%v is not %v", err, cause)
		}
	}
	for _, fine := range []string{"wazero", "webkitgtk"} { // the one conforms, the other is not required
		if strings.Contains(err.Error(), fine) {
			t.Errorf("names %s: %v", fine, err)
		}
	}
	if err := (&Result{Runtimes: []RuntimeResult{{Name: "native"}}}).Err(); err != nil {
		t.Errorf("got %v for a runtime without a difference", err)
	}
}

func TestDifferenceString(t *testing.T) {
	long := strings.Repeat("é", 4000)
	tests := map[string]struct {
		d    Difference
		want []string // in the text
		most int      // bytes of text
	}{
		"status": {Difference{"a", "decode", []byte("\xff"), "why", Answer{0, []byte("x")}, Answer{1, []byte("x")}},
			[]string{"a: why", `input: "\xff"`, "status: want 0, got 1"}, 100},
		"text": {Difference{"a", "decode", nil, "why", Answer{0, []byte(`{"a":1}`)}, Answer{0, []byte(`{"a":2}`)}},
			[]string{`{"a":1}`, `{"a":2}`, "-want +got"}, 300},
		"long": {Difference{"a", "decode", []byte(long), "why", Answer{0, []byte(long + "1" + long)}, Answer{0, []byte(long + "2" + long)}},
			[]string{"(8000 bytes)", "want has 16001, got 16001"}, 8 << 10},
		"bytes": {Difference{"a", "decode", nil, "why", Answer{0, []byte{0xff, 0}}, Answer{0, []byte{0xff, 1}}}, []string{"want +got"}, 1 << 10},
		"shorter": {Difference{"a", "decode", nil, "why", Answer{0, []byte(long)}, Answer{0, []byte(long[:5001])}},
			[]string{"want has 8000, got 5001"}, 8 << 10},
		"nothing": {Difference{"a", "decode", nil, "why", Answer{0, []byte(long)}, Answer{0, nil}}, []string{"want has 8000, got 0"}, 8 << 10},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got := test.d.String()
			for _, want := range test.want {
				if !strings.Contains(got, want) {
					t.Errorf("%q is not in:\n%s", want, got)
				}
			}
			if len(got) > test.most {
				t.Errorf("%d bytes, want %d at most:\n%s", len(got), test.most, got)
			}
		})
	}
}

func TestReadExpected(t *testing.T) {
	list, err := ReadExpected(strings.NewReader("# known\n\nwazero gen/decode/00001  numbers are\tlonger \r\n jsc documents/a/decode x\n"))
	want := []ExpectedFailure{{"wazero", "gen/decode/00001", "numbers are longer"}, {"jsc", "documents/a/decode", "x"}}
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, list); diff != "" {
		t.Error(diff)
	}
	for in, says := range map[string]string{
		"\nwazero gen/decode/00001\n":         "line 2: needs a runtime, a case and a reason",
		"a b reason\n# c\na b reason\n":       "line 3: b is listed for a on line 1 already",
		strings.Repeat("x", 1<<20) + "\n":     "too long",
		"a b reason\na c reason\n just-one\n": "line 3",
	} {
		if _, err := ReadExpected(strings.NewReader(in)); !errors.Is(err, ErrExpected) || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: got %v, want %q", excerpt([]byte(in), 40), err, says)
		}
	}
}
