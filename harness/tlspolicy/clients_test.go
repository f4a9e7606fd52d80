package tlspolicy_test

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ossconf/ossconf/harness/tlspolicy"
	"github.com/ossconf/ossconf/harness/tlspolicy/clients"
	"github.com/ossconf/ossconf/httpsconfig"
)

// sharedCA is one CA for all tests: making an RSA key takes long.
var sharedCA = sync.OnceValues(tlspolicy.NewCA)

// found are the clients of this machine.
var found = sync.OnceValue(func() []clients.Client { return clients.Find(context.Background()) })

// realClients returns the clients of this machine. All have to be there if OSSCONF_REQUIRE_NODE is set.
func realClients(t *testing.T) []clients.Client {
	t.Helper()
	for _, name := range []string{"crypto/tls", "openssl", "curl", "node"} {
		if !slices.ContainsFunc(found(), func(c clients.Client) bool { return c.Name == name }) {
			if os.Getenv("OSSCONF_REQUIRE_NODE") != "" {
				t.Fatalf("%s is not there, or not built with OpenSSL; OSSCONF_REQUIRE_NODE requires it", name)
			}
			t.Logf("%s is not there (OSSCONF_REQUIRE_NODE=1 makes this a failure)", name)
		}
	}
	return found()
}

// caFile returns the CA of all tests and a file with its certificate.
func caFile(t *testing.T) (*tlspolicy.CA, string) {
	t.Helper()
	ca, err := sharedCA()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(path, ca.PEM(), 0o600); err != nil {
		t.Fatal(err)
	}
	return ca, path
}

// A recorder keeps handshakes by server name. Clients may know the outcome before the server does: one waits.
type recorder struct {
	mu    sync.Mutex
	seen  map[string][]tlspolicy.Handshake
	added chan struct{} // closed and replaced with every handshake
}

func newRecorder() *recorder {
	return &recorder{seen: map[string][]tlspolicy.Handshake{}, added: make(chan struct{})}
}

func (r *recorder) record(h tlspolicy.Handshake) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.seen[h.ServerName] = append(r.seen[h.ServerName], h)
	close(r.added)
	r.added = make(chan struct{})
}

// one returns the only handshake with a server name.
func (r *recorder) one(t *testing.T, name string) tlspolicy.Handshake {
	t.Helper()
	late := time.After(tlspolicy.HandshakeTimeout + time.Second)
	for {
		r.mu.Lock()
		list, added := r.seen[name], r.added
		r.mu.Unlock()
		if len(list) == 1 {
			return list[0]
		}
		select {
		case <-added:
		case <-late:
			t.Fatalf("%d handshakes with %q: %v", len(list), name, list)
		}
	}
}

// all returns the handshakes with a server name.
func (r *recorder) all(name string) []tlspolicy.Handshake {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.seen[name])
}

// forget forgets all handshakes.
func (r *recorder) forget() {
	r.mu.Lock()
	defer r.mu.Unlock()
	clear(r.seen)
}

// serve starts an HTTPS server on a listener with these options and returns its address.
func serve(t *testing.T, o tlspolicy.Options) string {
	t.Helper()
	inner, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l := tlspolicy.Listen(inner, o)
	server := http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintln(w, r.TLS.ServerName, tls.VersionName(r.TLS.Version))
	})}
	done := make(chan error, 1)
	go func() { done <- server.Serve(l) }()
	t.Cleanup(func() {
		server.Close()
		if err := <-done; err != http.ErrServerClosed {
			t.Errorf("Serve: %v", err)
		}
	})
	return l.Addr().String()
}

const (
	rsa   = httpsconfig.CertificateRSA
	ecdsa = httpsconfig.CertificateECDSA
)

// A configuration to test, and what is offered to it. An offer is a range of versions, and suites.
type policyTest struct {
	name   string
	doc    string // empty: never configured
	kinds  httpsconfig.CertificateKinds
	offers []string
}

const (
	gcmRSA   = "ECDHE-RSA-AES128-GCM-SHA256"
	gcmECDSA = "ECDHE-ECDSA-AES128-GCM-SHA256"
)

// custom returns a configuration of versions, and suites in either list.
func custom(versions, suites string) string {
	var doc strings.Builder
	doc.WriteString("<HttpsConfiguration><TLS><Enable>true</Enable>")
	for _, v := range strings.Fields(versions) {
		doc.WriteString("<TLSVersion>TLSv" + v + "</TLSVersion>")
	}
	doc.WriteString("</TLS>")
	if suites != "" {
		doc.WriteString("<CipherSuite><Enable>true</Enable><StrongCipherSuite>false</StrongCipherSuite>")
		for _, name := range strings.Fields(suites) {
			element := "CustomCipherSuite"
			if strings.HasPrefix(name, "TLS_") {
				element = "TLS13" + element
			}
			doc.WriteString("<" + element + ">" + name + "</" + element + ">")
		}
		doc.WriteString("</CipherSuite>")
	}
	doc.WriteString("</HttpsConfiguration>")
	return doc.String()
}

