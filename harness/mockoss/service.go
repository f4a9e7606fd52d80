package mockoss

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"sync/atomic"
	"time"

	"github.com/ossconf/ossconf/harness/fault"
	"github.com/ossconf/ossconf/harness/mockoss/internal/state"
	"github.com/ossconf/ossconf/harness/tlspolicy"
)

// A Service is an OSS as an [http.Handler]. It is safe for concurrent use. Do not put it behind something that
// cleans paths or redirects, such as [http.ServeMux]: the path is part of what is signed.
type Service struct {
	options    Options
	places     []place
	keys       map[string]Credential // by access key ID
	operations []operation
	state      *state.Store
	faults     fault.Set
	offset     atomic.Int64 // of the clock, in nanoseconds
	inFlight   atomic.Int64 // bytes of bodies that are being read
	requests   ring[Request]
	handshakes ring[tlspolicy.Handshake]
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
	if o.TLSAddr != "" && o.CA == nil {
		ca, err := tlspolicy.NewCA()
		if err != nil {
			return nil, fmt.Errorf("mockoss: %w", err)
		}
		o.CA = ca
	}
	store, err := openState(o)
	if err != nil {
		return nil, err
	}
	s := &Service{options: o, state: store, operations: operations(), keys: make(map[string]Credential),
		requests: ring[Request]{size: o.Kept}, handshakes: ring[tlspolicy.Handshake]{size: o.Kept}}
	s.SetClockOffset(o.ClockOffset)
	for _, c := range o.Credentials {
		s.keys[c.AccessKeyID] = c
	}
	s.places = make([]place, len(o.locations()))
	for i, l := range o.locations() {
		p := &s.places[i]
		p.Location = l
		p.verifier.Region, p.verifier.Product, p.verifier.Lookup = l.Region, l.Product, s.lookup
	}
	if err := s.faults.Load(o.Faults...); err != nil {
		store.Close()
		return nil, fmt.Errorf("%w: Faults: %w", ErrOptions, err)
	}
	return s, nil
}

// Faults returns the faults that befall requests. What it returns may be changed at any time.
func (s *Service) Faults() *fault.Set { return &s.faults }

// Now returns the time that requests are checked against.
func (s *Service) Now() time.Time {
	return s.options.Now().Add(s.ClockOffset()).UTC()
}

// ClockOffset returns how far the clock of the service is ahead of that in [Options].
func (s *Service) ClockOffset() time.Duration { return time.Duration(s.offset.Load()) }

// SetClockOffset sets the clock of the service forward, or back, from that in [Options].
func (s *Service) SetClockOffset(d time.Duration) { s.offset.Store(int64(d)) }

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

	misplaced error      // the request does not lead here
	op        *operation // nil if it is none that is implemented
	faults    []string   // the rules of the faults that befall the request
	body      []byte
	reserved  int64 // bytes of it that are counted in Service.inFlight

	accessKeyID string // of the signature, once verified
	owner       string // the account that signed the request; empty if it is not signed
}

// ServeHTTP answers one request.
func (s *Service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c := &call{service: s, r: r, requestID: s.options.RequestID(), now: s.Now()}
	c.misplaced = c.address()
	c.route()
	plan := s.faults.Decide(fault.Request{Method: r.Method, Bucket: c.bucket, Operation: c.operationName()})
	if len(plan.IDs()) == 0 {
		c.serve(w, r)
		return
	}
	c.faults = plan.IDs()
	plan.Apply(w, r, http.HandlerFunc(c.serve), fault.Options{Now: s.Now, Refuse: c.refuse})
}

// serve answers the request, unless a fault does.
func (c *call) serve(w http.ResponseWriter, r *http.Request) {
	c.r = r
	err := c.misplaced
	var a answer
	if err == nil {
		a, err = c.answer()
	}
	var p *problem
	if err != nil {
		p = c.problem(err)
		a = p.answer(c)
	}
	c.service.record(c, a.status, p)
	a.write(w, c)
}

// refuse answers with the error of a fault.
func (c *call) refuse(w http.ResponseWriter, r *http.Request, status int, code, message, ec string) {
	c.r = r
	p := &problem{status: status, code: code, message: message, ec: ec}
	c.service.record(c, status, p)
	p.answer(c).write(w, c)
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
