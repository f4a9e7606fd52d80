package main

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"github.com/ossconf/ossconf/harness/conform"
)

func newDriver() *cobra.Command {
	var name, module string
	cmd := &cobra.Command{
		Use:     "driver",
		GroupID: groupRuntimes,
		Short:   "Answer cases for the conformance runner on standard input and output",
		Long: `Answer the cases of ossconf conform, or of another runner: a line of JSON about the runtime,
then for each line of standard input one of output. At the end standard error gets the time
from loading the module to the first answer. docs/conformance.md describes the lines.

` + moduleHelp + `

Exit codes: 0 the input has ended; 1 a line is not a case; 2 wrong usage; 3 the module failed.`,
		Example: "  ossconf driver --runtime wazero --module build/ossconf.wasm",
		Args:    arguments(0, 0, "none"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			e, err := startEngine(cmd.Context(), name, module)
			if err != nil {
				return err
			}
			cold, broken := time.Duration(0), false
			call := func(ctx context.Context, op string, in []byte) (byte, []byte, error) {
				began := time.Now()
				status, out, err := e.call(ctx, op, in)
				if cold == 0 {
					cold = e.took + time.Since(began)
				}
				broken = err != nil
				return status, out, err
			}
			err = conform.Serve(cmd.Context(), cmd.InOrStdin(), cmd.OutOrStdout(), e.about, call)
			if err == nil {
				err = e.close(cmd.Context())
			}
			switch {
			case err == nil && cold > 0:
				return conform.WriteColdStart(cmd.ErrOrStderr(), cold)
			case err == nil:
				return nil
			case broken:
				return moduleFailure(err, name)
			}
			return &failure{exit: exitRefused, code: "protocol", what: err.Error(), where: stdinName, hint: "see docs/conformance.md"}
		},
	}
	runtimeFlag(cmd, &name)
	moduleFlag(cmd, &module)
	return cmd
}
