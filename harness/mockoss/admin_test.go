package mockoss_test

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ossconf/ossconf/harness/mockoss"
)

// getJSON reads what the admin listener answers.
func getJSON(t *testing.T, url string, v any) {
	t.Helper()
	resp, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if err := json.NewDecoder(resp.Body).Decode(v); err != nil || resp.StatusCode != http.StatusOK {
		t.Fatalf("%s: %s %v", url, resp.Status, err)
	}
}

func TestAdmin(t *testing.T) {
	s := newTLSServer(t, mockoss.Options{})
	for _, test := range []struct {
		name, method, path, body string
		header                   map[string]string
		status                   int
		want                     string // is in the answer
	}{
		{"health", "GET", "/health", "", nil, 200, `"status": "ok"`},
		{"the certificate of the CA", "GET", "/ca.pem", "", nil, 200, "-----BEGIN CERTIFICATE-----"},
		{"no faults", "GET", "/faults", "", nil, 200, "[]"},
		{"faults", "PUT", "/faults", `[{"id":"a","kind":"throttle","operation":"GetObject"}]`, nil, 200, `"id": "a"`},
		{"one more", "POST", "/faults", `[{"id":"b","kind":"latency","delay":"1ms"}]`, nil, 200, `"id": "b"`},
		{"one that is there", "POST", "/faults", `[{"id":"b","kind":"latency","delay":"1ms"}]`, nil, 400, "b"},
		{"one that is wrong", "PUT", "/faults", `[{"kind":"earthquake"}]`, nil, 400, "rules[0].kind"},
		{"they are still there", "GET", "/faults", "", nil, 200, `"matched": 0`},
		{"one less", "DELETE", "/faults/a", "", nil, 204, ""},
		{"one that is gone", "DELETE", "/faults/a", "", nil, 404, "no such rule"},
		{"none left", "DELETE", "/faults", "", nil, 204, ""},
		{"the clock", "PUT", "/clock", `{"offset":"20m"}`, nil, 200, `"offset": "20m0s"`},
		{"no duration", "PUT", "/clock", `{"offset":"soon"}`, nil, 400, "offset"},
		{"no offset", "PUT", "/clock", `{}`, nil, 400, "offset"},
		{"an unknown member", "PUT", "/clock", `{"offset":"20m","zone":"UTC"}`, nil, 400, "offset"},
		{"a large body", "PUT", "/faults", strings.Repeat(" ", 1<<20+1), nil, 413, "larger"},
		{"no such path", "GET", "/", "", nil, 404, ""},
		{"another method", "POST", "/health", "", nil, 405, ""},
		{"a name that leads here by a trick", "GET", "/state", "", map[string]string{"Host": "evil.example"}, 403, "IP address or localhost"},
		{"a page", "PUT", "/clock", `{"offset":"0s"}`, map[string]string{"Origin": "https://evil.example"}, 403, "pages"},
		{"a page of this machine, which is not allowed either", "GET", "/state", "", map[string]string{"Origin": "http://localhost:8080"}, 403, "pages"},
	} {
		t.Run(test.name, func(t *testing.T) {
			r, err := http.NewRequest(test.method, s.AdminURL+test.path, strings.NewReader(test.body))
			if err != nil {
				t.Fatal(err)
			}
			for name, value := range test.header {
				r.Header.Set(name, value)
			}
			r.Host = test.header["Host"]
			resp, err := http.DefaultClient.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			defer resp.Body.Close()
			body, err := io.ReadAll(resp.Body)
			if err != nil || resp.StatusCode != test.status || !strings.Contains(string(body), test.want) {
				t.Errorf("%v %d %s, want %d and %s", err, resp.StatusCode, body, test.status, test.want)
			}
		})
	}
	if offset := s.ClockOffset(); offset != 20*time.Minute {
		t.Errorf("the clock is off by %s", offset)
	}
}

// TestPagesOfThisMachine shows what CORS lets them do, and that other pages may not.
func TestPagesOfThisMachine(t *testing.T) {
	const local, foreign = "http://127.0.0.1:8080", "https://example.com"
	for _, test := range []struct {
		name   string
		cors   bool
		origin string
		want   [3]string // Access-Control-Allow-Origin of a preflight, an answer and the admin listener
	}{
		{"a page of this machine", true, local, [3]string{local, local, local}},
		{"another page", true, foreign, [3]string{}},
		{"as OSS does it", false, local, [3]string{}},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := newTLSServer(t, mockoss.Options{CORS: test.cors})
			var got [3]string
			for i, target := range []struct{ method, url string }{
				{"OPTIONS", s.URL + "/examplebucket/?httpsConfig"}, {"GET", s.URL + "/examplebucket/?httpsConfig"}, {"GET", s.AdminURL + "/health"},
			} {
				r, err := http.NewRequest(target.method, target.url, nil)
				if err != nil {
					t.Fatal(err)
				}
				r.Header.Set("Origin", test.origin)
				r.Header.Set("Access-Control-Request-Method", "PUT")
				resp, err := http.DefaultClient.Do(r)
				if err != nil {
					t.Fatal(err)
				}
				resp.Body.Close()
				got[i] = resp.Header.Get("Access-Control-Allow-Origin")
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
