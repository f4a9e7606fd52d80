package signer_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"

	"github.com/ossconf/ossconf/signer"
)

// A second implementation of the signature, written for brevity after the same document. It shares no code with the
// package.

func escape(s, keep string) string {
	var b strings.Builder
	for _, c := range []byte(s) {
		if strings.IndexByte("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"+keep, c) >= 0 {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}

// referenceCanonical returns the canonical request of what arrived; additional is the list as it is signed.
func referenceCanonical(r signer.Received, additional string) string {
	uri := "/"
	if r.Bucket != "" {
		uri = "/" + escape(r.Bucket, "") + "/" + escape(r.Key, "/")
	}
	var query [][2]string
	for _, q := range r.Query {
		if q.Name == "x-oss-signature" {
			continue
		}
		name, value := escape(q.Name, ""), ""
		if q.Value != "" {
			value = "=" + escape(q.Value, "")
		}
		query = append(query, [2]string{name, value})
	}
	slices.SortFunc(query, func(a, b [2]string) int { return strings.Compare(a[0], b[0]) })
	var parts []string
	for _, q := range query {
		parts = append(parts, q[0]+q[1])
	}
	values := make(map[string][]string)
	for _, h := range r.Headers {
		name := asciiLower(h.Name)
		if name == "content-type" || name == "content-md5" || strings.HasPrefix(name, "x-oss-") ||
			additional != "" && slices.Contains(strings.Split(additional, ";"), name) {
			values[name] = append(values[name], strings.Trim(h.Value, " \t"))
		}
	}
	var lines []string
	for name := range values {
		lines = append(lines, name)
	}
	slices.Sort(lines)
	for i, name := range lines {
		lines[i] = name + ":" + strings.Join(values[name], ",") + "\n"
	}
	return r.Method + "\n" + uri + "\n" + strings.Join(parts, "&") + "\n" + strings.Join(lines, "") + "\n" + additional + "\nUNSIGNED-PAYLOAD"
}

// asciiLower leaves all but the ASCII letters alone, as HTTP does.
func asciiLower(s string) string {
	return strings.Map(func(c rune) rune {
		if c >= 'A' && c <= 'Z' {
			return c + 'a' - 'A'
		}
		return c
	}, s)
}

func referenceStringToSign(line2, scope, canonical string) string {
	return fmt.Sprintf("OSS4-HMAC-SHA256\n%s\n%s\n%x", line2, scope, sha256.Sum256([]byte(canonical)))
}

func referenceSignature(secret, scope, stringToSign string) string {
	key := []byte("aliyun_v4" + secret)
	for _, part := range append(strings.Split(scope, "/"), stringToSign) {
		mac := hmac.New(sha256.New, key)
		mac.Write([]byte(part))
		key = mac.Sum(nil)
	}
	return fmt.Sprintf("%x", key)
}
