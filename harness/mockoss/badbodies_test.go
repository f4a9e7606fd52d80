package mockoss_test

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"mime/multipart"
	"net"
	"net/http"
	"net/http/httptest"
	"net/textproto"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ossconf/ossconf/harness/mockoss"
)

// head returns the head of a signed request, with the headers that say how long the body is in place of its own.
func head(t testing.TB, q query, length string) string {
	t.Helper()
	var b bytes.Buffer
	if err := q.request(t).Write(&b); err != nil {
		t.Fatal(err)
	}
	start, _, _ := strings.Cut(b.String(), "\r\n\r\n")
	var lines []string
	for line := range strings.SplitSeq(start, "\r\n") {
		if !strings.HasPrefix(line, "Content-Length:") && !strings.HasPrefix(line, "Transfer-Encoding:") {
			lines = append(lines, line)
		}
	}
	return strings.Join(append(lines, length), "\r\n") + "\r\n\r\n"
}

var (
	putObject = query{method: "PUT", target: "/key", object: "key"}
	putConfig = query{method: "PUT", target: "/?httpsConfig"}
)

// TestUnreadableBodies sends bodies, to operations that would take one, that have no end or too much of it.
func TestUnreadableBodies(t *testing.T) {
	s := mockoss.Serve(newService(), listen(t))
	defer s.Close()
	const chunked = "Transfer-Encoding: chunked"
	for _, test := range []struct {
		name, raw, want string
	}{
		// The answer comes although nothing of the body does.
		{"an object larger than allowed", head(t, putObject, "Content-Length: 67108865"), "400 EntityTooLarge"},
		{"an object of all there is", head(t, putObject, "Content-Length: 9223372036854775807"), "400 EntityTooLarge"},
		{"a configuration larger than allowed", head(t, putConfig, "Content-Length: 65537"), "400 EntityTooLarge"},
		{"one that is asked about first", head(t, putObject, "Expect: 100-continue\r\nContent-Length: 67108865"), "400 EntityTooLarge"},
		{"chunks larger than allowed", head(t, putConfig, chunked) + "20000\r\n" + strings.Repeat("a", 0x20000) + "\r\n0\r\n\r\n", "400 EntityTooLarge"},
		{"many small chunks", head(t, putConfig, chunked) + strings.Repeat("1\r\na\r\n", 0x10001) + "0\r\n\r\n", "400 EntityTooLarge"},

		{"less than was promised", head(t, putObject, "Content-Length: 10") + "12345", "400 RequestTimeout"},
		{"chunks without a last one", head(t, putObject, chunked) + "5\r\nhello\r\n", "400 RequestTimeout"},
		{"half a chunk", head(t, putObject, chunked) + "5\r\nhe", "400 RequestTimeout"},
		{"no chunk", head(t, putObject, chunked) + "zz\r\nhello\r\n0\r\n\r\n", "400 InvalidArgument"},
		{"a negative chunk", head(t, putObject, chunked) + "-5\r\nhello\r\n0\r\n\r\n", "400 InvalidArgument"},
		{"a chunk beyond all numbers", head(t, putObject, chunked) + "fffffffffffffffff\r\nhello\r\n0\r\n\r\n", "400 InvalidArgument"},
		{"a chunk longer than it says", head(t, putObject, chunked) + "5\r\nhello!\r\n0\r\n\r\n", "400 InvalidArgument"},
		{"an extension without end", head(t, putObject, chunked) + "5;" + strings.Repeat("a", 1<<16) + "\r\nhello\r\n0\r\n\r\n", "400 InvalidArgument"},
		{"a trailer that is none", head(t, putObject, chunked) + "5\r\nhello\r\n0\r\nX\r\n\r\n", "400 InvalidArgument"},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := answers(t, speak(t, s.Endpoint, test.raw))
			if len(got) != 1 || got[0] != test.want {
				t.Errorf("answered %q, want %q", got, test.want)
			}
			if got := (query{target: "/key", object: "key"}).send(t, s); got.status != 404 {
				t.Errorf("something was stored: %d %s", got.status, got.body)
			}
			stillServes(t, s.Endpoint, query{})
		})
	}
}

