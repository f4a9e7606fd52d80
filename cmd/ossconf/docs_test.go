//go:build unix

package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/ossconf/ossconf/fixtures"
	"github.com/ossconf/ossconf/harness/mockoss"
)

// docsMock is the address that docs/cli.md has for ossconf serve.
const docsMock = "http://" + defaultListen

// TestDocs runs the commands of docs/cli.md, lines in blocks of the kind console that begin with a dollar sign, and holds
// what they print against the lines below them, in which … stands for anything. With -update it writes what they
// print where that does not match; what differs from run to run has to become … again by hand.
func TestDocs(t *testing.T) {
	const path = "../../docs/cli.md"
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	module, err := buildModule()
	if err != nil {
		t.Fatal(err)
	}
	s, err := mockoss.Start(mockoss.Options{Buckets: []string{"examplebucket"}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	d := &docs{t: t, dir: t.TempDir(), mock: s.URL, env: append(os.Environ(), envModule+"="+module,
		envAccessKeyID+"="+mockoss.DefaultAccessKeyID, envAccessKeySecret+"="+mockoss.DefaultAccessKeySecret, envSecurityToken+"=")}
	d.fixture("documents", "put-sample", "document.xml", "sample.xml")
	if err := os.WriteFile(filepath.Join(d.dir, "config.json"), []byte(`{"TLS":{"Enable":true,"TLSVersion":["TLSv1.2","TLSv1.3"]}}`), 0o600); err != nil {
		t.Fatal(err)
	}
	d.fixture("requests", "go2-put", "request.http", "request.http")

	block := regexp.MustCompile("(?s)```console\n(.*?)```")
	if n := strings.Count(string(data), "```console\n"); n == 0 || len(block.FindAll(data, -1)) != n {
		t.Errorf("of %d blocks, not all are read", n)
	}
	got := block.ReplaceAllStringFunc(string(data), func(b string) string {
		return "```console\n" + d.block(block.FindStringSubmatch(b)[1]) + "```"
	})
	if *update && got != string(data) {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// docs is where the commands of a document run.
type docs struct {
	t         *testing.T
	dir, mock string
	env       []string
}

func (d *docs) fixture(dir, name, file, to string) {
	f, err := fixtures.Lookup(dir, name)
	if err == nil {
		err = os.WriteFile(filepath.Join(d.dir, to), f.File(file), 0o600)
	}
	if err != nil {
		d.t.Fatal(err)
	}
}

// block runs the commands of a block and returns it with their output.
func (d *docs) block(text string) string {
	var out strings.Builder
	for _, part := range regexp.MustCompile(`(?m)^\$ `).Split(text, -1)[1:] {
		command, want := part, ""
		for end := 0; ; { // a line that ends with a backslash goes on
			i := strings.Index(part[end:], "\n")
			end += i + 1
			if command, want = part[:end], part[end:]; !strings.HasSuffix(command, "\\\n") {
				break
			}
		}
		got := d.run(command)
		if !matches(want, got) {
			if !*update {
				d.t.Errorf("$ %sprints\n%s\nthe document has\n%s", command, got, want)
			}
			want = got
		}
		out.WriteString("$ " + command + want)
	}
	return out.String()
}

// run returns what a command prints, on both outputs.
func (d *docs) run(command string) string {
	cmd := exec.Command("sh", "-c", strings.ReplaceAll(command, docsMock, d.mock))
	cmd.Dir, cmd.Env = d.dir, d.env
	out, _ := cmd.CombinedOutput() // some have to fail
	text := strings.ReplaceAll(string(out), d.mock, docsMock)
	if text != "" && !strings.HasSuffix(text, "\n") {
		text += "\n"
	}
	return text
}

// matches reports whether got is want, where … in want stands for anything in a line and as a line for any lines.
func matches(want, got string) bool {
	pattern := regexp.QuoteMeta(want)
	pattern = regexp.MustCompile(`(?m)^…\n`).ReplaceAllString(pattern, `(?:.*\n)*`)
	pattern = strings.ReplaceAll(pattern, "…", ".*")
	return regexp.MustCompile(`\A` + pattern + `\z`).MatchString(got)
}
