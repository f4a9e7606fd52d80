package mockoss_test

import (
	"bytes"
	"encoding/json"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ossconf/ossconf/signer"
)

// A post is a form that a test sends. The zero value uploads "hello" as user/a.txt under a policy of alice's that
// allows user/.
type post struct {
	key        string
	token      string
	secret     string
	conditions []any             // of the policy, beside those of the signature
	expires    time.Duration     // from noon
	unsigned   bool              // without policy and signature
	fields     map[string]string // further ones
	content    string
}

func (p post) request(t *testing.T) *http.Request {
	t.Helper()
	if p.key == "" {
		p.key = "alice"
	}
	if p.secret == "" {
		p.secret = p.key + "-secret"
	}
	if p.expires == 0 {
		p.expires = time.Hour
	}
	if p.conditions == nil {
		p.conditions = []any{map[string]string{"bucket": "examplebucket"}, []string{"starts-with", "$key", "user/"}}
	}
	const at = "20250417T120000Z"
	conditions := append(p.conditions, map[string]string{"x-oss-signature-version": signer.Algorithm},
		map[string]string{"x-oss-credential": p.key + "/20250417/cn-hangzhou/oss/aliyun_v4_request"}, map[string]string{"x-oss-date": at})
	if p.token != "" {
		conditions = append(conditions, map[string]string{"x-oss-security-token": p.token})
	}
	policy, err := json.Marshal(map[string]any{"expiration": noon.Add(p.expires).Format("2006-01-02T15:04:05.000Z"), "conditions": conditions})
	if err != nil {
		t.Fatal(err)
	}
	var s signer.Signer
	signed, err := s.PostPolicy(signer.Credentials{AccessKeyID: p.key, AccessKeySecret: p.secret, SecurityToken: p.token},
		signer.Policy{JSON: string(policy), Region: "cn-hangzhou", Time: at})
	if err != nil {
		t.Fatal(err)
	}
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	if _, given := p.fields["key"]; !given {
		w.WriteField("key", "user/${filename}")
	}
	if !p.unsigned {
		for _, f := range signed.Fields {
			w.WriteField(f.Name, f.Value)
		}
	}
	for name, value := range p.fields {
		w.WriteField(name, value)
	}
	file, err := w.CreateFormFile("file", "a.txt")
	if err != nil {
		t.Fatal(err)
	}
	if p.content == "" {
		p.content = "hello"
	}
	file.Write([]byte(p.content))
	w.Close()
	r := httptest.NewRequest(http.MethodPost, "http://"+host+"/", &body)
	r.Header.Set("Content-Type", w.FormDataContentType())
	return r
}

func TestPostObject(t *testing.T) {
	for _, test := range []struct {
		name   string
		post   post
		status int
		code   string // of an error
		header map[string]string
	}{
		{"as it should be", post{}, 204, "", map[string]string{"Etag": `"5D41402ABC4B2A76B9719D911017C592"`}},
		{"with a temporary key", post{key: "sts", token: "token"}, 204, "", nil},
		{"with a status", post{fields: map[string]string{"success_action_status": "200"}}, 200, "", nil},
		{"with a document", post{fields: map[string]string{"success_action_status": "201"}}, 201, "", nil},
		{"with a redirect", post{fields: map[string]string{"success_action_redirect": "https://example.com/done"}}, 303, "", map[string]string{
			"Location": "https://example.com/done?bucket=examplebucket&key=user%2Fa.txt&etag=%225D41402ABC4B2A76B9719D911017C592%22"}},
		{"another key than the policy allows", post{fields: map[string]string{"key": "other/a.txt"}}, 403, "AccessDenied", nil},
		{"another bucket than the policy allows", post{conditions: []any{map[string]string{"bucket": "other"}}}, 403, "AccessDenied", nil},
		{"larger than the policy allows", post{conditions: []any{[]any{"content-length-range", 1, 4}}}, 400, "EntityTooLarge", nil},
		{"an expired policy", post{expires: -time.Second}, 403, "AccessDenied", nil},
		{"a wrong secret", post{secret: "wrong"}, 403, "SignatureDoesNotMatch", nil},
		{"an unknown access key", post{key: "carol"}, 403, "InvalidAccessKeyId", nil},
		{"an expired token", post{key: "old", token: "token"}, 403, "SecurityTokenExpired", nil},
		{"another token", post{key: "sts", token: "other"}, 403, "InvalidSecurityToken", nil},
		{"somebody else's bucket", post{key: "bob"}, 403, "AccessDenied", nil},
		{"without a signature", post{unsigned: true}, 403, "AccessDenied", nil},
		{"a public object in a closed bucket", post{fields: map[string]string{"x-oss-object-acl": "public-read"}}, 403, "AccessDenied", nil},
		{"an unknown access control list", post{fields: map[string]string{"x-oss-object-acl": "open"}}, 400, "InvalidArgument", nil},
		{"overwriting", post{fields: map[string]string{"x-oss-forbid-overwrite": "true", "key": "user/there"}}, 409, "FileAlreadyExists", nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := newService()
			put(t, s, "user/there", "x", nil)
			re := serve(t, s, test.post.request(t))
			code := ""
			if re.err != nil {
				code = re.err.values["Code"]
			}
			if re.status != test.status || code != test.code {
				t.Fatalf("%d %s\n%s", re.status, code, re.body)
			}
			for name, want := range test.header {
				if diff := cmp.Diff(want, re.header.Get(name)); diff != "" {
					t.Errorf("%s (-want +got):\n%s", name, diff)
				}
			}
			get := query{target: "/user/a.txt", object: "user/a.txt"}.send(t, s)
			if stored := get.status == 200 && get.body == "hello"; stored != (test.code == "") {
				t.Errorf("GET: %d %s", get.status, get.body)
			}
			if last := s.Requests()[1]; last.Operation != "PostObject" || test.code == "" && (last.Key != "user/a.txt" || last.AccessKeyID == "") {
				t.Errorf("%+v", last)
			}
		})
	}
}

func TestPostObjectKeepsWhatTheFormSays(t *testing.T) {
	s := newService()
	p := post{fields: map[string]string{"x-oss-content-type": "text/css", "Cache-Control": "no-cache", "x-oss-meta-color": "red"}}
	if re := serve(t, s, p.request(t)); re.status != 204 {
		t.Fatalf("%d %s", re.status, re.body)
	}
	re := query{method: "HEAD", target: "/user/a.txt", object: "user/a.txt"}.send(t, s)
	want := map[string]string{"Content-Type": "text/css", "Cache-Control": "no-cache", "X-Oss-Meta-Color": "red", "Content-Length": "5"}
	got := map[string]string{}
	for name := range want {
		got[name] = re.header.Get(name)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestAFormThatIsNone(t *testing.T) {
	s := newService()
	r := httptest.NewRequest(http.MethodPost, "http://"+host+"/", strings.NewReader("garbage"))
	r.Header.Set("Content-Type", "multipart/form-data; boundary=x")
	if re := serve(t, s, r); re.status != 400 || re.err.values["Code"] != "MalformedPOSTRequest" {
		t.Errorf("%d %s", re.status, re.body)
	}
}
