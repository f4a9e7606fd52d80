package npm_test

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ossconf/ossconf/internal/npm"
)

// A folder is an npm folder that depends on a package "greeting", which comes from a file: npm needs no registry for it.
type folder struct{ path, scratch string }

func newFolder(t *testing.T) folder {
	t.Helper()
	for _, name := range []string{"node", "npm"} {
		if _, err := exec.LookPath(name); err != nil {
			if os.Getenv("OSSCONF_REQUIRE_NODE") != "" {
				t.Fatal(err)
			}
			t.Skipf("%v (OSSCONF_REQUIRE_NODE=1 makes this a failure)", err)
		}
	}
	root := t.TempDir()
	f := folder{filepath.Join(root, "app"), filepath.Join(root, "build")}
	if err := os.Mkdir(f.path, 0o777); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(f.path, "main.js"), `console.log(require("greeting"))`)
	return f
}

// want makes the folder depend on the version of the package.
func (f folder) want(t *testing.T, version string) {
	t.Helper()
	file := filepath.Join(f.path, "greeting-"+version+".tgz")
	write(t, file, archive(t, map[string]string{
		"package/package.json": fmt.Sprintf(`{"name":"greeting","version":%q}`, version),
		"package/index.js":     fmt.Sprintf(`module.exports = "hello from %s";`, version),
	}))
	write(t, filepath.Join(f.path, "package.json"),
		fmt.Sprintf(`{"private":true,"dependencies":{"greeting":"file:%s"}}`, filepath.ToSlash(file)))
	cmd := exec.CommandContext(t.Context(), "npm", "install", "--package-lock-only", "--offline", "--no-audit", "--no-fund")
	cmd.Dir = f.path
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %v\n%s", cmd.Args, err, out)
	}
}

func archive(t *testing.T, files map[string]string) string {
	t.Helper()
	var buf bytes.Buffer
	z := gzip.NewWriter(&buf)
	w := tar.NewWriter(z)
	for name, content := range files {
		if err := w.WriteHeader(&tar.Header{Name: name, Mode: 0o644, Size: int64(len(content))}); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(content)); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(w.Close(), z.Close()); err != nil {
		t.Fatal(err)
	}
	return buf.String()
}

func write(t *testing.T, path, content string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(content), 0o666); err != nil {
		t.Fatal(err)
	}
}

// greet installs the folder and runs its script.
func (f folder) greet(t *testing.T) (string, error) {
	installed, err := npm.Install(t.Context(), f.path, f.scratch)
	if err != nil {
		return "", err
	}
	out, err := installed.Command(t.Context(), "main.js").CombinedOutput()
	return strings.TrimSpace(string(out)), err
}

func (f folder) greets(t *testing.T, version string) {
	t.Helper()
	got, err := f.greet(t)
	if err != nil || got != "hello from "+version {
		t.Errorf("got %q, %v; want version %s", got, err, version)
	}
}

// scratchIsClean reports what was left there beside the lock.
func (f folder) scratchIsClean(t *testing.T) {
	t.Helper()
	entries, err := os.ReadDir(f.scratch)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	for _, e := range entries {
		if e.Name() != "npm.lock" {
			t.Errorf("%s was left behind", e.Name())
		}
	}
}

// only makes node, or nothing, what PATH leads to.
func only(t *testing.T, names ...string) {
	t.Helper()
	dir := t.TempDir()
	for _, name := range names {
		path, err := exec.LookPath(name)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(path, filepath.Join(dir, name)); err != nil {
			t.Skip(err)
		}
	}
	t.Setenv("PATH", dir)
}

func TestInstall(t *testing.T) {
	f := newFolder(t)
	f.want(t, "1.0.0")
	f.greets(t, "1.0.0")
	f.scratchIsClean(t)

	f.want(t, "2.0.0")
	f.greets(t, "2.0.0")
	f.scratchIsClean(t)

	// A folder that was deleted inside is made whole.
	if err := os.RemoveAll(filepath.Join(f.path, "node_modules", "greeting")); err != nil {
		t.Fatal(err)
	}
	f.greets(t, "2.0.0")

	// What is in place needs no npm and no scratch folder.
	if err := os.RemoveAll(f.scratch); err != nil {
		t.Fatal(err)
	}
	only(t, "node")
	f.greets(t, "2.0.0")
	if _, err := os.Stat(f.scratch); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("scratch was made: %v", err)
	}
}

