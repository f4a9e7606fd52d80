package mockoss

import (
	"bytes"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/ossconf/ossconf/harness/mockoss/internal/postform"
	"github.com/ossconf/ossconf/signer"
	"github.com/ossconf/ossconf/signer/signhttp"
)

// maxFormFields is how many bytes a form may have beside the file: a little more than all its fields may.
const maxFormFields = 9 << 20

// postObject stores the file of a form that a browser sent, if its policy lets it. A form without a policy is an
// anonymous upload.
func postObject(c *call) (answer, error) {
	form, err := postform.Read(bytes.NewReader(c.body), c.r.Header.Get("Content-Type"), postform.Limits{File: int(c.service.options.MaxObject)})
	if err != nil {
		return answer{}, formProblem(err)
	}
	v, err := c.place.verifier.VerifyPost(form.Fields, signhttp.FormatTime(c.now))
	switch {
	case errors.Is(err, signer.ErrAnonymous):
	case err != nil:
		return answer{}, signatureProblem(err)
	default:
		if err := c.signedBy(v.AccessKeyID); err != nil {
			return answer{}, err
		}
		if err := postform.Check(v.Policy, form, c.bucket); err != nil {
			return answer{}, formProblem(err)
		}
	}
	acl, err := form.ACL()
	if err != nil {
		return answer{}, formProblem(err)
	}
	fields := map[string]string{"X-Oss-Object-Acl": string(acl)}
	for _, f := range form.Headers() {
		fields[http.CanonicalHeaderKey(f.Name)] = f.Value
	}
	// A key that begins with a slash is one of a form's own examples; other operations have no such names.
	c.key = strings.TrimPrefix(form.Key(), "/")
	o, err := c.newObject(c.key, form.File.Content, func(name string) string { return fields[name] })
	if err != nil {
		return answer{}, err
	}
	for name, value := range fields {
		if strings.HasPrefix(name, metaPrefix) {
			o.Headers[name] = value
		}
	}
	if err := c.store(o, form.ForbidOverwrite()); err != nil {
		return answer{}, err
	}
	done := form.Success(postform.Object{Bucket: c.bucket, ETag: etag(o), URL: c.objectURL()})
	a := answer{status: done.Status, body: done.Body, header: map[string]string{"Etag": etag(o), "X-Oss-Hash-Crc64ecma": checksum(o)}}
	if done.Location != "" {
		a.header["Location"] = done.Location
	}
	return a, nil
}

// objectURL returns the address of the object of the request, as the client would write it.
func (c *call) objectURL() string {
	u := url.URL{Scheme: "http", Host: c.r.Host, Path: "/" + c.key}
	if c.r.TLS != nil {
		u.Scheme = "https"
	}
	if !c.virtual {
		u.Path = "/" + c.bucket + u.Path
	}
	return u.String()
}

// formProblem returns the answer to a form that was refused.
func formProblem(err error) error {
	var e *postform.Error
	if !errors.As(err, &e) {
		return err
	}
	p := &problem{status: e.Status, code: e.Code, message: e.Message, ec: e.EC}
	for _, d := range e.Details {
		p.details = append(p.details, detail{d.Name, d.Value})
	}
	return p
}
