package postform_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ossconf/ossconf/harness/mockoss/internal/postform"
	"github.com/ossconf/ossconf/signer"
)

func TestSuccess(t *testing.T) {
	o := postform.Object{Bucket: "examplebucket", ETag: `"5B3C1A2E"`,
		URL: "http://examplebucket.oss-cn-hangzhou.aliyuncs.com/a%20b"}
	const query = "bucket=examplebucket&key=a+b%26%C3%A9&etag=%225B3C1A2E%22"
	for _, test := range []struct {
		name   string
		fields []string
		want   postform.Answer
	}{
		{"nothing", nil, postform.Answer{Status: 204}},
		{"200", []string{field("Success_Action_Status", "200")}, postform.Answer{Status: 200}},
		{"204", []string{field("success_action_status", "204")}, postform.Answer{Status: 204}},
		{"202", []string{field("success_action_status", "202")}, postform.Answer{Status: 204}},
		{"empty", []string{field("success_action_status", "")}, postform.Answer{Status: 204}},
		{"201 and a blank", []string{field("success_action_status", "201 ")}, postform.Answer{Status: 204}},
		{"201", []string{field("success_action_status", "201")}, postform.Answer{Status: 201, Body: []byte(`<?xml version="1.0" encoding="UTF-8"?>
<PostResponse>
  <Bucket>examplebucket</Bucket>
  <ETag>"5B3C1A2E"</ETag>
  <Key>a b&amp;é</Key>
  <Location>http://examplebucket.oss-cn-hangzhou.aliyuncs.com/a%20b</Location>
</PostResponse>`)}},
		{"redirect before status", []string{field("success_action_status", "201"), field("success_action_redirect",
			"https://example.com/done")},
			postform.Answer{Status: 303, Location: "https://example.com/done?" + query}},
		{"a query and a fragment", []string{field("success_action_redirect", "http://example.com?a=b%20c#d")},
			postform.Answer{Status: 303, Location: "http://example.com?a=b%20c&" + query + "#d"}},
		{"no URL", []string{field("success_action_redirect", "/done"), field("success_action_status", "200")},
			postform.Answer{Status: 200}},
		{"no host", []string{field("success_action_redirect", "https:///done")}, postform.Answer{Status: 204}},
		{"a script", []string{field("success_action_redirect", "javascript:alert(1)")}, postform.Answer{Status: 204}},
		{"a second header", []string{field("success_action_redirect", "http://example.com/\r\nSet-Cookie: a=b")},
			postform.Answer{Status: 204}},
	} {
		form := read(t, append([]string{field("key", "a b&${filename}")}, append(test.fields, file("d/é", "x"))...)...)
		if diff := cmp.Diff(test.want, form.Success(o)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
	}
}

func TestSuccessSanitizes(t *testing.T) {
	form := read(t, field("key", "a\x01b"), field("success_action_status", "201"), file("f", ""))
	const want = `<?xml version="1.0" encoding="UTF-8"?>
<PostResponse>
  <Bucket></Bucket>
  <ETag></ETag>
  <Key>a` + "\uFFFD" + `b</Key>
  <Location></Location>
</PostResponse>`
	if diff := cmp.Diff(want, string(form.Success(postform.Object{}).Body)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestKey(t *testing.T) {
	for _, test := range []struct{ key, file, want string }{
		{"/user/a/${filename}", "b.jpg", "/user/a/b.jpg"}, // PostObject's document
		{"/user/a/${filename}", "a/b/c/b.jpg", "/user/a/b.jpg"},
		{"${filename}", `C:\pictures\b.jpg`, "b.jpg"},
		{"${filename}-${filename}", "${filename}", "${filename}-${filename}"},
		{"${Filename}", "b", "${Filename}"},
		{"a", "b", "a"},
		{"a/${filename}", "dir/", "a/"},
		{"a/${filename}", "", "a/"},
	} {
		form := postform.Form{Fields: []signer.Field{{Name: "Key", Value: test.key}},
			File: postform.File{Name: test.file}}
		if got := form.Key(); got != test.want {
			t.Errorf("%s, %s: %s, want %s", test.key, test.file, got, test.want)
		}
	}
}

func TestHeaders(t *testing.T) {
	form := read(t, field("key", "a"), field("X-Oss-Meta-UUID", "1"), field("expires", "0"), field("CACHE-CONTROL",
		"no-store"),
		field("content-disposition", "attachment"), field("Content-encoding", "gzip"), field("Content-Type", "a/b"),
		field("x-oss-storage-class", "IA"), field("x-oss-object-acl", "private"), field("policy", "p"), field("tag", "t"),
		field("x-oss-forbid-overwrite", "true"), field("x-oss-meta-", ""), file("f", "x"))
	want := []signer.Field{
		{Name: "Content-Type", Value: "text/plain"}, {Name: "x-oss-meta-uuid", Value: "1"}, {Name: "Expires", Value: "0"},
		{Name: "Cache-Control", Value: "no-store"}, {Name: "Content-Disposition", Value: "attachment"},
		{Name: "Content-Encoding", Value: "gzip"}, {Name: "x-oss-storage-class", Value: "IA"}, {Name: "x-oss-meta-",
			Value: ""},
	}
	if diff := cmp.Diff(want, form.Headers()); diff != "" {
		t.Errorf("headers (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]signer.Field{want[1], want[7]}, form.Meta()); diff != "" {
		t.Errorf("metadata (-want +got):\n%s", diff)
	}
	if acl, err := form.ACL(); acl != postform.ACLPrivate || err != nil || !form.ForbidOverwrite() {
		t.Errorf("ACL %q, %v; overwriting forbidden: %v", acl, err, form.ForbidOverwrite())
	}

	form = read(t, field("key", "a"), field("x-oss-object-acl", "Private"), field("x-oss-forbid-overwrite", "True"),
		fieldHead+"file\r\n\r\nx")
	if form.ForbidOverwrite() || form.ContentType() != "application/octet-stream" || form.Meta() != nil {
		t.Errorf("overwriting forbidden: %v, type %s, metadata %v", form.ForbidOverwrite(), form.ContentType(),
			form.Meta())
	}
	_, err := form.ACL()
	refused(t, err, postform.Error{Status: 400, Code: "InvalidArgument",
		Message: "no such object access control exists", Err: postform.ErrACL,
		Details: []signer.Field{{Name: "ArgumentName", Value: "x-oss-object-acl"}}})
	if acl, err := read(t, field("key", "a"), file("f", "")).ACL(); acl != postform.ACLDefault || err != nil {
		t.Errorf("without one: %q, %v", acl, err)
	}
}
