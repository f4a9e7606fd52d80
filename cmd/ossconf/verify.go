package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/ossconf/ossconf/cmd/ossconf/internal/text"
	"github.com/spf13/cobra"

	"github.com/ossconf/ossconf/core"
	"github.com/ossconf/ossconf/httpsconfig"
	"github.com/ossconf/ossconf/jsoncodec"
	"github.com/ossconf/ossconf/signer"
	"github.com/ossconf/ossconf/signer/signhttp"
)

// A verification is the command verify with its flags.
type verification struct {
	credentials                  credentialFlags
	out                          output
	explain, pathStyle           bool
	now, region, product, bucket string
}

func newVerify() *cobra.Command {
	var v verification
	cmd := &cobra.Command{
		Use:     "verify [FILE]",
		GroupID: groupSignatures,
		Short:   "Check the OSS V4 signature of a request as OSS does",
		Long: `Check the signature of a request, in its headers or its query, and say what OSS would
answer. FILE or standard input is an HTTP request as it was received, or the JSON object that
the operation takes. The known access key is that of the flags or the environment, or for
JSON the member credentials.

The bucket is taken from the host, or for an IP address and localhost from the path.

` + credentialsHelp + `

Exit codes: 0 the signature is right; 1 it is not, or the input is refused; 2 wrong usage.`,
		Example: "  ossconf verify --now 20250417T131318Z request.http\n  ossconf verify --explain request.json",
		Args:    arguments(0, 1, fileUsage),
		RunE:    v.run,
	}
	f := cmd.Flags()
	f.StringVar(&v.now, "now", "", "the `TIME` of the server, such as 20250417T131318Z; now if not given")
	f.StringVar(&v.region, "region", "", "the `REGION` of the server; any if not given")
	f.StringVar(&v.product, "product", "", "the `PRODUCT` of the server, oss or oss-cloudbox")
	f.StringVar(&v.bucket, "bucket", "", "the `BUCKET` of an HTTP request whose host does not name it")
	f.BoolVar(&v.pathStyle, "path-style", false, "the path of an HTTP request begins with the bucket, whatever the host")
	f.BoolVar(&v.explain, "explain", false, "show the server's canonical request and string to sign, too")
	v.credentials.register(cmd)
	v.out.formatFlag(cmd)
	return cmd
}

func (v *verification) run(cmd *cobra.Command, args []string) error {
	data, name, err := readInput(cmd, args, core.MaxRequest)
	if err != nil {
		return err
	}
	in := newInput(name, string(data))
	if !httpsconfig.IsJSON(data) {
		if in, err = v.received(name, data); err != nil {
			return err
		}
	} else if v.bucket != "" || v.pathStyle {
		return usage("the JSON says the bucket itself", "--bucket, --path-style", "leave them out")
	}
	if in.readable() {
		if err := v.complete(in); err != nil {
			return err
		}
	}
	payload, err := in.call("verify")
	if err != nil {
		return err
	}
	var answer struct {
		signed
		OK           bool           `json:"ok"`
		AccessKeyID  string         `json:"access_key_id"`
		Presigned    bool           `json:"presigned"`
		ServiceError *verifyRefusal `json:"service_error"`
	}
	if err := json.Unmarshal(payload, &answer); err != nil {
		return err
	}
	var b strings.Builder
	switch {
	case v.out.json():
		canonical := jsoncodec.AppendString(nil, answer.CanonicalRequest)
		hidden := jsoncodec.AppendString(nil, hideTokens(answer.CanonicalRequest))
		b.Write(append(bytes.Replace(payload, canonical, hidden, 1), '\n'))
	case answer.OK && answer.Presigned:
		fmt.Fprintf(&b, "ok: presigned with %s\n", text.Printable(answer.AccessKeyID))
	case answer.OK:
		fmt.Fprintf(&b, "ok: signed with %s\n", text.Printable(answer.AccessKeyID))
	default:
		answer.ServiceError.write(&b)
	}
	if v.explain && !v.out.json() {
		answer.signed.explain(&b)
	}
	if err := v.out.write(cmd, []byte(b.String())); err != nil {
		return err
	}
	if !answer.OK {
		return silent(exitRefused)
	}
	return nil
}

// complete adds what the server knows: its clock, its place and the access key.
func (v *verification) complete(in *input) error {
	for _, m := range []struct{ flag, value string }{{"now", v.now}, {"region", v.region}, {"product", v.product}} {
		switch {
		case m.value == "":
		case in.has(m.flag):
			return usage("the flag repeats a member of the JSON", "--"+m.flag, "give one of the two")
		default:
			in.add(m.flag, m.value)
		}
	}
	if !in.has("now") {
		in.add("now", signhttp.FormatTime(time.Now()))
	}
	if in.has("credentials") {
		return nil
	}
	c := v.credentials.resolve(signer.Credentials{})
	if err := require(c); err != nil {
		return err
	}
	in.add("credentials", []map[string]string{{
		"access_key_id": c.AccessKeyID, "access_key_secret": c.AccessKeySecret, "security_token": c.SecurityToken,
	}})
	return nil
}

// A verifyRefusal is what OSS would answer.
type verifyRefusal struct {
	Status      int
	Code        string
	Message     string
	EC          string
	RequestTime string `json:"request_time"`
	ServerTime  string `json:"server_time"`
}

func (r *verifyRefusal) write(b *strings.Builder) {
	fmt.Fprintf(b, "%d %s", r.Status, r.Code)
	if r.EC != "" {
		fmt.Fprintf(b, " (EC %s)", r.EC)
	}
	fmt.Fprintf(b, "\n%s\n", text.Printable(r.Message))
	if r.RequestTime != "" {
		fmt.Fprintf(b, "signed at %s, checked at %s; --now sets the time of the check\n", text.Printable(r.RequestTime), text.Printable(r.ServerTime))
	}
}
