package mockoss

import (
	"net/http"
	"strconv"
)

// A problem is an error of OSS: what the client gets instead of what it asked for.
type problem struct {
	status  int
	code    string
	message string
	ec      string // the fine-grained error code; empty where it is not known
	details []detail
}

// A detail is an element of the error document that only this error has.
type detail struct{ name, value string }

// Error returns code and message.
func (p *problem) Error() string { return p.code + ": " + p.message }

// The EC and message of each error below come from the OSS documents or from what the SDKs' tests assert against the
// real service, unless the comment says otherwise. docs/mockoss.md lists them with their evidence.

func noSuchBucket(bucket string) *problem {
	return &problem{status: http.StatusNotFound, code: "NoSuchBucket", ec: "0015-00000101",
		message: "The specified bucket does not exist.", details: bucketName(bucket)}
}

func invalidBucketName(bucket string) *problem {
	return &problem{status: http.StatusBadRequest, code: "InvalidBucketName", ec: "0015-00000001",
		message: "The specified bucket is not valid.", details: bucketName(bucket)}
}

func bucketAlreadyExists(bucket string) *problem {
	return &problem{status: http.StatusConflict, code: "BucketAlreadyExists", ec: "0015-00000104",
		message: "The requested bucket name is not available. The bucket namespace is shared by all users of the " +
			"system. Please select a different name and try again.", details: bucketName(bucket)}
}

func notYours(bucket string) *problem {
	return &problem{status: http.StatusForbidden, code: "AccessDenied", ec: "0003-00000001",
		message: "The bucket you access does not belong to you.", details: bucketName(bucket)}
}

// bucketName is the element that was seen with NoSuchBucket; that the others have it is assumed.
func bucketName(bucket string) []detail { return []detail{{"BucketName", bucket}} }

// malformedXML carries the EC that two sibling operations (PutBucketOverwriteConfig and
// PutBucketObjectWormConfiguration) answer with; the one of PutBucketHttpsConfig was never seen.
func malformedXML() *problem {
	return &problem{status: http.StatusBadRequest, code: "MalformedXML",
		message: "The XML you provided was not well-formed or did not validate against our published schema.",
		ec:      "0015-00000231"}
}

// noRight is the answer to an anonymous request that an access control list does not allow.
func noRight() *problem {
	return &problem{status: http.StatusForbidden, code: "AccessDenied", ec: "0003-00000001",
		message: "You have no right to access this object because of bucket acl."}
}

func bucketNotEmpty(bucket string) *problem {
	return &problem{status: http.StatusConflict, code: "BucketNotEmpty", ec: "0015-00000301",
		message: "The bucket has objects. Please delete them first.", details: bucketName(bucket)}
}

// noSuchACL has the documented code and message of PutBucketAcl, and the EC of a published answer.
func noSuchACL(header, value string) *problem {
	p := invalidParameter("no such bucket access control exists", header, value)
	p.ec = "0015-00000204"
	return p
}

// publicACLBlocked is the answer for a bucket, as published; that for an object is assumed to be like it.
func publicACLBlocked(what string) *problem {
	return &problem{status: http.StatusForbidden, code: "AccessDenied", message: "Put public " + what + " acl is not allowed"}
}

func noSuchKey(key string) *problem {
	return &problem{status: http.StatusNotFound, code: "NoSuchKey", ec: "0026-00000001",
		message: "The specified key does not exist.", details: []detail{{"Key", key}}}
}

// noSuchVersion has the code that Go SDK v1's tests assert; the message is assumed. No bucket here has versions.
func noSuchVersion(key, version string) *problem {
	return &problem{status: http.StatusNotFound, code: "NoSuchVersion",
		message: "The specified version does not exist.", details: []detail{{"Key", key}, {"VersionId", version}}}
}

// invalidObjectName has the documented code and messages (https://help.aliyun.com/en/oss/support/http-400-status-code).
func invalidObjectName(message, key string) *problem {
	return &problem{status: http.StatusBadRequest, code: "InvalidObjectName", message: message, details: []detail{{"ObjectName", key}}}
}

// fileAlreadyExists has the code that Go SDK v2's tests assert and the documented message of x-oss-forbid-overwrite.
func fileAlreadyExists() *problem {
	return &problem{status: http.StatusConflict, code: "FileAlreadyExists",
		message: "The object you specified already exists and can not be overwritten."}
}

