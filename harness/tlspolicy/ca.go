package tlspolicy

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"net"
	"strings"
	"sync"
	"time"

	"github.com/ossconf/ossconf/httpsconfig"
)

const (
	caValidity   = 2 * 365 * 24 * time.Hour
	leafValidity = 30 * 24 * time.Hour
	leafRenewal  = 24 * time.Hour // a leaf that ends within this time is made anew
	clockSkew    = time.Hour      // how far a client's clock may be behind
)

// maxLeaves is how many certificates a CA keeps. Making one again takes less than a millisecond.
const maxLeaves = 1024

// A CA is a certificate authority for rehearsals. It makes a certificate for each host name that is asked for: clients
// refuse wildcards such as *.localhost, which stand for nearly everything.
//
// Its methods may be called by several goroutines at once.
type CA struct {
	key  *ecdsa.PrivateKey
	cert *x509.Certificate

	rsaKey, ecdsaKey func() (crypto.Signer, error) // of all leaves; made when first asked for

	mu     sync.Mutex
	leaves map[leafName]*tls.Certificate
}

type leafName struct {
	kind httpsconfig.CertificateKinds
	host string
}

// NewCA makes a CA in memory, with an ECDSA P-256 key, that is valid for two years.
func NewCA() (*CA, error) { return newCA(time.Now()) }

func newCA(now time.Time) (*CA, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("tlspolicy: %w", err)
	}
	template := &x509.Certificate{
		// The name differs from CA to CA, so that a client which has several finds the right one.
		Subject:               pkix.Name{Organization: []string{"ossconf"}, CommonName: "ossconf rehearsal CA " + rand.Text()[:8]},
		NotBefore:             now.Add(-clockSkew),
		NotAfter:              now.Add(caValidity),
		KeyUsage:              x509.KeyUsageCertSign,
		ExtKeyUsage:           []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		BasicConstraintsValid: true,
		IsCA:                  true,
		MaxPathLenZero:        true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return nil, fmt.Errorf("tlspolicy: %w", err)
	}
	return makeCA(key, der)
}

// makeCA returns the CA with this key and certificate.
func makeCA(key *ecdsa.PrivateKey, der []byte) (*CA, error) {
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, fmt.Errorf("tlspolicy: %w", err)
	}
	return &CA{
		key:      key,
		cert:     cert,
		rsaKey:   sync.OnceValues(func() (crypto.Signer, error) { return rsa.GenerateKey(rand.Reader, 2048) }),
		ecdsaKey: sync.OnceValues(func() (crypto.Signer, error) { return ecdsa.GenerateKey(elliptic.P256(), rand.Reader) }),
		leaves:   make(map[leafName]*tls.Certificate),
	}, nil
}

// PEM returns the certificate of the CA, for clients to trust.
func (ca *CA) PEM() []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: ca.cert.Raw})
}

// errHost is the cause of an error about a host that no certificate can be for.
var errHost = errors.New("tlspolicy: not a host name or IP address")

// leaf returns the certificate of one kind for a host name or IP address, with the key.
func (ca *CA) leaf(kind httpsconfig.CertificateKinds, host string, now time.Time) (*tls.Certificate, error) {
	host = strings.ToLower(host)
	if net.ParseIP(host) == nil && !validName(host) {
		return nil, fmt.Errorf("%w: %.64q", errHost, host)
	}
	newKey := ca.ecdsaKey
	if kind == httpsconfig.CertificateRSA {
		newKey = ca.rsaKey
	}
	key, err := newKey()
	if err != nil {
		return nil, fmt.Errorf("tlspolicy: %w", err)
	}
	name := leafName{kind, host}
	ca.mu.Lock()
	defer ca.mu.Unlock()
	if c := ca.leaves[name]; c != nil && now.After(c.Leaf.NotBefore) && now.Add(leafRenewal).Before(c.Leaf.NotAfter) {
		return c, nil
	}
	c, err := ca.sign(key, host, now)
	if err != nil {
		return nil, fmt.Errorf("tlspolicy: certificate for %s: %w", host, err)
	}
	for old := range ca.leaves { // any one will do
		if len(ca.leaves) < maxLeaves {
			break
		}
		delete(ca.leaves, old)
	}
	ca.leaves[name] = c
	return c, nil
}

// sign makes a certificate for a host.
func (ca *CA) sign(key crypto.Signer, host string, now time.Time) (*tls.Certificate, error) {
	template := &x509.Certificate{
		Subject:               pkix.Name{Organization: []string{"ossconf rehearsal"}},
		NotBefore:             now.Add(-clockSkew),
		NotAfter:              now.Add(leafValidity),
		KeyUsage:              x509.KeyUsageDigitalSignature,
		ExtKeyUsage:           []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		BasicConstraintsValid: true,
	}
	if _, isRSA := key.(*rsa.PrivateKey); isRSA {
		template.KeyUsage |= x509.KeyUsageKeyEncipherment // for suites without (EC)DHE
	}
	if ip := net.ParseIP(host); ip != nil {
		template.IPAddresses = []net.IP{ip}
	} else {
		template.DNSNames = []string{host}
	}
	der, err := x509.CreateCertificate(rand.Reader, template, ca.cert, key.Public(), ca.key)
	if err != nil {
		return nil, err
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, err
	}
	return &tls.Certificate{Certificate: [][]byte{der, ca.cert.Raw}, PrivateKey: key, Leaf: leaf}, nil
}

// validName reports whether host is a name that DNS could have: letters, digits, hyphens and underscores between dots.
func validName(host string) bool {
	if len(host) > 253 {
		return false
	}
	for label := range strings.SplitSeq(host, ".") {
		if label == "" || len(label) > 63 || label[0] == '-' || label[len(label)-1] == '-' {
			return false
		}
		for i := range len(label) {
			switch c := label[i]; {
			case 'a' <= c && c <= 'z', '0' <= c && c <= '9', c == '-', c == '_':
			default:
				return false
			}
		}
	}
	return true
}
