package record

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httputil"
	"net/url"
	"strings"

	"github.com/ossconf/ossconf/fixtures"
	"github.com/ossconf/ossconf/signer"
)

// pass sends the request to the upstream and its answer to the client, and records both on the way. start is the body
// as far as it has been read.
func (x *exchange) pass(w http.ResponseWriter, r *http.Request, start []byte) {
	out, to, refusal := x.forward()
	if refusal != nil {
		x.lost = errors.New(refusal.message)
		writeProblem(w, r, *refusal)
		return
	}
	r.Body = struct {
		io.Reader
		io.Closer
	}{io.MultiReader(bytes.NewReader(start), r.Body), r.Body}
	proxy := &httputil.ReverseProxy{
		Transport:     x.rec.Base,
		FlushInterval: -1,
		ErrorLog:      log.New(io.Discard, "", 0), // report says what went wrong
		Rewrite: func(p *httputil.ProxyRequest) {
			p.Out.URL, p.Out.Host, p.Out.Header = to, out.host, out.header
		},
		ModifyResponse: x.receive,
		ErrorHandler: func(w http.ResponseWriter, r *http.Request, err error) {
			x.lost = fmt.Errorf("the upstream gave no answer: %w", err)
			message := "The upstream gave no answer that could be passed on."
			if errors.Is(err, context.Canceled) {
				x.lost = errors.New("the client went away before the answer came")
			}
			writeProblem(w, r, problem{http.StatusBadGateway, "RecorderUpstream", message, nil})
		},
	}
	defer func() { // an answer that breaks off, or a client that does, ends the connection by a panic
		if e := recover(); e != nil {
			if x.lost == nil && !x.kept {
				x.lost = errors.New("the connection broke off while the answer was passed on")
			}
			x.report()
			panic(e)
		}
	}()
	proxy.ServeHTTP(w, r)
}

// forward returns the request that goes upstream, and where to. OSS V4 signs the bucket wherever the request names it, and
// the host only if that is listed, so that the host may be changed as long as it is not.
func (x *exchange) forward() (*message, *url.URL, *problem) {
	m := x.request.clone()
	again, refusal := x.signedAgain()
	if refusal != nil {
		return nil, nil, refusal
	}
	if !x.claim.signs("accept-encoding") {
		m.header.Set("Accept-Encoding", "identity") // what is compressed cannot be searched
	}
	if address := signer.NeedsPathStyle(hostname(m.host)); address && (again || !x.claim.signs("host")) {
		x.address(m)
	}
	if again {
		signature, err := x.claim.sign(m, x.resource, x.rec.Credentials)
		if err != nil {
			return nil, nil, &problem{http.StatusBadRequest, "RecorderRefused", "The request cannot be signed for the upstream: " + err.Error(), nil}
		}
		x.sent = signature
	}
	to := target(m.url)
	to.Scheme, to.Host = x.rec.upstream.Scheme, x.rec.upstream.Host
	name := hostname(m.host)
	if up := hostname(to.Host); !signer.NeedsPathStyle(up) && strings.HasSuffix(name, "."+up) { // for TLS, which knows the bucket by it
		to.Host = name
		if port := x.rec.upstream.Port(); port != "" {
			to.Host += ":" + port
		}
	}
	return m, to, nil
}

// address gives a request that was sent to the recorder's own address the host that the upstream knows.
func (x *exchange) address(m *message) {
	m.host = x.rec.upstream.Host
	a := x.rec.Addressing
	if !x.resource.path || a.PathStyle || signer.NeedsPathStyle(hostname(m.host)) || !isBucket(x.resource.bucket) {
		return
	}
	m.host = x.resource.bucket + "." + m.host
	_, rest, _ := strings.Cut(strings.TrimPrefix(m.url.EscapedPath(), "/"), "/")
	if u, err := url.ParseRequestURI("/" + rest); err == nil {
		m.url.Path, m.url.RawPath = u.Path, u.RawPath
	}
}

// isBucket reports whether a host may begin with the name.
func isBucket(name string) bool {
	for i := range len(name) {
		if c := name[i]; !(c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-') {
			return false
		}
	}
	return name != "" && len(name) <= 63
}

// signedAgain reports whether the request goes upstream with the upstream's credentials. Its own signature has to be right,
// and to stand in a header: a URL or a form with a signature of the test key, which everybody knows, could be any web page's.
func (x *exchange) signedAgain() (bool, *problem) {
	k := x.rec.Credentials
	if x.claim == nil || k.AccessKeyID == "" || x.claim.id != fixtures.TestAccessKeyID || k.AccessKeyID == fixtures.TestAccessKeyID {
		return false, nil
	}
	if x.claim.where != inHeader {
		return false, &problem{http.StatusForbidden, "RecorderRefused", "A request that carries its signature in the " + x.claim.where +
			" is not signed again for the upstream. Sign it with the upstream's access key.", nil}
	}
	err := x.claim.verify(x.request, x.resource)
	var refused *signer.ServiceError
	switch {
	case errors.As(err, &refused):
		return false, &problem{refused.Status, refused.Code, refused.Message, nil}
	case err != nil:
		return false, &problem{http.StatusBadRequest, "RecorderRefused", err.Error(), nil}
	}
	return true, nil
}

var errUpgrade = errors.New("the upstream switches protocols")

// receive records the upstream's answer, unless it is too large, and leaves it to be passed on.
func (x *exchange) receive(resp *http.Response) error {
	if resp.StatusCode == http.StatusSwitchingProtocols {
		return errUpgrade
	}
	upstream := resp.Body
	body, err := io.ReadAll(io.LimitReader(upstream, x.rec.MaxBody+1))
	rest := io.Reader(upstream)
	switch {
	case err != nil:
		x.lost, rest = errors.New("the upstream's answer broke off"), failing{err}
	case int64(len(body)) > x.rec.MaxBody:
		if x.lost == nil {
			x.lost = fmt.Errorf("the answer's body is larger than %d bytes", x.rec.MaxBody)
		}
	case x.lost == nil:
		x.lost = x.record(resp, body)
	}
	resp.Body = struct {
		io.Reader
		io.Closer
	}{io.MultiReader(bytes.NewReader(body), rest), upstream}
	return nil
}

// failing is a reader that has failed.
type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }
