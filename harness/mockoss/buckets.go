package mockoss

import (
	"strings"
	"time"

	"github.com/ossconf/ossconf/harness/mockoss/internal/state"
	"github.com/ossconf/ossconf/xmlcodec"
)

// timeFormat is how OSS writes a time in a document.
const timeFormat = "2006-01-02T15:04:05.000Z"

func stamp(t time.Time) string { return t.UTC().Format(timeFormat) }

// listBuckets lists the buckets of the caller in all locations, or those that have a tag. Elements and order are those
// of https://help.aliyun.com/en/oss/developer-reference/listbuckets.
func listBuckets(c *call) (answer, error) {
	limit, err := c.limit("max-keys")
	if err != nil {
		return answer{}, err
	}
	wants, err := c.tagFilter()
	if err != nil {
		return answer{}, err
	}
	prefix, marker := c.query.Get("prefix"), c.query.Get("marker")
	var page []state.Bucket
	more := false
	c.service.state.View(func(tx *state.Tx) error {
		for _, b := range tx.Buckets() {
			switch {
			case b.Owner != c.owner, !strings.HasPrefix(b.Name, prefix), marker != "" && b.Name <= marker:
			case !wants(tx, b.Name):
			case len(page) == limit:
				more = true
				return nil
			default:
				page = append(page, b)
			}
		}
		return nil
	})
	return xmlAnswer(func(d *document) {
		d.w.Start("ListAllMyBucketsResult")
		d.leaf("Prefix", prefix)
		d.leaf("Marker", marker)
		d.leaf("MaxKeys", decimal(limit))
		d.leaf("IsTruncated", boolean(more))
		if more {
			d.leaf("NextMarker", page[len(page)-1].Name)
		}
		d.owner("Owner", c.owner)
		d.w.Start("Buckets")
		for _, b := range page {
			c.writeBucket(d, b)
		}
		d.w.End("Buckets")
		d.w.End("ListAllMyBucketsResult")
	}), nil
}

func (c *call) writeBucket(d *document, b state.Bucket) {
	extranet, intranet := c.reachedAt(c.service.placeOf(b.Region))
	d.w.Start("Bucket")
	d.leaf("CreationDate", stamp(b.Created))
	d.leaf("ExtranetEndpoint", extranet)
	d.leaf("IntranetEndpoint", intranet)
	d.leaf("Location", c.service.placeOf(b.Region).id())
	d.leaf("Name", b.Name)
	d.leaf("Region", b.Region)
	d.leaf("ResourceGroupId", b.ResourceGroupID)
	d.leaf("StorageClass", b.StorageClass)
	d.w.End("Bucket")
}

// owner writes an account. Its name is its id here.
func (d *document) owner(element, id string) {
	d.w.Start(element)
	d.leaf("ID", id)
	d.leaf("DisplayName", id)
	d.w.End(element)
}

// tagFilter returns what the parameters tag-key and tag-value, or tagging as "k":"v", ask of the tags of a bucket.
func (c *call) tagFilter() (func(*state.Tx, string) bool, error) {
	key, value := c.query.Get("tag-key"), c.query.Get("tag-value")
	anyValue := !c.query.Has("tag-value")
	if c.query.Has("tagging") {
		k, v, ok := strings.Cut(c.query.Get("tagging"), ":")
		key, value, anyValue = strings.Trim(k, `"`), strings.Trim(v, `"`), !ok
	}
	switch {
	case key == "" && value != "":
		return nil, invalidParameter("A tag value needs a tag key.", "tag-value", value)
	case key == "":
		return func(*state.Tx, string) bool { return true }, nil
	}
	return func(tx *state.Tx, bucket string) bool {
		body, _ := tx.Configuration(bucket, "tagging", "")
		for _, t := range tags(body) {
			if t.key == key && (anyValue || t.value == value) {
				return true
			}
		}
		return false
	}, nil
}

// A tag is one of a bucket.
type tag struct{ key, value string }

// tags reads the document of PutBucketTags.
func tags(body []byte) []tag {
	var list []tag
	var t tag
	for r := xmlcodec.NewReader(string(body)); r.Next(); {
		switch {
		case r.Token.Kind == xmlcodec.Start && r.Token.Name == "Tag":
			t = tag{}
		case r.Token.Kind == xmlcodec.Leaf && r.Token.Name == "Key":
			t.key = r.Token.Text
		case r.Token.Kind == xmlcodec.Leaf && r.Token.Name == "Value":
			t.value = r.Token.Text
		case r.Token.Kind == xmlcodec.End && r.Token.Name == "Tag":
			list = append(list, t)
		}
	}
	return list
}

// placeOf returns the place of a region's bucket. A folder that was written with other locations may hold buckets of
// none; those are treated as being at the first.
func (s *Service) placeOf(region string) *place {
	for i := range s.places {
		if s.places[i].Region == region {
			return &s.places[i]
		}
	}
	return &s.places[0]
}
