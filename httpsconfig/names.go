package httpsconfig

import "strconv"

// The names of the elements, as OSS writes them.
const (
	nameRoot        = "HttpsConfiguration"
	nameTLS         = "TLS"
	nameCipherSuite = "CipherSuite"
	nameEnable      = "Enable"
	nameTLSVersion  = "TLSVersion"
	nameStrong      = "StrongCipherSuite"
	nameCustom      = "CustomCipherSuite"
	nameTLS13       = "TLS13CustomCipherSuite"
)

// nameUnknown is the JSON member that holds the unknown elements of a container: no element can have this name.
const nameUnknown = "#unknown"

// The TLS versions that OSS documents.
const (
	TLSv10 = "TLSv1.0"
	TLSv11 = "TLSv1.1"
	TLSv12 = "TLSv1.2"
	TLSv13 = "TLSv1.3"
)

// TLSVersions returns the TLS versions that OSS documents, the oldest first.
func TLSVersions() []string { return []string{TLSv10, TLSv11, TLSv12, TLSv13} }

// path returns the XPath of f without an index.
func (f field) path() string {
	switch f {
	case fieldTLS, fieldCipherSuite:
		return "/" + nameRoot + "/" + f.name()
	case fieldTLSEnable, fieldTLSVersion:
		return fieldTLS.path() + "/" + f.name()
	case fieldSuiteEnable, fieldStrong, fieldCustom, fieldTLS13:
		return fieldCipherSuite.path() + "/" + f.name()
	}
	return "/" + nameRoot
}

func (f field) name() string {
	switch f {
	case fieldTLS:
		return nameTLS
	case fieldCipherSuite:
		return nameCipherSuite
	case fieldTLSEnable, fieldSuiteEnable:
		return nameEnable
	case fieldTLSVersion:
		return nameTLSVersion
	case fieldStrong:
		return nameStrong
	case fieldCustom:
		return nameCustom
	case fieldTLS13:
		return nameTLS13
	}
	return nameRoot
}

// DefaultTLSVersions returns the versions that a bucket accepts which was never configured, according to the
// set-tls-version guide.
func DefaultTLSVersions() []string { return []string{TLSv10, TLSv11, TLSv12} }

// level returns how deep f is nested, the root being 1.
func (f field) level() int {
	if f == fieldRoot {
		return 1
	}
	return 2
}

// knows reports whether the container f has an element of this name in the schema.
func (f field) knows(name string) bool {
	switch f {
	case fieldTLS:
		return name == nameEnable || name == nameTLSVersion
	case fieldCipherSuite:
		return name == nameEnable || name == nameStrong || name == nameCustom || name == nameTLS13
	}
	return name == nameTLS || name == nameCipherSuite
}

// path returns the XPath of the element, which serves for the JSON form as well.
func (it item) path() string {
	switch it.field {
	case fieldUnknown:
		return it.parent.path() + "/" + it.name
	case fieldTLSVersion, fieldCustom, fieldTLS13:
		return it.field.path() + "[" + strconv.Itoa(it.index+1) + "]"
	}
	return it.field.path()
}
