package tlspolicy

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"
	"time"

	"github.com/ossconf/ossconf/harness/tlspolicy/internal/alert"
	"github.com/ossconf/ossconf/httpsconfig"
)

// A judge makes crypto/tls obey a policy in one handshake, and writes down what becomes of it.
type judge struct {
	options *Options
	conn    *watchedConn

	seen        Handshake
	hello       bool // one was read
	legacy      bool // it names the newest version alone
	policy      httpsconfig.Policy
	verdict     httpsconfig.Verdict
	certificate string // kind of the one that was picked
}

// extensionVersions is supported_versions. A hello without it names the newest version, and tls.ClientHelloInfo lists
// all that are older as well.
const extensionVersions = 43

// configForClient returns the configuration for the hello: one with which crypto/tls does what the policy says.
func (j *judge) configForClient(hello *tls.ClientHelloInfo) (*tls.Config, error) {
	versions := hello.SupportedVersions
	j.hello, j.legacy = true, !slices.Contains(hello.Extensions, extensionVersions)
	if j.legacy { // TLS 1.3 cannot be offered without it
		versions = slices.DeleteFunc(slices.Clone(versions), func(v uint16) bool { return v > tls.VersionTLS12 })
	}
	h := &j.seen
	h.ServerName = serverName(hello.ServerName)
	h.OfferedVersions = offered(versions, httpsconfig.VersionName)
	h.OfferedSuites = offered(hello.CipherSuites, suiteName)
	h.OfferedGroups = offered(hello.SupportedCurves, groupName)

	target, found := Target{}, false
	if h.ServerName == "" || validName(h.ServerName) {
		target, found = j.options.Lookup(h.ServerName)
	}
	if !found {
		return j.noSuchName("no bucket or endpoint has it"), nil
	}
	h.Bucket = target.Bucket
	certificates, err := j.certificates()
	if err != nil {
		return j.noSuchName(err.Error()), nil
	}
	j.policy = target.Config.Policy()
	j.verdict = j.policy.Decide(httpsconfig.Offer{Versions: versions, Suites: hello.CipherSuites, Certificates: j.options.Certificates})
	h.Version = httpsconfig.VersionName(j.verdict.Version)
	config := &tls.Config{
		GetCertificate:         func(hello *tls.ClientHelloInfo) (*tls.Certificate, error) { return j.pick(hello, certificates), nil },
		MinVersion:             j.verdict.Version,
		MaxVersion:             j.verdict.Version, // so that a version in a gap is not negotiated
		NextProtos:             j.options.NextProtos,
		SessionTicketsDisabled: true, // every handshake is to be judged
	}
	switch suites := j.usable(hello); {
	case !j.verdict.Connects && !j.verdict.Downgrade:
		h.Outcome, h.Rule, h.Reason = Refused, j.verdict.By, j.verdict.Reason
		refuse(config, j.verdict.Version)
	case len(suites) == 0:
		h.Outcome, h.Rule, h.Reason = Unknown, RuleLibrary, j.missing()
		refuse(config, j.verdict.Version)
	default:
		config.CipherSuites = suites // up to TLS 1.2: crypto/tls has no setting for those of TLS 1.3
		if j.verdict.Downgrade {
			config.Rand = new(downgradeMark)
		}
	}
	return config, nil
}

// noSuchName refuses a server name. Without a certificate crypto/tls sends unrecognized_name, in every version.
func (j *judge) noSuchName(why string) *tls.Config {
	h := &j.seen
	h.Outcome, h.Rule, h.Reason = Refused, RuleServerName, fmt.Sprintf("the client asks for %.64q: %s", h.ServerName, why)
	if h.ServerName == "" {
		h.Reason = "the client sent no server name: " + why
	}
	return &tls.Config{MinVersion: tls.VersionTLS10, SessionTicketsDisabled: true}
}

// refuse makes crypto/tls send the alert that OpenSSL and most other servers send, rather than internal_error, which is
// the answer to an error of GetConfigForClient. Which one OSS sends is not known.
func refuse(config *tls.Config, version uint16) {
	config.NextProtos = nil // or the lack of a protocol in common could come first
	switch version {
	case 0:
		// No version is between these, so that none is in common: protocol_version.
		config.MinVersion, config.MaxVersion = tls.VersionTLS13, tls.VersionTLS12
	case tls.VersionTLS13:
		// The suites of TLS 1.3 cannot be set, but the groups can: a list without a group that crypto/tls has leaves
		// none in common, which is a handshake_failure as the lack of a suite is. A nil list would be the default.
		config.CurvePreferences = []tls.CurveID{0}
	default:
		// A list that is empty and not nil leaves no suite in common: handshake_failure.
		config.CipherSuites = []uint16{}
	}
}

// certificates returns the certificates for the server name, or for the address that the client has connected to.
func (j *judge) certificates() ([]*tls.Certificate, error) {
	host := j.seen.ServerName
	if host == "" {
		if addr, ok := j.conn.LocalAddr().(*net.TCPAddr); ok {
			host = addr.IP.String()
		}
	}
	var list []*tls.Certificate
	for _, kind := range [...]httpsconfig.CertificateKinds{httpsconfig.CertificateECDSA, httpsconfig.CertificateRSA} {
		if j.options.Certificates&kind != 0 {
			c, err := j.options.CA.leaf(kind, host, time.Now())
			if err != nil {
				return nil, err
			}
			list = append(list, c)
		}
	}
	return list, nil
}

