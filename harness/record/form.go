package record

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"strings"
	"time"

	"github.com/ossconf/ossconf/fixtures"
	"github.com/ossconf/ossconf/harness/record/internal/redact"
	"github.com/ossconf/ossconf/signer"
)

// boundary separates the parts of every recorded form: that of a client differs from run to run.
const boundary = "ossconf-form-boundary"

var errForm = errors.New("its form cannot be read")

// A part is a field of an HTML form, or its file.
type part struct {
	header  textproto.MIMEHeader
	name    string
	content []byte
}

// isForm reports whether m is what a browser makes of an HTML form with a file.
func isForm(m *message) bool {
	kind, _, _ := mime.ParseMediaType(m.header.Get("Content-Type"))
	return m.method == http.MethodPost && kind == "multipart/form-data"
}

// readParts returns the parts of a form.
func readParts(m *message) ([]part, error) {
	_, params, err := mime.ParseMediaType(m.header.Get("Content-Type"))
	if err != nil || params["boundary"] == "" {
		return nil, errForm
	}
	r := multipart.NewReader(bytes.NewReader(m.body), params["boundary"])
	var parts []part
	for {
		p, err := r.NextRawPart()
		if err == io.EOF {
			return parts, nil
		}
		if err != nil {
			return nil, errForm
		}
		content, err := io.ReadAll(p)
		if err != nil {
			return nil, errForm
		}
		parts = append(parts, part{p.Header, p.FormName(), content})
	}
}

// setParts makes a form of parts, with the boundary that all recorded forms have.
func (m *message) setParts(parts []part) error {
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	if err := w.SetBoundary(boundary); err != nil {
		return err
	}
	for _, p := range parts {
		if bytes.Contains(p.content, []byte(boundary)) {
			return errForm
		}
		to, err := w.CreatePart(p.header)
		if err != nil {
			return err
		}
		to.Write(p.content) // into a buffer, which does not fail
	}
	if err := w.Close(); err != nil {
		return err
	}
	m.header.Set("Content-Type", w.FormDataContentType())
	m.setBody(b.Bytes())
	return nil
}

// formFields returns the fields before the file, which are those that OSS reads.
func formFields(m *message) ([]signer.Field, error) {
	parts, err := readParts(m)
	if err != nil {
		return nil, err
	}
	var fields []signer.Field
	for _, p := range parts {
		if strings.EqualFold(p.name, "file") {
			break
		}
		fields = append(fields, signer.Field{Name: p.name, Value: string(p.content)})
	}
	return fields, nil
}

// readForm returns the signature of a form, nil if m is none or has none.
func readForm(m *message) (*claim, error) {
	if !isForm(m) {
		return nil, nil
	}
	fields, err := formFields(m)
	if err != nil {
		return nil, err
	}
	value := func(name string) string {
		for _, f := range fields {
			if strings.EqualFold(f.Name, name) {
				return f.Value
			}
		}
		return ""
	}
	if value("OSSAccessKeyId") != "" || value("Signature") != "" {
		return nil, errNotV4
	}
	c := &claim{where: inForm, token: value(nameToken), time: value(nameDate), signature: value(nameSignature)}
	scope := strings.Split(value(nameCredential), "/")
	if len(scope) == 5 {
		c.region, c.product = scope[2], scope[3]
	}
	now := c.time
	if _, err := time.Parse(fixtures.TimeFormat, now); err != nil {
		now = "20250417T131318Z" // package signer says what is wrong with the other one
	}
	verified, err := (&signer.Verifier{Product: c.product}).VerifyPost(fields, now)
	var refused *signer.ServiceError
	switch {
	case errors.Is(err, signer.ErrAnonymous):
		return nil, nil
	case !errors.As(err, &refused) || refused.Code != "InvalidAccessKeyId":
		return nil, fmt.Errorf("the signature of its form cannot be read: %w", err)
	}
	c.id = verified.AccessKeyID
	return c, nil
}

// signForm signs a form with other credentials. They take the place of the old ones in the conditions of its policy.
func (c *claim) signForm(m *message, k signer.Credentials) (signature string, err error) {
	parts, err := readParts(m)
	if err != nil {
		return "", err
	}
	secrets := redact.New([]redact.Secret{{Value: c.id, Placeholder: k.AccessKeyID}, {Value: c.token, Placeholder: k.SecurityToken}},
		k.AccessKeyID, k.SecurityToken)
	var signed signer.SignedPolicy
	for _, p := range parts {
		if !strings.EqualFold(p.name, "policy") {
			continue
		}
		policy, err := base64.StdEncoding.DecodeString(string(p.content))
		if err != nil {
			return "", errForm
		}
		signed, err = new(signer.Signer).PostPolicy(k, signer.Policy{
			JSON: secrets.String(string(policy)), Region: c.region, Product: c.product, Time: c.time,
		})
		if err != nil {
			return "", err
		}
	}
	for i, p := range parts {
		for _, f := range signed.Fields {
			if strings.EqualFold(p.name, f.Name) {
				parts[i].content = []byte(f.Value)
			}
		}
	}
	return signed.Signature, m.setParts(parts)
}

// formText lists a form for a person to compare, without what differs from run to run: its signature, and of its policy
// the expiration and the conditions that repeat the signature's time.
func formText(m *message) (list []string) {
	parts, err := readParts(m)
	if err != nil {
		return pieces(string(m.body))
	}
	for _, p := range parts {
		content := string(p.content)
		switch strings.ToLower(p.name) {
		case nameDate, nameSignature, nameCredential:
			continue
		case "policy":
			content = policyText(p.content)
		}
		_, params, _ := mime.ParseMediaType(p.header.Get("Content-Disposition"))
		label := strings.TrimSpace(p.name + " " + params["filename"] + " " + p.header.Get("Content-Type"))
		list = append(append(list, label+":"), pieces(content)...)
	}
	return list
}

func policyText(policy []byte) string {
	data, err := base64.StdEncoding.DecodeString(string(policy))
	var p struct {
		Expiration json.RawMessage   `json:"expiration,omitempty"`
		Conditions []json.RawMessage `json:"conditions"`
	}
	if err != nil || json.Unmarshal(data, &p) != nil {
		return string(policy)
	}
	var b strings.Builder
	for _, c := range p.Conditions {
		if text := string(c); !strings.Contains(text, nameDate) && !strings.Contains(text, nameCredential) {
			b.WriteString(text + "\n")
		}
	}
	return b.String()
}
