package signer_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/ossconf/ossconf/signer"
)

// flips calls f for every bit of *s, with that bit changed.
func flips(s *string, f func()) {
	original := *s
	for i := range original {
		for bit := range 8 {
			b := []byte(original)
			b[i] ^= 1 << bit
			*s = string(b)
			f()
		}
	}
	*s = original
}

// TestFlippedBits changes every bit of every part of every vector's request. What a second implementation gives the
// same canonical request for, such as a header in capitals or one that is not signed, has to be accepted, everything
// else refused; of the signature itself nothing may change at all.
func TestFlippedBits(t *testing.T) {
	for _, v := range loadVectors(t) {
		t.Run(v.name, func(t *testing.T) {
			t.Parallel()
			if v.operation == "post_policy" {
				flipForm(t, &v)
			} else {
				flipRequest(t, &v)
			}
		})
	}
}

func flipRequest(t *testing.T, v *vector) {
	verifier, r := verifierFor(&v.input), received(t, v)
	r.Query, r.Headers = slices.Clone(r.Query), slices.Clone(r.Headers)
	additional := strings.Split(v.expected.CanonicalRequest, "\n")
	list := additional[len(additional)-2]
	if got := referenceCanonical(r, list); got != v.expected.CanonicalRequest {
		t.Fatalf("reference: %q\nwant %q", got, v.expected.CanonicalRequest)
	}
	tried, accepted := 0, 0
	check := func(part string, s *string, signature bool) {
		flips(s, func() {
			tried++
			_, err := verifier.Verify(r, v.input.Time)
			same := !signature && referenceCanonical(r, list) == v.expected.CanonicalRequest
			if err == nil {
				accepted++
			}
			if (err == nil) != same {
				t.Errorf("%s %q: error %v, same canonical request: %v", part, *s, err, same)
			}
		})
	}
	check("method", &r.Method, false)
	check("bucket", &r.Bucket, false)
	check("key", &r.Key, false)
	for i := range r.Query {
		q := &r.Query[i]
		// One of these lost is a signature lost; a changed one can be the same only by being spelled otherwise.
		part := strings.HasPrefix(q.Name, "x-oss-")
		check("query name", &q.Name, part)
		check("query value", &q.Value, part)
	}
	for i := range r.Headers {
		h := &r.Headers[i]
		name := strings.ToLower(h.Name)
		signature := name == "authorization" || name == "date" && v.input.OmitDateHeader
		if !signature {
			check("header name", &h.Name, false)
		}
		check("header value", &h.Value, signature)
	}
	if tried < 1000 || accepted == tried {
		t.Errorf("%d flips, %d accepted", tried, accepted)
	}
}

func flipForm(t *testing.T, v *vector) {
	verifier, fields := verifierFor(&v.input), slices.Clone(form(t, v))
	tried := 0
	for i := range fields {
		f := &fields[i]
		name := f.Name
		flips(&f.Name, func() {
			tried++
			if _, err := verifier.VerifyPost(fields, v.input.Time); (err == nil) != (asciiLower(f.Name) == name) {
				t.Errorf("name %q: %v", f.Name, err)
			}
		})
		flips(&f.Value, func() {
			tried++
			if _, err := verifier.VerifyPost(fields, v.input.Time); err == nil {
				t.Errorf("value %q of %s is accepted", f.Value, name)
			}
		})
	}
	if tried < 1000 {
		t.Errorf("%d flips", tried)
	}
}

// The server's side: every bit of the secret and of the token counts.
func TestFlippedCredentials(t *testing.T) {
	for _, v := range loadVectors(t) {
		c, _ := verifierFor(&v.input).Lookup(v.input.AccessKeyID)
		verifier := signer.Verifier{Product: v.input.Product, Lookup: func(string) (signer.Credentials, bool) { return c, true }}
		check := func() {
			var err error
			if v.operation == "post_policy" {
				_, err = verifier.VerifyPost(form(t, &v), v.input.Time)
			} else {
				_, err = verifier.Verify(received(t, &v), v.input.Time)
			}
			if err == nil {
				t.Errorf("%s is accepted with other credentials", v.name)
			}
		}
		flips(&c.AccessKeySecret, check)
		flips(&c.SecurityToken, check)
		c.SecurityToken += "x"
		check()
	}
}
