package main

import (
	"bytes"
	"encoding/json"

	"github.com/spf13/cobra"
)

func newDecode() *cobra.Command {
	var out output
	cmd := &cobra.Command{
		Use:     "decode [FILE]",
		GroupID: groupDocuments,
		Short:   "Write a configuration document as JSON",
		Long: `Read an HTTPS configuration, XML or JSON, and write it as JSON in the form of ossutil,
indented, or with --output json on one line. Elements that the schema does not know are
kept in a member #unknown.

Exit codes: 0 success; 1 the document cannot be read; 2 wrong usage.`,
		Example: "  ossconf decode config.xml\n  ossconf get --region cn-hangzhou --bucket examplebucket | ossconf decode",
		Args:    arguments(0, 1, fileUsage),
		RunE: func(cmd *cobra.Command, args []string) error {
			text, err := convert(cmd, args, "decode")
			if err != nil {
				return err
			}
			if !out.json() {
				if text, err = indent(text); err != nil {
					return err
				}
			}
			return out.writeLine(cmd, text)
		},
	}
	out.formatFlag(cmd)
	out.fileFlag(cmd)
	return cmd
}

func indent(text []byte) ([]byte, error) {
	var b bytes.Buffer
	if err := json.Indent(&b, text, "", "  "); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}
