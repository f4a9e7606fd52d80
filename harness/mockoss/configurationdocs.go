package mockoss

import (
	"bytes"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/ossconf/ossconf/jsoncodec"
	"github.com/ossconf/ossconf/xmlcodec"
)

// stored returns what is kept of the body of a put, which is the body unless the configuration says otherwise. The
// error is a *problem: the body is not well-formed or has another root element. What is inside is not looked at.
func (cfg *configuration) stored(body []byte, p putting) ([]byte, error) {
	switch {
	case cfg.root == "" && !isJSONObject(body):
		return nil, invalidPolicy()
	case cfg.root != "" && !hasRoot(body, cfg.root):
		return nil, malformedXML()
	case cfg.keep == nil:
		return bytes.Clone(body), nil
	}
	return cfg.keep(body, p)
}

// invalidPolicy has the documented code and message; that PutBucketPolicy answers with them is assumed.
func invalidPolicy() *problem {
	return &problem{status: http.StatusBadRequest, code: "InvalidPolicyDocument",
		message: "Invalid policy document, please check."}
}

func isJSONObject(text []byte) bool {
	v, err := jsoncodec.Parse(string(text))
	return err == nil && v.Kind() == jsoncodec.Object
}

// hasRoot reports whether doc is well-formed and its root element is named root.
func hasRoot(doc []byte, root string) bool {
	r := xmlcodec.NewReader(string(doc))
	ok := r.Next() && r.Token.Name == root
	for r.Next() {
	}
	return ok && r.Err() == nil
}

// emptyDocument returns a document with nothing in its root element.
func emptyDocument(root string) string {
	return string(xmlAnswer(func(d *document) { d.leaf(root, "") }).body)
}

// leafDocument returns a document with one leaf in its root element.
func leafDocument(root, name, text string) string {
	return string(xmlAnswer(func(d *document) {
		d.w.Start(root)
		d.leaf(name, text)
		d.w.End(root)
	}).body)
}

func defaultReferer() string {
	return string(xmlAnswer(func(d *document) {
		d.w.Start("RefererConfiguration")
		d.leaf("AllowEmptyReferer", "true")
		d.leaf("AllowTruncateQueryString", "true")
		d.leaf("RefererList", "")
		d.w.End("RefererConfiguration")
	}).body)
}

// child returns the text of the first leaf named name in the root element of doc, and whether there is one.
func child(doc []byte, name string) (string, bool) {
	r := xmlcodec.NewReader(string(doc))
	for r.Next() {
		if r.Token.Kind == xmlcodec.Leaf && r.Token.Name == name && r.Depth() == 1 {
			return r.Token.Text, true
		}
	}
	return "", false
}

// copy writes the elements of doc, which is well-formed.
func (d *document) copy(doc []byte) {
	r := xmlcodec.NewReader(string(doc))
	for r.Next() {
		d.w.Token(&r.Token)
	}
}

// keepStyle makes of what PutStyle sends what GetStyle returns: with its name, its category if one was given, and its
// times. The elements are those of https://help.aliyun.com/en/oss/developer-reference/getstyle.
func keepStyle(body []byte, p putting) ([]byte, error) {
	content, ok := child(body, "Content")
	if !ok {
		return nil, malformedXML()
	}
	now := p.now.UTC().Format(http.TimeFormat)
	created, ok := child(p.before, "CreateTime")
	if !ok {
		created = now
	}
	return xmlAnswer(func(d *document) {
		d.w.Start("Style")
		d.leaf("Name", p.id)
		d.leaf("Content", content)
		if category := p.query.Get("category"); category != "" {
			d.leaf("Category", category)
		}
		d.leaf("CreateTime", created)
		d.leaf("LastModifyTime", now)
		d.w.End("Style")
	}).body, nil
}

// styleList lists styles in the order in which they were made (observed: aliyun-oss-go-sdk, client_test.go,
// TestBucketStyle), and is empty where there are none (observed there).
func styleList(entries []entry, _ url.Values) ([]byte, error) {
	return xmlAnswer(func(d *document) {
		d.w.Start("StyleList")
		for _, e := range entries {
			d.copy(e.doc)
		}
		d.w.End("StyleList")
	}).body, nil
}

func noSuchInventory() *problem {
	return notConfigured("NoSuchInventory", "No Row found in Inventory Table.", "")
}

// inventoryPage is how many inventories are on a page of a list.
const inventoryPage = 100

