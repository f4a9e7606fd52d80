package record

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/tools/txtar"

	"github.com/ossconf/ossconf/fixtures"
	"github.com/ossconf/ossconf/harness/record/internal/redact"
	"github.com/ossconf/ossconf/internal/atomicfile"
	"github.com/ossconf/ossconf/signer/signhttp"
)

// record writes the exchange as a fixture. The error says why it could not.
func (x *exchange) record(resp *http.Response, body []byte) error {
	secrets := x.secrets(redact.Placeholder)
	if x.request.header.Get("Content-Encoding") != "" {
		plain, clean, err := searched(x.request.header, x.request.body, x.rec.MaxBody, secrets)
		if err == nil && !bytes.Equal(plain, clean) {
			err = errors.New("it holds a secret in what is compressed")
		}
		if err != nil {
			return fmt.Errorf("the request's body: %w", err)
		}
	}
	request, err := clean(x.request, secrets)
	if err != nil {
		return err
	}
	signature := redact.Placeholder
	if x.claim != nil {
		if signature, err = x.signedForTest(request); err != nil {
			return fmt.Errorf("it cannot be signed again: %w", err)
		}
		secrets = x.secrets(signature)
	}
	f := &fixtures.Fixture{Dir: kind, Name: x.name(), Origin: fixtures.OriginRecorded,
		Source: []string{"ossconf record, in front of " + secrets.String(x.rec.upstream.String())}}
	header, answer, err := cleanResponse(resp, body, x.rec.MaxBody, secrets)
	if err != nil {
		return fmt.Errorf("the answer's body: %w", err)
	}
	if !bytes.Equal(answer, body) {
		f.Notes = []string{"The body of the response was redacted; checksums of it are left out."}
	}
	x.describe(f, resp.StatusCode, request.body, answer)
	status := fmt.Sprintf("HTTP/1.1 %03d %s", resp.StatusCode, statusText(resp.StatusCode))
	f.Files = []fixtures.File{
		{Name: "request.http", Data: request.format()},
		{Name: "response.http", Data: formatMessage(status, header, answer)},
	}
	data, err := f.Format()
	if err != nil {
		return err
	}
	if what := secrets.Leak(data); what != "" {
		return fmt.Errorf("it still holds what %s should stand for", what)
	}
	if err := x.write(data); err != nil {
		return err
	}
	x.kept = true
	return nil
}

// signedForTest signs the cleaned request with the test key and checks that the signature verifies.
func (x *exchange) signedForTest(request *message) (signature string, err error) {
	signature, err = x.claim.sign(request, x.resource, testCredentials(x.claim.token != ""))
	if err != nil {
		return "", err
	}
	again, err := readClaim(request, x.resource)
	if err == nil {
		err = again.verify(request, x.resource)
	}
	return signature, err
}

// describe sets the header lines.
func (x *exchange) describe(f *fixtures.Fixture, status int, request, response []byte) {
	when, clock, style := signhttp.FormatTime(x.rec.Now()), "recorder", "host"
	if x.claim != nil {
		when, clock = x.claim.time, "client"
	}
	if x.resource.path {
		style = "path"
	}
	var encoded []string
	for _, b := range []struct {
		name string
		body []byte
	}{{"request", request}, {"response", response}} {
		if needsBase64(b.body) {
			encoded = append(encoded, b.name)
		}
	}
	f.Title = fmt.Sprintf("%s, answered %d", x.operation, status)
	for _, h := range []fixtures.Header{
		{Name: "operation", Value: x.operation}, {Name: "bucket", Value: x.bucket()}, {Name: "style", Value: style},
		{Name: "time", Value: when}, {Name: "clock", Value: clock}, {Name: "base64", Value: strings.Join(encoded, " ")},
	} {
		if h.Value != "" {
			f.Headers = append(f.Headers, h)
		}
	}
}

// bucket returns the bucket for a header line. What cannot be a bucket's name is in the path all the same.
func (x *exchange) bucket() string {
	if isBucket(x.resource.bucket) {
		return x.resource.bucket
	}
	return ""
}

