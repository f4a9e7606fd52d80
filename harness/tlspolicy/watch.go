package tlspolicy

import "net"

// A watchedConn looks for an alert in plain text in what is read. crypto/tls cannot read one of another version than
// the negotiated one, in which OpenSSL refuses a version, nor one in a handshake of TLS 1.3 that is encrypted by then,
// in which OpenSSL refuses a certificate.
type watchedConn struct {
	net.Conn
	alert uint8 // number of the alert; 0 if there was none
	done  bool  // nothing more is looked for; to be set while nobody reads

	header [recordHeader]byte
	have   int // bytes of the record so far, its header included
}

const (
	recordHeader = 5 // type, version, length
	recordAlert  = 21
	alertLength  = 2 // level, number; longer if it is encrypted
)

func (c *watchedConn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	if !c.done {
		c.watch(p[:n])
	}
	return n, err
}

// watch follows the records in p, which goes on where the last one ended.
func (c *watchedConn) watch(p []byte) {
	for len(p) > 0 {
		if c.have < recordHeader {
			n := copy(c.header[c.have:], p)
			c.have += n
			p = p[n:]
			if c.have < recordHeader {
				return
			}
		}
		length := int(c.header[3])<<8 | int(c.header[4])
		at := c.have - recordHeader // in the content
		n := min(length-at, len(p))
		if last := alertLength - 1 - at; c.header[0] == recordAlert && length == alertLength && 0 <= last && last < n {
			c.alert = p[last]
		}
		c.have += n
		p = p[n:]
		if at+n == length {
			c.have = 0
		}
	}
}