// pick returns the first certificate that the client can use, or the first one for crypto/tls to fail with.
func (j *judge) pick(hello *tls.ClientHelloInfo, certificates []*tls.Certificate) *tls.Certificate {
	picked := certificates[0]
	for _, c := range certificates {
		if hello.SupportsCertificate(c) == nil {
			picked = c
			break
		}
	}
	j.certificate = "ECDSA"
	if picked.Leaf.PublicKeyAlgorithm == x509.RSA {
		j.certificate = "RSA"
	}
	return picked
}

// usable returns the acceptable suites that crypto/tls can use with this client.
func (j *judge) usable(hello *tls.ClientHelloInfo) []uint16 {
	var ids []uint16
	group := sharesGroup(hello.SupportedCurves, j.verdict.Version)
	for _, s := range j.verdict.Suites.List() {
		needsGroup := s.KeyExchange == httpsconfig.KeyExchangeECDHE || s.TLS13()
		if implemented(s.ID) && (group || !needsGroup) {
			ids = append(ids, s.ID)
		}
	}
	return ids
}

// missing says why no acceptable suite is usable.
func (j *judge) missing() string {
	acceptable := j.verdict.Suites.List()
	if slices.ContainsFunc(acceptable, func(s *httpsconfig.Suite) bool { return implemented(s.ID) }) {
		return "the client has no group for the key exchange that crypto/tls has; OSS may have one"
	}
	return "crypto/tls does not have " + suiteNames(acceptable) + ", which the configuration accepts; OSS may have it"
}

// suiteNames returns the names of suites for a sentence.
func suiteNames(list []*httpsconfig.Suite) string {
	names := make([]string, len(list))
	for i, s := range list {
		names[i] = s.OpenSSL
	}
	return strings.Join(names, " or ")
}

// connected writes down a handshake that is done.
func (j *judge) connected(state tls.ConnectionState) {
	h := &j.seen
	h.Outcome, h.Certificate = Connected, j.certificate
	h.Version = httpsconfig.VersionName(state.Version)
	j.negotiated(state.CipherSuite)
	if j.verdict.Downgrade {
		h.Notes = append(h.Notes, "the client does not look at the mark of a downgrade; others refuse: "+j.verdict.Reason)
	}
}

// negotiated writes down which suite both sides were to use.
func (j *judge) negotiated(suite uint16) {
	h := &j.seen
	h.Suite = suiteName(suite)
	if !j.verdict.Suites.Has(suite) {
		h.Notes = append(h.Notes, fmt.Sprintf("crypto/tls chose %s, which the configuration does not accept; OSS would choose %s",
			h.Suite, suiteNames(j.verdict.Suites.List())))
	}
}

// failed writes down a handshake that ended with an error.
func (j *judge) failed(err error, state tls.ConnectionState) {
	h := &j.seen
	received := alert.Received(err)
	if received == alert.None {
		received = j.conn.alert
	}
	switch {
	case h.Outcome != "":
		// It was to fail.
	case !j.hello:
		h.Outcome, h.Reason = Failed, "no hello: "+plain(err)
	case received == alert.ProtocolVersion && j.legacy && h.OfferedVersions[0] != h.Version && !j.verdict.Downgrade:
		h.Outcome, h.Rule = Refused, j.policy.VersionBasis.Element
		h.Reason = "the client offers " + h.OfferedVersions[0] + " and nothing as old as " + h.Version + "; " + h.Rule + " accepts " +
			strings.Join(j.policy.Versions.Names(), ", ")
	case received != alert.None && j.verdict.Downgrade:
		h.Outcome, h.Rule, h.Reason = Refused, j.verdict.By, j.verdict.Reason
	case received == alert.UnknownCA:
		h.Outcome, h.Reason = Failed, "the client does not trust the CA"
	case received != alert.None:
		h.Outcome, h.Reason = Failed, "the client sent an alert: "+plain(tls.AlertError(received))
	case endedOutside(err):
		h.Outcome, h.Reason = Failed, plain(err)
	default:
		h.Outcome, h.Rule, h.Reason = Unknown, RuleLibrary, "crypto/tls refuses, and not for the configuration: "+plain(err)
	}
	if h.Outcome == Failed && state.CipherSuite != 0 {
		j.negotiated(state.CipherSuite)
	}
}

// endedOutside reports whether a handshake ended for another reason than what was said in it.
func endedOutside(err error) bool {
	var op *net.OpError
	return errors.Is(err, errTimeout) || errors.Is(err, errCrowded) || errors.Is(err, errClosed) || errors.Is(err, errBacklog) ||
		errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.ErrClosedPipe) ||
		errors.As(err, &op) && (op.Op == "read" || op.Op == "write")
}

// plain returns what an error says to somebody who looks at a handshake.
func plain(err error) string {
	var op *net.OpError
	var header tls.RecordHeaderError
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return "the client closed the connection"
	case errors.As(err, &header) && header.Conn != nil:
		return fmt.Sprintf("the client does not speak TLS, it begins with %q", header.RecordHeader[:])
	case errors.As(err, &op) && op.Err != nil: // without addresses
		return strings.TrimPrefix(op.Err.Error(), "tls: ")
	}
	return strings.TrimPrefix(err.Error(), "tls: ")
}
