package mockoss

import (
	"net/http"
	"slices"
	"strings"
)

// An operation is one that the service implements.
type operation struct {
	name      string // as the OSS documents call it
	method    string
	parameter string   // the query parameter that selects it; empty for the bucket as such
	further   []string // query parameters it also takes
	run       func(*call) (answer, error)
}

// operations returns what the service implements, in the order of the documentation. It is no variable because what
// it lists leads back to it: an operation may answer NotImplemented, which names them all.
func operations() []operation {
	return []operation{
		{"PutBucketHttpsConfig", http.MethodPut, "httpsConfig", nil, putHTTPSConfig},
		{"GetBucketHttpsConfig", http.MethodGet, "httpsConfig", nil, getHTTPSConfig},
		{"PutBucket", http.MethodPut, "", nil, putBucket},
		{"ListObjects", http.MethodGet, "", []string{"prefix", "marker", "delimiter", "max-keys", "encoding-type"},
			listObjects},
		{"ListObjectsV2", http.MethodGet, "list-type", []string{"prefix", "start-after", "continuation-token",
			"delimiter", "max-keys", "encoding-type", "fetch-owner"}, listObjectsV2},
		{"DeleteBucket", http.MethodDelete, "", nil, deleteBucket},
	}
}

// signatureParameters are the query parameters of a presigned URL; every operation takes them.
var signatureParameters = []string{"x-oss-signature-version", "x-oss-date", "x-oss-expires", "x-oss-credential",
	"x-oss-security-token", "x-oss-additional-headers", "x-oss-signature"}

// route finds the operation. A query parameter that the operation does not take makes it another operation: a client
// that asks for ?acl must not be given a listing.
func (c *call) route() error {
	if c.bucket != "" && c.key == "" {
		for _, op := range operations() {
			if op.method == c.r.Method && op.takes(c.query) {
				c.op = &op
				return nil
			}
		}
	}
	return notImplemented(c)
}

// takes reports whether query selects the operation and holds nothing that it does not know.
func (op *operation) takes(query map[string][]string) bool {
	if _, ok := query[op.parameter]; op.parameter != "" && !ok {
		return false
	}
	for name := range query {
		if name != op.parameter && !slices.Contains(op.further, name) && !slices.Contains(signatureParameters, name) {
			return false
		}
	}
	return true
}

// describe returns what the request asks for, in few words: the method, what it is about and the query parameters
// that select an operation.
func (c *call) describe() string {
	s := c.r.Method + " service"
	switch {
	case c.key != "":
		s = c.r.Method + " object"
	case c.bucket != "":
		s = c.r.Method + " bucket"
	}
	var names []string
	for name := range c.query {
		if !slices.Contains(signatureParameters, name) {
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		return s
	}
	slices.Sort(names)
	return s + " ?" + strings.Join(names, "&")
}
