package signer

import "github.com/ossconf/ossconf/signer/internal/sha256"

// A Policy is what an HTML form may upload, with the scope it is signed for.
type Policy struct {
	JSON    string // exactly these bytes are signed; its conditions repeat x-oss-signature-version, -credential and -date
	Region  string
	Product string // ProductOSS if empty
	Time    string // 20250417T131318Z
}

// SignedPolicy is what [Signer.PostPolicy] makes of a policy.
type SignedPolicy struct {
	Policy       string // base64
	StringToSign string // the same
	Signature    string // 64 digits

	// Fields are the fields of the form in order. key comes before them and file, the last one, after them.
	Fields []Field
}

// PostPolicy signs the policy of an HTML form that uploads an object. It does not look into the policy.
func (s *Signer) PostPolicy(c Credentials, p Policy) (SignedPolicy, error) {
	r := Request{Region: p.Region, Product: p.Product, Time: p.Time}
	sc, err := r.scope()
	if err != nil {
		return SignedPolicy{}, err
	}
	if err := checkCredentials(&c); err != nil {
		return SignedPolicy{}, err
	}
	if len(p.JSON) > maxInput {
		return SignedPolicy{}, &Error{Field: "JSON", Hint: "sign at most 1 MiB", Err: ErrTooLarge}
	}
	if !object(p.JSON) {
		return SignedPolicy{}, &Error{Field: "JSON", Hint: "give a JSON object with expiration and conditions", Err: ErrPolicy}
	}
	var store [2048]byte
	b := appendBase64(store[:0], p.JSON)
	policy := len(b)
	signature := s.keys.sign(c.AccessKeySecret, sc.day, sc.region, sc.product, b)
	b = appendScope(append(append(b, c.AccessKeyID...), '/'), sc.day, sc.region, sc.product)
	credential := len(b)
	text := string(appendHex(b, &signature))
	out := SignedPolicy{
		Policy:       text[:policy],
		StringToSign: text[:policy],
		Signature:    text[len(text)-2*sha256.Size:],
		Fields: []Field{
			{"policy", text[:policy]},
			{nameVersion, Algorithm},
			{nameCredential, text[policy:credential]},
			{nameDate, sc.time},
			{nameSignature, text[credential:]},
		},
	}
	if c.SecurityToken != "" {
		out.Fields = append(out.Fields, Field{nameToken, c.SecurityToken})
	}
	return out, nil
}

// object reports whether a text begins and ends like a JSON object, which keeps a policy that is in base64 already
// from being signed.
func object(s string) bool {
	for s != "" && (s[0] == ' ' || s[0] == '\t' || s[0] == '\n' || s[0] == '\r') {
		s = s[1:]
	}
	for s != "" && (s[len(s)-1] == ' ' || s[len(s)-1] == '\t' || s[len(s)-1] == '\n' || s[len(s)-1] == '\r') {
		s = s[:len(s)-1]
	}
	return len(s) >= 2 && s[0] == '{' && s[len(s)-1] == '}'
}
