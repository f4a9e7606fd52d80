package mockoss

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/ossconf/ossconf/harness/mockoss/internal/state"
)

// accessPointName is the header, or query parameter, that names an access point.
const accessPointName = "x-oss-access-point-name"

// Access points are stored and listed. They are no addresses of their buckets here, so no Endpoints are shown.
//
// Observed: alibabacloud-oss-go-sdk-v2, client_integration_access_point_test.go (statuses; that a listing of a bucket that
// does not exist is an error). Documented: the elements, the rules for names, that the name is in a header;
// terraform-provider-alicloud sends it in the query, and expects NoSuchAccessPoint. Assumed: the messages, that a new one
// is enabled at once, and what a name that is taken is answered.
func accessPointOperations() []operation {
	pages := []string{"max-keys", "continuation-token"}
	return []operation{
		{name: "CreateAccessPoint", method: http.MethodPut, level: bucket, parameter: "accessPoint", run: createAccessPoint},
		{name: "GetAccessPoint", method: http.MethodGet, level: bucket, parameter: "accessPoint", id: accessPointName, run: getAccessPoint},
		{name: "DeleteAccessPoint", method: http.MethodDelete, level: bucket, parameter: "accessPoint", id: accessPointName,
			run: deleteAccessPoint},
		{name: "ListAccessPoints", method: http.MethodGet, level: bucket, parameter: "accessPoint", further: pages, run: listAccessPoints},
		{name: "ListAccessPoints", method: http.MethodGet, level: service, parameter: "accessPoint", further: pages, run: listAccessPoints},
	}
}

func noSuchAccessPoint() *problem {
	return notConfigured("NoSuchAccessPoint", "The specified access point does not exist.", "")
}

// validAccessPointName reports whether name keeps the rules of
// https://help.aliyun.com/en/oss/developer-reference/createaccesspoint.
func validAccessPointName(name string) bool {
	return len(name) <= 19 && validBucketName(name) && !strings.HasSuffix(name, "-ossalias")
}

func createAccessPoint(c *call) (answer, error) {
	sent, err := parseElement(c.body, "CreateAccessPointConfiguration")
	if err != nil {
		return answer{}, err
	}
	name, origin, vpc := sent.at("AccessPointName"), sent.at("NetworkOrigin"), sent.at("VpcConfiguration", "VpcId")
	switch {
	case !validAccessPointName(name):
		return answer{}, invalidParameter("The access point name is not valid.", "AccessPointName", clip(name))
	case origin != "internet" && (origin != "vpc" || vpc == ""):
		return answer{}, malformedXML()
	}
	var made *element
	err = c.service.state.Update(func(tx *state.Tx) error {
		b, err := c.find(tx, manage)
		if err != nil {
			return err
		}
		taken, err := c.accessPoints(tx, "")
		if err != nil {
			return err
		}
		if slices.ContainsFunc(taken, func(p *element) bool { return p.at("AccessPointName") == name }) {
			return &problem{status: http.StatusConflict, code: "AccessPointAlreadyExists",
				message: "The specified access point already exists."}
		}
		made = c.newAccessPoint(b, name, origin, sent.child("VpcConfiguration"))
		return tx.PutConfiguration(b.Name, "accessPoint", name, made.document())
	})
	if err != nil {
		return answer{}, err
	}
	return (&element{name: "CreateAccessPointResult"}).add(made.child("AccessPointArn"), made.child("Alias")).answer(), nil
}

func (c *call) newAccessPoint(b state.Bucket, name, origin string, vpc *element) *element {
	return (&element{name: "GetAccessPointResult"}).set("AccessPointName", name).set("Bucket", b.Name).
		set("AccountId", b.Owner).set("NetworkOrigin", origin).add(vpc).
		set("AccessPointArn", "acs:oss:"+b.Region+":"+b.Owner+":accesspoint/"+name).
		set("CreationDate", strconv.FormatInt(c.now.Unix(), 10)).
		set("Alias", name+"-"+c.newID("accessPoint", name)+"-ossalias").set("Status", "enable")
}

