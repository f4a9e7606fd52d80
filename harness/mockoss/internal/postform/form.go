package postform

import (
	"strings"

	"github.com/ossconf/ossconf/internal/ascii"
	"github.com/ossconf/ossconf/signer"
)

// Value returns the value of a field, whose name is in any case, and whether there is one.
func (f *Form) Value(name string) (string, bool) {
	for _, field := range f.Fields {
		if ascii.EqualFold(field.Name, name) {
			return field.Value, true
		}
	}
	return "", false
}

func (f *Form) has(name string) bool {
	_, ok := f.Value(name)
	return ok
}

// Key returns the key of the object: that of the form with the name of the file, without its path, in place of each
// ${filename} (documented for slashes; that backslashes separate names, too, is assumed). Nothing takes the place of
// ${filename} if the file has no name, which is assumed.
func (f *Form) Key() string {
	key, _ := f.Value("key")
	name := f.File.Name
	name = name[strings.LastIndexAny(name, `/\`)+1:]
	return strings.ReplaceAll(key, "${filename}", name)
}

// ContentType returns the media type of the object: x-oss-content-type before that of the part of the file, before the
// field Content-Type (documented), and application/octet-stream if there is none (documented for PutObject).
func (f *Form) ContentType() string {
	if t, ok := f.contentType(); ok {
		return t
	}
	return "application/octet-stream"
}

func (f *Form) contentType() (string, bool) {
	if t, ok := f.Value("x-oss-content-type"); ok {
		return t, true
	}
	if f.File.ContentType != "" {
		return f.File.ContentType, true
	}
	return f.Value("Content-Type")
}

// Headers returns the headers that the object is stored with: its Content-Type first, then those that the form gives, in
// its order and with their usual names; those of user metadata are in lower case.
func (f *Form) Headers() []signer.Field {
	headers := []signer.Field{{Name: "Content-Type", Value: f.ContentType()}}
	for _, field := range f.Fields {
		name := ascii.Lower(field.Name)
		switch name {
		case "cache-control":
			name = "Cache-Control"
		case "content-disposition":
			name = "Content-Disposition"
		case "content-encoding":
			name = "Content-Encoding"
		case "expires":
			name = "Expires"
		case "x-oss-storage-class", "x-oss-server-side-encryption", "x-oss-server-side-data-encryption",
			"x-oss-server-side-encryption-key-id":
		default:
			if !strings.HasPrefix(name, "x-oss-meta-") {
				continue
			}
		}
		headers = append(headers, signer.Field{Name: name, Value: field.Value})
	}
	return headers
}

// Meta returns the user metadata: the names in lower case, with x-oss-meta-.
func (f *Form) Meta() []signer.Field {
	var meta []signer.Field
	for _, field := range f.Fields {
		if name := ascii.Lower(field.Name); strings.HasPrefix(name, "x-oss-meta-") {
			meta = append(meta, signer.Field{Name: name, Value: field.Value})
		}
	}
	return meta
}

// An ACL is the access control of an object.
type ACL string

// The documented values of x-oss-object-acl.
const (
	ACLDefault         ACL = "default" // that of the bucket
	ACLPrivate         ACL = "private"
	ACLPublicRead      ACL = "public-read"
	ACLPublicReadWrite ACL = "public-read-write"
)

// ACL returns what x-oss-object-acl asks for, ACLDefault if it is not given. The header of the request, which the field
// goes before, is for the caller to look at. The error is an *[Error].
func (f *Form) ACL() (ACL, error) {
	value, ok := f.Value("x-oss-object-acl")
	switch acl := ACL(value); {
	case !ok:
		return ACLDefault, nil
	case acl == ACLDefault, acl == ACLPrivate, acl == ACLPublicRead, acl == ACLPublicReadWrite:
		return acl, nil
	}
	return "", badACL()
}

// ForbidOverwrite reports whether an object of the same key must stay. Values are case-sensitive; that any but true
// means no is assumed.
func (f *Form) ForbidOverwrite() bool {
	value, _ := f.Value("x-oss-forbid-overwrite")
	return value == "true"
}
