package tlspolicy

import (
	"container/list"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"sync"
	"time"
)

// handshakeTimeout is how long a client has for its handshake.
const handshakeTimeout = 10 * time.Second

// Why a handshake was ended.
var (
	errTimeout = errors.New("no handshake within " + handshakeTimeout.String())
	errCrowded = errors.New("there were too many handshakes at once, and this was the oldest")
	errClosed  = errors.New("the listener was closed")
	errBacklog = errors.New("nobody accepts connections")
)

// A Listener is a [net.Listener] that returns connections whose handshake is done.
type Listener struct {
	inner   net.Listener
	options Options

	ctx    context.Context // of all handshakes
	cancel context.CancelCauseFunc
	work   sync.WaitGroup // the goroutine that accepts, and those of the handshakes
	ready  chan *tls.Conn // done, not accepted yet
	room   chan struct{}  // holds as much as ready, or is about to

	acceptErr error         // why inner has ended; to be read once ended is closed
	ended     chan struct{} // closed when inner has

	mu   sync.Mutex
	open *list.List // the handshakes going on, as context.CancelCauseFunc, the oldest first

	closeOnce sync.Once
	closeErr  error
}

// Listen returns a listener that makes TLS connections of those of inner. It panics if the options do not pass
// [Options.Validate]. The caller closes it, which closes inner.
func Listen(inner net.Listener, o Options) *Listener {
	if err := o.Validate(); err != nil {
		panic(err)
	}
	l := &Listener{inner: inner, options: o.withDefaults(), ended: make(chan struct{}), open: list.New()}
	l.ctx, l.cancel = context.WithCancelCause(context.Background())
	l.ready, l.room = make(chan *tls.Conn, l.options.MaxHandshakes), make(chan struct{}, l.options.MaxHandshakes)
	l.work.Go(l.acceptAll)
	return l
}

// Accept returns the next connection whose handshake is done; it is a *[tls.Conn]. The error wraps [net.ErrClosed]
// after Close, or is that of the inner listener.
func (l *Listener) Accept() (net.Conn, error) {
	select {
	case conn := <-l.ready:
		<-l.room
		return conn, nil
	case <-l.ended:
		return nil, l.acceptErr
	}
}

// Addr returns the address of the inner listener.
func (l *Listener) Addr() net.Addr { return l.inner.Addr() }

// Close closes the inner listener, ends the handshakes that are going on and the connections that nobody has accepted,
// and waits until all that is done. It may be called more than once.
func (l *Listener) Close() error {
	l.closeOnce.Do(func() {
		l.cancel(errClosed)
		l.closeErr = l.inner.Close()
		l.work.Wait()
		for {
			select {
			case conn := <-l.ready:
				conn.Close()
			default:
				return
			}
		}
	})
	return l.closeErr
}

// acceptAll starts a handshake for every connection.
func (l *Listener) acceptAll() {
	defer close(l.ended)
	var delay time.Duration
	for {
		conn, err := l.inner.Accept()
		if err == nil {
			delay = 0
			l.start(conn)
			continue
		}
		if l.ctx.Err() != nil {
			l.acceptErr = &net.OpError{Op: "accept", Net: l.Addr().Network(), Addr: l.Addr(), Err: net.ErrClosed}
			return
		}
		// As net/http does it: out of file descriptors, say, is no reason to stop.
		if ne, ok := err.(interface{ Temporary() bool }); !ok || !ne.Temporary() {
			l.acceptErr = err
			return
		}
		delay = min(max(5*time.Millisecond, 2*delay), time.Second)
		select {
		case <-time.After(delay):
		case <-l.ctx.Done():
		}
	}
}

// start makes the handshake of a connection in a goroutine of its own.
func (l *Listener) start(conn net.Conn) {
	ctx, cancel := context.WithCancelCause(l.ctx)
	l.mu.Lock()
	if l.open.Len() >= l.options.MaxHandshakes {
		l.open.Remove(l.open.Front()).(context.CancelCauseFunc)(errCrowded)
	}
	e := l.open.PushBack(cancel)
	l.mu.Unlock()
	l.work.Go(func() {
		defer cancel(nil)
		l.handshake(ctx, conn)
		l.mu.Lock()
		l.open.Remove(e) // does nothing if it was removed already
		l.mu.Unlock()
	})
}

// handshake makes a handshake and hands the connection on, or closes it.
func (l *Listener) handshake(ctx context.Context, raw net.Conn) {
	ctx, cancel := context.WithTimeoutCause(ctx, handshakeTimeout, errTimeout)
	defer cancel()
	watched := &watchedConn{Conn: raw}
	j := judge{options: &l.options, conn: watched}
	j.seen.Time, j.seen.Remote = l.options.Now(), raw.RemoteAddr().String()
	conn := tls.Server(watched, &tls.Config{GetConfigForClient: j.configForClient})
	err := conn.HandshakeContext(ctx)
	if ctx.Err() != nil && err != nil {
		err = context.Cause(ctx)
	}
	if err == nil {
		select {
		case l.room <- struct{}{}:
		default:
			err = errBacklog
		}
	}
	if err != nil {
		j.failed(err, conn.ConnectionState())
		l.options.Record(j.seen)
		answerHTTP(err)
		conn.Close()
		return
	}
	watched.done = true
	j.connected(conn.ConnectionState())
	l.options.Record(j.seen)
	l.ready <- conn // there is room
}

// answerHTTP tells a client that sent a request in plain HTTP what is wrong, as net/http does.
func answerHTTP(err error) {
	var header tls.RecordHeaderError
	if !errors.As(err, &header) || header.Conn == nil {
		return
	}
	switch string(header.RecordHeader[:]) {
	case "GET /", "HEAD ", "POST ", "PUT /", "DELET", "OPTIO":
		header.Conn.SetWriteDeadline(time.Now().Add(time.Second))
		io.WriteString(header.Conn, "HTTP/1.0 400 Bad Request\r\nConnection: close\r\n\r\nThis port speaks HTTPS: begin the URL with https://.\n")
	}
}
