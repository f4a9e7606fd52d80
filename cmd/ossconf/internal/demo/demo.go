// Package demo does the main job of ossconf step by step and shows it: the published sample of an HTTPS configuration is
// refused, mended, encoded, checked and signed in the WebAssembly module, stored in a mock OSS, and obeyed by its TLS
// listener.
//
// Call [Run]; it leaves the mock OSS running.
package demo

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/ossconf/ossconf/harness/mockoss"
	"github.com/ossconf/ossconf/harness/tlspolicy"
	"github.com/ossconf/ossconf/host"
	"github.com/ossconf/ossconf/source"
)

// ErrOutcome is the cause of an error for a step that did not end as it has to.
var ErrOutcome = errors.New("the step did not end as it has to")

// Bucket is the bucket that is used. The server has to have it.
const Bucket = "examplebucket"

// Options say what to show.
type Options struct {
	Module  []byte // the WebAssembly module
	From    string // where the module comes from
	Runtime string // name and version of what runs it
	Host    host.Options
	Server  *mockoss.Server // with a TLS listener
	CA      *tlspolicy.CA   // of that
	Out     io.Writer       // gets the text, step by step
	Page    string          // the address of the builder page; empty if it is not served
	Ends    bool            // the server ends afterwards: there is nothing to go on with

	// Handshakes gets what mockoss.Options.OnHandshake is called with.
	Handshakes <-chan tlspolicy.Handshake
}

// Run goes through the steps up to the first that fails. The error wraps [ErrOutcome], one of package host's, or is of
// the network or of writing to Out.
func Run(ctx context.Context, o Options) error {
	d := &demo{ctx: ctx, o: o, key: o.Server.Credentials()[0]}
	defer func() {
		if d.module != nil {
			d.module.Close(context.WithoutCancel(ctx)) // all calls have ended
		}
	}()
	steps := []step{
		{"The WebAssembly module", d.startModule},
		{"A mock OSS", d.showServer},
		{"The sample of the official document, as published", d.refuseSample},
		{"The sample with its tags mended", d.mendSample},
		{"Encoded, checked and signed in the module", d.signInModule},
		{"Sent with net/http", d.send},
		{"The same with a real client, aliyun-oss-go-sdk 3.0.2", d.sendWithSDK},
		{"Live handshakes under what is stored", d.shakeHands},
		{"What has to be refused", d.refuseSignatures},
	}
	if !o.Ends {
		steps = append(steps, step{"How to go on", d.goOn})
	}
	for i, s := range steps {
		d.printf("%s%d. %s\n\n", strings.Repeat("\n", min(i, 1)), i+1, s.title)
		if err := s.run(); err != nil {
			return fmt.Errorf("step %d, %s: %w", i+1, s.title, err)
		}
	}
	return d.err
}

type step struct {
	title string
	run   func() error
}

// A demo is what the steps hand on to each other.
type demo struct {
	ctx context.Context
	o   Options
	key mockoss.Credential
	err error // of the first failed write

	module    *host.Module
	document  []byte // the configuration in the making
	xml       []byte // as it is sent
	put, get  *signedRequest
	reference string // the configuration as JSON
}

func (d *demo) printf(format string, args ...any) {
	if _, err := fmt.Fprintf(d.o.Out, format, args...); d.err == nil {
		d.err = err
	}
}

// field prints a line with a name in front.
func (d *demo) field(name, format string, args ...any) {
	d.printf("   %-11s "+format+"\n", append([]any{name}, args...)...)
}

// block prints a name and below it lines, aligned with the values of fields.
func (d *demo) block(name, first, lines string) {
	d.field(name, "%s", first)
	for line := range strings.SplitSeq(strings.TrimSpace(lines), "\n") {
		d.printf("%s\n", strings.TrimRight(strings.Repeat(" ", 17)+line, " "))
	}
}

// startModule is the first step.
func (d *demo) startModule() error {
	started := time.Now()
	module, err := host.Load(d.ctx, d.o.Module, d.o.Host)
	if err != nil {
		return err
	}
	d.module = module
	took := time.Since(started)
	var about struct {
		ABI        int
		Version    string
		Operations []string
	}
	if err := d.call(&about, "version", nil); err != nil {
		return err
	}
	d.field("module", "%s", d.o.From)
	d.field("size", "%d bytes", len(d.o.Module))
	d.field("SHA-256", "%x", sha256.Sum256(d.o.Module))
	d.field("runtime", "%s, started in %.1f s", d.o.Runtime, took.Seconds())
	d.field("version", "%s, calling convention %d", about.Version, about.ABI)
	d.field("operations", "%s", strings.Join(about.Operations, " "))
	return nil
}

// call runs an operation in the module and reads the JSON that it answers.
func (d *demo) call(answer any, op string, in []byte) error {
	status, payload, err := d.module.Call(d.ctx, op, in)
	if err != nil {
		return err
	}
	if status != 0 {
		return fmt.Errorf("%w: %s answers %s", ErrOutcome, op, payload)
	}
	return json.Unmarshal(payload, answer)
}

func (d *demo) showServer() error {
	d.field("endpoint", "%s", d.o.Server.URL)
	d.field("region", "%s", d.o.Server.Region)
	d.field("access key", "%s with the secret %s, good for nothing else", d.key.AccessKeyID, d.key.AccessKeySecret)
	d.field("bucket", "%s", Bucket)
	return nil
}

// A finding is one of a report of the operation validate.
type finding struct {
	Rule, Severity, Message, Hint string
	Line, Column, Offset          int
	Fix                           *source.Fix
}

// A report is the answer of the operation validate, as far as it is shown.
type report struct {
	Valid                   bool
	Errors, Warnings, Infos int
	Findings                []finding
}
