package mockoss

import (
	"crypto/md5"
	"encoding/base64"
	"encoding/hex"
	"hash/crc64"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/ossconf/ossconf/harness/mockoss/internal/state"
)

// maxKey is how many bytes an object's name may have
// (https://help.aliyun.com/en/oss/user-guide/object-naming-conventions).
const maxKey = 1023

// checkKey returns the error for a name that no object may have.
func checkKey(key string) error {
	switch {
	case len(key) > maxKey:
		return invalidObjectName("The length of object name must be less than 1024.", key)
	case !utf8.ValidString(key), strings.HasPrefix(key, "/"), strings.HasPrefix(key, `\`):
		return invalidObjectName("The specified object is not valid.", key)
	}
	return nil
}

// putObject stores an object.
func putObject(c *call) (answer, error) {
	o, err := c.newObject(c.key, c.body, c.r.Header.Get)
	if err != nil {
		return answer{}, err
	}
	if err := c.store(o, c.r.Header.Get("X-Oss-Forbid-Overwrite") == "true"); err != nil {
		return answer{}, err
	}
	return answer{status: http.StatusOK, header: map[string]string{
		"Etag": etag(o), "Content-Md5": contentMD5(o), "X-Oss-Hash-Crc64ecma": checksum(o),
	}}, nil
}

// keptHeaders are the headers of a PutObject that come back with the object, beside x-oss-meta-*.
func keptHeaders() []string {
	return []string{"Content-Type", "Cache-Control", "Content-Disposition", "Content-Encoding", "Content-Language", "Expires",
		"X-Oss-Server-Side-Encryption", "X-Oss-Server-Side-Data-Encryption", "X-Oss-Server-Side-Encryption-Key-Id"}
}

// storageClasses are the documented ones. That others are refused is documented, how is assumed.
func storageClasses() []string {
	return []string{"Standard", "IA", "Archive", "ColdArchive", "DeepColdArchive"}
}

const metaPrefix = "X-Oss-Meta-"

// newObject makes an object of what was sent. header returns a header of the request, or the field of a form that
// stands for it.
func (c *call) newObject(key string, body []byte, header func(string) string) (*state.Object, error) {
	if err := checkKey(key); err != nil {
		return nil, err
	}
	acl, err := objectACL(header("X-Oss-Object-Acl"))
	if err != nil {
		return nil, err
	}
	// A key may be a piece of a long request line, and a form's file has been copied bit by bit.
	o := &state.Object{Key: strings.Clone(key), Body: exact(body), Headers: map[string]string{"Content-Type": "application/octet-stream"},
		Modified: c.now, ACL: acl, StorageClass: "Standard", MD5: md5.Sum(body), CRC64: crc64.Checksum(body, ecma)}
	if class := header("X-Oss-Storage-Class"); class != "" {
		if !slices.Contains(storageClasses(), class) {
			return nil, invalidParameter("The storage class you specified is invalid.", "x-oss-storage-class", class)
		}
		o.StorageClass = class
	}
	for _, name := range keptHeaders() {
		if v := header(name); v != "" {
			o.Headers[name] = v
		}
	}
	return o, nil
}

// ecma is the polynomial of x-oss-hash-crc64ecma.
var ecma = crc64.MakeTable(crc64.ECMA)

// store puts an object into the bucket of the request, once everything that is asked of it holds.
func (c *call) store(o *state.Object, forbidOverwrite bool) error {
	for name, values := range c.r.Header {
		if strings.HasPrefix(name, metaPrefix) {
			o.Headers[name] = strings.Join(values, ",")
		}
	}
	_, err := c.update(write, answer{}, func(tx *state.Tx, b state.Bucket) error {
		if _, exists := tx.Object(b.Name, o.Key); exists && forbidOverwrite {
			return fileAlreadyExists()
		}
		if o.ACL != aclDefault && o.ACL != aclPrivate && blocksPublic(tx, b) {
			return publicACLBlocked("object")
		}
		return tx.PutObject(b.Name, o)
	})
	return err
}

func etag(o *state.Object) string {
	return `"` + strings.ToUpper(hex.EncodeToString(o.MD5[:])) + `"`
}

func contentMD5(o *state.Object) string { return base64.StdEncoding.EncodeToString(o.MD5[:]) }

func checksum(o *state.Object) string { return strconv.FormatUint(o.CRC64, 10) }

// object returns the object that the request reads, if its conditions hold.
func (c *call) object() (o *state.Object, err error) {
	if v := c.query.Get("versionId"); v != "" && v != nullVersion {
		return nil, noSuchVersion(c.key, v)
	}
	err = c.service.state.View(func(tx *state.Tx) error {
		o, err = c.findObject(tx, read)
		return err
	})
	if err == nil {
		err = c.conditions(o)
	}
	return o, err
}

// describeObject returns the headers of an object.
func describeObject(o *state.Object) map[string]string {
	h := map[string]string{
		"Etag": etag(o), "Last-Modified": o.Modified.Format(http.TimeFormat), "Accept-Ranges": "bytes",
		"Content-Md5": contentMD5(o), "X-Oss-Object-Type": "Normal", "X-Oss-Storage-Class": o.StorageClass,
		"X-Oss-Hash-Crc64ecma": checksum(o),
	}
	for name, value := range o.Headers {
		h[name] = value
	}
	return h
}

// overrides are the query parameters of GetObject that set a header of the answer, as response-content-type does.
func overrides() []string {
	return []string{"response-content-type", "response-content-language", "response-expires", "response-cache-control",
		"response-content-disposition", "response-content-encoding"}
}

func getObject(c *call) (answer, error) {
	for _, name := range overrides() {
		if c.owner == "" && c.query.Has(name) { // documented: they are for requests with a signature
			return answer{}, invalidParameter("Anonymous requests cannot set "+name+".", name, c.query.Get(name))
		}
	}
	o, err := c.object()
	if err != nil {
		return answer{}, err
	}
	a := answer{status: http.StatusOK, body: o.Body, header: describeObject(o)}
	if err := a.cut(c.r.Header.Get("Range"), c.r.Header.Get("X-Oss-Range-Behavior") == "standard"); err != nil {
		return answer{}, err
	}
	for _, name := range overrides() {
		if v := c.query.Get(name); v != "" {
			a.header[http.CanonicalHeaderKey(strings.TrimPrefix(name, "response-"))] = v
		}
	}
	return a, nil
}

func headObject(c *call) (answer, error) {
	o, err := c.object()
	if err != nil {
		return answer{}, err
	}
	return answer{status: http.StatusOK, header: describeObject(o), length: int64(len(o.Body))}, nil
}

// getObjectMeta answers with size, time and ETag alone.
func getObjectMeta(c *call) (answer, error) {
	o, err := c.object()
	if err != nil {
		return answer{}, err
	}
	return answer{status: http.StatusOK, length: int64(len(o.Body)), header: map[string]string{
		"Etag": etag(o), "Last-Modified": o.Modified.Format(http.TimeFormat), "X-Oss-Hash-Crc64ecma": checksum(o),
	}}, nil
}

// deleteObject answers 204 whether there is such an object or not.
func deleteObject(c *call) (answer, error) {
	if v := c.query.Get("versionId"); v != "" && v != nullVersion {
		return answer{}, noSuchVersion(c.key, v)
	}
	return c.update(write, answer{status: http.StatusNoContent}, func(tx *state.Tx, b state.Bucket) error {
		return tx.DeleteObject(b.Name, c.key)
	})
}
