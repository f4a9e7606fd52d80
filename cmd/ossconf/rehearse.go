package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ossconf/ossconf/cmd/ossconf/internal/client"
	"github.com/ossconf/ossconf/cmd/ossconf/internal/rehearse"
	"github.com/ossconf/ossconf/harness/mockoss"
	"github.com/ossconf/ossconf/harness/tlspolicy"
	"github.com/ossconf/ossconf/harness/tlspolicy/clients"
	"github.com/ossconf/ossconf/httpsconfig"
)

// A rehearsal is the command rehearse with its flags.
type rehearsal struct {
	out                                      output
	against, bucket, certificates, tlsListen string
	mustConnect                              []string
	wait                                     bool
}

// commandClient is what --must-connect calls a COMMAND.
const commandClient = "command"

func newRehearse() *cobra.Command {
	var r rehearsal
	cmd := &cobra.Command{
		Use:     "rehearse [FILE] [-- COMMAND ARGUMENT...]",
		GroupID: groupRehearsal,
		Short:   "See which clients connect under a configuration, in real handshakes",
		Long: `Store an HTTPS configuration, XML or JSON, in a mock OSS on loopback and have clients connect:
crypto/tls and what this machine has of openssl, curl and node, with what they offer by
themselves and with one version or suite alone. The table says who connects and who is refused
by what, and who is lost or gained against another configuration, or against a bucket that
was never configured. A document with errors is refused.

With COMMAND, that is run in place of these clients, with the environment set: OSSCONF_URL is
the bucket, OSSCONF_CA_FILE the CA to trust, and SSL_CERT_FILE, CURL_CA_BUNDLE,
NODE_EXTRA_CA_CERTS and REQUESTS_CA_BUNDLE are the same file. The access key in the environment
is that of the mock OSS. What it writes goes to standard error. With --wait, handshakes are
shown as they come in, until it is interrupted.

OSS chooses nothing here: the handshakes are those of crypto/tls, which does not have every
suite. The table says what they cannot show, and which parts of it rest on assumptions.

Exit codes: 0 rehearsed, whoever connects; 1 the document has errors, or a client of
--must-connect does not connect; 2 wrong usage; 3 an address cannot be listened on;
130 interrupted.`,
		Example: "  ossconf rehearse config.xml\n" +
			"  ossconf rehearse --against current.xml --must-connect curl config.xml\n" +
			"  ossconf rehearse config.xml -- sh -c 'curl \"$OSSCONF_URL\"'",
		Args: cobra.ArbitraryArgs,
		RunE: r.run,
	}
	f := cmd.Flags()
	f.StringVar(&r.against, "against", "", "the `FILE` with the configuration to compare with; a bucket never configured if not given")
	f.StringVar(&r.bucket, "bucket", "examplebucket", "name of the `BUCKET`, which is in the server name")
	wordFlag(cmd, &r.certificates, "certificates", "kinds of certificates that the bucket has", kindsBoth, kindsRSA, kindsECDSA)
	f.StringArrayVar(&r.mustConnect, "must-connect", nil,
		"a `CLIENT` that has to connect with what it offers by itself, or command for COMMAND; may be repeated")
	f.StringVar(&r.tlsListen, "tls-listen", "127.0.0.1:0", "the `ADDRESS` for COMMAND and --wait; port 0 takes any free one")
	f.BoolVar(&r.wait, "wait", false, "wait for clients until it is interrupted")
	r.out.formatFlag(cmd)
	return cmd
}

