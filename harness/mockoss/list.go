package mockoss

import (
	"encoding/base64"
	"net/url"
	"strconv"
	"strings"

	"github.com/ossconf/ossconf/harness/mockoss/internal/state"
)

// limit returns how many entries a listing may have, from a query parameter.
func (c *call) limit(parameter string) (int, error) {
	if !c.query.Has(parameter) || c.query.Get(parameter) == "" {
		return 100, nil
	}
	v := c.query.Get(parameter)
	n, err := strconv.Atoi(v)
	if err != nil || n < 1 || n > 1000 {
		return 0, invalidParameter("Argument "+parameter+" must be an integer between 1 and 1000.", parameter, v)
	}
	return n, nil
}

// A page is a part of the objects of a bucket, as a listing shows it.
type page struct {
	objects  []*state.Object
	prefixes []string // keys up to the delimiter, of objects that the listing does not show
	last     string   // the key or prefix that came last
	more     bool
}

// pageOf returns the objects whose keys come after marker, at most limit with the prefixes. A marker that is itself
// such a prefix stands for all keys that begin with it.
func pageOf(tx *state.Tx, bucket, prefix, marker, delimiter string, limit int) page {
	var p page
	from, skip := prefix, ""
	if marker >= from {
		from = marker
		if delimiter != "" && strings.HasPrefix(marker, prefix) && strings.HasSuffix(marker, delimiter) && marker != prefix {
			skip = marker
		}
	}
	for o := range tx.Objects(bucket, from) {
		if !strings.HasPrefix(o.Key, prefix) {
			break
		}
		if o.Key == marker || skip != "" && strings.HasPrefix(o.Key, skip) {
			continue
		}
		common := ""
		if delimiter != "" {
			if front, _, found := strings.Cut(o.Key[len(prefix):], delimiter); found {
				common = prefix + front + delimiter
			}
		}
		if len(p.objects)+len(p.prefixes) == limit {
			p.more = true
			break
		}
		if common != "" {
			p.prefixes = append(p.prefixes, common)
			p.last, skip = common, common
			continue
		}
		p.objects = append(p.objects, o)
		p.last = o.Key
	}
	return p
}

// A listing is the answer to a listing of objects that is being written.
type listing struct {
	*document
	call  *call
	limit int
	page
	encode bool // the client asked for keys that are encoded as in a URL
}

// list checks the query and writes a listing of the objects after the marker.
func (c *call) list(root, marker string, write func(*listing, state.Bucket)) (answer, error) {
	limit, err := c.limit("max-keys")
	if err != nil {
		return answer{}, err
	}
	encode, err := c.encodesKeys()
	if err != nil {
		return answer{}, err
	}
	return c.view(read, func(tx *state.Tx, b state.Bucket) (answer, error) {
		p := pageOf(tx, b.Name, c.query.Get("prefix"), marker, c.query.Get("delimiter"), limit)
		return xmlAnswer(func(d *document) {
			d.w.Start(root)
			write(&listing{d, c, limit, p, encode}, b)
			d.w.End(root)
		}), nil
	})
}

// encodesKeys reads the parameter encoding-type.
func (c *call) encodesKeys() (bool, error) {
	v := c.query.Get("encoding-type")
	if v != "" && !strings.EqualFold(v, "url") {
		return false, invalidParameter("Invalid Encoding Method specified in Request.", "encoding-type", v)
	}
	return v != "", nil
}

// text writes an element that may have to be encoded.
func (l *listing) text(element, value string) {
	if l.encode {
		value = strings.ReplaceAll(url.QueryEscape(value), "+", "%20")
	}
	l.leaf(element, value)
}

// echo writes a query parameter back as an element.
func (l *listing) echo(element, parameter string) { l.text(element, l.call.query.Get(parameter)) }

// encoding writes how keys are encoded.
func (l *listing) encoding() {
	if l.encode {
		l.leaf("EncodingType", "url")
	}
}

// truncated writes whether and where the listing goes on.
func (l *listing) truncated(next, value string) {
	l.encoding()
	l.leaf("IsTruncated", boolean(l.more))
	if l.more {
		l.text(next, value)
	}
}

// content writes an object. The owner is left out if it is empty, version says that it is one of a listing of versions.
func (l *listing) content(element string, o *state.Object, owner string, version bool) {
	l.w.Start(element)
	l.text("Key", o.Key)
	if version {
		l.leaf("VersionId", nullVersion)
		l.leaf("IsLatest", "true")
	}
	l.leaf("LastModified", stamp(o.Modified))
	l.leaf("ETag", etag(o))
	l.leaf("Type", "Normal")
	l.leaf("Size", decimal(len(o.Body)))
	l.leaf("StorageClass", o.StorageClass)
	if owner != "" {
		l.owner("Owner", owner)
	}
	l.w.End(element)
}

