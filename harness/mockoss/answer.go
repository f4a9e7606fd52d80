package mockoss

import (
	"encoding/base64"
	"net/http"
	"strconv"

	"github.com/ossconf/ossconf/xmlcodec"
)

// troubleshoot is the page that OSS points to from an error, without the EC.
const troubleshoot = "https://api.aliyun.com/troubleshoot?q="

// An answer is what goes back to the client.
type answer struct {
	status int
	body   []byte
	header map[string]string // beside those of every answer, canonical names; Content-Type is that of XML unless it is here
	length int64             // of the object that an answer to HEAD is about
}

// xmlAnswer returns an answer of 200 with what write makes of a document.
func xmlAnswer(write func(*document)) answer {
	d := document{xmlcodec.Writer{Indent: 2}}
	d.w.Declare()
	write(&d)
	return answer{status: http.StatusOK, body: d.w.Buf}
}

// answer returns the error document of p. The order of the elements is that of the published examples.
func (p *problem) answer(c *call) answer {
	if p.status == http.StatusNotModified {
		return answer{status: p.status}
	}
	a := xmlAnswer(func(d *document) {
		d.w.Start("Error")
		d.leaf("Code", p.code)
		d.leaf("Message", p.message)
		d.leaf("RequestId", c.requestID)
		d.leaf("HostId", c.r.Host)
		for _, e := range p.details {
			d.leaf(e.name, e.value)
		}
		if p.ec != "" {
			d.leaf("EC", p.ec)
			d.leaf("RecommendDoc", troubleshoot+p.ec)
		}
		d.w.End("Error")
	})
	a.status = p.status
	if p.ec != "" {
		a.header = map[string]string{"X-Oss-Ec": p.ec}
	}
	return a
}

// write sends the answer with the headers that every answer of OSS has.
func (a answer) write(w http.ResponseWriter, c *call) {
	h := w.Header()
	// One array for the values: Header.Set makes one for each.
	values := make([]string, 0, 7+len(a.header))
	set := func(name, value string) {
		values = append(values, value)
		h[name] = values[len(values)-1 : len(values) : len(values)]
	}
	set("Server", "AliyunOSS")
	set("Date", c.now.Format(http.TimeFormat))
	set("X-Oss-Request-Id", c.requestID)
	switch {
	case c.ofVisit():
		set("Connection", "close")
	case c.r.ProtoMajor == 1 && !c.r.Close:
		set("Connection", "keep-alive")
	}
	body, length := a.body, int64(len(a.body))
	if c.r.Method == http.MethodHead {
		if len(body) > 0 { // A HEAD has no body to carry the error document.
			set("X-Oss-Err", base64.StdEncoding.EncodeToString(body))
		}
		body, length = nil, a.length
	}
	if len(body) > 0 {
		set("Content-Type", "application/xml")
	}
	for name, value := range a.header {
		set(name, value)
	}
	c.allowOrigin(h)
	if a.status != http.StatusNotModified {
		set("Content-Length", strconv.FormatInt(length, 10))
	}
	w.WriteHeader(a.status)
	w.Write(body) // the client is gone if this fails: there is nobody to tell
}

// A document is an XML document in the making, laid out as OSS does it.
type document struct{ w xmlcodec.Writer }

// leaf writes an element with text. What a client sent and XML cannot hold is replaced.
func (d *document) leaf(name, text string) {
	if d.w.Leaf(name, text) != nil {
		d.w.Leaf(name, xmlcodec.Sanitize(text))
	}
}