func (r *rehearsal) run(cmd *cobra.Command, args []string) error {
	files, command, err := r.split(cmd, args)
	if err != nil {
		return err
	}
	ctx, stop := interruptible(cmd)
	defer stop()
	o := rehearse.Options{
		Against: rehearse.NeverConfigured(), Bucket: r.bucket, Certificates: certificateKinds(r.certificates), TLSAddr: r.tlsListen,
	}
	if o.Config, err = r.read(cmd, files); err != nil {
		return err
	}
	if r.against != "" {
		if o.Against, err = r.read(cmd, []string{r.against}); err != nil {
			return err
		}
	}
	if err := (mockoss.Options{Buckets: []string{r.bucket}}).Validate(); err != nil {
		_, what, _ := strings.Cut(err.Error(), "]: ")
		return usage(what, "--bucket", "give another name, or none")
	}
	trusted, err := newAuthority()
	if err != nil {
		return err
	}
	defer trusted.remove()
	o.CA, o.CAFile = trusted.ca, trusted.file
	switch {
	case len(command) > 0:
		return r.runCommand(ctx, cmd, o, command, files)
	case r.wait:
		return r.watch(ctx, cmd, o)
	}
	return r.runClients(ctx, cmd, o)
}

// split tells FILE and COMMAND apart, and refuses what does not go together.
func (r *rehearsal) split(cmd *cobra.Command, args []string) (files, command []string, err error) {
	files = args
	if dash := cmd.ArgsLenAtDash(); dash >= 0 {
		files, command = args[:dash], args[dash:]
		if len(command) == 0 {
			return nil, nil, usage("the command is missing", cmd.CommandPath()+" --", "give COMMAND, or leave out --")
		}
	}
	if err := arguments(0, 1, fileUsage+"; COMMAND stands behind --")(cmd, files); err != nil {
		return nil, nil, err
	}
	known := []string{"crypto/tls", "openssl", "curl", "node"}
	if len(command) > 0 {
		known = []string{commandClient}
	}
	for _, name := range r.mustConnect {
		switch {
		case r.wait:
			return nil, nil, usage("it is not known who will come", "--must-connect", "leave out --wait")
		case !slices.Contains(known, name):
			return nil, nil, usage("there is no such client here", "--must-connect "+name, "it takes "+strings.Join(known, " or "))
		}
	}
	switch {
	case r.wait && len(command) > 0:
		return nil, nil, usage("a command ends by itself", "--wait", "leave out --wait or COMMAND")
	case r.against == "-" && isStdin(files):
		return nil, nil, usage("standard input cannot be both configurations", "--against", "name a FILE")
	}
	return files, command, nil
}

// read reads a document that has no errors.
func (r *rehearsal) read(cmd *cobra.Command, files []string) (c rehearse.Configuration, err error) {
	doc, name, err := readInput(cmd, files, httpsconfig.MaxSize)
	if err != nil {
		return c, err
	}
	if err := r.out.check(cmd, name, doc, false, "rehearsed", mendHint); err != nil {
		return c, err
	}
	if doc, err = wire(name, doc); err != nil {
		return c, err
	}
	return rehearse.Configuration{Name: name, Document: doc}, nil
}

// runClients has the clients of this machine connect.
func (r *rehearsal) runClients(ctx context.Context, cmd *cobra.Command, o rehearse.Options) error {
	list := clients.Find(ctx)
	for _, name := range r.mustConnect {
		if !slices.ContainsFunc(list, func(c clients.Client) bool { return c.Name == name }) {
			return usage("this machine does not have the client", "--must-connect "+name, "install it, or leave it out")
		}
	}
	result, err := rehearse.Run(ctx, o, list)
	if err != nil {
		return rehearseFailure(ctx, o, err)
	}
	if err := r.write(cmd, result, result); err != nil {
		return err
	}
	for _, name := range r.mustConnect {
		if connected, _ := result.Connected(name); !connected {
			return notConnected(name, o.Config.Name)
		}
	}
	return nil
}

func notConnected(client, configuration string) error {
	return &failure{exit: exitRefused, code: "not_connected", what: client + " does not connect", where: configuration,
		hint: "see the table for the reason"}
}

