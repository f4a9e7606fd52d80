package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ossconf/ossconf/wasm/wasmbuild"
)

// files returns what is in the folder.
func files(t *testing.T, dir string) (names []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Fatal(err)
	}
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

func TestPlain(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "out")
	var stdout, stderr bytes.Buffer
	if err := run(t.Context(), []string{"-plain", "-o", dir}, &stdout, &stderr); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"ossconf.wasm"}, files(t, dir)); diff != "" {
		t.Errorf("files differ (-want +got):\n%s", diff)
	}
	path := filepath.Join(dir, "ossconf.wasm")
	wasm, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	want := fmt.Sprintf("%x  %s  %d bytes\n", sha256.Sum256(wasm), path, len(wasm))
	if diff := cmp.Diff(want, stdout.String()+stderr.String()); diff != "" {
		t.Errorf("output differs (-want +got):\n%s", diff)
	}
}

// TestWithoutNode leaves the go command as the only one in PATH.
func TestWithoutNode(t *testing.T) {
	path, err := exec.LookPath("go")
	if err != nil {
		t.Fatal(err)
	}
	bin := t.TempDir()
	if err := os.Symlink(path, filepath.Join(bin, "go")); err != nil {
		t.Skip(err)
	}
	t.Setenv("PATH", bin)
	dir := t.TempDir()
	var stdout, stderr bytes.Buffer
	err = run(t.Context(), []string{"-o", dir}, &stdout, &stderr)
	if !errors.Is(err, wasmbuild.ErrNode) || !strings.Contains(err.Error(), "-plain") {
		t.Errorf("%v, want ErrNode and a word about -plain", err)
	}
	if diff := cmp.Diff([]string{"ossconf.wasm"}, files(t, dir)); diff != "" {
		t.Errorf("files differ (-want +got):\n%s", diff)
	}
	if err := run(t.Context(), []string{"-size"}, &stdout, &stderr); !errors.Is(err, wasmbuild.ErrNode) {
		t.Errorf("-size: %v, want ErrNode", err)
	}
}

func TestArguments(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "out")
	tests := []struct {
		name string
		args []string
		want string // in the error
	}{
		{"unknown flag", []string{"-fast"}, "not defined: -fast"},
		{"argument", []string{"-plain", "-o", dir, "all"}, `unexpected argument "all"`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var stdout, stderr bytes.Buffer
			err := run(t.Context(), test.args, &stdout, &stderr)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("%v, want %q", err, test.want)
			}
		})
	}
	var stdout, stderr bytes.Buffer
	if err := run(t.Context(), []string{"-h"}, &stdout, &stderr); !errors.Is(err, flag.ErrHelp) {
		t.Errorf("-h: %v", err)
	}
	for _, name := range []string{"-o", "-plain", "-size"} {
		if !strings.Contains(stderr.String(), "  "+name) {
			t.Errorf("the help does not name %s:\n%s", name, stderr.String())
		}
	}
	if got := files(t, dir); got != nil {
		t.Errorf("%v was written", got)
	}
}

func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	dir := filepath.Join(t.TempDir(), "out")
	var stdout, stderr bytes.Buffer
	if err := run(ctx, []string{"-plain", "-o", dir}, &stdout, &stderr); !errors.Is(err, context.Canceled) {
		t.Errorf("%v, want the error of the context", err)
	}
	if got := files(t, dir); got != nil {
		t.Errorf("%v was written", got)
	}
}
