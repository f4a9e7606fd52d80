//go:build unix

package main

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"

	"github.com/ossconf/ossconf/harness/mockoss"
)

// A process is the command, running.
type process struct {
	*exec.Cmd
	out    *bufio.Reader
	stderr bytes.Buffer
}

// start starts the command in a folder of its own, with the credentials of the mock OSS.
func start(t *testing.T, args ...string) *process {
	t.Helper()
	p := command(t, args...)
	p.Stderr = &p.stderr
	p.run(t)
	return p
}

// startLogged is start for a process whose standard error is read while it runs.
func startLogged(t *testing.T, args ...string) (*process, *bufio.Reader) {
	t.Helper()
	p := command(t, args...)
	log, err := p.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	p.run(t)
	return p, bufio.NewReader(log)
}

func command(t *testing.T, args ...string) *process {
	p := &process{Cmd: exec.Command("ossconf", args...)}
	p.Dir = t.TempDir()
	p.Env = append(os.Environ(), envAccessKeyID+"="+mockoss.DefaultAccessKeyID, envAccessKeySecret+"="+mockoss.DefaultAccessKeySecret,
		"TMPDIR="+p.Dir)
	return p
}

func (p *process) run(t *testing.T) {
	t.Helper()
	out, err := p.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	p.out = bufio.NewReader(out)
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.Process.Kill() })
}

// line returns the next line of the output that has text in it.
func (p *process) line(t *testing.T, text string) string {
	t.Helper()
	for {
		line, err := p.out.ReadString('\n')
		if err != nil {
			t.Fatalf("the output ended before %q: %v, %s", text, err, p.stderr.String())
		}
		if strings.Contains(line, text) {
			return line
		}
	}
}

// end sends a signal, if it is not 0, waits for the end and returns the exit code.
func (p *process) end(t *testing.T, s syscall.Signal) int {
	t.Helper()
	if s != 0 {
		if err := p.Process.Signal(s); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := io.Copy(io.Discard, p.out); err != nil { // Wait closes the pipe
		t.Fatal(err)
	}
	err := p.Wait()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return p.ProcessState.ExitCode()
}

// TestDemoGoesOn uses what the demo prints at its end.
func TestDemoGoesOn(t *testing.T) {
	module, err := buildModule()
	if err != nil {
		t.Fatal(err)
	}
	p := start(t, "demo", "--module", module)
	p.line(t, "10. How to go on")
	url := regexp.MustCompile(`'(.*)'`).FindStringSubmatch(p.line(t, "curl '"))[1]
	get := strings.Fields(p.line(t, "ossconf get"))[1:]
	put := strings.Fields(p.line(t, "ossconf put"))[1:]

	resp, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK || !bytes.Contains(body, []byte("<HttpsConfiguration>")) {
		t.Errorf("the URL gives %s, %s, %v", resp.Status, body, err)
	}
	g := start(t, get...)
	if code := g.end(t, 0); code != exitOK {
		t.Errorf("get: exit code %d, %s", code, g.stderr.String())
	}
	put[len(put)-1] = filepath.Join(g.Dir, put[len(put)-1])
	if s := start(t, put...); s.end(t, 0) != exitOK {
		t.Errorf("put: %s", s.stderr.String())
	}
	if code := p.end(t, syscall.SIGINT); code != exitOK {
		t.Errorf("demo: exit code %d, %s", code, p.stderr.String())
	}
}

// TestInterrupt interrupts put and get while they wait for the service, and conform while it runs.
func TestInterrupt(t *testing.T) {
	asked := make(chan struct{}, 1)
	s := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body) // or the server does not notice that the client is gone
		asked <- struct{}{}
		<-r.Context().Done()
	}))
	defer s.Close()
	document := filepath.Join(t.TempDir(), "config.json")
	if err := os.WriteFile(document, []byte(`{"TLS":{"Enable":false}}`), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"get"}, {"put", document}, {"get", "--output", "json"}} {
		p := start(t, append(args, "--endpoint", s.URL, "--region", "cn-hangzhou", "--bucket", "examplebucket")...)
		<-asked
		if code := p.end(t, syscall.SIGINT); code != exitInterrupted {
			t.Errorf("%v: exit code %d, want %d", args, code, exitInterrupted)
		}
		if !strings.Contains(p.stderr.String(), "interrupted") {
			t.Errorf("%v: standard error holds %q", args, p.stderr.String())
		}
	}
}

// TestInterruptConform interrupts conform, which ends its drivers and removes its files. It is given the module through a
// pipe, so that it is known to run when the signal is sent.
func TestInterruptConform(t *testing.T) {
	path, err := buildModule()
	if err != nil {
		t.Fatal(err)
	}
	module, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	pipe := filepath.Join(t.TempDir(), "module")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	p := start(t, "conform", "--only", "native,wazero", "--module", pipe, "--cases", "1000000000")
	w, err := os.OpenFile(pipe, os.O_WRONLY, 0) // returns when the other end is open
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(module); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if code := p.end(t, syscall.SIGINT); code != exitInterrupted {
		t.Errorf("exit code %d, want %d, %s", code, exitInterrupted, p.stderr.String())
	}
	if left, err := os.ReadDir(p.Dir); err != nil || len(left) != 0 {
		t.Errorf("conform leaves %v behind, %v", left, err)
	}
}
