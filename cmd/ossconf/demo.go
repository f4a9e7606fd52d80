package main

import (
	"errors"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ossconf/ossconf/cmd/ossconf/internal/demo"
	"github.com/ossconf/ossconf/harness/mockoss"
	"github.com/ossconf/ossconf/harness/tlspolicy"
	"github.com/ossconf/ossconf/host"
)

func newDemo() *cobra.Command {
	var (
		module, listen string
		served         pageFlags
		once           bool
	)
	cmd := &cobra.Command{
		Use:     "demo",
		GroupID: groupRehearsal,
		Short:   "Do the main job step by step against a mock OSS",
		Long: `Show step by step how the sample of the official document is refused, mended, encoded,
checked and signed in the WebAssembly module, stored in a mock OSS with net/http and with a
real client, and how TLS handshakes obey it and wrong signatures are refused. The mock OSS then
runs until it is interrupted, and with --page so does the builder page beside it, with --edge
also a worker that holds the access key for the page. Nothing leaves the machine.

` + moduleHelp + `

Exit codes: 0 every step ended as it has to; 1 one did not; 2 wrong usage, or no module; 3 the
address cannot be listened on, or the module or the edge worker failed.`,
		Example: "  ossconf demo --once\n  ossconf demo --module build/ossconf.wasm --listen 127.0.0.1:9280",
		Args:    arguments(0, 0, "none"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			ctx, stop := interruptible(cmd)
			defer stop()
			wasm, from, err := loadModule(ctx, module)
			if err != nil {
				return err
			}
			if err := served.check(once); err != nil {
				return err
			}
			trusted, err := newAuthority()
			if err != nil {
				return err
			}
			defer trusted.remove()
			handshakes := make(chan tlspolicy.Handshake, 16)
			server, err := startMock(mockoss.Options{
				Addr: listen, TLSAddr: "127.0.0.1:0", CA: trusted.ca, Buckets: []string{demo.Bucket},
				OnHandshake: func(h tlspolicy.Handshake) {
					select {
					case handshakes <- h:
					default: // the steps are over
					}
				},
			})
			if err != nil {
				return err
			}
			defer server.Close()
			address := ""
			if served.dir != "" {
				var stopPage func()
				if address, stopPage, err = served.serve(ctx, cmd.ErrOrStderr(), server, trusted); err != nil {
					return err
				}
				defer stopPage()
			}
			err = demo.Run(ctx, demo.Options{
				Module: wasm, From: from, Runtime: strings.TrimSpace("wazero " + wazeroVersion()), Out: cmd.OutOrStdout(),
				Server: server, CA: trusted.ca, Handshakes: handshakes, Ends: once, Host: hostOptions(false), Page: address,
			})
			if stopped := interrupted(ctx); err != nil && stopped != nil {
				return stopped
			}
			if err != nil {
				return demoFailure(err, from)
			}
			if !once {
				<-ctx.Done()
			}
			return nil
		},
	}
	cmd.Flags().BoolVar(&once, "once", false, "end after the last step")
	cmd.Flags().StringVar(&listen, "listen", "127.0.0.1:0", "the `ADDRESS` of the mock OSS; port 0 takes any free one")
	served.flags(cmd)
	moduleFlag(cmd, &module)
	return cmd
}

// demoFailure says why a step failed.
func demoFailure(err error, from string) error {
	switch {
	case errors.Is(err, demo.ErrOutcome):
		return &failure{exit: exitRefused, code: "demo", what: err.Error(), hint: "report it: ossconf is at fault"}
	case errors.Is(err, host.ErrModule), errors.Is(err, host.ErrABI), errors.Is(err, host.ErrTrap):
		return moduleFailure(err, from)
	}
	return &failure{exit: exitService, code: "demo", what: err.Error(), hint: "check that connections to 127.0.0.1 are allowed"}
}
