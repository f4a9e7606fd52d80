package tlspolicy

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/ossconf/ossconf/internal/atomicfile"
)

// The files of a CA.
const (
	KeyFile         = "key.pem"  // readable to the user alone
	CertificateFile = "cert.pem" // for clients to trust
)

// ErrCA is the cause of the errors of [OpenCA] about what a folder holds.
var ErrCA = errors.New("no CA that can be used")

// OpenCA returns the CA that a folder keeps in [KeyFile] and [CertificateFile]. A folder that does not exist or is
// empty gets a new one, of which others see all or nothing; several may be opening the same folder at once.
//
// Whoever has the key can pass for every host at clients that trust the certificate: do not give it to a system's
// list of trusted CAs.
func OpenCA(dir string) (*CA, error) { return openCA(dir, time.Now()) }

func openCA(dir string, now time.Time) (*CA, error) {
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("tlspolicy: %w", err)
	}
	if len(entries) == 0 {
		if err := createCA(dir, now); err != nil {
			return nil, fmt.Errorf("tlspolicy: new CA in %s: %w", dir, err)
		}
	}
	ca, err := readCA(dir, now)
	if err != nil {
		return nil, fmt.Errorf("tlspolicy: %s holds %w: %w", dir, ErrCA, err)
	}
	return ca, nil
}

// createCA puts a new CA into a folder that does not exist or is empty. That another one is there now is no error.
func createCA(dir string, now time.Time) error {
	ca, err := newCA(now)
	if err != nil {
		return err
	}
	key, err := x509.MarshalPKCS8PrivateKey(ca.key)
	if err != nil {
		return err
	}
	dir = filepath.Clean(dir)
	if err := os.MkdirAll(filepath.Dir(dir), 0o777); err != nil {
		return err
	}
	// Both files get into place by one rename of the folder that holds them.
	tmp := filepath.Join(filepath.Dir(dir), ".ossconf-"+rand.Text()+".tmp")
	if err := os.Mkdir(tmp, 0o755); err != nil {
		return err
	}
	defer os.RemoveAll(tmp)
	keyFile := filepath.Join(tmp, KeyFile)
	f, err := os.OpenFile(keyFile, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600) // Write keeps this mode
	if err != nil {
		return err
	}
	err = errors.Join(f.Close(),
		atomicfile.Write(keyFile, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: key})),
		atomicfile.Write(filepath.Join(tmp, CertificateFile), ca.PEM()))
	if err != nil {
		return err
	}
	os.Remove(dir) // if it is empty: Windows does not rename over it
	if err := os.Rename(tmp, dir); err != nil {
		if _, statErr := os.Stat(filepath.Join(dir, KeyFile)); statErr == nil {
			return nil // somebody else was faster
		}
		return err
	}
	return nil
}

// readCA reads the CA in a folder.
func readCA(dir string, now time.Time) (*CA, error) {
	certDER, err := readPEM(filepath.Join(dir, CertificateFile), "CERTIFICATE")
	if err != nil {
		return nil, err
	}
	keyDER, err := readPEM(filepath.Join(dir, KeyFile), "PRIVATE KEY")
	if err != nil {
		return nil, err
	}
	parsed, err := x509.ParsePKCS8PrivateKey(keyDER)
	key, isECDSA := parsed.(*ecdsa.PrivateKey)
	if err != nil || !isECDSA {
		return nil, fmt.Errorf("%s is not the ECDSA key of a CA; %s", KeyFile, remove)
	}
	ca, err := makeCA(key, certDER)
	if err != nil {
		return nil, fmt.Errorf("%s cannot be read; %s", CertificateFile, remove)
	}
	switch cert := ca.cert; {
	case !cert.IsCA || cert.KeyUsage&x509.KeyUsageCertSign == 0:
		return nil, fmt.Errorf("%s is not the certificate of a CA; %s", CertificateFile, remove)
	case !key.PublicKey.Equal(cert.PublicKey):
		return nil, fmt.Errorf("%s is not the key of %s; %s", KeyFile, CertificateFile, remove)
	case now.Before(cert.NotBefore):
		return nil, fmt.Errorf("its certificate is not valid before %s; see to the clock", cert.NotBefore.Format(time.RFC3339))
	case now.Add(leafRenewal).After(cert.NotAfter):
		return nil, fmt.Errorf("its certificate ends on %s; %s", cert.NotAfter.Format(time.RFC3339), remove)
	}
	return ca, nil
}

const remove = "remove the folder to get a new CA"

// readPEM returns the content of a file that holds one PEM block of this type.
func readPEM(path, kind string) ([]byte, error) {
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%w; name a folder of its own, or %s", err, remove)
	}
	if err != nil {
		return nil, err
	}
	block, rest := pem.Decode(data)
	if block == nil || block.Type != kind || len(bytes.TrimSpace(rest)) > 0 {
		return nil, fmt.Errorf("%s is not one %s in PEM; %s", filepath.Base(path), kind, remove)
	}
	return block.Bytes, nil
}
