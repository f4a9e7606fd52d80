package mockoss_test

import (
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/ossconf/ossconf/harness/mockoss"
)

// What is remembered of a request does not grow with what a client sends.
func TestLongRequestsAreRemembered(t *testing.T) {
	s := newService()
	long := strings.Repeat("a", 60<<10)
	for _, target := range []string{"/" + long, "/?prefix=" + long, "//127.0.0.1/" + long} {
		serve(t, s, httptest.NewRequest(long, "http://"+host+target, nil))
		serve(t, s, httptest.NewRequest("GET", "http://127.0.0.1/"+long, nil)) // a bucket of that name
	}
	for i, r := range s.Requests() {
		if n := len(r.Method) + len(r.Target) + len(r.Bucket) + len(r.Key); n > 20<<10 {
			t.Errorf("%d bytes of request %d are remembered", n, i)
		}
	}
}

// A configuration whose name the file of a folder could not hold is refused, with a folder and without.
func TestLongNamesOfConfigurations(t *testing.T) {
	for _, dir := range []string{"", t.TempDir()} {
		s := mockoss.New(mockoss.Options{DataDir: dir, Buckets: []string{"examplebucket"}, Now: func() time.Time { return noon },
			Credentials: []mockoss.Credential{{AccessKeyID: "alice", AccessKeySecret: "alice-secret"}}})
		for _, test := range []struct {
			length, status int
			code           string
		}{{1023, 200, ""}, {1024, 400, "InvalidArgument"}, {40_000, 400, "InvalidArgument"}} {
			q := query{method: "PUT", target: "/?style&styleName=" + strings.Repeat("a", test.length), body: "<Style><Content>image/resize,p_50</Content></Style>"}
			re := q.send(t, s)
			if re.status != test.status || test.code != "" && re.err.values["Code"] != test.code {
				t.Errorf("%d bytes: %d %.300s", test.length, re.status, re.body)
			}
		}
		s.Close()
	}
}
