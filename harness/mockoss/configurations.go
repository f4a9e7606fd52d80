package mockoss

import (
	"net/http"
	"net/url"
	"time"
)

// A configuration is a sub-resource of a bucket that is stored and returned, and on which the service acts no further.
// Its operations differ in nothing but what the fields say. A put is PUT with the document and answers 200; a get
// answers 200 with the document as it was sent; a list is a get without the id; a remove is DELETE and answers 204,
// also where there is nothing to remove (observed for policy, style and inventory: aliyun-oss-go-sdk, client_test.go).
type configuration struct {
	resource string // the query parameter, such as cors
	id       string // the parameter that tells several of one bucket apart, see call.value; empty for one per bucket
	of       string // the resource whose document get shows, for one that only looks at another; else empty
	root     string // the root element of the body; empty for JSON, which is answered as application/json

	put, get, list, remove string   // the names of the operations; empty where OSS has none
	further                []string // query parameters that the operations take besides

	initial string   // the document that get returns before anything was put, or
	missing *problem // the error that it answers instead
	cleared string   // the document that get returns after a remove; empty for that of before
	absent  *problem // what a put to a bucket that does not exist answers instead of NoSuchBucket

	keep  func(body []byte, p putting) ([]byte, error)              // makes of the body of a put what is stored
	show  func(doc []byte, storage int64) ([]byte, error)           // makes of that what get returns
	lists func(entries []entry, query url.Values) ([]byte, error)   // makes what list returns
	drop  func(doc []byte, selection string) (rest []byte, e error) // leaves what remove?resource=selection does not name
}

// A putting is what a put knows besides the body.
type putting struct {
	id     string // the value of the parameter id
	query  url.Values
	now    time.Time
	before []byte // the document that is stored so far; nil for none
}

// An entry is one of several configurations of a bucket.
type entry struct {
	id  string
	doc []byte
}

// notConfigured is the error of a get where nothing was put.
func notConfigured(code, message, ec string) *problem {
	return &problem{status: http.StatusNotFound, code: code, message: message, ec: ec}
}

