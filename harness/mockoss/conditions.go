package mockoss

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/ossconf/ossconf/harness/mockoss/internal/state"
)

// conditions checks the If- headers of a request that reads an object, as
// https://help.aliyun.com/en/oss/developer-reference/getobject has them.
func (c *call) conditions(o *state.Object) error {
	h := c.r.Header
	modified := o.Modified.Truncate(time.Second)
	since := func(name string) (time.Time, bool) {
		t, err := http.ParseTime(h.Get(name))
		return t, err == nil
	}
	if v := h.Get("If-Match"); v != "" && !sameETag(v, o) {
		return preconditionFailed("If-Match")
	}
	if t, ok := since("If-Unmodified-Since"); ok && modified.After(t) {
		return preconditionFailed("If-Unmodified-Since")
	}
	if v := h.Get("If-None-Match"); v != "" && sameETag(v, o) {
		return notModified()
	}
	if t, ok := since("If-Modified-Since"); ok && !modified.After(t) {
		return notModified()
	}
	return nil
}

// sameETag compares an ETag as clients send it, with quotes or without.
func sameETag(given string, o *state.Object) bool {
	return strings.EqualFold(strings.Trim(given, `"`), strings.Trim(etag(o), `"`))
}

// cut reduces the answer to a range of its body. OSS ignores a range that it cannot answer, unless the client asks for
// the standard behaviour (https://help.aliyun.com/en/oss/developer-reference/getobject).
func (a *answer) cut(header string, standard bool) error {
	if header == "" {
		return nil
	}
	size := int64(len(a.body))
	first, last, ok := parseRange(header, size)
	switch {
	case !ok: // not a range, or more than one: the whole object
		return nil
	case first >= size || first > last:
		if standard {
			return invalidRange(header)
		}
		return nil
	case last >= size:
		if !standard {
			return nil
		}
		last = size - 1
	}
	a.status = http.StatusPartialContent
	a.header["Content-Range"] = "bytes " + strconv.FormatInt(first, 10) + "-" + strconv.FormatInt(last, 10) + "/" + strconv.FormatInt(size, 10)
	a.body = a.body[first : last+1]
	delete(a.header, "Content-Md5") // that of the whole object
	return nil
}

// parseRange reads bytes=FIRST-LAST, bytes=FIRST- or bytes=-COUNT.
func parseRange(header string, size int64) (first, last int64, ok bool) {
	spec, found := strings.CutPrefix(header, "bytes=")
	from, to, hyphen := strings.Cut(spec, "-")
	if !found || !hyphen || from == "" && to == "" {
		return 0, 0, false
	}
	number := func(s string, otherwise int64) (int64, bool) {
		if s == "" {
			return otherwise, true
		}
		n, err := strconv.ParseUint(s, 10, 62)
		return int64(n), err == nil && s[0] != '+'
	}
	if from == "" {
		count, ok := number(to, 0)
		return max(size-count, 0), size - 1, ok && count > 0
	}
	first, ok = number(from, 0)
	last, okLast := number(to, max(size-1, first))
	return first, last, ok && okLast
}
