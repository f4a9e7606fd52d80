package main

import (
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ossconf/ossconf/fixtures"
	"github.com/ossconf/ossconf/harness/record"
	"github.com/ossconf/ossconf/signer"
	"github.com/ossconf/ossconf/signer/signhttp"
)

// A recording is the command record with its flags.
type recording struct {
	credentials                           credentialFlags
	out                                   output
	upstream, dir, listen, bucket, caFile string
	pathStyle, sign, force                bool
	maxBody                               int
}

// defaultRecord and defaultReplay are where record and replay listen.
const (
	defaultRecord = "127.0.0.1:9281"
	defaultReplay = "127.0.0.1:9282"
)

func newRecord() *cobra.Command {
	var r recording
	cmd := &cobra.Command{
		Use:     "record",
		GroupID: groupRehearsal,
		Short:   "Record what clients and OSS say to each other, without secrets",
		Long: `Run a proxy in front of OSS, or of ossconf serve, until it is interrupted, and write a fixture
for every exchange. Access keys, security tokens and signatures never reach the disk or the
log: they are replaced by those of a test key, with which ossconf replay expects clients to
sign. docs/replay.md says what is redacted, and how clients reach the proxy.

A client's own signature is passed on as it is. With --sign, requests that are signed in a
header with the test key (` + fixtures.TestAccessKeyID + `, ` + fixtures.TestAccessKeySecret + `) are signed again with the
credentials of the upstream. The proxy then acts for whoever reaches it: it has to listen on
loopback.

` + credentialsHelp + `

Exit codes: 0 interrupted, everything is recorded; 1 something is not; 2 wrong usage; 3 the
address cannot be listened on.`,
		Example: "  ossconf record --upstream https://oss-cn-hangzhou.aliyuncs.com --dir testdata/oss\n" +
			"  ossconf record --upstream http://127.0.0.1:9280 --dir recorded --listen 127.0.0.1:0",
		Args: arguments(0, 0, "none"),
		RunE: r.run,
	}
	f := cmd.Flags()
	f.StringVar(&r.upstream, "upstream", "", "the `URL` of OSS; required")
	f.StringVar(&r.dir, "dir", "", "the `FOLDER` to write to; required")
	f.StringVar(&r.listen, "listen", defaultRecord, "the `ADDRESS` to listen on; port 0 takes any free one")
	f.BoolVar(&r.pathStyle, "path-style", false, "the bucket stands in the path, for clients and the upstream, whatever the host")
	f.StringVar(&r.bucket, "bucket", "", "the `BUCKET` of every request, for an upstream whose host does not name it")
	f.BoolVar(&r.sign, "sign", false, "sign requests of the test key again for the upstream")
	f.IntVar(&r.maxBody, "max-body", record.DefaultMaxBody, "the size of the largest body to record, in `BYTES`; larger ones pass")
	f.BoolVar(&r.force, "force", false, "replace the fixtures of an earlier recording")
	f.StringVar(&r.caFile, "ca-file", "", "trust the certificates in this PEM `FILE`, in place of the system's")
	r.credentials.register(cmd)
	r.out.formatFlag(cmd)
	return cmd
}

func (r *recording) run(cmd *cobra.Command, _ []string) error {
	ctx, stop := interruptible(cmd)
	defer stop()
	rec, err := r.recorder(cmd)
	if err != nil {
		return err
	}
	endpoint, end, err := listen(r.listen, rec)
	if err != nil {
		return err
	}
	defer end()
	text := fmt.Sprintf("endpoint  %s\nupstream  %s\nfixtures  %s\nready; interrupt to stop", endpoint, r.upstream, r.dir)
	err = r.out.writeResult(cmd, text, struct {
		Endpoint string `json:"endpoint"`
		Upstream string `json:"upstream"`
		Dir      string `json:"dir"`
	}{endpoint, r.upstream, r.dir})
	if err != nil {
		return err
	}
	<-ctx.Done()
	end()
	if err := rec.Close(); err != nil {
		what := strings.NewReplacer("record: ", "", "\n", "; ").Replace(err.Error())
		return &failure{exit: exitRefused, code: "not_recorded", what: what, where: r.dir, hint: "see docs/replay.md"}
	}
	return nil
}

// recorder returns the recorder that the flags describe.
func (r *recording) recorder(cmd *cobra.Command) (*record.Recorder, error) {
	for _, required := range []struct{ flag, value, what string }{
		{"upstream", r.upstream, "URL of OSS"}, {"dir", r.dir, "folder for the fixtures"},
	} {
		if required.value == "" {
			return nil, usage("a flag is missing", "--"+required.flag, "give the "+required.what)
		}
	}
	if r.maxBody <= 0 {
		return nil, usage("the value is not positive", "--max-body", "give a number of bytes")
	}
	rec := &record.Recorder{
		Upstream: r.upstream, Dir: r.dir, MaxBody: int64(r.maxBody), Overwrite: r.force,
		Addressing: signhttp.Addressing{Bucket: r.bucket, PathStyle: r.pathStyle},
		Logger:     slog.New(slog.NewTextHandler(cmd.ErrOrStderr(), nil)),
	}
	if r.sign {
		if !onLoopback(r.listen) {
			return nil, usage("with --sign whoever reaches the proxy acts with the credentials", "--listen", "listen on 127.0.0.1 or localhost")
		}
		rec.Credentials = r.credentials.resolve(signer.Credentials{})
		if err := require(rec.Credentials); err != nil {
			return nil, err
		}
	}
	if err := r.trust(rec); err != nil {
		return nil, err
	}
	switch err := rec.Open(); {
	case errors.Is(err, record.ErrExists):
		return nil, usage("the folder holds fixtures already", r.dir, "give another --dir, or --force to replace them")
	case errors.Is(err, record.ErrOptions):
		return nil, usage(strings.TrimPrefix(err.Error(), "record: options: "), "record", "see ossconf record --help")
	case err != nil:
		return nil, fileFailure("use the folder", r.dir, err)
	}
	return rec, nil
}

// trust gives the recorder a transport of its own: with the proxy of the environment, and the certificates of --ca-file.
func (r *recording) trust(rec *record.Recorder) error {
	pool, err := certificates(r.caFile)
	if err != nil {
		return err
	}
	rec.Base = &http.Transport{
		Proxy: http.ProxyFromEnvironment, ForceAttemptHTTP2: true, DisableCompression: true, IdleConnTimeout: idleTimeout,
		TLSClientConfig: &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12},
	}
	return nil
}
