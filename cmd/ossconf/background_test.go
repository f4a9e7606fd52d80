//go:build unix

package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"

	"github.com/rogpeppe/go-internal/testscript"
)

// backgroundCommands are the commands of scripts that run ossconf while the script goes on.
func backgroundCommands() map[string]func(*testscript.TestScript, bool, []string) {
	running := make(map[string]*process) // by folder and name: scripts run one beside the other
	return map[string]func(*testscript.TestScript, bool, []string){
		"start":     func(ts *testscript.TestScript, _ bool, args []string) { startScript(ts, running, args) },
		"interrupt": func(ts *testscript.TestScript, _ bool, args []string) { interruptScript(ts, running, args) },
	}
}

// startScript starts ossconf on a free port and sets NAME to its endpoint: start NAME ARGUMENT...
func startScript(ts *testscript.TestScript, running map[string]*process, args []string) {
	p := &process{Cmd: exec.Command("ossconf", append(args[1:], "--listen", "127.0.0.1:0", "--output", "json")...)}
	p.Dir, p.Stderr = ts.MkAbs("."), &p.stderr
	p.Env = os.Environ()
	for _, name := range []string{envAccessKeyID, envAccessKeySecret, envSecurityToken} {
		p.Env = append(p.Env, name+"="+ts.Getenv(name))
	}
	out, err := p.StdoutPipe()
	ts.Check(err)
	p.out = bufio.NewReader(out)
	ts.Check(p.Start())
	ts.Defer(func() { p.Process.Kill() })
	line, err := p.out.ReadString('\n')
	if err != nil {
		p.Wait()
		ts.Fatalf("no ready line: %v, %s", err, p.stderr.String())
	}
	var ready struct{ Endpoint string }
	ts.Check(json.Unmarshal([]byte(line), &ready))
	ts.Setenv(args[0], ready.Endpoint)
	scripts.Lock()
	defer scripts.Unlock()
	running[filepath.Join(p.Dir, args[0])] = p
}

// interruptScript ends what start has started, checks its exit code and writes its standard error to NAME.stderr:
// interrupt NAME CODE [TERM].
func interruptScript(ts *testscript.TestScript, running map[string]*process, args []string) {
	scripts.Lock()
	p := running[filepath.Join(ts.MkAbs("."), args[0])]
	scripts.Unlock()
	want, err := strconv.Atoi(args[1])
	ts.Check(err)
	signal := syscall.SIGINT
	if len(args) > 2 {
		signal = syscall.SIGTERM
	}
	ts.Check(p.Process.Signal(signal))
	_, err = io.Copy(io.Discard, p.out)
	ts.Check(err)
	err = p.Wait()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		ts.Check(err)
	}
	text := p.stderr.String()
	if got := p.ProcessState.ExitCode(); got != want {
		ts.Fatalf("exit code %d, want %d; %s", got, want, text)
	}
	for _, s := range secrets {
		if strings.Contains(text, s) {
			ts.Fatalf("standard error holds the secret %s:\n%s", s, text)
		}
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]+".stderr"), []byte(text), 0o600))
}
