//go:build unix

package main

import (
	"crypto/tls"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// configFile writes a configuration that accepts TLS 1.3 alone.
func configFile(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "config.json")
	if err := os.WriteFile(path, []byte(`{"TLS":{"Enable":true,"TLSVersion":["TLSv1.3"]}}`), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestRehearseWait follows the environment that is printed, and reads the handshakes and the table.
func TestRehearseWait(t *testing.T) {
	p := start(t, "rehearse", "--wait", configFile(t))
	var ready readyLine
	value := func(name string) string {
		return strings.Trim(strings.TrimSpace(strings.TrimPrefix(p.line(t, name), "export "+name+"=")), "'")
	}
	endpoint := value("OSSCONF_TLS_ENDPOINT")
	ready.TLSEndpoint = strings.Replace(endpoint, "localhost", "127.0.0.1", 1)
	ready.CAFile = value("OSSCONF_CA_FILE")
	p.line(t, "ready; interrupt for the table")
	if _, err := dialBucket(t, ready, "examplebucket", tls.VersionTLS13); err != nil {
		t.Errorf("TLS 1.3: %v", err)
	}
	p.line(t, "connected with TLSv1.3")
	if _, err := dialBucket(t, ready, "examplebucket", tls.VersionTLS12); err == nil {
		t.Error("TLS 1.2 connects")
	}
	p.line(t, "refused by TLSVersion")
	if err := p.Process.Signal(syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	p.line(t, "lost    1      TLSv1.2, ")
	p.line(t, "handshakes: 1 of 2 connect, 1 refused; 1 lost, 1 gained")
	if code := p.end(t, 0); code != exitOK {
		t.Errorf("exit code %d, %s", code, p.stderr.String())
	}
	if left, err := os.ReadDir(p.Dir); err != nil || len(left) != 0 {
		t.Errorf("rehearse leaves %v behind, %v", left, err)
	}
}

// TestRehearseWaitJSON reads the same from lines of JSON.
func TestRehearseWaitJSON(t *testing.T) {
	p := start(t, "rehearse", "--wait", "--output", "json", configFile(t))
	var line struct {
		Ready     map[string]string
		Handshake struct{ Outcome, Rule string }
		Result    struct {
			Summary struct{ Clients struct{ Total, Lost int } }
		}
	}
	next := func() {
		if err := json.Unmarshal([]byte(p.line(t, "{")), &line); err != nil {
			t.Fatal(err)
		}
	}
	next()
	ready := readyLine{TLSEndpoint: strings.Replace(line.Ready["OSSCONF_TLS_ENDPOINT"], "localhost", "127.0.0.1", 1), CAFile: line.Ready["SSL_CERT_FILE"]}
	dialBucket(t, ready, "examplebucket", tls.VersionTLS12)
	next()
	if line.Handshake.Outcome != "refused" || line.Handshake.Rule != "TLSVersion" {
		t.Errorf("the handshake is %+v", line.Handshake)
	}
	if err := p.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	next()
	if c := line.Result.Summary.Clients; c.Total != 1 || c.Lost != 1 {
		t.Errorf("the summary is %+v", c)
	}
	if code := p.end(t, 0); code != exitOK {
		t.Errorf("exit code %d, %s", code, p.stderr.String())
	}
}

// TestRehearseInterrupted interrupts a command, which is told so, and gets the table of what came in until then.
func TestRehearseInterrupted(t *testing.T) {
	p, log := startLogged(t, "rehearse", configFile(t), "--", "sh", "-c", "trap 'echo told; exit 4' INT; echo started; while :; do sleep 0.01; done")
	readTo(t, log, "started")
	if err := p.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	readTo(t, log, "told")
	p.line(t, "ended with exit code 4")
	p.line(t, "none came in")
	readTo(t, log, "ossconf: interrupted")
	if code := p.end(t, 0); code != exitInterrupted {
		t.Errorf("exit code %d", code)
	}
}
