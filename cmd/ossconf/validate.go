package main

import (
	"bytes"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ossconf/ossconf/core"
	"github.com/ossconf/ossconf/httpsconfig"
)

// A validation is the command validate with its flags.
type validation struct {
	out          output
	fix, inPlace bool
	names        []string // of profiles
	profiles     []*httpsconfig.Profile
}

func newValidate() *cobra.Command {
	var v validation
	cmd := &cobra.Command{
		Use:     "validate [FILE]",
		GroupID: groupDocuments,
		Short:   "Check a configuration document and mend it",
		Long: `Check an HTTPS configuration, XML or JSON, against the rules of OSS and of good
practice. Every finding has its place, the rule and what to do; errors are what OSS was
seen or is documented to refuse.

With --profile it is held against a published profile too, such as mozilla-intermediate-5.8,
nist-sp-800-52r2 or pci-dss-4.0.1: what is missing and what is too much. all stands for
every profile; docs/profiles.md lists them.

With --fix the mended document goes to standard output and the findings to standard
error: first what was mended, then what is left.

Exit codes: 0 no error is left, and every profile is passed; 1 the document has errors, or
a profile is not passed; 2 wrong usage.`,
		Example: "  ossconf validate config.xml\n  ossconf validate --fix --in-place config.xml\n  ossconf validate --profile mozilla-intermediate-5.8 config.xml\n  ossutil api get-bucket-https-config --bucket examplebucket | ossconf validate",
		Args:    arguments(0, 1, fileUsage),
		RunE:    v.run,
	}
	cmd.Flags().BoolVar(&v.fix, "fix", false, "mend what has an obvious fix")
	cmd.Flags().BoolVar(&v.inPlace, "in-place", false, "with --fix: write the mended document back to FILE, whole or not at all")
	v.profileFlag(cmd)
	v.out.formatFlag(cmd)
	v.out.fileFlag(cmd)
	return cmd
}

func (v *validation) run(cmd *cobra.Command, args []string) error {
	if v.inPlace && !v.fix {
		return usage("--in-place writes a mended document", "validate", "add --fix")
	}
	if err := v.readProfiles(); err != nil {
		return err
	}
	doc, name, err := readInput(cmd, args, httpsconfig.MaxSize)
	if err != nil {
		return err
	}
	if v.inPlace {
		if isStdin(args) || v.out.file != "" {
			return usage("--in-place needs a FILE to write back to", "validate", "name one, without --out")
		}
		v.out.file = name
	}
	if v.fix {
		return v.mend(cmd, name, doc)
	}
	text, passes, err := v.text(name, doc)
	if err != nil {
		return err
	}
	if err := v.out.write(cmd, text); err != nil {
		return err
	}
	return verdict(passes)
}

// mend writes the mended document to the output and the findings to standard error.
func (v *validation) mend(cmd *cobra.Command, name string, doc []byte) error {
	mended, _ := httpsconfig.Fix(doc)
	text, passes, err := v.text(name, mended)
	if err != nil {
		return err
	}
	changed := !bytes.Equal(mended, doc)
	if changed && !v.out.json() {
		text = append(mendedLines(name, httpsconfig.Validate(doc)), text...)
	}
	whole := len(doc) <= httpsconfig.MaxSize // of a larger one only the beginning has been read
	if whole && (changed || !v.inPlace) {
		write := v.out.writeLine
		if v.out.file != "" {
			write = v.out.write // a file ends as it did
		}
		if err := write(cmd, mended); err != nil {
			return err
		}
	}
	if err := writeTo(cmd.ErrOrStderr(), text); err != nil {
		return err
	}
	return verdict(passes)
}

// mendedLines lists the findings that have a fix.
func mendedLines(name string, r *httpsconfig.Report) []byte {
	var b strings.Builder
	for i := range r.Findings {
		if f := &r.Findings[i]; f.Fix != nil {
			writeFinding(&b, name, "mended", f, f.Fix.Description)
		}
	}
	return []byte(b.String())
}

// text returns the report on a document in the form that is asked for, and whether it has no error and passes.
func (v *validation) text(name string, doc []byte) (text []byte, passes bool, err error) {
	report, list := httpsconfig.ValidateProfiles(doc, v.profiles)
	passes = report.OK() && len(list) == len(v.profiles)
	for i := range list {
		passes = passes && list[i].Differences == nil
	}
	if v.out.json() {
		text, err = v.json(name, doc)
		return append(text, '\n'), passes, err
	}
	var b strings.Builder
	writeReport(&b, name, doc, report)
	v.writeProfiles(&b, name, doc, list)
	return []byte(b.String()), passes, nil
}

// json returns the payload of the operation.
func (v *validation) json(name string, doc []byte) ([]byte, error) {
	if v.profiles != nil {
		return v.profilesJSON(name, doc)
	}
	status, payload := core.Call("validate", doc)
	if status != core.OK {
		return nil, refusal(payload, name, nil)
	}
	return payload, nil
}

// verdict is the end of a command that has written a report.
func verdict(passes bool) error {
	if passes {
		return nil
	}
	return silent(exitRefused)
}
