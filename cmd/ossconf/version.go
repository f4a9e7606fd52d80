package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"runtime"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ossconf/ossconf/core"
)

func newVersion() *cobra.Command {
	var out output
	cmd := &cobra.Command{
		Use:     "version",
		Short:   "Show the versions of ossconf, Go and the calling convention, and the operations",
		Long:    "Show the version of ossconf, the Go version it was built with, the number of the\nmodule's calling convention and the operations.",
		Example: "  ossconf version --output json",
		Args:    arguments(0, 0, "none"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if out.json() {
				line, err := json.Marshal(struct {
					Version    string   `json:"version"`
					Go         string   `json:"go"`
					ABI        int      `json:"abi"`
					Operations []string `json:"operations"`
				}{core.Version, runtime.Version(), core.ABI, core.Operations()})
				if err != nil {
					return err
				}
				return out.writeLine(cmd, line)
			}
			var b bytes.Buffer
			fmt.Fprintf(&b, "ossconf     %s\n", core.Version)
			fmt.Fprintf(&b, "go          %s %s/%s\n", runtime.Version(), runtime.GOOS, runtime.GOARCH)
			fmt.Fprintf(&b, "abi         %d\n", core.ABI)
			fmt.Fprintf(&b, "operations  %s\n", strings.Join(core.Operations(), " "))
			return out.write(cmd, b.Bytes())
		},
	}
	out.formatFlag(cmd)
	return cmd
}
