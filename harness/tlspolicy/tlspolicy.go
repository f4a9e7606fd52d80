// Package tlspolicy makes the HTTPS configuration of a bucket real: a TLS listener whose handshakes obey, by server
// name, the configuration in force.
//
// Call [NewCA] or [OpenCA] for a CA that clients are to trust, and [Listen] for the listener, which goes to
// [net/http.Server.Serve] or the like:
//
//	ca, err := tlspolicy.NewCA()
//	l := tlspolicy.Listen(inner, tlspolicy.Options{CA: ca, Lookup: lookup, Record: record})
//	defer l.Close()
//	server.Serve(l)
//
// What a configuration accepts is decided by [httpsconfig.Policy.Decide]. The handshakes are those of crypto/tls, which
// does not have every suite that OSS may have and chooses among the suites of TLS 1.3 by itself: [Enforceability] says
// what that means for a policy, and a [Handshake] says where it made a difference. docs/tls.md has it all, with the
// evidence for each assumption.
package tlspolicy

import (
	"errors"
	"fmt"
	"time"

	"github.com/ossconf/ossconf/httpsconfig"
)

// A Target is what a server name leads to.
type Target struct {
	Bucket string              // may be empty: an endpoint itself
	Config *httpsconfig.Config // in force; nil if never configured. It must not be changed any more
}

// Options configure a listener. CA and Lookup are needed.
type Options struct {
	CA *CA // makes the certificates

	// Lookup returns what a server name leads to. The name is in lower case, without a dot at the end, and empty if
	// the client sent none, as clients that connect to an IP address do: the certificate is for that address then.
	// A name that is not found gets no certificate and no connection. It is called for every handshake, by several
	// goroutines at once.
	Lookup func(serverName string) (Target, bool)

	// Certificates are the kinds that the server has; both if zero.
	Certificates httpsconfig.CertificateKinds
	// NextProtos are the protocols for ALPN; http/1.1 if nil.
	NextProtos []string
	// MaxHandshakes is how many handshakes may be going on at once; DefaultMaxHandshakes if zero. When there are as
	// many, the next connection ends the oldest one: whoever is idle or slow is in nobody's way.
	MaxHandshakes int
	// Now gives the Time of a Handshake; time.Now if nil. Certificates follow the clock of this machine, as clients do.
	Now func() time.Time
	// Record gets every handshake, a successful one before Accept returns the connection. It is called by several
	// goroutines at once, should be quick and must not close the listener. May be nil.
	Record func(Handshake)
}

// DefaultMaxHandshakes is how many handshakes may be going on at once when [Options] do not say.
const DefaultMaxHandshakes = 512

// ErrOptions is the cause of every error about [Options].
var ErrOptions = errors.New("tlspolicy: options")

// Validate returns an error that wraps [ErrOptions] and names the option no listener can be made with, or nil.
func (o Options) Validate() error {
	switch {
	case o.CA == nil:
		return fmt.Errorf("%w: CA is nil", ErrOptions)
	case o.Lookup == nil:
		return fmt.Errorf("%w: Lookup is nil", ErrOptions)
	case o.Certificates&^(httpsconfig.CertificateRSA|httpsconfig.CertificateECDSA) != 0:
		return fmt.Errorf("%w: Certificates has a kind that is unknown", ErrOptions)
	case o.MaxHandshakes < 0:
		return fmt.Errorf("%w: MaxHandshakes is %d", ErrOptions, o.MaxHandshakes)
	}
	return nil
}

// withDefaults returns o with every empty option replaced by its default.
func (o Options) withDefaults() Options {
	if o.Certificates == 0 {
		o.Certificates = httpsconfig.CertificateRSA | httpsconfig.CertificateECDSA
	}
	if o.NextProtos == nil {
		o.NextProtos = []string{"http/1.1"}
	}
	if o.MaxHandshakes == 0 {
		o.MaxHandshakes = DefaultMaxHandshakes
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Record == nil {
		o.Record = func(Handshake) {}
	}
	return o
}
