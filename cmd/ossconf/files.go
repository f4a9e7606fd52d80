package main

import (
	"bytes"
	"errors"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ossconf/ossconf/internal/atomicfile"
)

const (
	stdinName = "<stdin>"
	fileUsage = "one FILE, or - or none for standard input"
)

// readInput reads the file that args name, or standard input, and returns it with its name. Of a longer one it reads no
// more than a byte past limit, which is enough for an operation to refuse it.
func readInput(cmd *cobra.Command, args []string, limit int) (data []byte, name string, err error) {
	if isStdin(args) {
		data, err = io.ReadAll(io.LimitReader(cmd.InOrStdin(), int64(limit)+1))
		if err != nil {
			return nil, "", fileFailure("read", "standard input", err)
		}
		return data, stdinName, nil
	}
	name = args[0]
	f, err := os.Open(name)
	if err != nil {
		return nil, "", fileFailure("read", name, err)
	}
	defer f.Close()
	if data, err = io.ReadAll(io.LimitReader(f, int64(limit)+1)); err != nil {
		return nil, "", fileFailure("read", name, err)
	}
	return data, name, nil
}

func isStdin(args []string) bool { return len(args) == 0 || args[0] == "-" }

// An output is where and how a command writes its result.
type output struct {
	format string // of the flag --output
	file   string // of the flag --out
}

// A word is a flag that takes one of a few words.
type word struct {
	to    *string
	words []string
}

func (w word) String() string { return *w.to }
func (w word) Type() string   { return strings.Join(w.words, "|") }
func (w word) Set(s string) error {
	if !slices.Contains(w.words, s) {
		return errors.New("none of its words") // flagFailure says which words there are
	}
	*w.to = s
	return nil
}

// wordFlag adds a flag that takes one of words, the first of which is the default.
func wordFlag(cmd *cobra.Command, to *string, name, usage string, words ...string) {
	*to = words[0]
	cmd.Flags().Var(word{to, words}, name, usage)
	err := cmd.RegisterFlagCompletionFunc(name, cobra.FixedCompletions(words, cobra.ShellCompDirectiveNoFileComp))
	if err != nil { // only for a flag that there is not
		panic(err)
	}
}

// formatFlag adds --output.
func (o *output) formatFlag(cmd *cobra.Command) {
	wordFlag(cmd, &o.format, "output", "form of the output", "text", "json")
}

// fileFlag adds --out.
func (o *output) fileFlag(cmd *cobra.Command) {
	cmd.Flags().StringVar(&o.file, "out", "", "write to this `FILE`, whole or not at all, in place of standard output")
}

func (o *output) json() bool { return o.format == "json" }

// write writes a complete result.
func (o *output) write(cmd *cobra.Command, data []byte) error {
	if o.file != "" {
		if err := atomicfile.Write(o.file, data); err != nil {
			return fileFailure("write", o.file, err)
		}
		return nil
	}
	return writeTo(cmd.OutOrStdout(), data)
}

// writeLine is write for data that a line feed is to end.
func (o *output) writeLine(cmd *cobra.Command, data []byte) error {
	if !bytes.HasSuffix(data, []byte("\n")) {
		data = append(data, '\n')
	}
	return o.write(cmd, data)
}

func writeTo(w io.Writer, data []byte) error {
	if _, err := w.Write(data); err != nil {
		f := fileFailure("write", "standard output", err)
		f.hint = "see where the output goes"
		return f
	}
	return nil
}
