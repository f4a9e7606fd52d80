package tlspolicy

import (
	"crypto/tls"
	"time"

	"github.com/ossconf/ossconf/httpsconfig"
)

const (
	HandshakeTimeout = handshakeTimeout
	MaxLeaves        = maxLeaves
	CAValidity       = caValidity
)

var (
	NewCAAt  = newCA
	OpenCAAt = openCA
	ErrHost  = errHost
)

func (ca *CA) Leaf(kind httpsconfig.CertificateKinds, host string, now time.Time) (*tls.Certificate, error) {
	return ca.leaf(kind, host, now)
}

// Leaves returns how many certificates are kept.
func (ca *CA) Leaves() int {
	ca.mu.Lock()
	defer ca.mu.Unlock()
	return len(ca.leaves)
}
