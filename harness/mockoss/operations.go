package mockoss

import (
	"mime"
	"net/http"
	"slices"
	"strings"

	"github.com/ossconf/ossconf/httpsconfig"
)

// A level is what an operation is about.
type level uint8

const (
	service level = iota
	bucket
	object
)

func (l level) String() string { return [...]string{"service", "bucket", "object"}[l] }

// An operation is one that the service implements.
type operation struct {
	name      string // as the OSS documents call it
	method    string
	level     level
	parameter string   // the query parameter that selects it; empty for the bucket or object as such
	comp      string   // what the query parameter comp has to be; empty where there is none
	id        string   // another parameter that has to be there, see call.value; empty for none
	further   []string // query parameters it also takes
	anonymous bool     // it may be asked for without a signature: whether it is granted is for an access control list
	form      bool     // it takes a form, which brings the signature
	content   bool     // its body is an object

	unknownKey string // the code for an access key that does not exist; empty for InvalidAccessKeyId
	run        func(*call) (answer, error)
}

// operations returns what the service implements, in the order of the documentation.
func operations() []operation {
	list := []operation{
		{name: "ListBuckets", method: http.MethodGet, level: service, run: listBuckets,
			further: []string{"prefix", "marker", "max-keys", "tag-key", "tag-value", "tagging"}},

		{name: "PutBucket", method: http.MethodPut, level: bucket, run: putBucket},
		{name: "DeleteBucket", method: http.MethodDelete, level: bucket, run: deleteBucket},
		{name: "GetBucketInfo", method: http.MethodGet, level: bucket, parameter: "bucketInfo", run: getBucketInfo},
		{name: "GetBucketStat", method: http.MethodGet, level: bucket, parameter: "stat", run: getBucketStat},
		{name: "GetBucketLocation", method: http.MethodGet, level: bucket, parameter: "location", run: getBucketLocation},
		{name: "PutBucketAcl", method: http.MethodPut, level: bucket, parameter: "acl", run: putBucketACL},
		{name: "GetBucketAcl", method: http.MethodGet, level: bucket, parameter: "acl", run: getBucketACL},
		{name: "ListObjects", method: http.MethodGet, level: bucket, run: listObjects, anonymous: true,
			further: []string{"prefix", "marker", "delimiter", "max-keys", "encoding-type"}},
		{name: "ListObjectsV2", method: http.MethodGet, level: bucket, parameter: "list-type", run: listObjectsV2, anonymous: true,
			further: []string{"prefix", "start-after", "continuation-token", "delimiter", "max-keys", "encoding-type", "fetch-owner"}},
		{name: "ListObjectVersions", method: http.MethodGet, level: bucket, parameter: "versions", run: listObjectVersions, anonymous: true,
			further: []string{"prefix", "key-marker", "version-id-marker", "delimiter", "max-keys", "encoding-type"}},
		{name: "ListMultipartUploads", method: http.MethodGet, level: bucket, parameter: "uploads", run: listMultipartUploads,
			further: []string{"prefix", "key-marker", "upload-id-marker", "delimiter", "max-uploads", "encoding-type"}},
		{name: "DeleteMultipleObjects", method: http.MethodPost, level: bucket, parameter: "delete", run: deleteMultipleObjects,
			anonymous: true, further: []string{"encoding-type"}},

		{name: "PostObject", method: http.MethodPost, level: bucket, form: true, content: true, run: postObject, anonymous: true},

		{name: "PutObject", method: http.MethodPut, level: object, content: true, run: putObject, anonymous: true},
		{name: "GetObject", method: http.MethodGet, level: object, run: getObject, anonymous: true,
			further: append([]string{"versionId"}, overrides()...)},
		{name: "HeadObject", method: http.MethodHead, level: object, run: headObject, anonymous: true, further: []string{"versionId"}},
		{name: "GetObjectMeta", method: http.MethodHead, level: object, parameter: "objectMeta", run: getObjectMeta, anonymous: true,
			further: []string{"versionId"}},
		{name: "DeleteObject", method: http.MethodDelete, level: object, run: deleteObject, anonymous: true, further: []string{"versionId"}},
		{name: "PutObjectACL", method: http.MethodPut, level: object, parameter: "acl", run: putObjectACL},
		{name: "GetObjectACL", method: http.MethodGet, level: object, parameter: "acl", run: getObjectACL},

		{name: "PutBucketHttpsConfig", method: http.MethodPut, level: bucket, parameter: "httpsConfig", run: putHTTPSConfig},
		{name: "GetBucketHttpsConfig", method: http.MethodGet, level: bucket, parameter: "httpsConfig", run: getHTTPSConfig},
	}
	for _, cfg := range configurations() {
		list = append(list, cfg.operations()...)
	}
	return append(list, keptOperations()...)
}

