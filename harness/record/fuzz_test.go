package record_test

import (
	"bufio"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ossconf/ossconf/fixtures"
	"github.com/ossconf/ossconf/harness/record"
	"github.com/ossconf/ossconf/harness/replay"
)

// Whatever comes to a recorder, and whatever the upstream says to it: a fixture that is written can be replayed, and holds
// nothing of the key and the token.
func FuzzRecorder(f *testing.F) {
	const id, token = "LTAI5tQzE4xAMPLE7sFgKhJd", "CAISgJ1q6Ft5B2yfSjIr5bSEcx0Q38LrVvYuJm"
	list, err := fixtures.Load("requests")
	if err != nil {
		f.Fatal(err)
	}
	real := strings.NewReplacer(fixtures.TestAccessKeyID, id, fixtures.TestSecurityToken, token).Replace
	for _, fixture := range list {
		f.Add(real(string(fixture.Wire("request.http"))), 200, "body "+token)
	}
	f.Add("POST / HTTP/1.1\r\nHost: b.oss-cn-hangzhou.aliyuncs.com\r\nContent-Type: multipart/form-data; boundary=b\r\n\r\n--b\r\nContent-Disposition: form-data; name=key\r\n\r\nx\r\n--b--\r\n", 204, "")
	f.Add("HEAD /%2e%2e/ HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", 304, "")
	root := f.TempDir()
	f.Fuzz(func(t *testing.T, text string, status int, answer string) {
		r, err := http.ReadRequest(bufio.NewReader(strings.NewReader(text)))
		if err != nil || status < 200 || status > 599 {
			return
		}
		dir, err := os.MkdirTemp(root, "")
		if err != nil {
			t.Fatal(err)
		}
		defer os.RemoveAll(dir)
		rec := &record.Recorder{Upstream: "http://oss.example.com", Dir: dir, Base: roundTripper(func(r *http.Request) (*http.Response, error) {
			if r.Body != nil {
				io.Copy(io.Discard, r.Body)
			}
			return &http.Response{StatusCode: status, ProtoMajor: 1, ProtoMinor: 1, Request: r,
				Header: http.Header{"X-Answer": {strings.Map(printable, answer)}}, Body: io.NopCloser(strings.NewReader(body(r, status, answer)))}, nil
		})}
		rec.ServeHTTP(httptest.NewRecorder(), r)
		files, err := filepath.Glob(filepath.Join(dir, "*"))
		if err != nil || len(files) > 1 {
			t.Fatalf("%v, %v", files, err)
		}
		for _, name := range files {
			data, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := replay.Load(os.DirFS(dir), record.Options{}); err != nil {
				t.Errorf("%v\n%s", err, data)
			}
			signed := strings.Contains(string(data), "clock: client")
			if signed && (strings.Contains(string(data), id) || strings.Contains(text, "Token: "+token) && strings.Contains(string(data), token)) {
				t.Errorf("a secret is in\n%s", data)
			}
		}
	})
}

func printable(r rune) rune {
	if r < ' ' || r == 0x7f {
		return '.'
	}
	return r
}

// body returns the body that a server may send.
func body(r *http.Request, status int, text string) string {
	if r.Method == "HEAD" || status == 204 || status == 304 {
		return ""
	}
	return text
}
