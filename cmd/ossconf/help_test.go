package main

import (
	"bytes"
	"os"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// commands returns ossconf and everything below it that users see.
func commands() []*cobra.Command {
	list := []*cobra.Command{newRoot()}
	for i := 0; i < len(list); i++ {
		for _, c := range list[i].Commands() {
			if c.IsAvailableCommand() || c.Name() == "help" {
				list = append(list, c)
			}
		}
	}
	return list
}

// fromCobra reports whether cobra has written the help of a command.
func fromCobra(cmd *cobra.Command) bool {
	return strings.Contains(cmd.CommandPath(), "ossconf completion")
}

func TestHelp(t *testing.T) {
	for _, cmd := range commands() {
		t.Run(cmd.CommandPath(), func(t *testing.T) {
			var b bytes.Buffer
			cmd.SetOut(&b)
			if err := cmd.Help(); err != nil {
				t.Fatal(err)
			}
			for line := range strings.Lines(b.String()) {
				if n := utf8.RuneCountInString(strings.TrimSuffix(line, "\n")); n > 100 {
					t.Errorf("%d columns: %s", n, line)
				}
			}
			if cmd.Short == "" || strings.HasSuffix(cmd.Short, ".") || cmd.Long == "" {
				t.Errorf("short %q, long %q", cmd.Short, cmd.Long)
			}
			if fromCobra(cmd) {
				return
			}
			if cmd.Example == "" {
				t.Error("no example")
			}
			if runs := cmd.Parent() != nil && cmd.GroupID != ""; runs && !strings.Contains(cmd.Long, "Exit codes: 0 ") {
				t.Error("no exit codes")
			}
			cmd.LocalFlags().VisitAll(func(f *pflag.Flag) {
				if f.Usage == "" {
					t.Errorf("--%s has no help", f.Name)
				}
			})
		})
	}
}

// TestExamples reads the flags and arguments of every example of the help.
func TestExamples(t *testing.T) {
	for _, cmd := range commands() {
		for line := range strings.SplitSeq(strings.ReplaceAll(cmd.Example, "\\\n", ""), "\n") {
			_, line, found := strings.Cut(line, "ossconf")
			if !found {
				continue
			}
			line, _, _ = strings.Cut(line, "<")
			line, _, _ = strings.Cut(line, "|")
			root := newRoot()
			target, args, err := root.Find(strings.Fields(line))
			if err != nil {
				t.Errorf("%s: ossconf%s: %v", cmd.CommandPath(), line, err)
				continue
			}
			if err := target.ParseFlags(args); err != nil {
				t.Errorf("%s: ossconf%s: %v", cmd.CommandPath(), line, err)
				continue
			}
			if err := target.ValidateArgs(target.Flags().Args()); err != nil {
				t.Errorf("%s: ossconf%s: %v", cmd.CommandPath(), line, err)
			}
		}
	}
}

// TestDocumented looks for every command and every flag in docs/cli.md.
func TestDocumented(t *testing.T) {
	data, err := os.ReadFile("../../docs/cli.md")
	if err != nil {
		t.Fatal(err)
	}
	sections := map[string]string{}
	for _, section := range strings.Split(string(data), "\n## ")[1:] {
		title, text, _ := strings.Cut(section, "\n")
		sections[title] = text
	}
	for _, cmd := range commands()[1:] {
		if cmd.Parent().Name() == "completion" {
			continue
		}
		text, found := sections["ossconf "+cmd.Name()]
		if !found {
			t.Errorf("docs/cli.md has no section %q", "ossconf "+cmd.Name())
			continue
		}
		cmd.LocalFlags().VisitAll(func(f *pflag.Flag) {
			if f.Name != "help" && !strings.Contains(text, "`--"+f.Name) {
				t.Errorf("docs/cli.md, ossconf %s: no word of --%s", cmd.Name(), f.Name)
			}
		})
	}
	for _, name := range []string{envAccessKeyID, envAccessKeySecret, envSecurityToken, envModule, envCache} {
		if !bytes.Contains(data, []byte(name)) {
			t.Errorf("docs/cli.md: no word of %s", name)
		}
	}
}
