// Package clients makes TLS handshakes with libraries and programs that others wrote: crypto/tls, openssl, curl and
// Node.js.
//
// Call [Find] for those that this machine has, and [Connect] for one handshake of one of them:
//
//	for _, c := range clients.Find(ctx) {
//		r := clients.Connect(ctx, c, clients.Target{Addr: "127.0.0.1:8443", ServerName: "examplebucket.localhost", CAFile: "ca.pem"},
//			clients.Offer{MinVersion: tls.VersionTLS12})
//		fmt.Println(c, r)
//	}
package clients

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"sync"
	"time"

	"github.com/ossconf/ossconf/httpsconfig"
)

// Timeout is how long a handshake, or asking a program for its version, may take.
const Timeout = 15 * time.Second

// A Client is a TLS client of this machine.
type Client struct {
	Name    string `json:"name"`    // crypto/tls, openssl, curl or node
	Version string `json:"version"` // with that of the TLS library where it is another

	path    string // of the program; empty for crypto/tls
	connect func(ctx context.Context, path string, t Target, o Offer) Result
}

// String returns name and version.
func (c Client) String() string { return c.Name + " " + c.Version }

// A Target is the server to connect to.
type Target struct {
	Addr       string // host:port
	ServerName string // sent as SNI, and looked for in the certificate; if empty, none is sent and the host of Addr is looked for
	CAFile     string // PEM file with the certificate of the CA to trust, and nothing else is trusted
}

// host returns the name that the certificate is to have.
func (t Target) host() string {
	if t.ServerName != "" {
		return t.ServerName
	}
	host, _, _ := net.SplitHostPort(t.Addr)
	return host
}

// An Offer is what a client is to offer. The zero value leaves everything to the client and its configuration.
type Offer struct {
	MinVersion uint16 // code point of the oldest TLS version; 0 is the client's own, but never newer than MaxVersion
	MaxVersion uint16 // code point of the newest TLS version; 0 is the client's own

	// Suites are the cipher suites, by OpenSSL names up to TLS 1.2 and those of RFC 8446 for TLS 1.3. Where none of
	// a generation is listed, the client offers its own. Those that the client does not have are not offered.
	Suites []string
}

// old reports whether o asks for what libraries have switched off by default, so that they have to be told.
func (o Offer) old() bool {
	return len(o.Suites) > 0 || o.oldest() != 0 && o.oldest() < tls.VersionTLS12
}

// oldest returns the oldest version to offer, or 0.
func (o Offer) oldest() uint16 {
	if o.MinVersion == 0 && o.MaxVersion != 0 && o.MaxVersion < tls.VersionTLS12 {
		return o.MaxVersion // the client's own may be TLS 1.2
	}
	return o.MinVersion
}

// split returns the suites up to TLS 1.2, where unknown names belong, and those of TLS 1.3.
func (o Offer) split() (suites, tls13 []string) {
	for _, name := range o.Suites {
		if s, found := httpsconfig.SuiteByName(name); found && s.TLS13() {
			tls13 = append(tls13, name)
		} else {
			suites = append(suites, name)
		}
	}
	return suites, tls13
}

// A Result is what became of a handshake.
type Result struct {
	Connected bool   `json:"connected"`
	Version   string `json:"version,omitempty"` // such as TLSv1.2
	Suite     string `json:"suite,omitempty"`   // by its OpenSSL name, for TLS 1.3 that of RFC 8446
	Alert     uint8  `json:"alert,omitempty"`   // number of the alert that the server sent, as far as the client tells
	Err       string `json:"err,omitempty"`     // what the client says; empty if connected

	// Unable is set if the client cannot make the offer, so that nothing is known of the server.
	Unable bool `json:"unable,omitempty"`
}

// String returns version and suite, or what the client says.
func (r Result) String() string {
	if r.Connected {
		return r.Version + " " + r.Suite
	}
	return r.Err
}

// Find returns the clients of this machine: crypto/tls, and what the PATH has of openssl, curl and node. A program
// that is not built with OpenSSL is left out, as it takes other names for cipher suites.
func Find(ctx context.Context) []Client {
	programs := [...]func(context.Context) (Client, bool){findOpenSSL, findCurl, findNode}
	var found [len(programs)]*Client
	var wg sync.WaitGroup
	for i, find := range programs {
		wg.Go(func() {
			if c, ok := find(ctx); ok {
				found[i] = &c
			}
		})
	}
	wg.Wait()
	list := []Client{cryptoTLS()}
	for _, c := range found {
		if c != nil {
			list = append(list, *c)
		}
	}
	return list
}

// Connect makes one handshake and ends the connection. It takes at most [Timeout].
func Connect(ctx context.Context, c Client, t Target, o Offer) Result {
	if c.connect == nil {
		return unable("this client was not made by Find")
	}
	if _, _, err := net.SplitHostPort(t.Addr); err != nil {
		return unable(err.Error())
	}
	for _, version := range [...]uint16{o.MinVersion, o.MaxVersion} {
		if version != 0 && httpsconfig.VersionName(version) == "" {
			return unable(fmt.Sprintf("0x%04X is no TLS version from 1.0 to 1.3", version))
		}
	}
	if o.MaxVersion != 0 && o.MinVersion > o.MaxVersion {
		return unable("the oldest version is newer than the newest")
	}
	ctx, cancel := context.WithTimeout(ctx, Timeout)
	defer cancel()
	return c.connect(ctx, c.path, t, o)
}

// unable is the result of a client that cannot do what it is asked for.
func unable(why string) Result { return Result{Unable: true, Err: why} }
