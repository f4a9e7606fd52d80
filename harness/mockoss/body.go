package mockoss

import (
	"bytes"
	"crypto/md5"
	"encoding/base64"
	"errors"
	"io"
)

// readBody reads what the request carries, limit bytes at most, and checks it against Content-MD5.
func (c *call) readBody(limit int64) error {
	// The declared length is looked at first: a client that waits for 100 Continue need not send what is too large.
	if c.r.ContentLength > limit {
		return c.tooLarge()
	}
	if c.r.Body == nil { // of a request that a test made for a client and hands to the handler
		return c.checkDigest()
	}
	// The buffer grows with what arrives, not with what was declared.
	var body bytes.Buffer
	n, err := body.ReadFrom(&reserving{c, io.LimitReader(c.r.Body, limit+1)})
	switch {
	case errors.Is(err, errBusy):
		return busy()
	case err != nil:
		return requestTimeout()
	case n > limit:
		return c.tooLarge()
	}
	c.body = body.Bytes()
	return c.checkDigest()
}

func (c *call) tooLarge() *problem {
	if c.op.content {
		return objectTooLarge(c.service.options.MaxObject)
	}
	return bodyTooLarge()
}

// maxInFlight bounds the bytes of the bodies that are being read at a time, beyond what one request is allowed anyway.
const maxInFlight = 256 << 20

var errBusy = errors.New("more bodies at a time than are read")

// reserving counts what is read of a body until [call.release].
type reserving struct {
	call *call
	body io.Reader
}

func (r *reserving) Read(p []byte) (int, error) {
	n, err := r.body.Read(p)
	r.call.reserved += int64(n)
	if r.call.service.inFlight.Add(int64(n)) > maxInFlight+r.call.service.options.MaxObject {
		return n, errBusy
	}
	return n, err
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
