package demo

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/aliyun/aliyun-oss-go-sdk/oss"

	"github.com/ossconf/ossconf/cmd/ossconf/internal/text"
)

// address is where both requests go.
func (d *demo) address() string { return d.o.Server.URL + "/" + Bucket + "/?httpsConfig" }

// A reply is what the server answers.
type reply struct {
	status    int
	requestID string
	body      []byte
}

func (r *reply) String() string {
	return fmt.Sprintf("%d %s, request ID %s", r.status, http.StatusText(r.status), text.Printable(r.requestID))
}

// do sends a signed request with the headers that the module has made, and authorization in place of theirs unless it
// is empty.
func (d *demo) do(s *signedRequest, authorization string) (*reply, error) {
	r, err := http.NewRequestWithContext(d.ctx, s.method, d.address(), bytes.NewReader(s.body))
	if err != nil {
		return nil, err
	}
	for _, h := range s.Headers {
		r.Header.Set(h[0], h[1])
	}
	if authorization != "" {
		r.Header.Set("Authorization", authorization)
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, err
	}
	return &reply{resp.StatusCode, resp.Header.Get("X-Oss-Request-Id"), body}, nil
}

// send stores the document and fetches it.
func (d *demo) send() error {
	for _, s := range []*signedRequest{d.put, d.get} {
		answer, err := d.do(s, "")
		if err != nil {
			return err
		}
		d.field(s.method, "/%s/?httpsConfig", Bucket)
		d.field("", "%s", answer)
		if answer.status != http.StatusOK {
			return fmt.Errorf("%w: %s answers %d", ErrOutcome, s.method, answer.status)
		}
		if s == d.get {
			d.block("body", fmt.Sprintf("%d bytes of XML", len(answer.body)), string(answer.body))
			return d.compare(answer.body)
		}
	}
	return nil
}

// compare holds what was fetched against what was stored.
func (d *demo) compare(fetched []byte) error {
	decoded, err := d.module.Decode(d.ctx, fetched)
	if err != nil {
		return err
	}
	if string(decoded) != d.reference {
		return fmt.Errorf("%w: the configuration that was fetched is not the one that was stored", ErrOutcome)
	}
	d.field("compare", "the same configuration as was sent")
	return nil
}

// sendWithSDK does what send does with a client that signs by itself. It has no call for an HTTPS configuration.
func (d *demo) sendWithSDK() error {
	client, err := oss.New(d.o.Server.URL, d.key.AccessKeyID, d.key.AccessKeySecret,
		oss.AuthVersion(oss.AuthV4), oss.Region(d.o.Server.Region))
	if err != nil {
		return err
	}
	call := func(method string, body io.Reader, headers map[string]string) (*reply, error) {
		resp, err := client.Conn.DoWithContext(d.ctx, method, Bucket, "", map[string]any{"httpsConfig": nil}, headers, body, 0, nil)
		if err != nil {
			return nil, err
		}
		defer resp.Body.Close()
		data, err := io.ReadAll(resp.Body)
		answer := &reply{resp.StatusCode, resp.Headers.Get("X-Oss-Request-Id"), data}
		d.field(method, `client.Conn.Do("%s", "%s", "", {"httpsConfig": nil}, …)`, method, Bucket)
		d.field("", "%s", answer)
		return answer, err
	}
	if _, err := call("PUT", bytes.NewReader(d.xml), map[string]string{"Content-Type": "application/xml"}); err != nil {
		return err
	}
	fetched, err := call("GET", nil, nil)
	if err != nil {
		return err
	}
	return d.compare(fetched.body)
}

// refuseSignatures sends requests that the server must not carry out.
func (d *demo) refuseSignatures() error {
	wrong, err := d.sign(http.MethodGet, nil, "not"+d.key.AccessKeySecret)
	if err != nil {
		return err
	}
	for _, test := range []struct {
		what          string
		request       *signedRequest
		authorization string
	}{
		{"a signature with its last digit changed", d.get, tampered(d.get)},
		{"another access key secret", wrong, ""},
	} {
		answer, err := d.do(test.request, test.authorization)
		if err != nil {
			return err
		}
		var document struct {
			XMLName xml.Name `xml:"Error"`
			Code    string
			EC      string
		}
		if err := xml.Unmarshal(answer.body, &document); err != nil {
			return fmt.Errorf("%w: %s: the answer is no error document: %w", ErrOutcome, test.what, err)
		}
		if answer.status != http.StatusForbidden || document.Code != "SignatureDoesNotMatch" {
			return fmt.Errorf("%w: %s: %d %s", ErrOutcome, test.what, answer.status, document.Code)
		}
		d.field("GET", "with %s", test.what)
		d.field("", "%d %s, EC %s, request ID %s", answer.status, document.Code, document.EC, answer.requestID)
	}
	return nil
}

// goOn prints commands that work as long as the server runs.
func (d *demo) goOn() error {
	in, err := d.request(http.MethodGet, nil, d.key.AccessKeySecret, map[string]any{"endpoint": d.o.Server.URL, "expires_seconds": 3600})
	if err != nil {
		return err
	}
	var presigned struct{ URL string }
	if err := d.call(&presigned, "presign", in); err != nil {
		return err
	}
	if d.o.Page != "" {
		d.printf("   The builder page, with this mock OSS behind it:\n\n%s/\n\n", d.o.Page)
	}
	d.printf("   The mock OSS runs until it is interrupted. With curl, for an hour:\n\n")
	d.printf("curl '%s'\n\n", presigned.URL)
	d.printf("   With ossconf, which go install ./cmd/ossconf installs:\n\n")
	d.printf("export OSS_ACCESS_KEY_ID=%s OSS_ACCESS_KEY_SECRET=%s\n", d.key.AccessKeyID, d.key.AccessKeySecret)
	at := fmt.Sprintf("--endpoint %s --region %s --bucket %s", d.o.Server.URL, d.o.Server.Region, Bucket)
	d.printf("ossconf get %s --out config.xml\nossconf put %s config.xml\n", at, at)
	return nil
}

// tampered returns the Authorization of a request with another last digit.
func tampered(s *signedRequest) string {
	for _, h := range s.Headers {
		if h[0] == "Authorization" {
			last := "0"
			if strings.HasSuffix(h[1], last) {
				last = "1"
			}
			return h[1][:len(h[1])-1] + last
		}
	}
	return ""
}
