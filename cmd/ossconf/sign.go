package main

import (
	"encoding/json"
	"strings"

	"github.com/ossconf/ossconf/cmd/ossconf/internal/text"
	"github.com/spf13/cobra"
)

// signed is what the operations sign, presign and verify answer, as far as commands show it.
type signed struct {
	CanonicalRequest string      `json:"canonical_request"`
	StringToSign     string      `json:"string_to_sign"`
	Headers          [][2]string `json:"headers"`
	URL              string      `json:"url"`
	SignedQuery      string      `json:"signed_query"`
}

func newSign() *cobra.Command {
	var q requestFlags
	cmd := &cobra.Command{
		Use:     "sign [FILE]",
		GroupID: groupSignatures,
		Short:   "Sign a request with OSS V4 in its headers",
		Long: `Sign a request with OSS V4 and print the headers to send, one a line, as curl -H @- reads
them. Nothing is sent.

` + requestHelp + `

` + credentialsHelp + `
The token is one of the headers to send, so it is printed.

Exit codes: 0 success; 1 the JSON is refused; 2 wrong usage.`,
		Example: "  ossconf sign --method PUT --bucket examplebucket --query httpsConfig --region cn-hangzhou \\\n" +
			"    --header content-type:application/xml --explain\n" +
			"  ossconf sign --output json request.json",
		Args: arguments(0, 1, fileUsage),
		RunE: func(cmd *cobra.Command, args []string) error {
			return q.run(cmd, args, "sign", func(b *strings.Builder, s *signed) error {
				for _, h := range s.Headers {
					b.WriteString(h[0] + ": " + h[1] + "\n")
				}
				return nil
			})
		},
	}
	q.register(cmd)
	return cmd
}

// run signs and writes the payload, or in text what print makes of it.
func (q *requestFlags) run(cmd *cobra.Command, args []string, op string, print func(*strings.Builder, *signed) error) error {
	in, err := q.input(cmd, args)
	if err != nil {
		return err
	}
	payload, err := in.call(op)
	if err != nil {
		return err
	}
	if q.out.json() {
		return q.out.writeLine(cmd, payload)
	}
	var s signed
	if err := json.Unmarshal(payload, &s); err != nil {
		return err
	}
	var b strings.Builder
	if err := print(&b, &s); err != nil {
		return err
	}
	if q.explain {
		s.explain(&b)
	}
	return q.out.write(cmd, []byte(b.String()))
}

// explain writes what a signature was made of, without security tokens.
func (s *signed) explain(b *strings.Builder) {
	for _, part := range []struct{ title, text string }{
		{"canonical request", hideTokens(s.CanonicalRequest)}, {"string to sign", s.StringToSign},
	} {
		if part.text == "" {
			continue
		}
		b.WriteString("\n" + part.title + ":\n")
		for line := range strings.SplitSeq(part.text, "\n") {
			b.WriteString(strings.TrimRight("    "+text.Printable(line), " ") + "\n")
		}
	}
}

// hideTokens replaces the security tokens in a canonical request, in its headers and its query.
func hideTokens(canonical string) string {
	lines := strings.Split(canonical, "\n")
	for i, line := range lines {
		if strings.HasPrefix(line, "x-oss-security-token:") {
			lines[i] = "x-oss-security-token:***"
			continue
		}
		if i != 2 { // the query is on the third line
			continue
		}
		parts := strings.Split(line, "&")
		for j, part := range parts {
			if name, _, _ := strings.Cut(part, "="); name == "x-oss-security-token" || name == "security-token" {
				parts[j] = name + "=***"
			}
		}
		lines[i] = strings.Join(parts, "&")
	}
	return strings.Join(lines, "\n")
}
