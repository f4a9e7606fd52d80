// Package rehearse puts an HTTPS configuration to the test of real TLS handshakes, before a bucket gets it: it stores the
// configuration in a mock OSS on loopback and sees which clients connect.
//
// Call [Run] for the clients that this machine has, or [Open] for a [Stage] that other clients are sent to. The
// [Result] of either is for [Result.WriteText], or for JSON as it is.
package rehearse

import (
	"context"
	"fmt"
	"sync"

	"github.com/ossconf/ossconf/harness/tlspolicy"
	"github.com/ossconf/ossconf/harness/tlspolicy/clients"
	"github.com/ossconf/ossconf/httpsconfig"
)

// A Configuration is what a bucket has.
type Configuration struct {
	Name     string // what to call it: its file
	Document []byte // as PutBucketHttpsConfig takes it; nil for a bucket that was never configured
}

// NeverConfigured is what a bucket has before its first configuration.
func NeverConfigured() Configuration { return Configuration{Name: "a bucket never configured"} }

// policy returns what the configuration accepts.
func (c Configuration) policy() (httpsconfig.Policy, *httpsconfig.Config, error) {
	if c.Document == nil {
		return (*httpsconfig.Config)(nil).Policy(), nil, nil
	}
	config, err := httpsconfig.Decode(c.Document)
	if err != nil {
		return httpsconfig.Policy{}, nil, fmt.Errorf("rehearse: %s: %w", c.Name, err)
	}
	return config.Policy(), config, nil
}

// Options say what to rehearse. All of them are needed but for TLSAddr and Observe.
type Options struct {
	Config  Configuration // what the bucket is to have
	Against Configuration // what to compare with: what it has now
	Bucket  string        // its name, which is in the server name of a handshake

	CA           *tlspolicy.CA
	CAFile       string                       // a file with its certificate
	Certificates httpsconfig.CertificateKinds // that the server has

	TLSAddr string                    // where the TLS listener listens; any free port of 127.0.0.1 if empty
	Observe func(tlspolicy.Handshake) // called with each handshake on a Stage, one at a time
}

// Run has each client connect with what it offers by itself, and crypto/tls with one version and one suite at a time,
// under both configurations. The error is that of the context, of the mock OSS, or of a configuration that it refuses.
func Run(ctx context.Context, o Options, list []clients.Client) (*Result, error) {
	result, err := newResult(o)
	if err != nil {
		return nil, err
	}
	for _, c := range list {
		result.Clients = append(result.Clients, Client{c.Name, c.Version})
	}
	trials := result.trials(list)
	var columns [2][]Attempt // of the configuration, and of what it is compared with
	var errs [2]error
	var both sync.WaitGroup
	for i, c := range [2]Configuration{o.Config, o.Against} {
		both.Go(func() { columns[i], errs[i] = attempts(ctx, o, c, trials) })
	}
	both.Wait()
	for _, err := range errs {
		if err != nil {
			return nil, err
		}
	}
	for i, t := range trials {
		result.Rows = append(result.Rows, newRow(t, columns[0][i], columns[1][i]))
	}
	result.summarize()
	return result, nil
}

// attempts has all trials made under one configuration.
func attempts(ctx context.Context, o Options, c Configuration, trials []trial) ([]Attempt, error) {
	o.Observe, o.TLSAddr = nil, ""
	s, err := open(ctx, o, c)
	if err != nil {
		return nil, err
	}
	defer s.Close()
	var list []Attempt
	for _, t := range trials {
		a := s.attempt(ctx, t)
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		list = append(list, a)
	}
	return list, nil
}
