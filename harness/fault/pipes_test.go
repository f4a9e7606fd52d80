package fault_test

import (
	"context"
	"io"
	"net"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ossconf/ossconf/harness/fault"
)

// pipes is a listener whose connections are pipes, which synctest knows, so that real clients and servers wait in no
// time.
type pipes struct {
	conns  chan net.Conn
	closed chan struct{}
}

func (p pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.conns:
		return c, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

func (p pipes) Close() error   { close(p.closed); return nil }
func (p pipes) Addr() net.Addr { return &net.UnixAddr{Name: "pipe"} }

// overPipes starts a server for h and returns a client of it, and what stops both.
func overPipes(h http.Handler) (*http.Client, func()) {
	l := pipes{make(chan net.Conn), make(chan struct{})}
	server := &http.Server{Handler: h}
	go server.Serve(l)
	transport := &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) {
		client, conn := duplexPair()
		l.conns <- conn
		return client, nil
	}}
	return &http.Client{Transport: transport}, func() { transport.CloseIdleConnections(); server.Close() }
}

// A duplex is a connection of two pipes, so that one direction can be closed before the other, as with TCP.
type duplex struct {
	net.Conn // what it reads from
	out      net.Conn
}

func duplexPair() (a, b net.Conn) {
	aIn, bOut := net.Pipe()
	bIn, aOut := net.Pipe()
	return duplex{aIn, aOut}, duplex{bIn, bOut}
}

func (d duplex) Write(p []byte) (int, error)        { return d.out.Write(p) }
func (d duplex) CloseWrite() error                  { return d.out.Close() }
func (d duplex) Close() error                       { d.out.Close(); return d.Conn.Close() }
func (d duplex) SetWriteDeadline(t time.Time) error { return d.out.SetWriteDeadline(t) }

func (d duplex) SetDeadline(t time.Time) error {
	d.out.SetDeadline(t)
	return d.Conn.SetDeadline(t)
}

// A body that breaks off ends at once, and a client that does not close its side is not waited for without end.
func TestTruncateTakesNoTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ended := make(chan time.Time, 1)
		s := newService(t, fault.Rule{Kind: fault.Truncate})
		client, stop := overPipes(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			s.ServeHTTP(w, r)
			ended <- time.Now()
		}))
		defer stop()
		start := time.Now()
		if _, _, err := send(t, client, "GET", "http://localhost/examplebucket/", ""); err != io.ErrUnexpectedEOF {
			t.Errorf("error: %v", err)
		}
		if took := (<-ended).Sub(start); took != 0 {
			t.Errorf("it took %v", took)
		}

		conn, err := client.Transport.(*http.Transport).DialContext(t.Context(), "", "")
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		io.WriteString(conn, "GET /examplebucket/ HTTP/1.1\r\nHost: localhost\r\n\r\n")
		if _, err := io.ReadAll(conn); err != nil {
			t.Error(err)
		}
		if took := time.Since(start); took != 0 {
			t.Errorf("the answer took %v", took)
		}
		if took := (<-ended).Sub(start); took < time.Second || took > 10*time.Second {
			t.Errorf("the connection was kept for %v", took)
		}
	})
}
