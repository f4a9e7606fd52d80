package mockoss

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/ossconf/ossconf/harness/fault"
	"github.com/ossconf/ossconf/harness/mockoss/internal/state"
	"github.com/ossconf/ossconf/harness/tlspolicy"
)

// maxAdminBody bounds what the admin listener reads.
const maxAdminBody = 1 << 20

// adminHandler is what the admin listener serves: what the server has and has seen, and the faults and the clock, which
// can be set. docs/mockoss.md describes it. It is for this machine: pages of other origins and names that lead here by
// a trick are refused.
func (s *Server) adminHandler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /health", func(w http.ResponseWriter, _ *http.Request) { writeJSON(w, map[string]string{"status": "ok"}) })
	mux.HandleFunc("GET /ca.pem", s.adminCA)
	mux.HandleFunc("GET /state", func(w http.ResponseWriter, _ *http.Request) { writeJSON(w, s.adminState()) })
	mux.HandleFunc("GET /requests", func(w http.ResponseWriter, _ *http.Request) { writeJSON(w, s.Requests()) })
	mux.HandleFunc("GET /handshakes", func(w http.ResponseWriter, _ *http.Request) { writeJSON(w, s.Handshakes()) })
	mux.HandleFunc("GET /faults", func(w http.ResponseWriter, _ *http.Request) { writeJSON(w, s.Faults()) })
	mux.HandleFunc("PUT /faults", s.adminFaults(func(rules []fault.Rule) error { return s.Faults().Load(rules...) }))
	mux.HandleFunc("POST /faults", s.adminFaults(func(rules []fault.Rule) error { _, err := s.Faults().Add(rules...); return err }))
	mux.HandleFunc("DELETE /faults", func(w http.ResponseWriter, _ *http.Request) {
		s.Faults().Load()
		w.WriteHeader(http.StatusNoContent)
	})
	mux.HandleFunc("DELETE /faults/{id}", s.adminRemoveFault)
	mux.HandleFunc("GET /clock", func(w http.ResponseWriter, _ *http.Request) { writeJSON(w, s.adminClock()) })
	mux.HandleFunc("PUT /clock", s.adminSetClock)
	return thisMachine(s.options.CORS, mux)
}

// thisMachine refuses requests for other hosts than this machine, which a page can have made by giving its own name a
// second address, and requests that a page of another origin makes.
func thisMachine(pages bool, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		host := r.Host
		if h, _, err := net.SplitHostPort(host); err == nil {
			host = h
		}
		origin := r.Header.Get("Origin")
		switch {
		case host != "localhost" && net.ParseIP(strings.Trim(host, "[]")) == nil:
			adminError(w, http.StatusForbidden, "the host has to be an IP address or localhost")
			return
		case origin != "" && !(pages && isLocalOrigin(origin)):
			adminError(w, http.StatusForbidden, "pages may not use this listener, unless the server allows those of this machine")
			return
		case origin != "":
			w.Header().Set("Access-Control-Allow-Origin", origin)
			w.Header().Set("Vary", "Origin")
			if r.Method == http.MethodOptions {
				w.Header().Set("Access-Control-Allow-Methods", "GET, PUT, POST, DELETE")
				w.Header().Set("Access-Control-Allow-Headers", "Content-Type")
				w.WriteHeader(http.StatusNoContent)
				return
			}
		}
		next.ServeHTTP(w, r)
	})
}

func writeJSON(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	enc.Encode(v) // the client is gone if this fails
}

// adminError answers with an error in the form of core's error answers.
func adminError(w http.ResponseWriter, status int, message string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	writeJSON(w, map[string]any{"error": map[string]string{"code": "admin", "message": message}})
}

func (s *Server) adminCA(w http.ResponseWriter, _ *http.Request) {
	if s.options.CA == nil {
		adminError(w, http.StatusNotFound, "there is no TLS listener")
		return
	}
	w.Header().Set("Content-Type", "application/x-pem-file")
	w.Write(s.options.CA.PEM())
}

// readAdmin reads the body of a request to the admin listener.
func readAdmin(w http.ResponseWriter, r *http.Request) ([]byte, bool) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxAdminBody))
	if err != nil {
		adminError(w, http.StatusRequestEntityTooLarge, fmt.Sprintf("the body cannot be read, or is larger than %d bytes", maxAdminBody))
	}
	return body, err == nil
}

