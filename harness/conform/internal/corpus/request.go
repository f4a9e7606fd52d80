package corpus

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/ossconf/ossconf/signer"
)

// A mode is where a signature goes, and so what a request has to hold.
type mode int

const (
	signing mode = iota
	presigning
	policySigning
)

// A signRequest is the input of an operation that signs. Its credentials are made up.
type signRequest struct {
	credentials      signer.Credentials
	region, product  string
	method           string
	bucket, key      string
	query, headers   []signer.Field
	additional       []string
	time             string
	stringToSignTime string
	omitDate         bool
	expires          string // a JSON value
	endpoint         string
	pathStyle        bool
	policy           string
}

// request is an input of sign, presign or post_policy.
func request(r *random, index int, m mode) []byte {
	if index%1000 == 11 {
		return bigRequest(r, m)
	}
	q := newSignRequest(r, m)
	switch n := r.n(100); {
	case n < 55:
		return q.json(r, m)
	case n < 75:
		q.spoil(r, m)
		return q.json(r, m)
	case n < 92:
		return mutate(r, q.json(r, m))
	case n < 98:
		return hostileRequest(r, q.json(r, m))
	}
	return r.bytes(r.n(40))
}

var (
	letters = strings.Split("abcdefghijklmnopqrstuvwxyz0123456789", "")
	any7bit = strings.Split("abcXYZ019-._~ !*'()+,/:;=?@[]{}|%&#$<>\"\\^`", "")
	beyond  = []string{"é", "ü", "漢", "字", "😀", "\u00a0", "\u200d", "\u0301", "ß", "\u2028", "\ufeff"}
	keys    = append(append(append([]string{"/", "/", ".", "-"}, letters...), any7bit...), beyond...)
	methods = []string{"GET", "PUT", "POST", "DELETE", "HEAD", "OPTIONS"}
	regions = []string{"cn-hangzhou", "cn-shanghai", "us-west-1", "eu-central-1", "ap-southeast-1"}
	actions = []string{"httpsConfig", "acl", "cors", "lifecycle", "uploads", "versionId", "x-oss-process", "response-content-type",
		"prefix", "max-keys", "list-type", "+param", "|param", "param1", "param2", "A", "a", "key-with~", "名"}
	headerNames = []string{"x-oss-meta-author", "x-oss-meta-a", "X-Oss-Acl", "x-oss-object-acl", "Content-Type", "content-md5", "Content-Length",
		"Host", "User-Agent", "abc", "ZAbc", "X-Oss-Content-Sha256", "x-oss-head1", "Range", "if-match", "Date"}
)

func newSignRequest(r *random, m mode) signRequest {
	q := signRequest{
		credentials: signer.Credentials{
			AccessKeyID:     pick(r, "ak", "testAccessKeyID", "exampleKeyID-"+r.text(letters, 1, 8)),
			AccessKeySecret: pick(r, "sk", "testAccessKeySecret", "example-secret-"+r.text(letters, 1, 60)),
		},
		region: pick(r, regions...),
		time:   timestamp(r),
		method: pick(r, methods...),
	}
	if r.percent(25) {
		q.credentials.SecurityToken = pick(r, "token", "CAIS"+r.text(append(letters, "+", "/", "="), 10, 120))
	}
	switch {
	case r.percent(15):
		q.product, q.region = "oss-cloudbox", "cb-"+r.text(letters, 1, 10)
	case r.percent(50):
		q.product = "oss"
	}
	if r.percent(92) {
		q.bucket = pick(r, "bucket", "examplebucket", "a-1", "b"+r.text(letters, 2, 12))
		if r.percent(55) {
			q.key = r.text(keys, 1, 24)
		}
	}
	q.query = fields(r, actions, 4, keys)
	q.headers = fields(r, headerNames, 5, any7bit)
	for i := range q.headers {
		if strings.EqualFold(q.headers[i].Name, "x-oss-content-sha256") {
			q.headers[i].Value = signer.UnsignedPayload
		}
	}
	for range r.n(3) * r.n(2) {
		q.additional = append(q.additional, pick(r, headerNames...))
	}
	switch m {
	case signing:
		q.omitDate = r.percent(5)
		if r.percent(4) {
			q.stringToSignTime = pick(r, "Thu, 17 Apr 2025 13:13:18 GMT", q.time)
		}
	case presigning:
		q.expires = strconv.Itoa(pick(r, 1, 60, 599, 3600, 86400, signer.MaxExpires, r.between(1, signer.MaxExpires)))
		if r.percent(40) {
			q.endpoint = pick(r, "oss-cn-hangzhou.aliyuncs.com", "https://oss-us-west-1.aliyuncs.com", "http://127.0.0.1:9000", "localhost:80",
				"https://[::1]:8443", "static.example.com", "HTTP://Example.com/", "oss-accelerate.aliyuncs.com")
		}
		q.pathStyle = r.percent(20)
	case policySigning:
		q.policy = policyText(r, &q)
	}
	return q
}

