package wasmbuild

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// The tools, as paths below node_modules. They are run by Node.js itself: the links that npm makes are shell scripts on
// some systems.
const (
	mergeScript   = "binaryen/bin/wasm-merge"
	metadceScript = "binaryen/bin/wasm-metadce"
	optScript     = "binaryen/bin/wasm-opt"
	wizerScript   = "@bytecodealliance/wizer/wizer.js"
)

// tools are Node.js and the packages that the lock file names.
type tools struct {
	node    string
	modules string // the node_modules folder
}

// findTools returns the tools, which it installs if they are missing or not those of package.json.
func findTools(ctx context.Context, root string) (tools, error) {
	folder := filepath.Join(root, filepath.FromSlash(toolsFolder))
	t := tools{modules: filepath.Join(folder, "node_modules")}
	var err error
	if t.node, err = findNode(); err != nil {
		return t, err
	}
	wanted, err := t.missing(folder)
	if err != nil || wanted == "" {
		return t, err
	}
	if err := t.install(ctx, root, folder); err != nil {
		return t, err
	}
	wanted, err = t.missing(folder)
	if err == nil && wanted != "" {
		err = fmt.Errorf("wasmbuild: %w: npm did not install %s", ErrNode, wanted)
	}
	return t, err
}

func findNode() (string, error) {
	node, err := exec.LookPath("node")
	if err != nil {
		return "", fmt.Errorf("wasmbuild: %w: %w", ErrNode, err)
	}
	return node, nil
}

// missing returns the first package that package.json pins and that is not installed in this version.
func (t tools) missing(folder string) (string, error) {
	var want struct{ Dependencies map[string]string }
	if err := readJSON(filepath.Join(folder, "package.json"), &want); err != nil {
		return "", fmt.Errorf("wasmbuild: %w: %w", ErrSources, err)
	}
	for name, version := range want.Dependencies {
		var have struct{ Version string }
		err := readJSON(filepath.Join(t.modules, filepath.FromSlash(name), "package.json"), &have)
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			return "", fmt.Errorf("wasmbuild: %w", err)
		}
		if have.Version != version {
			return name + "@" + version, nil
		}
	}
	return "", nil
}

func readJSON(path string, v any) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(data, v); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}

// install puts the packages of the lock file into t.modules. It installs elsewhere and renames, so that of two builds
// at the same time neither sees half of them.
func (t tools) install(ctx context.Context, root, folder string) error {
	npm, err := exec.LookPath("npm")
	if err != nil {
		return fmt.Errorf("wasmbuild: %w: %w", ErrNode, err)
	}
	build := filepath.Join(root, "build") // in the same file system, and ignored by git
	if err := os.MkdirAll(build, 0o777); err != nil {
		return fmt.Errorf("wasmbuild: %w", err)
	}
	tmp, err := os.MkdirTemp(build, "npm-")
	if err != nil {
		return fmt.Errorf("wasmbuild: %w", err)
	}
	defer os.RemoveAll(tmp)
	for _, name := range []string{"package.json", "package-lock.json"} {
		data, err := os.ReadFile(filepath.Join(folder, name))
		if err != nil {
			return fmt.Errorf("wasmbuild: %w: %w", ErrSources, err)
		}
		if err := os.WriteFile(filepath.Join(tmp, name), data, 0o666); err != nil {
			return fmt.Errorf("wasmbuild: %w", err)
		}
	}
	cmd := exec.CommandContext(ctx, npm, "ci", "--no-audit", "--no-fund", "--loglevel=error")
	cmd.Dir = tmp
	if _, err := output(cmd); err != nil {
		return fmt.Errorf("%w: installing the tools of %s", err, toolsFolder)
	}
	// The folder that is replaced goes with tmp. That it is not there, or that another build was faster, is no fault.
	_ = os.Rename(t.modules, filepath.Join(tmp, "old"))
	err = os.Rename(filepath.Join(tmp, "node_modules"), t.modules)
	if err != nil && !errors.Is(err, os.ErrExist) {
		return fmt.Errorf("wasmbuild: %w", err)
	}
	return nil
}

// run runs a script and returns what it printed.
func (t tools) run(ctx context.Context, script string, args ...string) (string, error) {
	path := filepath.Join(t.modules, filepath.FromSlash(script))
	out, err := output(exec.CommandContext(ctx, t.node, append([]string{path}, args...)...))
	if err != nil {
		return "", fmt.Errorf("%w: %s", err, script)
	}
	return out, nil
}
