package mockoss_test

import (
	"crypto/md5"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"hash/crc64"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/ossconf/ossconf/harness/mockoss"
)

// put stores an object as alice.
func put(t *testing.T, s http.Handler, key, body string, header map[string]string) reply {
	t.Helper()
	return query{method: "PUT", target: "/" + key, object: key, body: body, header: header}.send(t, s)
}

func TestPutAndGetObject(t *testing.T) {
	s := newService()
	const body = "0123456789"
	sum := md5.Sum([]byte(body))
	tag := `"` + strings.ToUpper(hex.EncodeToString(sum[:])) + `"`
	crc := fmt.Sprint(crc64.Checksum([]byte(body), crc64.MakeTable(crc64.ECMA)))
	re := put(t, s, "a/key", body, map[string]string{"Content-Type": "text/plain", "Cache-Control": "no-cache", "x-oss-meta-color": "red"})
	if re.status != 200 || re.header.Get("ETag") != tag || re.header.Get("x-oss-hash-crc64ecma") != crc || re.body != "" {
		t.Fatalf("%d %v %s", re.status, re.header, re.body)
	}
	common := map[string]string{"Etag": tag, "Last-Modified": "Thu, 17 Apr 2025 12:00:00 GMT", "X-Oss-Hash-Crc64ecma": crc}
	whole := map[string]string{"Content-Type": "text/plain", "Cache-Control": "no-cache", "X-Oss-Meta-Color": "red",
		"Accept-Ranges": "bytes", "Content-Md5": base64.StdEncoding.EncodeToString(sum[:]), "X-Oss-Object-Type": "Normal", "X-Oss-Storage-Class": "Standard"}
	type want struct {
		status  int
		body    string
		length  string
		headers map[string]string
	}
	part := func(status int, body, contentRange string) want {
		return want{status, body, fmt.Sprint(len(body)), map[string]string{"Content-Range": contentRange, "Content-Md5": ""}}
	}
	get := func(header ...string) query {
		q := query{target: "/a/key", object: "a/key", header: map[string]string{}}
		for i := 0; i < len(header); i += 2 {
			q.header[header[i]] = header[i+1]
		}
		return q
	}
	const standard = "x-oss-range-behavior"
	for _, test := range []struct {
		name  string
		query query
		want  want
	}{
		{"GET", get(), want{200, body, "10", whole}},
		{"HEAD", query{method: "HEAD", target: "/a/key", object: "a/key"}, want{200, "", "10", whole}},
		{"meta", query{method: "HEAD", target: "/a/key?objectMeta", object: "a/key"}, want{200, "", "10", nil}},
		{"the null version", query{target: "/a/key?versionId=null", object: "a/key"}, want{200, body, "10", whole}},
		{"the middle", get("Range", "bytes=2-4"), part(206, "234", "bytes 2-4/10")},
		{"from", get("Range", "bytes=7-"), part(206, "789", "bytes 7-9/10")},
		{"the last", get("Range", "bytes=-3"), part(206, "789", "bytes 7-9/10")},
		{"more than there is at the end", get("Range", "bytes=-30"), part(206, body, "bytes 0-9/10")},
		{"past the end", get("Range", "bytes=8-12"), want{200, body, "10", whole}},
		{"past the end, standard", get("Range", "bytes=8-12", standard, "standard"), part(206, "89", "bytes 8-9/10")},
		{"behind the end", get("Range", "bytes=10-"), want{200, body, "10", whole}},
		{"behind the end, standard", get("Range", "bytes=10-", standard, "standard"), want{416, "InvalidRange", "", nil}},
		{"backwards", get("Range", "bytes=4-2"), want{200, body, "10", whole}},
		{"two ranges", get("Range", "bytes=0-1,3-4"), want{200, body, "10", whole}},
		{"no range", get("Range", "bytes=a-b"), want{200, body, "10", whole}},
		{"a range that overflows", get("Range", "bytes=0-99999999999999999999"), want{200, body, "10", whole}},
		{"it matches", get("If-Match", tag), want{200, body, "10", whole}},
		{"it does not match", get("If-Match", `"0"`), want{412, "PreconditionFailed", "", nil}},
		{"not another one", get("If-None-Match", tag), want{304, "", "", nil}},
		{"another one", get("If-None-Match", `"0"`), want{200, body, "10", whole}},
		{"not modified since", get("If-Modified-Since", "Thu, 17 Apr 2025 12:00:00 GMT"), want{304, "", "", nil}},
		{"modified since", get("If-Modified-Since", "Thu, 17 Apr 2025 11:59:59 GMT"), want{200, body, "10", whole}},
		{"unmodified since", get("If-Unmodified-Since", "Thu, 17 Apr 2025 12:00:00 GMT"), want{200, body, "10", whole}},
		{"modified after all", get("If-Unmodified-Since", "Thu, 17 Apr 2025 11:59:59 GMT"), want{412, "PreconditionFailed", "", nil}},
		{"other headers", query{target: "/a/key?response-content-type=a%2Fb&response-cache-control=private", object: "a/key"},
			want{200, body, "10", map[string]string{"Content-Type": "a/b", "Cache-Control": "private"}}},
		{"another version", query{target: "/a/key?versionId=1", object: "a/key"}, want{404, "NoSuchVersion", "", nil}},
		{"another key", query{target: "/a/other", object: "a/other"}, want{404, "NoSuchKey", "", nil}},
	} {
		t.Run(test.name, func(t *testing.T) {
			re := test.query.send(t, s)
			got := re.body
			if re.err != nil {
				got = re.err.values["Code"]
			}
			if re.status != test.want.status || got != test.want.body {
				t.Fatalf("%d %q, want %d %q", re.status, got, test.want.status, test.want.body)
			}
			if test.want.length == "" {
				return
			}
			want := map[string]string{"Content-Length": test.want.length}
			for name, value := range common {
				want[name] = value
			}
			for name, value := range test.want.headers {
				want[name] = value
			}
			have := map[string]string{}
			for name := range want {
				have[name] = re.header.Get(name)
			}
			if diff := cmp.Diff(want, have); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestObjectsThatAreRefused(t *testing.T) {
	s := newService()
	put(t, s, "there", "x", nil)
	long := strings.Repeat("k", 1024)
	for _, test := range []struct {
		name   string
		query  query
		status int
		code   string
	}{
		{"overwritten", query{method: "PUT", target: "/there", object: "there", header: map[string]string{"x-oss-forbid-overwrite": "true"}}, 409, "FileAlreadyExists"},
		{"a name that is too long", query{method: "PUT", target: "/" + long, object: long}, 400, "InvalidObjectName"},
		{"a name with a slash in front", query{method: "PUT", target: "/%2Fa", object: "/a"}, 400, "InvalidObjectName"},
		{"a name that is not UTF-8", query{method: "PUT", target: "/%FF", object: "\xff"}, 400, "InvalidObjectName"},
		{"an unknown access control list", query{method: "PUT", target: "/a", object: "a", header: map[string]string{"x-oss-object-acl": "open"}}, 400, "InvalidArgument"},
		{"an unknown storage class", query{method: "PUT", target: "/a", object: "a", header: map[string]string{"x-oss-storage-class": "Cheap"}}, 400, "InvalidArgument"},
		{"a public one in a closed bucket", query{method: "PUT", target: "/a", object: "a", header: map[string]string{"x-oss-object-acl": "public-read"}}, 403, "AccessDenied"},
		{"somebody else's bucket", query{method: "PUT", target: "/a", object: "a", key: "bob"}, 403, "AccessDenied"},
		{"no bucket", query{method: "PUT", host: "missing." + endpoint, target: "/a", object: "a"}, 404, "NoSuchBucket"},
		{"a bucket with objects deleted", query{method: "DELETE"}, 409, "BucketNotEmpty"},
		{"no document of what to delete", query{method: "POST", target: "/?delete", body: "x"}, 400, "MalformedXML"},
		{"nothing to delete", query{method: "POST", target: "/?delete", body: "<Delete></Delete>"}, 400, "MalformedXML"},
		{"too much to delete", query{method: "POST", target: "/?delete", body: "<Delete>" + strings.Repeat("<Object><Key>a</Key></Object>", 1001) + "</Delete>"},
			400, "MalformedXML"},
		{"a version to delete", query{method: "POST", target: "/?delete", body: "<Delete><Object><Key>a</Key><VersionId>1</VersionId></Object></Delete>"},
			404, "NoSuchVersion"},
		{"another Content-MD5", query{method: "PUT", target: "/a", object: "a", body: "x", header: map[string]string{"Content-MD5": "1B2M2Y8AsgTpgAmY7PhCfg=="}},
			400, "InvalidDigest"},
	} {
		t.Run(test.name, func(t *testing.T) {
			re := test.query.send(t, s)
			if re.err == nil || re.status != test.status || re.err.values["Code"] != test.code {
				t.Errorf("%d %s, want %d %s", re.status, re.body, test.status, test.code)
			}
			if list := (query{target: "/"}).send(t, s).body; strings.Count(list, "<Key>") != 1 {
				t.Errorf("something was stored:\n%s", list)
			}
		})
	}
}

func TestObjectLimits(t *testing.T) {
	key := mockoss.Credential{AccessKeyID: "alice", AccessKeySecret: "alice-secret"}
	s := mockoss.New(mockoss.Options{Buckets: []string{"examplebucket"}, Credentials: []mockoss.Credential{key},
		Now: func() time.Time { return noon }, MaxObject: 100, MaxBytes: 300}) // the bucket takes a part
	if re := put(t, s, "a", strings.Repeat("x", 101), nil); re.status != 400 || re.err.values["Code"] != "EntityTooLarge" {
		t.Errorf("%d %s", re.status, re.body)
	}
	if re := put(t, s, "a", strings.Repeat("x", 100), nil); re.status != 200 {
		t.Errorf("%d %s", re.status, re.body)
	}
	if re := put(t, s, "b", strings.Repeat("x", 100), nil); re.status != 403 || re.err.values["Code"] != "QuotaExceeded" {
		t.Errorf("%d %s", re.status, re.body)
	}
	if re := put(t, s, "a", "y", nil); re.status != 200 {
		t.Errorf("%d %s", re.status, re.body)
	}
}

func TestDelete(t *testing.T) {
	s := newService()
	for _, key := range []string{"a", "b", "c&d", "e", "f"} {
		put(t, s, key, key, nil)
	}
	keys := func() (keys []string) {
		for part := range strings.SplitSeq(query{}.send(t, s).body, "<Key>") {
			if key, _, ok := strings.Cut(part, "</Key>"); ok {
				keys = append(keys, key)
			}
		}
		return keys
	}
	for _, step := range []struct {
		name   string
		query  query
		status int
		body   string
		left   string
	}{
		{"one", query{method: "DELETE", target: "/a", object: "a"}, 204, "", "b c&amp;d e f"},
		{"it again", query{method: "DELETE", target: "/a", object: "a"}, 204, "", "b c&amp;d e f"},
		{"two", query{method: "POST", target: "/?delete", body: "<Delete><Object><Key>c&amp;d</Key></Object><Object><Key>zz</Key></Object></Delete>"}, 200,
			"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<DeleteResult>\n  <Deleted>\n    <Key>c&amp;d</Key>\n  </Deleted>\n  <Deleted>\n    <Key>zz</Key>\n  </Deleted>\n</DeleteResult>", "b e f"},
		{"quietly", query{method: "POST", target: "/?delete", body: "<Delete><Quiet>true</Quiet><Object><Key>e</Key><VersionId>null</VersionId></Object></Delete>"}, 200, "", "b f"},
		{"encoded", query{method: "POST", target: "/?delete&encoding-type=url", body: "<Delete><Quiet>false</Quiet><Object><Key>f</Key></Object><Object><Key> </Key></Object></Delete>"}, 200,
			"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<DeleteResult>\n  <EncodingType>url</EncodingType>\n  <Deleted>\n    <Key>f</Key>\n  </Deleted>\n  <Deleted>\n    <Key>%20</Key>\n  </Deleted>\n</DeleteResult>", "b"},
	} {
		re := step.query.send(t, s)
		if re.status != step.status {
			t.Fatalf("%s: %d %s", step.name, re.status, re.body)
		}
		if diff := cmp.Diff(step.body, re.body); diff != "" {
			t.Errorf("%s (-want +got):\n%s", step.name, diff)
		}
		if left := strings.Join(keys(), " "); left != step.left {
			t.Errorf("%s leaves %s, want %s", step.name, left, step.left)
		}
	}
}

// SDKs write a key with control characters as XML 1.1 does, whatever the document says that it is.
func TestDeleteOfAKeyWithControlCharacters(t *testing.T) {
	s := newService()
	const key = "a\x01\b\v\x1f\r\n"
	at := query{method: "PUT", target: "/" + url.PathEscape(key), object: key, body: "content"}
	if re := at.send(t, s); re.status != 200 {
		t.Fatalf("%d %s", re.status, re.body)
	}
	re := query{method: "POST", target: "/?delete&encoding-type=url",
		body: "<Delete><Object><Key>a&#x01;&#x08;&#x0B;&#x1F;&#xD;&#xA;</Key></Object></Delete>"}.send(t, s)
	want := "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<DeleteResult>\n  <EncodingType>url</EncodingType>\n  <Deleted>\n" +
		"    <Key>a%01%08%0B%1F%0D%0A</Key>\n  </Deleted>\n</DeleteResult>"
	if diff := cmp.Diff(want, re.body); diff != "" || re.status != 200 {
		t.Errorf("status %d (-want +got):\n%s", re.status, diff)
	}
	at.method, at.body = "GET", ""
	if re := at.send(t, s); re.status != 404 {
		t.Errorf("the object is still there: status %d", re.status)
	}
}

// TestWhoMay asks for everything that an access control list governs, for every list of bucket and object.
func TestWhoMay(t *testing.T) {
	type answers struct{ List, Get, Put, Delete, Stranger int }
	for _, test := range []struct {
		bucket, object string
		blocked        bool
		want           answers
	}{
		{"private", "default", false, answers{403, 403, 403, 403, 403}},
		{"public-read", "default", false, answers{200, 200, 403, 403, 200}},
		{"public-read-write", "default", false, answers{200, 200, 200, 204, 200}},
		{"private", "public-read", false, answers{403, 200, 403, 403, 200}},
		{"public-read", "private", false, answers{200, 403, 403, 403, 403}},
		{"private", "public-read-write", false, answers{403, 200, 403, 403, 200}},
		{"public-read-write", "public-read", true, answers{403, 403, 403, 403, 403}},
	} {
		t.Run(test.bucket+" "+test.object, func(t *testing.T) {
			s := newService()
			open := func(block string) {
				t.Helper()
				q := query{method: "PUT", target: "/?publicAccessBlock", body: "<PublicAccessBlockConfiguration><BlockPublicAccess>" + block +
					"</BlockPublicAccess></PublicAccessBlockConfiguration>"}
				if re := q.send(t, s); re.status != 200 {
					t.Fatalf("%d %s", re.status, re.body)
				}
			}
			open("false")
			acl := query{method: "PUT", target: "/?acl", header: map[string]string{"x-oss-acl": test.bucket}}
			if re := acl.send(t, s); re.status != 200 {
				t.Fatalf("%d %s", re.status, re.body)
			}
			if re := put(t, s, "key", "x", map[string]string{"x-oss-object-acl": test.object}); re.status != 200 {
				t.Fatalf("%d %s", re.status, re.body)
			}
			if test.blocked {
				open("true")
			}
			ask := func(method, target, key string) int {
				re := query{method: method, target: target, object: strings.Trim(target, "/"), key: key}.send(t, s)
				return re.status
			}
			got := answers{List: ask("GET", "/", "anonymous"), Get: ask("GET", "/key", "anonymous"), Stranger: ask("GET", "/key", "bob"),
				Put: ask("PUT", "/other", "anonymous"), Delete: ask("DELETE", "/other", "anonymous")}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if re := (query{target: "/?acl", key: "anonymous"}).send(t, s); re.status != 403 {
				t.Errorf("anybody may see the access control list: %d", re.status)
			}
		})
	}
}
