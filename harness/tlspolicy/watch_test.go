package tlspolicy

import (
	"bytes"
	"io"
	"net"
	"testing"
	"testing/iotest"
)

type readConn struct {
	net.Conn
	io.Reader
}

func (c readConn) Read(p []byte) (int, error) { return c.Reader.Read(p) }

func TestWatchedConn(t *testing.T) {
	const handshake, alert = "\x16\x03\x01\x00\x04\x15\x03\x03\x00", "\x15\x03\x03\x00\x02\x02\x30"
	for _, test := range []struct {
		name, sent string
		want       uint8
	}{
		{"no alert", handshake, 0},
		{"an alert", alert, 48},
		{"an alert after something else", handshake + "\x14\x03\x03\x00\x01\x01" + alert, 48},
		{"an alert before something else", alert + handshake, 48},
		{"an encrypted alert", "\x15\x03\x03\x00\x03\x02\x30\x00", 0},
		{"half an alert", alert[:len(alert)-1], 0},
		{"an empty record", "\x16\x03\x03\x00\x00" + alert, 48},
		{"an empty record last", alert + "\x16\x03\x03\x00\x00", 48},
	} {
		for name, reader := range map[string]func(io.Reader) io.Reader{"at once": func(r io.Reader) io.Reader { return r }, "in bytes": iotest.OneByteReader, "in halves": iotest.HalfReader} {
			t.Run(test.name+" "+name, func(t *testing.T) {
				c := watchedConn{Conn: readConn{Reader: reader(bytes.NewReader([]byte(test.sent)))}}
				got, err := io.ReadAll(&c)
				if string(got) != test.sent || err != nil {
					t.Errorf("read %q, %v", got, err)
				}
				if c.alert != test.want {
					t.Errorf("alert %d, want %d", c.alert, test.want)
				}
			})
		}
	}
	c := watchedConn{Conn: readConn{Reader: bytes.NewReader([]byte(alert))}, done: true}
	if io.Copy(io.Discard, &c); c.alert != 0 {
		t.Error("it still looks")
	}
}
