package main

import (
	"bytes"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ossconf/ossconf/harness/conform"
	"github.com/ossconf/ossconf/internal/wasmfile"
)

func TestSplitCommand(t *testing.T) {
	for command, want := range map[string][]string{
		"node driver.js":              {"node", "driver.js"},
		"  a\t b\n":                   {"a", "b"},
		`'a b' "c 'd'" e'f'g`:         {"a b", "c 'd'", "efg"},
		`C:\bin\driver.exe --x="1 2"`: {`C:\bin\driver.exe`, "--x=1 2"},
		`a '' ""`:                     {"a", "", ""},
		"":                            nil,
		" ":                           nil,
		`''`:                          nil,
		`a "b`:                        nil,
		`a 'b"`:                       nil,
	} {
		got, err := splitCommand(command)
		if diff := cmp.Diff(want, got); diff != "" || (err != nil) != (want == nil) {
			t.Errorf("%s: %v\n%s", command, err, diff)
		}
	}
}

func TestForm(t *testing.T) {
	importing := wasmfile.Join([]wasmfile.Section{{ID: wasmfile.Import, Content: []byte{1, 1, 'm', 1, 'f', 0, 0}}})
	for name, test := range map[string]struct {
		wasm []byte
		want string
	}{
		"imports":      {importing, formPlain},
		"no imports":   {wasmfile.Join([]wasmfile.Section{{ID: wasmfile.Import, Content: []byte{0}}}), formSelfContained},
		"no section":   {wasmfile.Join(nil), formSelfContained},
		"not a module": {[]byte("{}"), ""},
	} {
		if got := form(test.wasm); got != test.want {
			t.Errorf("%s: %q, want %q", name, got, test.want)
		}
	}
}

func TestReadList(t *testing.T) {
	const good = `{"name":"a","runtime":"node","module":"plain","argv":["node","a.js"],"available":true}`
	for text, says := range map[string]string{
		"[]":                             "",
		"[" + good + "]\n":               "",
		good:                             "it does not print a list of drivers",
		"":                               "it does not print a list of drivers",
		"[" + good:                       "it does not print a list of drivers",
		"[]\n[]":                         "more than one list",
		"[] x":                           "more than one list",
		`[{"nmae":"a"}]`:                 `unknown field "nmae"`,
		`[{"module":"plain"}]`:           "driver 1: the name has to be there",
		`[{"name":"a,b"}]`:               `"a,b"`,
		`[{"name":"a","module":"wasm"}]`: `driver a: module has to be plain or self-contained: "wasm"`,
		`[{"name":"a","module":"plain","available":true}]`:                          "driver a: argv has to name a command",
		`[{"name":"a","module":"plain","argv":["x"],"available":false}]`:            "driver a: install has to say",
		`[{"name":"a","module":"plain","argv":[],"available":false,"install":"x"}]`: "",
	} {
		_, err := readList([]byte(text))
		if (err == nil) != (says == "") || err != nil && !strings.Contains(err.Error(), says) {
			t.Errorf("%s: got %v, want %q", text, err, says)
		}
	}
}

func TestProgressLine(t *testing.T) {
	var b bytes.Buffer
	p := &progress{w: &b, terminal: true, runtimes: 3}
	for _, step := range []struct {
		now  conform.Progress
		want string
	}{
		{conform.Progress{Runtime: "node", Total: 1000}, "0 of 3 runtimes, node 0%"},
		{conform.Progress{Runtime: "bun\x1b[2J", Done: 500, Total: 1000, Differences: 1}, "0 of 3 runtimes, node 0%, bun\uFFFD[2J 50% (1 difference)"},
		{conform.Progress{Runtime: "node", Done: 999, Total: 1000}, "0 of 3 runtimes, node 99%, bun\uFFFD[2J 50% (1 difference)"},
		{conform.Progress{Runtime: "bun\x1b[2J", Done: 500, Total: 1000, Ended: true}, "1 of 3 runtimes, node 99%"},
		{conform.Progress{Runtime: strings.Repeat("x", 100), Total: 0}, "1 of 3 runtimes, node 99%, " + strings.Repeat("x", 51) + "…"},
	} {
		b.Reset()
		p.report(step.now)
		if diff := cmp.Diff(clearLine+step.want, b.String()); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
	b.Reset()
	p.end()
	if b.String() != clearLine {
		t.Errorf("ends with %q", b.String())
	}
}

func TestProgressMilestones(t *testing.T) {
	report := func(milestones bool) string {
		var b bytes.Buffer
		p := newProgress(&b, 2, 400, milestones)
		p.report(conform.Progress{Runtime: "node", Total: 400})
		p.report(conform.Progress{Runtime: "node", Done: 400, Total: 400, Ended: true, Elapsed: 1234 * time.Millisecond})
		p.report(conform.Progress{Runtime: "bun", Done: 1, Total: 400, Differences: 1, Ended: true, Failed: true})
		p.end()
		return b.String()
	}
	want := `conform: 2 runtimes to test, 400 cases each
conform: node ok, 400 cases, 0 differences, 1.2s (1 of 2)
conform: bun FAILED, 1 case, 1 difference, 0s (2 of 2)
`
	if diff := cmp.Diff(want, report(true)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got := report(false); got != "" {
		t.Errorf("without milestones: %q", got)
	}
}

// TestRequiredRuntimes holds the list of what CI requires against what there is. Of the versions of Node.js, the one that
// runs list.js is not the same everywhere.
func TestRequiredRuntimes(t *testing.T) {
	node, err := exec.LookPath("node")
	if err != nil && os.Getenv("OSSCONF_REQUIRE_NODE") != "1" {
		t.Skip("no Node.js (OSSCONF_REQUIRE_NODE=1 makes this a failure)")
	}
	cmd := exec.Command(node, defaultDrivers+"/"+listName)
	cmd.Dir = "../.."
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	list, err := readList(out)
	if err != nil {
		t.Fatal(err)
	}
	known := builtIn()
	for _, l := range list {
		known = append(known, l.Name)
	}
	data, err := os.ReadFile("../../.ci/runtimes")
	if err != nil {
		t.Fatal(err)
	}
	var required []string
	for line := range strings.Lines(string(data)) {
		if !strings.HasPrefix(line, "#") {
			required = append(required, strings.TrimSpace(line))
		}
	}
	for _, name := range required {
		if !slices.Contains(known, name) {
			t.Errorf("%s is required, and there is no such driver", name)
		}
	}
	for _, name := range known {
		if !slices.Contains(required, name) && !strings.HasPrefix(name, "node-") {
			t.Errorf(".ci/runtimes does not require %s", name)
		}
	}
}