// TestObjectsWithoutEnd sends chunks for as long as the server takes them.
func TestObjectsWithoutEnd(t *testing.T) {
	const limit = 4 << 20
	s := mockoss.Serve(mockoss.New(mockoss.Options{Buckets: []string{"examplebucket"}, MaxObject: limit,
		Credentials: []mockoss.Credential{{AccessKeyID: "alice", AccessKeySecret: "alice-secret"}}, Now: func() time.Time { return noon }}), listen(t))
	defer s.Close()
	conn, err := net.Dial("tcp", s.Endpoint)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(time.Minute))
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	done := make(chan struct{})
	go func() {
		defer close(done)
		io.WriteString(conn, head(t, putObject, "Transfer-Encoding: chunked"))
		chunk := []byte("10000\r\n" + strings.Repeat("a", 0x10000) + "\r\n")
		for {
			if _, err := conn.Write(chunk); err != nil {
				return
			}
		}
	}()
	resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	body, _ := io.ReadAll(resp.Body)
	if got := parseError(t, body).values; got["Code"] != "EntityTooLarge" || got["MaxSizeAllowed"] != fmt.Sprint(limit) {
		t.Errorf("%d %s", resp.StatusCode, body)
	}
	runtime.ReadMemStats(&after)
	conn.Close()
	<-done
	// A buffer that doubles has taken up to three times what it holds by then, all in all.
	if got := after.TotalAlloc - before.TotalAlloc; got > 4*limit {
		t.Errorf("%d bytes were allocated for an object of at most %d", got, limit)
	}
	stillServes(t, s.Endpoint, query{})
}

// TestClientsThatDribble sends a byte a second: as long as there is always something to come, only the server's clock
// ends it.
func TestClientsThatDribble(t *testing.T) {
	for _, test := range []struct {
		name    string
		once    string
		dribble string
		within  time.Duration
		want    string
	}{
		{"the request line", "GET /", strings.Repeat("a", 1000), 10 * time.Second, "400"},
		{"the head", "GET / HTTP/1.1\r\n", strings.Repeat("X-A: b\r\n", 100), 10 * time.Second, "400"},
		{"the body", wire(t, query{method: "PUT", target: "/?httpsConfig", body: enabled}, 0), enabled, 30 * time.Second, "400 RequestTimeout"},
		{"chunks", head(t, putObject, "Transfer-Encoding: chunked"), strings.Repeat("1\r\na\r\n", 1000), 30 * time.Second, "400 RequestTimeout"},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := make(pipes)
				s := mockoss.Serve(newService(), l)
				defer s.Close()
				client, server := net.Pipe()
				l <- server
				start := time.Now()
				var dribbling sync.WaitGroup
				defer dribbling.Wait()
				defer client.Close()
				dribbling.Go(func() {
					io.WriteString(client, test.once)
					for i := range len(test.dribble) {
						if _, err := io.WriteString(client, test.dribble[i:i+1]); err != nil {
							return
						}
						time.Sleep(time.Second)
					}
				})
				raw, err := io.ReadAll(client)
				if got := strings.Join(answers(t, raw), ","); err != nil || got != test.want {
					t.Errorf("answered %q, want %q: %v\n%s", got, test.want, err, raw)
				}
				if took := time.Since(start); took > test.within+time.Second {
					t.Errorf("it took %v", took)
				}
			})
		})
	}
}

// formRequest returns a request of a browser that uploads a file; it is signed by nobody.
func formRequest(contentType, body string) *http.Request {
	r := httptest.NewRequest(http.MethodPost, "http://"+host+"/", strings.NewReader(body))
	r.Header.Set("Content-Type", contentType)
	return r
}

// form returns a form with fields, names and values in turn, and a file.
func form(fields ...string) (contentType, body string) {
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	w.SetBoundary("frontier")
	for i := 0; i < len(fields); i += 2 {
		w.WriteField(fields[i], fields[i+1])
	}
	part, _ := w.CreatePart(textproto.MIMEHeader{"Content-Disposition": {`form-data; name="file"; filename="a.txt"`}})
	io.WriteString(part, "content")
	w.Close()
	return w.FormDataContentType(), b.String()
}

