package core

import (
	"strconv"
	"strings"

	"github.com/ossconf/ossconf/httpsconfig"
	"github.com/ossconf/ossconf/jsoncodec"
	"github.com/ossconf/ossconf/signer"
	"github.com/ossconf/ossconf/source"
)

// A use is a set of the operations that have a member in their input.
type use uint8

const (
	forSign use = 1 << iota
	forPresign
	forPost
	forVerify
	forProfiles
	forSimulate
	forDiff
)

// input is the JSON of an operation that takes a request.
type input struct {
	in  string
	use use // which of them

	credentials signer.Credentials
	request     signer.Request
	presign     signer.PresignOptions
	policy      string
	known       []signer.Credentials // of verify
	now         string
	form        []signer.Field
	isForm      bool

	before, after document // of simulate and validate_profiles, the only one is after
	certificates  httpsconfig.CertificateKinds
	profiles      []*httpsconfig.Profile
}

// readInput reads the input of one operation. A member that it does not have is refused: a misspelled one would
// change what is signed.
func readInput(in string, op use) (*input, *problem) {
	root, err := jsoncodec.Parse(in)
	if err != nil {
		return nil, refuse(err)
	}
	q := &input{in: in, use: op}
	if root.Kind() != jsoncodec.Object {
		return nil, q.problem(root, "type", "the input is "+root.Kind().String()+", not an object", "pass an object", "")
	}
	for m := root.First(); m.OK(); m = m.Next() {
		if p := q.member(m); p != nil {
			return nil, p
		}
	}
	return q, nil
}

func (q *input) member(m jsoncodec.Value) *problem {
	const (
		signing = forSign | forPresign | forPost
		request = forSign | forPresign | forVerify
		all     = signing | forVerify
	)
	r := &q.request
	switch m.Name() {
	case "access_key_id":
		return q.text(&q.credentials.AccessKeyID, m, signing)
	case "access_key_secret":
		return q.text(&q.credentials.AccessKeySecret, m, signing)
	case "security_token":
		return q.text(&q.credentials.SecurityToken, m, signing)
	case "region":
		return q.text(&r.Region, m, all)
	case "product":
		return q.text(&r.Product, m, all)
	case "time":
		return q.text(&r.Time, m, signing)
	case "method":
		return q.text(&r.Method, m, request)
	case "bucket":
		return q.text(&r.Bucket, m, request)
	case "key":
		return q.text(&r.Key, m, request)
	case "query":
		return q.fields(&r.Query, m, request)
	case "headers":
		return q.fields(&r.Headers, m, request)
	case "body": // no part of what OSS V4 signs; taken so that a request can be kept in one piece
		var body string
		return q.text(&body, m, request)
	case "additional_headers":
		return q.texts(&r.AdditionalHeaders, m, forSign|forPresign)
	case "omit_x_oss_date_header":
		return q.flag(&r.OmitDateHeader, m, forSign)
	case "string_to_sign_time":
		return q.text(&r.StringToSignTime, m, forSign)
	case "expires_seconds":
		return q.number(&q.presign.Expires, m, forPresign)
	case "endpoint":
		return q.text(&q.presign.Endpoint, m, forPresign)
	case "path_style":
		return q.flag(&q.presign.PathStyle, m, forPresign)
	case "policy_json":
		return q.text(&q.policy, m, forPost)
	case "now":
		return q.text(&q.now, m, forVerify)
	case "credentials":
		return q.accessKeys(m)
	case "form":
		q.isForm = true
		return q.fields(&q.form, m, forVerify)
	}
	return q.configMember(m)
}

// maxEntries is how many entries an array of the input may have, as many as package signer takes.
const maxEntries = 1000

func (q *input) tooMany(v jsoncodec.Value, path string) *problem {
	return q.problem(v, "too_large", "the array has more than 1000 entries", "pass fewer", path)
}

//go:noinline
func (q *input) unknown(m jsoncodec.Value) *problem {
	p := q.problem(m, "unknown_member", "the operation takes no member of this name", "remove it, or check its spelling", m.Name())
	p.Position = source.At(q.in, m.NameStart())
	return p
}

// problem returns a problem with v. It never holds the value, which may be a secret.
//
//go:noinline
func (q *input) problem(v jsoncodec.Value, code, message, hint, path string) *problem {
	start, _ := v.Span()
	if path != "" {
		path = "/" + path
	}
	return &problem{code: code, message: message, Position: source.At(q.in, start), path: path, hint: hint}
}

// is checks that the operation has the member m, and its kind.
//
//go:noinline
func (q *input) is(m jsoncodec.Value, kind jsoncodec.Kind, uses use) *problem {
	if q.use&uses == 0 {
		return q.unknown(m)
	}
	return q.kind(m, kind, m.Name())
}

//go:noinline
func (q *input) kind(v jsoncodec.Value, kind jsoncodec.Kind, path string) *problem {
	if v.Kind() == kind {
		return nil
	}
	return q.problem(v, "type", "the member is "+v.Kind().String()+", not "+kind.String(), "write "+kind.String(), path)
}

