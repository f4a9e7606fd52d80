package mockoss

import (
	"net/url"
	"slices"
	"strings"

	"github.com/ossconf/ossconf/jsoncodec"
	"github.com/ossconf/ossconf/xmlcodec"
)

// A tag is one of the tags of a bucket.
type tag struct{ key, value string }

// tagsOf returns the tags in a Tagging document.
func tagsOf(doc []byte) []tag {
	var tags []tag
	var t tag
	r := xmlcodec.NewReader(string(doc))
	for r.Next() {
		switch {
		case r.Token.Kind == xmlcodec.Start && r.Token.Name == "Tag":
			t = tag{}
		case r.Token.Kind == xmlcodec.Leaf && r.Token.Name == "Key":
			t.key = r.Token.Text
		case r.Token.Kind == xmlcodec.Leaf && r.Token.Name == "Value":
			t.value = r.Token.Text
		case r.Token.Kind == xmlcodec.End && r.Token.Name == "Tag":
			tags = append(tags, t)
		}
	}
	return tags
}

// withoutTags returns a Tagging document without the tags with these keys, which are separated by commas: what
// DeleteBucketTags?tagging=keys leaves (observed: alibabacloud-oss-go-sdk-v2, client_integration_bucket_tags_test.go).
// With no keys all tags go, and nil is returned.
func withoutTags(doc []byte, keys string) ([]byte, error) {
	gone := strings.Split(keys, ",")
	left := slices.DeleteFunc(tagsOf(doc), func(t tag) bool { return keys == "" || slices.Contains(gone, t.key) })
	if len(left) == 0 {
		return nil, nil
	}
	return xmlAnswer(func(d *document) {
		d.w.Start("Tagging")
		d.w.Start("TagSet")
		for _, t := range left {
			d.w.Start("Tag")
			d.leaf("Key", t.key)
			d.leaf("Value", t.value)
			d.w.End("Tag")
		}
		d.w.End("TagSet")
		d.w.End("Tagging")
	}).body, nil
}

// hasTags reports whether a bucket with this Tagging document is one that ListBuckets with this query lists: tag-key
// and tag-value of one tag, or tagging with one or more in the form "key":"value","key":"value" (both observed:
// alibabacloud-oss-go-sdk-v2, client_integration_bucket_basic_test.go; that all have to be there is assumed). The error
// is a *problem: tagging is of another form.
func hasTags(doc []byte, query url.Values) (bool, error) {
	tags := tagsOf(doc)
	if query.Has("tag-key") && !slices.ContainsFunc(tags, func(t tag) bool {
		return t.key == query.Get("tag-key") && (!query.Has("tag-value") || t.value == query.Get("tag-value"))
	}) {
		return false, nil
	}
	list := query.Get("tagging")
	wanted, err := jsoncodec.Parse("{" + list + "}")
	if err != nil {
		return false, invalidParameter("The tagging must be of the form \"key\":\"value\".", "tagging", list)
	}
	for m := wanted.First(); m.OK(); m = m.Next() {
		if !slices.Contains(tags, tag{m.Name(), m.Text()}) {
			return false, nil
		}
	}
	return true, nil
}
