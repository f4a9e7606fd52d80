package record

import (
	"crypto/md5"
	"encoding/base64"
	"net/http"
	"regexp"
	"strings"

	"github.com/ossconf/ossconf/fixtures"
	"github.com/ossconf/ossconf/harness/record/internal/redact"
)

func newSecrets(list []redact.Secret) *redact.Secrets {
	return redact.New(list, fixtures.TestAccessKeyID, fixtures.TestSecurityToken)
}

// secretsOf lists the access key, the token and the signature of a request, and what takes their place.
func secretsOf(c *claim) []redact.Secret {
	if c == nil {
		return nil
	}
	return []redact.Secret{
		{Value: c.id, Placeholder: fixtures.TestAccessKeyID}, {Value: c.token, Placeholder: fixtures.TestSecurityToken},
		{Value: c.signature, Placeholder: redact.Placeholder},
	}
}

// clean returns m as it is compared and, once signed again, kept: without secrets, a form with the boundary that all
// have. Its signature is that of m.
func clean(m *message, secrets *redact.Secrets) (*message, error) {
	out := m.clone()
	cleanHeaders(out.header, secrets)
	out.host = secrets.String(m.host)
	out.url.RawQuery = secrets.String(m.url.RawQuery)
	if path := secrets.String(m.url.Path); path != m.url.Path {
		out.url.Path, out.url.RawPath = path, ""
	}
	out.setBody(secrets.Text(m.body))
	if isForm(m) {
		parts, err := readParts(out)
		if err == nil {
			err = out.setParts(parts)
		}
		if err != nil {
			return nil, err
		}
	}
	if out.header.Get("Content-Md5") == digest(m.body) {
		out.header.Set("Content-Md5", digest(out.body))
	}
	return out, nil
}

func digest(body []byte) string {
	sum := md5.Sum(body)
	return base64.StdEncoding.EncodeToString(sum[:])
}

var (
	// platform is what clients tell about the machine in User-Agent.
	platform = regexp.MustCompile(`\([^)]*\)`)
	// secretName is in the names of headers that hold a secret of somebody.
	secretName = regexp.MustCompile(`(?i)cookie|token|secret|password|authorization|api-?key`)
)

// cleanHeaders takes secrets out of the headers of a request or a response. A name that holds one goes, with its value.
func cleanHeaders(h http.Header, secrets *redact.Secrets) {
	for name, values := range h {
		if secrets.String(name) != name {
			delete(h, name)
			continue
		}
		for i, v := range values {
			values[i] = cleanValue(name, v, secrets)
		}
	}
}

func cleanValue(name, value string, secrets *redact.Secrets) string {
	switch name {
	case "Authorization": // signed again, or the request is not kept
		return value
	case "X-Oss-Security-Token":
		return fixtures.TestSecurityToken
	case "User-Agent":
		return secrets.String(platform.ReplaceAllString(value, "(masked)"))
	case "X-Oss-Err":
		document, err := base64.StdEncoding.DecodeString(strings.TrimSpace(value))
		if err != nil {
			return redact.Placeholder
		}
		return base64.StdEncoding.EncodeToString(secrets.Text(document))
	}
	if secretName.MatchString(name) {
		return redact.Placeholder
	}
	return secrets.String(value)
}
