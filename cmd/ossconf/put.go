package main

import (
	"fmt"
	"strings"

	"github.com/ossconf/ossconf/cmd/ossconf/internal/text"
	"github.com/spf13/cobra"

	"github.com/ossconf/ossconf/core"
	"github.com/ossconf/ossconf/httpsconfig"
)

func newPut() *cobra.Command {
	var (
		flags bucketFlags
		force bool
	)
	cmd := &cobra.Command{
		Use:     "put [FILE]",
		GroupID: groupBuckets,
		Short:   "Check a configuration, sign it and store it in a bucket",
		Long: `Check an HTTPS configuration, XML or JSON, and store it in a bucket with
PutBucketHttpsConfig. A document with errors is not sent; warnings are shown.

` + bucketHelp + `

` + credentialsHelp + `

Exit codes: 0 stored; 1 the document has errors; 2 wrong usage; 3 the service or the network
refused.`,
		Example: "  ossconf put --region cn-hangzhou --bucket examplebucket config.xml\n" +
			"  ossconf put --endpoint http://127.0.0.1:9280 --region cn-hangzhou \\\n    --bucket examplebucket config.xml",
		Args: arguments(0, 1, fileUsage),
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := flags.client(cmd)
			if err != nil {
				return err
			}
			doc, name, err := readInput(cmd, args, httpsconfig.MaxSize)
			if err != nil {
				return err
			}
			if err := flags.out.check(cmd, name, doc, force, "sent", mendHint+", or pass --force"); err != nil {
				return err
			}
			if doc, err = wire(name, doc); err != nil {
				return err
			}
			ctx, stop := interruptible(cmd)
			defer stop()
			answer, err := c.Put(ctx, doc)
			if err != nil {
				return flags.sendFailure(ctx, c.Endpoint, err)
			}
			return flags.out.writeResult(cmd, fmt.Sprintf("stored in %s, request ID %s", flags.bucket, text.Printable(answer.RequestID)), struct {
				Bucket    string `json:"bucket"`
				Status    int    `json:"status"`
				RequestID string `json:"request_id"`
			}{flags.bucket, answer.Status, answer.RequestID})
		},
	}
	cmd.Flags().BoolVar(&force, "force", false, "send a document with errors, too")
	flags.register(cmd)
	return cmd
}

// mendHint is what to do about a document with errors.
const mendHint = "mend it, with ossconf validate --fix where that can"

// check shows what there is to say about a document. One with errors it refuses, as not sent or not whatever was to be
// done, unless that is to be done by force.
func (o *output) check(cmd *cobra.Command, name string, doc []byte, force bool, done, hint string) error {
	report := httpsconfig.Validate(doc)
	if len(report.Findings) > 0 && (report.OK() || !o.json()) { // a refusal in JSON has them in it
		var b strings.Builder
		writeReport(&b, name, doc, report)
		if err := writeTo(cmd.ErrOrStderr(), []byte(b.String())); err != nil {
			return err
		}
	}
	if report.OK() || force {
		return nil
	}
	refused := &failure{
		exit: exitRefused, code: "invalid_document", what: "the document has " + text.Count(report.Count(httpsconfig.Error), "error") + " and was not " + done,
		where: name, hint: hint,
	}
	if _, payload := core.Call("validate", doc); o.json() {
		refused.findings = payload
	}
	return refused
}

// wire returns the bytes to send: the XML that encode makes, or XML that cannot be read as it is.
func wire(name string, doc []byte) ([]byte, error) {
	status, payload := core.Call("encode", doc)
	if status == core.OK {
		return payload, nil
	}
	if httpsconfig.IsJSON(doc) {
		return nil, refusal(payload, name, nil)
	}
	return doc, nil
}
