package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"maps"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/ossconf/ossconf/fixtures"
	"github.com/ossconf/ossconf/harness/mockoss"
	"github.com/ossconf/ossconf/wasm/wasmbuild"
)

func TestMain(m *testing.M) {
	testscript.Main(cleaning{m}, map[string]func(){"ossconf": main, "planted": planted})
}

// cleaning runs the tests with a folder for the module and what wazero compiles of it, and removes that: under the race
// detector compiling takes ten seconds.
type cleaning struct{ *testing.M }

func (c cleaning) Run() int {
	dir, err := os.MkdirTemp("", "ossconf-test-")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	os.Setenv(envCache, filepath.Join(dir, "cache"))
	os.Setenv("GORACE", "atexit_sleep_ms=0") // or every process waits for a second at its end
	return c.M.Run()
}

// secrets are what no output may hold. Scripts use these and no others, and name the exceptions.
var secrets = []string{mockoss.DefaultAccessKeySecret, "wrongAccessKeySecret", "testSecurityToken"}

// scripts guards what scripts that run one beside the other share.
var scripts sync.Mutex

func TestScripts(t *testing.T) {
	commands := map[string]func(*testscript.TestScript, bool, []string){
		"run":     runOssconf,
		"mock":    startScriptMock,
		"mock2":   startOtherMock,
		"module":  setModule,
		"closed":  findClosedPort,
		"fill":    fillFile,
		"mode":    checkMode,
		"files":   checkFiles,
		"fixture": writeFixture,
		"change":  changeFile,
	}
	maps.Copy(commands, backgroundCommands())
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		UpdateScripts:       *update,
		Setup: func(env *testscript.Env) error {
			program, err := exec.LookPath("ossconf") // for scripts without PATH
			env.Setenv("OSSCONF", program)
			for _, name := range []string{envCache, "GORACE"} {
				env.Setenv(name, os.Getenv(name))
			}
			return err
		},
		Cmds: commands,
	})
}

// runOssconf runs the command and checks its exit code, and that no secret is in its output:
//
//	run CODE [shows=SECRET] ARGUMENT...
func runOssconf(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 {
		ts.Fatalf("usage: run CODE [shows=SECRET] ARGUMENT...")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	args = args[1:]
	shown := ""
	if len(args) > 0 && strings.HasPrefix(args[0], "shows=") {
		shown = strings.TrimPrefix(args[0], "shows=")
		args = args[1:]
	}
	err = ts.Exec("ossconf", args...)
	var exit *exec.ExitError
	got := 0
	if errors.As(err, &exit) {
		got = exit.ExitCode()
	} else {
		ts.Check(err)
	}
	if got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
	output := ts.ReadFile("stdout") + ts.ReadFile("stderr")
	for _, s := range secrets {
		if s != shown && strings.Contains(output, s) {
			ts.Fatalf("the output holds the secret %s", s)
		}
	}
	if shown != "" && !strings.Contains(output, shown) {
		ts.Fatalf("the output does not show %s", shown)
	}
	if strings.Contains(output, "panic:") || strings.Contains(output, "goroutine ") {
		ts.Fatalf("the command panicked")
	}
}

// startScriptMock starts a mock OSS with the named buckets and sets MOCK to its address and the environment to its
// credentials.
func startScriptMock(ts *testscript.TestScript, _ bool, buckets []string) {
	s, err := mockoss.Start(mockoss.Options{Buckets: buckets})
	ts.Check(err)
	ts.Defer(s.Close)
	ts.Setenv("MOCK", s.URL)
	ts.Setenv("OSS_ACCESS_KEY_ID", mockoss.DefaultAccessKeyID)
	ts.Setenv("OSS_ACCESS_KEY_SECRET", mockoss.DefaultAccessKeySecret)
}

// startOtherMock is startScriptMock with an access key that no other command knows.
func startOtherMock(ts *testscript.TestScript, _ bool, buckets []string) {
	k := mockoss.Credential{AccessKeyID: "LTAI5t" + rand.Text()[:18], AccessKeySecret: rand.Text()}
	s, err := mockoss.Start(mockoss.Options{Buckets: buckets, Credentials: []mockoss.Credential{k}})
	ts.Check(err)
	ts.Defer(s.Close)
	ts.Setenv("MOCK", s.URL)
	ts.Setenv("OSS_ACCESS_KEY_ID", k.AccessKeyID)
	ts.Setenv("OSS_ACCESS_KEY_SECRET", k.AccessKeySecret)
}

// buildModule builds the module once, into the folder that outlives the scripts.
var buildModule = sync.OnceValues(func() (string, error) {
	wasm, err := wasmbuild.Module(context.Background())
	if err != nil {
		return "", err
	}
	path := filepath.Join(filepath.Dir(os.Getenv(envCache)), "ossconf.wasm")
	return path, os.WriteFile(path, wasm, 0o600)
})

// setModule sets OSSCONF_MODULE to a module that is built from the sources.
func setModule(ts *testscript.TestScript, _ bool, _ []string) {
	path, err := buildModule()
	ts.Check(err)
	ts.Setenv(envModule, path)
}

// findClosedPort sets CLOSED to an address where nobody listens.
func findClosedPort(ts *testscript.TestScript, _ bool, _ []string) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	ts.Check(err)
	ts.Setenv("CLOSED", "http://"+l.Addr().String())
	ts.Check(l.Close())
}

