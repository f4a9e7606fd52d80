package tlspolicy

import (
	"crypto/tls"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/ossconf/ossconf/httpsconfig"
)

// An Outcome is what became of a handshake.
type Outcome string

// The outcomes.
const (
	Connected Outcome = "connected" // the client has a connection
	Refused   Outcome = "refused"   // the configuration, or the certificates, keep the client out
	Unknown   Outcome = "unknown"   // crypto/tls could not go on; OSS might have
	Failed    Outcome = "failed"    // the client ended it, was too slow or did not speak TLS
)

// The rules that are no elements of a configuration.
const (
	RuleCertificate = httpsconfig.ByCertificate // no certificate of the kind that the client's suites need
	RuleServerName  = "server_name"             // Options.Lookup does not know the name
	RuleLibrary     = "crypto/tls"              // crypto/tls does not have what it takes
)

// A Handshake is what a listener saw of one. Versions are named as OSS names them, suites as OpenSSL does; what has no
// name stands as its code point, 0x2A2A.
type Handshake struct {
	Time       time.Time `json:"time"`                  // when the connection came in
	Remote     string    `json:"remote"`                // address of the client
	ServerName string    `json:"server_name,omitempty"` // as sent, in lower case; empty if none was
	Bucket     string    `json:"bucket,omitempty"`

	OfferedVersions []string `json:"offered_versions,omitempty"` // as far as the hello says: up to TLS 1.2 it names the newest alone
	OfferedSuites   []string `json:"offered_suites,omitempty"`   // in the order of the client, GREASE and signalling values included
	OfferedGroups   []string `json:"offered_groups,omitempty"`   // for the key exchange

	Outcome     Outcome  `json:"outcome"`
	Version     string   `json:"version,omitempty"`     // negotiated, even if the handshake ended later
	Suite       string   `json:"suite,omitempty"`       // negotiated, of a connection or of a handshake that the client ended later
	Certificate string   `json:"certificate,omitempty"` // RSA or ECDSA, of a connection
	Rule        string   `json:"rule,omitempty"`        // what refuses: an element of the configuration, or one of the rules above
	Reason      string   `json:"reason,omitempty"`      // in a sentence, unless connected
	Notes       []string `json:"notes,omitempty"`       // where this differs from what OSS would do
}

// String returns the handshake in one line, without what was offered.
func (h Handshake) String() string {
	var b strings.Builder
	name := h.ServerName
	if name == "" {
		name = "no server name"
	}
	fmt.Fprintf(&b, "%s from %s: %s", name, h.Remote, h.Outcome)
	switch {
	case h.Outcome == Connected:
		fmt.Fprintf(&b, " with %s %s, %s certificate", h.Version, h.Suite, h.Certificate)
	case h.Rule != "":
		fmt.Fprintf(&b, " by %s: %s", h.Rule, h.Reason)
	default:
		fmt.Fprintf(&b, ": %s", h.Reason)
	}
	for _, note := range h.Notes {
		b.WriteString(" (" + note + ")")
	}
	return b.String()
}

// LogValue returns the handshake as a group of attributes, named as in JSON. The time is left to the logger.
func (h Handshake) LogValue() slog.Value {
	attrs := []slog.Attr{slog.String("outcome", string(h.Outcome)), slog.String("remote", h.Remote)}
	text := func(name, value string) {
		if value != "" {
			attrs = append(attrs, slog.String(name, value))
		}
	}
	text("server_name", h.ServerName)
	text("bucket", h.Bucket)
	text("version", h.Version)
	text("suite", h.Suite)
	text("certificate", h.Certificate)
	text("rule", h.Rule)
	text("reason", h.Reason)
	text("notes", strings.Join(h.Notes, "; "))
	text("offered_versions", strings.Join(h.OfferedVersions, " "))
	text("offered_suites", strings.Join(h.OfferedSuites, " "))
	text("offered_groups", strings.Join(h.OfferedGroups, " "))
	return slog.GroupValue(attrs...)
}

// maxOffered is how many names of one kind a Handshake keeps: a hello has room for thousands.
const maxOffered = 256

// offered returns the names of code points.
func offered[T ~uint16](codes []T, name func(uint16) string) []string {
	var names []string
	for i, code := range codes {
		if i == maxOffered {
			return append(names, fmt.Sprintf("and %d more", len(codes)-i))
		}
		s := name(uint16(code))
		if s == "" {
			s = fmt.Sprintf("0x%04X", uint16(code))
		}
		names = append(names, s)
	}
	return names
}

// suiteName returns the OpenSSL name of a suite, or nothing.
func suiteName(id uint16) string {
	switch id {
	case 0x00FF:
		return "TLS_EMPTY_RENEGOTIATION_INFO_SCSV"
	case tls.TLS_FALLBACK_SCSV:
		return "TLS_FALLBACK_SCSV"
	}
	if s, found := httpsconfig.SuiteByID(id); found {
		return s.OpenSSL
	}
	return ""
}

// groupName returns the name that the IANA registry has for a group, or nothing.
func groupName(id uint16) string {
	switch id {
	case 0x0017:
		return "secp256r1"
	case 0x0018:
		return "secp384r1"
	case 0x0019:
		return "secp521r1"
	case 0x001D:
		return "x25519"
	case 0x001E:
		return "x448"
	case 0x0100:
		return "ffdhe2048"
	case 0x0101:
		return "ffdhe3072"
	case 0x0102:
		return "ffdhe4096"
	case 0x0103:
		return "ffdhe6144"
	case 0x0104:
		return "ffdhe8192"
	case 0x11EB:
		return "SecP256r1MLKEM768"
	case 0x11EC:
		return "X25519MLKEM768"
	case 0x11ED:
		return "SecP384r1MLKEM1024"
	}
	return ""
}
