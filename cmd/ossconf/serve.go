package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"github.com/ossconf/ossconf/harness/mockoss"
)

// A serving is the command serve with its flags.
type serving struct {
	out output

	listen, tlsListen, adminListen string
	regions, buckets               []string
	data, caDir, certificates      string
	propagation, clockOffset       time.Duration
	faults, credentials, host      string
	maxBytes                       size
	cors, quiet                    bool
	logFormat                      string
}

// defaultListen has a port of its own, so that the address stays the same from one rehearsal to the next.
const defaultListen = "127.0.0.1:9280"

// shutdownWait is how long requests that are under way may take once the server is to end.
const shutdownWait = 30 * time.Second

func newServe() *cobra.Command {
	var s serving
	cmd := &cobra.Command{
		Use:     "serve",
		GroupID: groupRehearsal,
		Short:   "Run a mock OSS that verifies signatures and enforces TLS configurations",
		Long: `Run a mock OSS on loopback until it is interrupted. It verifies OSS V4 signatures, stores
buckets, objects and configurations, and answers in the form of OSS, errors included.
docs/mockoss.md says how sure each behaviour is.

With --tls-listen it has a TLS listener, too, whose handshakes obey the HTTPS configuration
of the bucket that the server name begins with: https://BUCKET.localhost:PORT. Clients have
to trust the CA in the file that is printed, and it alone.

Unless --credentials gives others it knows one access key: that is made up and opens nothing
elsewhere. When it is ready it prints where it is and the first access key, and from then on
a log on standard error, without secrets. An interrupt lets requests that are under way end,
for 30 seconds at most; a second one ends at once.

Exit codes: 0 interrupted; 2 wrong usage, or a file or folder that cannot be used; 3 an
address cannot be listened on; 130 interrupted twice.`,
		Example: "  ossconf serve --bucket examplebucket\n" +
			"  ossconf serve --tls-listen 127.0.0.1:9443 --data state --bucket examplebucket\n" +
			"  ossconf serve --listen 127.0.0.1:0 --tls-listen 127.0.0.1:0 --output json",
		Args: arguments(0, 0, "none"),
		RunE: s.run,
	}
	s.register(cmd)
	return cmd
}

func (s *serving) register(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&s.listen, "listen", defaultListen, "the `ADDRESS` to listen on; port 0 takes any free one")
	f.StringVar(&s.tlsListen, "tls-listen", "", "the `ADDRESS` of a TLS listener; none if not given")
	f.StringVar(&s.adminListen, "admin-listen", "",
		"the `ADDRESS` of a listener that shows and sets what the server has; none if not given")
	f.StringArrayVar(&s.regions, "region", nil,
		"a `REGION` that is served, or PRODUCT:REGION for a cloud box; may be repeated; "+mockoss.DefaultRegion+" if not given")
	f.StringArrayVar(&s.buckets, "bucket", nil, "a `BUCKET` that exists from the start, in the first region; may be repeated")
	f.StringVar(&s.credentials, "credentials", "", "a `FILE` with the access keys, in JSON")
	f.StringVar(&s.host, "host", "", "a further endpoint `HOST` that buckets are looked for under")
	f.StringVar(&s.data, "data", "", "the `DIR` to keep everything in; in memory alone if not given")
	f.Var(&s.maxBytes, "max-bytes", "how much can be stored in all, in bytes or as 64MiB; 1GiB if not given")
	f.StringVar(&s.caDir, "ca-dir", "", "the `DIR` to keep the CA in; else DIR/ca of --data, else it is a new one each time")
	wordFlag(cmd, &s.certificates, "certificates", "kinds of certificates that buckets have", kindsBoth, kindsRSA, kindsECDSA)
	f.DurationVar(&s.propagation, "propagation", 0, "how long an HTTPS configuration takes to come into force; OSS has up to 30m")
	f.DurationVar(&s.clockOffset, "clock-offset", 0, "how far the clock is ahead, such as 20m or -20m")
	f.StringVar(&s.faults, "faults", "", "a `FILE` with rules for what goes wrong, in JSON")
	f.BoolVar(&s.cors, "cors", false, "let pages of this machine call it, which OSS does not")
	f.BoolVar(&s.quiet, "quiet", false, "log neither requests nor handshakes, but what needs attention")
	wordFlag(cmd, &s.logFormat, "log-format", "form of the log", "text", "json")
	s.out.formatFlag(cmd)
}

func (s *serving) run(cmd *cobra.Command, _ []string) error {
	ctx, stop := interruptible(cmd)
	defer stop()
	o, err := s.options()
	if err != nil {
		return err
	}
	var trusted authority
	if s.tlsListen != "" {
		if trusted, err = s.openCA(); err != nil {
			return err
		}
		defer trusted.remove()
	}
	o.CA = trusted.ca
	o.Logger = s.logger(cmd)
	server, err := s.start(o)
	if err != nil {
		return err
	}
	defer server.Close()
	if err := s.announce(cmd, server, trusted.file); err != nil {
		return err
	}
	warnOfNetwork(o)
	<-ctx.Done()
	return end(server, o.Logger)
}

// logger returns what the server logs with, on standard error.
func (s *serving) logger(cmd *cobra.Command) *slog.Logger {
	o := &slog.HandlerOptions{Level: slog.LevelDebug}
	if s.quiet {
		o.Level = slog.LevelWarn
	}
	if s.logFormat == "json" {
		return slog.New(slog.NewJSONHandler(cmd.ErrOrStderr(), o))
	}
	return slog.New(slog.NewTextHandler(cmd.ErrOrStderr(), o))
}

// announce prints where the server is, which says that it is ready.
func (s *serving) announce(cmd *cobra.Command, server *mockoss.Server, caFile string) error {
	key := server.Credentials()[0]
	var text strings.Builder
	for _, line := range [][2]string{
		{"endpoint", server.URL}, {"TLS endpoint", server.TLSURL}, {"admin endpoint", server.AdminURL}, {"CA file", caFile},
		{"region", server.Region}, {"access key ID", key.AccessKeyID}, {"access key secret", key.AccessKeySecret},
		{"buckets", strings.Join(s.buckets, " ")},
	} {
		if line[1] != "" {
			fmt.Fprintf(&text, "%-17s  %s\n", line[0], line[1])
		}
	}
	text.WriteString("ready; interrupt to stop\n")
	return s.out.writeResult(cmd, text.String(), struct {
		Endpoint        string   `json:"endpoint"`
		TLSEndpoint     string   `json:"tls_endpoint,omitempty"`
		AdminEndpoint   string   `json:"admin_endpoint,omitempty"`
		CAFile          string   `json:"ca_file,omitempty"`
		Region          string   `json:"region"`
		AccessKeyID     string   `json:"access_key_id"`
		AccessKeySecret string   `json:"access_key_secret"`
		Buckets         []string `json:"buckets"`
	}{server.URL, server.TLSURL, server.AdminURL, caFile, server.Region, key.AccessKeyID, key.AccessKeySecret, append([]string{}, s.buckets...)})
}

// end lets the requests that are under way end, up to a limit or a second signal.
func end(server *mockoss.Server, log *slog.Logger) error {
	again, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	ctx, cancel := context.WithTimeout(again, shutdownWait)
	defer cancel()
	log.Info("stopping", "requests", "those under way are answered")
	err := server.Shutdown(ctx)
	switch {
	case again.Err() != nil:
		return interrupted(again)
	case err != nil:
		log.Warn("stopped", "cut off", "requests that took longer than "+shutdownWait.String(), "error", err)
	default:
		log.Info("stopped")
	}
	return nil
}
