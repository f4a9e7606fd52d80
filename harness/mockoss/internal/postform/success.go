package postform

import (
	"net/url"

	"github.com/ossconf/ossconf/xmlcodec"
)

// An Object says what became of a form.
type Object struct {
	Bucket string
	ETag   string // with its quotes
	URL    string // of the object
}

// An Answer is what the client of a stored object gets.
type Answer struct {
	Status   int    // 200, 201, 204 or 303
	Location string // where a 303 sends the client; empty for the others
	Body     []byte // XML with a 201; empty for the others
}

// Success returns the answer to a form whose object was stored. success_action_redirect goes before
// success_action_status, and a status other than 200, 201 and 204 means 204 (documented). No document says how OSS
// redirects: that it does so with 303 and with bucket, key and etag in the query, and that a URL which is not absolute
// counts as none, is assumed from S3, whose operation this one follows.
func (f *Form) Success(o Object) Answer {
	if target, ok := f.redirect(o); ok {
		return Answer{Status: 303, Location: target}
	}
	switch status, _ := f.Value("success_action_status"); status {
	case "200":
		return Answer{Status: 200}
	case "201":
		return Answer{Status: 201, Body: f.postResponse(o)}
	}
	return Answer{Status: 204}
}

func (f *Form) redirect(o Object) (string, bool) {
	value, _ := f.Value("success_action_redirect")
	u, err := url.Parse(value) // refuses control characters, which would not be one header any more
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return "", false
	}
	if u.RawQuery != "" {
		u.RawQuery += "&"
	}
	u.RawQuery += "bucket=" + url.QueryEscape(o.Bucket) + "&key=" + url.QueryEscape(f.Key()) +
		"&etag=" + url.QueryEscape(o.ETag)
	return u.String(), true
}

// postResponse returns the documented document; the order is that of the list of its elements.
func (f *Form) postResponse(o Object) []byte {
	w := xmlcodec.Writer{Indent: 2}
	w.Declare()
	w.Start("PostResponse")
	for _, leaf := range [][2]string{{"Bucket", o.Bucket}, {"ETag", o.ETag}, {"Key", f.Key()}, {"Location", o.URL}} {
		if w.Leaf(leaf[0], leaf[1]) != nil { // a key may hold what XML cannot
			w.Leaf(leaf[0], xmlcodec.Sanitize(leaf[1]))
		}
	}
	w.End("PostResponse")
	return w.Buf
}