func timestamp(r *random) string {
	return fmt.Sprintf("%04d%02d%02dT%02d%02d%02dZ", r.between(2015, 2035), r.between(1, 12), r.between(1, 28), r.n(24), r.n(60), r.n(60))
}

// fields makes up a few parameters or headers, each name once, with an empty value now and then.
func fields(r *random, names []string, most int, alphabet []string) []signer.Field {
	var list []signer.Field
	done := map[string]bool{}
	for range r.n(most + 1) {
		name := pick(r, names...)
		if folded := strings.ToLower(name); !done[folded] {
			done[folded] = true
			list = append(list, signer.Field{Name: name, Value: r.text(alphabet, 0, 12)})
		}
	}
	return list
}

func policyText(r *random, q *signRequest) string {
	product := q.product
	if product == "" {
		product = signer.ProductOSS
	}
	s := newJSONStyle(r)
	conditions := []string{
		s.object(2, []member{{"bucket", s.quote("examplebucket")}}),
		s.object(2, []member{{"x-oss-signature-version", s.quote(signer.Algorithm)}}),
		s.object(2, []member{{"x-oss-credential", s.quote(q.credentials.AccessKeyID + "/" + q.time[:8] + "/" + q.region + "/" + product + "/aliyun_v4_request")}}),
		s.object(2, []member{{"x-oss-date", s.quote(q.time)}}),
	}
	if r.percent(50) {
		conditions = append(conditions, s.array(2, []string{s.quote("content-length-range"), "1", strconv.Itoa(r.between(1, 1<<20))}))
	}
	if r.percent(50) {
		conditions = append(conditions, s.array(2, []string{s.quote("starts-with"), s.quote("$key"), s.quote(r.text(keys, 0, 8))}))
	}
	return s.object(0, []member{{"expiration", s.quote("2036-01-01T00:00:00.000Z")}, {"conditions", s.array(1, conditions)}})
}

