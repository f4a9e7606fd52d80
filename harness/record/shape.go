package record

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/ossconf/ossconf/fixtures"
	"github.com/ossconf/ossconf/signer"
	"github.com/ossconf/ossconf/signer/signhttp"
)

// A shape is a request as it is compared: without secrets, and without what belongs to one run.
type shape struct {
	Method    string
	Host      string   // as addressed returns it
	Path      string   // decoded
	Query     []string // sorted
	Header    map[string][]string
	Signature signature
	Body      []string // in pieces that a person can compare
}

// A signature is what there is to compare of one.
type signature struct {
	In     string // where it stands; none if there is no signature
	Scope  string
	Covers string // the headers that are listed for it
	Key    string // whose it is
	Check  string // whether it is right
}

// ofTheRun are headers that differ from run to run, or describe the connection or the program and not the request. Those of
// them that a signature covers are covered still when it is verified.
func ofTheRun() []string {
	return []string{"Accept", "Accept-Encoding", "Accept-Language", "Authorization", "Content-Length", "Date", "Expect", "Forwarded",
		"Sec-Fetch-Dest", "Sec-Fetch-Mode", "Sec-Fetch-Site", "User-Agent", "Via", "X-Forwarded-For", "X-Forwarded-Host",
		"X-Forwarded-Proto", "X-Oss-Date"}
}

// signatureParameters are the parameters that shape.Signature stands for, or that differ from run to run.
func signatureParameters() []string {
	return []string{nameSignature, nameVersion, nameCredential, nameDate, nameAdditional}
}

// shapeOf returns the shape of a request that is addressed as res says or, with fault, as cannot be told.
func shapeOf(m *message, res resource, fault error, ignore []string) shape {
	var c *claim
	if fault == nil {
		c, fault = readClaim(m, res)
	}
	s := shape{Method: m.method, Host: addressed(m.host), Path: m.url.Path, Signature: signatureOf(m, c, res, fault)}
	out, err := clean(m, newSecrets(secretsOf(c)))
	if err != nil { // a form that is none: its text is of no use
		return s
	}
	s.Host, s.Path = addressed(out.host), out.url.Path
	s.Query = queryText(out, c, ignore)
	s.Header = headerText(out.header, isForm(m), ignore)
	s.Body = bodyText(out)
	return s
}

func queryText(m *message, c *claim, ignore []string) []string {
	query, err := signhttp.ParseQuery(m.url.RawQuery)
	if err != nil {
		return []string{m.url.RawQuery}
	}
	var list []string
	for _, q := range query {
		switch {
		case slices.Contains(ignore, q.Name):
		case c != nil && c.where == inQuery && slices.Contains(signatureParameters(), q.Name):
		case q.Value == "":
			list = append(list, q.Name)
		default:
			list = append(list, q.Name+"="+q.Value)
		}
	}
	slices.Sort(list)
	return list
}

func headerText(h http.Header, form bool, ignore []string) map[string][]string {
	out := make(map[string][]string)
	for name, values := range h {
		ignored := func(o string) bool { return strings.EqualFold(o, name) }
		if !slices.Contains(ofTheRun(), name) && !slices.ContainsFunc(ignore, ignored) {
			out[name] = values
		}
	}
	if form { // the body says it, and the signature of a form is not in the headers
		delete(out, "Content-Md5")
	}
	return out
}

// maxShown is how long a body may be to be shown in a difference.
const maxShown = 64 << 10

func bodyText(m *message) []string {
	switch {
	case isForm(m):
		return formText(m)
	case len(m.body) > maxShown, !utf8.Valid(m.body), bytes.IndexByte(m.body, 0) >= 0:
		sum := sha256.Sum256(m.body)
		return []string{fmt.Sprintf("%d bytes, SHA-256 %s", len(m.body), hex.EncodeToString(sum[:]))}
	}
	return pieces(string(m.body))
}

// pieces splits a text into lines, and where two tags meet: XML often has no line ends.
func pieces(text string) (list []string) {
	for line := range strings.Lines(text) {
		for {
			end := strings.Index(line, "><")
			if end < 0 {
				break
			}
			list, line = append(list, line[:end+1]), line[end+1:]
		}
		list = append(list, line)
	}
	return list
}

// signatureOf describes a signature. It repeats nothing of one that is not that of the test key.
func signatureOf(m *message, c *claim, res resource, fault error) signature {
	switch {
	case fault != nil:
		return signature{Check: fault.Error()}
	case c == nil:
		return signature{In: "none"}
	}
	s := signature{In: c.where, Scope: c.region + "/" + c.product, Covers: strings.Join(c.additional, ";"), Key: c.id, Check: "right"}
	err := c.verify(m, res)
	var refused *signer.ServiceError
	switch {
	case c.id != fixtures.TestAccessKeyID:
		s.Key, s.Check = "another", "cannot be verified"
	case errors.As(err, &refused):
		s.Check = fmt.Sprintf("%d %s", refused.Status, refused.Code)
	case err != nil:
		s.Check = err.Error()
	}
	return s
}

// parts returns in how many parts two requests differ: each parameter and each header is one.
func (s *shape) parts(o *shape) int {
	n := 0
	for _, differ := range []bool{s.Method != o.Method, s.Host != o.Host, s.Path != o.Path, s.Signature != o.Signature,
		!slices.Equal(s.Body, o.Body)} {
		if differ {
			n++
		}
	}
	n += unlike(s.Query, o.Query)
	for name, values := range s.Header {
		if !slices.Equal(values, o.Header[name]) {
			n++
		}
	}
	for name := range o.Header {
		if _, found := s.Header[name]; !found {
			n++
		}
	}
	return n
}

// unlike returns how many elements two sorted lists do not share. Two that differ in a value count once.
func unlike(a, b []string) int {
	left, right := 0, 0
	for len(a) > 0 && len(b) > 0 {
		switch c := strings.Compare(a[0], b[0]); {
		case c == 0:
			a, b = a[1:], b[1:]
		case c < 0:
			a = a[1:]
			left++
		default:
			b = b[1:]
			right++
		}
	}
	return max(left+len(a), right+len(b))
}

// diff shows in what a request differs from that of a fixture.
func (s *shape) diff(request *shape) string {
	whole := cmp.Comparer(func(a, b string) bool { return a == b }) // or lines would be taken to pieces
	text := cmp.Diff(*s, *request, whole)
	return strings.ReplaceAll(text, "\u00a0", " ") // which cmp prints now and then, so that nobody parses it
}
