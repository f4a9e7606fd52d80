package wasmbuild

import (
	"bytes"
	"context"
	"fmt"
	"os/exec"
	"strconv"
)

// The size goal of the self-contained form: bytes after brotli at its highest level, and how much of that may be more
// than what an empty reactor costs. One in four bytes is ossconf's own.
const (
	GoalBrotli = 525_000
	GoalRatio  = 1.25
)

// A Size is what a module weighs, in bytes.
type Size struct {
	Name   string
	Raw    int
	Brotli int // at quality 11, as a web server would send it
}

// Sizes measures both forms and a reactor of one empty function, in the order plain, self-contained, empty. The error
// wraps [ErrToolchain], [ErrSources], [ErrNode] or [ErrBuild].
func Sizes(ctx context.Context, o Options) ([]Size, error) {
	root, err := findRoot(ctx, o)
	if err != nil {
		return nil, err
	}
	plain, err := straight(ctx, root, wasmPackage)
	if err != nil {
		return nil, err
	}
	contained, err := contain(ctx, root, plain)
	if err != nil {
		return nil, err
	}
	empty, err := reactor(ctx, root, emptyPackage)
	if err != nil {
		return nil, err
	}
	sizes := []Size{
		{Name: "plain", Raw: len(plain)}, {Name: "self-contained", Raw: len(contained)}, {Name: "empty", Raw: len(empty)},
	}
	for i, wasm := range [][]byte{plain, contained, empty} {
		if sizes[i].Brotli, err = brotli(ctx, wasm); err != nil {
			return nil, err
		}
	}
	return sizes, nil
}

// brotliScript compresses standard input and prints the length. Node.js has the encoder; Go's library has none.
const brotliScript = `
const { brotliCompressSync, constants: c } = require("node:zlib");
const wasm = require("node:fs").readFileSync(0);
const params = { [c.BROTLI_PARAM_QUALITY]: 11, [c.BROTLI_PARAM_LGWIN]: 24, [c.BROTLI_PARAM_SIZE_HINT]: wasm.length };
console.log(brotliCompressSync(wasm, { params }).length);
`

func brotli(ctx context.Context, wasm []byte) (int, error) {
	node, err := exec.LookPath("node")
	if err != nil {
		return 0, fmt.Errorf("wasmbuild: %w: %w", ErrNode, err)
	}
	cmd := exec.CommandContext(ctx, node, "-e", brotliScript)
	cmd.Stdin = bytes.NewReader(wasm)
	out, err := output(cmd)
	if err != nil {
		return 0, err
	}
	n, err := strconv.Atoi(out)
	if err != nil {
		return 0, fmt.Errorf("wasmbuild: %w: %w", ErrBuild, err)
	}
	return n, nil
}
