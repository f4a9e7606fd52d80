// Package wasmbuild builds the WebAssembly module of ossconf.
//
// Call [Module] for the module in a test or a command. [Plain] and [SelfContained] build the two forms from the sources
// of a given folder: the plain one needs a host with WASI, the self-contained one imports nothing and is already
// initialized. Both are reproducible: the same sources and tools give the same bytes.
package wasmbuild

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"

	"github.com/ossconf/ossconf/wasm/wasmbuild/internal/jumps"
)

// The causes of a build that cannot be done.
var (
	// ErrToolchain says that the go command is missing or of another version than the build knows.
	ErrToolchain = errors.New("no suitable go command in PATH")
	// ErrSources says that the sources of the module are missing.
	ErrSources = errors.New("the sources of " + modulePath + " are not here")
	// ErrNode says that Node.js or npm is missing.
	ErrNode = errors.New("the self-contained form needs Node.js with npm")
	// ErrBuild says that a tool failed.
	ErrBuild = errors.New("build failed")
)

const (
	modulePath   = "github.com/ossconf/ossconf"
	wasmPackage  = "wasm"
	emptyPackage = "wasm/wasmbuild/testdata/empty" // a reactor of one function, to measure against
)

// Options say where the sources are.
type Options struct {
	// Root is the folder of ossconf's go.mod. If it is empty, the working directory decides, if it lies in ossconf or in
	// a module that requires it, and otherwise the place where this package was compiled.
	Root string
}

// memo keeps what [Module] built: the linker takes half a second every time, because a module without a build ID,
// as a reproducible one is, is never up to date for the go command.
var memo struct {
	sync.Mutex
	wasm []byte
}

// Module returns the plain form, built once per process from the sources that the zero [Options] find. A build that
// failed is tried again at the next call.
func Module(ctx context.Context) ([]byte, error) {
	memo.Lock()
	defer memo.Unlock()
	if memo.wasm == nil {
		wasm, err := Plain(ctx, Options{})
		if err != nil {
			return nil, err
		}
		memo.wasm = wasm
	}
	return slices.Clone(memo.wasm), nil
}

// Plain builds the plain form, a wasip1 reactor. The error wraps [ErrToolchain], [ErrSources] or [ErrBuild].
func Plain(ctx context.Context, o Options) ([]byte, error) {
	root, err := findRoot(ctx, o)
	if err != nil {
		return nil, err
	}
	return straight(ctx, root, wasmPackage)
}

// straight builds the package in the folder dir below root, with direct jumps.
func straight(ctx context.Context, root, dir string) ([]byte, error) {
	built, err := reactor(ctx, root, dir)
	if err != nil {
		return nil, err
	}
	wasm, err := jumps.Straighten(built)
	if err != nil {
		return nil, fmt.Errorf("wasmbuild: %w: %w", ErrBuild, err)
	}
	return wasm, nil
}

// reactor builds the package in the folder dir below root as Go does.
func reactor(ctx context.Context, root, dir string) ([]byte, error) {
	if _, err := os.Stat(filepath.Join(root, filepath.FromSlash(dir), "main.go")); err != nil {
		return nil, fmt.Errorf("wasmbuild: %w: %w", ErrSources, err)
	}
	tmp, err := os.MkdirTemp("", "ossconf-wasm-")
	if err != nil {
		return nil, fmt.Errorf("wasmbuild: %w", err)
	}
	defer os.RemoveAll(tmp)
	out := filepath.Join(tmp, "ossconf.wasm")
	_, err = goCommand(ctx, root, "build", "-buildmode=c-shared", "-trimpath", "-buildvcs=false",
		"-ldflags=-s -w -buildid=", "-o", out, "./"+dir)
	if err != nil {
		return nil, err
	}
	return os.ReadFile(out)
}

// findRoot returns the folder of the sources.
func findRoot(ctx context.Context, o Options) (string, error) {
	if o.Root != "" {
		return o.Root, nil
	}
	dir, err := goCommand(ctx, "", "list", "-m", "-f", "{{.Dir}}", modulePath)
	if err == nil && dir != "" {
		return dir, nil
	}
	if errors.Is(err, ErrToolchain) || ctx.Err() != nil {
		return "", err
	}
	// The path is not absolute if this package was compiled with -trimpath.
	if _, file, _, ok := runtime.Caller(0); ok && filepath.IsAbs(file) {
		root := filepath.Join(filepath.Dir(file), "..", "..")
		if _, err := os.Stat(filepath.Join(root, "go.mod")); err == nil {
			return root, nil
		}
	}
	return "", fmt.Errorf("wasmbuild: %w: run this in a checkout of it or in a module that requires it", ErrSources)
}

// goCommand runs the go command for wasip1 in dir and returns what it printed.
func goCommand(ctx context.Context, dir string, args ...string) (string, error) {
	path, err := exec.LookPath("go")
	if err != nil {
		return "", fmt.Errorf("wasmbuild: %w: %w", ErrToolchain, err)
	}
	cmd := exec.CommandContext(ctx, path, args...)
	cmd.Dir = dir
	// What a user sets for native builds would change the bytes.
	cmd.Env = append(os.Environ(), "GOOS=wasip1", "GOARCH=wasm", "GOWASM=", "GOFLAGS=", "GOEXPERIMENT=", "CGO_ENABLED=0")
	if dir != "" {
		cmd.Env = append(cmd.Env, "GOWORK=off") // a workspace could bring another version of a package
	}
	return output(cmd)
}

// output runs cmd and returns its standard output without the white space around it. The error wraps [ErrBuild] and
// ends with what the tool wrote to standard error.
func output(cmd *exec.Cmd) (string, error) {
	var stdout, stderr strings.Builder
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		return "", fmt.Errorf("wasmbuild: %w: %s: %w\n%s",
			ErrBuild, filepath.Base(cmd.Path), err, strings.TrimSpace(stderr.String()))
	}
	return strings.TrimSpace(stdout.String()), nil
}
