package main

import (
	"errors"
	"fmt"
	"log/slog"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ossconf/ossconf/harness/mockoss"
)

// A serving is the command serve with its flags.
type serving struct {
	out            output
	listen, region string
	buckets        []string
	quiet          bool
}

// defaultListen has a port of its own, so that the address stays the same from one rehearsal to the next.
const defaultListen = "127.0.0.1:9280"

func newServe() *cobra.Command {
	var s serving
	cmd := &cobra.Command{
		Use:     "serve",
		GroupID: groupRehearsal,
		Short:   "Run a mock OSS that verifies signatures and stores configurations",
		Long: `Run a mock OSS on loopback until it is interrupted. It verifies OSS V4 signatures, checks
HTTPS configurations as OSS does and answers in its form, errors included; everything is kept
in memory. docs/mockoss.md says how sure each behaviour is.

It knows one access key, which is printed: it is made up and opens nothing elsewhere. Every
request is logged on standard error.

Exit codes: 0 interrupted; 2 wrong usage; 3 the address cannot be listened on.`,
		Example: "  ossconf serve --bucket examplebucket\n  ossconf serve --listen 127.0.0.1:0 --output json",
		Args:    arguments(0, 0, "none"),
		RunE:    s.run,
	}
	f := cmd.Flags()
	f.StringVar(&s.listen, "listen", defaultListen, "the `ADDRESS` to listen on; port 0 takes any free one")
	f.StringVar(&s.region, "region", mockoss.DefaultRegion, "the `REGION` that requests have to be signed for")
	f.StringArrayVar(&s.buckets, "bucket", nil, "a `BUCKET` that exists from the start; may be repeated")
	f.BoolVar(&s.quiet, "quiet", false, "log no requests")
	s.out.formatFlag(cmd)
	return cmd
}

func (s *serving) run(cmd *cobra.Command, _ []string) error {
	ctx, stop := interruptible(cmd)
	defer stop()
	o := mockoss.Options{Addr: s.listen, Region: s.region, Buckets: s.buckets}
	if !s.quiet {
		o.Logger = slog.New(slog.NewTextHandler(cmd.ErrOrStderr(), &slog.HandlerOptions{Level: slog.LevelDebug}))
	}
	server, err := startMock(o)
	if err != nil {
		return err
	}
	defer server.Close()
	key := server.Credentials()[0]
	var text strings.Builder
	for _, line := range [][2]string{
		{"endpoint", server.URL}, {"region", server.Region}, {"access key ID", key.AccessKeyID},
		{"access key secret", key.AccessKeySecret}, {"buckets", strings.Join(s.buckets, " ")},
	} {
		if line[1] != "" {
			fmt.Fprintf(&text, "%-17s  %s\n", line[0], line[1])
		}
	}
	text.WriteString("ready; interrupt to stop\n")
	err = s.out.writeResult(cmd, text.String(), struct {
		Endpoint        string   `json:"endpoint"`
		Region          string   `json:"region"`
		AccessKeyID     string   `json:"access_key_id"`
		AccessKeySecret string   `json:"access_key_secret"`
		Buckets         []string `json:"buckets"`
	}{server.URL, server.Region, key.AccessKeyID, key.AccessKeySecret, append([]string{}, s.buckets...)})
	if err != nil {
		return err
	}
	<-ctx.Done()
	return nil
}

// startMock starts a mock OSS.
func startMock(o mockoss.Options) (*mockoss.Server, error) {
	server, err := mockoss.Start(o)
	if err == nil {
		return server, nil
	}
	what := strings.TrimPrefix(err.Error(), "mockoss: ")
	if errors.Is(err, mockoss.ErrOptions) {
		return nil, usage(strings.TrimPrefix(what, "options: "), "serve", "see ossconf serve --help")
	}
	return nil, &failure{exit: exitService, code: "network", what: what, where: o.Addr, hint: "pass another --listen, or port 0 for any free one"}
}
