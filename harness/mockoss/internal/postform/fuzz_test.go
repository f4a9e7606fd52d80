package postform_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"github.com/ossconf/ossconf/harness/mockoss/internal/postform"
	"github.com/ossconf/ossconf/signer"
)

// Whatever is read, it is read the same by bytes, mime/multipart reads the same fields from it, and what is refused has
// an answer.
func FuzzRead(f *testing.F) {
	for _, parts := range [][]string{
		{field("key", "a"), file("f", "x"), field("submit", "y")},
		{field("key", ""), field("x-oss-meta-a", "\r\n--9431149156168"), file("", "")},
		{fieldHead + "key; filename=\"a\\\"\\\\b\\c\"\r\nContent-Type: a\r\n\r\nb", fieldHead + "\"FILE\"\r\n",
			file("g", "")},
		{"Content-Type: a\r\n" + fieldHead + "key\r\n\r\n", fieldHead + "\"file\"; filename*=UTF-8''a\r\n\r\n"},
	} {
		f.Add(contentType, []byte(body(parts...)))
	}
	f.Add(`multipart/form-data; boundary="a b"`, []byte("x\r\n--a b \t\r\n"+field("key", "a")+"\r\n--a b\r\n"+file("f",
		"x")+"\r\n--a b--"))
	limits := postform.Limits{Fields: 8, Header: 300, Name: 100, Value: 1000, Total: 3000, File: 1000}
	f.Fuzz(func(t *testing.T, contentType string, data []byte) {
		form, err := postform.Read(bytes.NewReader(data), contentType, limits)
		again, errAgain := postform.Read(iotest.OneByteReader(bytes.NewReader(data)), contentType, limits)
		if diff := cmp.Diff(form, again); diff != "" || (err == nil) != (errAgain == nil) || err != nil &&
			err.Error() != errAgain.Error() {
			t.Fatalf("by bytes: %v, not %v\n%s", errAgain, err, diff)
		}
		if err != nil {
			answered(t, err)
			return
		}
		if len(form.Fields) > limits.Fields || len(form.File.Content) > limits.File || form.Key() == "" {
			t.Fatalf("%d fields, %d bytes, key %q", len(form.Fields), len(form.File.Content), form.Key())
		}
		form.Success(postform.Object{})
		if want, ok := reference(t, contentType, data); ok {
			got := append(slices.Clone(form.Fields), signer.Field{Name: "file", Value: string(form.File.Content)})
			if diff := cmp.Diff(want, got); diff != "" {
				t.Fatalf("mime/multipart and Read (-want +got):\n%s", diff)
			}
		}
	})
}

// reference returns the fields up to the file as mime/multipart has them, or false where it reads otherwise by design:
// it takes bare line feeds for line ends, a delimiter with more behind it for content, and writes names its own way.
func reference(t *testing.T, contentType string, data []byte) (fields []signer.Field, ok bool) {
	_, params, err := mime.ParseMediaType(contentType)
	if err != nil {
		t.Fatal(err)
	}
	if lines := bytes.Count(data, []byte("\n")); lines != bytes.Count(data, []byte("\r\n")) || bytes.Contains(data,
		[]byte("\r\r")) {
		return nil, false
	}
	r := multipart.NewReader(bytes.NewReader(data), params["boundary"])
	for {
		p, err := r.NextRawPart()
		if err != nil {
			return nil, false
		}
		value, err := io.ReadAll(p)
		if err != nil {
			return nil, false
		}
		name := p.FormName()
		if strings.EqualFold(name, "file") {
			return append(fields, signer.Field{Name: "file", Value: string(value)}), true
		}
		if name == "" {
			return nil, false
		}
		fields = append(fields, signer.Field{Name: name, Value: string(value)})
	}
}

func answered(t *testing.T, err error) {
	t.Helper()
	var e *postform.Error
	if !errors.As(err, &e) || e.Status < 400 || e.Code == "" || e.Message == "" || e.Err == nil {
		t.Fatalf("no answer: %v", err)
	}
}

// A policy is judged as a second reading of it, with encoding/json, finds.
func FuzzCheck(f *testing.F) {
	for _, conditions := range []string{
		`{"bucket":"b"},["eq","$key","k"],["starts-with","$Key","k"],["content-length-range",0,3]`,
		`["in","$x-oss-meta-a",["1","2"]],["not-in","x-oss-meta-a",["3"]]`, `["not-in","$tag",["1"]],{"tag":"2"}`,
		`["eq","$content-type","text/plain"],["starts-with","$none",""]`, `["content-length-range",2,3]`,
		`[1,[[{}]]],null`, `{"$":""}`,
	} {
		f.Add(policy(conditions), "k", "2")
	}
	f.Fuzz(func(t *testing.T, text, key, meta string) {
		form := &postform.Form{
			Fields: []signer.Field{{Name: "KEY", Value: key}, {Name: "x-oss-meta-a", Value: meta}, {Name: "tag",
				Value: "1"}, {Name: "tag", Value: "2"}},
			File: postform.File{ContentType: "text/plain", Content: []byte("x")},
		}
		err := postform.Check(text, form, "b")
		if err != nil {
			answered(t, err)
		}
		if errors.Is(err, postform.ErrPolicy) {
			return
		}
		if holds := evaluate(t, text, key, meta); holds != (err == nil) {
			t.Fatalf("%s with key %q and metadata %q: %v", text, key, meta, err)
		}
	})
}

// evaluate judges a well-formed policy for the form of FuzzCheck.
func evaluate(t *testing.T, text, key, meta string) bool {
	var p struct{ Conditions []any }
	if err := json.Unmarshal([]byte(strings.TrimPrefix(text, "\uFEFF")), &p); err != nil || len(p.Conditions) == 0 {
		t.Fatalf("%s: %v", text, err)
	}
	fields := map[string][]string{"key": {key}, "x-oss-meta-a": {meta}, "tag": {"1", "2"},
		"content-type": {"text/plain"}, "bucket": {"b"}}
	all := func(name any, holds func(string) bool) bool {
		list := fields[lower(strings.TrimPrefix(name.(string), "$"))]
		return len(list) > 0 && !slices.ContainsFunc(list, func(v string) bool { return !holds(v) })
	}
	for _, c := range p.Conditions {
		ok := true
		switch c := c.(type) {
		case map[string]any:
			for name, want := range c {
				ok = all(name, func(v string) bool { return v == want })
			}
		case []any:
			switch c[0] {
			case "eq":
				ok = all(c[1], func(v string) bool { return v == c[2] })
			case "starts-with":
				ok = all(c[1], func(v string) bool { return strings.HasPrefix(v, c[2].(string)) })
			case "in":
				ok = all(c[1], func(v string) bool { return slices.Contains(c[2].([]any), any(v)) })
			case "not-in":
				ok = all(c[1], func(v string) bool { return !slices.Contains(c[2].([]any), any(v)) })
			case "content-length-range":
				ok = c[1].(float64) <= 1 && c[2].(float64) >= 1
			}
		}
		if !ok {
			return false
		}
	}
	return true
}

// lower folds ASCII only: the names of fields are ASCII, and no letter beyond it stands for one.
func lower(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'A' && r <= 'Z' {
			r += 'a' - 'A'
		}
		return r
	}, s)
}
