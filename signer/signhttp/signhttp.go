// Package signhttp signs and verifies the requests of net/http with OSS V4.
//
// A client puts a [Transport] under its http.Client; [Transport.Presign] makes a URL instead. A server asks an
// [Addressing] for the bucket and the key of a request and passes them to [Verify]. [Request] is the step between,
// for whoever wants to sign a *http.Request by other means.
package signhttp

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ossconf/ossconf/signer"
)

// FormatTime writes a time as package signer wants it, 20250417T131318Z.
func FormatTime(t time.Time) string { return t.UTC().Format("20060102T150405Z") }

// Request returns what is signed of an outgoing request: method, query, and the headers that net/http will send, among
// them Host and Content-Length, which it keeps elsewhere. Region, Product, Time and AdditionalHeaders remain to be set.
func Request(r *http.Request, bucket, key string) (signer.Request, error) {
	query, err := ParseQuery(r.URL.RawQuery)
	if err != nil {
		return signer.Request{}, err
	}
	headers := headerFields(r.Header, "Host", "Content-Length", "Transfer-Encoding", "Trailer", "User-Agent")
	if agent := r.UserAgent(); agent != "" { // an empty one says that none is sent, a second one is not sent
		headers = append(headers, signer.Field{Name: "User-Agent", Value: agent})
	}
	host := r.Host
	if host == "" {
		host = r.URL.Host
	}
	headers = append(headers, signer.Field{Name: "Host", Value: host})
	if length, sent := outgoingLength(r); sent {
		headers = append(headers, signer.Field{Name: "Content-Length", Value: strconv.FormatInt(length, 10)})
	}
	method := r.Method
	if method == "" {
		method = http.MethodGet
	}
	return signer.Request{Method: method, Bucket: bucket, Key: key, Query: query, Headers: headers}, nil
}

// outgoingLength returns the Content-Length that net/http will send, if it will send one.
func outgoingLength(r *http.Request) (length int64, sent bool) {
	if r.Body == nil || r.Body == http.NoBody {
		return 0, r.Method == http.MethodPost || r.Method == http.MethodPut || r.Method == http.MethodPatch
	}
	return r.ContentLength, r.ContentLength > 0
}

// received returns what arrived.
func received(r *http.Request, bucket, key string) (signer.Received, error) {
	query, err := ParseQuery(r.URL.RawQuery)
	if err != nil {
		return signer.Received{}, err
	}
	headers := append(headerFields(r.Header, "Host"), signer.Field{Name: "Host", Value: r.Host})
	if r.Header.Get("Content-Length") == "" && r.ContentLength > 0 {
		headers = append(headers, signer.Field{Name: "Content-Length", Value: strconv.FormatInt(r.ContentLength, 10)})
	}
	if len(r.TransferEncoding) > 0 {
		headers = append(headers, signer.Field{Name: "Transfer-Encoding", Value: strings.Join(r.TransferEncoding, ",")})
	}
	return signer.Received{Method: r.Method, Bucket: bucket, Key: key, Query: query, Headers: headers}, nil
}

// Verify checks the signature of a request that a server received at the time now. Bucket and key are those of
// [Addressing.Resource]. The error is that of [signer.Verifier.Verify], or an [*signer.Error] if the query cannot be
// read.
func Verify(v *signer.Verifier, r *http.Request, bucket, key string, now time.Time) (signer.Verified, error) {
	in, err := received(r, bucket, key)
	if err != nil {
		return signer.Verified{}, err
	}
	return v.Verify(in, FormatTime(now))
}

// headerFields lists headers in a fixed order, the values of one name in theirs.
func headerFields(h http.Header, without ...string) (list []signer.Field) {
	names := make([]string, 0, len(h))
	for name := range h {
		if !slices.Contains(without, http.CanonicalHeaderKey(name)) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	list = make([]signer.Field, 0, len(names)+3)
	for _, name := range names {
		for _, value := range h[name] {
			list = append(list, signer.Field{Name: name, Value: value})
		}
	}
	return list
}

// ParseQuery reads a query as OSS signs it: a plus is a blank, name= is name, and empty pieces do not count. An escape
// that is not one is an error with the cause [signer.ErrQuery].
func ParseQuery(raw string) (query []signer.Field, err error) {
	for piece := range strings.SplitSeq(raw, "&") {
		if piece == "" {
			continue
		}
		name, value, _ := strings.Cut(piece, "=")
		n, err1 := url.QueryUnescape(name)
		v, err2 := url.QueryUnescape(value)
		if err1 != nil || err2 != nil {
			return nil, &signer.Error{Field: "URL.RawQuery", Hint: "write a percent sign as %25", Err: signer.ErrQuery}
		}
		query = append(query, signer.Field{Name: n, Value: v})
	}
	return query, nil
}