// inventoryList lists inventories by id; continuation-token is the last id of the page before. Size, order and token
// are observed: aliyun-oss-go-sdk, client_test.go, TestBucketInventory, where the token after report1 to report108 is
// report91, marker and max-keys are passed and make no difference, and a bucket without any gets an error.
func inventoryList(entries []entry, query url.Values) ([]byte, error) {
	if len(entries) == 0 {
		return nil, noSuchInventory()
	}
	after := query.Get("continuation-token")
	page := slices.DeleteFunc(slices.Clone(entries), func(e entry) bool { return e.id <= after })
	slices.SortFunc(page, func(a, b entry) int { return strings.Compare(a.id, b.id) })
	truncated := len(page) > inventoryPage
	page = page[:min(len(page), inventoryPage)]
	return xmlAnswer(func(d *document) {
		d.w.Start("ListInventoryConfigurationsResult")
		for _, e := range page {
			d.copy(e.doc)
		}
		d.leaf("IsTruncated", strconv.FormatBool(truncated))
		if truncated {
			d.leaf("NextContinuationToken", page[len(page)-1].id)
		}
		d.w.End("ListInventoryConfigurationsResult")
	}).body, nil
}

// showUsage adds to a quota the bytes that the bucket holds. Where the element stands is assumed.
func showUsage(doc []byte, storage int64) ([]byte, error) {
	return xmlAnswer(func(d *document) {
		d.w.Start("QuotaConfiguration")
		for r := xmlcodec.NewReader(string(doc)); r.Next(); {
			if name := r.Token.Name; name != "QuotaConfiguration" && name != "CurrentUsage" {
				d.w.Token(&r.Token)
			}
		}
		d.leaf("CurrentUsage", strconv.FormatInt(storage, 10))
		d.w.End("QuotaConfiguration")
	}).body, nil
}

// defaultResourceGroup is the one resource group that the accounts of the service have.
const defaultResourceGroup = "rg-acfmmockoss0000"

func resourceGroupDocument() string {
	return leafDocument("BucketResourceGroupConfiguration", "ResourceGroupId", defaultResourceGroup)
}

// keepResourceGroup refuses a resource group that does not exist and takes none for the default one. Both are observed:
// alibabacloud-oss-go-sdk-v2, client_integration_bucket_resource_group_test.go; aliyun-oss-go-sdk, client_test.go,
// TestBucketResourceGroup.
func keepResourceGroup(body []byte, _ putting) ([]byte, error) {
	if id, _ := child(body, "ResourceGroupId"); id != "" && id != defaultResourceGroup {
		return nil, &problem{status: http.StatusBadRequest, code: "ResourceGroupIdPreCheckError",
			message: "The resource group id precheck error", ec: "0039-00000003"}
	}
	return []byte(resourceGroupDocument()), nil
}

// policyStatus tells whether a policy allows something to everyone.
func policyStatus(policy []byte, _ int64) ([]byte, error) {
	public, err := isPublic(policy)
	if err != nil {
		return nil, err
	}
	return []byte(leafDocument("PolicyStatus", "IsPublic", strconv.FormatBool(public))), nil
}

// isPublic reports whether a policy allows something to everyone: to the principal * or, which is assumed, to none in
// particular. A condition may leave that to few, and which do is for OSS to say: the error is then NotImplemented.
func isPublic(policy []byte) (bool, error) {
	root, err := jsoncodec.Parse(string(policy))
	if err != nil {
		return false, invalidPolicy()
	}
	undecided := false
	for s := member(root, "Statement").First(); s.OK(); s = s.Next() {
		switch {
		case member(s, "Effect").Text() != "Allow" || !isEveryone(member(s, "Principal")):
		case member(s, "Condition").First().OK() || member(s, "NotPrincipal").OK():
			undecided = true
		default:
			return true, nil
		}
	}
	if undecided {
		return false, &problem{status: http.StatusNotImplemented, code: "NotImplemented",
			message: "This server does not decide whether a policy is public that allows something to everyone with a " +
				"Condition or NotPrincipal."}
	}
	return false, nil
}

// member returns the member of an object that is named name, or no value.
func member(v jsoncodec.Value, name string) jsoncodec.Value {
	m := v.First()
	for m.OK() && m.Name() != name {
		m = m.Next()
	}
	return m
}

// isEveryone reports whether a Principal, a name or a list of names, includes all, as no Principal does.
func isEveryone(principal jsoncodec.Value) bool {
	if principal.Kind() != jsoncodec.Array {
		return !principal.OK() || principal.Text() == "*"
	}
	for p := principal.First(); p.OK(); p = p.Next() {
		if p.Text() == "*" {
			return true
		}
	}
	return false
}
