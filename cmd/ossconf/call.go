package main

import (
	"slices"

	"github.com/spf13/cobra"

	"github.com/ossconf/ossconf/core"
)

func newCall() *cobra.Command {
	var (
		out          output
		name, module string
	)
	cmd := &cobra.Command{
		Use:     "call OPERATION [FILE]",
		GroupID: groupRuntimes,
		Short:   "Send bytes through one operation",
		Long: `Send FILE or standard input through one operation, natively or in the WebAssembly module,
and write the answer byte for byte, an error answer too. docs/abi.md describes inputs and
answers; the operations are
` + lines(core.Operations(), 90) + `.

` + moduleHelp + `

Exit codes: 0 an answer; 1 an error answer; 2 wrong usage; 3 the module failed.`,
		Example: "  ossconf call catalog </dev/null\n  ossconf call --runtime wazero decode config.xml",
		Args:    arguments(1, 2, "an OPERATION and at most "+fileUsage),
		ValidArgsFunction: func(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
			if len(args) > 0 {
				return nil, cobra.ShellCompDirectiveDefault
			}
			return core.Operations(), cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			in, _, err := readInput(cmd, args[1:], core.MaxRequest)
			if err != nil {
				return err
			}
			if !slices.Contains(core.Operations(), args[0]) {
				name = runtimeNative // the module has no such export to call; core has the error answer
			}
			e, err := startEngine(cmd.Context(), name, module)
			if err != nil {
				return err
			}
			status, payload, err := e.call(cmd.Context(), args[0], in)
			if err != nil {
				return moduleFailure(err, args[0])
			}
			if err := e.close(cmd.Context()); err != nil {
				return moduleFailure(err, args[0])
			}
			if err := out.write(cmd, payload); err != nil {
				return err
			}
			if core.Status(status) != core.OK {
				return silent(exitRefused)
			}
			return nil
		},
	}
	runtimeFlag(cmd, &name)
	moduleFlag(cmd, &module)
	out.fileFlag(cmd)
	return cmd
}

// lines joins words with commas and breaks lines before they are wider than width.
func lines(words []string, width int) string {
	text, column := "", 0
	for i, word := range words {
		if i > 0 {
			text, column = text+",", column+1
			if column+1+len(word) > width {
				text, column = text+"\n", 0
			} else {
				text, column = text+" ", column+1
			}
		}
		text, column = text+word, column+len(word)
	}
	return text
}
