package wasmbuild

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/ossconf/ossconf/internal/wasmfile"
)

// startFunction is the export of a reactor that has to be called first.
const startFunction = "_initialize"

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
	plain, err := straight(ctx, root, wasmPackage)
	if err != nil {
		return nil, err
	}
	return contain(ctx, root, plain)
}

// contain makes the plain form self-contained.
func contain(ctx context.Context, root string, plain []byte) ([]byte, error) {
	version, err := goCommand(ctx, root, "env", "GOVERSION")
	if err != nil {
		return nil, err
	}
	if version != tablesVersion && !strings.HasPrefix(version, tablesVersion+".") {
		return nil, fmt.Errorf("wasmbuild: %w: the self-contained form is made with %s, not with %s",
			ErrToolchain, tablesVersion, version)
	}
	tools, err := findTools(ctx, root)
	if err != nil {
		return nil, err
	}
	initialized, err := initialize(ctx, tools, root, plain)
	if err != nil {
		return nil, err
	}
	contained, err := repack(initialized, stripLines)
	if err != nil {
		return nil, fmt.Errorf("wasmbuild: %w: %w", ErrBuild, err)
	}
	return contained, nil
}

// initialize gives the plain form the stub and runs its start-up.
func initialize(ctx context.Context, tools tools, root string, plain []byte) ([]byte, error) {
	tmp, err := os.MkdirTemp("", "ossconf-wasm-")
	if err != nil {
		return nil, fmt.Errorf("wasmbuild: %w", err)
	}
	defer os.RemoveAll(tmp)
	file := func(name string) string { return filepath.Join(tmp, name) }
	graph, err := exportGraph(plain)
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
		{wizerScript, []string{"-f", startFunction, file("merged.wasm"), "-o", file("initialized.wasm")}},
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

// passes are the optimizations that make the module smaller after compression. More of them, up to -Oz, make it smaller
// before and larger after; so does memory-packing, which cuts the data at every short run of zeros.
var passes = []string{"-O1", "--skip-pass=memory-packing"}

// exportGraph tells wasm-metadce to keep what the plain form exports, except the start-up that has been run. Without it
// the exports of the stub would stay.
func exportGraph(plain []byte) ([]byte, error) {
	names, err := exportNames(plain)
	if err != nil {
		return nil, fmt.Errorf("wasmbuild: %w: %w", ErrBuild, err)
	}
	type node struct {
		Name   string `json:"name"`
		Root   bool   `json:"root"`
		Export string `json:"export"`
	}
	var graph []node
	for _, name := range names {
		if name != startFunction {
			graph = append(graph, node{name, true, name})
		}
	}
	return json.Marshal(graph)
}

// exportNames returns the names that a module exports, in its order.
func exportNames(wasm []byte) ([]string, error) {
	sections, err := wasmfile.Split(wasm)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, s := range sections {
		if s.ID != wasmfile.Export {
			continue
		}
		r := wasmfile.Reader{B: s.Content}
		for n := r.U32(); n > 0 && !r.Failed; n-- {
			names = append(names, string(r.Bytes(r.U32())))
			r.Skip(2) // kind and index
		}
		if r.Failed {
			return nil, fmt.Errorf("%w: its exports", wasmfile.ErrFormat)
		}
	}
	return names, nil
}
