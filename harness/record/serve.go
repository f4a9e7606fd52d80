package record

import (
	"encoding/base64"
	"io"
	"net/http"
	"strconv"

	"github.com/ossconf/ossconf/xmlcodec"
)

// ServeHTTP answers with the recorded response. A request that no fixture answers gets 501 with an error document in the
// form of OSS, the code ReplayMismatch, and the difference in the element Difference.
func (p *Player) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := p.readBody(r)
	if err != nil {
		writeProblem(w, r, problem{http.StatusBadRequest, "ReplayFailed", err.Error(), nil})
		return
	}
	request := p.request(received(r, body))
	for _, a := range p.answers {
		if a.Take(request) {
			a.write(w, r)
			return
		}
	}
	e := p.Mismatch(request)
	writeProblem(w, r, problem{http.StatusNotImplemented, "ReplayMismatch", "No fixture answers this request.", [][2]string{
		{"NearestFixture", e.Nearest}, {"DifferingParts", strconv.Itoa(e.Parts)}, {"Difference", e.Diff}}})
}

func (a *Answer) write(w http.ResponseWriter, r *http.Request) {
	resp, err := a.Response()
	if err != nil { // Load has read it before
		writeProblem(w, r, problem{http.StatusInternalServerError, "ReplayFailed", err.Error(), nil})
		return
	}
	defer resp.Body.Close()
	copyHeaders(w.Header(), resp.Header)
	w.WriteHeader(resp.StatusCode)
	io.Copy(w, resp.Body) // the client is gone if this fails: there is nobody to tell
}
func copyHeaders(to, from http.Header) {
	for name, values := range from {
		to[name] = values
	}
	if from.Get("Date") == "" {
		to["Date"] = nil // or net/http adds one
	}
	if from.Get("Content-Type") == "" {
		to["Content-Type"] = nil
	}
}

// A problem is an error of this package as a client sees it.
type problem struct {
	status        int
	code, message string
	details       [][2]string // elements of the error document
}

// writeProblem answers with an error document in the form of OSS; on a HEAD it goes into a header, as OSS's does.
func writeProblem(w http.ResponseWriter, r *http.Request, p problem) {
	d := xmlcodec.Writer{Indent: 2}
	d.Declare()
	d.Start("Error")
	for _, e := range append([][2]string{{"Code", p.code}, {"Message", p.message}, {"HostId", r.Host}}, p.details...) {
		if e[1] != "" && d.Leaf(e[0], e[1]) != nil {
			d.Leaf(e[0], xmlcodec.Sanitize(e[1]))
		}
	}
	d.End("Error")
	body := d.Buf
	if r.Method == http.MethodHead {
		w.Header().Set("X-Oss-Err", base64.StdEncoding.EncodeToString(body))
		body = nil
	} else {
		w.Header().Set("Content-Type", "application/xml")
	}
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(p.status)
	w.Write(body)
}
