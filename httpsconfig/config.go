// Package httpsconfig holds the HTTPS configuration of an OSS bucket: which TLS versions and cipher suites it accepts.
//
// [Decode] reads a document, XML or JSON, [Config.AppendXML] and [Config.AppendJSON] write one, and [Validate] says
// what is wrong with a document, what is doubtful, and how to mend it.
//
// The names are those of the operation PutBucketHttpsConfig.
package httpsconfig

// A Bool is a boolean element, which may be absent.
type Bool uint8

// The three states of a boolean element.
const (
	Absent Bool = iota
	False
	True
)

// String returns true, false or absent.
func (b Bool) String() string {
	switch b {
	case True:
		return "true"
	case False:
		return "false"
	}
	return "absent"
}

// A Config is one HttpsConfiguration. The zero value is the empty root element.
type Config struct {
	TLS         *TLS
	CipherSuite *CipherSuite
	Unknown     []Unknown
}

// TLS is the TLS version control of a bucket.
type TLS struct {
	Enable      Bool
	TLSVersions []string // TLSv1.0, TLSv1.1, TLSv1.2, TLSv1.3
	Unknown     []Unknown
}

// CipherSuite is the cipher suite control of a bucket.
type CipherSuite struct {
	Enable                  Bool     // True: strong or custom suites; False, the default: all suites
	StrongCipherSuite       Bool     // True: strong suites; False: the custom suites below
	CustomCipherSuites      []string // for TLS 1.2 and older, OpenSSL names
	TLS13CustomCipherSuites []string // for TLS 1.3, RFC 8446 names
	Unknown                 []Unknown
}

// An Unknown is an element that the schema does not know. It is kept and written back where it stood.
type Unknown struct {
	After int    // how many known sibling elements, in the order they are written, stand before it
	XML   string // the element, in the form that xmlcodec writes
}
