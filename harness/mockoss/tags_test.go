package mockoss

import (
	"net/url"
	"testing"

	"github.com/aliyun/alibabacloud-oss-go-sdk-v2/oss"
	"github.com/google/go-cmp/cmp"
)

// tagging is what the SDK sends for the tags k=v, key2= and a&b=<1>.
func tagging(t *testing.T) []byte {
	t.Helper()
	var e exchange
	set := &oss.TagSet{}
	for _, tag := range [][2]string{{"k", "v"}, {"key2", ""}, {"a&b", "<1>"}} {
		set.Tags = append(set.Tags, oss.Tag{Key: &tag[0], Value: &tag[1]})
	}
	_, err := e.client().PutBucketTags(t.Context(),
		&oss.PutBucketTagsRequest{Bucket: oss.Ptr("my-bucket"), Tagging: &oss.Tagging{TagSet: set}})
	if err != nil {
		t.Fatal(err)
	}
	return []byte(e.body)
}

func TestWithoutTags(t *testing.T) {
	for _, test := range []struct {
		keys string
		want []tag
	}{
		{"k,key2", []tag{{"a&b", "<1>"}}},
		{"a&b", []tag{{"k", "v"}, {"key2", ""}}},
		{"other", []tag{{"k", "v"}, {"key2", ""}, {"a&b", "<1>"}}},
		{"k,a&b,key2", nil},
		{"", nil},
	} {
		rest, err := withoutTags(tagging(t), test.keys)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(test.want, tagsOf(rest), cmp.AllowUnexported(tag{})); diff != "" {
			t.Errorf("without %q (-want +got):\n%s", test.keys, diff)
		}
		if rest == nil {
			continue
		}
		e := exchange{answer: rest}
		var read []tag
		for _, got := range e.call(t, "GetBucketTags").(*oss.GetBucketTagsResult).Tagging.TagSet.Tags {
			read = append(read, tag{*got.Key, *got.Value})
		}
		if diff := cmp.Diff(test.want, read, cmp.AllowUnexported(tag{})); diff != "" {
			t.Errorf("GetBucketTags without %q (-want +got):\n%s", test.keys, diff)
		}
	}
}

func TestHasTags(t *testing.T) {
	doc := tagging(t)
	for _, test := range []struct {
		query string
		want  bool
		code  string
	}{
		{"", true, ""},
		{"prefix=a", true, ""},
		{"tag-key=k", true, ""},
		{"tag-key=k&tag-value=v", true, ""},
		{"tag-key=k&tag-value=w", false, ""},
		{"tag-key=key2&tag-value=v", false, ""},
		{"tag-key=K", false, ""},
		{"tagging=" + url.QueryEscape(`"k":"v"`), true, ""},
		{"tagging=" + url.QueryEscape(`"k":"v","a&b":"<1>"`), true, ""},
		{"tagging=" + url.QueryEscape(`"k":"v","other":""`), false, ""},
		{"tagging=k:v", false, "InvalidArgument"},
	} {
		query, err := url.ParseQuery(test.query)
		if err != nil {
			t.Fatal(err)
		}
		got, err := hasTags(doc, query)
		code := ""
		if p, ok := err.(*problem); ok {
			code = p.code
		}
		if got != test.want || code != test.code {
			t.Errorf("%s: %t, %v; want %t, %q", test.query, got, err, test.want, test.code)
		}
	}
	for _, query := range []url.Values{{"tag-key": {"k"}}, {"tagging": {`"k":"v"`}}} {
		if got, err := hasTags(nil, query); got || err != nil {
			t.Errorf("a bucket without tags, %v: %t, %v", query, got, err)
		}
	}
}
