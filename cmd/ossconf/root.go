package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// The groups of commands in the order of the help.
const (
	groupDocuments  = "documents"
	groupSignatures = "signatures"
	groupBuckets    = "buckets"
	groupRehearsal  = "rehearsal"
	groupRuntimes   = "runtimes"
)

func newRoot() *cobra.Command {
	root := &cobra.Command{
		Use:   "ossconf",
		Short: "Build, check, sign, send and rehearse the HTTPS configuration of an OSS bucket",
		Long: `ossconf builds, checks, signs and sends the HTTPS configuration of an Alibaba Cloud
OSS bucket: which TLS versions and cipher suites it accepts. It rehearses all of it
against a mock OSS, and shows that the WebAssembly module does the same.

Commands read FILE, or standard input if it is - or missing.

Environment:
  OSS_ACCESS_KEY_ID, OSS_ACCESS_KEY_SECRET, OSS_SESSION_TOKEN   credentials
  OSSCONF_MODULE                                                the WebAssembly module to run
  OSSCONF_CACHE                                                 a folder for compiled modules

Exit codes:
  0    success
  1    the input is refused, the document has errors or does not pass a profile, a client
       is lost or does not connect that has to, the signature does not verify, a runtime
       differs, or a recording is not complete or not used
  2    wrong usage: flags, arguments, a file that cannot be read or written
  3    the service, the network or a runtime failed or refused
  130  interrupted`,
		Example:       "  ossconf demo\n  ossconf validate config.xml",
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          cobra.ArbitraryArgs,
		RunE:          runGroup,
	}
	root.AddGroup(
		&cobra.Group{ID: groupDocuments, Title: "Documents:"},
		&cobra.Group{ID: groupSignatures, Title: "Signatures:"},
		&cobra.Group{ID: groupBuckets, Title: "Buckets:"},
		&cobra.Group{ID: groupRehearsal, Title: "Rehearsal:"},
		&cobra.Group{ID: groupRuntimes, Title: "Runtimes:"},
	)
	root.AddCommand(
		newValidate(), newSimulate(), newDiff(), newEncode(), newDecode(),
		newSign(), newPresign(), newVerify(),
		newPut(), newGet(),
		newDemo(), newRehearse(), newServe(), newRecord(), newReplay(),
		newCall(), newDriver(), newConform(),
		newVersion(),
	)
	root.SetFlagErrorFunc(flagFailure)
	root.SetUsageTemplate(strings.NewReplacer(
		// A command that only has subcommands is runnable here to refuse unknown ones, not to be run without one.
		"{{if .Runnable}}", "{{if and .Runnable (not .HasAvailableSubCommands)}}",
		".LocalFlags.FlagUsages", ".LocalFlags.FlagUsagesWrapped 98",
	).Replace(root.UsageTemplate()))
	root.SetHelpCommand(newHelp(root))
	root.InitDefaultCompletionCmd()
	if completion, _, err := root.Find([]string{"completion"}); err == nil {
		completion.Args, completion.RunE = cobra.ArbitraryArgs, runGroup
	}
	return root
}

// runGroup shows the help of a command that only has subcommands, and refuses what is none of them.
func runGroup(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return cmd.Help()
	}
	return unknownCommand(cmd, args[0])
}

func unknownCommand(cmd *cobra.Command, name string) error {
	hint := cmd.CommandPath() + " --help lists the commands"
	cmd.SuggestionsMinimumDistance = 2
	if near := cmd.SuggestionsFor(name); len(near) > 0 {
		hint = "did you mean " + strings.Join(near, " or ") + "?"
	}
	return usage("there is no such command", cmd.CommandPath()+" "+name, hint)
}

// newHelp replaces cobra's own command, which takes an unknown topic for success.
func newHelp(root *cobra.Command) *cobra.Command {
	return &cobra.Command{
		Use:     "help [COMMAND]",
		Short:   "Show help for a command",
		Long:    "Show help for ossconf or one of its commands, as --help does.",
		Example: "  ossconf help validate",
		ValidArgsFunction: func(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
			var names []string
			if len(args) == 0 {
				for _, c := range root.Commands() {
					names = append(names, c.Name()+"\t"+c.Short)
				}
			}
			return names, cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(_ *cobra.Command, args []string) error {
			cmd, rest, err := root.Find(args)
			if err != nil || len(rest) > 0 {
				return unknownCommand(root, strings.Join(args, " "))
			}
			cmd.InitDefaultHelpFlag()
			return cmd.Help()
		},
	}
}

// flagFailure says what is wrong with a flag. It repeats nothing but flags' names: a value may be a secret.
func flagFailure(cmd *cobra.Command, err error) error {
	hint := cmd.CommandPath() + " --help lists the flags"
	var (
		unknown  *pflag.NotExistError
		required *pflag.ValueRequiredError
		invalid  *pflag.InvalidValueError
	)
	switch {
	case errors.As(err, &unknown) && unknown.GetSpecifiedShortnames() != "":
		return usage("there is no flag of one letter like this", cmd.CommandPath()+" -"+unknown.GetSpecifiedName(), "long flags begin with two hyphens; "+hint)
	case errors.As(err, &unknown):
		return usage("there is no such flag", cmd.CommandPath()+" --"+unknown.GetSpecifiedName(), hint)
	case errors.As(err, &required):
		return usage("the flag needs a value", "--"+required.GetFlag().Name, hint)
	case errors.As(err, &invalid):
		return usage("the value is not what the flag takes", "--"+invalid.GetFlag().Name, "it takes "+flagTakes(invalid.GetFlag()))
	}
	return usage("the flags cannot be read", cmd.CommandPath(), hint)
}

// flagTakes describes the values of a flag.
func flagTakes(f *pflag.Flag) string {
	switch t := f.Value.Type(); t {
	case "int":
		return "a whole number"
	case "duration":
		return "a duration such as 30s"
	case "bool":
		return "true or false"
	case "SIZE":
		return "a number of bytes, or one of KiB, MiB or GiB"
	default:
		return strings.ReplaceAll(t, "|", " or ")
	}
}

// arguments takes at least low and at most high arguments, which what describes.
func arguments(low, high int, what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		switch {
		case len(args) < low:
			return usage("an argument is missing", cmd.CommandPath(), "give "+what)
		case len(args) > high:
			return usage(fmt.Sprintf("%d arguments are too many", len(args)), cmd.CommandPath(), "give "+what)
		}
		return nil
	}
}