// accessPoints returns those of the caller in the location that the request is for, or of one bucket, by name.
func (c *call) accessPoints(tx *state.Tx, bucket string) ([]*element, error) {
	var list []*element
	for _, b := range tx.Buckets() {
		if b.Owner != c.owner || b.Region != c.place.Region || bucket != "" && b.Name != bucket {
			continue
		}
		for name := range tx.Configurations(b.Name, "accessPoint") {
			p, err := keptUnder(tx, b, "accessPoint", name)
			if err != nil {
				return nil, err
			}
			list = append(list, p)
		}
	}
	slices.SortFunc(list, func(a, b *element) int { return strings.Compare(a.at("AccessPointName"), b.at("AccessPointName")) })
	return list, nil
}

func getAccessPoint(c *call) (answer, error) {
	name := c.value(accessPointName)
	return c.view(manage, func(tx *state.Tx, b state.Bucket) (answer, error) {
		point, err := keptUnder(tx, b, "accessPoint", name)
		switch {
		case err != nil:
			return answer{}, err
		case point == nil:
			return answer{}, noSuchAccessPoint()
		}
		doc, ok := tx.Configuration(b.Name, "publicAccessBlock", name)
		block := textAt(doc, "PublicAccessBlockConfiguration", "BlockPublicAccess")
		if !ok {
			block = "true"
		}
		point.add((&element{name: "PublicAccessBlockConfiguration"}).set("BlockPublicAccess", block))
		return point.answer(), nil
	})
}

// deleteAccessPoint removes an access point with its policy and its block.
func deleteAccessPoint(c *call) (answer, error) {
	name := c.value(accessPointName)
	return c.update(manage, gone(), func(tx *state.Tx, b state.Bucket) error {
		if _, ok := tx.Configuration(b.Name, "accessPoint", name); !ok {
			return noSuchAccessPoint()
		}
		for _, resource := range []string{"accessPoint", "accessPointPolicy", "publicAccessBlock"} {
			if err := tx.DeleteConfiguration(b.Name, resource, name); err != nil {
				return err
			}
		}
		return nil
	})
}

// listAccessPoints lists the access points of a bucket, or of the caller; continuation-token is the last name of the page
// before.
func listAccessPoints(c *call) (answer, error) {
	limit, err := c.limit("max-keys")
	if err != nil {
		return answer{}, err
	}
	var points []*element
	err = c.service.state.View(func(tx *state.Tx) (err error) {
		if c.bucket != "" {
			if _, err := c.find(tx, manage); err != nil {
				return err
			}
		}
		points, err = c.accessPoints(tx, c.bucket)
		return err
	})
	if err != nil {
		return answer{}, err
	}
	return accessPointPage(points, c.query.Get("continuation-token"), limit).
		set("AccountId", c.owner).set("MaxKeys", decimal(limit)).answer(), nil
}

// accessPointPage returns at most limit of the access points, which are in order, whose names come after a name.
func accessPointPage(points []*element, after string, limit int) *element {
	start, _ := slices.BinarySearchFunc(points, after, func(p *element, after string) int {
		if p.at("AccessPointName") <= after {
			return -1
		}
		return 1
	})
	points = points[start:]
	result := (&element{name: "ListAccessPointsResult"}).set("IsTruncated", boolean(len(points) > limit))
	if len(points) > limit {
		points = points[:limit]
		result.set("NextContinuationToken", points[limit-1].at("AccessPointName"))
	}
	list := &element{name: "AccessPoints"}
	for _, p := range points {
		shown := &element{name: "AccessPoint"}
		for _, name := range []string{"Bucket", "AccessPointName", "Alias", "NetworkOrigin", "VpcConfiguration", "Status"} {
			shown.add(p.child(name))
		}
		list.add(shown)
	}
	return result.add(list)
}
