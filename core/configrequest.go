package core

import (
	"strconv"
	"strings"

	"github.com/ossconf/ossconf/httpsconfig"
	"github.com/ossconf/ossconf/jsoncodec"
)

// A document is the text of one in a request. The zero value is none.
type document struct {
	member string // that holds it
	text   string
	never  bool // null: a bucket that was never configured
}

// readConfigRequest reads the request of an operation on documents.
func readConfigRequest(in string, op use) (*input, *problem) {
	if strings.HasPrefix(strings.TrimLeft(strings.TrimPrefix(in, "\uFEFF"), " \t\r\n"), "<") {
		return nil, &problem{code: "format", message: "the input is a document, not a request", hint: op.form()}
	}
	q, p := readInput(in, op)
	if p != nil {
		return nil, p
	}
	for _, d := range op.documents() {
		if q.document(d).member == "" {
			return nil, &problem{code: "document", message: "the request has no " + d, path: "/" + d, hint: op.form()}
		}
	}
	return q, nil
}

// documents returns the members of a request that hold documents.
func (u use) documents() []string {
	if u == forDiff {
		return []string{"before", "after"}
	}
	return []string{"document"}
}

// form says what a request looks like.
func (u use) form() string {
	switch u {
	case forDiff:
		return `pass {"before":"<…>","after":"<…>"}, the documents as strings`
	case forProfiles:
		return `pass {"document":"<…>","profiles":[…]}, the document as a string`
	}
	return `pass {"document":"<…>"}, the document as a string`
}

// document returns where the request keeps the document of a member.
func (q *input) document(member string) *document {
	if member == "before" {
		return &q.before
	}
	return &q.after
}

// configMember reads a member of a request of an operation on documents.
func (q *input) configMember(m jsoncodec.Value) *problem {
	switch m.Name() {
	case "document":
		return q.documentMember(m, forProfiles|forSimulate)
	case "before", "after":
		return q.documentMember(m, forDiff)
	case "certificates":
		return q.kinds(m)
	case "profiles":
		return q.profileNames(m)
	case "TLS", "CipherSuite", "HttpsConfiguration":
		if q.use&(forProfiles|forSimulate|forDiff) != 0 {
			p := q.unknown(m)
			p.message, p.hint = "the input is a document, not a request", q.use.form()
			return p
		}
	}
	return q.unknown(m)
}

func (q *input) documentMember(m jsoncodec.Value, uses use) *problem {
	d := document{member: m.Name()}
	if m.Kind() == jsoncodec.Null && q.use&uses&^forProfiles != 0 {
		d.never = true
	} else if p := q.text(&d.text, m, uses); p != nil {
		return p
	}
	*q.document(m.Name()) = d
	return nil
}

// kinds reads the kinds of certificates.
func (q *input) kinds(m jsoncodec.Value) *problem {
	var names []string
	if p := q.texts(&names, m, forSimulate|forDiff); p != nil {
		return p
	}
	for i, e := 0, m.First(); e.OK(); i, e = i+1, e.Next() {
		kind := httpsconfig.CertificateRSA
		switch e.Text() {
		case "rsa":
		case "ecdsa":
			kind = httpsconfig.CertificateECDSA
		default:
			return q.problem(e, "certificates", "there is no kind of certificate of this name", "write rsa or ecdsa", m.Name()+"/"+strconv.Itoa(i))
		}
		q.certificates |= kind
	}
	if q.certificates == 0 {
		return q.problem(m, "certificates", "there is no kind of certificate", "write rsa, ecdsa or both, or leave the member out", m.Name())
	}
	return nil
}

// profileNames reads the names of profiles.
func (q *input) profileNames(m jsoncodec.Value) *problem {
	var names []string
	if p := q.texts(&names, m, forProfiles); p != nil {
		return p
	}
	q.profiles = []*httpsconfig.Profile{} // none, as opposed to all
	for i, e := 0, m.First(); e.OK(); i, e = i+1, e.Next() {
		path := m.Name() + "/" + strconv.Itoa(i)
		profile, found := httpsconfig.ProfileByName(e.Text())
		if !found {
			return q.problem(e, "profile", "there is no profile of this name", "the operation catalog lists them", path)
		}
		for j := range q.profiles {
			if q.profiles[j].Name == profile.Name {
				return q.problem(e, "profile", "a profile is named twice", "remove one", path)
			}
		}
		q.profiles = append(q.profiles, profile)
	}
	return nil
}

// read decodes the document; the configuration is nil for a bucket that was never configured.
func (d *document) read() (*httpsconfig.Config, *problem) {
	if d.never {
		return nil, nil
	}
	c, err := httpsconfig.Decode([]byte(d.text))
	if err != nil {
		p := refuse(err)
		p.member = d.member
		return nil, p
	}
	return c, nil
}

// valid reports whether OSS takes the document, as far as that is known.
func (d *document) valid() bool { return d.never || httpsconfig.Validate([]byte(d.text)).OK() }
