package demo

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"

	"github.com/ossconf/ossconf/cmd/ossconf/internal/text"
	"github.com/ossconf/ossconf/harness/tlspolicy"
	"github.com/ossconf/ossconf/httpsconfig"
)

// shakeHands connects under the configuration that is stored, and shows who gets in.
func (d *demo) shakeHands() error {
	if d.o.Server.TLSURL == "" {
		return fmt.Errorf("%w: the mock OSS has no TLS listener", ErrOutcome)
	}
	name := Bucket + ".oss-" + d.o.Server.Region + ".aliyuncs.com" // which nobody looks up: the address is given
	d.field("server", "%s with the name %s", d.o.Server.TLSURL, name)
	for _, test := range []struct {
		what        string
		versions    [2]uint16
		outcome     tlspolicy.Outcome
		why, decide string // what decides, and what that rests on
	}{
		{"TLS 1.2", [2]uint16{tls.VersionTLS12, tls.VersionTLS12}, tlspolicy.Connected, "", ""},
		{"TLS 1.1", [2]uint16{tls.VersionTLS11, tls.VersionTLS11}, tlspolicy.Refused, "TLSVersion", "documented"},
		{"TLS 1.2 and 1.3, as clients do now", [2]uint16{tls.VersionTLS12, tls.VersionTLS13}, tlspolicy.Refused, "TLS13CustomCipherSuite", "assumed"},
	} {
		h, err := d.handshake(name, test.versions)
		if err != nil {
			return err
		}
		d.field("crypto/tls", "offers %s", test.what)
		if h.Outcome != test.outcome || h.Rule != test.why {
			return fmt.Errorf("%w: %s: %s", ErrOutcome, test.what, h)
		}
		if h.Outcome == tlspolicy.Connected {
			d.field("", "connects with %s %s", h.Version, h.Suite)
			continue
		}
		if evidence := d.evidence(h.Rule); evidence != test.decide {
			return fmt.Errorf("%w: what %s decides is %s", ErrOutcome, h.Rule, evidence)
		}
		d.field("", "refused by %s, which is %s:", h.Rule, test.decide)
		for _, line := range text.Wrap(text.Printable(h.Reason), 63) { // beside the names of fields, in 80 columns
			d.field("", "%s", line)
		}
	}
	return nil
}

// handshake makes one handshake and returns what the server saw of it. Client and server have to agree.
func (d *demo) handshake(name string, versions [2]uint16) (tlspolicy.Handshake, error) {
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(d.o.CA.PEM())
	dialer := tls.Dialer{Config: &tls.Config{RootCAs: roots, ServerName: name, MinVersion: versions[0], MaxVersion: versions[1]}}
	conn, err := dialer.DialContext(d.ctx, "tcp", d.o.Server.TLSEndpoint)
	var alert *net.OpError
	switch {
	case err == nil:
		conn.Close()
	case !errors.As(err, &alert) || alert.Op != "remote error": // which crypto/tls says of an alert
		return tlspolicy.Handshake{}, err
	}
	select {
	case h := <-d.o.Handshakes:
		if connected := h.Outcome == tlspolicy.Connected; connected != (err == nil) {
			return h, fmt.Errorf("%w: the server says %s, the client %v", ErrOutcome, h, err)
		}
		return h, nil
	case <-d.ctx.Done():
		return tlspolicy.Handshake{}, d.ctx.Err()
	}
}

// evidence returns what the part of the stored policy rests on that an element decides.
func (d *demo) evidence(element string) string {
	config, _ := d.o.Server.Config(Bucket)
	p := config.Policy()
	for _, b := range []httpsconfig.Basis{p.VersionBasis, p.SuiteBasis, p.TLS13Basis} {
		if b.Element == element {
			return b.Evidence.String()
		}
	}
	return ""
}
