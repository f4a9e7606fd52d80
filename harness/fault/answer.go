package fault

import (
	"bytes"
	"maps"
	"net/http"
	"strconv"
	"time"
)

// An answer is a [http.ResponseWriter] that holds back what is written.
type answer struct {
	header http.Header // what the handler has its hands on
	fixed  http.Header // the header as it was when the status was written
	status int         // 0 as long as it was not written
	body   bytes.Buffer
}

// newAnswer returns one that starts with the given header.
func newAnswer(h http.Header) *answer { return &answer{header: h.Clone()} }

func (a *answer) Header() http.Header { return a.header }

func (a *answer) WriteHeader(status int) {
	if a.status != 0 || status < 200 { // what is informational has no place in an answer that is held back
		return
	}
	a.status, a.fixed = status, a.header.Clone()
}

func (a *answer) Write(p []byte) (int, error) {
	a.WriteHeader(http.StatusOK)
	return a.body.Write(p)
}

// send writes the answer.
func (a *answer) send(w http.ResponseWriter) {
	a.sendHead(w)
	w.Write(a.body.Bytes()) // the client is gone if this fails: there is nobody to tell
}

func (a *answer) sendHead(w http.ResponseWriter) {
	a.WriteHeader(http.StatusOK)
	h := w.Header()
	clear(h)
	maps.Copy(h, a.fixed)
	w.WriteHeader(a.status)
}

// bodyAllowed reports whether an answer to r with this status has a body at all.
func (a *answer) bodyAllowed(r *http.Request) bool {
	return r.Method != http.MethodHead && a.status != http.StatusNoContent && a.status != http.StatusNotModified
}

// shiftDate changes the Date header.
func (a *answer) shiftDate(offset time.Duration, now func() time.Time) {
	a.WriteHeader(http.StatusOK)
	date, err := http.ParseTime(a.fixed.Get("Date"))
	if err != nil {
		date = now()
	}
	a.fixed.Set("Date", date.Add(offset).UTC().Format(http.TimeFormat))
}

// damage makes the body ill-formed.
func (a *answer) damage(r *http.Request) {
	a.WriteHeader(http.StatusOK)
	if !a.bodyAllowed(r) {
		return
	}
	doc, ok := leaveOpen(a.body.Bytes())
	if !ok {
		doc = []byte("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Result>")
		a.fixed.Set("Content-Type", "application/xml")
	}
	a.body = *bytes.NewBuffer(doc)
	a.fixed.Set("Content-Length", strconv.Itoa(len(doc)))
}

// leaveOpen returns an XML document without its last end tag, and false for what is none. Wherever the cut falls, an
// element, a comment or a CDATA section remains that does not end.
func leaveOpen(doc []byte) ([]byte, bool) {
	if !bytes.HasPrefix(bytes.TrimLeft(doc, "\ufeff \t\r\n"), []byte("<")) {
		return nil, false
	}
	if i := bytes.LastIndex(doc, []byte("</")); i > 0 {
		return bytes.Clone(doc[:i]), true
	}
	if i := bytes.LastIndex(doc, []byte("/>")); i > 0 {
		return append(bytes.Clone(doc[:i]), '>'), true
	}
	return nil, false
}

// sendPart writes the answer as [Truncate] says and closes the connection.
func (a *answer) sendPart(w http.ResponseWriter, r *http.Request, n int) {
	a.WriteHeader(http.StatusOK)
	if !a.bodyAllowed(r) {
		breakOffHead(w, a.status)
		return
	}
	body := a.body.Bytes()
	if n == 0 {
		n = len(body) / 2
	}
	a.fixed.Set("Content-Length", strconv.Itoa(max(len(body), 1)))
	a.sendHead(w)
	w.Write(body[:max(0, min(n, len(body)-1))])
	http.NewResponseController(w).Flush()
	breakOff(w)
}
