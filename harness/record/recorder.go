package record

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/ossconf/ossconf/fixtures"
	"github.com/ossconf/ossconf/harness/record/internal/redact"
	"github.com/ossconf/ossconf/signer"
	"github.com/ossconf/ossconf/signer/signhttp"
)

// DefaultMaxBody is the size in bytes of the largest body that is recorded when a [Recorder] does not say.
const DefaultMaxBody = 1 << 20

// The causes of errors of a [Recorder].
var (
	ErrOptions     = errors.New("record: options")
	ErrExists      = errors.New("record: the folder holds fixtures already")
	ErrNotRecorded = errors.New("exchanges that were not recorded")
)

// A Recorder is a proxy that keeps what passes as fixtures, one file for each exchange, called by its number and its
// operation, such as 0001-PutBucketHttpsConfig.txtar. What it cannot keep it still passes on, and reports: in the log
// and from [Recorder.Close].
//
// The fields are set before the first request. A Recorder is safe for concurrent use and must not be copied.
type Recorder struct {
	Upstream string // URL of the service, such as https://oss-cn-hangzhou.aliyuncs.com; required
	Dir      string // where the fixtures go; made if it is not there; required

	// Credentials of the upstream are optional. With them, requests that are signed in a header with the test key are
	// signed again with these. Other requests pass as they are.
	Credentials signer.Credentials
	Addressing  signhttp.Addressing // how clients name buckets; the zero value also knows the upstream's own host

	MaxBody   int64             // the largest body that is recorded, in bytes; DefaultMaxBody if zero
	Overwrite bool              // replace the fixtures of an earlier recording, number by number
	Base      http.RoundTripper // sends requests to the upstream; a transport without proxy if nil
	Logger    *slog.Logger      // gets one record per exchange, without secrets; nothing is logged if nil
	Now       func() time.Time  // dates what is not signed; time.Now if nil

	once     sync.Once
	openErr  error
	upstream *url.URL

	mu      sync.Mutex
	idle    sync.Cond       // when no exchange is under way
	active  int             // how many are
	last    int             // the number of the last exchange
	session []redact.Secret // access keys and tokens that have passed
	lost    []string        // why exchanges were not recorded
	earlier map[string]bool // fixtures of an earlier recording
}

// Open checks the options and the folder. The first request does it, too; a program calls it to know before. The error
// wraps [ErrOptions] or [ErrExists], or is of the file system.
func (rec *Recorder) Open() error {
	rec.once.Do(func() { rec.openErr = rec.open() })
	return rec.openErr
}

func (rec *Recorder) open() error {
	rec.idle.L = &rec.mu
	u, err := url.Parse(rec.Upstream)
	switch {
	case err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https":
		return fmt.Errorf("%w: Upstream has to be an http or https URL", ErrOptions)
	case u.User != nil || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "":
		return fmt.Errorf("%w: Upstream has to be scheme and host, and nothing more", ErrOptions)
	case rec.Dir == "":
		return fmt.Errorf("%w: Dir is empty", ErrOptions)
	case rec.MaxBody < 0:
		return fmt.Errorf("%w: MaxBody is %d", ErrOptions, rec.MaxBody)
	case rec.Credentials.AccessKeyID != "" && rec.Credentials.AccessKeySecret == "":
		return fmt.Errorf("%w: Credentials have no secret", ErrOptions)
	}
	rec.upstream = &url.URL{Scheme: u.Scheme, Host: u.Host}
	if rec.MaxBody == 0 {
		rec.MaxBody = DefaultMaxBody
	}
	if rec.Logger == nil {
		rec.Logger = slog.New(slog.DiscardHandler)
	}
	if rec.Now == nil {
		rec.Now = time.Now
	}
	if rec.Base == nil {
		rec.Base = &http.Transport{ForceAttemptHTTP2: true, DisableCompression: true, IdleConnTimeout: time.Minute}
	}
	rec.session = []redact.Secret{
		{Value: rec.Credentials.AccessKeyID, Placeholder: fixtures.TestAccessKeyID},
		{Value: rec.Credentials.AccessKeySecret, Placeholder: redact.Placeholder},
		{Value: rec.Credentials.SecurityToken, Placeholder: fixtures.TestSecurityToken},
	}
	return rec.openDir()
}

func (rec *Recorder) openDir() error {
	if err := os.MkdirAll(rec.Dir, 0o777); err != nil {
		return err
	}
	files, err := filepath.Glob(filepath.Join(rec.Dir, "*.txtar"))
	if err != nil {
		return err
	}
	if len(files) > 0 && !rec.Overwrite {
		return fmt.Errorf("%w: %s", ErrExists, rec.Dir)
	}
	rec.earlier = make(map[string]bool)
	for _, f := range files {
		rec.earlier[filepath.Base(f)] = true
	}
	return nil
}

// Close waits for the end of the exchanges that are under way. It returns an error that wraps [ErrNotRecorded] and says
// why, if there were exchanges that were not recorded, and one that wraps [ErrExists] if fixtures of an earlier
// recording are left. The recorder may be used on.
func (rec *Recorder) Close() error {
	rec.mu.Lock()
	defer rec.mu.Unlock()
	for rec.active > 0 {
		rec.idle.Wait()
	}
	var errs []error
	if len(rec.lost) > 0 {
		errs = append(errs, fmt.Errorf("record: %w: %s", ErrNotRecorded, strings.Join(rec.lost, "; ")))
	}
	if len(rec.earlier) > 0 && rec.last > 0 {
		names := strings.Join(slices.Sorted(maps.Keys(rec.earlier)), ", ")
		errs = append(errs, fmt.Errorf("%w, of an earlier recording: %s", ErrExists, names))
	}
	return errors.Join(errs...)
}

