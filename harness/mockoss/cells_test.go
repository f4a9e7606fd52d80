package mockoss_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"

	"github.com/aliyun/alibabacloud-oss-go-sdk-v2/oss"
	"github.com/aliyun/alibabacloud-oss-go-sdk-v2/oss/retry"
	"github.com/ossconf/ossconf/harness/mockoss"
	"github.com/ossconf/ossconf/httpsconfig"
)

// A storage is a client that sends again what fails and may be sent again. Values are numbers from 1 on, which it turns
// into objects or configurations and back; 0 is for nothing that is there. An empty key means the HTTPS configuration
// of the bucket.
type storage interface {
	put(bucket, key string, n int) error
	get(bucket, key string) (int, error)
	remove(bucket, key string) error
}

// A cell is an object or a configuration that one goroutine writes.
type cell struct {
	bucket, key string
	last        int   // the number of the last write
	may         []int // what it may hold: what it was known to, and what was sent since and not acknowledged
}

func newCell(bucket, key string) *cell { return &cell{bucket: bucket, key: key, may: []int{0}} }

func (c *cell) String() string { return c.bucket + "/" + c.key }

// write puts the next number, or removes the cell, and reports whether that was acknowledged.
func (c *cell) write(s storage, remove bool) error {
	var err error
	n := 0
	if remove {
		err = s.remove(c.bucket, c.key)
	} else {
		c.last++
		n = c.last
		err = s.put(c.bucket, c.key, n)
	}
	if err == nil {
		c.may = c.may[:0]
	}
	c.may = append(c.may, n)
	return err
}

// read gets the cell. What it holds is known then, if it is one of the things that it may. The error wraps errWrong if
// it is not.
func (c *cell) read(s storage) error {
	n, err := s.get(c.bucket, c.key)
	if err != nil {
		return err
	}
	if !slices.Contains(c.may, n) {
		return fmt.Errorf("%w: %s holds %d, and may hold %v", errWrong, c, n, c.may)
	}
	c.may = append(c.may[:0], n)
	return nil
}

var errWrong = errors.New("not what was written")

// content returns the nth value of an object: up to 20 KiB that say what they are.
func content(bucket, key string, n int) []byte {
	line := fmt.Sprintf("%s/%s %d\n", bucket, key, n)
	return []byte(strings.Repeat(line, 1+n*37%600))
}

// number takes content apart.
func number(bucket, key string, body []byte) (int, error) {
	var n int
	line, _, _ := bytes.Cut(body, []byte("\n"))
	if _, err := fmt.Sscanf(string(line), bucket+"/"+key+" %d", &n); err != nil || !bytes.Equal(body, content(bucket, key, n)) {
		return 0, fmt.Errorf("%w: %d bytes beginning with %.60q", errDamaged, len(body), body)
	}
	return n, nil
}

var errDamaged = errors.New("damaged")

// digits is how many binary digits the number of a configuration has.
const digits = 12

// suiteNames are what stands for the digits.
func suiteNames() (names []string) {
	for _, s := range httpsconfig.Suites() {
		if !s.TLS13() && len(names) < digits {
			names = append(names, s.OpenSSL)
		}
	}
	return names
}

func numberSuites(n int) (suites []string) {
	if n >= 1<<digits {
		panic("more writes of a configuration than can be counted")
	}
	for i, name := range suiteNames() {
		if n>>i&1 != 0 {
			suites = append(suites, name)
		}
	}
	return suites
}

func suitesNumber(suites []string) (n int, err error) {
	for _, s := range suites {
		i := slices.Index(suiteNames(), s)
		if i < 0 {
			return 0, fmt.Errorf("%w: suite %s", errDamaged, s)
		}
		n |= 1 << i
	}
	return n, nil
}

// A loop is a storage of net/http and the signing transport.
type loop struct {
	url      string
	client   *http.Client
	attempts int
	sent     *int64 // requests
}

func newLoop(url string) *loop {
	return &loop{url: url, client: client(), attempts: 6, sent: new(int64)}
}

// send makes a request up to attempts times: all that is sent here may be sent twice.
func (l *loop) send(method, path string, body []byte) (status int, answer []byte, err error) {
	for range l.attempts {
		*l.sent++
		status, answer, err = l.once(method, path, body)
		if err == nil && status < 500 && status != http.StatusTooManyRequests {
			return status, answer, nil
		}
	}
	if err == nil {
		err = fmt.Errorf("status %d: %s", status, answer)
	}
	return 0, nil, err
}

