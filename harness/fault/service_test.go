package fault_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/ossconf/ossconf/harness/fault"
)

const config = `<?xml version="1.0" encoding="UTF-8"?>
<HttpsConfiguration>
  <TLS>
    <Enable>true</Enable>
    <TLSVersion>TLSv1.3</TLSVersion>
  </TLS>
</HttpsConfiguration>
`

// A service plays as much of OSS as the tests need: it stores HTTPS configurations and has faults.
type service struct {
	faults  fault.Set
	options fault.Options

	mu      sync.Mutex
	stored  map[string]string // by bucket
	handled []string          // operations that were carried out
	fired   [][]string        // rules, by request
}

func newService(t *testing.T, rules ...fault.Rule) *service {
	t.Helper()
	s := &service{options: fault.Options{Refuse: refuse}, stored: map[string]string{"examplebucket": config}}
	if err := s.faults.Load(rules...); err != nil {
		t.Fatal(err)
	}
	return s
}

func (s *service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	bucket, _, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	operation := map[string]string{"GET": "GetBucketHttpsConfig", "PUT": "PutBucketHttpsConfig",
		"DELETE": "DeleteBucket", "HEAD": "HeadBucket"}[r.Method]
	plan := s.faults.Decide(fault.Request{Method: r.Method, Bucket: bucket, Operation: operation})
	s.mu.Lock()
	s.fired = append(s.fired, plan.IDs())
	s.mu.Unlock()
	w.Header().Set("Server", "AliyunOSS")
	plan.Apply(w, r, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.rest(w, r, bucket, operation)
	}), s.options)
}

func (s *service) rest(w http.ResponseWriter, r *http.Request, bucket, operation string) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		refuse(w, r, 400, "RequestTimeout", err.Error(), "")
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.handled = append(s.handled, operation)
	w.Header().Set("X-Oss-Request-Id", "0123456789ABCDEF01234567")
	switch doc, ok := s.stored[bucket]; {
	case !ok:
		refuse(w, r, 404, "NoSuchBucket", "The specified bucket does not exist.", "0015-00000101")
	case r.Method == "PUT":
		s.stored[bucket] = string(body)
	case r.Method == "DELETE":
		delete(s.stored, bucket)
		w.WriteHeader(http.StatusNoContent)
	default:
		w.Header().Set("Content-Type", "application/xml")
		io.WriteString(w, doc)
	}
}

// refuse writes an error in the form of OSS.
func refuse(w http.ResponseWriter, _ *http.Request, status int, code, message, ec string) {
	w.Header().Set("Content-Type", "application/xml")
	w.Header().Set("X-Oss-Request-Id", "0123456789ABCDEF01234567")
	if ec != "" {
		w.Header().Set("X-Oss-Ec", ec)
	}
	w.WriteHeader(status)
	fmt.Fprintf(w, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error>\n  <Code>%s</Code>\n  <Message>%s</Message>\n"+
		"  <RequestId>0123456789ABCDEF01234567</RequestId>\n  <EC>%s</EC>\n</Error>\n", code, message, ec)
}

// results returns what was carried out so far and which rules fired.
func (s *service) results() (handled []string, fired [][]string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append(handled, s.handled...), append(fired, s.fired...)
}

// A front is a way in which a service is reached.
type front struct {
	name  string
	start func(http.Handler) *httptest.Server
}

func fronts() []front {
	return []front{{"HTTP", httptest.NewServer}, {"TLS", httptest.NewTLSServer}}
}

// once makes a client open a connection for each request, so that it does not send a request again by itself.
func once(c *http.Client) *http.Client {
	t := c.Transport.(*http.Transport).Clone()
	t.DisableKeepAlives = true
	return &http.Client{Transport: t}
}

// send sends one request and returns the answer with its body, read as far as it goes, and the error of either.
func send(t *testing.T, c *http.Client, method, url, body string, header ...string) (*http.Response, string, error) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	resp, err := c.Do(r)
	if err != nil {
		return nil, "", err
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	return resp, string(b), err
}
