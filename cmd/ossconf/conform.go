package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/ossconf/ossconf/harness/conform"
	"github.com/ossconf/ossconf/internal/atomicfile"
)

// quickCases is how many cases --quick asks, which all runtimes answer in seconds.
const quickCases = 2000

// A conformance is the command conform with its flags.
type conformance struct {
	out                             output
	only, require, drivers, samples []string
	folder, module, expected        string
	jsonFile, junitFile, htmlFile   string
	cases                           int
	quick                           bool
	timeout                         time.Duration
}

func newConform() *cobra.Command {
	var c conformance
	cmd := &cobra.Command{
		Use:     "conform",
		GroupID: groupRuntimes,
		Short:   "Compare the answers of every runtime, byte for byte",
		Long: `Send every fixture and a generated corpus through each runtime, and compare the answers with
those of the native code and with what the fixtures expect. The runtimes are those of ossconf
driver, those that the list.js of --drivers names, and those of --driver. What of them is not
on this machine is shown as missing. docs/conformance.md describes corpus and drivers.

` + moduleHelp + `

Exit codes: 0 all answers are as they have to be; 1 one is not, a runtime failed, or one that
is required is missing; 2 wrong usage.`,
		Example: `  ossconf conform --quick
  ossconf conform --only wazero --cases 10000 --html result.html
  ossconf conform --require node-20,firefox --junit result.xml
  ossconf conform --driver mine=./driver --only native,mine`,
		Args: arguments(0, 0, "none"),
		RunE: c.run,
	}
	f := cmd.Flags()
	f.StringSliceVar(&c.only, "only", nil, "test this `NAME` alone, which then has to be there; may be repeated or a list with commas")
	f.StringSliceVar(&c.require, "require", nil, "a `NAME` that may not be missing, or all; may be repeated or a list with commas")
	f.StringVar(&c.folder, "drivers", "", "the `FOLDER` with a list.js that names further drivers; web/drivers if that is there")
	f.StringArrayVar(&c.drivers, "driver", nil, "a driver of your own, `NAME=COMMAND`; may be repeated")
	f.StringVar(&c.expected, "expected", "", "the `FILE` that lists known differences: runtime, case and reason in a line")
	f.IntVar(&c.cases, "cases", conform.DefaultCases, "how many cases `N` to ask of each runtime; the fixtures are always among them")
	f.BoolVar(&c.quick, "quick", false, fmt.Sprintf("ask only %d cases", quickCases))
	f.StringArrayVar(&c.samples, "sample", nil, fmt.Sprintf("ask one in N generated cases of a runtime, `NAME=N`; may be repeated; %s=%d if not given", runtimeInterpreter, interpreterSample))
	f.DurationVar(&c.timeout, "timeout", time.Minute, "how long a driver may take to start, to answer and to end, a `DURATION`")
	f.StringVar(&c.jsonFile, "json", "", "write the result to this `FILE`, too, as JSON")
	f.StringVar(&c.junitFile, "junit", "", "write the result to this `FILE`, too, as JUnit XML")
	f.StringVar(&c.htmlFile, "html", "", "write the result to this `FILE`, too, as a page")
	moduleFlag(cmd, &c.module)
	c.out.formatFlag(cmd)
	if err := cmd.RegisterFlagCompletionFunc("only", cobra.FixedCompletions(builtIn(), cobra.ShellCompDirectiveNoFileComp)); err != nil {
		panic(err)
	}
	return cmd
}

