package mockoss

import (
	"strings"
	"time"

	"github.com/ossconf/ossconf/harness/mockoss/internal/state"
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
	prefix, marker := c.query.Get("prefix"), c.query.Get("marker")
	var page []state.Bucket
	var groups []string // their resource groups
	more := false
	err = c.service.state.View(func(tx *state.Tx) error {
		for _, b := range tx.Buckets() {
			if b.Owner != c.owner || !strings.HasPrefix(b.Name, prefix) || b.Name <= marker {
				continue
			}
			doc, _ := tx.Configuration(b.Name, "tagging", "")
			tagged, err := hasTags(doc, c.query)
			switch {
			case err != nil:
				return err
			case !tagged:
			case len(page) == limit:
				more = true
				return nil
			default:
				page, groups = append(page, b), append(groups, resourceGroup(tx, b))
			}
		}
		return nil
	})
	if err != nil {
		return answer{}, err
	}
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
		for i, b := range page {
			c.writeBucket(d, b, groups[i])
		}
		d.w.End("Buckets")
		d.w.End("ListAllMyBucketsResult")
	}), nil
}

func (c *call) writeBucket(d *document, b state.Bucket, group string) {
	extranet, intranet := c.reachedAt(c.service.placeOf(b.Region))
	d.w.Start("Bucket")
	d.leaf("CreationDate", stamp(b.Created))
	d.leaf("ExtranetEndpoint", extranet)
	d.leaf("IntranetEndpoint", intranet)
	d.leaf("Location", c.service.placeOf(b.Region).id())
	d.leaf("Name", b.Name)
	d.leaf("Region", b.Region)
	d.leaf("ResourceGroupId", group)
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