// maxBody returns how many bytes the body of the operation may have.
func (op *operation) maxBody(o Options) int64 {
	switch {
	case op.form:
		return o.MaxObject + maxFormFields
	case op.content:
		return o.MaxObject
	case op.parameter == "delete":
		return maxDelete
	}
	return httpsconfig.MaxSize
}

// signatureParameters are the query parameters of a presigned URL; every operation takes them.
var signatureParameters = []string{"x-oss-signature-version", "x-oss-date", "x-oss-expires", "x-oss-credential",
	"x-oss-security-token", "x-oss-additional-headers", "x-oss-signature"}

// route finds the operation, if it is one that is implemented.
func (c *call) route() {
	for i := range c.service.operations {
		if op := &c.service.operations[i]; op.level == c.level() && op.method == c.r.Method && op.takes(c) {
			c.op = op
			return
		}
	}
}

func (c *call) level() level {
	switch {
	case c.key != "":
		return object
	case c.bucket != "":
		return bucket
	}
	return service
}

// takes reports whether the request selects the operation and holds nothing that it does not know: a client that asks
// for ?lifecycle must not be given a listing, nor an object be made empty that was to be copied.
func (op *operation) takes(c *call) bool {
	if op.parameter != "" && !c.query.Has(op.parameter) || op.id != "" && !c.has(op.id) || c.query.Get("comp") != op.comp {
		return false
	}
	if op.form && !c.carriesForm() {
		return false
	}
	if op.level == object && c.unknownHeader() != "" {
		return false
	}
	for name := range c.query {
		if name != op.parameter && name != op.id && (name != "comp" || op.comp == "") && !slices.Contains(op.further, name) &&
			!slices.Contains(signatureParameters, name) {
			return false
		}
	}
	return true
}

// has reports whether the request has a parameter.
func (c *call) has(name string) bool {
	return c.query.Has(name) || strings.HasPrefix(name, "x-oss-") && c.r.Header.Get(name) != ""
}

// value returns a parameter, which is in the query or, where its name is like one of OSS's headers, in that.
func (c *call) value(name string) string {
	if c.query.Has(name) || !strings.HasPrefix(name, "x-oss-") {
		return c.query.Get(name)
	}
	return c.r.Header.Get(name)
}

// unknownHeader returns a header that makes another operation of one on an object, or asks for what is not implemented.
func (c *call) unknownHeader() string {
	for _, name := range []string{"X-Oss-Copy-Source", "X-Oss-Callback", "X-Oss-Tagging", "X-Oss-Symlink-Target"} {
		if c.r.Header.Get(name) != "" {
			return strings.ToLower(name)
		}
	}
	return ""
}

// carriesForm reports whether the body is a form.
func (c *call) carriesForm() bool {
	kind, _, _ := mime.ParseMediaType(c.r.Header.Get("Content-Type"))
	return kind == "multipart/form-data"
}

// describe returns what the request asks for, in few words: the method, what it is about and the query parameters
// that select an operation.
func (c *call) describe() string {
	s := c.r.Method + " " + c.level().String()
	var names []string
	for name := range c.query {
		if !slices.Contains(signatureParameters, name) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	if len(names) > 0 {
		s += " ?" + strings.Join(names, "&")
	}
	if name := c.unknownHeader(); name != "" {
		s += " with " + name
	}
	return s
}