// spoil gives one field a value that is wrong, or only looks like it.
func (q *signRequest) spoil(r *random, m mode) {
	bad := func(values ...string) string { return pick(r, values...) }
	choices := 8
	if m != policySigning {
		choices = 17
	}
	switch r.n(choices) {
	case 0:
		q.credentials.AccessKeyID = bad("", "a/b", "a,b", "a b", "é", "\n", strings.Repeat("k", 128), strings.Repeat("k", 129))
	case 1:
		q.credentials.AccessKeySecret = bad("", "two words", "line\n", "é", "\x00", strings.Repeat("s", 1024), strings.Repeat("s", 1025))
	case 2:
		q.credentials.SecurityToken = bad(" ", "t\n", "é", strings.Repeat("t", 300), "a b")
	case 3:
		q.region = bad("", "oss-cn-hangzhou", "CN-hangzhou", "cn_hangzhou", "cn hangzhou", "cn/hangzhou", "é", strings.Repeat("r", 63), strings.Repeat("r", 64))
	case 4:
		q.product = bad("OSS", "o s s", "oss/", "sls", "é")
	case 5, 6:
		q.time = bad("", "20250230T000000Z", "20240229T235959Z", "20230229T000000Z", "20250417T131318", "2025-04-17T13:13:18Z", "20250417T240000Z",
			"20250417T136018Z", "20250417T131360Z", "20251301T000000Z", "00000101T000000Z", "99991231T235959Z", "Thu, 17 Apr 2025 13:13:18 GMT", "20250417t131318z")
	case 7:
		q.policy = bad("", "{}", "[]", "eyJhIjoxfQ==", " {\"a\":1}\n", "{", "}", "{\"a\":\"é😀\"}", "null", "{not checked}")
		q.expires = bad("0", "-1", "604800", "604801", "1.5", "1e3", "\"60\"", "null", "99999999999999999999", "2147483648", "-0", "true")
	case 8:
		q.method = bad("", "get", "PUT ", "G\nT", "É", "PROPFIND", strings.Repeat("M", 16), strings.Repeat("M", 17))
	case 9:
		q.bucket = bad("", "ab", "Bucket", "-ab", "ab-", "a.b.c", "a/b", "a_b", "é", strings.Repeat("b", 63), strings.Repeat("b", 64))
	case 10:
		q.key = bad("/", "//", "../x", "a\x00b", "a\nb", "%2F", "+", strings.Repeat("k", 1023), strings.Repeat("k", 1024), strings.Repeat("漢", 341), strings.Repeat("漢", 342))
	case 11:
		q.query = append(q.query, signer.Field{Name: bad("", "x-oss-signature", "x-oss-credential", "x-oss-date", "x-oss-expires",
			"x-oss-security-token", "x-oss-signature-version", "x-oss-additional-headers", "X-Oss-Date", "\x00", "a=b&c"), Value: "v"})
	case 12:
		q.query = append(q.query, signer.Field{Name: "twice", Value: "1"}, signer.Field{Name: bad("twice", "Twice"), Value: "2"})
	case 13:
		q.headers = append(q.headers, signer.Field{Name: bad("", "a b", "a:b", "é", "a\n", "Authorization", "x-oss-date", "x-oss-content-sha256", "x-oss-security-token", "!#$%&'*+-.^_`|~"), Value: "v"})
	case 14:
		q.headers = append(q.headers, signer.Field{Name: "x-oss-meta-z", Value: bad("a\nb", "a\rb", "\x00", "\x7f", "\t", " trimmed ", "é", "a,b", "\u00a0")},
			signer.Field{Name: bad("X-OSS-META-Z", "x-oss-meta-zz"), Value: "again"})
	case 15:
		q.additional = append(q.additional, bad("", "Authorization", "a b", "absent", "HOST", "host", "x-oss-date", "a;b", "é"), "abc", "ABC")
	case 16:
		q.endpoint = bad("ftp://example.com", "https://", "https://example.com/path", "example.com?x", "user@example.com", "a..b", "example.com:99999",
			"example.com:", "[::1", "é.example.com", "https://https://a", " example.com", strings.Repeat("a", 64)+".com")
	}
}

func (q signRequest) json(r *random, m mode) []byte {
	s := newJSONStyle(r)
	list := []member{
		{"access_key_id", s.quote(q.credentials.AccessKeyID)},
		{"access_key_secret", s.quote(q.credentials.AccessKeySecret)},
		{"region", s.quote(q.region)},
		{"time", s.quote(q.time)},
	}
	text := func(name, value string) {
		if value != "" || r.percent(5) {
			list = append(list, member{name, s.quote(value)})
		}
	}
	text("security_token", q.credentials.SecurityToken)
	text("product", q.product)
	if m == policySigning {
		list = append(list, member{"policy_json", s.quote(q.policy)})
	} else {
		list = append(list, member{"method", s.quote(q.method)})
		text("bucket", q.bucket)
		text("key", q.key)
		list = append(list, member{"query", s.pairs(q.query)}, member{"headers", s.pairs(q.headers)})
	}
	if len(q.additional) > 0 && m != policySigning {
		list = append(list, member{"additional_headers", s.strings(q.additional)})
	}
	if m == signing {
		text("string_to_sign_time", q.stringToSignTime)
	}
	if m == signing && (q.omitDate || r.percent(3)) {
		list = append(list, member{"omit_x_oss_date_header", strconv.FormatBool(q.omitDate)})
	}
	if m == presigning {
		list = append(list, member{"expires_seconds", q.expires})
		text("endpoint", q.endpoint)
		if q.pathStyle || r.percent(5) {
			list = append(list, member{"path_style", strconv.FormatBool(q.pathStyle)})
		}
	}
	if r.percent(30) {
		shuffle(r, list)
	}
	return []byte(s.object(0, list))
}

