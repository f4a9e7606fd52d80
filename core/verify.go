package core

import (
	"github.com/ossconf/ossconf/jsoncodec"
	"github.com/ossconf/ossconf/signer"
)

// verify checks the signature of a request or, if the input has a form, of that.
func verify(_ *Runner, dst, in []byte) ([]byte, *problem) {
	q, p := readInput(string(in), forVerify)
	if p != nil {
		return nil, p
	}
	v := signer.Verifier{Region: q.request.Region, Product: q.request.Product, Lookup: q.lookup}
	var (
		seen signer.Verified
		err  error
	)
	if q.isForm {
		if r := &q.request; r.Method+r.Bucket+r.Key != "" || r.Query != nil || r.Headers != nil {
			return nil, &problem{code: "form", message: "the input has a form and a request", path: "/form", hint: "pass one of the two"}
		}
		seen, err = v.VerifyPost(q.form, q.now)
	} else {
		seen, err = v.Verify(signer.Received{
			Method: q.request.Method, Bucket: q.request.Bucket, Key: q.request.Key, Query: q.request.Query, Headers: q.request.Headers,
		}, q.now)
	}
	fault, answered := err.(*signer.ServiceError)
	if err != nil && !answered {
		return nil, refuse(err)
	}
	w := jsoncodec.Writer{Buf: dst}
	w.Begin('{')
	w.BoolMember("ok", err == nil)
	if fault != nil {
		w.Name("service_error")
		writeServiceError(&w, fault)
	}
	optional(&w, "access_key_id", seen.AccessKeyID)
	w.BoolMember("presigned", seen.Presigned)
	optional(&w, "canonical_request", seen.CanonicalRequest)
	optional(&w, "string_to_sign", seen.StringToSign)
	optional(&w, "policy_json", seen.Policy)
	w.End('}')
	return w.Buf, nil
}

func (q *input) lookup(accessKeyID string) (signer.Credentials, bool) {
	for _, c := range q.known {
		if c.AccessKeyID == accessKeyID {
			return c, true
		}
	}
	return signer.Credentials{}, false
}

// writeServiceError writes what OSS would answer. Canonical request and string to sign stand beside it.
func writeServiceError(w *jsoncodec.Writer, e *signer.ServiceError) {
	w.Begin('{')
	w.IntMember("status", e.Status)
	w.StringMember("code", e.Code)
	w.StringMember("message", e.Message)
	optional(w, "ec", e.EC)
	optional(w, "request_time", e.RequestTime)
	optional(w, "server_time", e.ServerTime)
	if e.MaxAllowedSkewMilliseconds > 0 {
		w.IntMember("max_allowed_skew_milliseconds", e.MaxAllowedSkewMilliseconds)
	}
	optional(w, "expires", e.Expires)
	w.End('}')
}
