package tlspolicy_test

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/ossconf/ossconf/harness/tlspolicy"
	"github.com/ossconf/ossconf/harness/tlspolicy/clients"
	"github.com/ossconf/ossconf/httpsconfig"
)

// everyName is a Lookup that finds a bucket that was never configured under every name.
func everyName(string) (tlspolicy.Target, bool) {
	return tlspolicy.Target{Bucket: "examplebucket"}, true
}

// trusting returns the configuration of a client that trusts the CA of all tests.
func trusting(t *testing.T, serverName string) *tls.Config {
	t.Helper()
	ca, err := sharedCA()
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(ca.PEM())
	return &tls.Config{RootCAs: roots, ServerName: serverName}
}

// options returns options with the CA of all tests.
func options(t *testing.T, lookup func(string) (tlspolicy.Target, bool), record func(tlspolicy.Handshake)) tlspolicy.Options {
	t.Helper()
	ca, err := sharedCA()
	if err != nil {
		t.Fatal(err)
	}
	return tlspolicy.Options{CA: ca, Lookup: lookup, Record: record}
}

func TestServerNames(t *testing.T) {
	r := newRecorder()
	addr := serve(t, options(t, func(name string) (tlspolicy.Target, bool) {
		return tlspolicy.Target{Bucket: strings.TrimSuffix(name, ".localhost")}, name == "" || strings.HasSuffix(name, ".localhost")
	}, r.record))
	for _, test := range []struct {
		name  string // what the client asks for; an address is not sent
		seen  string
		want  string // of the client; nothing: it connects
		rule  string
		agree string // what the server says of the bucket
	}{
		{"examplebucket.localhost", "examplebucket.localhost", "", "", "examplebucket"},
		{"OtherBucket.LocalHost", "otherbucket.localhost", "", "", "otherbucket"},
		{"127.0.0.1", "", "", "", ""},
		{"example.com", "example.com", "unrecognized name", tlspolicy.RuleServerName, ""},
		{"a b.localhost", "a b.localhost", "unrecognized name", tlspolicy.RuleServerName, ""},
	} {
		for _, version := range []uint16{tls.VersionTLS11, tls.VersionTLS12} {
			t.Run(test.name+" "+tls.VersionName(version), func(t *testing.T) {
				config := trusting(t, test.name)
				config.MinVersion, config.MaxVersion = version, version
				conn, err := tls.Dial("tcp", addr, config)
				if err == nil {
					conn.Close()
				}
				if (err == nil) != (test.want == "") || err != nil && !strings.Contains(err.Error(), test.want) {
					t.Errorf("%v, want %q", err, test.want)
				}
				h := r.one(t, test.seen)
				if h.Rule != test.rule || h.Bucket != test.agree || (h.Outcome == tlspolicy.Connected) != (test.rule == "") {
					t.Errorf("%s, bucket %q", h, h.Bucket)
				}
				r.forget()
			})
		}
	}
}

func TestOptionsThatNoListenerCanHave(t *testing.T) {
	good := options(t, everyName, nil)
	for _, test := range []struct {
		want string
		o    tlspolicy.Options
	}{
		{"CA", tlspolicy.Options{Lookup: everyName}},
		{"Lookup", tlspolicy.Options{CA: good.CA}},
		{"Certificates", tlspolicy.Options{CA: good.CA, Lookup: everyName, Certificates: 4}},
		{"MaxHandshakes", tlspolicy.Options{CA: good.CA, Lookup: everyName, MaxHandshakes: -1}},
	} {
		err := test.o.Validate()
		if !errors.Is(err, tlspolicy.ErrOptions) || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v", test.want, err)
			continue
		}
		func() {
			defer func() {
				if got := recover(); fmt.Sprint(got) != err.Error() {
					t.Errorf("Listen panics with %v, not with %v", got, err)
				}
			}()
			tlspolicy.Listen(nil, test.o)
		}()
	}
	if err := good.Validate(); err != nil {
		t.Error(err)
	}
}

