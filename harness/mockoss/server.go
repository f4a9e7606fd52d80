package mockoss

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"
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

	server http.Server
	served chan struct{} // closed when the server has stopped
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

// Start starts a server. The error wraps [ErrOptions] or comes from listening. The caller closes the server.
func Start(o Options) (*Server, error) {
	service, err := Open(o)
	if err != nil {
		return nil, err
	}
	l, err := net.Listen("tcp", service.options.Addr)
	if err != nil {
		service.Close()
		return nil, fmt.Errorf("mockoss: %w", err)
	}
	return serve(service, l), nil
}

// serve answers what comes in through l.
func serve(service *Service, l net.Listener) *Server {
	addr := l.Addr().String()
	s := &Server{
		Service:  service,
		URL:      "http://" + addr,
		Endpoint: addr,
		Region:   service.options.Region,
		served:   make(chan struct{}),
	}
	s.server = http.Server{
		Handler:           service,
		ReadHeaderTimeout: headerTimeout,
		ReadTimeout:       readTimeout,
		WriteTimeout:      writeTimeout,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    maxHeaderBytes,
		ErrorLog:          slog.NewLogLogger(service.options.Logger.Handler(), slog.LevelDebug),
	}
	go func() {
		defer close(s.served)
		s.server.Serve(l) // ends when Close does, with http.ErrServerClosed
	}()
	return s
}

// Close stops the server and ends its connections. It may be called more than once.
func (s *Server) Close() {
	s.server.Close()
	<-s.served
	s.Service.Close()
}

// Client returns an HTTP client that reaches the server under every host name. It makes virtual-hosted requests work
// without a resolver: with it, an SDK can be pointed at oss-cn-hangzhou.aliyuncs.com as in production.
func (s *Server) Client() *http.Client {
	var d net.Dialer
	return &http.Client{Transport: &http.Transport{
		DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return d.DialContext(ctx, network, s.Endpoint)
		},
	}}
}
