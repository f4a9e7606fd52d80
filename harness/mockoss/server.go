package mockoss

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/ossconf/ossconf/harness/tlspolicy"
)

// How long a server waits for a client. Nothing that is asked of it takes long: these end connections that are slow
// on purpose.
const (
	headerTimeout = 10 * time.Second
	readTimeout   = 30 * time.Second
	writeTimeout  = 60 * time.Second // from the header on: it has to outlast readTimeout for a slow body to be answered
	idleTimeout   = 60 * time.Second
)

// maxHeaderBytes is far more than a signed request needs.
const maxHeaderBytes = 64 << 10

// A Server is a [Service] that listens, as [net/http/httptest.Server] does.
type Server struct {
	*Service

	URL      string // http://127.0.0.1:41234: base address, without a slash at the end
	Endpoint string // 127.0.0.1:41234: the same without scheme, for clients that want a host
	Region   string // what the credential scope of a request must name

	TLSURL      string // https://127.0.0.1:41235, empty without Options.TLSAddr
	TLSEndpoint string
	AdminURL    string // http://127.0.0.1:41236, empty without Options.AdminAddr

	servers []*http.Server
	served  sync.WaitGroup
}

// NewServer starts a server and panics when it cannot, as [net/http/httptest.NewServer] does: it is meant for tests.
// The caller closes the server.
func NewServer(o Options) *Server {
	s, err := Start(o)
	if err != nil {
		panic(err)
	}
	return s
}

// A ListenError is an address that cannot be listened on.
type ListenError struct {
	Option string // that gives the address: Addr, TLSAddr or AdminAddr
	Addr   string
	Err    error // of package net
}

// Error returns what package net says.
func (e *ListenError) Error() string { return "mockoss: " + e.Err.Error() }

// Unwrap returns the error of package net.
func (e *ListenError) Unwrap() error { return e.Err }

// Start starts a server. The error wraps [ErrOptions], is that of [Open] or a *[ListenError]. The caller closes the
// server.
func Start(o Options) (*Server, error) {
	service, err := Open(o)
	if err != nil {
		return nil, err
	}
	s, err := start(service)
	if err != nil {
		service.Close()
		return nil, err
	}
	return s, nil
}

// start listens on the addresses that the options name.
func start(service *Service) (*Server, error) {
	o := service.options
	var opened []net.Listener
	var failed error // the first one
	listen := func(option, addr string) net.Listener {
		if addr == "" || failed != nil {
			return nil
		}
		l, err := net.Listen("tcp", addr)
		if err != nil {
			failed = &ListenError{option, addr, err}
			return nil
		}
		opened = append(opened, l)
		return l
	}
	plain, secure, admin := listen("Addr", o.Addr), listen("TLSAddr", o.TLSAddr), listen("AdminAddr", o.AdminAddr)
	if failed != nil {
		for _, l := range opened {
			l.Close()
		}
		return nil, failed
	}
	s := serve(service, plain)
	if secure != nil {
		s.TLSEndpoint = secure.Addr().String()
		s.TLSURL = "https://" + s.TLSEndpoint
		s.serve(service, tlspolicy.Listen(secure, service.tlsOptions()))
	}
	if admin != nil {
		s.AdminURL = "http://" + admin.Addr().String()
		s.serve(s.adminHandler(), admin)
	}
	return s, nil
}

// serve returns a server that answers what comes in through l.
func serve(service *Service, l net.Listener) *Server {
	s := &Server{Service: service, URL: "http://" + l.Addr().String(), Endpoint: l.Addr().String(), Region: service.options.Region}
	s.serve(service, l)
	return s
}

func (s *Server) serve(h http.Handler, l net.Listener) {
	server := &http.Server{
		Handler:                      h,
		DisableGeneralOptionsHandler: true, // "OPTIONS *" is answered like any other
		ReadHeaderTimeout:            headerTimeout,
		ReadTimeout:                  readTimeout,
		WriteTimeout:                 writeTimeout,
		IdleTimeout:                  idleTimeout,
		MaxHeaderBytes:               maxHeaderBytes,
		ErrorLog:                     slog.NewLogLogger(s.options.Logger.Handler(), slog.LevelDebug),
	}
	s.servers = append(s.servers, server)
	s.served.Go(func() { server.Serve(l) }) // ends with the server, with http.ErrServerClosed
}

// Close stops the server and ends its connections. It may be called more than once.
func (s *Server) Close() {
	for _, server := range s.servers {
		server.Close()
	}
	s.served.Wait()
	s.Service.Close()
}

// Shutdown stops the server once the requests that are under way have been answered, or when ctx ends, whose error it
// then returns.
func (s *Server) Shutdown(ctx context.Context) error {
	var all sync.WaitGroup
	errs := make([]error, len(s.servers))
	for i, server := range s.servers {
		all.Go(func() { errs[i] = server.Shutdown(ctx) })
	}
	all.Wait()
	s.Close()
	return errors.Join(errs...)
}

// Client returns an HTTP client that reaches the server under every host name, and trusts its certificates. It makes
// virtual-hosted requests work without a resolver: with it, an SDK can be pointed at oss-cn-hangzhou.aliyuncs.com as in
// production.
func (s *Server) Client() *http.Client {
	roots := x509.NewCertPool()
	if s.options.CA != nil {
		roots.AppendCertsFromPEM(s.options.CA.PEM())
	}
	dial := func(endpoint string) func(context.Context, string, string) (net.Conn, error) {
		return func(ctx context.Context, network, address string) (net.Conn, error) {
			var d net.Dialer
			return d.DialContext(ctx, network, endpoint)
		}
	}
	plain := &http.Transport{DialContext: dial(s.Endpoint)}
	secure := &http.Transport{DialContext: dial(s.TLSEndpoint), TLSClientConfig: &tls.Config{RootCAs: roots}}
	return &http.Client{Transport: byScheme{plain, secure}}
}

// byScheme sends plain and secure requests to different places.
type byScheme struct{ plain, secure *http.Transport }

func (t byScheme) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.URL.Scheme == "https" {
		return t.secure.RoundTrip(r)
	}
	return t.plain.RoundTrip(r)
}

// CloseIdleConnections makes [http.Client.CloseIdleConnections] work.
func (t byScheme) CloseIdleConnections() {
	t.plain.CloseIdleConnections()
	t.secure.CloseIdleConnections()
}
