package tlspolicy_test

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ossconf/ossconf/harness/tlspolicy"
)

// pipes is a listener that hands out one end of a net.Pipe, with which a synctest bubble can wait.
type pipes struct {
	conns chan net.Conn
	errs  chan error
	close chan struct{}
}

func newPipes() *pipes {
	return &pipes{make(chan net.Conn), make(chan error), make(chan struct{})}
}

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case conn := <-p.conns:
		return conn, nil
	case err := <-p.errs:
		return nil, err
	case <-p.close:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error   { close(p.close); return nil }
func (p *pipes) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 1} }

// bubbled returns options and the configuration of a client for the time in a synctest bubble.
func bubbled(t *testing.T, record func(tlspolicy.Handshake)) (tlspolicy.Options, *tls.Config) {
	t.Helper()
	ca, err := tlspolicy.NewCAAt(time.Now())
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(ca.PEM())
	return tlspolicy.Options{CA: ca, Certificates: ecdsa, Lookup: everyName, Record: record},
		&tls.Config{RootCAs: roots, ServerName: "examplebucket.localhost"}
}

// dial connects to the listener.
func (p *pipes) dial() net.Conn {
	client, server := net.Pipe()
	p.conns <- server
	return client
}

func TestSlowClients(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRecorder()
		o, config := bubbled(t, r.record)
		inner := newPipes()
		l := tlspolicy.Listen(inner, o)
		defer l.Close()
		start := time.Now()
		slow := inner.dial()
		defer slow.Close()
		go slow.Write([]byte{0x16, 3, 1}) // and nothing else

		// Meanwhile somebody else connects.
		go func() {
			conn := tls.Client(inner.dial(), config)
			conn.Handshake()
			io.Copy(io.Discard, conn)
		}()
		conn, err := l.Accept()
		if err != nil {
			t.Fatal(err)
		}
		if waited := time.Since(start); waited != 0 {
			t.Errorf("a client waited for another one, %s", waited)
		}
		conn.Close()

		slow.Read(make([]byte, 1)) // until it is closed
		if waited := time.Since(start); waited != tlspolicy.HandshakeTimeout {
			t.Errorf("a slow client was cut off after %s", waited)
		}
		if h := r.one(t, ""); h.Outcome != tlspolicy.Failed || h.Reason != "no hello: no handshake within 10s" {
			t.Errorf("%s", h)
		}
	})
}

func TestNobodyAccepts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRecorder()
		o, config := bubbled(t, r.record)
		o.MaxHandshakes = 2
		inner := newPipes()
		l := tlspolicy.Listen(inner, o)
		for range 3 {
			conn := tls.Client(inner.dial(), config)
			conn.Handshake()
			go io.Copy(io.Discard, conn)
			synctest.Wait()
		}
		var reasons []string
		for _, h := range r.all("examplebucket.localhost") {
			reasons = append(reasons, h.Reason)
		}
		if diff := cmp.Diff([]string{"", "", "nobody accepts connections"}, reasons); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		if conn, err := l.Accept(); err != nil {
			t.Error(err)
		} else {
			conn.Close()
		}
		l.Close() // and the one that is still there: the bubble ends with no goroutine left
		l.Close()
		if _, err := l.Accept(); !errors.Is(err, net.ErrClosed) {
			t.Errorf("after Close: %v", err)
		}
	})
}

type temporary struct{ error }

func (temporary) Temporary() bool { return true }

func TestInnerListenerFails(t *testing.T) {
	o := options(t, everyName, nil)
	synctest.Test(t, func(t *testing.T) {
		inner := newPipes()
		l := tlspolicy.Listen(inner, o)
		defer l.Close()
		start := time.Now()
		for range 10 {
			inner.errs <- temporary{errors.New("too many open files")}
		}
		final := errors.New("the interface is gone")
		inner.errs <- final
		if _, err := l.Accept(); err != final {
			t.Errorf("%v", err)
		}
		// 5, 10, 20, 40, 80, 160, 320, 640 ms and twice a second
		if waited := time.Since(start); waited != 3275*time.Millisecond {
			t.Errorf("it waited %s", waited)
		}
	})
	synctest.Test(t, func(t *testing.T) { // Close does not wait for the end of the delay
		inner := newPipes()
		l := tlspolicy.Listen(inner, o)
		inner.errs <- temporary{errors.New("too many open files")}
		start := time.Now()
		l.Close()
		if waited := time.Since(start); waited != 0 {
			t.Errorf("Close waited %s", waited)
		}
	})
}

// Accept returns a connection after its handshake was recorded, for a handler to find it.
func TestRecordComesFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		recorded := 0
		o, config := bubbled(t, func(tlspolicy.Handshake) { time.Sleep(time.Second); recorded++ })
		inner := newPipes()
		l := tlspolicy.Listen(inner, o)
		defer l.Close()
		go func() {
			conn := tls.Client(inner.dial(), config)
			conn.Handshake()
			io.Copy(io.Discard, conn)
		}()
		conn, err := l.Accept()
		if err != nil || recorded != 1 {
			t.Errorf("%v, %d recorded", err, recorded)
		}
		if state := conn.(*tls.Conn).ConnectionState(); !state.HandshakeComplete {
			t.Error("the handshake is not done")
		}
		conn.Close()
	})
}
