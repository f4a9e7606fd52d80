package wasmbuild_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ossconf/ossconf/wasm/wasmbuild"
)

func TestPlainIsReproducible(t *testing.T) {
	first, err := wasmbuild.Plain(t.Context(), wasmbuild.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.HasPrefix(first, []byte("\x00asm\x01\x00\x00\x00")) {
		t.Fatalf("not a module: % x", first[:min(8, len(first))])
	}
	// A build from elsewhere, by somebody who builds other things in other ways.
	t.Chdir(t.TempDir())
	t.Setenv("GOFLAGS", "-tags=other")
	t.Setenv("GOOS", "plan9")
	second, err := wasmbuild.Plain(t.Context(), wasmbuild.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(first, second) {
		t.Errorf("two builds differ: %d and %d bytes", len(first), len(second))
	}
	memo, err := wasmbuild.Module(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(first, memo) {
		t.Errorf("Module and Plain differ: %d and %d bytes", len(memo), len(first))
	}
}

// TestModuleIsTheCallersOwn changes what Module returned and asks again.
func TestModuleIsTheCallersOwn(t *testing.T) {
	first, err := wasmbuild.Module(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	clear(first)
	second, err := wasmbuild.Module(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.HasPrefix(second, []byte("\x00asm")) {
		t.Error("a caller changed the module of the others")
	}
}

func TestSelfContainedIsReproducible(t *testing.T) {
	first, second := selfContained(t), selfContained(t)
	if !bytes.Equal(first, second) {
		t.Errorf("two builds differ: %d and %d bytes", len(first), len(second))
	}
}

// selfContained builds the self-contained form. It skips the test where Node.js is missing, unless OSSCONF_REQUIRE_NODE
// is 1.
func selfContained(t *testing.T) []byte {
	t.Helper()
	wasm, err := wasmbuild.SelfContained(t.Context(), wasmbuild.Options{})
	requireNode(t, err)
	return wasm
}

func requireNode(t *testing.T, err error) {
	t.Helper()
	switch {
	case err == nil:
	case errors.Is(err, wasmbuild.ErrNode) && os.Getenv("OSSCONF_REQUIRE_NODE") != "1":
		t.Skipf("%v (OSSCONF_REQUIRE_NODE=1 makes this a failure)", err)
	default:
		t.Fatal(err)
	}
}

func TestErrors(t *testing.T) {
	empty := t.TempDir()
	t.Run("sources", func(t *testing.T) {
		for name, build := range builds {
			if _, err := build(t.Context(), wasmbuild.Options{Root: empty}); !errors.Is(err, wasmbuild.ErrSources) {
				t.Errorf("%s: %v, want ErrSources", name, err)
			}
		}
	})
	t.Run("source that does not compile", func(t *testing.T) {
		root := t.TempDir()
		writeFile(t, filepath.Join(root, "go.mod"), "module example.com/broken\n\ngo 1.26.0\n")
		writeFile(t, filepath.Join(root, "wasm", "main.go"), "package main\n\nfunc main() { undefined() }\n")
		_, err := wasmbuild.Plain(t.Context(), wasmbuild.Options{Root: root})
		if !errors.Is(err, wasmbuild.ErrBuild) || !bytes.Contains([]byte(err.Error()), []byte("undefined: undefined")) {
			t.Errorf("%v, want ErrBuild with the message of the compiler", err)
		}
	})
	t.Run("go command", func(t *testing.T) {
		t.Setenv("PATH", empty)
		for name, build := range builds {
			if _, err := build(t.Context(), wasmbuild.Options{}); !errors.Is(err, wasmbuild.ErrToolchain) {
				t.Errorf("%s: %v, want ErrToolchain", name, err)
			}
		}
	})
	t.Run("node", func(t *testing.T) {
		onlyGo(t)
		for _, name := range []string{"self-contained", "sizes"} {
			if _, err := builds[name](t.Context(), wasmbuild.Options{}); !errors.Is(err, wasmbuild.ErrNode) {
				t.Errorf("%s: %v, want ErrNode", name, err)
			}
		}
	})
}

type buildFunc = func(context.Context, wasmbuild.Options) (any, error)

// builds are the functions that build from sources.
var builds = map[string]buildFunc{
	"plain":          func(ctx context.Context, o wasmbuild.Options) (any, error) { return wasmbuild.Plain(ctx, o) },
	"self-contained": func(ctx context.Context, o wasmbuild.Options) (any, error) { return wasmbuild.SelfContained(ctx, o) },
	"sizes":          func(ctx context.Context, o wasmbuild.Options) (any, error) { return wasmbuild.Sizes(ctx, o) },
}

func writeFile(t *testing.T, path, content string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o666); err != nil {
		t.Fatal(err)
	}
}

// onlyGo leaves the go command as the only one in PATH.
func onlyGo(t *testing.T) {
	t.Helper()
	path, err := exec.LookPath("go")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.Symlink(path, filepath.Join(dir, "go")); err != nil {
		t.Skip(err)
	}
	t.Setenv("PATH", dir)
}

func TestSizes(t *testing.T) {
	sizes, err := wasmbuild.Sizes(t.Context(), wasmbuild.Options{})
	requireNode(t, err)
	var names []string
	for _, s := range sizes {
		names = append(names, s.Name)
		if s.Brotli <= 0 || s.Brotli >= s.Raw {
			t.Errorf("%s: %d bytes became %d", s.Name, s.Raw, s.Brotli)
		}
	}
	if diff := cmp.Diff([]string{"plain", "self-contained", "empty"}, names); diff != "" {
		t.Fatalf("forms differ (-want +got):\n%s", diff)
	}
	contained, empty := sizes[1].Brotli, sizes[2].Brotli
	if contained > wasmbuild.GoalBrotli || float64(contained) > wasmbuild.GoalRatio*float64(empty) {
		t.Errorf("the self-contained form has %d bytes after brotli, an empty reactor %d; the goal is %d and %.2f times",
			contained, empty, wasmbuild.GoalBrotli, wasmbuild.GoalRatio)
	}
}
