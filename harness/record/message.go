package record

import (
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/ossconf/ossconf/signer"
	"github.com/ossconf/ossconf/signer/signhttp"
)

// A message is a request as a server receives it, its body read.
type message struct {
	method string
	host   string
	url    *url.URL    // path and query alone
	header http.Header // without Host
	body   []byte
}

// received returns what a server received. The header is a copy, without what belongs to the connection alone.
func received(r *http.Request, body []byte) *message {
	m := &message{method: r.Method, host: r.Host, url: target(r.URL), header: r.Header.Clone(), body: body}
	for _, list := range r.Header["Connection"] {
		for name := range strings.SplitSeq(list, ",") {
			m.header.Del(strings.TrimSpace(name))
		}
	}
	for _, name := range hopByHop() {
		m.header.Del(name)
	}
	return m
}

// outgoing returns what a server would receive of a request that a client is about to send.
func outgoing(r *http.Request, body []byte) (*message, error) {
	sent, err := signhttp.Request(r, "", "")
	if err != nil {
		return nil, err
	}
	m := &message{method: sent.Method, url: target(r.URL), header: make(http.Header), body: body}
	for _, f := range sent.Headers {
		if f.Name == "Host" {
			m.host = f.Value
			continue
		}
		m.header.Add(f.Name, f.Value)
	}
	return m, nil
}

func target(u *url.URL) *url.URL {
	t := &url.URL{Path: u.Path, RawPath: u.RawPath, RawQuery: u.RawQuery}
	if t.Path == "" {
		t.Path = "/"
	}
	return t
}

// hopByHop are headers of a connection (RFC 9110, section 7.6.1), which a proxy neither forwards nor records.
func hopByHop() []string {
	return []string{"Connection", "Keep-Alive", "Proxy-Authenticate", "Proxy-Authorization", "Proxy-Connection", "Te", "Trailer",
		"Transfer-Encoding", "Upgrade"}
}

// clone returns a copy that can be changed.
func (m *message) clone() *message {
	c := *m
	c.url, c.header = target(m.url), m.header.Clone()
	return &c
}

// request returns the message as package signhttp verifies it.
func (m *message) request() *http.Request {
	return &http.Request{Method: m.method, Host: m.host, URL: m.url, Header: m.header}
}

// fields returns the headers, Host among them, as package signer takes them.
func (m *message) fields(without ...string) []signer.Field {
	list := []signer.Field{{Name: "Host", Value: m.host}}
	for name, values := range m.header {
		if slices.Contains(without, name) {
			continue
		}
		for _, value := range values {
			list = append(list, signer.Field{Name: name, Value: value})
		}
	}
	return list
}

// parameter returns the value of a query parameter, empty if there is none or the query cannot be read.
func (m *message) parameter(name string) string {
	query, _ := signhttp.ParseQuery(m.url.RawQuery)
	for _, q := range query {
		if q.Name == name {
			return q.Value
		}
	}
	return ""
}

// setParameters gives query parameters other values and leaves their order and the others as they are.
func (m *message) setParameters(values map[string]string) {
	parts := strings.Split(m.url.RawQuery, "&")
	for i, part := range parts {
		raw, _, _ := strings.Cut(part, "=")
		name, err := url.QueryUnescape(raw)
		if value, found := values[name]; err == nil && found {
			parts[i] = raw + "=" + strings.ReplaceAll(url.QueryEscape(value), "+", "%20")
		}
	}
	m.url.RawQuery = strings.Join(parts, "&")
}

// setBody replaces the body and what says how long it is.
func (m *message) setBody(body []byte) {
	m.body = body
	if m.header.Get("Content-Length") != "" {
		m.header.Set("Content-Length", strconv.Itoa(len(body)))
	}
}

// hostname returns a host in lower case and without its port.
func hostname(host string) string {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
		if strings.Contains(name, ":") {
			host = "[" + name + "]"
		}
	}
	return strings.ToLower(host)
}

// addressed returns the host by which a server knows which bucket is meant. An IP address and localhost are all one: they
// say where a server or a recorder happens to listen.
func addressed(host string) string {
	if host = hostname(host); !signer.NeedsPathStyle(host) {
		return host
	}
	return "(address)"
}

// A resource is what a request is about.
type resource struct {
	bucket, key string
	path        bool // the bucket stands in the path
}

// resourceOf returns what m is about. The requests to the service itself have no path: what follows the host of an
// endpoint is a bucket in path style.
func resourceOf(a signhttp.Addressing, m *message) (resource, error) {
	bucket, key, err := a.Resource(m.request())
	if err != nil {
		return resource{}, err
	}
	r := resource{bucket: bucket, key: key}
	switch {
	case a.Bucket != "":
	case a.PathStyle || signer.NeedsPathStyle(strings.ToLower(m.host)):
		r.path = true
	case bucket == "" && key != "":
		r.path = true
		r.bucket, r.key, _ = strings.Cut(key, "/")
	}
	return r, nil
}
