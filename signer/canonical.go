package signer

import (
	"slices"
	"strings"

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
	slices.SortFunc(order, func(a, b uint16) int { return compareEscaped(query[a].Name, query[b].Name) })
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
	slices.SortFunc(order, func(a, b uint16) int {
		if c := compareFold(headers[a].Name, headers[b].Name); c != 0 {
			return c
		}
		return int(a) - int(b) // several values of one name keep their order
	})
	for n, i := range order {
		if n > 0 && equalFold(headers[order[n-1]].Name, headers[i].Name) {
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
	return equalFold(name, "content-type") || equalFold(name, "content-md5") ||
		len(name) >= len("x-oss-") && equalFold(name[:len("x-oss-")], "x-oss-")
}

// listed reports whether a list separated by semicolons has the name in it.
func listed(list, name string) bool {
	for list != "" {
		var item string
		item, list, _ = strings.Cut(list, ";")
		if equalFold(item, name) {
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
	var store [16]string
	kept := store[:0]
	for _, name := range names {
		if !alwaysSigned(name) && slices.ContainsFunc(headers, func(h Field) bool { return equalFold(h.Name, name) }) {
			kept = append(kept, name)
		}
	}
	slices.SortFunc(kept, compareFold)
	for i, name := range kept {
		if i > 0 && equalFold(kept[i-1], name) {
			continue
		}
		if i > 0 {
			dst = append(dst, ';')
		}
		dst = appendLower(dst, name)
	}
	return string(dst)
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
