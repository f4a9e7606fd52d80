package tlspolicy_test

import (
	"bytes"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ossconf/ossconf/harness/tlspolicy"
	"github.com/ossconf/ossconf/httpsconfig"
)

// fixed makes what differs from run to run in a handshake the same.
func fixed(h tlspolicy.Handshake) tlspolicy.Handshake {
	h.Remote = "127.0.0.1:1"
	return h
}

func TestHandshake(t *testing.T) {
	r := newRecorder()
	o := options(t, func(name string) (tlspolicy.Target, bool) {
		return tlspolicy.Target{Bucket: "examplebucket", Config: &httpsconfig.Config{TLS: &httpsconfig.TLS{Enable: httpsconfig.True, TLSVersions: []string{"TLSv1.2"}}}},
			name == "examplebucket.localhost"
	}, r.record)
	o.Now = func() time.Time { return time.Date(2025, 4, 17, 8, 40, 17, 0, time.UTC) }
	addr := serve(t, o)
	const offered = `"offered_suites":["ECDHE-RSA-AES128-GCM-SHA256"],"offered_groups":["secp256r1"],`
	for _, test := range []struct {
		name, serverName string
		version          uint16
		text, json, log  string
	}{
		{"connected", "examplebucket.localhost", tls.VersionTLS12,
			"examplebucket.localhost from 127.0.0.1:1: connected with TLSv1.2 ECDHE-RSA-AES128-GCM-SHA256, RSA certificate",
			`{"time":"2025-04-17T08:40:17Z","remote":"127.0.0.1:1","server_name":"examplebucket.localhost","bucket":"examplebucket","offered_versions":["TLSv1.2"],` + offered +
				`"outcome":"connected","version":"TLSv1.2","suite":"ECDHE-RSA-AES128-GCM-SHA256","certificate":"RSA"}`,
			"level=INFO msg=handshake h.outcome=connected h.remote=127.0.0.1:1 h.server_name=examplebucket.localhost h.bucket=examplebucket h.version=TLSv1.2 " +
				"h.suite=ECDHE-RSA-AES128-GCM-SHA256 h.certificate=RSA h.offered_versions=TLSv1.2 h.offered_suites=ECDHE-RSA-AES128-GCM-SHA256 h.offered_groups=secp256r1\n"},
		{"refused", "examplebucket.localhost", tls.VersionTLS11,
			"examplebucket.localhost from 127.0.0.1:1: refused by TLSVersion: the client offers TLSv1.1; TLSVersion accepts TLSv1.2",
			`{"time":"2025-04-17T08:40:17Z","remote":"127.0.0.1:1","server_name":"examplebucket.localhost","bucket":"examplebucket","offered_versions":["TLSv1.1"],` + offered +
				`"outcome":"refused","rule":"TLSVersion","reason":"the client offers TLSv1.1; TLSVersion accepts TLSv1.2"}`,
			"level=INFO msg=handshake h.outcome=refused h.remote=127.0.0.1:1 h.server_name=examplebucket.localhost h.bucket=examplebucket h.rule=TLSVersion " +
				"h.reason=\"the client offers TLSv1.1; TLSVersion accepts TLSv1.2\" h.offered_versions=TLSv1.1 h.offered_suites=ECDHE-RSA-AES128-GCM-SHA256 h.offered_groups=secp256r1\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			config := trusting(t, test.serverName)
			config.MinVersion, config.MaxVersion = test.version, test.version
			config.CipherSuites, config.CurvePreferences = []uint16{tls.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256}, []tls.CurveID{tls.CurveP256}
			if test.version < tls.VersionTLS12 {
				// crypto/tls does not offer a suite that the version does not have.
				config.CipherSuites = []uint16{tls.TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA}
				test.json = strings.ReplaceAll(test.json, "AES128-GCM-SHA256", "AES128-SHA")
				test.log = strings.ReplaceAll(test.log, "AES128-GCM-SHA256", "AES128-SHA")
			}
			if conn, err := tls.Dial("tcp", addr, config); err == nil {
				conn.Close()
			}
			h := fixed(r.one(t, test.serverName))
			r.forget()
			if diff := cmp.Diff(test.text, h.String()); diff != "" {
				t.Errorf("text (-want +got):\n%s", diff)
			}
			data, err := json.Marshal(h)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.json, string(data)); diff != "" {
				t.Errorf("JSON (-want +got):\n%s", diff)
			}
			var log bytes.Buffer
			slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{ReplaceAttr: func(groups []string, a slog.Attr) slog.Attr {
				if len(groups) == 0 && a.Key == slog.TimeKey {
					return slog.Attr{}
				}
				return a
			}})).Info("handshake", "h", h)
			if diff := cmp.Diff(test.log, log.String()); diff != "" {
				t.Errorf("log (-want +got):\n%s", diff)
			}
		})
	}
}

