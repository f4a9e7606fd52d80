package mockoss

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/ossconf/ossconf/harness/fault"
	"github.com/ossconf/ossconf/harness/tlspolicy"
	"github.com/ossconf/ossconf/httpsconfig"
	"github.com/ossconf/ossconf/signer"
)

// The access key that a server knows when [Options] name none. It is no secret and opens nothing elsewhere.
const (
	DefaultAccessKeyID     = "testAccessKeyId"
	DefaultAccessKeySecret = "testAccessKeySecret"
)

// DefaultRegion is the region of a server when [Options] name none.
const DefaultRegion = "cn-hangzhou"

// The limits when [Options] do not say.
const (
	DefaultMaxBytes  = 1 << 30
	DefaultMaxObject = 64 << 20
)

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

// A Location is where buckets are: a region and the product that is served there.
type Location struct {
	Region  string // such as cn-hangzhou, or the id of a cloud box
	Product string // signer.ProductOSS if empty, or signer.ProductCloudBox
}

// Options configure a server. The zero value is a server of the region cn-hangzhou without buckets that knows
// [DefaultAccessKeyID] and forgets everything when it is closed.
type Options struct {
	Addr        string       // where NewServer and Start listen; 127.0.0.1:0 if empty
	Region      string       // DefaultRegion if empty
	Product     string       // signer.ProductOSS if empty
	Locations   []Location   // further regions and cloud boxes that are served
	Host        string       // a further endpoint host, without port, that buckets are looked for under
	Credentials []Credential // the default access key if empty
	Buckets     []string     // made at the start, if they are not there; they belong to the owner of the first credential

	// DataDir is a folder to keep buckets and objects in; what a request was answered for is there after a crash. In
	// memory only if empty.
	DataDir string
	// MaxBytes is how many bytes buckets, configurations and objects may take in all, names and headers included;
	// DefaultMaxBytes if zero.
	MaxBytes int64
	// MaxObject is how many bytes an object may have; DefaultMaxObject if zero.
	MaxObject int64
	// TLSAddr is where a TLS listener listens, whose handshakes obey the configurations that are in force; none if
	// empty. 127.0.0.1:0 takes any free port.
	TLSAddr string
	// CA makes the certificates of the TLS listener; a new one if nil.
	CA *tlspolicy.CA
	// Certificates are the kinds of certificates that buckets have; both if zero.
	Certificates httpsconfig.CertificateKinds
	// DefaultBucket is the bucket whose configuration holds for handshakes that name none: those at an IP address or at
	// an endpoint itself. The empty one leaves them to what a bucket accepts that was never configured.
	DefaultBucket string
	// OnHandshake is called with every handshake, by several goroutines at once; nothing is if nil.
	OnHandshake func(tlspolicy.Handshake)
	// AdminAddr is where the admin listener listens, which shows what the server has and sets faults and clock; none if
	// empty. Whoever reaches it can do so: keep it on loopback.
	AdminAddr string
	// Faults befall the requests that they match from the start. [Service.Faults] changes them.
	Faults []fault.Rule

	// CORS lets pages of this machine call every operation, which OSS does not: preflights from loopback origins are
	// answered, and so are their requests, with Access-Control headers.
	CORS bool
	// Propagation is how long an HTTPS configuration takes to come into force. OSS documents up to 30 minutes.
	Propagation time.Duration

	// Now is the clock that requests are checked against and answers are dated with; time.Now if nil.
	Now func() time.Time
	// ClockOffset is how far the clock is ahead of Now at the start. [Service.SetClockOffset] changes it.
	ClockOffset time.Duration
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
	o = o.withDefaults()
	if err := o.validateKeys(); err != nil {
		return err
	}
	for i, b := range o.Buckets {
		if !validBucketName(b) {
			return fmt.Errorf("%w: Buckets[%d]: %q is no bucket name: 3 to 63 lower-case letters, digits and hyphens, "+
				"no hyphen at either end", ErrOptions, i, b)
		}
	}
	if o.DefaultBucket != "" && !validBucketName(o.DefaultBucket) {
		return fmt.Errorf("%w: DefaultBucket: %q is no bucket name", ErrOptions, o.DefaultBucket)
	}
	if strings.ContainsAny(o.Host, ":/") {
		return fmt.Errorf("%w: Host %q must be a host name without scheme, port and path", ErrOptions, o.Host)
	}
	for i, r := range o.Faults {
		if err := r.Validate(); err != nil {
			return fmt.Errorf("%w: Faults[%d]: %w", ErrOptions, i, err)
		}
	}
	for name, n := range map[string]int64{"Kept": int64(o.Kept), "MaxBytes": o.MaxBytes, "MaxObject": o.MaxObject,
		"Propagation": int64(o.Propagation)} {
		if n < 0 {
			return fmt.Errorf("%w: %s is negative", ErrOptions, name)
		}
	}
	return nil
}

// validateKeys checks access keys, regions and products by signing with them: what cannot sign cannot be verified.
func (o Options) validateKeys() error {
	var s signer.Signer
	signs := func(c Credential, l Location) error {
		_, err := s.Sign(signer.Credentials{AccessKeyID: c.AccessKeyID, AccessKeySecret: c.AccessKeySecret, SecurityToken: c.SecurityToken},
			signer.Request{Method: http.MethodGet, Region: l.Region, Product: l.Product, Time: "20250417T131318Z"})
		return err
	}
	for i, l := range o.locations() {
		err := signs(Credential{AccessKeyID: DefaultAccessKeyID, AccessKeySecret: DefaultAccessKeySecret}, l)
		switch {
		case err != nil && i == 0:
			return fmt.Errorf("%w: %w", ErrOptions, err)
		case err != nil:
			return fmt.Errorf("%w: Locations[%d]: %w", ErrOptions, i-1, err)
		case slices.Contains(o.locations()[:i], l):
			return fmt.Errorf("%w: Locations[%d]: %s of %s is there twice", ErrOptions, i-1, l.Region, l.Product)
		}
	}
	seen := make(map[string]bool)
	for i, c := range o.Credentials {
		if err := signs(c, o.locations()[0]); err != nil {
			return fmt.Errorf("%w: Credentials[%d]: %w", ErrOptions, i, err)
		}
		if seen[c.AccessKeyID] {
			return fmt.Errorf("%w: Credentials[%d]: AccessKeyID %s is there twice", ErrOptions, i, c.AccessKeyID)
		}
		seen[c.AccessKeyID] = true
	}
	return nil
}

// locations returns all locations, that of Region and Product first. It is for options with their defaults.
func (o Options) locations() []Location {
	list := append([]Location{{o.Region, o.Product}}, o.Locations...)
	for i := range list {
		if list[i].Product == "" {
			list[i].Product = signer.ProductOSS
		}
	}
	return list
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
	if o.MaxBytes == 0 {
		o.MaxBytes = DefaultMaxBytes
	}
	if o.MaxObject == 0 {
		o.MaxObject = DefaultMaxObject
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