func (s jsonStyle) pairs(list []signer.Field) string {
	items := make([]string, len(list))
	for i, f := range list {
		items[i] = s.array(2, []string{s.quote(f.Name), s.quote(f.Value)})
	}
	return s.array(1, items)
}

func (s jsonStyle) strings(list []string) string {
	items := make([]string, len(list))
	for i, text := range list {
		items[i] = s.quote(text)
	}
	return s.array(1, items)
}

// hostileRequest breaks the form of a request on purpose.
func hostileRequest(r *random, doc []byte) []byte {
	text := string(doc)
	swap := func(old, new string) []byte { return []byte(strings.Replace(text, old, new, 1)) }
	name := pick(r, `"access_key_id"`, `"region"`, `"time"`, `"method"`, `"query"`, `"headers"`, `"policy_json"`, `"expires_seconds"`, `"key"`)
	switch r.n(8) {
	case 0:
		return swap("{", "{"+name+":"+pick(r, `"v"`, "1", "null", "[]")+",")
	case 1:
		return swap(name, pick(r, `"unknown"`, `""`, `"Method"`, `"access_key"`, `"T\u0069me"`, `"__proto__"`))
	case 2:
		return swap(name+":", name+":"+pick(r, "null", "1", "true", "{}", "[1]", `["a"]`, `[["a"]]`, `[["a","b","c"]]`, `[["a",1]]`, `{"a":"b"}`, `[[[]]]`)+`,"rest":`)
	case 3:
		return []byte("[" + text + "]")
	case 4:
		return []byte(text + pick(r, text, "x", "}", ",", "\x00"))
	case 5:
		return swap(`":"`, `":"`+pick(r, `\ud800`, `\udfff`, "\xff", `\u0000`, "\x00", `\q`, "\n", `\ud83d\ude00`, "\xed\xa0\x80"))
	case 6:
		return []byte(`{"a":` + strings.Repeat(pick(r, "[", `{"a":`), maxDepth+r.between(-2, 2)) + "0")
	}
	return []byte(pick(r, "{}", "", "null", "[]", `""`, "{", text[:r.n(len(text)+1)], "<HttpsConfiguration/>", "\ufeff"+text))
}

// bigRequest is near a limit of requests: 1 MiB, or a thousand parameters, headers or additional headers.
func bigRequest(r *random, m mode) []byte {
	q := newSignRequest(r, m)
	count := 1000 + r.between(-1, 1)
	switch n := r.n(4); {
	case n == 0 || m == policySigning:
		doc := q.json(r, m)
		end := len(doc) - 1
		return append(doc[:end:end], fmt.Sprintf("%s}", strings.Repeat(pick(r, " ", "\n"), max(0, boundary(r, maxRequest)-len(doc))))...)
	case n == 1:
		q.query = nil
		for i := range count {
			q.query = append(q.query, signer.Field{Name: "p" + strconv.Itoa(i), Value: "v"})
		}
	case n == 2:
		q.headers = append(q.headers[:0], signer.Field{Name: "x-oss-meta-long", Value: strings.Repeat("v", pick(r, 8<<10, 64<<10, 200<<10))})
	default:
		q.additional = nil
		for i := range count {
			q.additional = append(q.additional, "h"+strconv.Itoa(i))
		}
	}
	return q.json(r, m)
}
