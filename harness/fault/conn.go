package fault

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"
)

// lingerTime is how long a client has to read what was sent before the connection is closed for good.
const lingerTime = 2 * time.Second

// maxAhead is how much of a request's body is read ahead.
const maxAhead = 1 << 20

// takeOver takes the connection away from the server.
func takeOver(w http.ResponseWriter) net.Conn {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	return conn
}

// hangUp closes the connection of a client that does not wait any more.
func hangUp(w http.ResponseWriter) { takeOver(w).Close() }

// reset closes the connection with an RST.
func reset(w http.ResponseWriter) {
	top := takeOver(w)
	defer top.Close()
	// TLS would say goodbye before it closes, so what is below it goes first.
	conn := top
	for {
		layer, ok := conn.(interface{ NetConn() net.Conn })
		if !ok {
			break
		}
		conn = layer.NetConn()
	}
	if tcp, ok := conn.(interface{ SetLinger(int) error }); ok {
		tcp.SetLinger(0)
	}
	conn.Close()
}

// breakOff closes the connection after what was sent. A connection that is closed while there is something to read
// from it is reset, and the client might lose what was sent: so the client closes first, if it does so in time.
func breakOff(w http.ResponseWriter) { finish(takeOver(w)) }

// breakOffHead sends the start of a head and closes the connection.
func breakOffHead(w http.ResponseWriter, status int) {
	conn := takeOver(w)
	conn.SetDeadline(time.Now().Add(lingerTime))
	fmt.Fprintf(conn, "HTTP/1.1 %d %s\r\n", status, http.StatusText(status))
	finish(conn)
}

func finish(conn net.Conn) {
	defer conn.Close()
	half, ok := conn.(interface{ CloseWrite() error })
	if !ok {
		return
	}
	conn.SetDeadline(time.Now().Add(lingerTime))
	half.CloseWrite()
	io.Copy(io.Discard, conn)
}

// expectsContinue reports whether the client sends the body only when it is told to.
func expectsContinue(r *http.Request) bool {
	return strings.EqualFold(r.Header.Get("Expect"), "100-continue")
}

// readAhead reads the start of the request's body and puts it back. It makes net/http watch the connection, which
// happens only once there is nothing of the body to come.
func readAhead(r *http.Request) {
	if r.Body == nil || r.Body == http.NoBody {
		return
	}
	var start bytes.Buffer
	_, err := io.CopyN(&start, r.Body, maxAhead)
	rest := io.Reader(r.Body)
	if err != nil {
		rest = failing{err} // io.EOF for a body that was read to its end
	}
	r.Body = struct {
		io.Reader
		io.Closer
	}{io.MultiReader(&start, rest), r.Body}
}

// failing is a reader that has nothing but an error.
type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }
