// Package mockoss is an OSS that runs on loopback, for tests and rehearsals: it verifies OSS V4 signatures, checks
// HTTPS configurations against the schema and answers in the form of OSS.
//
// Call [NewServer] to start one and [Server.Close] to stop it, or [New] for a [Service] to mount in a server of your
// own:
//
//	s := mockoss.NewServer(mockoss.Options{Buckets: []string{"examplebucket"}})
//	defer s.Close()
//	// Point a client at s.URL with the region s.Region and the access key s.Credentials()[0].
//
// It implements PutBucketHttpsConfig, GetBucketHttpsConfig, PutBucket, ListObjects, ListObjectsV2 and DeleteBucket;
// every other request is answered 501 NotImplemented. docs/mockoss.md says which behaviour was observed on the real
// service, which is documented, and which is assumed.
package mockoss

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/ossconf/ossconf/signer"
)

// The access key that a server knows when [Options] name none. It is no secret and opens nothing elsewhere.
const (
	DefaultAccessKeyID     = "testAccessKeyId"
	DefaultAccessKeySecret = "testAccessKeySecret"
)

// DefaultRegion is the region of a server when [Options] name none.
const DefaultRegion = "cn-hangzhou"

// DefaultKept is how many requests [Service.Requests] remembers when [Options] do not say.
const DefaultKept = 1024

// A Credential is an access key that a server accepts.
type Credential struct {
	AccessKeyID     string
	AccessKeySecret string
	SecurityToken   string    // empty for a permanent access key
	Owner           string    // the account that owns the buckets made with it; AccessKeyID if empty
	Expires         time.Time // when a temporary access key ends; never if zero
}

// Options configure a server. The zero value is a server of the region cn-hangzhou without buckets that knows
// [DefaultAccessKeyID].
type Options struct {
	Addr        string       // where NewServer and Start listen; 127.0.0.1:0 if empty
	Region      string       // DefaultRegion if empty
	Product     string       // signer.ProductOSS if empty
	Host        string       // a further endpoint host, without port, that buckets are looked for under
	Credentials []Credential // the default access key if empty
	Buckets     []string     // made at the start; they belong to the owner of the first credential

	// Now is the clock that requests are checked against and answers are dated with; time.Now if nil.
	Now func() time.Time
	// RequestID makes the x-oss-request-id of an answer, 24 upper-case hexadecimal digits; random ones if nil.
	RequestID func() string
	// Logger gets one record per answer, at debug level and without secrets; nothing is logged if nil.
	Logger *slog.Logger
	// Kept is how many requests [Service.Requests] remembers; DefaultKept if zero.
	Kept int
}

// ErrOptions is the cause of every error about [Options].
var ErrOptions = errors.New("mockoss: options")

// Validate returns an error that wraps [ErrOptions] and names the option no server can be made with, or nil.
func (o Options) Validate() error {
	if err := o.withDefaults().validateKeys(); err != nil {
		return err
	}
	for i, b := range o.Buckets {
		if !validBucketName(b) {
			return fmt.Errorf("%w: Buckets[%d]: %q is no bucket name: 3 to 63 lower-case letters, digits and hyphens, "+
				"no hyphen at either end", ErrOptions, i, b)
		}
	}
	if strings.ContainsAny(o.Host, ":/") {
		return fmt.Errorf("%w: Host %q must be a host name without scheme, port and path", ErrOptions, o.Host)
	}
	if o.Kept < 0 {
		return fmt.Errorf("%w: Kept is %d", ErrOptions, o.Kept)
	}
	return nil
}

// validateKeys checks access keys, region and product by signing with them: what cannot sign cannot be verified.
func (o Options) validateKeys() error {
	var s signer.Signer
	seen := make(map[string]bool)
	for i, c := range o.Credentials {
		_, err := s.Sign(signer.Credentials{AccessKeyID: c.AccessKeyID, AccessKeySecret: c.AccessKeySecret, SecurityToken: c.SecurityToken},
			signer.Request{Method: http.MethodGet, Region: o.Region, Product: o.Product, Time: "20250417T131318Z"})
		switch {
		case errors.Is(err, signer.ErrCredentials):
			return fmt.Errorf("%w: Credentials[%d]: %w", ErrOptions, i, err)
		case err != nil:
			return fmt.Errorf("%w: %w", ErrOptions, err)
		case seen[c.AccessKeyID]:
			return fmt.Errorf("%w: Credentials[%d]: AccessKeyID %s is there twice", ErrOptions, i, c.AccessKeyID)
		}
		seen[c.AccessKeyID] = true
	}
	return nil
}

// withDefaults returns o with every empty option replaced by its default.
func (o Options) withDefaults() Options {
	if o.Addr == "" {
		o.Addr = "127.0.0.1:0"
	}
	if o.Region == "" {
		o.Region = DefaultRegion
	}
	if o.Product == "" {
		o.Product = signer.ProductOSS
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.RequestID == nil {
		o.RequestID = randomRequestID
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Kept == 0 {
		o.Kept = DefaultKept
	}
	if len(o.Credentials) == 0 {
		o.Credentials = []Credential{{AccessKeyID: DefaultAccessKeyID, AccessKeySecret: DefaultAccessKeySecret}}
	}
	// The caller's slice stays as it is.
	o.Credentials = append([]Credential(nil), o.Credentials...)
	for i := range o.Credentials {
		if o.Credentials[i].Owner == "" {
			o.Credentials[i].Owner = o.Credentials[i].AccessKeyID
		}
	}
	return o
}

func randomRequestID() string {
	var b [12]byte
	rand.Read(b[:]) // never fails, see crypto/rand
	return strings.ToUpper(hex.EncodeToString(b[:]))
}
