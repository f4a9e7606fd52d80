package mockoss

import (
	"net/http"
	"strings"
	"time"

	"github.com/ossconf/ossconf/harness/mockoss/internal/state"
)

// A domain is mapped to a bucket once a token stands in its DNS. Tokens are given; as nobody can prove to this server
// whose a domain is, none is ever mapped.
//
// Observed: alibabacloud-oss-go-sdk-v2, client_integration_cname_test.go (statuses, NeedVerifyDomainOwnership and its EC,
// a removal of a domain that is not mapped succeeds); aliyun-oss-go-sdk, client_test.go, TestBucketCName. Documented: the
// elements, the 72 hours, the message of NeedVerifyDomainOwnership, CnameTokenNotFound with message, EC and elements.
func cnameOperations() []operation {
	return []operation{
		{name: "CreateCnameToken", method: http.MethodPost, level: bucket, parameter: "cname", comp: "token", run: createCnameToken},
		{name: "GetCnameToken", method: http.MethodGet, level: bucket, parameter: "cname", comp: "token", run: getCnameToken},
		{name: "PutCname", method: http.MethodPost, level: bucket, parameter: "cname", comp: "add", run: putCname},
		{name: "ListCname", method: http.MethodGet, level: bucket, parameter: "cname", run: listCname},
		{name: "DeleteCname", method: http.MethodPost, level: bucket, parameter: "cname", comp: "delete", run: deleteCname},
	}
}

// tokenTime is how long a token is good.
const tokenTime = 72 * time.Hour

// domain returns the domain that the body names.
func (c *call) domain() (string, error) {
	sent, err := parseElement(c.body, "BucketCnameConfiguration")
	if err != nil {
		return "", err
	}
	name := strings.ToLower(strings.TrimSpace(sent.at("Cname", "Domain")))
	return name, checkDomain(name)
}

// checkDomain refuses what is no domain. InvalidArgument is documented for GetCnameToken, the message assumed.
func checkDomain(name string) error {
	labels := strings.Split(name, ".")
	ok := len(labels) > 1 && len(name) <= 253
	for _, label := range labels {
		ok = ok && len(label) > 0 && len(label) <= 63 && label[0] != '-' && label[len(label)-1] != '-' &&
			strings.Trim(label, "abcdefghijklmnopqrstuvwxyz0123456789-") == ""
	}
	if !ok {
		return invalidParameter("The cname is not a valid domain.", "cname", clip(name))
	}
	return nil
}

// validToken returns the token that is kept, unless it has expired: then, and for none, nil.
func validToken(kept *element, now time.Time) *element {
	until, err := time.Parse(http.TimeFormat, kept.at("ExpireTime"))
	if err != nil || !now.Before(until) {
		return nil
	}
	return kept
}

func createCnameToken(c *call) (answer, error) {
	domain, err := c.domain()
	if err != nil {
		return answer{}, err
	}
	return c.change("cnameToken", domain, func(b state.Bucket, kept *element) (*element, answer, error) {
		token := validToken(kept, c.now)
		if token == nil {
			token = (&element{name: "CnameToken"}).set("Bucket", b.Name).set("Cname", domain).
				set("Token", c.newID("cname", domain)).
				set("ExpireTime", c.now.Add(tokenTime).UTC().Format(http.TimeFormat))
		}
		return token, token.answer(), nil
	})
}

func getCnameToken(c *call) (answer, error) {
	domain := strings.ToLower(c.query.Get("cname"))
	if err := checkDomain(domain); err != nil {
		return answer{}, err
	}
	return c.look("cnameToken", domain, func(b state.Bucket, kept *element) (answer, error) {
		token := validToken(kept, c.now)
		if token == nil {
			return answer{}, &problem{status: http.StatusNotFound, code: "CnameTokenNotFound", message: "Cname token not found.",
				ec: "0018-00000301", details: []detail{{"Bucket", b.Name}, {"Cname", domain}}}
		}
		return token.answer(), nil
	})
}

func putCname(c *call) (answer, error) {
	if _, err := c.domain(); err != nil {
		return answer{}, err
	}
	return c.look("cnameToken", "", func(state.Bucket, *element) (answer, error) {
		return answer{}, &problem{status: http.StatusForbidden, code: "NeedVerifyDomainOwnership", ec: "0018-00000115",
			message: "Please verify domain ownership by CreateCnameToken and try again."}
	})
}

func listCname(c *call) (answer, error) {
	return c.look("cnameToken", "", func(b state.Bucket, _ *element) (answer, error) {
		return (&element{name: "ListCnameResult"}).set("Bucket", b.Name).set("Owner", b.Owner).answer(), nil
	})
}

func deleteCname(c *call) (answer, error) {
	if _, err := c.domain(); err != nil {
		return answer{}, err
	}
	return c.look("cnameToken", "", func(state.Bucket, *element) (answer, error) { return done(), nil })
}
