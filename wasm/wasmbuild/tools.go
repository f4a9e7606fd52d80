package wasmbuild

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"github.com/ossconf/ossconf/internal/npm"
)

// The tools, as paths below toolsFolder. They are run by Node.js itself: the links that npm makes are shell scripts on
// some systems.
const (
	mergeScript   = "node_modules/binaryen/bin/wasm-merge"
	metadceScript = "node_modules/binaryen/bin/wasm-metadce"
	optScript     = "node_modules/binaryen/bin/wasm-opt"
	wizerScript   = "node_modules/@bytecodealliance/wizer/wizer.js"
)

// tools are the packages that the lock file names.
type tools struct{ folder npm.Folder }

// findTools returns the tools, which it installs if they are missing or not those of the lock file.
func findTools(ctx context.Context, root string) (tools, error) {
	folder, err := npm.Install(ctx, filepath.Join(root, filepath.FromSlash(toolsFolder)), filepath.Join(root, "build"))
	for npms, ours := range map[error]error{npm.ErrNode: ErrNode, npm.ErrFolder: ErrSources, npm.ErrInstall: ErrBuild} {
		if errors.Is(err, npms) {
			err = fmt.Errorf("%w: %w", ours, err)
		}
	}
	if err != nil {
		return tools{}, fmt.Errorf("wasmbuild: %w", err)
	}
	return tools{folder}, nil
}

// run runs a script and returns what it printed.
func (t tools) run(ctx context.Context, script string, args ...string) (string, error) {
	out, err := output(t.folder.Command(ctx, script, args...))
	if err != nil {
		return "", fmt.Errorf("%w: %s", err, script)
	}
	return out, nil
}
