package signer_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/ossconf/ossconf/fixtures"
	"github.com/ossconf/ossconf/signer"
)

// A vector is one fixture of fixtures/vectors.
type vector struct {
	name, operation string
	input           input
	expected        expected
}

type (
	input    struct{ fixtures.SigningInput }
	expected = fixtures.SigningOutput
)

func (in *input) credentials() signer.Credentials {
	return signer.Credentials{AccessKeyID: in.AccessKeyID, AccessKeySecret: in.AccessKeySecret, SecurityToken: in.SecurityToken}
}

func (in *input) request() signer.Request {
	return signer.Request{
		Method: in.Method, Bucket: in.Bucket, Key: in.Key, Query: fields(in.Query), Headers: fields(in.Headers),
		AdditionalHeaders: in.AdditionalHeaders, Region: in.Region, Product: in.Product, Time: in.Time,
		OmitDateHeader: in.OmitDateHeader, StringToSignTime: in.StringToSignTime,
	}
}

func (in *input) policy() signer.Policy {
	return signer.Policy{JSON: in.PolicyJSON, Region: in.Region, Product: in.Product, Time: in.Time}
}

func fields(pairs [][2]string) (list []signer.Field) {
	for _, p := range pairs {
		list = append(list, signer.Field{Name: p[0], Value: p[1]})
	}
	return list
}

func loadVectors(t testing.TB) []vector {
	t.Helper()
	list, err := fixtures.Load("vectors")
	if err != nil {
		t.Fatal(err)
	}
	vectors := make([]vector, 0, len(list))
	for _, f := range list {
		v, err := f.Vector()
		if err != nil {
			t.Fatal(err)
		}
		vectors = append(vectors, vector{v.Name, v.Operation, input{v.Input}, v.Expected})
	}
	if len(vectors) < 47 {
		t.Fatalf("%d vectors, want at least 47", len(vectors))
	}
	return vectors
}

func TestVectors(t *testing.T) {
	var s signer.Signer
	for _, v := range loadVectors(t) {
		t.Run(v.name, func(t *testing.T) {
			var got expected
			switch v.operation {
			case "sign":
				out, err := s.Sign(v.input.credentials(), v.input.request())
				if err != nil {
					t.Fatal(err)
				}
				got = expected{CanonicalRequest: out.CanonicalRequest, StringToSign: out.StringToSign, Signature: out.Signature, Authorization: out.Authorization}
			case "presign":
				out, err := s.Presign(v.input.credentials(), v.input.request(), signer.PresignOptions{Expires: v.input.ExpiresSeconds})
				if err != nil {
					t.Fatal(err)
				}
				got = expected{CanonicalRequest: out.CanonicalRequest, StringToSign: out.StringToSign, Signature: out.Signature, SignedQuery: out.SignedQuery}
			case "post_policy":
				out, err := s.PostPolicy(v.input.credentials(), v.input.policy())
				if err != nil {
					t.Fatal(err)
				}
				got = expected{StringToSign: out.StringToSign, Signature: out.Signature, Policy: out.Policy}
			default:
				t.Fatalf("operation %q", v.operation)
			}
			if diff := cmp.Diff(v.expected, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}