// The configuration that is in force when a handshake begins decides.
func TestConfigurationChanges(t *testing.T) {
	r := newRecorder()
	version := [...]*httpsconfig.Config{
		{TLS: &httpsconfig.TLS{Enable: httpsconfig.True, TLSVersions: []string{httpsconfig.TLSv12}}},
		{TLS: &httpsconfig.TLS{Enable: httpsconfig.True, TLSVersions: []string{httpsconfig.TLSv13}}},
	}
	var config atomic.Pointer[httpsconfig.Config]
	addr := serve(t, options(t, func(string) (tlspolicy.Target, bool) { return tlspolicy.Target{Config: config.Load()}, true }, r.record))
	stop, done := make(chan struct{}), make(chan struct{})
	config.Store(version[0])
	go func() {
		defer close(done)
		for i := 0; ; i++ {
			select {
			case <-stop:
				return
			default:
				config.Store(version[i%2])
			}
		}
	}()
	for i := range 20 {
		conn, err := tls.Dial("tcp", addr, trusting(t, fmt.Sprintf("during-%d.localhost", i)))
		if err != nil {
			t.Fatal(err) // the client has both versions
		}
		conn.Close()
	}
	close(stop)
	<-done
	for i, want := range []uint16{tls.VersionTLS12, tls.VersionTLS13} {
		config.Store(version[i])
		c := trusting(t, "after.localhost")
		c.ClientSessionCache = tls.NewLRUClientSessionCache(1)
		conn, err := tls.Dial("tcp", addr, c)
		if err != nil {
			t.Fatal(err)
		}
		if got := conn.ConnectionState(); got.Version != want || got.DidResume {
			t.Errorf("%s, want %s", tls.VersionName(got.Version), tls.VersionName(want))
		}
		conn.Close()
	}
}

// A sessionCache counts the sessions that a client is given.
type sessionCache struct {
	tls.ClientSessionCache
	given atomic.Int32
}

func (c *sessionCache) Put(key string, s *tls.ClientSessionState) {
	if s != nil {
		c.given.Add(1)
	}
	c.ClientSessionCache.Put(key, s)
}

// A session of a time when the client was accepted is worth nothing: there are none.
func TestNoSessions(t *testing.T) {
	addr := serve(t, options(t, everyName, nil))
	for _, version := range []uint16{tls.VersionTLS12, tls.VersionTLS11} {
		config := trusting(t, "examplebucket.localhost")
		config.MinVersion, config.MaxVersion = version, version
		cache := &sessionCache{ClientSessionCache: tls.NewLRUClientSessionCache(8)}
		config.ClientSessionCache = cache
		client := http.Client{Transport: &http.Transport{TLSClientConfig: config, DisableKeepAlives: true}}
		for range 2 {
			resp, err := client.Get("https://" + addr)
			if err != nil {
				t.Fatal(err)
			}
			io.Copy(io.Discard, resp.Body)
			resp.Body.Close()
			if resp.TLS.DidResume || cache.given.Load() > 0 {
				t.Errorf("%s: resumed: %v, %d sessions", tls.VersionName(version), resp.TLS.DidResume, cache.given.Load())
			}
		}
	}
}

// The lack of a protocol in common is no matter of the configuration, and does not hide what is.
func TestNoProtocolInCommon(t *testing.T) {
	r := newRecorder()
	addr := serve(t, options(t, func(string) (tlspolicy.Target, bool) {
		return tlspolicy.Target{Config: policyTest{doc: custom("1.2", gcmRSA)}.config(t)}, true
	}, r.record))
	for _, test := range []struct {
		suite   uint16
		want    string
		outcome tlspolicy.Outcome
	}{
		{tls.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384, "handshake failure", tlspolicy.Refused},
		{tls.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, "no application protocol", tlspolicy.Unknown},
	} {
		config := trusting(t, "examplebucket.localhost")
		config.MaxVersion, config.CipherSuites, config.NextProtos = tls.VersionTLS12, []uint16{test.suite}, []string{"h2"}
		_, err := tls.Dial("tcp", addr, config)
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%v, want %s", err, test.want)
		}
		if h := r.one(t, "examplebucket.localhost"); h.Outcome != test.outcome {
			t.Errorf("%s", h)
		}
		r.forget()
	}
}