// fillFile writes a file of so many bytes, of a letter or of random ones: fill FILE BYTES [LETTER].
func fillFile(ts *testscript.TestScript, _ bool, args []string) {
	size, err := strconv.Atoi(args[1])
	ts.Check(err)
	data := make([]byte, size)
	if len(args) > 2 {
		data = bytes.Repeat([]byte(args[2]), size)
	} else {
		rand.Read(data)
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), data, 0o600))
}

// checkMode holds the permissions of a file against the given ones: mode FILE OCTAL.
func checkMode(ts *testscript.TestScript, _ bool, args []string) {
	info, err := os.Stat(ts.MkAbs(args[0]))
	ts.Check(err)
	if got := fmt.Sprintf("%o", info.Mode().Perm()); got != args[1] {
		ts.Fatalf("%s has the mode %s, want %s", args[0], got, args[1])
	}
}

// checkFiles checks that a folder holds nothing but the named files: files FOLDER NAME...
func checkFiles(ts *testscript.TestScript, _ bool, args []string) {
	entries, err := os.ReadDir(ts.MkAbs(args[0]))
	ts.Check(err)
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	if got, want := strings.Join(names, " "), strings.Join(args[1:], " "); got != want {
		ts.Fatalf("%s holds %q, want %q", args[0], got, want)
	}
}

// writeFixture writes a file of a fixture and sets TIME to the fixture's: fixture DIR/NAME FILE TO.
func writeFixture(ts *testscript.TestScript, _ bool, args []string) {
	dir, name := filepath.Split(args[0])
	f, err := fixtures.Lookup(filepath.Clean(dir), name)
	ts.Check(err)
	data := f.File(args[1])
	if strings.HasSuffix(args[1], ".http") {
		data = f.Wire(args[1])
	}
	if data == nil {
		ts.Fatalf("%s has no %s", args[0], args[1])
	}
	ts.Setenv("TIME", f.Header("time"))
	ts.Check(os.WriteFile(ts.MkAbs(args[2]), data, 0o600))
}

// changeFile copies a file with every OLD, in which \r and \n are line ends, replaced: change FROM TO OLD NEW.
func changeFile(ts *testscript.TestScript, _ bool, args []string) {
	unescape := strings.NewReplacer(`\r`, "\r", `\n`, "\n").Replace
	text, before := ts.ReadFile(args[0]), unescape(args[2])
	if !strings.Contains(text, before) {
		ts.Fatalf("%s does not hold %q", args[0], before)
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), []byte(strings.ReplaceAll(text, before, unescape(args[3]))), 0o600))
}
