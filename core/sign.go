package core

import (
	"github.com/ossconf/ossconf/jsoncodec"
	"github.com/ossconf/ossconf/signer"
)

// sign signs a request in its headers.
func sign(r *Runner, dst, in []byte) ([]byte, *problem) {
	q, p := readInput(string(in), forSign)
	if p != nil {
		return nil, p
	}
	s, err := r.signer.Sign(q.credentials, q.request)
	if err != nil {
		return nil, refuse(err)
	}
	w := jsoncodec.Writer{Buf: dst}
	w.Begin('{')
	w.StringMember("canonical_request", s.CanonicalRequest)
	w.StringMember("string_to_sign", s.StringToSign)
	w.StringMember("signature", s.Signature)
	w.StringMember("authorization", s.Authorization)
	writeFields(&w, "headers", s.Headers)
	w.End('}')
	return w.Buf, nil
}

// presign signs a request in its URL.
func presign(r *Runner, dst, in []byte) ([]byte, *problem) {
	q, p := readInput(string(in), forPresign)
	if p != nil {
		return nil, p
	}
	s, err := r.signer.Presign(q.credentials, q.request, q.presign)
	if err != nil {
		return nil, refuse(err)
	}
	w := jsoncodec.Writer{Buf: dst}
	w.Begin('{')
	w.StringMember("canonical_request", s.CanonicalRequest)
	w.StringMember("string_to_sign", s.StringToSign)
	w.StringMember("signature", s.Signature)
	w.StringMember("signed_query", s.SignedQuery)
	optional(&w, "url", s.URL)
	w.End('}')
	return w.Buf, nil
}

// postPolicy signs the policy of an HTML form.
func postPolicy(r *Runner, dst, in []byte) ([]byte, *problem) {
	q, p := readInput(string(in), forPost)
	if p != nil {
		return nil, p
	}
	s, err := r.signer.PostPolicy(q.credentials, signer.Policy{
		JSON: q.policy, Region: q.request.Region, Product: q.request.Product, Time: q.request.Time,
	})
	if err != nil {
		return nil, refuse(err)
	}
	w := jsoncodec.Writer{Buf: dst}
	w.Begin('{')
	w.StringMember("policy", s.Policy)
	w.StringMember("string_to_sign", s.StringToSign)
	w.StringMember("signature", s.Signature)
	writeFields(&w, "fields", s.Fields)
	w.End('}')
	return w.Buf, nil
}

// writeFields writes pairs of name and value.
func writeFields(w *jsoncodec.Writer, name string, fields []signer.Field) {
	w.BeginMember(name, '[')
	for _, f := range fields {
		w.Begin('[')
		w.String(f.Name)
		w.String(f.Value)
		w.End(']')
	}
	w.End(']')
}
