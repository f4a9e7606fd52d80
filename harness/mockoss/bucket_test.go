package mockoss_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/ossconf/ossconf/harness/mockoss"
)

func TestListings(t *testing.T) {
	const head = `<?xml version="1.0" encoding="UTF-8"?>` + "\n<ListBucketResult>\n  <Name>examplebucket</Name>\n"
	const end = "</ListBucketResult>"
	for _, test := range []struct{ target, want string }{
		{"/", head + "  <Prefix></Prefix>\n  <Marker></Marker>\n  <MaxKeys>100</MaxKeys>\n  <Delimiter></Delimiter>\n" +
			"  <IsTruncated>false</IsTruncated>\n" + end},
		{"/?prefix=a%26b&marker=c&max-keys=7&delimiter=%2F", head + "  <Prefix>a&amp;b</Prefix>\n  <Marker>c</Marker>\n" +
			"  <MaxKeys>7</MaxKeys>\n  <Delimiter>/</Delimiter>\n  <IsTruncated>false</IsTruncated>\n" + end},
		{"/?encoding-type=url&prefix=a%20b%2Fc&delimiter=%2F", head + "  <Prefix>a%20b%2Fc</Prefix>\n  <Marker></Marker>\n" +
			"  <MaxKeys>100</MaxKeys>\n  <Delimiter>%2F</Delimiter>\n  <EncodingType>url</EncodingType>\n" +
			"  <IsTruncated>false</IsTruncated>\n" + end},
		{"/?prefix=%01", head + "  <Prefix>\uFFFD</Prefix>\n  <Marker></Marker>\n  <MaxKeys>100</MaxKeys>\n" +
			"  <Delimiter></Delimiter>\n  <IsTruncated>false</IsTruncated>\n" + end},
		{"/?list-type=2", head + "  <Prefix></Prefix>\n  <MaxKeys>100</MaxKeys>\n  <Delimiter></Delimiter>\n" +
			"  <IsTruncated>false</IsTruncated>\n  <KeyCount>0</KeyCount>\n" + end},
		{"/?list-type=2&start-after=b&continuation-token=Yw&fetch-owner=true&encoding-type=url&max-keys=1000", head +
			"  <Prefix></Prefix>\n  <MaxKeys>1000</MaxKeys>\n  <StartAfter>b</StartAfter>\n" +
			"  <ContinuationToken>Yw</ContinuationToken>\n  <Delimiter></Delimiter>\n  <EncodingType>url</EncodingType>\n" +
			"  <IsTruncated>false</IsTruncated>\n  <KeyCount>0</KeyCount>\n" + end},
	} {
		t.Run(test.target, func(t *testing.T) {
			re := query{target: test.target}.send(t, newService())
			if re.status != 200 {
				t.Errorf("status %d", re.status)
			}
			if diff := cmp.Diff(test.want, re.body); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestBucketsBelongToTheirAccount(t *testing.T) {
	s := newService()
	other := "second-bucket." + endpoint
	for _, step := range []struct {
		name   string
		query  query
		status int
	}{
		{"alice makes it", query{method: "PUT", host: other}, 200},
		{"and again", query{method: "PUT", host: other}, 200},
		{"her temporary key may use it", query{host: other, key: "sts", token: "token"}, 200},
		{"and make it again", query{method: "PUT", host: other, key: "sts", token: "token"}, 200},
		{"bob may not", query{host: other, key: "bob"}, 403},
		{"nor make it", query{method: "PUT", host: other, key: "bob"}, 409},
		{"nor delete it", query{method: "DELETE", host: other, key: "bob"}, 403},
		{"alice deletes it", query{method: "DELETE", host: other}, 204},
		{"now it is anybody's", query{method: "PUT", host: other, key: "bob", body: "<CreateBucketConfiguration>" +
			"<StorageClass>IA</StorageClass></CreateBucketConfiguration>"}, 200},
		{"and no longer hers", query{host: other}, 403},
	} {
		if re := step.query.send(t, s); re.status != step.status {
			t.Fatalf("%s: %d, want %d\n%s", step.name, re.status, step.status, re.body)
		}
	}
}

func TestBucketNames(t *testing.T) {
	s := mockoss.New(mockoss.Options{Now: func() time.Time { return noon }})
	for _, name := range []string{"ABC", "ab", "a_b", "-abc", "abc-", "a.b.c", "abc%2e", "ab%20c", "",
		"0123456789012345678901234567890123456789012345678901234567890123"} {
		o := mockoss.Options{Buckets: []string{name}}
		if err := o.Validate(); err == nil {
			t.Errorf("Options.Validate accepts the bucket name %q", name)
		}
	}
	for _, name := range []string{"abc", "0-0", "012345678901234567890123456789012345678901234567890123456789012"} {
		q := query{method: "PUT", host: name + "." + endpoint, key: mockoss.DefaultAccessKeyID, secret: mockoss.DefaultAccessKeySecret}
		if re := q.send(t, s); re.status != 200 {
			t.Errorf("%s: %d %s", name, re.status, re.body)
		}
	}
}
