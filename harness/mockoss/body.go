package mockoss

import (
	"bytes"
	"crypto/md5"
	"encoding/base64"
	"errors"
	"io"
	"net"
	"net/http"
	"slices"
)

// readBody reads what the request carries, limit bytes at most, and checks it against Content-MD5.
func (c *call) readBody(limit int64) error {
	// The declared length is looked at first: a client that waits for 100 Continue need not send what is too large.
	if c.r.ContentLength > limit {
		return c.tooLarge()
	}
	if c.r.Body == nil || c.r.Body == http.NoBody { // nil in a request that a test made for a client and hands to the handler
		return c.checkDigest()
	}
	body, err := c.readAll(limit)
	switch {
	case errors.Is(err, errBusy):
		// A client that is answered while it still sends may stumble over that, and not read the answer.
		c.release()
		io.CopyN(io.Discard, c.r.Body, limit)
		return busy()
	case err != nil:
		return c.unreadable(err)
	case int64(len(body)) > limit:
		return c.tooLarge()
	}
	c.body = body
	return c.checkDigest()
}

// readAll reads the body to its end, or one byte more than limit. The buffer grows with what arrives, not with what was
// declared, and ends up no larger than the body: an object is kept as it was read.
func (c *call) readAll(limit int64) ([]byte, error) {
	most := limit + 1
	if n := c.r.ContentLength; n > 0 { // 0 says nothing in a request that was made for a client
		most = n
	}
	var body []byte
	for int64(len(body)) < most {
		if len(body) == cap(body) {
			size := min(max(2*int64(cap(body)), firstRead), most)
			if err := c.reserve(size - int64(cap(body))); err != nil {
				return nil, err
			}
			body = append(make([]byte, 0, size), body...)
		}
		n, err := c.r.Body.Read(body[len(body):cap(body)])
		body = body[:len(body)+n]
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, err
		}
	}
	return exact(body), nil
}

// unreadable is the answer to a body that cannot be read to its end: that of OSS to one that does not come, and one of
// this server's own where the chunks are none.
func (c *call) unreadable(err error) *problem {
	var n net.Error
	chunked := slices.Contains(c.r.TransferEncoding, "chunked")
	if !chunked || errors.As(err, &n) || errors.Is(err, io.ErrUnexpectedEOF) {
		return requestTimeout()
	}
	return invalidArgument("The body cannot be read: " + err.Error() + ".")
}

// firstRead is how large the buffer for a body is at first.
const firstRead = 4 << 10

// exact returns b, or a copy if much of what is behind it is not used.
func exact(b []byte) []byte {
	if cap(b)-len(b) > len(b)/8 {
		return bytes.Clone(b)
	}
	return b
}

func (c *call) tooLarge() *problem {
	if c.op.content {
		return objectTooLarge(c.service.options.MaxObject)
	}
	return bodyTooLarge()
}

// maxInFlight bounds the bytes of the bodies that are being read at a time, beyond what one request is allowed anyway.
// Options.MaxBytes does, too: more than that cannot be stored.
const maxInFlight = 256 << 20

var errBusy = errors.New("more bodies at a time than are read")

// reserve counts bytes that a body takes until [call.release].
func (c *call) reserve(n int64) error {
	o := &c.service.options
	c.reserved += n
	if c.service.inFlight.Add(n) > min(maxInFlight, o.MaxBytes)+o.MaxObject+maxFormFields {
		return errBusy
	}
	return nil
}

// release ends the counting of what the request has reserved.
func (c *call) release() {
	c.service.inFlight.Add(-c.reserved)
	c.reserved = 0
}

// checkDigest compares the body with Content-MD5, which the SDKs send with every request, a GET included.
func (c *call) checkDigest() error {
	given := c.r.Header.Get("Content-Md5")
	if given == "" {
		return nil
	}
	digest, err := base64.StdEncoding.DecodeString(given)
	if err != nil || len(digest) != md5.Size {
		return digestInvalid()
	}
	if [md5.Size]byte(digest) != md5.Sum(c.body) {
		return digestMismatch()
	}
	return nil
}
