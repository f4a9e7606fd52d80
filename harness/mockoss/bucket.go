package mockoss

import (
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/ossconf/ossconf/harness/mockoss/internal/state"
	"github.com/ossconf/ossconf/xmlcodec"
)

// newBucket returns a bucket with what OSS gives one by default.
func newBucket(name, owner, region string, now time.Time) state.Bucket {
	return state.Bucket{Name: name, Owner: owner, Region: region, Created: now.UTC(), ACL: aclPrivate,
		StorageClass: "Standard", DataRedundancyType: "LRS", ResourceGroupID: defaultResourceGroup}
}

// putBucket makes a bucket; one that the caller already owns is as good.
func putBucket(c *call) (answer, error) {
	b := newBucket(c.bucket, c.owner, c.place.Region, c.now)
	if err := c.describeBucket(&b); err != nil {
		return answer{}, err
	}
	err := c.service.state.Update(func(tx *state.Tx) error {
		old, exists := tx.Bucket(c.bucket)
		switch {
		case exists && old.Owner != c.owner:
			return bucketAlreadyExists(c.bucket)
		case b.ACL != aclPrivate && (!exists || blocksPublic(tx, old)):
			return publicACLBlocked("bucket")
		case !exists:
			return tx.PutBucket(b)
		case c.r.Header.Get("X-Oss-Acl") != "":
			old.ACL = b.ACL
			return tx.PutBucket(old)
		}
		return nil
	})
	return answer{status: http.StatusOK, header: map[string]string{"Location": "/" + c.bucket}}, err
}

// describeBucket takes what the request wants of a new bucket.
func (c *call) describeBucket(b *state.Bucket) error {
	if acl := c.r.Header.Get("X-Oss-Acl"); acl != "" {
		if !isACL(acl) {
			return noSuchACL("x-oss-acl", acl)
		}
		b.ACL = acl
	}
	if group := c.r.Header.Get("X-Oss-Resource-Group-Id"); group != "" {
		b.ResourceGroupID = group
	}
	if len(c.body) == 0 {
		return nil
	}
	root := ""
	r := xmlcodec.NewReader(string(c.body))
	for r.Next() {
		if root == "" {
			root = r.Token.Name
		}
		if r.Token.Kind != xmlcodec.Leaf || r.Token.Text == "" {
			continue
		}
		switch r.Token.Name {
		case "StorageClass":
			b.StorageClass = r.Token.Text
		case "DataRedundancyType":
			b.DataRedundancyType = r.Token.Text
		}
	}
	if r.Err() != nil || root != "CreateBucketConfiguration" {
		return malformedXML()
	}
	return nil
}

func deleteBucket(c *call) (answer, error) {
	return c.update(manage, answer{status: http.StatusNoContent}, func(tx *state.Tx, b state.Bucket) error {
		if !tx.Empty(b.Name) {
			return bucketNotEmpty(b.Name)
		}
		return tx.DeleteBucket(b.Name)
	})
}

// getBucketInfo answers with the elements and the order of
// https://help.aliyun.com/en/oss/developer-reference/getbucketinfo.
func getBucketInfo(c *call) (answer, error) {
	return c.view(manage, func(tx *state.Tx, b state.Bucket) (answer, error) {
		// setting returns what a configuration of the bucket says in an element below others, or what holds without one.
		setting := func(resource, otherwise string, path ...string) string {
			doc, _ := tx.Configuration(b.Name, resource, "")
			if v := textAt(doc, path...); v != "" {
				return v
			}
			return otherwise
		}
		return xmlAnswer(func(d *document) {
			d.w.Start("BucketInfo")
			d.w.Start("Bucket")
			d.leaf("AccessMonitor", setting("accessmonitor", "Disabled", "AccessMonitorConfiguration", "Status"))
			d.leaf("BlockPublicAccess", boolean(bucketBlocksPublic(tx, b.Name)))
			d.leaf("CreationDate", stamp(b.Created))
			d.leaf("ExtranetEndpoint", c.service.placeOf(b.Region).endpoint(false))
			d.leaf("IntranetEndpoint", c.service.placeOf(b.Region).endpoint(true))
			d.leaf("Location", c.service.placeOf(b.Region).id())
			d.leaf("StorageClass", b.StorageClass)
			d.leaf("DataRedundancyType", b.DataRedundancyType)
			d.leaf("TransferAcceleration", enabledness(setting("transferAcceleration", "false", "TransferAccelerationConfiguration", "Enabled")))
			d.leaf("CrossRegionReplication", enabledness(boolean(replicates(tx, b, c.service.placeOf(b.Region).id(), c.now))))
			d.leaf("Name", b.Name)
			d.leaf("ResourceGroupId", resourceGroup(tx, b))
			d.w.Start("Owner")
			d.leaf("DisplayName", b.Owner)
			d.leaf("ID", b.Owner)
			d.w.End("Owner")
			d.w.Start("AccessControlList")
			d.leaf("Grant", b.ACL)
			d.w.End("AccessControlList")
			d.w.Start("ServerSideEncryptionRule")
			d.leaf("SSEAlgorithm", setting("encryption", "None", "ServerSideEncryptionRule", "ApplyServerSideEncryptionByDefault", "SSEAlgorithm"))
			d.w.End("ServerSideEncryptionRule")
			d.w.Start("BucketPolicy")
			d.leaf("LogBucket", setting("logging", "", "BucketLoggingStatus", "LoggingEnabled", "TargetBucket"))
			d.leaf("LogPrefix", setting("logging", "", "BucketLoggingStatus", "LoggingEnabled", "TargetPrefix"))
			d.w.End("BucketPolicy")
			if v := setting("versioning", "", "VersioningConfiguration", "Status"); v != "" {
				d.leaf("Versioning", v)
			}
			d.w.End("Bucket")
			d.w.End("BucketInfo")
		}), nil
	})
}

