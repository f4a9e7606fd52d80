package page

import (
	"context"
	"crypto/tls"
	"net/http"
	"strings"
	"time"

	"github.com/ossconf/ossconf/harness/mockoss"
	"github.com/ossconf/ossconf/harness/tlspolicy"
	"github.com/ossconf/ossconf/harness/tlspolicy/clients"
	"github.com/ossconf/ossconf/httpsconfig"
)

// A Handshake is what became of a client that connected to a bucket.
type Handshake struct {
	Client  string `json:"client"`
	Version string `json:"version"`
	Offer   string `json:"offer"` // a TLS version; empty for what the client offers by itself
	Outcome string `json:"outcome"`
	TLS     string `json:"tls_version,omitempty"`
	Suite   string `json:"cipher_suite,omitempty"`
	Reason  string `json:"reason,omitempty"`
}

// unable is the outcome of a client that cannot make an offer, beside those of package tlspolicy.
const unable = "unable"

// handshakes has clients connect, one after the other, so that what the server sees is theirs.
type handshakes struct {
	Options

	turn chan struct{} // holds a value while clients connect
	list []clients.Client
}

// make has the clients of this machine connect to a bucket. One that does not exist is served as one that was never
// configured, as the mock OSS does.
func (h *handshakes) make(w http.ResponseWriter, r *http.Request) {
	bucket, ok := bucketOf(w, r)
	if !ok {
		return
	}
	select {
	case h.turn <- struct{}{}:
		defer func() { <-h.turn }()
	case <-r.Context().Done():
		return
	}
	h.find(r.Context())
	var made []Handshake
	for _, o := range h.offers() {
		one := h.connect(r.Context(), o.client, bucket, o.Offer)
		if r.Context().Err() != nil {
			return
		}
		made = append(made, one)
	}
	writeJSON(w, http.StatusOK, map[string]any{"handshakes": made})
}

// find looks for the clients once.
func (h *handshakes) find(ctx context.Context) {
	if h.list == nil {
		h.list = clients.Find(context.WithoutCancel(ctx)) // it would be short for ever if the page was left meanwhile
	}
}

// seen lists the handshakes with the name of a bucket that browsers use, since a time that an earlier list has told.
func (h *handshakes) seen(w http.ResponseWriter, r *http.Request) {
	bucket, ok := bucketOf(w, r)
	if !ok {
		return
	}
	since, err := time.Time{}, error(nil)
	if text := r.URL.Query().Get("since"); text != "" {
		if since, err = time.Parse(time.RFC3339Nano, text); err != nil {
			writeError(w, http.StatusBadRequest, "since", "the time is not as a list tells it")
			return
		}
	}
	now, list := time.Now(), []tlspolicy.Handshake{}
	for _, it := range h.Server.Handshakes() {
		if it.ServerName == bucket+".localhost" && !it.Time.Before(since) {
			list = append(list, it)
		}
	}
	writeJSON(w, http.StatusOK, map[string]any{"now": now, "handshakes": list})
}

// bucketOf returns the bucket that a request is about, or refuses it.
func bucketOf(w http.ResponseWriter, r *http.Request) (name string, ok bool) {
	name = r.URL.Query().Get("bucket")
	if name == "" || (mockoss.Options{Buckets: []string{name}}).Validate() != nil {
		writeError(w, http.StatusBadRequest, "InvalidBucketName", "The specified bucket is not valid.")
		return "", false
	}
	return name, true
}

// An offer is a client with what it is to offer.
type offer struct {
	client clients.Client
	clients.Offer
}

// offers returns what each client offers by itself, and crypto/tls with one TLS version at a time.
func (h *handshakes) offers() []offer {
	var list []offer
	for _, c := range h.list {
		list = append(list, offer{client: c})
	}
	for version := uint16(tls.VersionTLS10); version <= tls.VersionTLS13; version++ {
		list = append(list, offer{h.list[0], clients.Offer{MinVersion: version, MaxVersion: version}})
	}
	return list
}

// connect has a client connect, and returns what both sides saw. The name is that of the bucket at OSS, under which no
// browser comes here: so their handshakes are told apart.
func (h *handshakes) connect(ctx context.Context, c clients.Client, bucket string, o clients.Offer) Handshake {
	name, start := bucket+".oss-"+h.Server.Region+".aliyuncs.com", time.Now()
	r := clients.Connect(ctx, c, clients.Target{Addr: h.Server.TLSEndpoint, ServerName: name, CAFile: h.CAFile}, o)
	made := Handshake{Client: c.Name, Version: c.Version, Offer: httpsconfig.VersionName(o.MaxVersion), TLS: r.Version, Suite: r.Suite}
	if r.Unable {
		made.Outcome, made.Reason = unable, firstLine(r.Err)
		return made
	}
	seen := h.await(ctx, name, start)
	made.Outcome, made.Reason = string(seen.Outcome), seen.Reason
	if seen.Outcome == tlspolicy.Connected && !r.Connected {
		made.Outcome, made.Reason = string(tlspolicy.Failed), firstLine(r.Err)
	}
	return made
}

// await returns the first handshake for a name that the server has seen since a time.
func (h *handshakes) await(ctx context.Context, name string, start time.Time) tlspolicy.Handshake {
	ctx, cancel := context.WithTimeout(ctx, clients.Timeout)
	defer cancel()
	for {
		for _, it := range h.Server.Handshakes() {
			if it.ServerName == name && !it.Time.Before(start) {
				return it
			}
		}
		select {
		case <-ctx.Done():
			return tlspolicy.Handshake{Outcome: tlspolicy.Failed, Reason: "no handshake of the client was seen"}
		case <-time.After(5 * time.Millisecond):
		}
	}
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(s), "\n")
	return line
}
