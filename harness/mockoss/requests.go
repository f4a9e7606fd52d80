package mockoss

import (
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"

	"github.com/ossconf/ossconf/httpsconfig"
)

// A Request is a request that a service answered, for a test to look at. It holds no secret, no token and no
// signature.
type Request struct {
	RequestID   string `json:"request_id"`              // the x-oss-request-id of the answer
	Method      string `json:"method"`                  //
	Target      string `json:"target"`                  // path and query as received, 4 KiB at most; the values of signatures and tokens are replaced by ***
	Bucket      string `json:"bucket,omitempty"`        // empty for a request to the service, or one whose bucket could not be told
	Key         string `json:"key,omitempty"`           // empty for a request to a bucket
	Operation   string `json:"operation,omitempty"`     // such as PutBucketHttpsConfig; empty if it is none that is implemented
	AccessKeyID string `json:"access_key_id,omitempty"` // of the request's signature, once verified
	Status      int    `json:"status"`                  // as the service answered; a fault may have kept that from the client
	Code        string `json:"code,omitempty"`          // the error code, such as NoSuchBucket; empty for success
	EC          string `json:"ec,omitempty"`            // its fine-grained error code; may be empty

	Faults []string `json:"faults,omitempty"` // the rules of the faults that befell it
	TLS    string   `json:"tls,omitempty"`    // version and cipher suite of its connection, such as TLSv1.2 ECDHE-RSA-AES128-GCM-SHA256
}

// Requests returns the last requests, the oldest first; [Options].Kept says how many at most.
func (s *Service) Requests() []Request { return s.requests.list() }

func (s *Service) record(c *call, status int, p *problem) {
	req := Request{
		RequestID:   c.requestID,
		Method:      strings.Clone(clip(c.r.Method)), // it is a piece of the request line,
		Target:      clip(redact(c.r.URL)),
		Bucket:      clip(c.bucket),
		Key:         clip(c.key),
		AccessKeyID: c.accessKeyID,
		Operation:   c.operationName(),
		Status:      status,
		Faults:      c.faults,
	}
	if t := c.r.TLS; t != nil {
		req.TLS = httpsconfig.VersionName(t.Version)
		if suite, ok := httpsconfig.SuiteByID(t.CipherSuite); ok {
			req.TLS += " " + suite.OpenSSL
		}
	}
	if p != nil {
		req.Code, req.EC = p.code, p.ec
	}
	s.requests.add(req)
	s.options.Logger.LogAttrs(c.r.Context(), slog.LevelDebug, "request",
		slog.String("id", req.RequestID), slog.String("method", req.Method), slog.String("target", req.Target),
		slog.String("operation", req.Operation), slog.Int("status", req.Status), slog.String("code", req.Code),
		slog.String("ec", req.EC))
}

// maxKept is how many bytes of a part of a request are remembered. No object's name is longer, and what is in a
// presigned URL besides takes less.
const maxKept = 4 << 10

// clip returns s, or its beginning if it is long: as much as a client may send is too much to remember a thousand times.
func clip(s string) string {
	if len(s) <= maxKept {
		return s
	}
	return s[:maxKept] + "…" // which copies: the rest is let go
}

// operationName returns what the documents call the operation, empty if it is none that is implemented.
func (c *call) operationName() string {
	switch {
	case c.op != nil:
		return c.op.name
	case c.r.Method == http.MethodOptions:
		return "OptionObject"
	}
	return ""
}

// redact returns path and query of u without what signs or authorises.
func redact(u *url.URL) string {
	if u.RawQuery == "" {
		return u.EscapedPath()
	}
	parts := strings.Split(u.RawQuery, "&")
	for i, part := range parts {
		raw, _, _ := strings.Cut(part, "=")
		name, err := url.QueryUnescape(raw)
		if err != nil {
			name = raw
		}
		switch strings.ToLower(name) {
		case "x-oss-signature", "x-oss-security-token", "signature", "security-token":
			parts[i] = raw + "=***"
		}
	}
	return u.EscapedPath() + "?" + strings.Join(parts, "&")
}

// A ring keeps the last of many.
type ring[T any] struct {
	size int
	mu   sync.Mutex
	kept []T
	next int // where the next one goes once there are size of them
}

func (g *ring[T]) add(v T) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(g.kept) < g.size {
		g.kept = append(g.kept, v)
		return
	}
	g.kept[g.next] = v
	g.next = (g.next + 1) % len(g.kept)
}

func (g *ring[T]) list() []T {
	g.mu.Lock()
	defer g.mu.Unlock()
	return append(append([]T(nil), g.kept[g.next:]...), g.kept[:g.next]...)
}
