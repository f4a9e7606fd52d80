package mockoss

import (
	"net/http"
	"net/url"
	"slices"
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

// A listing is the query of ListObjects or ListObjectsV2, checked.
type listing struct {
	maxKeys  string
	encoding string // "url" or empty
	query    url.Values
}

// listObjects answers with an empty listing: there are no objects. The elements and their order are those of
// https://help.aliyun.com/en/oss/developer-reference/listobjects.
func listObjects(c *call) (answer, error) {
	l, err := c.listing()
	if err != nil {
		return answer{}, err
	}
	return xmlAnswer(func(d *document) {
		d.w.Start("ListBucketResult")
		d.leaf("Name", c.bucket)
		l.write(d, "Prefix", "prefix")
		l.write(d, "Marker", "marker")
		d.leaf("MaxKeys", l.maxKeys)
		l.write(d, "Delimiter", "delimiter")
		l.end(d)
		d.w.End("ListBucketResult")
	}), nil
}

// listObjectsV2 is listObjects for list-type=2, which counts what it returns and echoes StartAfter and
// ContinuationToken only where they were given.
func listObjectsV2(c *call) (answer, error) {
	if v := c.query.Get("list-type"); v != "2" {
		return answer{}, invalidArgument("Invalid value for list-type.", detail{"ArgumentName", "list-type"},
			detail{"ArgumentValue", v})
	}
	l, err := c.listing()
	if err != nil {
		return answer{}, err
	}
	return xmlAnswer(func(d *document) {
		d.w.Start("ListBucketResult")
		d.leaf("Name", c.bucket)
		l.write(d, "Prefix", "prefix")
		d.leaf("MaxKeys", l.maxKeys)
		for _, e := range []struct{ element, parameter string }{
			{"StartAfter", "start-after"}, {"ContinuationToken", "continuation-token"},
		} {
			if l.query.Has(e.parameter) {
				l.write(d, e.element, e.parameter)
			}
		}
		l.write(d, "Delimiter", "delimiter")
		l.end(d)
		d.leaf("KeyCount", "0")
		d.w.End("ListBucketResult")
	}), nil
}

// listing checks the query and the bucket of a listing.
func (c *call) listing() (*listing, error) {
	l := &listing{maxKeys: "100", query: c.query}
	if c.query.Has("max-keys") {
		l.maxKeys = c.query.Get("max-keys")
		if n, err := strconv.Atoi(l.maxKeys); err != nil || n < 1 || n > 1000 {
			return nil, invalidArgument("Argument max-keys must be an integer between 1 and 1000.",
				detail{"ArgumentName", "max-keys"}, detail{"ArgumentValue", l.maxKeys})
		}
	}
	if c.query.Has("encoding-type") {
		l.encoding = strings.ToLower(c.query.Get("encoding-type"))
		if !slices.Contains([]string{"", "url"}, l.encoding) {
			return nil, invalidArgument("Invalid Encoding Method specified in Request.",
				detail{"ArgumentName", "encoding-type"}, detail{"ArgumentValue", c.query.Get("encoding-type")})
		}
	}
	return l, c.service.store.use(c.bucket, c.owner, func(*bucket) {})
}

// write writes a query parameter back as an element, encoded where the client asked for that.
func (l *listing) write(d *document, element, parameter string) {
	v := l.query.Get(parameter)
	if l.encoding == "url" {
		v = strings.ReplaceAll(url.QueryEscape(v), "+", "%20")
	}
	d.leaf(element, v)
}

func (l *listing) end(d *document) {
	if l.encoding != "" {
		d.leaf("EncodingType", l.encoding)
	}
	d.leaf("IsTruncated", "false")
}
