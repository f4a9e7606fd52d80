package rehearse

import (
	"context"
	"errors"
	"net"
	"sync"
	"time"

	"github.com/ossconf/ossconf/cmd/ossconf/internal/client"
	"github.com/ossconf/ossconf/harness/mockoss"
	"github.com/ossconf/ossconf/harness/tlspolicy"
	"github.com/ossconf/ossconf/harness/tlspolicy/clients"
	"github.com/ossconf/ossconf/signer"
)

// A Stage is a mock OSS whose bucket has the configuration of a rehearsal.
type Stage struct {
	options Options
	server  *mockoss.Server
	seen    chan tlspolicy.Handshake // for attempts; the last ones

	mu   sync.Mutex
	rows *groups
}

// Open starts a stage for o.Config. The caller ends it with [Stage.Close].
func Open(ctx context.Context, o Options) (*Stage, error) { return open(ctx, o, o.Config) }

func open(ctx context.Context, o Options, c Configuration) (*Stage, error) {
	if o.TLSAddr == "" {
		o.TLSAddr = "127.0.0.1:0"
	}
	s := &Stage{options: o, seen: make(chan tlspolicy.Handshake, 64), rows: newGroups()}
	var err error
	s.server, err = mockoss.Start(mockoss.Options{
		TLSAddr: o.TLSAddr, CA: o.CA, Certificates: o.Certificates, Buckets: []string{o.Bucket}, DefaultBucket: o.Bucket, OnHandshake: s.observe,
	})
	if err != nil {
		return nil, err
	}
	if c.Document == nil {
		return s, nil
	}
	if err := s.put(ctx, c.Document); err != nil {
		s.server.Close()
		return nil, err
	}
	return s, nil
}

// put stores the document as any client would.
func (s *Stage) put(ctx context.Context, document []byte) error {
	endpoint, err := client.ParseEndpoint(s.server.URL, true)
	if err != nil {
		return err
	}
	key := s.server.Credentials()[0]
	c := client.Client{
		Endpoint: endpoint, Bucket: s.options.Bucket, Region: s.server.Region,
		Credentials: signer.Credentials{AccessKeyID: key.AccessKeyID, AccessKeySecret: key.AccessKeySecret},
	}
	_, err = c.Put(ctx, document)
	return err
}

// observe gets every handshake.
func (s *Stage) observe(h tlspolicy.Handshake) {
	select {
	case s.seen <- h:
	default: // nobody waits for this many
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.rows.add(h)
	if s.options.Observe != nil {
		s.options.Observe(h)
	}
}

// Close ends the stage.
func (s *Stage) Close() { s.server.Close() }

// quiet is how long nothing has to come in for a client that has ended to have no handshake left that is not written
// down.
const quiet = 200 * time.Millisecond

// Finish ends the stage and returns what came in. The handshakes are held against what the configuration is compared
// with, too, by what their clients offered.
func (s *Stage) Finish() (*Result, error) {
	result, err := newResult(s.options)
	if err != nil {
		return nil, err
	}
	for waiting := true; waiting; {
		select {
		case <-s.seen:
		case <-time.After(quiet):
			waiting = false
		}
	}
	s.Close()
	s.mu.Lock()
	defer s.mu.Unlock()
	result.Handshakes, result.More = s.rows.list, s.rows.more
	for i := range result.Handshakes {
		result.Handshakes[i].compare(&result.Against.policy, s.options.Certificates)
	}
	result.summarize()
	return result, nil
}

// serverName is the name that leads to the bucket.
func (s *Stage) serverName() string { return s.options.Bucket + ".localhost" }

// port is that of the TLS listener.
func (s *Stage) port() string {
	_, port, _ := net.SplitHostPort(s.server.TLSEndpoint)
	return port
}

// attempt has a client connect, and returns what both sides saw of it.
func (s *Stage) attempt(ctx context.Context, t trial) Attempt {
	for len(s.seen) > 0 {
		<-s.seen // of an attempt before that has come to its end
	}
	target := clients.Target{Addr: net.JoinHostPort("127.0.0.1", s.port()), ServerName: s.serverName(), CAFile: s.options.CAFile}
	r := clients.Connect(ctx, t.client, target, t.offer)
	if r.Unable {
		return Attempt{Outcome: Unable, Reason: firstLine(r.Err), ClientError: r.Err}
	}
	h, err := s.await(ctx, r.Connected)
	if err != nil {
		return Attempt{Outcome: string(tlspolicy.Failed), Reason: err.Error(), ClientError: r.Err}
	}
	a := newAttempt(h)
	a.ClientError = r.Err
	if h.Outcome == tlspolicy.Connected && !r.Connected {
		a.Outcome, a.Reason = string(tlspolicy.Failed), "the client ended the connection: "+firstLine(r.Err)
	}
	return a
}

var errUnseen = errors.New("no handshake of the client was seen")

// await returns the handshake of a client that has ended, a connection if it had one.
func (s *Stage) await(ctx context.Context, connected bool) (tlspolicy.Handshake, error) {
	ctx, cancel := context.WithTimeout(ctx, clients.Timeout)
	defer cancel()
	for {
		select {
		case h := <-s.seen:
			if !connected || h.Outcome == tlspolicy.Connected {
				return h, nil
			}
		case <-ctx.Done():
			return tlspolicy.Handshake{}, errUnseen
		}
	}
}
