package demo

import (
	"crypto/md5"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"strings"
	"time"

	"github.com/ossconf/ossconf/cmd/ossconf/internal/text"
	"github.com/ossconf/ossconf/fixtures"
	"github.com/ossconf/ossconf/host"
	"github.com/ossconf/ossconf/signer/signhttp"
	"github.com/ossconf/ossconf/source"
)

// refuseSample shows that the published sample is no document, and what was meant.
func (d *demo) refuseSample() error {
	f, err := fixtures.Lookup("documents", "put-sample")
	if err != nil {
		return err
	}
	d.document = f.File("document.xml")
	for _, s := range f.Source {
		address, part, _ := strings.Cut(s, ", ")
		d.field("source", "%s", address)
		d.field("", "%s", part)
	}
	_, err = d.module.Decode(d.ctx, d.document)
	var refused *host.AnswerError
	if !errors.As(err, &refused) {
		return fmt.Errorf("%w: decode gives %v", ErrOutcome, err)
	}
	d.field("decode", "refused: %s", refused.Code)
	d.field("", "line %d, column %d: %s", refused.Line, refused.Column, refused.Message)
	var found report
	if err := d.call(&found, "validate", d.document); err != nil {
		return err
	}
	var lines []string
	for _, f := range found.Findings {
		if f.Severity != "error" {
			continue
		}
		if len(lines) == 0 {
			line, caret := text.Source(d.document, f.Offset)
			d.printf("\n       %s\n       %s %s\n\n", line, caret, text.Printable(f.Hint))
		}
		lines = append(lines, fmt.Sprint(f.Line))
	}
	if len(lines) == 0 {
		return fmt.Errorf("%w: validate finds no error", ErrOutcome)
	}
	d.field("validate", "%s, on lines %s", text.Count(len(lines), "error"), strings.Join(lines, ", "))
	return nil
}

// mendSample carries out the fixes of the errors. Those of the warnings are left: a warning is for the user to judge.
func (d *demo) mendSample() error {
	var before, after report
	if err := d.call(&before, "validate", d.document); err != nil {
		return err
	}
	var edits []source.Edit
	for _, f := range before.Findings {
		if f.Severity == "error" && f.Fix != nil {
			d.field(fmt.Sprintf("line %d", f.Line), "%s", f.Fix.Description)
			edits = append(edits, f.Fix.Edits...)
		}
	}
	mended, err := source.Apply(string(d.document), edits)
	if err != nil {
		return err
	}
	d.document = []byte(mended)
	if err := d.call(&after, "validate", d.document); err != nil {
		return err
	}
	if !after.Valid {
		return fmt.Errorf("%w: the mended sample has %s", ErrOutcome, text.Count(after.Errors, "error"))
	}
	d.field("validate", "valid, with %s and %s", text.Count(after.Warnings, "warning"), text.Count(after.Infos, "info"))
	for _, f := range after.Findings {
		d.printf("   %4d:%-2d     %s: %s\n", f.Line, f.Column, f.Severity, text.Printable(f.Message))
	}
	return nil
}

// A signedRequest is a request and what the operation sign makes of it.
type signedRequest struct {
	method string
	body   []byte

	CanonicalRequest string      `json:"canonical_request"`
	StringToSign     string      `json:"string_to_sign"`
	Signature        string      `json:"signature"`
	Headers          [][2]string `json:"headers"`
}

// signInModule encodes and checks the document and signs the requests that store and fetch it.
func (d *demo) signInModule() error {
	var err error
	if d.xml, err = d.module.Encode(d.ctx, d.document); err != nil {
		return err
	}
	var found report
	if err := d.call(&found, "validate", d.xml); err != nil {
		return err
	}
	if !found.Valid {
		return fmt.Errorf("%w: the encoded document has errors", ErrOutcome)
	}
	decoded, err := d.module.Decode(d.ctx, d.xml)
	if err != nil {
		return err
	}
	d.reference = string(decoded)
	if d.put, err = d.sign(http.MethodPut, d.xml, d.key.AccessKeySecret); err != nil {
		return err
	}
	if d.get, err = d.sign(http.MethodGet, nil, d.key.AccessKeySecret); err != nil {
		return err
	}
	d.field("encode", "%d bytes of XML", len(d.xml))
	d.field("validate", "valid")
	d.block("sign", "canonical request", d.put.CanonicalRequest)
	d.block("", "string to sign", d.put.StringToSign)
	d.block("", "signature", d.put.Signature)
	return nil
}

// sign signs a request in the module.
func (d *demo) sign(method string, body []byte, secret string) (*signedRequest, error) {
	in, err := d.request(method, body, secret, nil)
	if err != nil {
		return nil, err
	}
	r := &signedRequest{method: method, body: body}
	return r, d.call(r, "sign", in)
}

// request returns the input of sign, or with more members that of presign.
func (d *demo) request(method string, body []byte, secret string, more map[string]any) ([]byte, error) {
	headers := [][2]string{}
	if body != nil {
		sum := md5.Sum(body)
		headers = [][2]string{{"Content-Type", "application/xml"}, {"Content-MD5", base64.StdEncoding.EncodeToString(sum[:])}}
	}
	in := map[string]any{
		"method": method, "bucket": Bucket, "query": [][2]string{{"httpsConfig", ""}}, "headers": headers,
		"region": d.o.Server.Region, "time": signhttp.FormatTime(time.Now()),
		"access_key_id": d.key.AccessKeyID, "access_key_secret": secret, "security_token": d.key.SecurityToken,
	}
	maps.Copy(in, more)
	return json.Marshal(in)
}
