package mockoss_test

import (
	"net/http/httptest"
	"strings"
	"testing"
)

// TestGarbageInAuthorization sends what is no signature, or one that nobody made. Each gets an error of OSS.
func TestGarbageInAuthorization(t *testing.T) {
	const (
		scope = "alice/20250417/cn-hangzhou/oss/aliyun_v4_request"
		zeros = "0000000000000000000000000000000000000000000000000000000000000000"
		v4    = "OSS4-HMAC-SHA256 "
		good  = v4 + "Credential=" + scope + ",Signature=" + zeros
	)
	presigned := func(change ...string) string { // a presigned URL, with names and values in turn put in
		q := "x-oss-signature-version=OSS4-HMAC-SHA256&x-oss-credential=" + scope + "&x-oss-date=20250417T120000Z&x-oss-expires=60&x-oss-signature=" + zeros
		for i := 0; i < len(change); i += 2 {
			before, after, _ := strings.Cut(q, change[i]+"=")
			_, after, more := strings.Cut(after, "&")
			if q = before + change[i] + "=" + change[i+1]; more {
				q += "&" + after
			}
		}
		return q
	}
	without := func(name string) string {
		var parts []string
		for part := range strings.SplitSeq(presigned(), "&") {
			if !strings.HasPrefix(part, name+"=") {
				parts = append(parts, part)
			}
		}
		return strings.Join(parts, "&")
	}
	s, signed := newService(), query{}
	for _, test := range []struct {
		name, authorization, query string
	}{
		{"no signature", "", ""},
		{"a blank", " ", ""},
		{"the scheme alone", "OSS4-HMAC-SHA256", ""},
		{"the scheme and a blank", v4, ""},
		{"the scheme in small letters", strings.ToLower(good), ""},
		{"another scheme", "Basic YWxpY2U6YWxpY2Utc2VjcmV0", ""},
		{"the scheme of another service", strings.Replace(good, "OSS4", "AWS4", 1), ""},
		{"version 1", "OSS alice:c2ln", ""},
		{"version 1 without colon", "OSS alice", ""},
		{"version 2", "OSS2 AccessKeyId:alice,Signature:c2ln", ""},
		{"no credential", v4 + "Signature=" + zeros, ""},
		{"an empty credential", v4 + "Credential=,Signature=" + zeros, ""},
		{"a credential without scope", v4 + "Credential=alice,Signature=" + zeros, ""},
		{"slashes for a credential", v4 + "Credential=////,Signature=" + zeros, ""},
		{"ten thousand slashes", v4 + "Credential=" + strings.Repeat("/", 10000) + ",Signature=" + zeros, ""},
		{"six parts", v4 + "Credential=a/" + scope + ",Signature=" + zeros, ""},
		{"two credentials", v4 + "Credential=" + scope + ",Credential=" + scope + ",Signature=" + zeros, ""},
		{"no signature in it", v4 + "Credential=" + scope, ""},
		{"an empty signature", v4 + "Credential=" + scope + ",Signature=", ""},
		{"half a signature", v4 + "Credential=" + scope + ",Signature=" + zeros[:32], ""},
		{"a signature in capitals", v4 + "Credential=" + scope + ",Signature=" + strings.Repeat("A", 64), ""},
		{"a signature of other letters", v4 + "Credential=" + scope + ",Signature=" + strings.Repeat("z", 64), ""},
		{"a megabyte of a signature", v4 + "Credential=" + scope + ",Signature=" + strings.Repeat("0", 1<<20), ""},
		{"two signatures", good + ",Signature=" + zeros, ""},
		{"an unknown part", good + ",Extra=1", ""},
		{"a part without value", good + ",Extra", ""},
		{"commas", v4 + strings.Repeat(",", 10000), ""},
		{"equals signs", v4 + strings.Repeat("=", 10000), ""},
		{"NUL", v4 + "\x00", ""},
		{"no UTF-8", v4 + "Credential=\xff\xfe/20250417/cn-hangzhou/oss/aliyun_v4_request,Signature=" + zeros, ""},
		{"an access key of markup", v4 + "Credential=<a>&]]>/20250417/cn-hangzhou/oss/aliyun_v4_request,Signature=" + zeros, ""},
		{"an access key that ends a line", v4 + "Credential=a\r\nX-A: b/20250417/cn-hangzhou/oss/aliyun_v4_request,Signature=" + zeros, ""},
		{"another date than x-oss-date", strings.Replace(good, "20250417", "20250418", 1), ""},
		{"a date that is none", strings.Replace(good, "20250417", "2025-4-17", 1), ""},
		{"another terminator", strings.Replace(good, "aliyun_v4_request", "aws4_request", 1), ""},
		{"additional headers that are not there", v4 + "Credential=" + scope + ",AdditionalHeaders=x-a;x-b,Signature=" + zeros, ""},
		{"additional headers without end", v4 + "Credential=" + scope + ",AdditionalHeaders=" + strings.Repeat("a;", 10000) + ",Signature=" + zeros, ""},
		{"the signature of zeros", good, ""},

		{"a query without signature", "", without("x-oss-signature")},
		{"a query without credential", "", without("x-oss-credential")},
		{"a query without date", "", without("x-oss-date")},
		{"a query without expiry", "", without("x-oss-expires")},
		{"a query without version", "", without("x-oss-signature-version")},
		{"a query with another version", "", presigned("x-oss-signature-version", "OSS9")},
		{"a query with an empty credential", "", presigned("x-oss-credential", "")},
		{"a query with slashes for a credential", "", presigned("x-oss-credential", "////")},
		{"a query with a date that is none", "", presigned("x-oss-date", "yesterday")},
		{"a query with a date beyond all calendars", "", presigned("x-oss-date", "99999999T999999Z")},
		{"a query that expires before it begins", "", presigned("x-oss-expires", "-1")},
		{"a query that never expires", "", presigned("x-oss-expires", "99999999999999999999")},
		{"a query that expires in words", "", presigned("x-oss-expires", "soon")},
		{"a query with NUL", "", presigned("x-oss-signature", "%00")},
		{"a query with no UTF-8", "", presigned("x-oss-credential", "%ff%fe/20250417/cn-hangzhou/oss/aliyun_v4_request")},
		{"a query with everything twice", "", presigned() + "&" + presigned()},
		{"a query with half an escape", "", presigned() + "%2"},
		{"a query of version 1", "", "OSSAccessKeyId=alice&Expires=1&Signature=c2ln"},
		{"a query with additional headers that are not there", "", presigned() + "&x-oss-additional-headers=x-a"},
		{"a query beside a header", good, presigned()},
		{"the query of zeros", "", presigned()},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := httptest.NewRequest("GET", "http://"+host+"/", nil)
			r.URL.RawQuery = "httpsConfig"
			if test.query != "" {
				r.URL.RawQuery += "&" + test.query
			} else {
				r.Header.Set("X-Oss-Date", "20250417T120000Z")
				r.Header.Set("X-Oss-Content-Sha256", "UNSIGNED-PAYLOAD")
			}
			if test.authorization != "" {
				r.Header.Set("Authorization", test.authorization)
			}
			re := serve(t, s, r)
			if re.status != 400 && re.status != 403 || re.err.values["Code"] == "" || re.err.values["Message"] == "" {
				t.Errorf("%d %.500s", re.status, re.body)
			}
			if len(re.body) > 4<<20 {
				t.Errorf("an answer of %d bytes", len(re.body))
			}
			if last := s.Requests()[len(s.Requests())-1]; last.AccessKeyID != "" {
				t.Errorf("it counts as a request of %s", last.AccessKeyID)
			}
			if re := signed.send(t, s); re.status != 200 {
				t.Errorf("a signed request afterwards: %d %s", re.status, re.body)
			}
		})
	}
}