var policyTests = []policyTest{
	{name: "never configured", offers: []string{"1.0-1.3", "1.0-1.0 AES128-SHA", "1.1-1.1 ECDHE-ECDSA-AES128-SHA", "1.3-1.3", "1.2-1.2 ECDHE-RSA-DES-CBC3-SHA RC4-SHA", "1.2-1.2 RC4-SHA"}},
	{name: "TLS 1.2 only", doc: custom("1.2", ""), offers: []string{"1.2-1.3", "1.0-1.1", "1.0-1.0", "1.3-1.3"}},
	{name: "TLS 1.3 only", doc: custom("1.3", ""), offers: []string{"1.2-1.3", "1.3-1.3 TLS_CHACHA20_POLY1305_SHA256", "1.0-1.2"}},
	{name: "suites of TLS 1.3 that crypto/tls does not have", doc: custom("1.3", "TLS_AES_128_CCM_SHA256"),
		offers: []string{"1.3-1.3 TLS_AES_128_CCM_SHA256", "1.3-1.3 TLS_AES_128_CCM_SHA256 TLS_AES_128_GCM_SHA256", "1.3-1.3 TLS_AES_128_GCM_SHA256"}},
	{name: "a gap", doc: custom("1.0 1.2", ""), offers: []string{"1.0-1.0", "1.0-1.1", "1.1-1.1", "1.1-1.2", "1.0-1.3"}},
	{name: "a gap without TLS 1.2", doc: custom("1.1 1.3", ""), offers: []string{"1.0-1.2", "1.2-1.2", "1.2-1.3"}},
	{name: "one ECDSA suite", doc: custom("1.2 1.3", gcmECDSA+" TLS_AES_256_GCM_SHA384"), offers: []string{"1.2-1.2 " + gcmECDSA, "1.2-1.2 " + gcmRSA,
		"1.2-1.3 " + gcmECDSA + " TLS_AES_128_GCM_SHA256", "1.3-1.3 TLS_AES_256_GCM_SHA384", "1.3-1.3"}},
	{name: "one RSA suite", doc: custom("1.0 1.2", gcmRSA), offers: []string{"1.2-1.2 " + gcmRSA, "1.2-1.2 " + gcmECDSA, "1.0-1.0"}},
	{name: "one RSA suite, no certificate for it", doc: custom("1.2", gcmRSA), kinds: ecdsa, offers: []string{"1.2-1.2 " + gcmRSA + " " + gcmECDSA}},
	{name: "an RSA certificate", doc: custom("1.2 1.3", ""), kinds: rsa, offers: []string{"1.2-1.2 " + gcmECDSA, "1.2-1.2 " + gcmRSA, "1.2-1.2 AES128-SHA", "1.3-1.3"}},
	{name: "an ECDSA certificate", doc: custom("1.2 1.3", ""), kinds: ecdsa, offers: []string{"1.2-1.2 " + gcmRSA, "1.2-1.2 " + gcmECDSA, "1.2-1.2 AES128-SHA", "1.3-1.3"}},
	{name: "strong", doc: "<HttpsConfiguration><TLS><Enable>true</Enable><TLSVersion>TLSv1.0</TLSVersion><TLSVersion>TLSv1.2</TLSVersion></TLS>" +
		"<CipherSuite><Enable>true</Enable><StrongCipherSuite>true</StrongCipherSuite></CipherSuite></HttpsConfiguration>",
		offers: []string{"1.2-1.3", "1.2-1.2 AES128-SHA ECDHE-RSA-AES128-SHA256", "1.0-1.0"}},
	{name: "suites that crypto/tls does not have", doc: custom("1.2", "ECDHE-ECDSA-AES256-CCM8 DHE-RSA-AES128-GCM-SHA256"),
		offers: []string{"1.2-1.2 ECDHE-ECDSA-AES256-CCM8", "1.2-1.2 DHE-RSA-AES128-GCM-SHA256", "1.2-1.2 " + gcmRSA}},
	{name: "a suite that crypto/tls does not have beside one that it has", doc: custom("1.2", "ECDHE-RSA-AES256-SHA384 "+gcmRSA),
		offers: []string{"1.2-1.2 ECDHE-RSA-AES256-SHA384 " + gcmRSA, "1.2-1.2 ECDHE-RSA-AES256-SHA384"}},
}

func (test policyTest) config(t *testing.T) *httpsconfig.Config {
	t.Helper()
	if test.doc == "" {
		return nil
	}
	c, err := httpsconfig.Decode([]byte(test.doc))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// offer reads an offer such as "1.2-1.3 AES128-SHA": as a client takes it, and as it is judged. Where no suite of a
// generation is named, a client offers its own: those of crypto/tls stand for them, which all clients here have.
func offer(t *testing.T, text string) (clients.Offer, httpsconfig.Offer) {
	t.Helper()
	words := strings.Fields(text)
	oldest, newest, _ := strings.Cut(words[0], "-")
	version := func(s string) uint16 { return tls.VersionTLS10 + uint16(s[len("1.")]-'0') }
	o := clients.Offer{MinVersion: version(oldest), MaxVersion: version(newest), Suites: words[1:]}
	var judged httpsconfig.Offer
	for v := o.MinVersion; v <= o.MaxVersion; v++ {
		judged.Versions = append(judged.Versions, v)
	}
	var listed [2]bool
	for _, name := range o.Suites {
		s, known := httpsconfig.SuiteByName(name)
		if !known {
			t.Fatalf("no suite %s", name)
		}
		judged.Suites = append(judged.Suites, s.ID)
		listed[generation(s.ID)] = true
	}
	for _, s := range tls.CipherSuites() {
		if !listed[generation(s.ID)] {
			judged.Suites = append(judged.Suites, s.ID)
		}
	}
	return o, judged
}

// generation returns 1 for a suite of TLS 1.3.
func generation(id uint16) int {
	if s, found := httpsconfig.SuiteByID(id); found && s.TLS13() {
		return 1
	}
	return 0
}
