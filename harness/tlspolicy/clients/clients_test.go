package clients_test

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ossconf/ossconf/harness/tlspolicy"
	"github.com/ossconf/ossconf/harness/tlspolicy/clients"
)

const host = "examplebucket.localhost"

// newCA returns a CA and a file with its certificate.
func newCA(t *testing.T) (*tlspolicy.CA, string) {
	t.Helper()
	ca, err := tlspolicy.NewCA()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(path, ca.PEM(), 0o600); err != nil {
		t.Fatal(err)
	}
	return ca, path
}

// serve starts an HTTPS server with certificates of the CA.
func serve(t *testing.T, ca *tlspolicy.CA) string {
	t.Helper()
	inner, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l := tlspolicy.Listen(inner, tlspolicy.Options{CA: ca, Lookup: func(name string) (tlspolicy.Target, bool) {
		return tlspolicy.Target{}, name == host || name == ""
	}})
	server := http.Server{Handler: http.NotFoundHandler()}
	go server.Serve(l)
	t.Cleanup(func() { server.Close() })
	return l.Addr().String()
}

// found returns the clients of this machine. All have to be there if OSSCONF_REQUIRE_NODE is set.
func found(t *testing.T) []clients.Client {
	t.Helper()
	list := clients.Find(t.Context())
	for _, name := range []string{"crypto/tls", "openssl", "curl", "node"} {
		i := slices.IndexFunc(list, func(c clients.Client) bool { return c.Name == name })
		switch {
		case i >= 0 && (list[i].Version == "" || strings.ContainsAny(list[i].Version, "\n\r")):
			t.Errorf("%s has the version %q", name, list[i].Version)
		case i < 0 && os.Getenv("OSSCONF_REQUIRE_NODE") != "":
			t.Fatalf("%s is not there, or not built with OpenSSL; OSSCONF_REQUIRE_NODE requires it", name)
		case i < 0:
			t.Logf("%s is not there (OSSCONF_REQUIRE_NODE=1 makes this a failure)", name)
		}
	}
	return list
}

func TestConnect(t *testing.T) {
	ca, file := newCA(t)
	_, otherFile := newCA(t)
	addr := serve(t, ca)
	// What would change what the programs do: none of it may reach them.
	t.Setenv("https_proxy", "http://127.0.0.1:1")
	t.Setenv("HTTPS_PROXY", "http://127.0.0.1:1")
	t.Setenv("NODE_OPTIONS", "--no-such-option")
	t.Setenv("NODE_EXTRA_CA_CERTS", file)
	t.Setenv("SSL_CERT_FILE", file)
	t.Setenv("OPENSSL_CONF", filepath.Join(t.TempDir(), "none"))

	good := clients.Target{Addr: addr, ServerName: host, CAFile: file}
	only := func(version uint16, suites ...string) clients.Offer {
		return clients.Offer{MinVersion: version, MaxVersion: version, Suites: suites}
	}
	for _, c := range found(t) {
		for _, test := range []struct {
			name   string
			target clients.Target
			offer  clients.Offer
			want   clients.Result
			err    string // one of these words is part of the error, by client
		}{
			{"its own offer", good, clients.Offer{MaxVersion: tls.VersionTLS12, Suites: []string{"AES256-SHA"}},
				clients.Result{Connected: true, Version: "TLSv1.2", Suite: "AES256-SHA"}, ""},
			{"an old version", good, only(tls.VersionTLS10, "ECDHE-RSA-AES128-SHA"), clients.Result{Connected: true, Version: "TLSv1.0", Suite: "ECDHE-RSA-AES128-SHA"}, ""},
			{"an old newest version", good, clients.Offer{MaxVersion: tls.VersionTLS11, Suites: []string{"ECDHE-ECDSA-AES128-SHA"}},
				clients.Result{Connected: true, Version: "TLSv1.1", Suite: "ECDHE-ECDSA-AES128-SHA"}, ""},
			{"a suite that it does not have beside one that it has", good, only(tls.VersionTLS12, "TLS-of-tomorrow", "ECDHE-RSA-AES128-GCM-SHA256"),
				clients.Result{Connected: true, Version: "TLSv1.2", Suite: "ECDHE-RSA-AES128-GCM-SHA256"}, ""},
			{"no server name", clients.Target{Addr: addr, CAFile: file}, only(tls.VersionTLS12, "AES256-SHA"),
				clients.Result{Connected: true, Version: "TLSv1.2", Suite: "AES256-SHA"}, ""},
			{"a version that is not accepted", good, only(tls.VersionTLS13), clients.Result{Alert: 70}, "version"},
			{"a name that is not known", clients.Target{Addr: addr, ServerName: "example.com", CAFile: file}, only(tls.VersionTLS12), clients.Result{Alert: 112}, "name"},
			{"another CA", clients.Target{Addr: addr, ServerName: host, CAFile: otherFile}, only(tls.VersionTLS12), clients.Result{}, "certificate"},
			{"nobody there", clients.Target{Addr: closedPort(t), ServerName: host, CAFile: file}, only(tls.VersionTLS12), clients.Result{}, "onnect"},
			{"no suite that it has", good, only(tls.VersionTLS12, "TLS-of-tomorrow"), clients.Result{Unable: true}, ""},
			{"a version that is none", good, only(tls.VersionTLS13 + 1), clients.Result{Unable: true}, "0x0305 is no TLS version"},
			{"no port", clients.Target{Addr: "127.0.0.1", ServerName: host, CAFile: file}, only(tls.VersionTLS12), clients.Result{Unable: true}, "port"},
			{"no range", good, clients.Offer{MinVersion: tls.VersionTLS13, MaxVersion: tls.VersionTLS12}, clients.Result{Unable: true}, "oldest"},
		} {
			t.Run(c.Name+"/"+test.name, func(t *testing.T) {
				t.Parallel()
				got := clients.Connect(context.Background(), c, test.target, test.offer)
				if got.Connected != (got.Err == "") || !strings.Contains(got.Err, test.err) {
					t.Errorf("error %q, want %q", got.Err, test.err)
				}
				got.Err = ""
				if diff := cmp.Diff(test.want, got); diff != "" {
					t.Errorf("(-want +got):\n%s", diff)
				}
			})
		}
	}
}

// closedPort returns an address where nobody listens.
func closedPort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// A server that says nothing is waited for no longer than the context allows.
func TestConnectEnds(t *testing.T) {
	_, file := newCA(t)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	for _, c := range found(t) {
		ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
		got := clients.Connect(ctx, c, clients.Target{Addr: l.Addr().String(), ServerName: host, CAFile: file}, clients.Offer{})
		cancel()
		if got.Connected || got.Unable || !strings.Contains(got.Err, "deadline exceeded") {
			t.Errorf("%s: %+v", c, got)
		}
	}
	if got := clients.Connect(t.Context(), clients.Client{}, clients.Target{}, clients.Offer{}); !got.Unable || got.Err == "" {
		t.Errorf("a client that is none: %+v", got)
	}
}
