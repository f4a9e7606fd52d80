// Command wasmbuild writes the two forms of the WebAssembly module, ossconf.wasm and ossconf-selfcontained.wasm, and
// prints their sizes and checksums.
//
// The self-contained form needs Node.js with npm. Without them the command writes the plain form and fails, unless
// -plain says that it is enough.
package main

import (
	"context"
	"crypto/sha256"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"

	"github.com/ossconf/ossconf/internal/atomicfile"
	"github.com/ossconf/ossconf/wasm/wasmbuild"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	switch {
	case err == nil, errors.Is(err, flag.ErrHelp):
	case errors.Is(err, errFlags):
		os.Exit(2) // package flag has said why
	default:
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

var errFlags = errors.New("wasmbuild: wrong flags")

func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	flags := flag.NewFlagSet("wasmbuild", flag.ContinueOnError)
	flags.SetOutput(stderr)
	out := flags.String("o", "build", "the `folder` to write to")
	plainOnly := flags.Bool("plain", false, "build the plain form only")
	size := flags.Bool("size", false, "write nothing, print what both forms weigh beside an empty Go reactor")
	if err := flags.Parse(args); err != nil {
		return fmt.Errorf("%w: %w", errFlags, err)
	}
	if flags.NArg() > 0 {
		return fmt.Errorf("wasmbuild: unexpected argument %q", flags.Arg(0))
	}
	if *size {
		return printSizes(ctx, stdout)
	}

	plain, err := wasmbuild.Plain(ctx, wasmbuild.Options{})
	if err != nil {
		return err
	}
	if err := write(stdout, filepath.Join(*out, "ossconf.wasm"), plain); err != nil || *plainOnly {
		return err
	}
	contained, err := wasmbuild.SelfContained(ctx, wasmbuild.Options{})
	if errors.Is(err, wasmbuild.ErrNode) {
		return fmt.Errorf("%w\nthe plain form is written; -plain says that it is enough", err)
	}
	if err != nil {
		return err
	}
	return write(stdout, filepath.Join(*out, "ossconf-selfcontained.wasm"), contained)
}

func write(stdout io.Writer, path string, wasm []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		return fmt.Errorf("wasmbuild: %w", err)
	}
	if err := atomicfile.Write(path, wasm); err != nil {
		return fmt.Errorf("wasmbuild: %w", err)
	}
	_, err := fmt.Fprintf(stdout, "%x  %s  %d bytes\n", sha256.Sum256(wasm), path, len(wasm))
	return err
}

func printSizes(ctx context.Context, stdout io.Writer) error {
	sizes, err := wasmbuild.Sizes(ctx, wasmbuild.Options{})
	if err != nil {
		return err
	}
	empty := sizes[len(sizes)-1]
	fmt.Fprintf(stdout, "%-16s %10s %10s %8s\n", "form", "raw", "brotli", "to empty")
	for _, s := range sizes {
		fmt.Fprintf(stdout, "%-16s %10d %10d %8.3f\n", s.Name, s.Raw, s.Brotli, float64(s.Brotli)/float64(empty.Brotli))
	}
	_, err = fmt.Fprintf(stdout, "goal for self-contained: at most %d bytes and %.2f after brotli\n",
		wasmbuild.GoalBrotli, wasmbuild.GoalRatio)
	return err
}