// objectTooLarge is bodyTooLarge with what this server takes.
func objectTooLarge(limit int64) *problem {
	p := bodyTooLarge()
	p.details = []detail{{"MaxSizeAllowed", strconv.FormatInt(limit, 10)}}
	return p
}

func malformedDelete() *problem {
	p := malformedXML()
	p.ec = "0016-00000608"
	return p
}

func invalidRange(header string) *problem {
	return &problem{status: http.StatusRequestedRangeNotSatisfiable, code: "InvalidRange",
		message: "The requested range cannot be satisfied.", details: []detail{{"RangeRequested", header}}}
}

func preconditionFailed(header string) *problem {
	return &problem{status: http.StatusPreconditionFailed, code: "PreconditionFailed",
		message: "At least one of the pre-conditions you specified did not hold.", details: []detail{{"Condition", header}}}
}

func notModified() *problem {
	return &problem{status: http.StatusNotModified, code: "NotModified", message: "The object was not modified."}
}

// storeFull is this server's own: OSS has no such limit.
func storeFull() *problem {
	return &problem{status: http.StatusForbidden, code: "QuotaExceeded",
		message: "This server stores no more than it was told to."}
}

// busy is this server's own: it reads so many bytes of bodies at a time.
func busy() *problem {
	return &problem{status: http.StatusServiceUnavailable, code: "ServiceUnavailable",
		message: "Too much is being uploaded at a time. Please try again."}
}

// noSuchHTTPSConfig is assumed: only the code is known, from terraform-provider-alicloud.
func noSuchHTTPSConfig() *problem {
	return &problem{status: http.StatusNotFound, code: "NoSuchHttpsConfig",
		message: "The https configuration does not exist."}
}

func digestInvalid() *problem {
	return &problem{status: http.StatusBadRequest, code: "InvalidDigest",
		message: "The Content-MD5 you specified was invalid.", ec: "0017-00000502"}
}

func digestMismatch() *problem {
	return &problem{status: http.StatusBadRequest, code: "InvalidDigest",
		message: "The Content-MD5 you specified did not match what we received.", ec: "0017-00000503"}
}

// bodyTooLarge has the EC documented for a configuration that is too large; code and limit are assumed.
func bodyTooLarge() *problem {
	return &problem{status: http.StatusBadRequest, code: "EntityTooLarge",
		message: "Your proposed upload exceeds the maximum allowed size.", ec: "0017-00000501"}
}

func requestTimeout() *problem {
	return &problem{status: http.StatusBadRequest, code: "RequestTimeout", message: "Your socket connection to the " +
		"server was not read from or written to within the timeout period."}
}

func invalidArgument(message string) *problem {
	return &problem{status: http.StatusBadRequest, code: "InvalidArgument", message: message}
}

// invalidParameter is invalidArgument for a query parameter, which it repeats.
func invalidParameter(message, name, value string) *problem {
	p := invalidArgument(message)
	p.details = []detail{{"ArgumentName", name}, {"ArgumentValue", value}}
	return p
}

// wrongEndpoint has the documented code and message, and the EC and elements of published answers; OSS sends it for a
// bucket of another region. bucket is empty for a host that leads elsewhere.
func wrongEndpoint(bucket, endpoint string) *problem {
	p := &problem{status: http.StatusForbidden, code: "AccessDenied", ec: "0003-00001403",
		message: "The bucket you are attempting to " +
			"access must be addressed using the specified endpoint. Please send all future requests to this endpoint."}
	if bucket != "" {
		p.details = append(p.details, detail{"Bucket", bucket})
	}
	p.details = append(p.details, detail{"Endpoint", endpoint})
	return p
}

// notImplemented is this server's own: OSS implements what is asked for.
func notImplemented(c *call) *problem {
	return &problem{status: http.StatusNotImplemented, code: "NotImplemented",
		message: "This server does not implement " + c.describe() + "; docs/mockoss.md lists what it does."}
}

func internalError() *problem {
	return &problem{status: http.StatusInternalServerError, code: "InternalError",
		message: "We encountered an internal error. Please try again."}
}

// The answers to a preflight have the documented codes and messages.

func preflightIncomplete(header string) *problem {
	return &problem{status: http.StatusBadRequest, code: "BadRequest",
		message: "Insufficient information. " + header + " request header needed."}
}

func preflightForbidden() *problem {
	return &problem{status: http.StatusForbidden, code: "AccessForbidden",
		message: "CORSResponse: CORS is not enabled for this bucket."}
}
