package tlspolicy_test

import (
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ossconf/ossconf/harness/tlspolicy"
	"github.com/ossconf/ossconf/httpsconfig"
)

func TestCertificates(t *testing.T) {
	ca, err := sharedCA()
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(ca.PEM()) {
		t.Fatalf("not a certificate:\n%s", ca.PEM())
	}
	now := time.Now()
	for _, host := range []string{"examplebucket.localhost", "localhost", "UPPER.example", "under_score.example", "127.0.0.1", "::1"} {
		for kind, algorithm := range map[httpsconfig.CertificateKinds]x509.PublicKeyAlgorithm{rsa: x509.RSA, ecdsa: x509.ECDSA} {
			c, err := ca.Leaf(kind, host, now)
			if err != nil {
				t.Fatal(err)
			}
			if c.Leaf.PublicKeyAlgorithm != algorithm {
				t.Errorf("%s: a key for %s, want %s", host, c.Leaf.PublicKeyAlgorithm, algorithm)
			}
			name := host
			if net.ParseIP(host) != nil {
				name = "[" + host + "]"
			}
			if _, err := c.Leaf.Verify(x509.VerifyOptions{DNSName: name, Roots: roots}); err != nil {
				t.Errorf("%s: %v", host, err)
			}
			if err := c.Leaf.VerifyHostname("other.localhost"); err == nil {
				t.Errorf("%s: it is for other.localhost as well", host)
			}
			again, err := ca.Leaf(kind, strings.ToUpper(host), now)
			if err != nil || again != c {
				t.Errorf("%s: made twice, %v", host, err)
			}
			later, err := ca.Leaf(kind, host, c.Leaf.NotAfter.Add(-time.Hour))
			if err != nil || later == c {
				t.Errorf("%s: not made anew before it ends, %v", host, err)
			}
		}
	}
	for _, host := range []string{"", ".", "a..b", ".a", "a.", "-a", "a-", "*.localhost", "a b", "ä.example", "a/b", strings.Repeat("a", 64), strings.Repeat("a.", 127)} {
		if _, err := ca.Leaf(ecdsa, host, now); !errors.Is(err, tlspolicy.ErrHost) {
			t.Errorf("%q: %v", host, err)
		}
	}
}

