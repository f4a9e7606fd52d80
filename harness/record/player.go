package record

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/ossconf/ossconf/fixtures"
	"github.com/ossconf/ossconf/signer/signhttp"
)

// kind is the directory of package fixtures whose rules the fixtures keep to.
const kind = "recorded"

// Options say how recordings are replayed.
type Options struct {
	Repeat bool     // the last of several fixtures for the same request answers again and again
	Ignore []string // names of further headers, in any case, and parameters that are not compared

	// Unmatched, if set, is told of every request that no fixture answers. It may be called by several goroutines.
	Unmatched func(*MismatchError)
}

// The causes of the error of [Player.Close].
var (
	ErrUnused    = errors.New("fixtures that were not used")
	ErrUnmatched = errors.New("requests that no fixture answers")
)

// A Player answers requests from fixtures of the kind recorded. A request has to be that of a fixture; each fixture
// answers once, and of several for the same request the first that has not. It is safe for concurrent use.
//
// A Player is an [http.Handler]. Package replay makes a transport of one, which asks its answers by itself.
type Player struct {
	options Options
	maxBody int64
	styles  map[string]style // by host name

	mu        sync.Mutex
	answers   []*Answer
	unmatched int
}

// An Answer is a fixture that may answer a request.
type Answer struct {
	Name         string // of the fixture
	Method, Path string // of the request that it may answer, the path decoded

	player  *Player
	fixture *fixtures.Fixture
	shape   shape
	last    bool // no later fixture is for the same request
	used    int
}

// A Request is a request as it is compared.
type Request struct{ shape shape }

// A style is how a host names buckets.
type style struct {
	path   bool
	bucket string
}

// Load returns a player of the fixtures at the root of fsys, those that a [Recorder] has written. A fixture whose
// request is not signed with the test key, or not rightly, is an error: it has been changed by hand.
func Load(fsys fs.FS, o Options) (*Player, error) {
	list, err := fixtures.LoadFS(fsys, kind)
	if err == nil && len(list) == 0 {
		if _, err = fs.Stat(fsys, "."); err == nil {
			err = fmt.Errorf("replay: %w: no .txtar file there", fixtures.ErrNotFound)
		}
	}
	if err != nil {
		return nil, err
	}
	p := &Player{options: o, styles: make(map[string]style)}
	for _, f := range list {
		if err := p.add(f); err != nil {
			return nil, fmt.Errorf("%s/%s.txtar: %w", f.Dir, f.Name, err)
		}
	}
	for i, a := range p.answers {
		a.last = !slices.ContainsFunc(p.answers[i+1:], func(o *Answer) bool { return a.shape.parts(&o.shape) == 0 })
	}
	return p, nil
}

// add adds a fixture to the answers.
func (p *Player) add(f *fixtures.Fixture) error {
	r, body, err := f.Request()
	if err != nil {
		return err
	}
	m := received(r, body)
	if host := addressed(m.host); !p.styles[host].path {
		p.styles[host] = style{path: f.Header("style") == "path", bucket: f.Header("bucket")}
	}
	res, err := p.resource(m)
	if err != nil {
		return err
	}
	c, err := readClaim(m, res)
	if err == nil && c != nil {
		err = c.verify(m, res)
	}
	if err != nil {
		return fmt.Errorf("its request cannot be verified, record it again: %w", err)
	}
	p.answers = append(p.answers, &Answer{Name: f.Name, Method: m.method, Path: m.url.Path, player: p, fixture: f,
		shape: shapeOf(m, res, nil, p.options.Ignore)})
	p.maxBody = max(p.maxBody, int64(len(body)))
	return nil
}

// resource returns what a request is about. Its host names the bucket as in the fixtures.
func (p *Player) resource(m *message) (resource, error) {
	var a signhttp.Addressing
	switch s, found := p.styles[addressed(m.host)]; {
	case !found:
	case s.path:
		a.PathStyle = true
	case s.bucket != "":
		a.Bucket = s.bucket
	default:
		a.Endpoint = hostname(m.host)
	}
	return resourceOf(a, m)
}

