// Package npm puts the packages of an npm folder beside its lock file, for builds and tests that run Node.js.
//
// Call [Install], and run a script with [Folder.Command].
package npm

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/rogpeppe/go-internal/lockedfile"
)

// The causes of packages that are not there.
var (
	// ErrNode says that Node.js or npm is missing.
	ErrNode = errors.New("no Node.js with npm in PATH")
	// ErrFolder says that package.json or package-lock.json is missing or is none.
	ErrFolder = errors.New("no npm folder")
	// ErrInstall says that npm failed, or did not install what the lock file names.
	ErrInstall = errors.New("npm ci failed")
)

const (
	manifest = "package.json"
	lockFile = "package-lock.json"
	modules  = "node_modules"
)

// A Folder is one whose packages are installed.
type Folder struct {
	node string
	path string
}

// Install returns the folder with the packages of its lock file in node_modules, which it installs if one is missing or
// of another version. Then it needs npm and whatever registry npm is set up for; without that it needs Node.js alone.
//
// The packages are installed in scratch, which is made if it is missing and has to be in the same file system, and
// moved into place at once: a process that is killed leaves the folder as it was. Of processes that install at the same
// time with the same scratch, one does and the others wait for it. The error wraps [ErrNode], [ErrFolder] or
// [ErrInstall], or tells what the file system refused.
func Install(ctx context.Context, path, scratch string) (Folder, error) {
	f := Folder{path: path}
	var err error
	if f.node, err = exec.LookPath("node"); err != nil {
		return Folder{}, fmt.Errorf("npm: %w: %w", ErrNode, err)
	}
	missing, err := f.missing()
	if err != nil {
		return Folder{}, fmt.Errorf("npm: %w", err)
	}
	if missing != "" {
		if err := f.installOnce(ctx, scratch); err != nil {
			return Folder{}, fmt.Errorf("npm: %s: %w", path, err)
		}
	}
	return f, nil
}

// Command returns a command that runs the script of the folder, which is named by a path with slashes below it.
func (f Folder) Command(ctx context.Context, script string, args ...string) *exec.Cmd {
	return exec.CommandContext(ctx, f.node, append([]string{filepath.Join(f.path, filepath.FromSlash(script))}, args...)...)
}

// missing returns the first package of the lock file that is not installed in its version. A package for some platforms
// only may be missing; whoever needs it finds out.
func (f Folder) missing() (string, error) {
	var lock struct {
		Packages map[string]struct {
			Version  string
			Optional bool
		}
	}
	if err := readJSON(filepath.Join(f.path, lockFile), &lock); err != nil {
		return "", fmt.Errorf("%w: %w", ErrFolder, err)
	}
	var missing []string
	for name, want := range lock.Packages {
		if name == "" { // the folder itself
			continue
		}
		var have struct{ Version string }
		err := readJSON(filepath.Join(f.path, filepath.FromSlash(name), manifest), &have)
		absent := errors.Is(err, fs.ErrNotExist)
		if err != nil && !absent {
			return "", fmt.Errorf("%w: %w", ErrInstall, err)
		}
		if have.Version != want.Version && !(absent && want.Optional) {
			missing = append(missing, strings.TrimPrefix(name, modules+"/")+"@"+want.Version)
		}
	}
	if len(missing) == 0 {
		return "", nil
	}
	return slices.Min(missing), nil
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

// installOnce installs what is missing, unless another process has just done so.
func (f Folder) installOnce(ctx context.Context, scratch string) error {
	npm, err := exec.LookPath("npm")
	if err != nil {
		return fmt.Errorf("%w: %w", ErrNode, err)
	}
	if err := os.MkdirAll(scratch, 0o777); err != nil {
		return err
	}
	unlock, err := lockedfile.MutexAt(filepath.Join(scratch, "npm.lock")).Lock()
	if err != nil {
		return err
	}
	defer unlock()
	missing, err := f.missing()
	if err != nil || missing == "" {
		return err
	}
	if err := f.install(ctx, npm, scratch); err != nil {
		return err
	}
	missing, err = f.missing()
	if err == nil && missing != "" {
		err = fmt.Errorf("%w: it did not install %s", ErrInstall, missing)
	}
	return err
}

// install replaces node_modules. The caller holds the lock.
func (f Folder) install(ctx context.Context, npm, scratch string) error {
	tmp, err := os.MkdirTemp(scratch, "npm-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(tmp)
	for _, name := range []string{manifest, lockFile} {
		data, err := os.ReadFile(filepath.Join(f.path, name))
		if err != nil {
			return fmt.Errorf("%w: %w", ErrFolder, err)
		}
		if err := os.WriteFile(filepath.Join(tmp, name), data, 0o666); err != nil {
			return err
		}
	}
	cmd := exec.CommandContext(ctx, npm, "ci", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error")
	cmd.Dir = tmp
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%w: %w\n%s", ErrInstall, err, strings.TrimSpace(string(out)))
	}
	target := filepath.Join(f.path, modules)
	// What is replaced goes with tmp.
	if err := os.Rename(target, filepath.Join(tmp, "old")); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return os.Rename(filepath.Join(tmp, modules), target)
}
