package mockoss_test

import (
	"maps"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const (
	endpoint = "oss-cn-hangzhou.aliyuncs.com"
	only4    = "This server accepts signature version 4 (OSS4-HMAC-SHA256) only."
	enabled  = "<HttpsConfiguration><TLS><Enable>true</Enable><TLSVersion>TLSv1.2</TLSVersion><TLSVersion>TLSv1.3</TLSVersion></TLS></HttpsConfiguration>"
)

func TestErrors(t *testing.T) {
	put := func(body string) query { return query{method: "PUT", target: "/?httpsConfig", body: body} }
	with := func(q query, change func(*query)) query { change(&q); return q }
	big := "<HttpsConfiguration>" + strings.Repeat(" ", 64<<10) + "</HttpsConfiguration>"
	for _, test := range []struct {
		name   string
		query  query
		status int
		code   string
		ec     string
		more   map[string]string // further elements of the error document
	}{
		// Who is asking.
		{"anonymous", query{key: "anonymous", target: "/?httpsConfig"}, 403, "AccessDenied", "0003-00000905", nil},
		{"anonymous where an access control list decides", query{key: "anonymous"}, 403, "AccessDenied", "0003-00000001",
			map[string]string{"Message": "You have no right to access this object because of bucket acl."}},
		{"unknown access key", query{key: "carol"}, 403, "InvalidAccessKeyId", "0002-00000902",
			map[string]string{"OSSAccessKeyId": "carol"}},
		{"unknown access key and a bucket that does not exist", query{key: "carol", host: "missing." + endpoint, target: "/?acl"}, 404,
			"NoSuchBucket", "0015-00000101", nil},
		{"unknown access key and an object in a bucket that does not exist", query{method: "HEAD", key: "carol",
			host: "missing." + endpoint, target: "/key?objectMeta", object: "key"}, 404, "NoSuchBucket", "0015-00000101", nil},
		{"unknown access key and a bucket that is to be made", query{method: "PUT", key: "carol", host: "missing." + endpoint}, 403,
			"InvalidAccessKeyId", "0002-00000902", nil},
		{"unknown access key and a bucket name in capitals", query{key: "carol", host: "ABC." + endpoint}, 403,
			"InvalidAccessKeyId", "0002-00000902", nil},
		{"wrong secret", query{secret: "wrong"}, 403, "SignatureDoesNotMatch", "0002-00000201",
			map[string]string{"OSSAccessKeyId": "alice"}},
		{"another bucket signed", query{bucket: "other"}, 403, "SignatureDoesNotMatch", "0002-00000201", nil},
		{"15 minutes and a second slow", query{at: noon.Add(-15*time.Minute - time.Second)}, 403, "RequestTimeTooSkewed",
			"0002-00000504", map[string]string{"MaxAllowedSkewMilliseconds": "900000",
				"RequestTime": "2025-04-17T11:44:59.000Z", "ServerTime": "2025-04-17T12:00:00.000Z"}},
		{"15 minutes and a second fast", query{at: noon.Add(15*time.Minute + time.Second)}, 403, "RequestTimeTooSkewed",
			"0002-00000504", nil},
		{"another region signed", query{region: "cn-beijing"}, 400, "InvalidArgument", "0002-00000226", nil},
		{"another product signed", query{prod: "oss-cloudbox"}, 400, "InvalidArgument", "0002-00000227", nil},
		{"another security token", query{key: "sts", token: "other"}, 403, "InvalidSecurityToken", "0002-00000006", nil},
		{"no security token", query{key: "sts"}, 403, "InvalidSecurityToken", "0002-00000006", nil},
		{"a security token that has expired", query{key: "old", token: "token"}, 403, "SecurityTokenExpired", "0002-00000007", nil},
		{"an old signature", query{header: map[string]string{"Authorization": "OSS alice:c2lnbmF0dXJl"}, key: "anonymous"},
			400, "InvalidArgument", "0002-00000202", map[string]string{"Message": "Authorization header is invalid. " + only4}},
		{"signature version 2", query{header: map[string]string{"Authorization": "OSS2 AccessKeyId:alice,Signature:c2ln"},
			key: "anonymous"}, 400, "InvalidArgument", "0002-00000202", nil},
		{"an old presigned URL", query{target: "/?OSSAccessKeyId=alice&Expires=1744891200&Signature=c2ln", key: "anonymous"},
			400, "InvalidArgument", "", map[string]string{"Message": "The query carries a signature of version 1. " + only4}},
		{"the signature comes before all else", with(put("no XML"), func(q *query) { q.host, q.secret = "missing."+endpoint, "wrong" }),
			403, "SignatureDoesNotMatch", "0002-00000201", nil},
		{"and before what is not implemented", query{target: "/?live", secret: "wrong"}, 403, "SignatureDoesNotMatch",
			"0002-00000201", nil},

		// What is asked for.
		{"a sub-resource that is not implemented", query{target: "/?live"}, 501, "NotImplemented", "", nil},
		{"a second sub-resource", query{target: "/?acl&httpsConfig"}, 501, "NotImplemented", "", nil},
		{"DELETE of a configuration", query{method: "DELETE", target: "/?httpsConfig"}, 501, "NotImplemented", "", nil},
		{"POST", query{method: "POST"}, 501, "NotImplemented", "", nil},
		{"a copy of an object", query{method: "PUT", target: "/key", object: "key", header: map[string]string{
			"x-oss-copy-source": "/examplebucket/other"}}, 501, "NotImplemented", "", nil},
		{"a callback", query{method: "PUT", target: "/key", object: "key", header: map[string]string{"x-oss-callback": "e30="}}, 501,
			"NotImplemented", "", map[string]string{"Message": "This server does not implement PUT object with x-oss-callback; docs/mockoss.md lists what it does."}},
		{"HEAD of a bucket", query{method: "HEAD"}, 501, "NotImplemented", "", nil},
		{"no signature on HEAD", query{method: "HEAD", key: "anonymous"}, 403, "AccessDenied", "0003-00000905", nil},

		// The body.
		{"no body", put(""), 400, "MalformedXML", "0015-00000231", nil},
		{"not XML", put("no XML"), 400, "MalformedXML", "0015-00000231", nil},
		{"JSON", put(`{"TLS":{"Enable":true,"TLSVersion":["TLSv1.2"]}}`), 400, "MalformedXML", "0015-00000231", nil},
		{"JSON behind a byte order mark", put("\uFEFF" + ` {"TLS":{"Enable":false}}`), 400, "MalformedXML", "0015-00000231", nil},
		{"another root", put("<CORSConfiguration></CORSConfiguration>"), 400, "MalformedXML", "0015-00000231", nil},
		{"a bad body for a bucket that does not exist", with(put("no XML"), func(q *query) { q.host = "missing." + endpoint }),
			400, "MalformedXML", "0015-00000231", nil},
		{"too large a body", put(big), 400, "EntityTooLarge", "0017-00000501", nil},
		{"another Content-MD5", with(put(enabled), func(q *query) {
			q.header = map[string]string{"Content-MD5": "1B2M2Y8AsgTpgAmY7PhCfg=="}
		}), 400, "InvalidDigest", "0017-00000503", nil},
		{"no Content-MD5 at all", with(put(enabled), func(q *query) { q.header = map[string]string{"Content-MD5": "1B2M"} }),
			400, "InvalidDigest", "0017-00000502", nil},
		{"Content-MD5 of a GET", query{header: map[string]string{"Content-MD5": "CRBPSu7kqPZrqFrl9JxuMA=="}}, 400,
			"InvalidDigest", "0017-00000503", nil},
		{"PutBucket with another root", query{method: "PUT", body: enabled}, 400, "MalformedXML", "0015-00000231", nil},
		{"PutBucket without XML", query{method: "PUT", body: "<CreateBucketConfiguration>"}, 400, "MalformedXML",
			"0015-00000231", nil},

		// The bucket.
		{"a bucket name in capitals", query{method: "PUT", host: "ABC." + endpoint}, 400, "InvalidBucketName", "0015-00000001",
			map[string]string{"BucketName": "ABC"}},
		{"a bucket name with dots", query{host: "a.b." + endpoint, bucket: "a.b"}, 400, "InvalidBucketName", "0015-00000001",
			map[string]string{"BucketName": "a.b"}},
		{"a bucket name in the path with an underscore", query{host: "127.0.0.1", target: "/a_b/?httpsConfig", bucket: "a_b"}, 400,
			"InvalidBucketName", "0015-00000001", map[string]string{"BucketName": "a_b"}},
		{"PUT to a bucket that does not exist", with(put(enabled), func(q *query) { q.host = "missing." + endpoint }), 404,
			"NoSuchBucket", "0015-00000101", map[string]string{"BucketName": "missing"}},
		{"GET from a bucket that does not exist", query{host: "missing." + endpoint, target: "/?httpsConfig"}, 404,
			"NoSuchBucket", "0015-00000101", map[string]string{"BucketName": "missing"}},
		{"listing of a bucket that does not exist", query{host: "missing." + endpoint}, 404, "NoSuchBucket",
			"0015-00000101", nil},
		{"DELETE of a bucket that does not exist", query{method: "DELETE", host: "missing." + endpoint}, 404,
			"NoSuchBucket", "0015-00000101", nil},
		{"somebody else's bucket", query{key: "bob"}, 403, "AccessDenied", "0003-00000001",
			map[string]string{"BucketName": "examplebucket"}},
		{"PUT to somebody else's bucket", with(put(enabled), func(q *query) { q.key = "bob" }), 403, "AccessDenied",
			"0003-00000001", nil},
		{"DELETE of somebody else's bucket", query{method: "DELETE", key: "bob"}, 403, "AccessDenied", "0003-00000001", nil},
		{"a bucket name that is taken", query{method: "PUT", key: "bob"}, 409, "BucketAlreadyExists", "0015-00000104",
			map[string]string{"BucketName": "examplebucket"}},
		{"never configured", query{target: "/?httpsConfig"}, 404, "NoSuchHttpsConfig", "", nil},

		// The address.
		{"a bucket of another region", query{host: "examplebucket.oss-cn-beijing.aliyuncs.com"}, 403, "AccessDenied", "0003-00001403",
			map[string]string{"Endpoint": endpoint}},
		{"a host that leads elsewhere", query{host: "example.com"}, 403, "AccessDenied", "0003-00001403", map[string]string{"Endpoint": endpoint}},
		{"a query that is not well-formed", query{target: "/?prefix=%zz", key: "anonymous"}, 400, "InvalidArgument", "", nil},

		// Listings.
		{"max-keys of 0", query{target: "/?max-keys=0"}, 400, "InvalidArgument", "", map[string]string{"ArgumentValue": "0"}},
		{"max-keys of 1001", query{target: "/?max-keys=1001"}, 400, "InvalidArgument", "", map[string]string{"ArgumentName": "max-keys"}},
		{"another list-type", query{target: "/?list-type=3"}, 400, "InvalidArgument", "", map[string]string{"ArgumentName": "list-type"}},
		{"another encoding", query{target: "/?encoding-type=hex"}, 400, "InvalidArgument", "", map[string]string{"ArgumentValue": "hex"}},

		// Preflight requests.
		{"preflight without Origin", query{method: "OPTIONS", key: "anonymous"}, 400, "BadRequest", "", nil},
		{"preflight without a method", query{method: "OPTIONS", key: "anonymous",
			header: map[string]string{"Origin": "https://example.com"}}, 400, "BadRequest", "", nil},
		{"preflight of a bucket without rules", query{method: "OPTIONS", target: "/?httpsConfig", key: "anonymous", header: map[string]string{
			"Origin": "https://example.com", "Access-Control-Request-Method": "PUT"}}, 403, "AccessForbidden", "", nil},
		{"preflight of a bucket that does not exist", query{method: "OPTIONS", host: "missing." + endpoint, key: "anonymous",
			header: map[string]string{"Origin": "https://example.com", "Access-Control-Request-Method": "PUT"}}, 404,
			"NoSuchBucket", "0015-00000101", nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := newService()
			re := test.query.send(t, s)
			if re.err == nil {
				t.Fatalf("status %d and no error", re.status)
			}
			want := map[string]string{"status": strconv.Itoa(test.status), "x-oss-ec": test.ec, "EC": test.ec,
				"Code": test.code, "RequestId": "534B371674E88A4D8906ABCD", "HostId": test.query.request(t).Host}
			if test.ec != "" {
				want["RecommendDoc"] = "https://api.aliyun.com/troubleshoot?q=" + test.ec
			}
			maps.Copy(want, test.more)
			got := map[string]string{"status": strconv.Itoa(re.status), "x-oss-ec": re.header.Get("x-oss-ec")}
			for name := range want {
				if _, ok := got[name]; !ok {
					got[name] = re.err.values[name]
				}
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			last := s.Requests()[len(s.Requests())-1]
			if last.Status != test.status || last.Code != test.code || last.EC != test.ec {
				t.Errorf("Requests has status %d, code %q, EC %q", last.Status, last.Code, last.EC)
			}
		})
	}
}
