package main

import (
	"encoding/json"
	"os/exec"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/ossconf/ossconf/jsoncodec"
	"github.com/ossconf/ossconf/signer"
)

// TestDependencies keeps out of the command what is for tests.
func TestDependencies(t *testing.T) {
	out, err := exec.Command("go", "list", "-deps", ".").Output()
	if err != nil {
		t.Fatal(err)
	}
	for dep := range strings.Lines(string(out)) {
		switch dep = strings.TrimSpace(dep); dep {
		case "testing", "net/http/httptest", "github.com/rogpeppe/go-internal/testscript":
			t.Errorf("the command depends on %s", dep)
		}
	}
}

func TestComplete(t *testing.T) {
	type c = signer.Credentials
	env := c{AccessKeyID: "A", AccessKeySecret: "a", SecurityToken: "token of A"}
	for _, test := range []struct {
		name              string
		given, from, want c
	}{
		{"nothing given", c{}, env, env},
		{"the ID alone", c{AccessKeyID: "A"}, env, env},
		{"the secret alone", c{AccessKeySecret: "b"}, env, c{AccessKeyID: "A", AccessKeySecret: "b", SecurityToken: "token of A"}},
		{"another ID", c{AccessKeyID: "B"}, env, c{AccessKeyID: "B"}},
		{"another key", c{AccessKeyID: "B", AccessKeySecret: "b"}, env, c{AccessKeyID: "B", AccessKeySecret: "b"}},
		{"the rest without an ID", c{AccessKeyID: "B"}, c{AccessKeySecret: "b"}, c{AccessKeyID: "B", AccessKeySecret: "b"}},
	} {
		if diff := cmp.Diff(test.want, complete(test.given, test.from)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
	}
}

func TestHideTokens(t *testing.T) {
	for in, want := range map[string]string{
		"PUT\n/b/\na=1&x-oss-security-token=T%2F&z\nx-oss-date:1\n\n\nU":   "PUT\n/b/\na=1&x-oss-security-token=***&z\nx-oss-date:1\n\n\nU",
		"PUT\n/b/\nsecurity-token=T\n\n\nU":                                "PUT\n/b/\nsecurity-token=***\n\n\nU",
		"PUT\n/b/\n\nx-oss-date:1\nx-oss-security-token:T\n\n\nU":          "PUT\n/b/\n\nx-oss-date:1\nx-oss-security-token:***\n\n\nU",
		"PUT\n/b/x-oss-security-token=T\nprefix=security-token&a=1\n\n\nU": "PUT\n/b/x-oss-security-token=T\nprefix=security-token&a=1\n\n\nU",
		"": "",
	} {
		if diff := cmp.Diff(want, hideTokens(in)); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
}

func TestWantsJSON(t *testing.T) {
	for line, want := range map[string]bool{
		"":                              false,
		"validate":                      false,
		"validate --output json":        true,
		"validate --output=json x":      true,
		"validate --output text":        false,
		"validate --output":             false,
		"validate -- --output json":     false,
		"frobnicate --x --output json":  true,
		"validate --out --output=jsonx": false,
	} {
		if got := wantsJSON(strings.Fields(line)); got != want {
			t.Errorf("%s: %v", line, got)
		}
	}
}

func TestFailure(t *testing.T) {
	f := &failure{code: "x", what: "broken\nthing\x1b[31m", where: "a.xml:1:2", hint: "mend <it>", line: 1, column: 2, path: "/A"}
	if got, want := f.Error(), "broken thing\uFFFD[31m, a.xml:1:2, mend <it>"; got != want {
		t.Errorf("text %q, want %q", got, want)
	}
	want := `{"error":{"code":"x","message":"broken\nthing\u001b[31m","line":1,"column":2,"path":"/A","hint":"mend <it>"}}` + "\n"
	if diff := cmp.Diff(want, string(f.json())); diff != "" {
		t.Errorf("JSON (-want +got):\n%s", diff)
	}
}

// FuzzInput adds a member to any input: if that is an object it stays one, with all it had, in the same place.
func FuzzInput(f *testing.F) {
	for _, in := range []string{`{}`, ` { "a" : [1, {"b":2}] }` + "\n", "\uFEFF{}", `[]`, `{"a":1,}`, `{"x":1}`, ``, `{"a":"}"}`} {
		f.Add(in, "value")
	}
	f.Fuzz(func(t *testing.T, text, value string) {
		in := newInput("fuzz", text)
		if in.has("x") {
			t.Skip("a command adds only what is not there")
		}
		before, members := in.json(), 0
		in.add("x", value)
		after := string(in.json())
		if !in.readable() {
			if after != text {
				t.Errorf("%q became %q", text, after)
			}
			return
		}
		if string(before) != text || !strings.HasPrefix(after, text[:in.end]) {
			t.Errorf("%q became %q", text, after)
		}
		root, err := jsoncodec.Parse(after)
		if err != nil {
			t.Fatalf("%q became %q: %v", text, after, err)
		}
		for m := root.First(); m.OK(); m = m.Next() {
			members++
			if m.Name() == "x" && utf8.ValidString(value) && m.Text() != value {
				t.Errorf("the value is %q, want %q", m.Text(), value)
			}
		}
		if want := len(keys(t, text)) + 1; members != want {
			t.Errorf("%d members, want %d", members, want)
		}
	})
}

func keys(t *testing.T, object string) map[string]json.RawMessage {
	t.Helper()
	var m map[string]json.RawMessage
	if err := json.Unmarshal([]byte(strings.TrimPrefix(object, "\uFEFF")), &m); err != nil {
		t.Fatal(err)
	}
	return m
}

// FuzzReceived reads any bytes as an HTTP request: what comes out is an input that the operation can read.
func FuzzReceived(f *testing.F) {
	f.Add([]byte("GET /?a=1&b HTTP/1.1\nHost: examplebucket.oss-cn-hangzhou.aliyuncs.com\n\n"), "")
	f.Add([]byte("PUT /b/k%20 HTTP/1.1\r\nHost: 127.0.0.1:80\r\nX-A: 1\r\nX-A: 2\r\n\r\nbody"), "")
	f.Add([]byte("GET http://x/ HTTP/1.0\n\n"), "examplebucket")
	f.Add([]byte("\n"), "")
	f.Fuzz(func(t *testing.T, data []byte, bucket string) {
		v := verification{bucket: bucket}
		in, err := v.received("fuzz", data)
		if err != nil {
			return
		}
		if _, err := jsoncodec.Parse(string(in.json())); err != nil {
			t.Errorf("%v in %s", err, in.json())
		}
	})
}