// textAt returns the text of the first element of a document that stands below these others, empty if there is none.
func textAt(doc []byte, path ...string) string {
	var open []string
	for r := xmlcodec.NewReader(string(doc)); r.Next(); {
		switch t := &r.Token; t.Kind {
		case xmlcodec.Start:
			open = append(open, t.Name)
		case xmlcodec.End:
			open = open[:len(open)-1]
		case xmlcodec.Leaf:
			if slices.Equal(append(open[:len(open):len(open)], t.Name), path) {
				return t.Text
			}
		}
	}
	return ""
}

// resourceGroup returns the resource group of a bucket: that of PutBucketResourceGroup, or the one it was made in.
func resourceGroup(tx *state.Tx, b state.Bucket) string {
	doc, _ := tx.Configuration(b.Name, "resourceGroup", "")
	if id := textAt(doc, "BucketResourceGroupConfiguration", "ResourceGroupId"); id != "" {
		return id
	}
	return b.ResourceGroupID
}

func enabledness(boolean string) string {
	if boolean == "true" {
		return "Enabled"
	}
	return "Disabled"
}

// getBucketStat answers with what there is and, for the storage classes and parts that there are not, nothing. The
// elements and their order are those of https://help.aliyun.com/en/oss/developer-reference/getbucketstat.
func getBucketStat(c *call) (answer, error) {
	return c.view(manage, func(tx *state.Tx, b state.Bucket) (answer, error) {
		objects, bytes := tx.Usage(b.Name)
		values := map[string]int64{"Storage": bytes, "ObjectCount": int64(objects), "LastModifiedTime": c.now.Unix(),
			"StandardStorage": bytes, "StandardObjectCount": int64(objects)}
		return xmlAnswer(func(d *document) {
			d.w.Start("BucketStat")
			for _, name := range []string{"Storage", "ObjectCount", "MultipartUploadCount", "LiveChannelCount", "LastModifiedTime",
				"StandardStorage", "StandardObjectCount", "InfrequentAccessStorage", "InfrequentAccessRealStorage",
				"InfrequentAccessObjectCount", "ArchiveStorage", "ArchiveRealStorage", "ArchiveObjectCount", "ColdArchiveStorage",
				"ColdArchiveRealStorage", "ColdArchiveObjectCount", "DeepColdArchiveStorage", "DeepColdArchiveRealStorage",
				"DeepColdArchiveObjectCount", "MultipartPartCount", "DeleteMarkerCount"} {
				d.leaf(name, strconv.FormatInt(values[name], 10))
			}
			d.w.End("BucketStat")
		}), nil
	})
}

func getBucketLocation(c *call) (answer, error) {
	return c.view(manage, func(_ *state.Tx, b state.Bucket) (answer, error) {
		return xmlAnswer(func(d *document) { d.leaf("LocationConstraint", c.service.placeOf(b.Region).id()) }), nil
	})
}

func decimal(n int) string { return strconv.Itoa(n) }

func boolean(b bool) string { return strconv.FormatBool(b) }
