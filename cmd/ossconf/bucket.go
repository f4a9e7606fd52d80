package main

import (
	"context"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"github.com/ossconf/ossconf/cmd/ossconf/internal/client"
	"github.com/ossconf/ossconf/signer"
)

// bucketFlags are the flags of put and get.
type bucketFlags struct {
	credentials                               credentialFlags
	out                                       output
	endpoint, region, product, bucket, caFile string
	pathStyle                                 bool
	timeout                                   time.Duration
}

const bucketHelp = `The endpoint is the public one of the region, unless --endpoint names another, such as that of
ossconf serve. A redirect is not followed. If the service says that the clock is wrong, the
request is signed with the service's time and sent once more.`

func (f *bucketFlags) register(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&f.bucket, "bucket", "", "the `BUCKET`; required")
	flags.StringVar(&f.region, "region", "", "the `REGION`, such as cn-hangzhou; required")
	flags.StringVar(&f.endpoint, "endpoint", "", "the `HOST` or URL of OSS; the public endpoint of the region if not given")
	flags.StringVar(&f.product, "product", "", "the `PRODUCT`, oss or oss-cloudbox")
	flags.BoolVar(&f.pathStyle, "path-style", false, "put the bucket into the path; always done for an IP address or localhost")
	flags.DurationVar(&f.timeout, "timeout", 30*time.Second, "how long a request may take; 0 for any time")
	flags.StringVar(&f.caFile, "ca-file", "", "trust the certificates in this PEM `FILE`, in place of the system's")
	f.credentials.register(cmd)
	f.out.formatFlag(cmd)
}

// client returns the client that the flags describe. Notices go to standard error.
func (f *bucketFlags) client(cmd *cobra.Command) (*client.Client, error) {
	for _, required := range []struct{ flag, value string }{{"bucket", f.bucket}, {"region", f.region}} {
		if required.value == "" {
			return nil, usage("a flag is missing", "--"+required.flag, "give the "+required.flag)
		}
	}
	if f.timeout < 0 {
		return nil, usage("the value is negative", "--timeout", "give a duration such as 30s")
	}
	endpoint := client.PublicEndpoint(f.region)
	if f.endpoint != "" {
		var err error
		if endpoint, err = client.ParseEndpoint(f.endpoint, f.pathStyle); err != nil {
			return nil, usage(err.Error(), "--endpoint", "give a host such as oss-cn-hangzhou.aliyuncs.com, or its http or https URL")
		}
	} else if f.product != "" && f.product != signer.ProductOSS {
		return nil, usage("the address of a cloud box does not follow from its id", "--endpoint", "give the endpoint")
	}
	if endpoint.Names(f.bucket) {
		return nil, usage("the endpoint begins with the bucket", "--endpoint", "leave the bucket out of it")
	}
	credentials := f.credentials.resolve(signer.Credentials{})
	if err := require(credentials); err != nil {
		return nil, err
	}
	c := &client.Client{
		Endpoint: endpoint, Bucket: f.bucket, Region: f.region, Product: f.product, Credentials: credentials, Timeout: f.timeout,
		Skewed: func(behind time.Duration) {
			if !f.out.json() {
				fmt.Fprintf(cmd.ErrOrStderr(), "ossconf: this clock is %s the service's, the request is signed again with the service's time\n", distance(behind))
			}
		},
	}
	var err error
	c.RootCAs, err = certificates(f.caFile)
	return c, err
}

