package main

import (
	"github.com/spf13/cobra"

	"github.com/ossconf/ossconf/core"
	"github.com/ossconf/ossconf/httpsconfig"
)

func newEncode() *cobra.Command {
	var out output
	cmd := &cobra.Command{
		Use:     "encode [FILE]",
		GroupID: groupDocuments,
		Short:   "Write a configuration document as the XML that OSS takes",
		Long: `Read an HTTPS configuration, XML or JSON, and write it as XML: an element a line, in the
order of OSS's document. Elements that the schema does not know are kept.

Exit codes: 0 success; 1 the document cannot be read; 2 wrong usage.`,
		Example: "  echo '{\"TLS\":{\"Enable\":true,\"TLSVersion\":[\"TLSv1.2\",\"TLSv1.3\"]}}' | ossconf encode",
		Args:    arguments(0, 1, fileUsage),
		RunE: func(cmd *cobra.Command, args []string) error {
			xml, err := convert(cmd, args, "encode")
			if err != nil {
				return err
			}
			return out.writeLine(cmd, xml)
		},
	}
	out.fileFlag(cmd)
	return cmd
}

// convert runs decode or encode on the document that args name.
func convert(cmd *cobra.Command, args []string, op string) ([]byte, error) {
	doc, name, err := readInput(cmd, args, httpsconfig.MaxSize)
	if err != nil {
		return nil, err
	}
	status, payload := core.Call(op, doc)
	if status != core.OK {
		return nil, refusal(payload, name, nil)
	}
	return payload, nil
}
