package mockoss_test

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ossconf/ossconf/harness/mockoss"
	"github.com/ossconf/ossconf/harness/tlspolicy"
)

// A tlsServer is a server with a TLS listener and a clock that a test sets.
type tlsServer struct {
	*mockoss.Server
	log  *bytes.Buffer
	mu   *sync.Mutex
	want *x509.CertPool
}

func newTLSServer(t *testing.T, o mockoss.Options) *tlsServer {
	t.Helper()
	s := &tlsServer{log: new(bytes.Buffer), mu: new(sync.Mutex), want: x509.NewCertPool()}
	ca, err := tlspolicy.NewCA()
	if err != nil {
		t.Fatal(err)
	}
	s.want.AppendCertsFromPEM(ca.PEM())
	o.TLSAddr, o.AdminAddr, o.CA = "127.0.0.1:0", "127.0.0.1:0", ca
	o.Buckets = append(o.Buckets, "examplebucket")
	o.Logger = slog.New(slog.NewTextHandler(lockedWriter{s.log, s.mu}, nil))
	s.Server = mockoss.NewServer(o)
	t.Cleanup(s.Close)
	return s
}

type lockedWriter struct {
	w  *bytes.Buffer
	mu *sync.Mutex
}

func (l lockedWriter) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.w.Write(p)
}

// logged returns what has been logged.
func (s *tlsServer) logged() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.log.String()
}

// configure stores a configuration of examplebucket.
func (s *tlsServer) configure(t *testing.T, inside string) {
	t.Helper()
	status, body, err := send(client(), http.MethodPut, s.URL+"/examplebucket/?httpsConfig", "<HttpsConfiguration>"+inside+"</HttpsConfiguration>")
	if err != nil || status != http.StatusOK {
		t.Fatalf("%d %s %v", status, body, err)
	}
}

// shake tries a handshake and says in short what came of it.
func (s *tlsServer) shake(name string, low, high uint16, suites ...uint16) string {
	conn, err := net.Dial("tcp", s.TLSEndpoint)
	if err != nil {
		return err.Error()
	}
	defer conn.Close()
	c := tls.Client(conn, &tls.Config{ServerName: name, RootCAs: s.want, MinVersion: low, MaxVersion: high, CipherSuites: suites})
	if err := c.Handshake(); err != nil {
		return err.Error()
	}
	return tls.VersionName(c.ConnectionState().Version)
}

const (
	tls12Only = "<TLS><Enable>true</Enable><TLSVersion>TLSv1.2</TLSVersion></TLS>"
	tls13Only = "<TLS><Enable>true</Enable><TLSVersion>TLSv1.3</TLSVersion></TLS>"
)