// runCommand runs the user's own client.
func (r *rehearsal) runCommand(ctx context.Context, cmd *cobra.Command, o rehearse.Options, command, files []string) error {
	stage, err := rehearse.Open(ctx, o)
	if err != nil {
		return rehearseFailure(ctx, o, err)
	}
	defer stage.Close()
	stdin := cmd.InOrStdin()
	if isStdin(files) || r.against == "-" {
		stdin = nil // it was the configuration
	}
	ran, err := stage.RunCommand(ctx, command, stdin, cmd.ErrOrStderr())
	if err != nil {
		return usage("the command cannot be run: "+err.Error(), command[0], "check its name and the PATH")
	}
	result, err := stage.Finish()
	if err != nil {
		return rehearseFailure(ctx, o, err)
	}
	result.Command = ran
	if err := r.write(cmd, result, result); err != nil {
		return err
	}
	if stopped := interrupted(ctx); stopped != nil {
		return stopped
	}
	if n := result.Summary.Clients; len(r.mustConnect) > 0 && (n.Connected == 0 || n.Connected < n.Total) {
		return notConnected("the command", o.Config.Name)
	}
	return nil
}

// watch shows handshakes until it is interrupted.
func (r *rehearsal) watch(ctx context.Context, cmd *cobra.Command, o rehearse.Options) error {
	var failed error // of the first write; others come from handshakes, one at a time
	o.Observe = func(h tlspolicy.Handshake) {
		line, err := []byte(h.String()+"\n"), error(nil)
		if r.out.json() {
			line, err = json.Marshal(map[string]any{"handshake": h})
			line = append(line, '\n')
		}
		if err == nil {
			err = writeTo(cmd.OutOrStdout(), line)
		}
		if failed == nil {
			failed = err
		}
	}
	stage, err := rehearse.Open(ctx, o)
	if err != nil {
		return rehearseFailure(ctx, o, err)
	}
	defer stage.Close()
	if err := r.announce(cmd, stage); err != nil {
		return err
	}
	<-ctx.Done()
	result, err := stage.Finish()
	if err != nil {
		return rehearseFailure(ctx, o, err)
	}
	if failed != nil {
		return failed
	}
	if !r.out.json() {
		if err := writeTo(cmd.OutOrStdout(), []byte("\n")); err != nil {
			return err
		}
	}
	return r.write(cmd, result, map[string]any{"result": result})
}

// announce prints what clients have to know.
func (r *rehearsal) announce(cmd *cobra.Command, stage *rehearse.Stage) error {
	var text strings.Builder
	object := map[string]string{}
	for _, v := range stage.Environment() {
		fmt.Fprintf(&text, "export %s='%s'\n", v.Name, strings.ReplaceAll(v.Value, "'", `'\''`))
		object[v.Name] = v.Value
	}
	text.WriteString("ready; interrupt for the table\n")
	return r.out.writeResult(cmd, text.String(), map[string]any{"ready": object})
}

// write writes the result: as tables, or object as JSON.
func (r *rehearsal) write(cmd *cobra.Command, result *rehearse.Result, object any) error {
	if r.out.json() {
		return r.out.writeResult(cmd, "", object)
	}
	var text strings.Builder
	if err := result.WriteText(&text); err != nil {
		return err
	}
	return r.out.write(cmd, []byte(text.String()))
}

// rehearseFailure says why there was no rehearsal.
func rehearseFailure(ctx context.Context, o rehearse.Options, err error) error {
	if stopped := interrupted(ctx); stopped != nil {
		return stopped
	}
	var (
		listen  *mockoss.ListenError
		refused *client.ServiceError
	)
	switch {
	case errors.As(err, &listen):
		return startFailure(mockoss.Options{}, err)
	case errors.As(err, &refused):
		return &failure{exit: exitRefused, code: "service", what: "the mock OSS refuses it: " + refused.Error(), where: o.Config.Name,
			hint: "see what ossconf validate finds"}
	}
	return &failure{exit: exitService, code: "rehearse", what: err.Error(), hint: "check that connections to 127.0.0.1 are allowed"}
}
