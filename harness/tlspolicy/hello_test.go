package tlspolicy_test

import (
	"crypto/tls"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ossconf/ossconf/harness/tlspolicy"
	"github.com/ossconf/ossconf/harness/tlspolicy/clients"
	"github.com/ossconf/ossconf/httpsconfig"
)

// A subject is a client of this machine, and what Simulate is told of it.
type subject struct {
	clients.Client
	known httpsconfig.Client
}

// subjects returns the clients of this machine: as the table has them if it has the very version, or else by what they
// offer here.
func subjects(t *testing.T) []subject {
	t.Helper()
	r := newRecorder()
	addrs, file := serveNumbered(t, r, func(int) *httpsconfig.Config { return nil })
	var list []subject
	for _, c := range realClients(t) {
		host := "0-" + strings.ReplaceAll(c.Name, "/", "") + ".localhost"
		clients.Connect(t.Context(), c, clients.Target{Addr: addrs[0], ServerName: host, CAFile: file}, clients.Offer{})
		version, _, _ := strings.Cut(strings.TrimPrefix(c.Version, "go"), " ")
		name := map[string]string{"crypto/tls": "Go " + version + " net/http", "openssl": "OpenSSL " + version + " s_client",
			"curl": c.String(), "node": "Node.js " + version + " fetch"}[c.Name]
		list = append(list, subject{c, known(t, name, r.one(t, host))})
	}
	return list
}

// known returns a client of the table, which has to offer there what it offers here, or one that is made of what it offers.
func known(t *testing.T, name string, h tlspolicy.Handshake) httpsconfig.Client {
	t.Helper()
	made := ofHello(t, name, h)
	i := slices.IndexFunc(httpsconfig.Clients(), func(c httpsconfig.Client) bool { return c.Name == name })
	if i < 0 {
		t.Logf("%s is not in the table: it is compared by what it offers", name)
		return made
	}
	c := httpsconfig.Clients()[i]
	if diff := cmp.Diff([2][]uint16{c.Versions, c.Suites}, [2][]uint16{made.Versions, made.Suites}); diff != "" {
		t.Errorf("%s offers something else than in the table (-table +hello):\n%s", name, diff)
	}
	return c
}

// ofHello returns a client that offers what a hello has. One without supported_versions, which is one up to TLS 1.2, names
// the newest version alone: the client is taken to have the older ones as well, as a server has to take it.
func ofHello(t *testing.T, name string, h tlspolicy.Handshake) httpsconfig.Client {
	t.Helper()
	c := httpsconfig.Client{Name: name, Source: "a handshake on this machine"}
	for v := uint16(tls.VersionTLS10); v <= tls.VersionTLS13; v++ {
		if slices.Contains(h.OfferedVersions, httpsconfig.VersionName(v)) {
			c.Versions = append(c.Versions, v)
		}
	}
	for _, text := range h.OfferedSuites {
		s, found := httpsconfig.SuiteByName(text)
		code, err := strconv.ParseUint(text, 0, 16)
		switch {
		case found:
			c.Suites = append(c.Suites, s.ID)
		case strings.HasSuffix(text, "_SCSV"): // a signal, and no suite
		case err != nil:
			t.Errorf("%s offers %q, which is no suite", name, text)
		case code&0x0F0F != 0x0A0A || code>>8 != code&0xFF: // GREASE stands for nothing
			c.Suites = append(c.Suites, uint16(code))
		}
	}
	if len(c.Versions) == 0 || len(c.Suites) == 0 {
		t.Errorf("%s offers nothing: %s", name, h)
	}
	return c
}

// simulated returns what Simulate says of a client.
func simulated(t *testing.T, test policyTest, c httpsconfig.Client) httpsconfig.Simulation {
	t.Helper()
	return test.config(t).Simulate([]httpsconfig.Client{c}, test.kinds)[0]
}

// A client that is in no table is what its hello says.
func TestOfHello(t *testing.T) {
	h := tlspolicy.Handshake{
		OfferedVersions: []string{"0x7A7A", "TLSv1.3", "TLSv1.2"},
		OfferedSuites:   []string{"0x2A2A", "TLS_AES_128_GCM_SHA256", gcmRSA, "0xFEFF", "0x2A3A", "TLS_EMPTY_RENEGOTIATION_INFO_SCSV"},
	}
	want := httpsconfig.Client{Name: "a client", Source: "a handshake on this machine", Versions: []uint16{tls.VersionTLS12, tls.VersionTLS13},
		Suites: []uint16{tls.TLS_AES_128_GCM_SHA256, tls.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, 0xFEFF, 0x2A3A}}
	if diff := cmp.Diff(want, ofHello(t, "a client", h)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	got := simulated(t, policyTest{doc: custom("1.2", gcmRSA)}, want)
	if s := fmt.Sprint(got.Outcome, " ", httpsconfig.VersionName(got.Version)); s != "connects TLSv1.2" {
		t.Errorf("it is simulated as %s", s)
	}
}
