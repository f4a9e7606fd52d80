// Command ossconf builds, checks, signs and sends the HTTPS configuration of an OSS bucket, and rehearses all of it
// against a mock OSS.
//
// Start with
//
//	ossconf demo
//	ossconf validate config.xml
//
// docs/cli.md shows every subcommand with its output.
package main

import (
	"errors"
	"io"
	"os"
)

func main() {
	os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// run executes one command line and returns the exit code.
func run(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	root := newRoot()
	root.SetArgs(args)
	root.SetIn(stdin)
	root.SetOut(stdout)
	root.SetErr(stderr)
	err := root.Execute()
	var f *failure
	switch {
	case err == nil:
		return exitOK
	case !errors.As(err, &f):
		f = &failure{exit: exitUsage, code: "usage", what: err.Error(), hint: "ossconf help lists the commands"}
	}
	f.report(stderr, wantsJSON(args))
	return f.exit
}
