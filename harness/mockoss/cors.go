package mockoss

import (
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/ossconf/ossconf/harness/mockoss/internal/state"
	"github.com/ossconf/ossconf/xmlcodec"
)

// preflight answers an OPTIONS, which a browser sends without a signature: for an object by the CORS rules of its
// bucket, for a bucket operation never, as OSS does. With [Options].CORS a page of this machine may do everything.
func (c *call) preflight() (answer, error) {
	for _, name := range []string{"Origin", "Access-Control-Request-Method"} {
		if c.r.Header.Get(name) == "" {
			return answer{}, preflightIncomplete(name)
		}
	}
	origin, method := c.r.Header.Get("Origin"), c.r.Header.Get("Access-Control-Request-Method")
	asked := c.r.Header.Get("Access-Control-Request-Headers")
	if c.localPage() {
		return allowed(origin, []string{"GET", "PUT", "POST", "DELETE", "HEAD"}, asked, ""), nil
	}
	var doc []byte
	err := c.service.state.View(func(tx *state.Tx) error {
		doc, _ = tx.Configuration(c.bucket, "cors", "")
		_, err := c.locate(tx)
		return err
	})
	if err != nil {
		return answer{}, err
	}
	if c.key == "" {
		return answer{}, preflightForbidden()
	}
	for _, rule := range corsRules(doc) {
		if rule.allows(origin, method, asked) {
			return allowed(origin, rule.methods, asked, rule.maxAge), nil
		}
	}
	return answer{}, preflightForbidden()
}

func allowed(origin string, methods []string, headers, maxAge string) answer {
	a := answer{status: http.StatusOK, header: map[string]string{
		"Access-Control-Allow-Origin": origin, "Access-Control-Allow-Methods": strings.Join(methods, ", "), "Vary": "Origin",
	}}
	if headers != "" {
		a.header["Access-Control-Allow-Headers"] = headers
	}
	if maxAge != "" {
		a.header["Access-Control-Max-Age"] = maxAge
	}
	return a
}

// localPage reports whether a page of this machine asks, and pages are allowed to.
func (c *call) localPage() bool {
	return c.service.options.CORS && isLocalOrigin(c.r.Header.Get("Origin"))
}

// isLocalOrigin reports whether an origin is of this machine.
func isLocalOrigin(origin string) bool {
	u, err := url.Parse(origin)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" {
		return false
	}
	host := u.Hostname()
	ip := net.ParseIP(host)
	return host == "localhost" || strings.HasSuffix(host, ".localhost") || ip != nil && ip.IsLoopback()
}

// allowOrigin adds the headers that let a page read the answer: one of this machine, or one that a CORS rule of the
// bucket names, if the answer is about an object.
func (c *call) allowOrigin(h http.Header) {
	origin := c.r.Header.Get("Origin")
	if origin == "" || c.r.Method == http.MethodOptions || !c.localPage() && !c.ruledPage(origin) {
		return
	}
	h.Set("Access-Control-Allow-Origin", origin)
	h.Set("Access-Control-Expose-Headers", "Date, ETag, Location, x-oss-ec, x-oss-err, x-oss-hash-crc64ecma, x-oss-request-id")
	h.Set("Vary", "Origin")
}

// ruledPage reports whether a CORS rule of the bucket lets a page of origin have the object.
func (c *call) ruledPage(origin string) bool {
	if c.key == "" {
		return false
	}
	var doc []byte
	c.service.state.View(func(tx *state.Tx) error {
		doc, _ = tx.Configuration(c.bucket, "cors", "")
		return nil
	})
	return slices.ContainsFunc(corsRules(doc), func(r corsRule) bool { return r.allows(origin, c.r.Method, "") })
}

// A corsRule is one of a bucket.
type corsRule struct {
	origins, methods, headers []string
	maxAge                    string
}

// corsRules reads the document of PutBucketCors.
func corsRules(doc []byte) []corsRule {
	var rules []corsRule
	var rule corsRule
	for r := xmlcodec.NewReader(string(doc)); r.Next(); {
		t := &r.Token
		switch {
		case t.Kind == xmlcodec.Start && t.Name == "CORSRule":
			rule = corsRule{}
		case t.Kind == xmlcodec.End && t.Name == "CORSRule":
			rules = append(rules, rule)
		case t.Kind != xmlcodec.Leaf:
		case t.Name == "AllowedOrigin":
			rule.origins = append(rule.origins, t.Text)
		case t.Name == "AllowedMethod":
			rule.methods = append(rule.methods, t.Text)
		case t.Name == "AllowedHeader":
			rule.headers = append(rule.headers, t.Text)
		case t.Name == "MaxAgeSeconds":
			rule.maxAge = t.Text
		}
	}
	return rules
}

// allows reports whether the rule lets a page of origin send a request with these headers.
func (r corsRule) allows(origin, method, headers string) bool {
	if !slices.ContainsFunc(r.origins, func(p string) bool { return matches(p, origin) }) || !slices.Contains(r.methods, method) {
		return false
	}
	for name := range strings.SplitSeq(headers, ",") {
		name = strings.ToLower(strings.TrimSpace(name))
		if name != "" && !slices.ContainsFunc(r.headers, func(p string) bool { return matches(strings.ToLower(p), name) }) {
			return false
		}
	}
	return true
}

// matches compares s with a pattern in which one asterisk stands for anything.
func matches(pattern, s string) bool {
	front, back, wild := strings.Cut(pattern, "*")
	if !wild {
		return pattern == s
	}
	return len(s) >= len(front)+len(back) && strings.HasPrefix(s, front) && strings.HasSuffix(s, back)
}
