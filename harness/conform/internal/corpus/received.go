package corpus

import (
	"strings"
	"time"

	"github.com/ossconf/ossconf/signer"
	"github.com/ossconf/ossconf/signer/signhttp"
)

// A receivedRequest is the input of verify: a request that came in, and what its receiver knows.
type receivedRequest struct {
	method, bucket, key  string
	query, headers, form []signer.Field
	region, product, now string
	credentials          []signer.Credentials
}

// received is a request with a signature in its headers, its query or its form: a right one, one that was tampered
// with, or one that is none.
func received(r *random, index int) []byte {
	if index%1000 == 11 {
		return bigReceived(r)
	}
	q, ok := newReceived(r)
	if !ok {
		return q.json(r)
	}
	switch n := r.n(100); {
	case n < 40:
		return q.json(r)
	case n < 80:
		q.tamper(r)
		return q.json(r)
	case n < 93:
		return mutate(r, q.json(r))
	}
	return hostileRequest(r, q.json(r))
}

// newReceived signs a request as a client would. It reports false if the request cannot be signed and so is sent
// without a signature.
func newReceived(r *random) (receivedRequest, bool) {
	m := mode(pick(r, 0, 0, 0, 1, 1, 2))
	s := newSignRequest(r, m)
	q := receivedRequest{
		method: s.method, bucket: s.bucket, key: s.key, query: s.query, headers: s.headers, region: s.region, product: s.product,
		now: shift(s.time, r.between(-300, 300)), credentials: []signer.Credentials{s.credentials},
	}
	if r.percent(30) {
		other := signer.Credentials{AccessKeyID: "other", AccessKeySecret: "another-secret"}
		q.credentials = append(q.credentials, other)
		shuffle(r, q.credentials)
	}
	request := signer.Request{Method: s.method, Bucket: s.bucket, Key: s.key, Query: s.query, Headers: s.headers,
		AdditionalHeaders: s.additional, Region: s.region, Product: s.product, Time: s.time}
	var by signer.Signer
	switch m {
	case signing:
		if r.percent(10) {
			request.OmitDateHeader = true
			request.Headers = without(request.Headers, "date")
			request.Headers = append(request.Headers, signer.Field{Name: "Date", Value: httpDate(s.time)})
			request.StringToSignTime = pick(r, "", httpDate(s.time))
		}
		signed, err := by.Sign(s.credentials, request)
		q.headers = signed.Headers
		return q, err == nil
	case presigning:
		seconds := pick(r, 400, 3600, signer.MaxExpires)
		signed, err := by.Presign(s.credentials, request, signer.PresignOptions{Expires: seconds})
		q.query, _ = signhttp.ParseQuery(signed.SignedQuery) // the signer escapes rightly
		q.now = shift(s.time, r.between(0, seconds))
		shuffle(r, q.query)
		return q, err == nil
	}
	signed, err := by.PostPolicy(s.credentials, signer.Policy{JSON: s.policy, Region: s.region, Product: s.product, Time: s.time})
	q.method, q.query, q.headers = "POST", nil, nil
	q.form = append([]signer.Field{{Name: "key", Value: r.text(letters, 1, 8)}}, signed.Fields...)
	return q, err == nil
}

const layout = "20060102T150405Z" // of times

// shift moves a time such as 20250417T131318Z by some seconds.
func shift(at string, seconds int) string {
	t, err := time.Parse(layout, at)
	if err != nil {
		panic(err) // timestamp writes only this form
	}
	return t.Add(time.Duration(seconds) * time.Second).Format(layout)
}

func httpDate(at string) string {
	t, err := time.Parse(layout, at)
	if err != nil {
		panic(err) // timestamp writes only this form
	}
	return t.Format("Mon, 02 Jan 2006 15:04:05 GMT")
}

func without(list []signer.Field, name string) []signer.Field {
	var kept []signer.Field
	for _, f := range list {
		if !strings.EqualFold(f.Name, name) {
			kept = append(kept, f)
		}
	}
	return kept
}