func (l *loop) once(method, path string, body []byte) (int, []byte, error) {
	r, err := http.NewRequest(method, l.url+path, bytes.NewReader(body))
	if err != nil {
		return 0, nil, err
	}
	resp, err := l.client.Do(r)
	if err != nil {
		return 0, nil, err
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	return resp.StatusCode, answer, err
}

func cellPath(bucket, key string) string {
	if key == "" {
		return "/" + bucket + "/?httpsConfig"
	}
	return "/" + bucket + "/" + key
}

func (l *loop) put(bucket, key string, n int) error {
	body := content(bucket, key, n)
	if key == "" {
		config := httpsconfig.Config{TLS: &httpsconfig.TLS{Enable: httpsconfig.False}, CipherSuite: &httpsconfig.CipherSuite{Enable: httpsconfig.True,
			StrongCipherSuite: httpsconfig.False, CustomCipherSuites: numberSuites(n)}}
		var err error
		if body, err = config.AppendXML(nil); err != nil {
			return err
		}
	}
	status, answer, err := l.send(http.MethodPut, cellPath(bucket, key), body)
	if err == nil && status != http.StatusOK {
		err = fmt.Errorf("status %d: %s", status, answer)
	}
	return err
}

func (l *loop) get(bucket, key string) (n int, err error) {
	for range l.attempts {
		var status int
		var answer []byte
		if status, answer, err = l.send(http.MethodGet, cellPath(bucket, key), nil); err != nil {
			return 0, err
		}
		switch {
		case status == http.StatusNotFound && (bytes.Contains(answer, []byte("<Code>NoSuchKey<")) || bytes.Contains(answer, []byte("<Code>NoSuchHttpsConfig<"))):
			return 0, nil
		case status != http.StatusOK:
			return 0, fmt.Errorf("status %d: %s", status, answer)
		case key != "":
			n, err = number(bucket, key, answer)
		default:
			var config *httpsconfig.Config
			if config, err = httpsconfig.Decode(answer); err == nil {
				n, err = suitesNumber(config.CipherSuite.CustomCipherSuites)
			}
		}
		if err == nil {
			return n, nil
		}
	}
	return 0, err // what was read was damaged each time
}

func (l *loop) remove(bucket, key string) error {
	status, answer, err := l.send(http.MethodDelete, cellPath(bucket, key), nil)
	if err == nil && status != http.StatusNoContent {
		err = fmt.Errorf("status %d: %s", status, answer)
	}
	return err
}

// A vendor is a storage of the SDK, which retries by itself.
type vendor struct {
	client *oss.Client
	sent   *int64 // requests
}

func newVendor(s *mockoss.Server) *vendor {
	v := &vendor{sent: new(int64)}
	v.client = oss.NewClient(configV2(settings(s)).
		WithHttpClient(&http.Client{Transport: counting{v.sent, &http.Transport{}}}).
		WithRetryer(retry.NewStandard(func(o *retry.RetryOptions) {
			o.MaxAttempts = 6
			o.Backoff = retry.NewFixedDelayBackoff(0)
		})))
	return v
}

// counting counts the requests of one goroutine. It gives each a body of its own: net/http may still read one when the
// answer is there, and the SDK rewinds it to send it again.
type counting struct {
	n    *int64
	base http.RoundTripper
}

func (c counting) RoundTrip(r *http.Request) (*http.Response, error) {
	*c.n++
	if r.Body != nil {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return nil, err
		}
		r = r.Clone(r.Context())
		r.Body = io.NopCloser(bytes.NewReader(body))
	}
	return c.base.RoundTrip(r)
}

func (v *vendor) put(bucket, key string, n int) error {
	ctx := context.Background()
	var err error
	if key == "" {
		_, err = v.client.PutBucketHttpsConfig(ctx, &oss.PutBucketHttpsConfigRequest{Bucket: &bucket, HttpsConfiguration: &oss.HttpsConfiguration{
			TLS: &oss.TLS{Enable: oss.Ptr(false)}, CipherSuite: &oss.CipherSuite{Enable: oss.Ptr(true), StrongCipherSuite: oss.Ptr(false), CustomCipherSuites: numberSuites(n)}}})
	} else {
		_, err = v.client.PutObject(ctx, &oss.PutObjectRequest{Bucket: &bucket, Key: &key, Body: bytes.NewReader(content(bucket, key, n))})
	}
	return err
}

func (v *vendor) get(bucket, key string) (int, error) {
	ctx := context.Background()
	if key == "" {
		got, err := v.client.GetBucketHttpsConfig(ctx, &oss.GetBucketHttpsConfigRequest{Bucket: &bucket})
		if err != nil {
			return 0, gone(err, "NoSuchHttpsConfig")
		}
		return suitesNumber(got.HttpsConfiguration.CipherSuite.CustomCipherSuites)
	}
	got, err := v.client.GetObject(ctx, &oss.GetObjectRequest{Bucket: &bucket, Key: &key})
	if err != nil {
		return 0, gone(err, "NoSuchKey")
	}
	defer got.Body.Close()
	body, err := io.ReadAll(got.Body)
	if err != nil {
		return 0, err
	}
	return number(bucket, key, body)
}

// gone returns nil for the error that says that there is nothing.
func gone(err error, code string) error {
	var e *oss.ServiceError
	if errors.As(err, &e) && e.Code == code {
		return nil
	}
	return err
}

func (v *vendor) remove(bucket, key string) error {
	_, err := v.client.DeleteObject(context.Background(), &oss.DeleteObjectRequest{Bucket: &bucket, Key: &key})
	return err
}

// work writes and reads some cells in an order that r draws.
func work(r *rand.Rand, s storage, cells []*cell, operations int) (t tally) {
	for range operations {
		c := cells[r.IntN(len(cells))]
		var err error
		switch kind := r.IntN(100); {
		case kind < 45:
			err = c.read(s)
			t.count(&t.reads, err)
		case kind < 60 && c.key != "":
			err = c.write(s, true)
			t.count(&t.writes, err)
		default:
			err = c.write(s, false)
			t.count(&t.writes, err)
		}
		if errors.Is(err, errWrong) {
			t.wrong = append(t.wrong, err)
		}
	}
	return t
}

// A tally is what became of some operations.
type tally struct {
	reads, writes struct{ done, failed int }
	wrong         []error
}

func (t *tally) count(kind *struct{ done, failed int }, err error) {
	if err == nil {
		kind.done++
	} else {
		kind.failed++
	}
}
