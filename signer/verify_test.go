package signer_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/ossconf/ossconf/signer"
)

// verifierFor knows the credentials of a vector, with the token under the name that the Android SDK gives it too.
func verifierFor(in *input) *signer.Verifier {
	c := in.credentials()
	for _, q := range in.Query {
		if q[0] == "security-token" {
			c.SecurityToken = q[1]
		}
	}
	return &signer.Verifier{
		Lookup:  func(id string) (signer.Credentials, bool) { return c, id == c.AccessKeyID },
		Region:  in.Region,
		Product: in.Product,
	}
}

// received is what arrives of a vector's request, with the signature from its expectation.
func received(t testing.TB, v *vector) signer.Received {
	t.Helper()
	r := signer.Received{Method: v.input.Method, Bucket: v.input.Bucket, Key: v.input.Key}
	switch v.operation {
	case "sign":
		var s signer.Signer
		out, err := s.Sign(v.input.credentials(), v.input.request())
		if err != nil {
			t.Fatal(err)
		}
		r.Query, r.Headers = fields(v.input.Query), out.Headers
		if v.input.OmitDateHeader {
			date := v.input.StringToSignTime
			if date == "" {
				date = "Sat, 16 Dec 2023 16:20:57 GMT"
				if v.input.Time == "20231217T034736Z" {
					date = "Sun, 17 Dec 2023 03:47:36 GMT"
				}
			}
			r.Headers = append(r.Headers, signer.Field{Name: "Date", Value: date})
		}
	case "presign":
		r.Query, r.Headers = decodeQuery(t, v.expected.SignedQuery), fields(v.input.Headers)
	}
	return r
}

func TestVerifyVectors(t *testing.T) {
	for _, v := range loadVectors(t) {
		t.Run(v.name, func(t *testing.T) {
			verifier := verifierFor(&v.input)
			want := signer.Verified{
				AccessKeyID: v.input.AccessKeyID, Presigned: v.operation == "presign",
				CanonicalRequest: v.expected.CanonicalRequest, StringToSign: v.expected.StringToSign, Policy: v.input.PolicyJSON,
			}
			var got signer.Verified
			var err error
			if v.operation == "post_policy" {
				got, err = verifier.VerifyPost(form(t, &v), v.input.Time)
			} else {
				got, err = verifier.Verify(received(t, &v), v.input.Time)
			}
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func form(t testing.TB, v *vector) []signer.Field {
	t.Helper()
	var s signer.Signer
	out, err := s.PostPolicy(v.input.credentials(), v.input.policy())
	if err != nil {
		t.Fatal(err)
	}
	return out.Fields
}

// serviceError returns the error as the answer of OSS.
func serviceError(t testing.TB, err error) *signer.ServiceError {
	t.Helper()
	var e *signer.ServiceError
	if !errors.As(err, &e) {
		t.Fatalf("error %v, want a ServiceError", err)
	}
	return e
}
