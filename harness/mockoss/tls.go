package mockoss

import (
	"context"
	"log/slog"

	"github.com/ossconf/ossconf/harness/mockoss/internal/state"
	"github.com/ossconf/ossconf/harness/tlspolicy"
	"github.com/ossconf/ossconf/httpsconfig"
)

// tlsOptions describe the TLS listener, whose handshakes obey what is stored.
func (s *Service) tlsOptions() tlspolicy.Options {
	return tlspolicy.Options{CA: s.options.CA, Certificates: s.options.Certificates, Now: s.Now, Lookup: s.lookupName, Record: s.recordHandshake}
}

// lookupName finds what a server name leads to: a bucket with its configuration in force. A handshake with an endpoint
// itself or an IP address does not tell which bucket the path will name: it leads to the default bucket, or to what a
// bucket accepts that was never configured.
func (s *Service) lookupName(name string) (tlspolicy.Target, bool) {
	t := tlspolicy.Target{Bucket: s.options.DefaultBucket}
	if name != "" {
		d, known := s.destination(name)
		if !known || d.virtual && !validBucketName(d.bucket) {
			return tlspolicy.Target{}, false
		}
		if d.virtual {
			t.Bucket = d.bucket
		}
	}
	s.state.View(func(tx *state.Tx) error {
		if b, ok := tx.Bucket(t.Bucket); ok {
			t.Config = s.inForce(b)
		}
		return nil
	})
	return t, true
}

// inForce returns the HTTPS configuration of a bucket that handshakes obey, nil if that is none.
func (s *Service) inForce(b state.Bucket) *httpsconfig.Config {
	doc, _ := b.HTTPSInForce(s.Now(), s.options.Propagation)
	if doc == nil {
		return nil
	}
	config, err := httpsconfig.Decode(doc)
	if err != nil { // it was decoded when it was stored
		s.options.Logger.Error("a stored configuration cannot be read", "bucket", b.Name, "error", err)
		return nil
	}
	return config
}

// ofVisit reports whether somebody has opened an address in a browser over TLS. The browser would use the connection
// again the next time, and every visit is to be a handshake under what is stored then.
func (c *call) ofVisit() bool {
	mode := c.r.Header.Get("Sec-Fetch-Mode") // a page, or its icon; a script says cors
	return c.r.TLS != nil && (mode == "navigate" || mode == "no-cors")
}

// Handshakes returns the last handshakes on the TLS listener, the oldest first; [Options].Kept says how many at most.
func (s *Service) Handshakes() []tlspolicy.Handshake { return s.handshakes.list() }

func (s *Service) recordHandshake(h tlspolicy.Handshake) {
	s.handshakes.add(h)
	level := slog.LevelDebug
	if h.Outcome != tlspolicy.Connected || len(h.Notes) > 0 {
		level = slog.LevelInfo
	}
	s.options.Logger.Log(context.Background(), level, "handshake", "handshake", h)
	if s.options.OnHandshake != nil {
		s.options.OnHandshake(h)
	}
}

// logEnforcement says what the TLS listener cannot enforce of a configuration that was put.
func (s *Service) logEnforcement(bucket string, config *httpsconfig.Config) {
	if s.options.TLSAddr == "" {
		return
	}
	for _, e := range tlspolicy.Enforceability(config.Policy()) {
		if e.Enforcement != tlspolicy.Enforced && config.CipherSuite != nil && config.CipherSuite.Enable == httpsconfig.True {
			s.options.Logger.Warn("not enforced", "bucket", bucket, "suite", e.Suite, "why", e.Enforcement)
		}
	}
}
