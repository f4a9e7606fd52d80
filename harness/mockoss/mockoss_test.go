package mockoss_test

import (
	"bytes"
	"context"
	"crypto/md5"
	"encoding/base64"
	"encoding/xml"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/aliyun/alibabacloud-oss-go-sdk-v2/oss/credentials"
	sdksigner "github.com/aliyun/alibabacloud-oss-go-sdk-v2/oss/signer"
	"github.com/google/go-cmp/cmp"
	"github.com/ossconf/ossconf/harness/mockoss"
)

const host = "examplebucket.oss-cn-hangzhou.aliyuncs.com"

// noon is the clock of the tests that do not go through an SDK, which reads the real one.
var noon = time.Date(2025, 4, 17, 12, 0, 0, 0, time.UTC)

// newService returns a service with a fixed clock and request ID. Its accounts are alice, with the permanent key
// "alice" and the temporary ones "sts" and "old", which has expired, and bob.
func newService() *mockoss.Service {
	return mockoss.New(mockoss.Options{
		Credentials: []mockoss.Credential{
			{AccessKeyID: "alice", AccessKeySecret: "alice-secret", Owner: "1"},
			{AccessKeyID: "sts", AccessKeySecret: "sts-secret", SecurityToken: "token", Owner: "1", Expires: noon.Add(time.Hour)},
			{AccessKeyID: "old", AccessKeySecret: "old-secret", SecurityToken: "token", Owner: "1", Expires: noon},
			{AccessKeyID: "bob", AccessKeySecret: "bob-secret", Owner: "2"},
		},
		Buckets:   []string{"examplebucket"},
		Now:       func() time.Time { return noon },
		RequestID: func() string { return "534B371674E88A4D8906ABCD" },
	})
}

// A query is a request of a test. The zero value is a GET of the listing of examplebucket, signed by alice at noon.
type query struct {
	method string
	host   string // with a bucket in front, or path style if it is an IP address
	target string
	body   string
	header map[string]string
	key    string    // access key ID; "anonymous" for no signature
	secret string    // KEY-secret if empty
	token  string    // security token
	region string    // of the credential scope
	prod   string    // product
	at     time.Time // of the signature
	bucket string    // that is signed, if it is not that of the host; the endpoint by itself has none
	object string    // that is signed
	query  bool      // presigned
}

// request builds and signs the request with the signer of the Go SDK v2: what is checked here is checked against
// OSS's own client.
func (q query) request(t testing.TB) *http.Request {
	t.Helper()
	def := func(s *string, v string) {
		if *s == "" {
			*s = v
		}
	}
	def(&q.method, http.MethodGet)
	def(&q.host, host)
	def(&q.target, "/")
	def(&q.key, "alice")
	def(&q.secret, q.key+"-secret")
	def(&q.region, "cn-hangzhou")
	def(&q.prod, "oss")
	if q.at.IsZero() {
		q.at = noon
	}
	if q.bucket == "" && q.host != endpoint {
		q.bucket, _, _ = strings.Cut(q.host, ".")
	}
	r := httptest.NewRequest(q.method, "http://"+q.host+q.target, strings.NewReader(q.body))
	if q.body != "" {
		sum := md5.Sum([]byte(q.body))
		r.Header.Set("Content-MD5", base64.StdEncoding.EncodeToString(sum[:]))
	}
	for name, value := range q.header {
		r.Header.Set(name, value)
	}
	if q.key == "anonymous" {
		return r
	}
	sc := &sdksigner.SigningContext{Product: &q.prod, Region: &q.region, Request: r, Time: q.at, AuthMethodQuery: q.query,
		Credentials: &credentials.Credentials{AccessKeyID: q.key, AccessKeySecret: q.secret, SecurityToken: q.token}}
	if q.bucket != "" {
		sc.Bucket = &q.bucket
	}
	if q.object != "" {
		sc.Key = &q.object
	}
	if err := (&sdksigner.SignerV4{}).Sign(context.Background(), sc); err != nil {
		t.Fatal(err)
	}
	return r
}

// A reply is what a test looks at of an answer.
type reply struct {
	status int
	header http.Header
	body   string
	err    *errorBody // of an error
}

// errorBody is an Error document: its elements in order, and by name.
type errorBody struct {
	names  []string
	values map[string]string
}

func (q query) send(t testing.TB, s http.Handler) reply {
	t.Helper()
	return serve(t, s, q.request(t))
}

func serve(t testing.TB, s http.Handler, r *http.Request) reply {
	t.Helper()
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	re := reply{status: w.Code, header: w.Result().Header, body: w.Body.String()}
	if w.Code < 400 {
		return re
	}
	doc := w.Body.Bytes()
	if len(doc) == 0 {
		var err error
		if doc, err = base64.StdEncoding.DecodeString(re.header.Get("x-oss-err")); err != nil {
			t.Fatalf("x-oss-err: %v", err)
		}
	}
	re.err = parseError(t, doc)
	return re
}

func parseError(t testing.TB, doc []byte) *errorBody {
	t.Helper()
	var root struct {
		XMLName xml.Name `xml:"Error"`
		Items   []struct {
			XMLName xml.Name
			Text    string `xml:",chardata"`
		} `xml:",any"`
	}
	d := xml.NewDecoder(bytes.NewReader(doc))
	if err := d.Decode(&root); err != nil {
		t.Fatalf("no error document: %v\n%s", err, doc)
	}
	if _, err := d.Token(); err != io.EOF {
		t.Fatalf("something follows the error document: %s", doc)
	}
	e := &errorBody{values: make(map[string]string)}
	for _, item := range root.Items {
		e.names = append(e.names, item.XMLName.Local)
		e.values[item.XMLName.Local] = item.Text
	}
	return e
}

func TestHeadersOfEveryAnswer(t *testing.T) {
	s := newService()
	common := map[string]string{
		"Server": "AliyunOSS", "X-Oss-Request-Id": "534B371674E88A4D8906ABCD",
		"Date": "Thu, 17 Apr 2025 12:00:00 GMT", "Connection": "keep-alive",
	}
	for _, test := range []struct {
		name   string
		query  query
		status int
		more   map[string]string
	}{
		{"a listing", query{}, 200, map[string]string{"Content-Type": "application/xml"}},
		{"a configuration that is stored", query{method: "PUT", target: "/?httpsConfig", body: enabled}, 200,
			nil},
		{"a bucket that is made", query{method: "PUT"}, 200,
			map[string]string{"Location": "/examplebucket"}},
		{"an error", query{host: "missing." + endpoint}, 404,
			map[string]string{"Content-Type": "application/xml", "X-Oss-Ec": "0015-00000101"}},
		{"an error without EC", query{target: "/?live"}, 501,
			map[string]string{"Content-Type": "application/xml"}},
		{"a refused preflight", query{method: "OPTIONS", key: "anonymous", header: map[string]string{
			"Origin": "https://example.com", "Access-Control-Request-Method": "PUT"}}, 403,
			map[string]string{"Content-Type": "application/xml"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			re := test.query.send(t, s)
			got := map[string]string{}
			for name := range re.header {
				got[name] = re.header.Get(name)
			}
			want := map[string]string{"Content-Length": strconv.Itoa(len(re.body))}
			for _, m := range []map[string]string{common, test.more} {
				maps.Copy(want, m)
			}
			if re.status != test.status {
				t.Errorf("status %d, want %d\n%s", re.status, test.status, re.body)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("headers (-want +got):\n%s", diff)
			}
		})
	}
}