// tamper changes the request after it was signed, or what its receiver knows. Some changes are harmless.
func (q *receivedRequest) tamper(r *random) {
	switch r.n(14) {
	case 0, 1, 2:
		q.changeField(r)
	case 3:
		q.now = shift(q.now, pick(r, -1, 1)*pick(r, 599, 600, 899, 900, 901, 1200, 86400, 700000))
	case 4:
		q.region = pick(r, "cn-beijing", "", "oss-cn-hangzhou", q.region)
	case 5:
		q.product = pick(r, "oss-cloudbox", "oss", "", "other")
	case 6:
		q.credentials = append([]signer.Credentials{{AccessKeyID: "nobody", AccessKeySecret: "secret"}}, q.credentials[1:]...)
	case 7:
		q.credentials[0].AccessKeySecret += "x"
	case 8:
		q.credentials[0].SecurityToken = pick(r, "", "another-token")
	case 9:
		q.method = pick(r, methods...)
	case 10:
		q.key, q.bucket = q.key+pick(r, "", "x", "/"), pick(r, q.bucket, "other", "")
	case 11:
		q.headers = append(q.headers, signer.Field{Name: pick(r, "x-oss-added", "Content-Type", "X-Forwarded-For", "authorization", "x-oss-date"), Value: "v"})
	case 12:
		q.query = append(q.query, signer.Field{Name: pick(r, "added", "x-oss-signature", "x-oss-expires", "acl"), Value: pick(r, "", "v", "1")})
	case 13:
		q.now = pick(r, "", "now", "20250417", q.now+"Z")
	}
}

// changeField drops, empties, doubles, renames or damages one of the fields that were signed.
func (q *receivedRequest) changeField(r *random) {
	list := &q.headers
	switch {
	case len(q.form) > 0:
		list = &q.form
	case len(q.query) > 0 && (len(q.headers) == 0 || r.percent(50)):
		list = &q.query
	}
	if len(*list) == 0 {
		return
	}
	i := r.n(len(*list))
	if r.percent(50) {
		i = len(*list) - 1 // where signers put the signature
	}
	f := &(*list)[i]
	switch r.n(8) {
	case 0:
		*list = append((*list)[:i:i], (*list)[i+1:]...)
	case 1:
		f.Value = ""
	case 2:
		*list = append(*list, *f)
	case 3:
		f.Name = pick(r, strings.ToUpper(f.Name), strings.ToLower(f.Name), f.Name+"x")
	case 4:
		f.Value = strings.ReplaceAll(f.Value, ",", pick(r, ", ", ",,", " ,", ";"))
	case 5:
		f.Value = strings.Replace(f.Value, pick(r, "Credential=", "Signature=", "OSS4-HMAC-SHA256", "/", "=", "Z"), pick(r, "", "x", "/", "OSS "), 1)
	default:
		f.Value = strings.ToValidUTF8(string(damage(r, []byte(f.Value))), "?")
	}
}

func (q receivedRequest) json(r *random) []byte {
	s := newJSONStyle(r)
	known := make([]string, len(q.credentials))
	for i, c := range q.credentials {
		list := []member{{"access_key_id", s.quote(c.AccessKeyID)}, {"access_key_secret", s.quote(c.AccessKeySecret)}}
		if c.SecurityToken != "" {
			list = append(list, member{"security_token", s.quote(c.SecurityToken)})
		}
		known[i] = s.object(2, list)
	}
	list := []member{
		{"region", s.quote(q.region)},
		{"credentials", s.array(1, known)},
		{"now", s.quote(q.now)},
	}
	if len(q.form) == 0 || r.percent(3) {
		list = append(list, member{"method", s.quote(q.method)}, member{"query", s.pairs(q.query)}, member{"headers", s.pairs(q.headers)})
	}
	for _, m := range []struct{ name, value string }{{"bucket", q.bucket}, {"key", q.key}, {"product", q.product}} {
		if m.value != "" || r.percent(5) {
			list = append(list, member{m.name, s.quote(m.value)})
		}
	}
	if len(q.form) > 0 {
		list = append(list, member{"form", s.pairs(q.form)})
	}
	if r.percent(30) {
		shuffle(r, list)
	}
	return []byte(s.object(0, list))
}

// bigReceived is near the limit of 1 MiB, or has a thousand fields.
func bigReceived(r *random) []byte {
	q, _ := newReceived(r)
	if r.percent(50) {
		doc := q.json(r)
		end := len(doc) - 1
		return append(doc[:end:end], strings.Repeat(" ", max(0, boundary(r, maxRequest)-len(doc)))+"}"...)
	}
	for range 1000 + r.between(-10, 1) {
		q.headers = append(q.headers, signer.Field{Name: "x-oss-meta-a", Value: "v"})
	}
	return q.json(r)
}
