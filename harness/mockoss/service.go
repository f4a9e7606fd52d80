package mockoss

import (
	"errors"
	"net/http"
	"net/url"
	"time"
)

// A Service is an OSS as an [http.Handler]. It is safe for concurrent use. Do not put it behind something that
// cleans paths or redirects, such as [http.ServeMux]: the path is part of what is signed.
type Service struct {
	options  Options
	auth     *authenticator
	store    store
	requests ring
}

// New returns a Service. It panics with the error of [Options.Validate] when there is one.
func New(o Options) *Service {
	if err := o.Validate(); err != nil {
		panic(err)
	}
	o = o.withDefaults()
	s := &Service{options: o, auth: newAuthenticator(o), requests: ring{size: o.Kept}}
	for _, b := range o.Buckets {
		s.store.create(b, o.Credentials[0].Owner)
	}
	return s
}

// Credentials returns the access keys that the service accepts, secrets included.
func (s *Service) Credentials() []Credential {
	return append([]Credential(nil), s.options.Credentials...)
}

// A call is one request on its way through the service.
type call struct {
	service   *Service
	r         *http.Request
	requestID string
	now       time.Time
	query     url.Values
	bucket    string // empty for a request to the service
	key       string // empty for a request to a bucket
	op        *operation
	body      []byte

	accessKeyID string // of the signature, once verified
	owner       string // the account that signed the request
}

// ServeHTTP answers one request.
func (s *Service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c := &call{service: s, r: r, requestID: s.options.RequestID(), now: s.options.Now().UTC()}
	a, err := c.answer()
	var p *problem
	if err != nil {
		if !errors.As(err, &p) {
			p = internalError()
			s.options.Logger.Error("mockoss", "request", c.requestID, "error", err)
		}
		a = p.answer(c)
	}
	s.record(c, a.status, p)
	a.write(w, c)
}

// answer takes the request through the checks in the order in which OSS makes them: who is asking, what is asked,
// whether the body holds together, and only then, in the operations, which bucket it is about.
func (c *call) answer() (answer, error) {
	if err := c.address(); err != nil {
		return answer{}, err
	}
	if c.r.Method == http.MethodOptions {
		return c.preflight()
	}
	if err := c.authenticate(); err != nil {
		return answer{}, err
	}
	if err := c.route(); err != nil {
		return answer{}, err
	}
	if !validBucketName(c.bucket) {
		return answer{}, invalidBucketName(c.bucket)
	}
	if err := c.readBody(); err != nil {
		return answer{}, err
	}
	return c.op.run(c)
}
