package mockoss

import (
	"slices"

	"github.com/ossconf/ossconf/harness/mockoss/internal/state"
)

// The access control lists of OSS. An object's may also be default: that of its bucket.
const (
	aclPrivate         = "private"
	aclPublicRead      = "public-read"
	aclPublicReadWrite = "public-read-write"
	aclDefault         = "default"
)

func isACL(s string) bool {
	return slices.Contains([]string{aclPrivate, aclPublicRead, aclPublicReadWrite}, s)
}

// An access is what an operation wants to do.
type access uint8

const (
	manage access = iota // the bucket's configurations; for its owner alone
	read
	write
)

// allows reports whether acl lets everybody do what is wanted.
func (want access) allows(acl string) bool {
	switch want {
	case read:
		return acl == aclPublicRead || acl == aclPublicReadWrite
	case write:
		return acl == aclPublicReadWrite
	}
	return false
}

// blocksPublic reports whether a bucket is closed to everybody, whatever the access control lists say: by itself or by
// its account.
func blocksPublic(tx *state.Tx, b state.Bucket) bool {
	doc, _ := tx.AccountConfiguration(b.Owner, "publicAccessBlock")
	block, _ := child(doc, "BlockPublicAccess")
	return block == "true" || bucketBlocksPublic(tx, b.Name)
}

// bucketBlocksPublic reports whether a bucket is closed to everybody by itself. A new one is.
func bucketBlocksPublic(tx *state.Tx, bucket string) bool {
	doc, ok := tx.Configuration(bucket, "publicAccessBlock", "")
	block, _ := child(doc, "BlockPublicAccess")
	return !ok || block == "true"
}

// locate returns the bucket of the request. The error is a *problem: there is none, or it is at another place.
func (c *call) locate(tx *state.Tx) (state.Bucket, error) {
	b, ok := tx.Bucket(c.bucket)
	switch {
	case !ok:
		return b, noSuchBucket(c.bucket)
	case b.Region != c.place.Region:
		return b, wrongEndpoint(b.Name, c.service.placeOf(b.Region).endpoint(false))
	}
	return b, nil
}

// find returns the bucket of the request if the caller may do to it what is wanted.
func (c *call) find(tx *state.Tx, want access) (state.Bucket, error) {
	b, err := c.locate(tx)
	if err == nil && !c.may(tx, b, "", want) {
		err = c.denied()
	}
	return b, err
}

// findObject returns the object of the request if the caller may do to it what is wanted.
func (c *call) findObject(tx *state.Tx, want access) (*state.Object, error) {
	b, err := c.locate(tx)
	if err != nil {
		return nil, err
	}
	o, ok := tx.Object(c.bucket, c.key)
	acl := ""
	if ok {
		acl = o.ACL
	}
	switch {
	case !c.may(tx, b, acl, want): // that there is no such object is not for everybody to know
		return nil, c.denied()
	case !ok:
		return nil, noSuchKey(c.key)
	}
	return o, nil
}

// may reports whether the caller may do what is wanted to a bucket, or to an object in it with an access control list
// of its own.
func (c *call) may(tx *state.Tx, b state.Bucket, objectACL string, want access) bool {
	if c.owner != "" && c.owner == b.Owner {
		return true
	}
	acl := b.ACL
	if objectACL != "" && objectACL != aclDefault {
		acl = objectACL
	}
	return want.allows(acl) && !blocksPublic(tx, b)
}

// denied is the answer to a caller who may not do something.
func (c *call) denied() *problem {
	if c.owner == "" {
		return noRight()
	}
	return notYours(c.bucket)
}