func (s *Server) adminFaults(set func([]fault.Rule) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		body, ok := readAdmin(w, r)
		if !ok {
			return
		}
		rules, err := fault.ParseRules(body)
		if err == nil {
			err = set(rules)
		}
		if err != nil {
			adminError(w, http.StatusBadRequest, err.Error())
			return
		}
		writeJSON(w, s.Faults())
	}
}

func (s *Server) adminRemoveFault(w http.ResponseWriter, r *http.Request) {
	switch err := s.Faults().Remove(r.PathValue("id")); {
	case errors.Is(err, fault.ErrNotFound):
		adminError(w, http.StatusNotFound, err.Error())
	case err != nil:
		adminError(w, http.StatusBadRequest, err.Error())
	default:
		w.WriteHeader(http.StatusNoContent)
	}
}

// A clockView is the clock as the admin listener shows it.
type clockView struct {
	Now    time.Time `json:"now"`
	Offset string    `json:"offset"` // how far it is ahead of the clock the server was started with
}

func (s *Server) adminClock() clockView { return clockView{s.Now(), s.ClockOffset().String()} }

func (s *Server) adminSetClock(w http.ResponseWriter, r *http.Request) {
	body, ok := readAdmin(w, r)
	if !ok {
		return
	}
	var want struct {
		Offset *string `json:"offset"`
	}
	d := json.NewDecoder(strings.NewReader(string(body)))
	d.DisallowUnknownFields()
	if err := d.Decode(&want); err != nil || want.Offset == nil || d.More() {
		adminError(w, http.StatusBadRequest, `the body has to be {"offset":"20m"}`)
		return
	}
	offset, err := time.ParseDuration(*want.Offset)
	if err != nil {
		adminError(w, http.StatusBadRequest, fmt.Sprintf("offset: %.200s", err.Error()))
		return
	}
	s.SetClockOffset(offset)
	writeJSON(w, s.adminClock())
}

// A stateView is what a server has, as the admin listener shows it. It has no secret.
type stateView struct {
	Region      string       `json:"region"`
	AccessKeys  []string     `json:"access_keys"`
	Propagation string       `json:"propagation"`
	Bytes       int64        `json:"bytes"`
	Buckets     []bucketView `json:"buckets"`
}

type bucketView struct {
	Name    string    `json:"name"`
	Owner   string    `json:"owner"`
	Region  string    `json:"region"`
	ACL     string    `json:"acl"`
	Created time.Time `json:"created"`
	Objects int       `json:"objects"`
	Bytes   int64     `json:"bytes"`
	HTTPS   httpsView `json:"https"`
}

// An httpsView is a bucket's HTTPS configuration and what the TLS listener makes of it.
type httpsView struct {
	Stored   string                       `json:"stored,omitempty"`   // the document that a GET returns
	InForce  string                       `json:"in_force,omitempty"` // the document that handshakes obey; none if that of a bucket never configured
	NextAt   *time.Time                   `json:"next_at,omitempty"`  // when another one comes into force
	Versions []string                     `json:"versions"`           // the TLS versions that the one in force accepts
	Suites   []tlspolicy.SuiteEnforcement `json:"suites"`             // what the TLS listener can do about each suite of it
}

func (s *Server) adminState() stateView {
	v := stateView{Region: s.Region, Propagation: s.options.Propagation.String(), Bytes: s.state.Size(), Buckets: []bucketView{}}
	for _, c := range s.options.Credentials {
		v.AccessKeys = append(v.AccessKeys, c.AccessKeyID)
	}
	s.state.View(func(tx *state.Tx) error {
		for _, b := range tx.Buckets() {
			objects, bytes := tx.Usage(b.Name)
			v.Buckets = append(v.Buckets, bucketView{b.Name, b.Owner, b.Region, b.ACL, b.Created, objects, bytes, s.httpsView(b)})
		}
		return nil
	})
	return v
}

func (s *Server) httpsView(b state.Bucket) httpsView {
	doc, next := b.HTTPSInForce(s.Now(), s.options.Propagation)
	policy := s.inForce(b).Policy()
	v := httpsView{Stored: string(b.HTTPSDocument()), InForce: string(doc), Versions: policy.Versions.Names(), Suites: tlspolicy.Enforceability(policy)}
	if !next.IsZero() {
		v.NextAt = &next
	}
	return v
}