func TestCertificatesAreBounded(t *testing.T) {
	ca, err := tlspolicy.NewCA()
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	var wg sync.WaitGroup
	for worker := range 4 {
		wg.Go(func() {
			for i := range tlspolicy.MaxLeaves / 3 {
				if _, err := ca.Leaf(ecdsa, fmt.Sprintf("bucket-%d-%d.localhost", worker, i), now); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	if got := ca.Leaves(); got != tlspolicy.MaxLeaves {
		t.Errorf("%d certificates are kept, want %d", got, tlspolicy.MaxLeaves)
	}
}

func read(t *testing.T, elem ...string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(elem...))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func write(t *testing.T, data string, elem ...string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(elem...), []byte(data), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestOpenCA(t *testing.T) {
	parent := t.TempDir()
	empty := filepath.Join(parent, "empty")
	if err := os.Mkdir(empty, 0o700); err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{empty, filepath.Join(parent, "new", "ca"), filepath.Join(parent, "slash") + string(filepath.Separator)} {
		first, err := tlspolicy.OpenCA(dir)
		if err != nil {
			t.Fatal(err)
		}
		second, err := tlspolicy.OpenCA(dir)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(first.PEM()), string(second.PEM())); diff != "" {
			t.Errorf("another CA the second time:\n%s", diff)
		}
		if diff := cmp.Diff(string(first.PEM()), read(t, dir, tlspolicy.CertificateFile)); diff != "" {
			t.Errorf("%s (-PEM +file):\n%s", tlspolicy.CertificateFile, diff)
		}
		info, err := os.Stat(filepath.Join(dir, tlspolicy.KeyFile))
		if err != nil {
			t.Fatal(err)
		}
		if runtime.GOOS != "windows" && info.Mode() != 0o600 {
			t.Errorf("%s: %v", tlspolicy.KeyFile, info.Mode())
		}
		roots := x509.NewCertPool()
		roots.AppendCertsFromPEM(first.PEM())
		c, err := second.Leaf(ecdsa, "localhost", time.Now())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := c.Leaf.Verify(x509.VerifyOptions{DNSName: "localhost", Roots: roots}); err != nil {
			t.Error(err)
		}
	}
	if entries, _ := filepath.Glob(filepath.Join(parent, ".*")); entries != nil {
		t.Errorf("left behind: %v", entries)
	}
}

func TestOpenCAAtOnce(t *testing.T) {
	parent := t.TempDir()
	for round := range 5 {
		dir := filepath.Join(parent, fmt.Sprint(round))
		var got [8]string
		var wg sync.WaitGroup
		for i := range got {
			wg.Go(func() {
				ca, err := tlspolicy.OpenCA(dir)
				if err != nil {
					t.Error(err)
					return
				}
				got[i] = string(ca.PEM())
			})
		}
		wg.Wait()
		for _, pem := range got {
			if pem != got[0] {
				t.Fatal("two opened different CAs")
			}
		}
	}
	if entries, err := os.ReadDir(parent); err != nil || len(entries) != 5 {
		t.Errorf("left behind: %v, %v", entries, err)
	}
}

func TestOpenCARefuses(t *testing.T) {
	const key, cert = tlspolicy.KeyFile, tlspolicy.CertificateFile
	for _, test := range []struct {
		name  string
		spoil func(t *testing.T, dir, other string)
		at    time.Duration // from now
		want  string
	}{
		{"no key", func(t *testing.T, dir, _ string) { os.Remove(filepath.Join(dir, key)) }, 0, key},
		{"no certificate", func(t *testing.T, dir, _ string) { os.Remove(filepath.Join(dir, cert)) }, 0, "name a folder of its own"},
		{"half a key", func(t *testing.T, dir, _ string) { write(t, read(t, dir, key)[:100], dir, key) }, 0, "key.pem is not one PRIVATE KEY in PEM"},
		{"half a certificate", func(t *testing.T, dir, _ string) { write(t, read(t, dir, cert)[:100], dir, cert) }, 0, "cert.pem is not one CERTIFICATE in PEM"},
		{"an empty key", func(t *testing.T, dir, _ string) { write(t, "", dir, key) }, 0, "key.pem is not one PRIVATE KEY in PEM"},
		{"two certificates", func(t *testing.T, dir, other string) { write(t, read(t, dir, cert)+read(t, other, cert), dir, cert) }, 0, "cert.pem is not one CERTIFICATE"},
		{"a key that cannot be read", func(t *testing.T, dir, _ string) {
			write(t, string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: []byte("secret")})), dir, key)
		}, 0, "key.pem is not the ECDSA key of a CA"},
		{"a certificate that cannot be read", func(t *testing.T, dir, _ string) {
			write(t, string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: []byte("?")})), dir, cert)
		}, 0, "cert.pem cannot be read"},
		{"another key", func(t *testing.T, dir, other string) { write(t, read(t, other, key), dir, key) }, 0, "key.pem is not the key of cert.pem"},
		{"a leaf for a CA", func(t *testing.T, dir, other string) {
			ca, err := tlspolicy.OpenCA(other)
			if err != nil {
				t.Fatal(err)
			}
			leaf, err := ca.Leaf(ecdsa, "localhost", time.Now())
			if err != nil {
				t.Fatal(err)
			}
			leafKey, err := x509.MarshalPKCS8PrivateKey(leaf.PrivateKey)
			if err != nil {
				t.Fatal(err)
			}
			write(t, string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: leaf.Certificate[0]})), dir, cert)
			write(t, string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: leafKey})), dir, key)
		}, 0, "cert.pem is not the certificate of a CA"},
		{"it has ended", func(*testing.T, string, string) {}, tlspolicy.CAValidity, "its certificate ends on"},
		{"it is too early", func(*testing.T, string, string) {}, -2 * time.Hour, "its certificate is not valid before"},
	} {
		t.Run(test.name, func(t *testing.T) {
			dir, other := filepath.Join(t.TempDir(), "ca"), filepath.Join(t.TempDir(), "ca")
			for _, d := range []string{dir, other} {
				if _, err := tlspolicy.OpenCA(d); err != nil {
					t.Fatal(err)
				}
			}
			test.spoil(t, dir, other)
			_, err := tlspolicy.OpenCAAt(dir, time.Now().Add(test.at))
			if !errors.Is(err, tlspolicy.ErrCA) || !strings.Contains(err.Error(), test.want) || !strings.Contains(err.Error(), dir) {
				t.Fatalf("%v, want %q", err, test.want)
			}
			if test.at == 0 && !strings.Contains(err.Error(), "remove the folder") {
				t.Errorf("it does not say what to do: %v", err)
			}
			if strings.Contains(err.Error(), "secret") {
				t.Errorf("a secret in %v", err)
			}
		})
	}
	file := filepath.Join(t.TempDir(), "file")
	write(t, "", file)
	if _, err := tlspolicy.OpenCA(file); err == nil || errors.Is(err, tlspolicy.ErrCA) {
		t.Errorf("a file for a folder: %v", err)
	}
	if _, err := tlspolicy.OpenCA(filepath.Join(file, "ca")); err == nil {
		t.Error("a folder in a file")
	}
}
