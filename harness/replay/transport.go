package replay

import (
	"context"
	"io/fs"
	"net/http"
	"net/url"

	"github.com/jarcoal/httpmock"

	"github.com/ossconf/ossconf/harness/record"
)

// A Transport answers requests from recorded fixtures, without a server. It is safe for concurrent use.
type Transport struct {
	*record.Player

	mock *httpmock.MockTransport
}

// Load returns a transport for the fixtures at the root of fsys, as [record.Load] does a player.
func Load(fsys fs.FS, o Options) (*Transport, error) {
	player, err := record.Load(fsys, o)
	if err != nil {
		return nil, err
	}
	t := &Transport{Player: player, mock: httpmock.NewMockTransport()}
	t.mock.DontCheckMethod = true // a method in lower case is what was recorded
	for _, a := range player.Answers() {
		// Of the responders for a method and a path, httpmock asks the matchers in the order of their names.
		matcher := httpmock.NewMatcher(a.Name, func(r *http.Request) bool { return a.Take(request(r)) })
		t.mock.RegisterMatcherResponder(a.Method, route(a.Path).String(), matcher, func(*http.Request) (*http.Response, error) {
			return a.Response()
		})
	}
	t.mock.RegisterNoResponder(func(r *http.Request) (*http.Response, error) { return nil, player.Mismatch(request(r)) })
	return t, nil
}

// route is what httpmock finds the fixtures by that a request could be the one of. Without query and host there is one
// way to write it.
func route(path string) *url.URL { return &url.URL{Path: path} }

// A request travels to the matchers in its context.
type requestKey struct{}

func request(r *http.Request) *record.Request {
	return r.Context().Value(requestKey{}).(*record.Request)
}

// RoundTrip implements [http.RoundTripper]. The error for a request that no fixture answers is a [*MismatchError].
func (t *Transport) RoundTrip(r *http.Request) (*http.Response, error) {
	in, err := t.Request(r)
	if err != nil {
		return nil, err
	}
	asked := &http.Request{Method: r.Method, URL: route(path(r))}
	resp, err := t.mock.RoundTrip(asked.WithContext(context.WithValue(r.Context(), requestKey{}, in)))
	if resp != nil {
		resp.Request = r
	}
	return resp, err
}

// path returns the path that a server gets.
func path(r *http.Request) string {
	if r.URL.Path == "" {
		return "/"
	}
	return r.URL.Path
}
