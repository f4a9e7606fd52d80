package page

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ossconf/ossconf/harness/mockoss"
	"github.com/ossconf/ossconf/harness/tlspolicy"
	"github.com/ossconf/ossconf/harness/tlspolicy/clients"
	"github.com/ossconf/ossconf/signer"
	"github.com/ossconf/ossconf/signer/signhttp"
)

const bucket = "examplebucket"

var files = fstest.MapFS{
	"index.html":  {Data: []byte("<head>" + server + "</head>")},
	"main-1.js":   {Data: []byte("1")},
	"module.wasm": {Data: []byte("\x00asm")},
	"style.css":   {Data: []byte("a{}")},
}

// serve starts a mock OSS and the page in front of it.
func serve(t *testing.T) (*httptest.Server, *mockoss.Server) {
	t.Helper()
	ca, err := tlspolicy.NewCA()
	if err != nil {
		t.Fatal(err)
	}
	caFile := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(caFile, ca.PEM(), 0o600); err != nil {
		t.Fatal(err)
	}
	m := mockoss.NewServer(mockoss.Options{TLSAddr: "127.0.0.1:0", CA: ca, Buckets: []string{bucket}})
	t.Cleanup(m.Close)
	worker := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, r.Method+" "+r.URL.EscapedPath()) })
	h, err := Handler(Options{Files: files, Server: m, CA: ca, CAFile: caFile, Edge: &Edge{worker, bucket, "word"}})
	if err != nil {
		t.Fatal(err)
	}
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s, m
}

// get asks the page for an address below it.
func get(t *testing.T, url string) (*http.Response, string) {
	t.Helper()
	r, err := http.NewRequest(http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	return do(t, r)
}

// do sends a request and returns the answer with its body.
func do(t *testing.T, r *http.Request) (*http.Response, string) {
	t.Helper()
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp, string(body)
}

func TestFiles(t *testing.T) {
	s, _ := serve(t)
	for _, test := range []struct {
		path        string
		status      int
		contentType string
		body        string
	}{
		{"/", 200, "text/html; charset=utf-8", "<head>" + mock + "</head>"},
		{"/edge/buckets/a%2Fb", 200, "text/plain; charset=utf-8", "GET /buckets/a%2Fb"},
		{"/edge", 404, "application/json", ""},
		{"/main-1.js", 200, "text/javascript; charset=utf-8", "1"},
		{"/module.wasm", 200, "application/wasm", "\x00asm"},
		{"/style.css", 200, "text/css; charset=utf-8", "a{}"},
		{"/index.html", 404, "application/json", ""},
		{"/missing.js", 404, "application/json", ""},
		{"/..%2fpage.go", 404, "application/json", ""},
	} {
		resp, body := get(t, s.URL+test.path)
		if resp.StatusCode != test.status || resp.Header.Get("Content-Type") != test.contentType || test.status == 200 && body != test.body {
			t.Errorf("%s: %s, %s, %q", test.path, resp.Status, resp.Header.Get("Content-Type"), body)
		}
		want := policy
		if strings.HasPrefix(test.path, "/edge/") {
			want = noPage
		}
		if got := resp.Header.Get("Content-Security-Policy"); got != want {
			t.Errorf("%s: policy %q", test.path, got)
		}
	}
}

func TestHandlerRefusesFolder(t *testing.T) {
	for name, files := range map[string]fstest.MapFS{"nothing": {}, "another page": {"index.html": {Data: []byte("<head></head>")}}} {
		if _, err := Handler(Options{Files: files}); !errors.Is(err, ErrFiles) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestStrangers holds that neither other pages nor names with a second address get anything.
func TestStrangers(t *testing.T) {
	s, _ := serve(t)
	for _, test := range []struct {
		name, host, origin string
		status             int
	}{
		{"the page", "", s.URL, 200},
		{"no page", "", "", 200},
		{"localhost", "localhost:9280", "", 200},
		{"an address that others reach", "192.0.2.1:9280", "", 403},
		{"the page, were it served with TLS", "", strings.Replace(s.URL, "http:", "https:", 1), 403},
		{"another page", "", "https://example.com", 403},
		{"another port", "", "http://127.0.0.1:1", 403},
		{"no origin that is one", "", "null", 403},
		{"a name with a second address", "example.com", "", 403},
	} {
		r, err := http.NewRequest(http.MethodGet, s.URL+"/api/mock", nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Host = test.host
		if test.origin != "" {
			r.Header.Set("Origin", test.origin)
		}
		if resp, _ := do(t, r); resp.StatusCode != test.status {
			t.Errorf("%s: %s, want %d", test.name, resp.Status, test.status)
		}
	}
}

// TestOSS signs for the mock OSS by itself, and sends to where the page has it.
func TestOSS(t *testing.T) {
	s, m := serve(t)
	key := m.Credentials()[0]
	send := func(method, path, body, secret string) (*http.Response, string) {
		t.Helper()
		r, err := http.NewRequest(method, m.URL+path, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		c := http.Client{Transport: &signhttp.Transport{
			Credentials: func(context.Context) (signer.Credentials, error) {
				return signer.Credentials{AccessKeyID: key.AccessKeyID, AccessKeySecret: secret}, nil
			},
			Region: m.Region, Base: behind(s.URL),
		}}
		resp, err := c.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		answer, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		return resp, string(answer)
	}
	const document = "<HttpsConfiguration><TLS><Enable>true</Enable><TLSVersion>TLSv1.2</TLSVersion></TLS></HttpsConfiguration>"
	if resp, body := send(http.MethodPut, "/"+bucket+"/?httpsConfig", document, key.AccessKeySecret); resp.StatusCode != http.StatusOK {
		t.Fatalf("PUT: %s, %s", resp.Status, body)
	}
	if resp, body := send(http.MethodGet, "/"+bucket+"/?httpsConfig", "", key.AccessKeySecret); !strings.Contains(body, "TLSv1.2") {
		t.Errorf("GET: %s, %s", resp.Status, body)
	}
	if resp, body := send(http.MethodPut, "/"+bucket+"/a%2Fb//c%20d", "x", key.AccessKeySecret); resp.StatusCode != http.StatusOK {
		t.Errorf("a path with escapes: %s, %s", resp.Status, body)
	}
	if resp, body := send(http.MethodGet, "/"+bucket+"/a%2Fb//c%20d", "", key.AccessKeySecret); body != "x" || resp.Header.Get("Content-Security-Policy") != noPage {
		t.Errorf("an object: %q with the policy %q", body, resp.Header.Get("Content-Security-Policy"))
	}
	if resp, _ := send(http.MethodGet, "/"+bucket+"/?httpsConfig", "", "wrong"); resp.StatusCode != http.StatusForbidden {
		t.Errorf("a wrong signature: %s", resp.Status)
	}
}

// behind sends requests to where a page has the mock OSS, as the page does.
type behind string

func (page behind) RoundTrip(r *http.Request) (*http.Response, error) {
	u, err := url.Parse(string(page) + "/oss" + r.URL.RequestURI())
	if err != nil {
		return nil, err
	}
	r = r.Clone(r.Context())
	r.URL, r.Host = u, u.Host
	r.Header.Set("Origin", string(page))
	return http.DefaultTransport.RoundTrip(r)
}

func TestHandshakes(t *testing.T) {
	s, _ := serve(t)
	ask := func(bucket string) (status int, answer struct {
		Handshakes []Handshake
		Error      struct{ Code string }
	}) {
		t.Helper()
		r, err := http.NewRequest(http.MethodPost, s.URL+"/api/handshakes?bucket="+bucket, nil)
		if err != nil {
			t.Fatal(err)
		}
		resp, body := do(t, r)
		if err := json.Unmarshal([]byte(body), &answer); err != nil {
			t.Fatal(err)
		}
		return resp.StatusCode, answer
	}
	for name, want := range map[string]string{"": "InvalidBucketName", "NO": "InvalidBucketName"} {
		if status, answer := ask(name); status < 400 || answer.Error.Code != want {
			t.Errorf("bucket %q: %d, %s", name, status, answer.Error.Code)
		}
	}
	// A page that was left while the clients were looked for takes none of them from the next one.
	left, cancel := context.WithCancel(t.Context())
	cancel()
	var h handshakes
	h.find(left)
	if diff := cmp.Diff(len(clients.Find(t.Context())), len(h.list)); diff != "" {
		t.Errorf("clients (-want +got):\n%s", diff)
	}

	// A bucket never configured takes TLS 1.0 to 1.2.
	status, answer := ask(bucket)
	if status != http.StatusOK {
		t.Fatalf("status %d", status)
	}
	got := map[string]string{}
	for _, h := range answer.Handshakes {
		if h.Client == "crypto/tls" {
			got[h.Offer] = h.Outcome + " " + h.TLS
		}
	}
	want := map[string]string{
		"": "connected TLSv1.2", "TLSv1.0": "connected TLSv1.0", "TLSv1.1": "connected TLSv1.1", "TLSv1.2": "connected TLSv1.2", "TLSv1.3": "refused ",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// TestSeen has a client connect as browsers do, and holds that the page is told of it and of no client that it asked for.
func TestSeen(t *testing.T) {
	s, m := serve(t)
	ask := func(query string) (status int, answer struct {
		Now        string
		Handshakes []tlspolicy.Handshake
	}) {
		t.Helper()
		resp, body := get(t, s.URL+"/api/handshakes?"+query)
		if err := json.Unmarshal([]byte(body), &answer); err != nil {
			t.Fatal(err)
		}
		return resp.StatusCode, answer
	}
	for _, query := range []string{"", "bucket=NO", "bucket=" + bucket + "&since=yesterday"} {
		if status, _ := ask(query); status != http.StatusBadRequest {
			t.Errorf("%q: status %d", query, status)
		}
	}
	connect := func(name string) {
		t.Helper()
		conn, err := tls.Dial("tcp", m.TLSEndpoint, &tls.Config{ServerName: name, InsecureSkipVerify: true})
		if err != nil {
			t.Fatal(err)
		}
		conn.Handshake()
		conn.Close()
	}
	r, err := http.NewRequest(http.MethodPost, s.URL+"/api/handshakes?bucket="+bucket, nil)
	if err != nil {
		t.Fatal(err)
	}
	do(t, r)
	connect("otherbucket.localhost")
	connect(bucket + ".localhost")
	for len(m.Handshakes()) == 0 || m.Handshakes()[len(m.Handshakes())-1].ServerName != bucket+".localhost" {
		time.Sleep(time.Millisecond) // the client knows before the server
	}
	_, first := ask("bucket=" + bucket)
	if len(first.Handshakes) != 1 || first.Handshakes[0].Outcome != tlspolicy.Connected || first.Handshakes[0].Version != "TLSv1.2" {
		t.Errorf("handshakes %v", first.Handshakes)
	}
	if _, later := ask("bucket=" + bucket + "&since=" + url.QueryEscape(first.Now)); len(later.Handshakes) != 0 {
		t.Errorf("handshakes since then: %v", later.Handshakes)
	}
}

func TestAbout(t *testing.T) {
	s, m := serve(t)
	for _, test := range [][2]string{
		{"/api/mock", m.Credentials()[0].AccessKeyID}, {"/api/mock", `"edge":{"bucket":"examplebucket","token":"word"}`},
		{"/api/ca.pem", "BEGIN CERTIFICATE"},
	} {
		if resp, body := get(t, s.URL+test[0]); resp.StatusCode != http.StatusOK || !strings.Contains(body, test[1]) {
			t.Errorf("%s: %s, %s", test[0], resp.Status, body)
		}
	}
}
