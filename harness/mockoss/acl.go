package mockoss

import (
	"net/http"

	"github.com/ossconf/ossconf/harness/mockoss/internal/state"
)

// putBucketACL sets what everybody may do, from the header x-oss-acl.
func putBucketACL(c *call) (answer, error) {
	acl := c.r.Header.Get("X-Oss-Acl")
	if !isACL(acl) {
		return answer{}, noSuchACL("x-oss-acl", acl)
	}
	return c.update(manage, answer{status: http.StatusOK}, func(tx *state.Tx, b state.Bucket) error {
		if acl != aclPrivate && blocksPublic(tx, b) {
			return publicACLBlocked("bucket")
		}
		b.ACL = acl
		return tx.PutBucket(b)
	})
}

func getBucketACL(c *call) (answer, error) {
	return c.view(manage, func(_ *state.Tx, b state.Bucket) (answer, error) { return aclAnswer(b.Owner, b.ACL), nil })
}

// putObjectACL sets what everybody may do with an object, from the header x-oss-object-acl.
func putObjectACL(c *call) (answer, error) {
	acl, err := objectACL(c.r.Header.Get("X-Oss-Object-Acl"))
	if err != nil {
		return answer{}, err
	}
	return c.update(manage, answer{status: http.StatusOK}, func(tx *state.Tx, b state.Bucket) error {
		o, ok := tx.Object(b.Name, c.key)
		switch {
		case !ok:
			return noSuchKey(c.key)
		case acl != aclDefault && acl != aclPrivate && blocksPublic(tx, b):
			return publicACLBlocked("object")
		}
		changed := *o
		changed.ACL = acl
		return tx.PutObject(b.Name, &changed)
	})
}

func getObjectACL(c *call) (answer, error) {
	return c.view(manage, func(tx *state.Tx, b state.Bucket) (answer, error) {
		o, ok := tx.Object(b.Name, c.key)
		if !ok {
			return answer{}, noSuchKey(c.key)
		}
		return aclAnswer(b.Owner, o.ACL), nil
	})
}

// objectACL checks the access control list of an object; none is that of the bucket.
func objectACL(s string) (string, error) {
	switch {
	case s == "" || s == aclDefault:
		return aclDefault, nil
	case !isACL(s):
		return "", noSuchACL("x-oss-object-acl", s)
	}
	return s, nil
}

func aclAnswer(owner, acl string) answer {
	return xmlAnswer(func(d *document) {
		d.w.Start("AccessControlPolicy")
		d.owner("Owner", owner)
		d.w.Start("AccessControlList")
		d.leaf("Grant", acl)
		d.w.End("AccessControlList")
		d.w.End("AccessControlPolicy")
	})
}
