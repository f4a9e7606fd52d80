// Package page serves the builder page beside a mock OSS, under one origin: a page may speak to nothing else.
//
// Call [Handler]. Below the page are
//
//	/oss/…           the mock OSS, which sees the path without /oss
//	/edge/…          an edge worker that holds the access key, if there is one, likewise
//	/api/mock        what the page has to know to sign for it
//	/api/ca.pem      the certificate of its CA
//	/api/handshakes  has the TLS clients of this machine connect, and lists what others did
package page

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"mime"
	"net"
	"net/http"
	"path"
	"strings"

	"github.com/ossconf/ossconf/harness/mockoss"
	"github.com/ossconf/ossconf/harness/tlspolicy"
)

// ErrFiles is the cause of an error for a folder that does not hold the built page.
var ErrFiles = errors.New("page: no built page")

// Options say what to serve. All but Edge are needed.
type Options struct {
	Files  fs.FS           // the built page
	Server *mockoss.Server // with a TLS listener
	CA     *tlspolicy.CA   // of that
	CAFile string          // a file with its certificate, for TLS clients
	Edge   *Edge           // in front of the server; nil if there is none
}

// An Edge is an edge worker. The page gets its token.
type Edge struct {
	Worker        http.Handler
	Bucket, Token string
}

// policy is the Content-Security-Policy, as index.html has it, and what only a header can say.
const policy = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; object-src 'none'; base-uri 'none'; " +
	"form-action 'none'; frame-ancestors 'none'"

// noPage is that of what others have written, such as objects: shown as a page, it may do nothing in the name of this one.
const noPage = "default-src 'none'; sandbox"

const (
	index  = "index.html"
	server = `<meta name="ossconf-server" content="" />` // tells the page what is beside it: nothing
	mock   = `<meta name="ossconf-server" content="mock" />`
)

// A handler serves the page.
type handler struct {
	Options
	index      []byte
	handshakes *handshakes
}

// Handler returns the handler. It answers to IP addresses and localhost only, and to no page but its own.
func Handler(o Options) (http.Handler, error) {
	page, err := fs.ReadFile(o.Files, index)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrFiles, err)
	}
	if !bytes.Contains(page, []byte(server)) {
		return nil, fmt.Errorf("%w: %s is of something else", ErrFiles, index)
	}
	h := &handler{Options: o, index: bytes.Replace(page, []byte(server), []byte(mock), 1), handshakes: &handshakes{Options: o, turn: make(chan struct{}, 1)}}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", h.page)
	mux.HandleFunc("GET /{file}", h.file)
	mux.HandleFunc("GET /api/mock", h.about)
	mux.HandleFunc("GET /api/ca.pem", h.ca)
	mux.HandleFunc("POST /api/handshakes", h.handshakes.make)
	mux.HandleFunc("GET /api/handshakes", h.handshakes.seen)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		header := w.Header()
		header.Set("Content-Security-Policy", policy)
		header.Set("Cross-Origin-Opener-Policy", "same-origin")
		header.Set("Cross-Origin-Resource-Policy", "same-origin")
		header.Set("Referrer-Policy", "no-referrer")
		header.Set("X-Content-Type-Options", "nosniff")
		switch {
		case !ofThisMachine(r.Host):
			writeError(w, http.StatusForbidden, "host", "the host has to be localhost or its address")
		case !ofThisPage(r):
			writeError(w, http.StatusForbidden, "origin", "other pages may not use this one")
		case strings.HasPrefix(r.URL.Path, "/oss/"):
			header.Set("Content-Security-Policy", noPage)
			h.oss(w, below("/oss", r)) // not by mux, which cleans paths
		case h.Edge != nil && strings.HasPrefix(r.URL.Path, "/edge/"):
			header.Set("Content-Security-Policy", noPage)
			h.Edge.Worker.ServeHTTP(w, below("/edge", r))
		default:
			mux.ServeHTTP(w, r)
		}
	}), nil
}

// ofThisMachine reports whether a host is this machine's own: a name of another page can have been given a second address.
func ofThisMachine(host string) bool {
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	return host == "localhost" || net.ParseIP(strings.Trim(host, "[]")).IsLoopback()
}

// ofThisPage reports whether no page asks but this one.
func ofThisPage(r *http.Request) bool {
	origin := r.Header.Get("Origin")
	return origin == "" || origin == "http://"+r.Host
}

func (h *handler) page(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-cache")
	w.Write(h.index)
}

// file serves a file.
func (h *handler) file(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("file")
	data, err := fs.ReadFile(h.Files, name)
	if err != nil || name == index {
		writeError(w, http.StatusNotFound, "not_found", "there is no such file")
		return
	}
	w.Header().Set("Content-Type", contentType(name))
	w.Header().Set("Cache-Control", "no-cache")
	w.Write(data)
}

// contentType returns the type of a file by its name; that of modules is not known everywhere.
func contentType(name string) string {
	switch path.Ext(name) {
	case ".wasm":
		return "application/wasm"
	case ".js":
		return "text/javascript; charset=utf-8"
	}
	return mime.TypeByExtension(path.Ext(name))
}

// below returns a request as what stands below a prefix is to see it, with its path as it was sent.
func below(prefix string, r *http.Request) *http.Request {
	inner := r.Clone(r.Context())
	inner.URL.Path = strings.TrimPrefix(r.URL.Path, prefix)
	inner.URL.RawPath = strings.TrimPrefix(r.URL.RawPath, prefix)
	inner.RequestURI = strings.TrimPrefix(r.RequestURI, prefix)
	return inner
}

func (h *handler) oss(w http.ResponseWriter, r *http.Request) {
	r.Header.Del("Origin") // it was looked at
	h.Server.ServeHTTP(w, r)
}

func (h *handler) about(w http.ResponseWriter, _ *http.Request) {
	key := h.Server.Credentials()[0]
	_, port, _ := net.SplitHostPort(h.Server.TLSEndpoint)
	about := map[string]any{
		"region": h.Server.Region, "access_key_id": key.AccessKeyID, "access_key_secret": key.AccessKeySecret, "tls_port": port,
	}
	if h.Edge != nil {
		about["edge"] = map[string]string{"bucket": h.Edge.Bucket, "token": h.Edge.Token}
	}
	writeJSON(w, http.StatusOK, about)
}

func (h *handler) ca(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/x-pem-file")
	w.Write(h.CA.PEM())
}

func writeJSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(v) // the client is gone if this fails
}

// writeError answers with an error in the form of core's.
func writeError(w http.ResponseWriter, status int, code, message string) {
	writeJSON(w, status, map[string]any{"error": map[string]string{"code": code, "message": message}})
}
