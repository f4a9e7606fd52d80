package mockoss

import (
	"crypto/md5"
	"encoding/base64"
	"io"

	"github.com/ossconf/ossconf/httpsconfig"
)

// readBody reads what the request carries and checks it against Content-MD5.
func (c *call) readBody() error {
	// The declared length is looked at first: a client that waits for 100 Continue need not send what is too large.
	if c.r.ContentLength > httpsconfig.MaxSize {
		return bodyTooLarge()
	}
	if c.r.Body == nil { // of a request that a test made for a client and hands to the handler
		return c.checkDigest()
	}
	body, err := io.ReadAll(io.LimitReader(c.r.Body, httpsconfig.MaxSize+1))
	if err != nil {
		return requestTimeout()
	}
	if len(body) > httpsconfig.MaxSize {
		return bodyTooLarge()
	}
	c.body = body
	return c.checkDigest()
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
