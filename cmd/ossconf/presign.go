package main

import (
	"strings"

	"github.com/spf13/cobra"
)

func newPresign() *cobra.Command {
	var q requestFlags
	cmd := &cobra.Command{
		Use:     "presign [FILE]",
		GroupID: groupSignatures,
		Short:   "Sign a request with OSS V4 in its URL",
		Long: `Sign a request with OSS V4 and print the URL that carries the signature. Whoever has the
URL may send the request until it expires. Nothing is sent.

` + requestHelp + `

` + credentialsHelp + `
The token is part of the URL, so it is printed.

Exit codes: 0 success; 1 the JSON is refused; 2 wrong usage.`,
		Example: "  ossconf presign --bucket examplebucket --query httpsConfig --region cn-hangzhou --expires 600",
		Args:    arguments(0, 1, fileUsage),
		RunE: func(cmd *cobra.Command, args []string) error {
			return q.run(cmd, args, "presign", func(b *strings.Builder, s *signed) error {
				if s.URL == "" {
					return usage("the address of a cloud box does not follow from its id", "presign", "pass --endpoint, or take signed_query of --output json")
				}
				b.WriteString(s.URL + "\n")
				return nil
			})
		},
	}
	q.register(cmd)
	cmd.Flags().IntVar(&q.expires, "expires", 0, "how many `SECONDS` the URL is good for, 1 to 604800")
	cmd.Flags().StringVar(&q.endpoint, "endpoint", "", "the `HOST` or URL of OSS; the public endpoint of the region if not given")
	cmd.Flags().BoolVar(&q.pathStyle, "path-style", false, "put the bucket into the path; always done for an IP address or localhost")
	return cmd
}
