package main

import (
	"strings"
	"time"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"github.com/ossconf/ossconf/core"
	"github.com/ossconf/ossconf/signer/signhttp"
)

const requestHelp = `The request comes from the flags, or as the JSON object that the operation takes, from FILE
or standard input. What the JSON lacks, the flags give; nothing may be given twice. The time
is now, unless it is given.`

// requestFlags are the flags that describe a request to sign.
type requestFlags struct {
	credentials credentialFlags
	out         output
	explain     bool

	method, bucket, key, region, product, time string
	query, headers, additional                 []string

	expires   int // of presign
	endpoint  string
	pathStyle bool
}

// register adds the flags that sign and presign share.
func (q *requestFlags) register(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&q.method, "method", "", "the `METHOD`; GET if neither this nor JSON is given")
	f.StringVar(&q.bucket, "bucket", "", "the `BUCKET`")
	f.StringVar(&q.key, "key", "", "the object `KEY`, not encoded")
	f.StringArrayVar(&q.query, "query", nil, "a query parameter `NAME[=VALUE]`, not encoded; may be repeated")
	f.StringArrayVar(&q.headers, "header", nil, "a header `NAME:VALUE`; may be repeated")
	f.StringArrayVar(&q.additional, "additional-header", nil, "the `NAME` of a header to sign that is not always signed; may be repeated")
	f.StringVar(&q.region, "region", "", "the `REGION`, such as cn-hangzhou")
	f.StringVar(&q.product, "product", "", "the `PRODUCT`, oss or oss-cloudbox")
	f.StringVar(&q.time, "time", "", "the `TIME` of the signature, such as 20250417T131318Z; now if not given")
	f.BoolVar(&q.explain, "explain", false, "show the canonical request and the string to sign, too")
	q.credentials.register(cmd)
	q.out.formatFlag(cmd)
	q.out.fileFlag(cmd)
}

// requestFlagNames are the flags that make a member each; one of them is enough to do without JSON.
var requestFlagNames = []string{"method", "bucket", "key", "query", "header", "additional-header", "region", "product", "time",
	"expires", "endpoint", "path-style"}

// input returns the input of sign or presign.
func (q *requestFlags) input(cmd *cobra.Command, args []string) (*input, error) {
	var given []string
	for _, name := range requestFlagNames {
		if cmd.Flags().Changed(name) {
			given = append(given, name)
		}
	}
	in := newInput(flagsName, "{}")
	if len(args) > 0 || len(given) == 0 {
		data, name, err := readInput(cmd, args, core.MaxRequest)
		if err != nil {
			return nil, err
		}
		in = newInput(name, string(data))
	}
	if !in.readable() {
		return in, nil
	}
	for _, name := range given {
		if err := q.add(in, name); err != nil {
			return nil, err
		}
	}
	if in.name == flagsName && !in.has("method") {
		in.add("method", "GET")
	}
	if !in.has("time") {
		in.add("time", signhttp.FormatTime(time.Now()))
	}
	return in, in.addCredentials(&q.credentials)
}

// add adds the member that a flag gives.
func (q *requestFlags) add(in *input, flag string) error {
	member := strings.ReplaceAll(flag, "-", "_")
	switch flag {
	case "header", "additional-header":
		member += "s"
	case "expires":
		member = "expires_seconds"
	}
	if in.has(member) {
		return usage("the flag repeats a member of the JSON", "--"+flag, "give one of the two")
	}
	switch flag {
	case "query":
		fields, err := splitFields(flag, q.query, "=")
		if err != nil {
			return err
		}
		in.add(member, fields)
	case "header":
		fields, err := splitFields(flag, q.headers, ":")
		if err != nil {
			return err
		}
		in.add(member, fields)
	case "additional-header":
		if !utf8.ValidString(strings.Join(q.additional, "")) {
			return notUTF8(flag)
		}
		in.add(member, q.additional)
	case "expires":
		in.add(member, q.expires)
	case "path-style":
		in.add(member, q.pathStyle)
	default:
		value := map[string]string{"method": q.method, "bucket": q.bucket, "key": q.key, "region": q.region, "product": q.product,
			"time": q.time, "endpoint": q.endpoint}[flag]
		if !utf8.ValidString(value) {
			return notUTF8(flag)
		}
		in.add(member, value)
	}
	return nil
}

// splitFields takes the values of a repeated flag apart. Only a header has to have a value.
func splitFields(flag string, list []string, separator string) ([][2]string, error) {
	var fields [][2]string
	for _, s := range list {
		name, value, found := strings.Cut(s, separator)
		switch {
		case !utf8.ValidString(s):
			return nil, notUTF8(flag)
		case !found && separator == ":":
			return nil, usage("a header has no colon", "--"+flag, "write NAME:VALUE")
		case separator == ":":
			value = strings.TrimLeft(value, " ")
		}
		fields = append(fields, [2]string{name, value})
	}
	return fields, nil
}

func notUTF8(flag string) error {
	return usage("the value is not UTF-8", "--"+flag, "write it in UTF-8")
}