// An exchange is a request on its way through a recorder.
type exchange struct {
	rec       *Recorder
	number    int
	request   *message // as the client sent it
	resource  resource
	claim     *claim
	operation string
	sent      string // the signature that the upstream got, if it is another than the client's
	kept      bool   // it is recorded
	lost      error  // why it is not
}

// ServeHTTP implements [http.Handler].
func (rec *Recorder) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if err := rec.Open(); err != nil {
		writeProblem(w, r, problem{http.StatusInternalServerError, "RecorderFailed", err.Error(), nil})
		return
	}
	if r.Method == http.MethodConnect {
		writeProblem(w, r, problem{http.StatusNotImplemented, "RecorderRefused",
			"A recorder has to see the request: give the client an endpoint with http, not https.", nil})
		return
	}
	x := &exchange{rec: rec, number: rec.begin()}
	defer rec.end()

	body, err := io.ReadAll(io.LimitReader(r.Body, rec.MaxBody+1))
	x.request = received(r, body)
	switch {
	case err != nil:
		x.request.body, x.lost = nil, errors.New("the client's body broke off")
	case int64(len(body)) > rec.MaxBody:
		x.request.body, x.lost = nil, fmt.Errorf("the request's body is larger than %d bytes", rec.MaxBody)
	}
	x.identify()
	if err != nil {
		writeProblem(w, r, problem{http.StatusBadRequest, "RequestTimeout", "The body of the request broke off.", nil})
	} else {
		x.pass(w, r, body)
	}
	x.report()
}

// begin counts an exchange and returns its number; end is its end.
func (rec *Recorder) begin() int {
	rec.mu.Lock()
	defer rec.mu.Unlock()
	rec.last++
	rec.active++
	return rec.last
}

func (rec *Recorder) end() {
	rec.mu.Lock()
	defer rec.mu.Unlock()
	rec.active--
	if rec.active == 0 {
		rec.idle.Broadcast()
	}
}

// identify finds out what the request is about and who signed it.
func (x *exchange) identify() {
	var err error
	if x.resource, err = x.rec.resource(x.request); err == nil {
		x.claim, err = readClaim(x.request, x.resource)
	}
	if x.lost == nil {
		x.lost = err
	}
	x.operation = operationOf(x.request, x.resource)
	if x.claim != nil {
		x.rec.remember(x.claim)
	}
}

// resource returns what a request is about, by the options or else by what is known of hosts.
func (rec *Recorder) resource(m *message) (resource, error) {
	res, err := resourceOf(rec.Addressing, m)
	if err != nil && rec.Addressing == (signhttp.Addressing{}) {
		res, err = resourceOf(signhttp.Addressing{Endpoint: hostname(rec.upstream.Host)}, m)
	}
	if err != nil {
		return res, fmt.Errorf("its host leaves open which bucket is meant: %w", err)
	}
	return res, nil
}

// The session remembers so many secrets, and only those that cannot be taken for ordinary words.
const (
	maxSession = 256
	minSecret  = 16
)

// remember keeps the access key and the token of a signature, which a later answer may repeat.
func (rec *Recorder) remember(c *claim) {
	rec.mu.Lock()
	defer rec.mu.Unlock()
	for _, s := range secretsOf(c) {
		known := func(o redact.Secret) bool { return o.Value == s.Value }
		if len(s.Value) >= minSecret && s.Value != c.signature && !slices.ContainsFunc(rec.session, known) {
			rec.session = append(rec.session, s)
		}
	}
	if over := len(rec.session) - maxSession; over > 0 {
		rec.session = append(rec.session[:3:3], rec.session[3+over:]...) // the first three are the upstream's
	}
}

// secrets returns what must not be kept of the exchange. signature is what takes the place of its signatures.
func (x *exchange) secrets(signature string) *redact.Secrets {
	list := []redact.Secret{{Value: x.sent, Placeholder: signature}}
	if x.claim != nil {
		list = append(list, redact.Secret{Value: x.claim.signature, Placeholder: signature})
	}
	list = append(list, secretsOf(x.claim)...)
	x.rec.mu.Lock()
	defer x.rec.mu.Unlock()
	return newSecrets(append(list, x.rec.session...))
}

// report logs what became of the exchange.
func (x *exchange) report() {
	log := x.rec.Logger.With(slog.Int("number", x.number), slog.String("operation", x.operation))
	if x.lost == nil {
		log.Info("recorded", slog.String("file", x.file()))
		return
	}
	text := x.secrets(redact.Placeholder).String(x.lost.Error())
	log.Warn("not recorded", slog.String("reason", text))
	x.rec.mu.Lock()
	defer x.rec.mu.Unlock()
	x.rec.lost = append(x.rec.lost, x.name()+": "+text)
}

// name is that of the fixture.
func (x *exchange) name() string { return fmt.Sprintf("%04d-%s", x.number, x.operation) }

func (x *exchange) file() string { return x.name() + ".txtar" }