// certificates returns those of a PEM file, or nil, which stands for the system's, if no file is named.
func certificates(file string) (*x509.CertPool, error) {
	if file == "" {
		return nil, nil
	}
	pem, err := os.ReadFile(file)
	if err != nil {
		return nil, fileFailure("read", file, err)
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(pem) {
		return nil, usage("the file holds no certificate", file, "give one in PEM form")
	}
	return pool, nil
}

func distance(behind time.Duration) string {
	if behind < 0 {
		return (-behind).Round(time.Second).String() + " ahead of"
	}
	return behind.Round(time.Second).String() + " behind"
}

// interruptible returns the command's context, which ends with SIGINT and SIGTERM. Commands that do not call it are
// ended by them.
func interruptible(cmd *cobra.Command) (context.Context, context.CancelFunc) {
	return signal.NotifyContext(cmd.Context(), os.Interrupt, syscall.SIGTERM)
}

// sendFailure says why a request had no success.
func (f *bucketFlags) sendFailure(ctx context.Context, endpoint *client.Endpoint, err error) error {
	if err := interrupted(ctx); err != nil {
		return err
	}
	var (
		refused  *client.ServiceError
		unsigned *signer.Error
		dial     *net.OpError
		timeout  interface{ Timeout() bool }
		unknown  x509.UnknownAuthorityError
		wrapped  *url.Error
	)
	if errors.As(err, &refused) {
		return serviceFailure(endpoint, refused)
	}
	if errors.As(err, &unsigned) {
		return &failure{exit: exitUsage, code: unsigned.Err.Code, what: unsigned.Err.Text, where: "--" + flagOf(unsigned.Field), hint: unsigned.Hint}
	}
	n := &failure{exit: exitService, code: "network", what: err.Error(), where: endpoint.String(), hint: "check the endpoint and the network"}
	if errors.As(err, &wrapped) {
		n.what = wrapped.Err.Error() // without the address, which where has
	}
	switch {
	case errors.As(err, &unknown):
		n.hint = "pass --ca-file if the service has a certificate of its own"
	case errors.As(err, &timeout) && timeout.Timeout():
		n.code, n.what, n.hint = "timeout", "there was no complete answer within "+f.timeout.String(), "check the network or raise --timeout"
	case errors.As(err, &dial) && dial.Op == "dial":
		n.what = "cannot connect: " + dial.Err.Error()
	}
	return n
}

// flagOf returns the flag that gave a field of package signer.
func flagOf(field string) string {
	switch field {
	case "AccessKeyID":
		return "access-key-id"
	case "AccessKeySecret":
		return "access-key-secret"
	case "SecurityToken":
		return "security-token"
	case "Host":
		return "endpoint"
	}
	return strings.ToLower(field)
}

// serviceHints are what to do about the refusals that a user can do something about.
var serviceHints = map[string]string{
	"SignatureDoesNotMatch": "check the access key secret",
	"InvalidAccessKeyId":    "check the access key ID",
	"InvalidSecurityToken":  "check OSS_SESSION_TOKEN or --security-token",
	"SecurityTokenExpired":  "get new temporary credentials",
	"NoSuchBucket":          "check --bucket and --endpoint",
	"NoSuchHttpsConfig":     "none was ever put: OSS then accepts TLS 1.0, 1.1 and 1.2",
	"AccessDenied":          "check the endpoint, and the permissions oss:PutBucketHttpsConfig and oss:GetBucketHttpsConfig",
	"MalformedXML":          "see what ossconf validate finds",
	"RequestTimeTooSkewed":  "set the clock",
}

func serviceFailure(endpoint *client.Endpoint, e *client.ServiceError) error {
	hint := serviceHints[e.Code]
	switch {
	case e.Location != "":
		hint = "it redirects to " + e.Location + ", which is not followed; pass the right --endpoint"
	case e.Endpoint != "":
		hint = "pass --endpoint " + e.Endpoint
	case hint == "" && e.EC != "":
		hint = "see https://api.aliyun.com/troubleshoot?q=" + e.EC
	}
	return &failure{
		exit: exitService, code: "service", what: e.Error(), where: endpoint.String(), hint: hint,
		service: &serviceAnswer{Status: e.Status, Code: e.Code, Message: e.Message, EC: e.EC, RequestID: e.RequestID},
	}
}

// writeResult writes what a bucket command has done: in text a line, else a JSON object.
func (o *output) writeResult(cmd *cobra.Command, text string, object any) error {
	if !o.json() {
		return o.writeLine(cmd, []byte(text))
	}
	line, err := json.Marshal(object)
	if err != nil {
		return err
	}
	return o.writeLine(cmd, line)
}
