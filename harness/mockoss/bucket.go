package mockoss

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/ossconf/ossconf/xmlcodec"
)

// putBucket makes a bucket; one that the caller already owns is as good. What the body asks for, storage class and
// redundancy, makes no difference here.
func putBucket(c *call) (answer, error) {
	if len(c.body) > 0 && !isCreateBucketConfiguration(string(c.body)) {
		return answer{}, malformedXML()
	}
	if !c.service.store.create(c.bucket, c.owner) {
		return answer{}, bucketAlreadyExists(c.bucket)
	}
	return answer{status: http.StatusOK, location: "/" + c.bucket}, nil
}

// isCreateBucketConfiguration reports whether doc is well-formed with the root element of PutBucket.
func isCreateBucketConfiguration(doc string) bool {
	r := xmlcodec.NewReader(doc)
	root := ""
	for r.Next() {
		if root == "" {
			root = r.Token.Name
		}
	}
	return r.Err() == nil && root == "CreateBucketConfiguration"
}

func deleteBucket(c *call) (answer, error) {
	return answer{status: http.StatusNoContent}, c.service.store.remove(c.bucket, c.owner)
}

// listObjects answers with an empty listing: there are no objects. The elements and their order are those of
// https://help.aliyun.com/en/oss/developer-reference/listobjects.
func listObjects(c *call) (answer, error) {
	return c.list(func(l *listing) {
		l.echo("Marker", "marker")
		l.leaf("MaxKeys", l.maxKeys)
		l.echo("Delimiter", "delimiter")
		l.end()
	})
}

// listObjectsV2 is listObjects for list-type=2, which counts what it returns and echoes StartAfter and
// ContinuationToken only where they were given.
func listObjectsV2(c *call) (answer, error) {
	if v := c.query.Get("list-type"); v != "2" {
		return answer{}, invalidParameter("Invalid value for list-type.", "list-type", v)
	}
	return c.list(func(l *listing) {
		l.leaf("MaxKeys", l.maxKeys)
		if l.query.Has("start-after") {
			l.echo("StartAfter", "start-after")
		}
		if l.query.Has("continuation-token") {
			l.echo("ContinuationToken", "continuation-token")
		}
		l.echo("Delimiter", "delimiter")
		l.end()
		l.leaf("KeyCount", "0")
	})
}

// A listing is a ListBucketResult that is being written.
type listing struct {
	*document
	query    url.Values
	maxKeys  string
	encoding string // of what the client sent: "url" or none
}

// list checks query and bucket and writes a listing, what its versions have in common and, by write, the rest.
func (c *call) list(write func(*listing)) (answer, error) {
	l := &listing{query: c.query, maxKeys: "100", encoding: strings.ToLower(c.query.Get("encoding-type"))}
	if c.query.Has("max-keys") {
		l.maxKeys = c.query.Get("max-keys")
		if n, err := strconv.Atoi(l.maxKeys); err != nil || n < 1 || n > 1000 {
			return answer{}, invalidParameter("Argument max-keys must be an integer between 1 and 1000.", "max-keys", l.maxKeys)
		}
	}
	if l.encoding != "" && l.encoding != "url" {
		return answer{}, invalidParameter("Invalid Encoding Method specified in Request.", "encoding-type", c.query.Get("encoding-type"))
	}
	if err := c.service.store.use(c.bucket, c.owner, func(*bucket) {}); err != nil {
		return answer{}, err
	}
	return xmlAnswer(func(d *document) {
		l.document = d
		d.w.Start("ListBucketResult")
		l.leaf("Name", c.bucket)
		l.echo("Prefix", "prefix")
		write(l)
		d.w.End("ListBucketResult")
	}), nil
}

// echo writes a query parameter back as an element, encoded where the client asked for that.
func (l *listing) echo(element, parameter string) {
	v := l.query.Get(parameter)
	if l.encoding == "url" {
		v = strings.ReplaceAll(url.QueryEscape(v), "+", "%20")
	}
	l.leaf(element, v)
}

func (l *listing) end() {
	if l.encoding != "" {
		l.leaf("EncodingType", l.encoding)
	}
	l.leaf("IsTruncated", "false")
}
