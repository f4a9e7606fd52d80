package tlspolicy_test

import (
	"bufio"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ossconf/ossconf/harness/tlspolicy"
	"github.com/ossconf/ossconf/harness/tlspolicy/clients"
	"github.com/ossconf/ossconf/httpsconfig"
)

// An OpenSSL server with the settings of a policy does what Decide says, also with suites that crypto/tls does not have
// and in the choice among those of TLS 1.3. There is one exception, see refusesAll.
func TestOpenSSLServerAgreesWithDecide(t *testing.T) {
	ca, file := caFile(t)
	var list []clients.Client
	var openssl string
	for _, c := range realClients(t) {
		if c.Name != "node" { // which has the library of the other two, and takes long to start
			list = append(list, c)
		}
		if c.Name == "openssl" {
			openssl, _ = exec.LookPath(c.Name)
		}
	}
	if openssl == "" {
		t.Skip("no openssl")
	}
	built := openSSLSuites(t, openssl)
	const host = "bucket.localhost"
	certificates := map[httpsconfig.CertificateKinds]string{}
	for _, kind := range []httpsconfig.CertificateKinds{rsa, ecdsa} {
		certificates[kind] = certificateFile(t, ca, kind, host)
	}
	for _, test := range policyTests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			policy := test.config(t).Policy()
			addr := openSSLServer(t, openssl, policy, test.kinds, certificates)
			for _, text := range test.offers {
				o, judged := offer(t, text)
				judged.Certificates = test.kinds
				verdict := policy.Decide(judged)
				for _, c := range list {
					r := clients.Connect(t.Context(), c, clients.Target{Addr: addr, ServerName: host, CAFile: file}, o)
					if r.Unable {
						continue
					}
					want := verdict.Connects || verdict.Downgrade && c.Name == "crypto/tls"
					has := func(s *httpsconfig.Suite) bool {
						return built[s.OpenSSL] && (c.Name != "crypto/tls" || inCryptoTLS[s.ID])
					}
					if refusesAll(policy) || !slices.ContainsFunc(verdict.Suites.List(), has) {
						want = false
					}
					s, _ := httpsconfig.SuiteByName(r.Suite)
					if r.Connected != want || want && (r.Version != httpsconfig.VersionName(verdict.Version) || !verdict.Suites.Has(s.ID)) {
						t.Errorf("offer %s of %s: %s\nverdict %+v", text, c, r, verdict)
					}
				}
			}
		})
	}
}

// refusesAll reports whether OpenSSL refuses every client. It does where the versions have a gap and no suite is for the
// newest version before the gap: that counts as the newest of all when it looks whether it has a suite to begin with.
func refusesAll(p httpsconfig.Policy) bool {
	var newest uint16
	for v := uint16(tls.VersionTLS10); v <= tls.VersionTLS13; v++ {
		if p.Versions.Has(v) {
			newest = v
		} else if newest != 0 {
			break
		}
	}
	return !slices.ContainsFunc(p.Suites.List(), func(s *httpsconfig.Suite) bool { return s.In(newest) })
}

// openSSLSuites returns the names of the suites that OpenSSL was built with.
func openSSLSuites(t *testing.T, path string) map[string]bool {
	t.Helper()
	var tls13 []string
	for _, s := range httpsconfig.Suites() {
		if s.TLS13() {
			tls13 = append(tls13, s.OpenSSL)
		}
	}
	out, err := exec.Command(path, "ciphers", "-ciphersuites", strings.Join(tls13, ":"), "ALL:COMPLEMENTOFALL:@SECLEVEL=0").Output()
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]bool{}
	for _, name := range strings.Split(strings.TrimSpace(string(out)), ":") {
		names[name] = true
	}
	return names
}

// certificateFile writes a certificate with its chain and its key to one file.
func certificateFile(t *testing.T, ca *tlspolicy.CA, kind httpsconfig.CertificateKinds, host string) string {
	t.Helper()
	leaf, err := ca.Leaf(kind, host, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	key, err := x509.MarshalPKCS8PrivateKey(leaf.PrivateKey)
	if err != nil {
		t.Fatal(err)
	}
	data := pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: key})
	for _, der := range leaf.Certificate {
		data = append(data, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})...)
	}
	path := filepath.Join(t.TempDir(), "leaf.pem")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// openSSLServer starts openssl s_server with the settings that a policy stands for.
func openSSLServer(t *testing.T, path string, p httpsconfig.Policy, kinds httpsconfig.CertificateKinds, certificates map[httpsconfig.CertificateKinds]string) string {
	t.Helper()
	args := []string{"s_server", "-www", "-accept", "127.0.0.1:0", "-num_tickets", "0"}
	for version, off := range map[uint16]string{tls.VersionTLS10: "-no_tls1", tls.VersionTLS11: "-no_tls1_1", tls.VersionTLS12: "-no_tls1_2", tls.VersionTLS13: "-no_tls1_3"} {
		if !p.Versions.Has(version) {
			args = append(args, off)
		}
	}
	var suites, tls13 []string
	for _, s := range p.Suites.List() {
		if s.TLS13() {
			tls13 = append(tls13, s.OpenSSL)
		} else {
			suites = append(suites, s.OpenSSL)
		}
	}
	args = append(args, "-cipher", strings.Join(suites, ":")+":@SECLEVEL=0", "-ciphersuites", strings.Join(tls13, ":"))
	switch kinds {
	case rsa, ecdsa:
		args = append(args, "-cert", certificates[kinds], "-key", certificates[kinds])
	default:
		args = append(args, "-cert", certificates[rsa], "-key", certificates[rsa], "-dcert", certificates[ecdsa], "-dkey", certificates[ecdsa])
	}
	cmd := exec.Command(path, args...)
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cmd.Process.Kill()
		cmd.Wait() // says that it was killed
	})
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if addr, found := strings.CutPrefix(lines.Text(), "ACCEPT "); found {
			go func() {
				for lines.Scan() { // or it would wait for a reader
				}
			}()
			return addr
		}
	}
	cmd.Wait()
	t.Fatalf("openssl s_server: %s", stderr.String())
	return ""
}