// Answers returns the fixtures in the order in which they may answer.
func (p *Player) Answers() []*Answer { return slices.Clone(p.answers) }

// Take reports whether the answer is one to the request, and has not been given. Then it has.
func (a *Answer) Take(r *Request) bool {
	a.player.mu.Lock()
	defer a.player.mu.Unlock()
	if a.used > 0 && !(a.player.options.Repeat && a.last) || a.shape.parts(&r.shape) > 0 {
		return false
	}
	a.used++
	return true
}

// Response returns the recorded response.
func (a *Answer) Response() (*http.Response, error) {
	resp, _, err := a.fixture.Response()
	return resp, err
}

// Request returns what there is to compare of a request that a client is about to send. It reads and closes its body.
func (p *Player) Request(r *http.Request) (*Request, error) {
	body, err := p.readBody(r)
	if r.Body != nil {
		r.Body.Close()
	}
	if err != nil {
		return nil, err
	}
	m, err := outgoing(r, body)
	if err != nil {
		return nil, err
	}
	return p.request(m), nil
}

func (p *Player) request(m *message) *Request {
	res, fault := p.resource(m)
	return &Request{shapeOf(m, res, fault, p.options.Ignore)}
}

// readBody reads a body, of a long one no more than shows that it is not that of a fixture.
func (p *Player) readBody(r *http.Request) ([]byte, error) {
	if r.Body == nil {
		return nil, nil
	}
	const more = 1 << 20
	body, err := io.ReadAll(io.LimitReader(r.Body, p.maxBody+more))
	if err != nil {
		return nil, fmt.Errorf("record: read the request's body: %w", err)
	}
	return body, nil
}

// A MismatchError is a request that no fixture answers.
type MismatchError struct {
	Method  string `json:"method"`
	Path    string `json:"path"`
	Nearest string `json:"nearest"` // the fixture that differs in the fewest parts
	Parts   int    `json:"parts"`   // in how many; 0 if it has answered already
	Diff    string `json:"diff"`    // between its request (-) and this one (+)
}

// Error names the request and the nearest fixture and shows the difference, on several lines.
func (e *MismatchError) Error() string {
	if e.Parts == 0 {
		return fmt.Sprintf("replay: no fixture answers %s %s: it is the request of %s, which has answered already", e.Method, e.Path, e.Nearest)
	}
	noun := "parts"
	if e.Parts == 1 {
		noun = "part"
	}
	return fmt.Sprintf("replay: no fixture answers %s %s: it differs from the nearest, %s, in %d %s (-fixture +request):\n%s",
		e.Method, e.Path, e.Nearest, e.Parts, noun, e.Diff)
}

// Mismatch notes a request that no answer was taken for, tells Options.Unmatched of it and returns the error.
func (p *Player) Mismatch(r *Request) *MismatchError {
	p.mu.Lock()
	p.unmatched++
	var nearest *Answer
	least := 0
	for _, a := range p.answers {
		n := a.shape.parts(&r.shape)
		if nearest == nil || n < least || n == least && nearest.used > 0 && a.used == 0 {
			nearest, least = a, n
		}
	}
	p.mu.Unlock()
	e := &MismatchError{Method: r.shape.Method, Path: r.shape.Path, Nearest: nearest.Name, Parts: least}
	if least > 0 {
		e.Diff = nearest.shape.diff(&r.shape)
	}
	if p.options.Unmatched != nil {
		p.options.Unmatched(e)
	}
	return e
}

// Close returns an error that wraps [ErrUnused] and names the fixtures that have not answered, wraps [ErrUnmatched] if
// there were requests that no fixture answers, or is nil. The player may be used on.
func (p *Player) Close() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	var unused []string
	for _, a := range p.answers {
		if a.used == 0 {
			unused = append(unused, a.Name)
		}
	}
	var errs []error
	if len(unused) > 0 {
		errs = append(errs, fmt.Errorf("replay: %w: %s", ErrUnused, strings.Join(unused, ", ")))
	}
	if p.unmatched > 0 {
		errs = append(errs, fmt.Errorf("replay: %w: %d", ErrUnmatched, p.unmatched))
	}
	return errors.Join(errs...)
}
