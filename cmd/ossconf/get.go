package main

import (
	"github.com/spf13/cobra"

	"github.com/ossconf/ossconf/core"
)

func newGet() *cobra.Command {
	var flags bucketFlags
	cmd := &cobra.Command{
		Use:     "get",
		GroupID: groupBuckets,
		Short:   "Fetch the configuration of a bucket",
		Long: `Fetch the HTTPS configuration of a bucket with GetBucketHttpsConfig and print it as OSS
sent it, or with --output json in the form of ossutil.

` + bucketHelp + `

` + credentialsHelp + `

Exit codes: 0 fetched; 2 wrong usage; 3 the service or the network refused, or the answer is
no configuration.`,
		Example: "  ossconf get --region cn-hangzhou --bucket examplebucket --out config.xml\n" +
			"  ossconf get --endpoint http://127.0.0.1:9280 --region cn-hangzhou \\\n    --bucket examplebucket",
		Args: arguments(0, 0, "none"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := flags.client(cmd)
			if err != nil {
				return err
			}
			ctx, stop := interruptible(cmd)
			defer stop()
			answer, err := c.Get(ctx)
			if err != nil {
				return flags.sendFailure(ctx, c.Endpoint, err)
			}
			status, payload := core.Call("decode", answer.Body)
			if status != core.OK {
				f := refusal(payload, "the answer of "+c.Endpoint.String(), nil)
				f.exit, f.hint = exitService, "check --endpoint: this is no answer of OSS (request ID "+answer.RequestID+")"
				return f
			}
			if !flags.out.json() {
				payload = answer.Body
			}
			return flags.out.writeLine(cmd, payload)
		},
	}
	flags.register(cmd)
	flags.out.fileFlag(cmd)
	return cmd
}