// write puts the fixture into the folder.
func (x *exchange) write(data []byte) error {
	path := filepath.Join(x.rec.Dir, x.file())
	if !x.rec.Overwrite {
		return atomicfile.Create(path, data)
	}
	if err := atomicfile.Write(path, data); err != nil {
		return err
	}
	x.rec.mu.Lock()
	defer x.rec.mu.Unlock()
	for name := range x.rec.earlier {
		if !strings.HasPrefix(name, fmt.Sprintf("%04d-", x.number)) {
			continue
		}
		delete(x.rec.earlier, name)
		if name == x.file() {
			continue
		}
		if err := os.Remove(filepath.Join(x.rec.Dir, name)); err != nil {
			return err
		}
	}
	return nil
}

// cleanResponse returns header and body of a response as they are kept.
func cleanResponse(resp *http.Response, body []byte, limit int64, secrets *redact.Secrets) (http.Header, []byte, error) {
	h := resp.Header.Clone()
	for _, name := range hopByHop() {
		h.Del(name)
	}
	cleanHeaders(h, secrets)
	plain, clean, err := searched(h, body, limit, secrets)
	if err != nil {
		return nil, nil, err
	}
	if bytes.Equal(plain, clean) {
		return h, body, nil
	}
	for _, name := range []string{"Content-Encoding", "Content-Md5", "X-Oss-Hash-Crc64ecma"} {
		h.Del(name)
	}
	if h.Get("Content-Length") != "" {
		h.Set("Content-Length", strconv.Itoa(len(clean)))
	}
	return h, clean, nil
}

// searched returns a body without its Content-Encoding, with secrets and without.
func searched(h http.Header, body []byte, limit int64, secrets *redact.Secrets) (plain, clean []byte, err error) {
	plain = body
	switch encoding := strings.ToLower(strings.Join(h["Content-Encoding"], ",")); {
	case len(body) == 0, encoding == "", encoding == "identity":
	case encoding == "gzip", encoding == "x-gzip":
		plain, err = gunzip(body, limit)
	default:
		err = errors.New("its Content-Encoding cannot be searched for secrets")
	}
	if err != nil {
		return nil, nil, err
	}
	return plain, secrets.Text(plain), nil
}

func gunzip(data []byte, limit int64) ([]byte, error) {
	r, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return nil, errors.New("it is no gzip, and cannot be searched for secrets")
	}
	plain, err := io.ReadAll(io.LimitReader(r, limit+1))
	switch {
	case err != nil:
		return nil, errors.New("its gzip is broken, and cannot be searched for secrets")
	case int64(len(plain)) > limit:
		return nil, fmt.Errorf("it is larger than %d bytes once it is unpacked", limit)
	}
	return plain, nil
}

// format returns a request as the content of request.http.
func (m *message) format() []byte {
	target := m.url.EscapedPath()
	if m.url.RawQuery != "" {
		target += "?" + m.url.RawQuery
	}
	h := m.header.Clone()
	first := m.method + " " + target + " HTTP/1.1\nHost: " + m.host
	return formatMessage(first, h, m.body)
}

func formatMessage(first string, h http.Header, body []byte) []byte {
	out := []byte(first)
	for _, name := range slices.Sorted(maps.Keys(h)) {
		for _, value := range h[name] {
			out = append(out, "\n"+name+": "+value...)
		}
	}
	switch {
	case len(body) == 0:
		return out
	case needsBase64(body):
		text := base64.StdEncoding.EncodeToString(body)
		out = append(out, '\n')
		for len(text) > 0 {
			n := min(len(text), 100)
			out = append(append(out, '\n'), text[:n]...)
			text = text[n:]
		}
		return out
	}
	return append(append(out, "\n\n"...), body...)
}

// needsBase64 reports whether a body would not survive in a text file, or would break the archive.
func needsBase64(body []byte) bool {
	return !utf8.Valid(body) || bytes.IndexByte(body, 0) >= 0 || len(txtar.Parse(append(bytes.Clone(body), '\n')).Files) > 0
}

func statusText(status int) string {
	if text := http.StatusText(status); text != "" {
		return text
	}
	return "Status"
}