func (l *listing) commonPrefixes() {
	for _, p := range l.prefixes {
		l.w.Start("CommonPrefixes")
		l.text("Prefix", p)
		l.w.End("CommonPrefixes")
	}
}

// listObjects answers with the elements of https://help.aliyun.com/en/oss/developer-reference/listobjects, in the order
// that Go SDK v2's tests print.
func listObjects(c *call) (answer, error) {
	return c.list("ListBucketResult", c.query.Get("marker"), func(l *listing, b state.Bucket) {
		l.leaf("Name", b.Name)
		l.echo("Prefix", "prefix")
		l.echo("Marker", "marker")
		l.leaf("MaxKeys", decimal(l.limit))
		l.echo("Delimiter", "delimiter")
		l.truncated("NextMarker", l.last)
		for _, o := range l.objects {
			l.content("Contents", o, b.Owner, false)
		}
		l.commonPrefixes()
	})
}

// listObjectsV2 is listObjects for list-type=2, which counts what it returns and echoes StartAfter and
// ContinuationToken only where they were given.
func listObjectsV2(c *call) (answer, error) {
	if v := c.query.Get("list-type"); v != "2" {
		return answer{}, invalidParameter("Invalid value for list-type.", "list-type", v)
	}
	marker := c.query.Get("start-after")
	if c.query.Get("continuation-token") != "" {
		token, err := base64.RawURLEncoding.DecodeString(c.query.Get("continuation-token"))
		if err != nil {
			return answer{}, invalidParameter("The continuation token provided is incorrect.", "continuation-token", c.query.Get("continuation-token"))
		}
		marker = string(token)
	}
	return c.list("ListBucketResult", marker, func(l *listing, b state.Bucket) {
		l.leaf("Name", b.Name)
		l.echo("Prefix", "prefix")
		l.leaf("MaxKeys", decimal(l.limit))
		if c.query.Has("start-after") {
			l.echo("StartAfter", "start-after")
		}
		if c.query.Has("continuation-token") {
			l.leaf("ContinuationToken", c.query.Get("continuation-token"))
		}
		l.echo("Delimiter", "delimiter")
		// A token is opaque to clients, and none of its characters needs encoding.
		l.truncated("NextContinuationToken", base64.RawURLEncoding.EncodeToString([]byte(l.last)))
		owner := ""
		if c.query.Get("fetch-owner") == "true" {
			owner = b.Owner
		}
		for _, o := range l.objects {
			l.content("Contents", o, owner, false)
		}
		l.commonPrefixes()
		l.leaf("KeyCount", decimal(len(l.objects)+len(l.prefixes)))
	})
}

// nullVersion is the version of an object in a bucket without versions, which all buckets are here.
const nullVersion = "null"

// listObjectVersions lists every object as its only version.
func listObjectVersions(c *call) (answer, error) {
	return c.list("ListVersionsResult", c.query.Get("key-marker"), func(l *listing, b state.Bucket) {
		l.leaf("Name", b.Name)
		l.echo("Prefix", "prefix")
		l.echo("KeyMarker", "key-marker")
		l.echo("VersionIdMarker", "version-id-marker")
		l.leaf("MaxKeys", decimal(l.limit))
		l.echo("Delimiter", "delimiter")
		l.truncated("NextKeyMarker", l.last)
		if l.more {
			l.leaf("NextVersionIdMarker", nullVersion)
		}
		for _, o := range l.objects {
			l.content("Version", o, b.Owner, true)
		}
		l.commonPrefixes()
	})
}

// listMultipartUploads finds none: there is no operation that begins one.
func listMultipartUploads(c *call) (answer, error) {
	limit, err := c.limit("max-uploads")
	if err != nil {
		return answer{}, err
	}
	encode, err := c.encodesKeys()
	if err != nil {
		return answer{}, err
	}
	return c.view(manage, func(_ *state.Tx, b state.Bucket) (answer, error) {
		return xmlAnswer(func(d *document) {
			l := &listing{document: d, call: c, encode: encode}
			d.w.Start("ListMultipartUploadsResult")
			l.encoding()
			l.leaf("Bucket", b.Name)
			l.echo("KeyMarker", "key-marker")
			l.echo("UploadIdMarker", "upload-id-marker")
			l.leaf("NextKeyMarker", "")
			l.leaf("NextUploadIdMarker", "")
			l.echo("Delimiter", "delimiter")
			l.echo("Prefix", "prefix")
			l.leaf("MaxUploads", decimal(limit))
			l.leaf("IsTruncated", "false")
			d.w.End("ListMultipartUploadsResult")
		}), nil
	})
}