// TestGarbageInForms sends forms that are none, forms whose policy or signature is none, and a thousand forms that are
// damaged at random. None is stored, and none is the server's fault.
func TestGarbageInForms(t *testing.T) {
	s := newService()
	refused := func(t *testing.T, contentType, body string) {
		t.Helper()
		re := serve(t, s, formRequest(contentType, body))
		if re.status < 400 || re.status > 499 || re.err.values["Code"] == "" || re.err.values["Message"] == "" {
			t.Errorf("%d %s\nto %s\n%.300q", re.status, re.body, contentType, body)
		}
	}
	v4 := []string{"x-oss-signature-version", "OSS4-HMAC-SHA256", "x-oss-credential", "alice/20250417/cn-hangzhou/oss/aliyun_v4_request",
		"x-oss-date", "20250417T120000Z", "policy", "e30=", "x-oss-signature", strings.Repeat("0", 64)}
	with := func(name, value string) string {
		fields := append([]string{"key", "a"}, v4...)
		for i := 0; i < len(fields); i += 2 {
			if fields[i] == name {
				fields[i+1] = value
			}
		}
		_, body := form(fields...)
		return body
	}
	contentType, plain := form("key", "a")
	for name, body := range map[string]string{
		"nothing":                       "",
		"NUL":                           strings.Repeat("\x00", 1000),
		"no delimiter":                  strings.Repeat("a", 100000),
		"delimiters alone":              strings.Repeat("--frontier\r\n", 10000),
		"the end alone":                 "--frontier--\r\n",
		"half of it":                    plain[:len(plain)/2],
		"a header without end":          "--frontier\r\nContent-Disposition: form-data; name=\"" + strings.Repeat("a", 1<<20),
		"ten thousand fields":           strings.Repeat("--frontier\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nb\r\n", 10000) + plain,
		"no key":                        strings.Replace(plain, `"key"`, `"kez"`, 1),
		"nobody's signature":            plain,
		"a signature of zeros":          with("", ""),
		"a policy that is no base64":    with("policy", "%%%"),
		"a policy that is no JSON":      with("policy", "AAAA"),
		"a policy of brackets":          with("policy", strings.Repeat("W1tb", 50000)),
		"a credential of slashes":       with("x-oss-credential", strings.Repeat("/", 10000)),
		"a date beyond all calendars":   with("x-oss-date", "99999999T999999Z"),
		"a signature that is too short": with("x-oss-signature", "0"),
		"another version":               with("x-oss-signature-version", "OSS9"),
		"a key that is no text":         strings.Replace(plain, "\r\na\r\n", "\r\n\xff\xfe\r\n", 1),
	} {
		t.Run(name, func(t *testing.T) { refused(t, contentType, body) })
	}
	for _, contentType := range []string{"multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=\"\"",
		"multipart/form-data; boundary=" + strings.Repeat("a", 10000), "multipart/form-data; boundary=a; boundary=b", "multipart/form-data; boundary=other"} {
		t.Run(contentType[:min(len(contentType), 50)], func(t *testing.T) { refused(t, contentType, plain) })
	}
	t.Run("damaged", func(t *testing.T) {
		r := rand.New(rand.NewPCG(5, 6))
		whole := with("", "")
		for range 1000 {
			b := []byte(whole)
			for range 1 + r.IntN(5) {
				switch i := r.IntN(len(b)); r.IntN(3) {
				case 0:
					b[i] = byte(r.Uint32())
				case 1:
					b = append(b[:i:i], b[min(i+r.IntN(20), len(b)-1):]...)
				default:
					b = append(b[:i:i], b[r.IntN(len(b)):]...)
				}
				if len(b) == 0 {
					b = []byte{0}
				}
			}
			refused(t, contentType, string(b))
		}
	})
	if list := (query{}).send(t, s); list.status != 200 || strings.Contains(list.body, "<Key>") {
		t.Errorf("something was stored: %d %s", list.status, list.body)
	}
}