// What the client has in common with OSS is not known where crypto/tls has no group for it.
func TestGroups(t *testing.T) {
	openssl, err := exec.LookPath("openssl")
	if err != nil {
		realClients(t)
		t.Skip(err)
	}
	r := newRecorder()
	addr := serve(t, options(t, func(string) (tlspolicy.Target, bool) {
		return tlspolicy.Target{Config: &httpsconfig.Config{TLS: &httpsconfig.TLS{Enable: httpsconfig.True, TLSVersions: []string{"TLSv1.2", "TLSv1.3"}}}}, true
	}, r.record))
	const noGroup = "the client has no group for the key exchange that crypto/tls has; OSS may have one"
	for i, test := range []struct {
		args string
		want string // outcome, version, rule, reason
	}{
		{"-groups x448 -tls1_3", "unknown TLSv1.3 crypto/tls " + noGroup},
		{"-groups x448 -tls1_2 -cipher ECDHE-RSA-AES128-GCM-SHA256", "unknown TLSv1.2 crypto/tls " + noGroup},
		{"-groups x448 -tls1_2 -cipher ECDHE-RSA-AES128-GCM-SHA256:AES128-GCM-SHA256", "connected TLSv1.2"},
		{"-groups ffdhe2048:P-384 -tls1_3", "connected TLSv1.3"},
		{"-sigalgs ed25519 -tls1_3", "unknown TLSv1.3 crypto/tls crypto/tls refuses, and not for the configuration: peer doesn't support any of the certificate's signature algorithms"},
	} {
		t.Run(test.args, func(t *testing.T) {
			name := fmt.Sprintf("bucket-%d.localhost", i)
			cmd := exec.CommandContext(t.Context(), openssl, append([]string{"s_client", "-connect", addr, "-servername", name}, strings.Fields(test.args)...)...)
			out, _ := cmd.CombinedOutput() // it may well fail
			h := r.one(t, name)
			got := strings.TrimSpace(strings.Join([]string{string(h.Outcome), h.Version, h.Rule, h.Reason}, " "))
			if diff := cmp.Diff(test.want, strings.Join(strings.Fields(got), " ")); diff != "" {
				t.Errorf("(-want +got):\n%s\n%s", diff, out)
			}
		})
	}
}

// A hello has room for far more than is worth keeping.
func TestLongHello(t *testing.T) {
	r := newRecorder()
	addr := serve(t, options(t, everyName, r.record))
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	const suites = 5000
	body := slices.Concat([]byte{3, 3}, make([]byte, 32), []byte{0, 2 * suites >> 8, 2 * suites & 0xff}, bytes.Repeat([]byte{0x2a, 0x2a}, suites), []byte{1, 0})
	hello := append([]byte{1, 0, byte(len(body) >> 8), byte(len(body))}, body...)
	conn.Write(append([]byte{0x16, 3, 1, byte(len(hello) >> 8), byte(len(hello))}, hello...))
	alert, err := io.ReadAll(conn)
	if diff := cmp.Diff([]byte{21, 3, 3, 0, 2, 2, 40}, alert); diff != "" || err != nil {
		t.Errorf("%v, alert (-want +got):\n%s", err, diff)
	}
	h := r.one(t, "")
	if n := len(h.OfferedSuites); n != 257 || h.OfferedSuites[0] != "0x2A2A" || h.OfferedSuites[256] != "and 4744 more" {
		t.Errorf("%d suites are kept: %q", n, h.OfferedSuites)
	}
	if h.Outcome != tlspolicy.Refused || h.Rule != "CipherSuite" {
		t.Errorf("%s", h)
	}
}
