package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/ossconf/ossconf/cmd/ossconf/internal/text"
	"github.com/spf13/cobra"

	"github.com/ossconf/ossconf/harness/conform"
	"github.com/ossconf/ossconf/internal/atomicfile"
)

// quickCases is how many cases of each operation --quick generates, which all runtimes answer in seconds.
const quickCases = 200

// A conformance is the command conform with its flags.
type conformance struct {
	out              output
	runtimes         []string
	module, jsonFile string
	perOperation     int
	quick            bool
}

func newConform() *cobra.Command {
	var c conformance
	cmd := &cobra.Command{
		Use:     "conform",
		GroupID: groupRuntimes,
		Short:   "Compare the answers of every runtime, byte for byte",
		Long: `Send every fixture and a generated corpus through each runtime, in processes of ossconf
driver, and compare the answers with those of the native code and with what the fixtures
expect. docs/conformance.md describes the corpus.

` + moduleHelp + `

Exit codes: 0 all answers are the same; 1 one differs, or a runtime failed; 2 wrong usage.`,
		Example: "  ossconf conform --quick\n  ossconf conform --runtime wazero --per-operation 1000 --json result.json",
		Args:    arguments(0, 0, "none"),
		RunE:    c.run,
	}
	f := cmd.Flags()
	f.StringArrayVar(&c.runtimes, "runtime", nil, "a `RUNTIME` to test: "+strings.Join(builtIn(), ", ")+"; all if not given; may be repeated")
	f.IntVar(&c.perOperation, "per-operation", conform.DefaultPerOperation, "how many cases `N` to generate for each operation")
	f.BoolVar(&c.quick, "quick", false, fmt.Sprintf("generate only %d cases for each operation", quickCases))
	f.StringVar(&c.jsonFile, "json", "", "write the result to this `FILE`, too, as JSON")
	moduleFlag(cmd, &c.module)
	c.out.formatFlag(cmd)
	if err := cmd.RegisterFlagCompletionFunc("runtime", cobra.FixedCompletions(builtIn(), cobra.ShellCompDirectiveNoFileComp)); err != nil {
		panic(err)
	}
	return cmd
}

func (c *conformance) run(cmd *cobra.Command, _ []string) error {
	ctx, stop := interruptible(cmd)
	defer stop()
	dir, err := os.MkdirTemp("", "ossconf-conform-")
	if err != nil {
		return fileFailure("make", os.TempDir(), err)
	}
	defer os.RemoveAll(dir)
	o, err := c.options(ctx, cmd, dir)
	if err != nil {
		return err
	}
	result, err := conform.Run(ctx, o)
	if err != nil {
		if stopped := interrupted(ctx); stopped != nil {
			return stopped
		}
		return usage(err.Error(), "conform", "see ossconf conform --help")
	}
	if err := c.write(cmd, result); err != nil {
		return err
	}
	if result.Err() != nil {
		return silent(exitRefused)
	}
	return nil
}

// options says what to run. The module is written to dir once, for all drivers.
func (c *conformance) options(ctx context.Context, cmd *cobra.Command, dir string) (conform.Options, error) {
	o := conform.Options{PerOperation: c.perOperation, Progress: progress(cmd.ErrOrStderr())}
	switch {
	case c.quick && cmd.Flags().Changed("per-operation"):
		return o, usage("--quick and --per-operation say the same", "conform", "give one of the two")
	case c.quick:
		o.PerOperation = quickCases
	case c.perOperation < 0:
		return o, usage("the value is negative", "--per-operation", "give a number of cases")
	case c.perOperation == 0:
		o.PerOperation = -1 // the fixtures alone
	}
	var err error
	if o.Fixtures, err = conform.FixtureCases(); err != nil {
		return o, err
	}
	self, err := os.Executable()
	if err != nil {
		return o, &failure{exit: exitUsage, code: "file", what: "cannot find the program that runs: " + err.Error(), hint: "start it by its path"}
	}
	module := ""
	runtimes := c.runtimes
	if len(runtimes) == 0 {
		runtimes = builtIn()
	}
	for _, name := range runtimes {
		d := conform.Driver{Name: name, Argv: []string{self, "driver", "--runtime", name}}
		switch name {
		case runtimeNative:
		case runtimeWazero, runtimeInterpreter:
			if module == "" {
				if module, err = moduleFile(ctx, c.module, dir); err != nil {
					return o, err
				}
			}
			d.Argv = append(d.Argv, "--module", module)
			d.Processes = 2 // the interpreter takes longest, and a process answers on one processor
		default:
			return o, usage("there is no such runtime", "--runtime "+name, "it takes "+strings.Join(builtIn(), " or "))
		}
		o.Drivers = append(o.Drivers, d)
	}
	return o, nil
}

// moduleFile writes the module that is to be run to dir: its file may change while the drivers start.
func moduleFile(ctx context.Context, file, dir string) (string, error) {
	wasm, _, err := loadModule(ctx, file)
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "ossconf.wasm")
	if err := os.WriteFile(path, wasm, 0o600); err != nil {
		return "", fileFailure("write", path, err)
	}
	return path, nil
}

func (c *conformance) write(cmd *cobra.Command, result *conform.Result) error {
	var text, object bytes.Buffer
	if err := result.WriteText(&text); err != nil {
		return err
	}
	if err := result.WriteJSON(&object); err != nil {
		return err
	}
	if c.jsonFile != "" {
		if err := atomicfile.Write(c.jsonFile, object.Bytes()); err != nil {
			return fileFailure("write", c.jsonFile, err)
		}
	}
	if c.out.json() {
		return c.out.write(cmd, object.Bytes())
	}
	return c.out.write(cmd, text.Bytes())
}

// progress returns what shows how far a run is, on one line that is written over, or nil if w is no terminal.
func progress(w io.Writer) func(conform.Progress) {
	if !isTerminal(w) {
		return nil
	}
	return func(p conform.Progress) {
		const clear = "\r\x1b[K"
		fmt.Fprintf(w, clear+"%s: %d of %d cases, %s", p.Runtime, p.Done, p.Total, text.Count(p.Differences, "difference"))
		if p.Done == p.Total {
			fmt.Fprint(w, clear)
		}
	}
}

// isTerminal reports whether w is a device that shows text, as far as the standard library can tell.
func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
