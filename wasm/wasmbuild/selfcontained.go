package wasmbuild

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"github.com/tetratelabs/wazero"
)

// toolsFolder holds what makes the module self-contained: the WASI stub and the lock file of the tools.
const toolsFolder = "wasm/selfcontained"

// features are what Go's code generator uses; binaryen's tools refuse what is not named.
var features = []string{
	"--enable-bulk-memory", "--enable-sign-ext", "--enable-nontrapping-float-to-int", "--enable-mutable-globals",
}

// SelfContained builds the self-contained form: no imports and nothing to initialize. It needs Node.js, and npm when
// the tools are not installed yet; it then installs them beside their lock file. The error wraps [ErrToolchain],
// [ErrSources], [ErrNode] or [ErrBuild].
func SelfContained(ctx context.Context, o Options) ([]byte, error) {
	root, err := findRoot(ctx, o)
	if err != nil {
		return nil, err
	}
	plain, err := reactor(ctx, root, wasmPackage)
	if err != nil {
		return nil, err
	}
	return contain(ctx, root, plain)
}

// contain makes the plain form self-contained.
func contain(ctx context.Context, root string, plain []byte) ([]byte, error) {
	tools, err := findTools(ctx, root)
	if err != nil {
		return nil, err
	}
	tmp, err := os.MkdirTemp("", "ossconf-wasm-")
	if err != nil {
		return nil, fmt.Errorf("wasmbuild: %w", err)
	}
	defer os.RemoveAll(tmp)
	file := func(name string) string { return filepath.Join(tmp, name) }
	graph, err := exportGraph(ctx, plain)
	if err != nil {
		return nil, err
	}
	for name, data := range map[string][]byte{"plain.wasm": plain, "graph.json": graph} {
		if err := os.WriteFile(file(name), data, 0o600); err != nil {
			return nil, fmt.Errorf("wasmbuild: %w", err)
		}
	}

	stub := filepath.Join(root, filepath.FromSlash(toolsFolder), "wasi.wat")
	steps := []struct {
		script string
		args   []string
	}{
		{mergeScript, append([]string{file("plain.wasm"), "ossconf", stub, "wasi_snapshot_preview1",
			"-o", file("merged.wasm")}, features...)},
		// The stub makes the start-up, and so the snapshot, the same at every run.
		{wizerScript, []string{"-f", "_initialize", file("merged.wasm"), "-o", file("initialized.wasm")}},
		{metadceScript, append([]string{"-f", file("graph.json"), file("initialized.wasm"),
			"-o", file("pruned.wasm")}, features...)},
		{optScript, append([]string{file("pruned.wasm"), "-o", file("out.wasm")}, append(features, passes...)...)},
	}
	for _, s := range steps {
		if _, err := tools.run(ctx, s.script, s.args...); err != nil {
			return nil, err
		}
	}
	return os.ReadFile(file("out.wasm"))
}

// passes are the optimizations that make the module smaller after compression. More of them, up to -Oz, make it
// smaller before and larger after.
var passes = []string{"--coalesce-locals", "--reorder-locals", "--vacuum"}

// exportGraph tells wasm-metadce to keep what the plain form exports, except the start-up that has been run. Without it
// the exports of the stub would stay.
func exportGraph(ctx context.Context, plain []byte) ([]byte, error) {
	// The interpreter, because it does not translate the module to machine code that nobody runs.
	r := wazero.NewRuntimeWithConfig(ctx, wazero.NewRuntimeConfigInterpreter())
	defer r.Close(ctx)
	m, err := r.CompileModule(ctx, plain)
	if err != nil {
		return nil, fmt.Errorf("wasmbuild: %w: %w", ErrBuild, err)
	}
	type node struct {
		Name   string `json:"name"`
		Root   bool   `json:"root"`
		Export string `json:"export"`
	}
	graph := []node{{"memory", true, "memory"}}
	for name := range m.ExportedFunctions() {
		if name != "_initialize" {
			graph = append(graph, node{name, true, name})
		}
	}
	return json.Marshal(graph)
}