// TestProcesses installs in several processes at once, which then use what they have.
func TestProcesses(t *testing.T) {
	if path := os.Getenv("NPM_TEST_FOLDER"); path != "" {
		f := folder{path, os.Getenv("NPM_TEST_SCRATCH")}
		f.greets(t, os.Getenv("NPM_TEST_VERSION"))
		return
	}
	f := newFolder(t)
	for _, version := range []string{"1.0.0", "2.0.0"} {
		f.want(t, version)
		path, runs := countNPM(t)
		var all sync.WaitGroup
		for range 4 {
			all.Go(func() {
				cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestProcesses$")
				cmd.Env = append(os.Environ(), "NPM_TEST_FOLDER="+f.path, "NPM_TEST_SCRATCH="+f.scratch,
					"NPM_TEST_VERSION="+version, "PATH="+path)
				if out, err := cmd.CombinedOutput(); err != nil {
					t.Errorf("%v\n%s", err, out)
				}
			})
		}
		all.Wait()
		f.scratchIsClean(t)
		if n := runs(); n != 1 {
			t.Errorf("version %s: npm ran %d times, want once", version, n)
		}
	}
}

// countNPM returns a PATH with an npm that counts how often it is run.
func countNPM(t *testing.T) (path string, runs func() int) {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("npm is counted by a shell script")
	}
	npm, err := exec.LookPath("npm")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	log := filepath.Join(dir, "runs")
	script := fmt.Sprintf("#!/bin/sh\necho run >> '%s'\nexec '%s' \"$@\"\n", log, npm)
	if err := os.WriteFile(filepath.Join(dir, "npm"), []byte(script), 0o777); err != nil {
		t.Fatal(err)
	}
	return dir + string(filepath.ListSeparator) + os.Getenv("PATH"), func() int {
		data, err := os.ReadFile(log)
		if err != nil {
			t.Fatal(err)
		}
		return bytes.Count(data, []byte("run\n"))
	}
}

func TestErrors(t *testing.T) {
	t.Run("no lock file", func(t *testing.T) {
		f := newFolder(t)
		if _, err := f.greet(t); !errors.Is(err, npm.ErrFolder) || !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%v, want ErrFolder", err)
		}
	})
	t.Run("lock file that is none", func(t *testing.T) {
		f := newFolder(t)
		write(t, filepath.Join(f.path, "package-lock.json"), "{")
		if _, err := f.greet(t); !errors.Is(err, npm.ErrFolder) || !strings.Contains(err.Error(), "package-lock.json") {
			t.Errorf("%v, want ErrFolder with the name of the file", err)
		}
	})
	for _, have := range [][]string{nil, {"node"}} {
		t.Run(fmt.Sprintf("PATH has %q", have), func(t *testing.T) {
			f := newFolder(t)
			f.want(t, "1.0.0")
			only(t, have...)
			if _, err := f.greet(t); !errors.Is(err, npm.ErrNode) {
				t.Errorf("%v, want ErrNode", err)
			}
		})
	}
	t.Run("npm fails", func(t *testing.T) {
		f := newFolder(t)
		f.want(t, "1.0.0")
		f.greets(t, "1.0.0")
		f.want(t, "2.0.0")
		if err := os.Remove(filepath.Join(f.path, "greeting-2.0.0.tgz")); err != nil {
			t.Fatal(err)
		}
		if _, err := f.greet(t); !errors.Is(err, npm.ErrInstall) || !strings.Contains(err.Error(), "greeting-2.0.0.tgz") {
			t.Errorf("%v, want ErrInstall with the word of npm", err)
		}
		f.scratchIsClean(t)
		// The packages are those of before.
		out, err := exec.CommandContext(t.Context(), "node", filepath.Join(f.path, "main.js")).Output()
		if diff := cmp.Diff("hello from 1.0.0\n", string(out)); diff != "" || err != nil {
			t.Errorf("%v (-want +got):\n%s", err, diff)
		}
	})
}
