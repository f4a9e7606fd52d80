package signer_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/ossconf/ossconf/signer"
)

// splitFields makes fields of a text: name, value, name, value, each on a line.
func splitFields(s string) (list []signer.Field) {
	lines := strings.Split(s, "\n")
	for i := 0; i+1 < len(lines); i += 2 {
		list = append(list, signer.Field{Name: lines[i], Value: lines[i+1]})
	}
	return list
}

func joinFields(list []signer.Field) string {
	var b strings.Builder
	for _, f := range list {
		b.WriteString(f.Name + "\n" + f.Value + "\n")
	}
	return b.String()
}

// What Sign and Presign make is what a second implementation makes, and it verifies; what they refuse they refuse with
// an Error that does not repeat the secret or the token.
func FuzzSign(f *testing.F) {
	for _, v := range loadVectors(f) {
		if in := v.input; v.operation != "post_policy" {
			f.Add(in.AccessKeyID, in.AccessKeySecret, in.SecurityToken, in.Region, in.Product, in.Method, in.Bucket, in.Key,
				joinFields(fields(in.Query)), joinFields(fields(in.Headers)), strings.Join(in.AdditionalHeaders, "\n"), in.Time, in.ExpiresSeconds)
		}
	}
	f.Fuzz(func(t *testing.T, id, secret, token, region, product, method, bucket, key, query, headers, additional, when string, expires int) {
		c := signer.Credentials{AccessKeyID: id, AccessKeySecret: secret, SecurityToken: token}
		r := signer.Request{
			Method: method, Bucket: bucket, Key: key, Query: splitFields(query), Headers: splitFields(headers),
			Region: region, Product: product, Time: when,
		}
		if additional != "" {
			r.AdditionalHeaders = strings.Split(additional, "\n")
		}
		var s signer.Signer
		verifier := signer.Verifier{
			Lookup: func(name string) (signer.Credentials, bool) { return c, name == id }, Region: region, Product: product,
		}
		if out, err := s.Sign(c, r); err != nil {
			checkFuzzError(t, err, secret, token)
		} else {
			in := signer.Received{Method: method, Bucket: bucket, Key: key, Query: r.Query, Headers: out.Headers}
			checkFuzz(t, &verifier, in, c, out.CanonicalRequest, out.StringToSign, out.Signature)
		}
		if out, err := s.Presign(c, r, signer.PresignOptions{Expires: expires}); err != nil {
			checkFuzzError(t, err, secret, token)
		} else {
			in := signer.Received{Method: method, Bucket: bucket, Key: key, Query: decodeQuery(t, out.SignedQuery), Headers: r.Headers}
			if token == "" && get(in.Query, "security-token") != "" {
				return // the verifier takes it for the token
			}
			// A header x-oss-content-sha256 given twice is signed, but no verifier has to take it.
			if strings.Count(strings.ToLower(headers), "x-oss-content-sha256") > 1 {
				return
			}
			checkFuzz(t, &verifier, in, c, out.CanonicalRequest, out.StringToSign, out.Signature)
		}
	})
}

func checkFuzzError(t *testing.T, err error, secret, token string) {
	t.Helper()
	var e *signer.Error
	if !errors.As(err, &e) {
		t.Fatalf("error %T %v", err, err)
	}
	// Short ones are parts of words.
	if len(secret) > 12 && strings.Contains(err.Error(), secret) || len(token) > 12 && strings.Contains(err.Error(), token) {
		t.Fatalf("error %q", err)
	}
}

func checkFuzz(t *testing.T, v *signer.Verifier, in signer.Received, c signer.Credentials, canonical, stringToSign, signature string) {
	t.Helper()
	lines := strings.Split(canonical, "\n")
	scope := strings.Split(stringToSign, "\n")
	if want := referenceCanonical(in, lines[len(lines)-2]); canonical != want {
		t.Fatalf("canonical request %q, want %q", canonical, want)
	}
	if want := referenceStringToSign(scope[1], scope[2], canonical); stringToSign != want {
		t.Fatalf("string to sign %q, want %q", stringToSign, want)
	}
	if want := referenceSignature(c.AccessKeySecret, scope[2], stringToSign); signature != want {
		t.Fatalf("signature %s, want %s", signature, want)
	}
	got, err := v.Verify(in, scope[1])
	if err != nil || got.CanonicalRequest != canonical || got.StringToSign != stringToSign || got.AccessKeyID != c.AccessKeyID {
		t.Fatalf("%+v, %v", got, err)
	}
}

// Whatever arrives gets an answer, and only what a second implementation would have signed is accepted.
func FuzzVerify(f *testing.F) {
	for _, v := range loadVectors(f) {
		if v.operation == "post_policy" {
			f.Add("POST", "", "", joinFields(form(f, &v)), "", v.input.Time)
			continue
		}
		r := received(f, &v)
		f.Add(r.Method, r.Bucket, r.Key, joinFields(r.Query), joinFields(r.Headers), v.input.Time)
	}
	const secret = "testAccessKeySecret"
	f.Fuzz(func(t *testing.T, method, bucket, key, query, headers, when string) {
		in := signer.Received{Method: method, Bucket: bucket, Key: key, Query: splitFields(query), Headers: splitFields(headers)}
		v := signer.Verifier{Lookup: func(string) (signer.Credentials, bool) {
			return signer.Credentials{AccessKeySecret: secret}, true
		}}
		if _, err := v.VerifyPost(in.Query, when); err != nil {
			checkFuzzAnswer(t, err)
		}
		got, err := v.Verify(in, when)
		if err != nil {
			checkFuzzAnswer(t, err)
			return
		}
		lines, parts := strings.Split(got.CanonicalRequest, "\n"), strings.Split(got.StringToSign, "\n")
		if want := referenceCanonical(in, lines[len(lines)-2]); got.CanonicalRequest != want {
			t.Fatalf("canonical request %q, want %q", got.CanonicalRequest, want)
		}
		signature := referenceSignature(secret, parts[2], referenceStringToSign(parts[1], parts[2], got.CanonicalRequest))
		if got.Presigned && get(in.Query, "x-oss-signature") != signature ||
			!got.Presigned && !strings.Contains(get(in.Headers, "Authorization"), signature) {
			t.Fatalf("accepted without the signature %s", signature)
		}
	})
}

func checkFuzzAnswer(t *testing.T, err error) {
	t.Helper()
	var own *signer.Error
	var answer *signer.ServiceError
	switch {
	case errors.As(err, &own):
	case errors.As(err, &answer) && answer.Status >= 400 && answer.Code != "" && answer.Message != "":
	default:
		t.Fatalf("%T %v", err, err)
	}
}
