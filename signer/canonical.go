package signer

import (
	"strings"

	"github.com/ossconf/ossconf/internal/ascii"
	"github.com/ossconf/ossconf/signer/internal/sha256"
)

// The names that the signature gives a meaning to.
const (
	nameSignature     = "x-oss-signature"
	nameVersion       = "x-oss-signature-version"
	nameCredential    = "x-oss-credential"
	nameDate          = "x-oss-date"
	nameExpires       = "x-oss-expires"
	nameAdditional    = "x-oss-additional-headers"
	nameToken         = "x-oss-security-token"
	nameContentSHA256 = "x-oss-content-sha256"
	nameAuthorization = "Authorization"

	terminator = "aliyun_v4_request"
)

// appendCanonicalRequest writes the canonical request. additional is the list of additional headers as it is signed:
// lower case, sorted, separated by semicolons. A query parameter x-oss-signature is left out: it is the result, or
// the result of an earlier signature.
func appendCanonicalRequest(dst []byte, method, bucket, key string, query, headers []Field, additional string) []byte {
	dst = append(append(dst, method...), '\n')
	dst = append(appendCanonicalURI(dst, bucket, key), '\n')
	dst = append(appendCanonicalQuery(dst, query), '\n')
	dst = append(appendCanonicalHeaders(dst, headers, additional), '\n')
	dst = append(append(dst, additional...), '\n')
	return append(dst, UnsignedPayload...)
}

// appendCanonicalURI writes the bucket into the path wherever the request carries it, as OSS does.
func appendCanonicalURI(dst []byte, bucket, key string) []byte {
	dst = append(dst, '/')
	if bucket == "" {
		return dst
	}
	dst = append(appendEscaped(dst, bucket, false), '/')
	return appendEscaped(dst, key, true)
}

func appendCanonicalQuery(dst []byte, query []Field) []byte {
	var store [32]uint16
	for n, i := range sortedQuery(store[:0], query) {
		if n > 0 {
			dst = append(dst, '&')
		}
		dst = appendEscaped(dst, query[i].Name, false)
		if query[i].Value != "" {
			dst = appendEscaped(append(dst, '='), query[i].Value, false)
		}
	}
	return dst
}

// sortedQuery appends the indices of the parameters in the order in which they are signed.
func sortedQuery(order []uint16, query []Field) []uint16 {
	for i := range query {
		if query[i].Name != nameSignature {
			order = append(order, uint16(i))
		}
	}
	sort(order, func(a, b uint16) bool { return compareEscaped(query[a].Name, query[b].Name) < 0 })
	return order
}

func appendCanonicalHeaders(dst []byte, headers []Field, additional string) []byte {
	var store [32]uint16
	order := store[:0]
	for i := range headers {
		if alwaysSigned(headers[i].Name) || listed(additional, headers[i].Name) {
			order = append(order, uint16(i))
		}
	}
	sort(order, func(a, b uint16) bool { return compareFold(headers[a].Name, headers[b].Name) < 0 })
	for n, i := range order {
		if n > 0 && ascii.EqualFold(headers[order[n-1]].Name, headers[i].Name) {
			dst[len(dst)-1] = ','
		} else {
			dst = append(appendLower(dst, headers[i].Name), ':')
		}
		dst = append(append(dst, trim(headers[i].Value)...), '\n')
	}
	return dst
}

// alwaysSigned reports whether a header is signed without being listed.
func alwaysSigned(name string) bool {
	switch len(name) {
	case len("content-md5"):
		if ascii.EqualFold(name, "content-md5") {
			return true
		}
	case len("content-type"):
		if ascii.EqualFold(name, "content-type") {
			return true
		}
	}
	return len(name) >= len("x-oss-") && ascii.EqualFold(name[:len("x-oss-")], "x-oss-")
}

// listed reports whether a list separated by semicolons has the name in it.
func listed(list, name string) bool {
	for list != "" {
		var item string
		item, list, _ = strings.Cut(list, ";")
		if ascii.EqualFold(item, name) {
			return true
		}
	}
	return false
}

// additionalList returns the list of the additional headers that count, as it is signed.
func additionalList(names []string, headers []Field) string {
	if len(names) == 0 {
		return ""
	}
	var text [256]byte
	dst := text[:0]
	var store [16]uint16
	order := store[:0]
	for i, name := range names {
		if _, count := find(headers, name); count > 0 && !alwaysSigned(name) {
			order = append(order, uint16(i))
		}
	}
	sort(order, func(a, b uint16) bool { return compareFold(names[a], names[b]) < 0 })
	for n, i := range order {
		if n > 0 && ascii.EqualFold(names[order[n-1]], names[i]) {
			continue
		}
		if n > 0 {
			dst = append(dst, ';')
		}
		dst = appendLower(dst, names[i])
	}
	return string(dst)
}

// sort sorts a short list in place, elements that are alike staying in their order. Package slices would bring a copy
// of its sort for every type into the WebAssembly module, and a list of indices on the stack needs no other.
func sort(order []uint16, less func(a, b uint16) bool) {
	for i := 1; i < len(order); i++ {
		x := order[i]
		low, high := 0, i
		for low < high {
			if middle := (low + high) / 2; less(x, order[middle]) {
				high = middle
			} else {
				low = middle + 1
			}
		}
		copy(order[low+1:i+1], order[low:i])
		order[low] = x
	}
}

// appendScope writes the credential scope of a day.
func appendScope(dst []byte, day, region, product string) []byte {
	dst = append(append(dst, day...), '/')
	dst = append(append(dst, region...), '/')
	dst = append(append(dst, product...), '/')
	return append(dst, terminator...)
}

// appendStringToSign writes the string to sign for a canonical request with the given digest. when is line 2.
func appendStringToSign(dst []byte, when, day, region, product string, digest *[sha256.Size]byte) []byte {
	dst = append(append(dst, Algorithm...), '\n')
	dst = append(append(dst, when...), '\n')
	dst = append(appendScope(dst, day, region, product), '\n')
	return appendHex(dst, digest)
}