//go:noinline
func (q *input) text(dst *string, m jsoncodec.Value, uses use) *problem {
	if p := q.is(m, jsoncodec.String, uses); p != nil {
		return p
	}
	*dst = m.Text()
	return nil
}

//go:noinline
func (q *input) flag(dst *bool, m jsoncodec.Value, uses use) *problem {
	if p := q.is(m, jsoncodec.Bool, uses); p != nil {
		return p
	}
	*dst = m.Text() == "true"
	return nil
}

//go:noinline
func (q *input) number(dst *int, m jsoncodec.Value, uses use) *problem {
	if p := q.is(m, jsoncodec.Number, uses); p != nil {
		return p
	}
	n, ok := m.Int(1 << 30)
	if !ok {
		return q.problem(m, "type", "the member is no whole number", "write a whole number", m.Name())
	}
	*dst = n
	return nil
}

//go:noinline
func (q *input) texts(dst *[]string, m jsoncodec.Value, uses use) *problem {
	if p := q.is(m, jsoncodec.Array, uses); p != nil {
		return p
	}
	i := 0
	for e := m.First(); e.OK(); e = e.Next() {
		if i == maxEntries {
			return q.tooMany(e, m.Name())
		}
		if p := q.kind(e, jsoncodec.String, m.Name()+"/"+strconv.Itoa(i)); p != nil {
			return p
		}
		*dst = append(*dst, e.Text())
		i++
	}
	return nil
}

// fields reads an array of pairs of strings, a name and a value each.
func (q *input) fields(dst *[]signer.Field, m jsoncodec.Value, uses use) *problem {
	if p := q.is(m, jsoncodec.Array, uses); p != nil {
		return p
	}
	*dst = make([]signer.Field, 0, min(m.Len(), maxEntries))
	i := 0
	for e := m.First(); e.OK(); e = e.Next() {
		if i == maxEntries {
			return q.tooMany(e, m.Name())
		}
		var pair [2]string
		n := 0
		if e.Kind() == jsoncodec.Array {
			for s := e.First(); s.OK(); s = s.Next() {
				if n < len(pair) && s.Kind() == jsoncodec.String {
					pair[n] = s.Text()
					n++
					continue
				}
				n = len(pair) + 1
			}
		}
		if n != len(pair) {
			return q.problem(e, "type", "the entry is no pair of strings", `write ["name","value"]`, m.Name()+"/"+strconv.Itoa(i))
		}
		*dst = append(*dst, signer.Field{Name: pair[0], Value: pair[1]})
		i++
	}
	return nil
}

// accessKeys reads what verify knows.
func (q *input) accessKeys(m jsoncodec.Value) *problem {
	if p := q.is(m, jsoncodec.Array, forVerify); p != nil {
		return p
	}
	for e := m.First(); e.OK(); e = e.Next() {
		if len(q.known) == maxEntries {
			return q.tooMany(e, m.Name())
		}
		path := m.Name() + "/" + strconv.Itoa(len(q.known))
		if p := q.kind(e, jsoncodec.Object, path); p != nil {
			return p
		}
		var c signer.Credentials
		for f := e.First(); f.OK(); f = f.Next() {
			var dst *string
			switch f.Name() {
			case "access_key_id":
				dst = &c.AccessKeyID
			case "access_key_secret":
				dst = &c.AccessKeySecret
			case "security_token":
				dst = &c.SecurityToken
			default:
				return q.unknown(f)
			}
			if p := q.kind(f, jsoncodec.String, path+"/"+f.Name()); p != nil {
				return p
			}
			*dst = f.Text()
		}
		if c.AccessKeyID == "" || c.AccessKeySecret == "" {
			return q.problem(e, "credentials", "the credentials have no access_key_id or no access_key_secret", "give both", path)
		}
		if _, known := q.lookup(c.AccessKeyID); known {
			return q.problem(e, "credentials", "an access key ID is given twice", "remove one", path)
		}
		q.known = append(q.known, c)
	}
	return nil
}

// pointer returns the JSON pointer to the member that package signer calls field.
func pointer(field string) string {
	name, rest, _ := strings.Cut(field, "[")
	index, part, found := strings.Cut(rest, "]")
	path := "/"
	switch name {
	case "Request":
		return ""
	case "AccessKeyID":
		path = "/access_key_id"
	case "JSON":
		path = "/policy_json"
	case "Expires":
		path = "/expires_seconds"
	default: // the same words, spelled as JSON has them
		for i := range len(name) {
			c := name[i]
			if c < 'a' && i > 0 {
				path += "_"
			}
			path += string(rune(c | 0x20))
		}
	}
	if found {
		path += "/" + index
	}
	switch part {
	case ".Name":
		path += "/0"
	case ".Value":
		path += "/1"
	}
	return path
}