func TestClientsThatDoNotTrust(t *testing.T) {
	r := newRecorder()
	addr := serve(t, options(t, func(string) (tlspolicy.Target, bool) {
		return tlspolicy.Target{Config: &httpsconfig.Config{TLS: &httpsconfig.TLS{Enable: httpsconfig.True, TLSVersions: []string{"TLSv1.2", "TLSv1.3"}}}}, true
	}, r.record))
	for _, version := range []uint16{tls.VersionTLS12, tls.VersionTLS13} {
		_, err := tls.Dial("tcp", addr, &tls.Config{ServerName: "examplebucket.localhost", RootCAs: x509.NewCertPool(), MaxVersion: version})
		if err == nil {
			t.Fatal("it connects")
		}
		// crypto/tls clients say bad certificate.
		h := r.one(t, "examplebucket.localhost")
		if h.Outcome != tlspolicy.Failed || h.Rule != "" || !strings.Contains(h.Reason, "the client sent an alert: bad certificate") {
			t.Errorf("%s: %s", tls.VersionName(version), h)
		}
		if want := httpsconfig.VersionName(version); h.Version != want || h.Suite == "" {
			t.Errorf("%s: the server says %q, %q of what was negotiated", want, h.Version, h.Suite)
		}
		r.forget()
	}
	other, err := tlspolicy.NewCA()
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "ca.pem")
	write(t, string(other.PEM()), file)
	for _, c := range realClients(t) {
		if c.Name != "openssl" && c.Name != "curl" {
			continue // Node.js looks at the certificate once it is connected
		}
		for _, version := range []uint16{tls.VersionTLS12, tls.VersionTLS13} {
			target := clients.Target{Addr: addr, ServerName: "examplebucket.localhost", CAFile: file}
			result := clients.Connect(t.Context(), c, target, clients.Offer{MinVersion: version, MaxVersion: version})
			h := r.one(t, "examplebucket.localhost")
			if result.Connected || h.Outcome != tlspolicy.Failed || h.Reason != "the client does not trust the CA" || h.Suite == "" {
				t.Errorf("%s: %s\n%s", c, result, h)
			}
			r.forget()
		}
	}
}

func TestNoTLS(t *testing.T) {
	r := newRecorder()
	addr := serve(t, options(t, everyName, r.record))
	for _, test := range []struct{ sent, want, answer string }{
		{"garbage, and more of it", `no hello: the client does not speak TLS, it begins with "garba"`, ""},
		{"GET / HTTP/1.1\r\n\r\n", `no hello: the client does not speak TLS, it begins with "GET /"`, "400 Bad Request"},
		{"\x16\x03\x01\x00\x05\x01\x00\x00\x01\x00", "no hello: ", ""}, // a hello of one byte
		{"\x80\x2e\x01\x00\x02\x00\x15\x00\x00\x00\x10", "no hello: unsupported SSLv2 handshake received", ""},
		{"", "no hello: the client closed the connection", ""},
		{"\x16\x03\x01\x02", "no hello: the client closed the connection", ""},
	} {
		t.Run(test.want, func(t *testing.T) {
			conn, err := net.Dial("tcp", addr)
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			io.WriteString(conn, test.sent)
			conn.(*net.TCPConn).CloseWrite()
			answer, _ := io.ReadAll(conn) // there may be a reset after it
			if !strings.Contains(string(answer), test.answer) {
				t.Errorf("answer %q, want %q", answer, test.answer)
			}
			h := r.one(t, "")
			if h.Outcome != tlspolicy.Failed || !strings.HasPrefix(h.Reason, test.want) {
				t.Errorf("%s", h)
			}
			r.forget()
		})
	}
}

// A thousand clients that say nothing do not keep anybody out, and Close does not wait for them.
func TestIdleConnections(t *testing.T) {
	const idle = 1000
	r := newRecorder()
	o := options(t, everyName, r.record)
	o.MaxHandshakes = 100
	inner, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l := tlspolicy.Listen(inner, o)
	defer l.Close()
	for range idle {
		conn, err := net.Dial("tcp", l.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
	}
	client := make(chan error, 1)
	go func() {
		conn, err := tls.Dial("tcp", l.Addr().String(), trusting(t, "examplebucket.localhost"))
		if err == nil {
			conn.Close()
		}
		client <- err
	}()
	conn, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	conn.Close()
	if err := <-client; err != nil {
		t.Error(err)
	}
	if err := l.Close(); err != nil {
		t.Error(err)
	}
	reasons := map[string]int{}
	for _, h := range r.all("") {
		reasons[h.Reason]++
	}
	const crowded, closed = "no hello: there were too many handshakes at once, and this was the oldest", "no hello: the listener was closed"
	if len(reasons) != 2 || reasons[crowded] < idle-o.MaxHandshakes || reasons[crowded]+reasons[closed] != idle {
		t.Errorf("%v", reasons)
	}
}