func TestHandshakesObeyWhatIsStored(t *testing.T) {
	s := newTLSServer(t, mockoss.Options{Buckets: []string{"other-bucket"}})
	const refused = "remote error: tls: protocol version not supported"
	type versions struct{ TLS10, TLS11, TLS12, TLS13 string }
	all := func(name string) versions {
		return versions{s.shake(name, tls.VersionTLS10, tls.VersionTLS10), s.shake(name, tls.VersionTLS11, tls.VersionTLS11),
			s.shake(name, tls.VersionTLS12, tls.VersionTLS12), s.shake(name, tls.VersionTLS13, tls.VersionTLS13)}
	}
	never := versions{"TLS 1.0", "TLS 1.1", "TLS 1.2", refused}
	for _, test := range []struct {
		name, put, host string
		want            versions
	}{
		{"never configured", "", "examplebucket.localhost", never},
		{"TLS 1.2", tls12Only, "examplebucket.localhost", versions{refused, refused, "TLS 1.2", refused}},
		{"TLS 1.3", tls13Only, "examplebucket.oss-cn-hangzhou.aliyuncs.com", versions{refused, refused, refused, "TLS 1.3"}},
		{"a gap", "<TLS><Enable>true</Enable><TLSVersion>TLSv1.0</TLSVersion><TLSVersion>TLSv1.2</TLSVersion></TLS>", "examplebucket.localhost",
			versions{"TLS 1.0", refused, "TLS 1.2", refused}},
		{"another bucket", tls13Only, "other-bucket.localhost", never},
		{"no such bucket", "", "missing.localhost", never},
		{"an endpoint", tls13Only, "oss-cn-hangzhou.aliyuncs.com", never},
	} {
		if test.put != "" {
			s.configure(t, test.put)
		}
		if diff := cmp.Diff(test.want, all(test.host)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
	}
	if got := s.shake("example.com", tls.VersionTLS12, tls.VersionTLS12); !strings.Contains(got, "unrecognized name") {
		t.Errorf("a host that leads elsewhere: %s", got)
	}
	if !strings.Contains(s.logged(), "TLSVersion") {
		t.Errorf("no refused handshake in the log:\n%s", s.logged())
	}
}

func TestWhatCannotBeEnforcedIsSaid(t *testing.T) {
	s := newTLSServer(t, mockoss.Options{})
	s.configure(t, tls12Only+"<CipherSuite><Enable>true</Enable><StrongCipherSuite>false</StrongCipherSuite>"+
		"<CustomCipherSuite>ECDHE-ECDSA-AES256-CCM8</CustomCipherSuite></CipherSuite>")
	if !strings.Contains(s.logged(), "suite=ECDHE-ECDSA-AES256-CCM8 why=not_implemented") {
		t.Errorf("not in the log:\n%s", s.logged())
	}
	if got := s.shake("examplebucket.localhost", tls.VersionTLS12, tls.VersionTLS12); !strings.Contains(got, "handshake failure") {
		t.Errorf("a handshake: %s", got)
	}
	var state struct {
		Buckets []struct {
			Name  string
			HTTPS struct {
				Versions []string
				Suites   []struct{ Suite, Enforcement string }
			}
		}
	}
	getJSON(t, s.AdminURL+"/state", &state)
	b := state.Buckets[0]
	if b.Name != "examplebucket" || fmt.Sprint(b.HTTPS.Versions) != "[TLSv1.2]" || len(b.HTTPS.Suites) != 1 || b.HTTPS.Suites[0].Enforcement != "not_implemented" {
		t.Errorf("the admin view has %+v", b)
	}
}

func TestPropagation(t *testing.T) {
	var mu sync.Mutex
	now := time.Now()
	clock := func() time.Time {
		mu.Lock()
		defer mu.Unlock()
		return now
	}
	advance := func(d time.Duration) {
		mu.Lock()
		defer mu.Unlock()
		now = now.Add(d)
	}
	dir := t.TempDir()
	s := newTLSServer(t, mockoss.Options{Propagation: 30 * time.Minute, Now: clock, DataDir: dir})
	s.configure(t, tls12Only)
	advance(10 * time.Minute) // the client's clock stays behind, by less than OSS allows
	s.configure(t, tls13Only)
	if c, ok := s.Config("examplebucket"); !ok || c.TLS.TLSVersions[0] != "TLSv1.3" {
		t.Errorf("GET returns %v, not what was put", c)
	}
	const refused = "remote error: tls: protocol version not supported"
	for _, step := range []struct {
		wait         time.Duration
		tls11, tls13 string
	}{{0, "TLS 1.1", refused}, {20 * time.Minute, refused, refused}} {
		advance(step.wait)
		if got := s.shake("examplebucket.localhost", tls.VersionTLS11, tls.VersionTLS11); got != step.tls11 {
			t.Errorf("after %s, TLS 1.1: %s, want %s", step.wait, got, step.tls11)
		}
		if got := s.shake("examplebucket.localhost", tls.VersionTLS13, tls.VersionTLS13); got != step.tls13 {
			t.Errorf("after %s, TLS 1.3: %s, want %s", step.wait, got, step.tls13)
		}
	}
	s.Close()
	again := newTLSServer(t, mockoss.Options{Propagation: 30 * time.Minute, Now: clock, DataDir: dir})
	advance(10 * time.Minute)
	if got := again.shake("examplebucket.localhost", tls.VersionTLS13, tls.VersionTLS13); got != "TLS 1.3" {
		t.Errorf("in the end, after a restart: %s", got)
	}
}

// TestRequestsOverTLS sends signed requests over TLS, virtual-hosted, and looks at what the server says of them.
func TestRequestsOverTLS(t *testing.T) {
	s := newTLSServer(t, mockoss.Options{})
	s.configure(t, tls13Only)
	c := client()
	transport := s.Client()
	defer transport.CloseIdleConnections()
	status, body, err := send(signing(transport), http.MethodGet, "https://examplebucket.oss-cn-hangzhou.aliyuncs.com/?httpsConfig", "")
	if err != nil || status != 200 || !strings.Contains(body, "TLSv1.3") {
		t.Fatalf("%d %s %v", status, body, err)
	}
	c.CloseIdleConnections()
	requests := s.Requests()
	if got := requests[len(requests)-1].TLS; !strings.HasPrefix(got, "TLSv1.3 TLS_") {
		t.Errorf("the request was on %q", got)
	}
	h := s.Handshakes()
	last := h[len(h)-1]
	if last.Outcome != tlspolicy.Connected || last.Bucket != "examplebucket" || last.Version != "TLSv1.3" {
		t.Errorf("%+v", last)
	}
}

// TestVisit holds that a browser in which somebody opens the bucket shakes hands each time, and a script does not.
func TestVisit(t *testing.T) {
	s := newTLSServer(t, mockoss.Options{})
	client := http.Client{Transport: &http.Transport{
		TLSClientConfig: &tls.Config{RootCAs: s.want, ServerName: "examplebucket.localhost"},
	}}
	for _, test := range []struct {
		mode string
		want int // handshakes of two requests
	}{{"navigate", 2}, {"no-cors", 2}, {"cors", 1}, {"", 0}} {
		before := len(s.Handshakes())
		for range 2 {
			r, err := http.NewRequest(http.MethodGet, s.TLSURL, nil)
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("Sec-Fetch-Mode", test.mode)
			resp, err := client.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			io.Copy(io.Discard, resp.Body)
			resp.Body.Close()
		}
		if got := len(s.Handshakes()) - before; got != test.want {
			t.Errorf("%q: %d handshakes, want %d", test.mode, got, test.want)
		}
	}
}