// configurations returns the configurations that are stored and returned. What get answers before a put comes from
//   - the vendor's tests against the real service (observed), named by repository and file;
//   - the OSS documents (documented): the page of the operation, https://help.aliyun.com/en/oss/user-guide/ with the
//     HTTP status (http-status-code-404) for messages and with the EC for ECs, which is left out where none is there;
//   - nowhere (assumed).
func configurations() []configuration {
	return []configuration{
		// Observed: aliyun-oss-python-sdk, tests/test_bucket.py. Message and EC documented.
		{resource: "cors", root: "CORSConfiguration",
			put: "PutBucketCors", get: "GetBucketCors", remove: "DeleteBucketCors",
			missing: notConfigured("NoSuchCORSConfiguration", "The CORS Configuration does not exist.", "0034-00000001")},
		// Observed: aliyun-oss-go-sdk, client_test.go, TestBucketRefererV2. Whether there is a TruncatePath was not seen.
		{resource: "referer", root: "RefererConfiguration", put: "PutBucketReferer", get: "GetBucketReferer",
			initial: defaultReferer()},
		// Observed: aliyun-oss-python-sdk, tests/test_bucket.py. Message documented.
		{resource: "website", root: "WebsiteConfiguration",
			put: "PutBucketWebsite", get: "GetBucketWebsite", remove: "DeleteBucketWebsite",
			missing: notConfigured("NoSuchWebsiteConfiguration",
				"The specified bucket does not have a website configuration.", "")},
		// Observed: aliyun-oss-python-sdk, tests/test_bucket.py. Message documented.
		{resource: "lifecycle", root: "LifecycleConfiguration",
			put: "PutBucketLifecycle", get: "GetBucketLifecycle", remove: "DeleteBucketLifecycle",
			missing: notConfigured("NoSuchLifecycle", "No Row found in Lifecycle Table.", "")},
		// Observed, before a put and after a remove: aliyun-oss-go-sdk, client_test.go, TestDeleteBucketLogging; the empty
		// element documented.
		{resource: "logging", root: "BucketLoggingStatus",
			put: "PutBucketLogging", get: "GetBucketLogging", remove: "DeleteBucketLogging",
			initial: emptyDocument("BucketLoggingStatus")},
		// Observed: alibabacloud-oss-java-sdk-v2, the tests of user-defined log fields. Message assumed.
		{resource: "userDefinedLogFieldsConfig", root: "UserDefinedLogFieldsConfiguration",
			put: "PutUserDefinedLogFieldsConfig", get: "GetUserDefinedLogFieldsConfig",
			remove: "DeleteUserDefinedLogFieldsConfig",
			missing: notConfigured("NoSuchUserDefinedLogFieldsConfig",
				"The specified user defined log fields config does not exist.", "")},
		// Observed: aliyun-oss-python-sdk, tests/test_bucket.py. Message and EC documented.
		{resource: "encryption", root: "ServerSideEncryptionRule",
			put: "PutBucketEncryption", get: "GetBucketEncryption", remove: "DeleteBucketEncryption",
			missing: notConfigured("NoSuchServerSideEncryptionRule",
				"The server side encryption configuration was not found.", "0005-00000004")},
		// Observed, no Status: alibabacloud-oss-go-sdk-v2, client_integration_bucket_versioning_test.go.
		{resource: "versioning", root: "VersioningConfiguration",
			put: "PutBucketVersioning", get: "GetBucketVersioning", initial: emptyDocument("VersioningConfiguration")},
		// Observed: aliyun-oss-python-sdk, tests/test_bucket_transfer_acceleration.py; the remove, which the documents do
		// not have: aliyun-oss-go-sdk, client_test.go, TestBucketTransferAcc. Message and EC documented.
		{resource: "transferAcceleration", root: "TransferAccelerationConfiguration",
			put: "PutBucketTransferAcceleration", get: "GetBucketTransferAcceleration",
			remove: "DeleteBucketTransferAcceleration",
			missing: notConfigured("NoSuchTransferAccelerationConfiguration",
				"The bucket you specified does not have transfer acceleration configuration.", "0028-00000004")},
		// Observed: aliyun-oss-go-sdk, client_test.go, TestBucketAccessMonitor.
		{resource: "accessmonitor", root: "AccessMonitorConfiguration",
			put: "PutBucketAccessMonitor", get: "GetBucketAccessMonitor",
			initial: leafDocument("AccessMonitorConfiguration", "Status", "Disabled")},
		// Observed: aliyun-oss-java-sdk, BucketPolicyTest. Message and EC documented.
		{resource: "policy", put: "PutBucketPolicy", get: "GetBucketPolicy", remove: "DeleteBucketPolicy",
			missing: notConfigured("NoSuchBucketPolicy", "The specified bucket policy does not exist.", "0030-00000006")},
		// Documented: false also without a policy.
		{resource: "policyStatus", of: "policy", get: "GetBucketPolicyStatus", show: policyStatus,
			initial: leafDocument("PolicyStatus", "IsPublic", "false")},
		// Observed: alibabacloud-oss-go-sdk-v2, client_integration_access_point_test.go. What a get answers before a put is
		// assumed, as is what it says after a remove of the block.
		{resource: "accessPointPolicy", id: accessPointName,
			put: "PutAccessPointPolicy", get: "GetAccessPointPolicy", remove: "DeleteAccessPointPolicy",
			missing: notConfigured("NoSuchAccessPointPolicy", "The specified access point policy does not exist.", "")},
		{resource: "publicAccessBlock", id: accessPointName, root: "PublicAccessBlockConfiguration",
			put: "PutAccessPointPublicAccessBlock", get: "GetAccessPointPublicAccessBlock", remove: "DeleteAccessPointPublicAccessBlock",
			initial: leafDocument("PublicAccessBlockConfiguration", "BlockPublicAccess", "true"),
			cleared: leafDocument("PublicAccessBlockConfiguration", "BlockPublicAccess", "false")},
		// Observed, true in GetBucketInfo of a new bucket: alibabacloud-oss-go-sdk-v2,
		// client_integration_bucket_basic_test.go. That a get says the same, and what it says after a remove: assumed.
		{resource: "publicAccessBlock", root: "PublicAccessBlockConfiguration",
			put: "PutBucketPublicAccessBlock", get: "GetBucketPublicAccessBlock", remove: "DeleteBucketPublicAccessBlock",
			initial: leafDocument("PublicAccessBlockConfiguration", "BlockPublicAccess", "true"),
			cleared: leafDocument("PublicAccessBlockConfiguration", "BlockPublicAccess", "false")},
		// Observed: alibabacloud-oss-java-sdk-v2 and aliyun-oss-csharp-sdk, the tests of inventories. Message documented.
		{resource: "inventory", id: "inventoryId", root: "InventoryConfiguration",
			put: "PutBucketInventory", get: "GetBucketInventory", list: "ListBucketInventory",
			remove: "DeleteBucketInventory", further: []string{"continuation-token", "marker", "max-keys"},
			missing: noSuchInventory(), lists: inventoryList},
		// The code is that which terraform-provider-alicloud expects. Status and message assumed.
		{resource: "responseHeader", root: "ResponseHeaderConfiguration",
			put: "PutBucketResponseHeader", get: "GetBucketResponseHeader", remove: "DeleteBucketResponseHeader",
			missing: notConfigured("NoSuchResponseHeaderConfiguration",
				"The response header configuration does not exist.", "")},
		// Observed: aliyun-oss-go-sdk, client_test.go, TestBucketStyle. Message documented.
		{resource: "style", id: "styleName", root: "Style", further: []string{"category"},
			put: "PutStyle", get: "GetStyle", list: "ListStyle", remove: "DeleteStyle",
			missing: notConfigured("NoSuchStyle", "No Such Image Style.", ""), keep: keepStyle, lists: styleList},
		// Observed: alibabacloud-oss-go-sdk-v2, client_integration_bucket_request_payment_test.go.
		{resource: "requestPayment", root: "RequestPaymentConfiguration",
			put: "PutBucketRequestPayment", get: "GetBucketRequestPayment",
			initial: leafDocument("RequestPaymentConfiguration", "Payer", "BucketOwner")},
		// Observed, no tags after a remove: aliyun-oss-go-sdk, client_test.go, TestBucketTaggingOperation; the empty
		// element documented.
		{resource: "tagging", root: "Tagging", put: "PutBucketTags", get: "GetBucketTags", remove: "DeleteBucketTags",
			initial: emptyDocument("Tagging"), drop: withoutTags},
		// Assumed.
		{resource: "bucketArchiveDirectRead", root: "ArchiveDirectReadConfiguration",
			put: "PutBucketArchiveDirectRead", get: "GetBucketArchiveDirectRead",
			initial: leafDocument("ArchiveDirectReadConfiguration", "Enabled", "false")},
		// Observed, some id: alibabacloud-oss-go-sdk-v2, client_integration_bucket_resource_group_test.go.
		{resource: "resourceGroup", root: "BucketResourceGroupConfiguration",
			put: "PutBucketResourceGroup", get: "GetBucketResourceGroup", keep: keepResourceGroup,
			initial: resourceGroupDocument()},
		// Documented, a 404; the code, that of a retention policy of the bucket, and the message assumed. The put observed:
		// alibabacloud-oss-go-sdk-v2, client_integration_bucket_worm_test.go.
		{resource: "objectWorm", root: "ObjectWormConfiguration",
			put: "PutBucketObjectWormConfiguration", get: "GetBucketObjectWormConfiguration",
			missing: notConfigured("NoSuchWORMConfiguration", "The WORM Configuration does not exist.", ""),
			absent:  malformedXML()},
		// Observed: alibabacloud-oss-kotlin-sdk-v2, the test of the overwrite configuration; the put:
		// alibabacloud-oss-go-sdk-v2, client_integration_bucket_overwrite_config_test.go. Message assumed.
		{resource: "overwriteConfig", root: "OverwriteConfiguration",
			put: "PutBucketOverwriteConfig", get: "GetBucketOverwriteConfig", remove: "DeleteBucketOverwriteConfig",
			missing: notConfigured("NoSuchBucketOverwriteConfig", "The bucket overwrite config does not exist.", ""),
			absent:  malformedXML()},
		// Observed for the like configuration of an agentic bucket: alibabacloud-oss-python-sdk-v2. Message assumed. That a
		// get also tells the usage observed: alibabacloud-oss-java-sdk-v2, ClientBucketStorageQuotaTest.
		{resource: "quota", root: "QuotaConfiguration",
			put: "PutBucketStorageQuota", get: "GetBucketStorageQuota", remove: "DeleteBucketStorageQuota",
			missing: notConfigured("NoSuchBucketStorageQuotaConfiguration",
				"The bucket storage quota configuration does not exist.", ""), show: showUsage},
	}
}

// An omission is a group of operations on bucket configurations that are not implemented.
type omission struct {
	operations []string
	reason     string
}

// omissions returns what is left out: here a request has objects read or changed, so that to store and return would be a
// wrong answer.
func omissions() []omission {
	return []omission{
		{[]string{"DoMetaQuery"}, "objects are searched by their metadata"},
		{[]string{"CreateAccessPointForObjectProcess", "GetAccessPointForObjectProcess", "ListAccessPointsForObjectProcess",
			"DeleteAccessPointForObjectProcess", "PutAccessPointPolicyForObjectProcess", "GetAccessPointPolicyForObjectProcess",
			"DeleteAccessPointPolicyForObjectProcess", "PutAccessPointConfigForObjectProcess",
			"GetAccessPointConfigForObjectProcess", "WriteGetObjectResponse"},
			"objects go through a function of Function Compute on their way to the client"},
	}
}