func (c *conformance) run(cmd *cobra.Command, _ []string) error {
	ctx, stop := interruptible(cmd)
	defer stop()
	if err := c.checkFiles(); err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "ossconf-conform-")
	if err != nil {
		return fileFailure("make", os.TempDir(), err)
	}
	defer os.RemoveAll(dir)
	o, err := c.options(ctx, cmd, dir)
	if stopped := interrupted(ctx); err != nil && stopped != nil {
		return stopped
	}
	if err != nil {
		return err
	}
	p := newProgress(cmd.ErrOrStderr(), len(o.Drivers), max(o.Cases, len(o.Fixtures)), !c.out.json())
	o.Progress = p.report
	result, err := conform.Run(ctx, o)
	p.end()
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
	o := conform.Options{Cases: c.cases, Timeout: c.timeout}
	switch {
	case c.quick && cmd.Flags().Changed("cases"):
		return o, usage("--quick and --cases say the same", "conform", "give one of the two")
	case c.quick:
		o.Cases = quickCases
	case c.cases < 1:
		return o, usage("the value is less than 1", "--cases", "give a number of cases; 1 asks the fixtures alone")
	}
	if c.timeout <= 0 {
		return o, usage("the value is not positive", "--timeout", "give a duration such as 30s")
	}
	var err error
	if o.Expected, err = readExpected(c.expected); err != nil {
		return o, err
	}
	if o.Fixtures, err = conform.FixtureCases(); err != nil {
		return o, err
	}
	r := roster{module: c.module, dir: dir}
	if err := r.gather(ctx, c, cmd.Flags().Changed("drivers")); err != nil {
		return o, err
	}
	o.Drivers, o.Missing, o.Modules = r.drivers, r.missing, r.modules
	return o, nil
}

// readExpected reads the list of known differences; without a file there are none.
func readExpected(path string) ([]conform.ExpectedFailure, error) {
	if path == "" {
		return nil, nil
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, fileFailure("read", path, err)
	}
	defer f.Close()
	list, err := conform.ReadExpected(f)
	switch {
	case errors.Is(err, conform.ErrExpected):
		return nil, &failure{exit: exitUsage, code: "expected", what: err.Error(), where: path, hint: "see docs/conformance.md"}
	case err != nil:
		return nil, fileFailure("read", path, err)
	}
	return list, nil
}

// checkFiles looks for the folders of the files to write now, and not when a run of minutes has ended.
func (c *conformance) checkFiles() error {
	for _, path := range []string{c.jsonFile, c.junitFile, c.htmlFile} {
		if path == "" {
			continue
		}
		info, err := os.Stat(filepath.Dir(path))
		if err == nil && !info.IsDir() {
			err = errors.New("not a folder")
		}
		if err != nil {
			return fileFailure("write", path, err)
		}
	}
	return nil
}

// write writes the result wherever it is wanted. When one of the files fails the others are written all the same.
func (c *conformance) write(cmd *cobra.Command, result *conform.Result) error {
	failed := errors.Join(
		writeResult(c.jsonFile, result.WriteJSON), writeResult(c.junitFile, result.WriteJUnit), writeResult(c.htmlFile, result.WriteHTML),
	)
	var first *failure
	if errors.As(failed, &first) { // of several, one says enough
		return first
	}
	if failed != nil {
		return failed
	}
	write := result.WriteText
	if c.out.json() {
		write = result.WriteJSON
	}
	var b bytes.Buffer
	if err := write(&b); err != nil {
		return err
	}
	return c.out.write(cmd, b.Bytes())
}

// writeResult writes a file, if it has a path.
func writeResult(path string, write func(io.Writer) error) error {
	if path == "" {
		return nil
	}
	var b bytes.Buffer
	if err := write(&b); err != nil {
		return err
	}
	if err := atomicfile.Write(path, b.Bytes()); err != nil {
		return fileFailure("write", path, err)
	}
	return nil
}

// assignment splits NAME=VALUE.
func assignment(flag, text string) (name, value string, err error) {
	name, value, found := strings.Cut(text, "=")
	if !found || strings.TrimSpace(name) == "" || strings.ContainsAny(name, ", \t") || value == "" {
		return "", "", usage("the value is not what the flag takes", flag, "give NAME=VALUE, with a name without commas and blanks")
	}
	return name, value, nil
}
