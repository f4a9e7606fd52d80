package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"os"
	"runtime"
	"runtime/debug"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/ossconf/ossconf/core"
	"github.com/ossconf/ossconf/harness/conform"
	"github.com/ossconf/ossconf/host"
	"github.com/ossconf/ossconf/wasm/wasmbuild"
)

const (
	envModule = "OSSCONF_MODULE"
	envCache  = "OSSCONF_CACHE"
)

// The runtimes that are built in.
const (
	runtimeNative      = "native"
	runtimeWazero      = "wazero"
	runtimeInterpreter = "wazero-interpreter"
)

// builtIn returns the runtimes that are built in.
func builtIn() []string { return []string{runtimeNative, runtimeWazero, runtimeInterpreter} }

const moduleHelp = `The module is that of --module, else of OSSCONF_MODULE, else it is built from the sources of
ossconf, which takes the go command.`

func moduleFlag(cmd *cobra.Command, to *string) {
	cmd.Flags().StringVar(to, "module", "", "the WebAssembly module, a `FILE` that make wasm builds; else "+envModule)
}

func runtimeFlag(cmd *cobra.Command, to *string) {
	wordFlag(cmd, to, "runtime", "the `RUNTIME` of the operations: native, wazero or wazero-interpreter", builtIn()...)
}

// loadModule returns the bytes of the module and where they come from.
func loadModule(ctx context.Context, file string) (wasm []byte, from string, err error) {
	if file == "" {
		file = os.Getenv(envModule)
	}
	if file != "" {
		wasm, err = os.ReadFile(file)
		if err != nil {
			return nil, "", fileFailure("read", file, err)
		}
		return wasm, file, nil
	}
	wasm, err = wasmbuild.Module(ctx)
	if err != nil {
		return nil, "", &failure{exit: exitUsage, code: "module", what: "cannot build the WebAssembly module: " + err.Error(),
			hint: "pass --module or set " + envModule}
	}
	return wasm, "built from the sources", nil
}

// An engine runs operations: natively, or in a module.
type engine struct {
	about conform.About
	call  conform.CallFunc
	close func(context.Context) error
	took  time.Duration // to start, with the module at hand
}

// startEngine starts a runtime. The module is looked for only if it is needed.
func startEngine(ctx context.Context, runtime, file string) (*engine, error) {
	began := time.Now()
	if runtime == runtimeNative {
		e := nativeEngine()
		e.took = time.Since(began)
		return e, nil
	}
	wasm, from, err := loadModule(ctx, file)
	if err != nil {
		return nil, err
	}
	began = time.Now()
	e, err := wazeroEngine(ctx, runtime, wasm, from)
	if err != nil {
		return nil, err
	}
	e.took = time.Since(began)
	return e, nil
}

func nativeEngine() *engine {
	var r core.Runner
	return &engine{
		about: conform.About{Runtime: runtimeNative, Version: runtime.Version(), ABI: core.ABI, Operations: core.Operations()},
		call: func(_ context.Context, op string, in []byte) (byte, []byte, error) {
			out, status := r.Append(nil, op, in)
			return byte(status), out, nil
		},
		close: func(context.Context) error { return nil },
	}
}

// hostOptions says how modules are run.
func hostOptions(interpreter bool) host.Options {
	return host.Options{Interpreter: interpreter, CacheDir: os.Getenv(envCache)}
}

func wazeroEngine(ctx context.Context, runtime string, wasm []byte, from string) (*engine, error) {
	module, err := host.Load(ctx, wasm, hostOptions(runtime == runtimeInterpreter))
	if err != nil {
		return nil, moduleFailure(err, from)
	}
	e := &engine{
		call: func(ctx context.Context, op string, in []byte) (byte, []byte, error) {
			status, out, err := module.Call(ctx, op, in)
			return byte(status), out, err
		},
		close: module.Close,
	}
	payload, err := module.Version(ctx, nil)
	if err == nil {
		err = json.Unmarshal(payload, &struct {
			ABI        *int
			Operations *[]string
		}{&e.about.ABI, &e.about.Operations})
	}
	if err != nil {
		return nil, moduleFailure(errors.Join(err, module.Close(ctx)), from)
	}
	sum := sha256.Sum256(wasm)
	e.about.Runtime, e.about.Version, e.about.Module = runtime, wazeroVersion(), hex.EncodeToString(sum[:])
	return e, nil
}

// moduleFailure says why a module does not run.
func moduleFailure(err error, from string) error {
	f := &failure{exit: exitService, code: "module", what: err.Error(), where: from, hint: "report it: the module is at fault"}
	if errors.Is(err, host.ErrModule) || errors.Is(err, host.ErrABI) {
		f.exit, f.hint = exitUsage, "pass a module that make wasm has built from the same version"
	}
	if errors.Is(err, host.ErrCache) {
		f.exit, f.where, f.hint = exitUsage, envCache, "name a folder that can be written to"
	}
	return f
}

// wazeroVersion returns the version of wazero that is built in, empty if the build does not say.
func wazeroVersion() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return ""
	}
	for _, dep := range info.Deps {
		if dep.Path == "github.com/tetratelabs/wazero" {
			return strings.TrimPrefix(dep.Version, "v")
		}
	}
	return ""
}
