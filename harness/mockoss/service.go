package mockoss

import (
	"errors"
	"net/http"
	"net/url"
	"sync/atomic"
	"time"

	"github.com/ossconf/ossconf/harness/mockoss/internal/state"
)

// A Service is an OSS as an [http.Handler]. It is safe for concurrent use. Do not put it behind something that
// cleans paths or redirects, such as [http.ServeMux]: the path is part of what is signed.
type Service struct {
	options    Options
	places     []place
	keys       map[string]Credential // by access key ID
	operations []operation
	state      *state.Store
	inFlight   atomic.Int64 // bytes of bodies that are being read
	requests   ring[Request]
}

// New returns a Service, for tests. It panics with the error of [Open] when there is one.
func New(o Options) *Service {
	s, err := Open(o)
	if err != nil {
		panic(err)
	}
	return s
}

// Open returns a Service. The error wraps [ErrOptions], or says why Options.DataDir cannot be used.
func Open(o Options) (*Service, error) {
	if err := o.Validate(); err != nil {
		return nil, err
	}
	o = o.withDefaults()
	store, err := openState(o)
	if err != nil {
		return nil, err
	}
	s := &Service{options: o, state: store, operations: operations(), keys: make(map[string]Credential),
		requests: ring[Request]{size: o.Kept}}
	for _, c := range o.Credentials {
		s.keys[c.AccessKeyID] = c
	}
	s.places = make([]place, len(o.locations()))
	for i, l := range o.locations() {
		p := &s.places[i]
		p.Location = l
		p.verifier.Region, p.verifier.Product, p.verifier.Lookup = l.Region, l.Product, s.lookup
	}
	return s, nil
}

// Close ends writing to Options.DataDir.
func (s *Service) Close() error { return s.state.Close() }

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

	place      *place
	namedPlace bool   // the host names the place
	virtual    bool   // the host names the bucket
	bucket     string // empty for a request to the service
	key        string // empty for a request to a bucket

	op       *operation
	body     []byte
	reserved int64 // bytes of it that are counted in Service.inFlight

	accessKeyID string // of the signature, once verified
	owner       string // the account that signed the request; empty if it is not signed
}

// ServeHTTP answers one request.
func (s *Service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c := &call{service: s, r: r, requestID: s.options.RequestID(), now: s.options.Now().UTC()}
	err := c.address()
	c.route()
	var a answer
	if err == nil {
		a, err = c.answer()
	}
	var p *problem
	if err != nil {
		p = c.problem(err)
		a = p.answer(c)
	}
	s.record(c, a.status, p)
	a.write(w, c)
}

// problem returns what an error is to the client.
func (c *call) problem(err error) *problem {
	var p *problem
	switch {
	case errors.As(err, &p):
		return p
	case errors.Is(err, state.ErrFull):
		return storeFull()
	}
	c.service.options.Logger.Error("mockoss", "request", c.requestID, "error", err)
	return internalError()
}

// answer takes the request through the checks in the order in which OSS makes them: who is asking, what is asked,
// whether the body holds together, and only then, in the operations, which bucket it is about.
func (c *call) answer() (answer, error) {
	if c.r.Method == http.MethodOptions {
		return c.preflight()
	}
	if err := c.authenticate(); err != nil {
		return answer{}, err
	}
	if c.op == nil {
		return answer{}, notImplemented(c)
	}
	if c.op.level != service && !validBucketName(c.bucket) {
		return answer{}, invalidBucketName(c.bucket)
	}
	defer c.release()
	if err := c.readBody(c.op.maxBody(c.service.options)); err != nil {
		return answer{}, err
	}
	return c.op.run(c)
}
