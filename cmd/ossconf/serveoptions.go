package main

import (
	"errors"
	"fmt"
	"io"
	"math"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"github.com/ossconf/ossconf/harness/fault"
	"github.com/ossconf/ossconf/harness/mockoss"
	"github.com/ossconf/ossconf/httpsconfig"
	"github.com/ossconf/ossconf/signer"
)

// The words of --certificates.
const (
	kindsBoth  = "both"
	kindsRSA   = "rsa"
	kindsECDSA = "ecdsa"
)

// certificateKinds returns what a word of --certificates stands for.
func certificateKinds(word string) httpsconfig.CertificateKinds {
	switch word {
	case kindsRSA:
		return httpsconfig.CertificateRSA
	case kindsECDSA:
		return httpsconfig.CertificateECDSA
	}
	return httpsconfig.CertificateRSA | httpsconfig.CertificateECDSA
}

// A size is a flag for a number of bytes.
type size int64

var units = []struct {
	suffix string
	bytes  int64
}{{"GiB", 1 << 30}, {"MiB", 1 << 20}, {"KiB", 1 << 10}}

func (s *size) Type() string { return "SIZE" }

func (s *size) String() string {
	if *s == 0 {
		return ""
	}
	for _, u := range units {
		if int64(*s)%u.bytes == 0 {
			return fmt.Sprint(int64(*s)/u.bytes, u.suffix)
		}
	}
	return fmt.Sprint(int64(*s))
}

func (s *size) Set(text string) error {
	factor := int64(1)
	for _, u := range units {
		if digits, found := strings.CutSuffix(text, u.suffix); found {
			text, factor = digits, u.bytes
			break
		}
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n <= 0 || n > math.MaxInt64/factor {
		return errors.New("not a size") // flagFailure says what is one
	}
	*s = size(n * factor)
	return nil
}

// options returns what the flags say, without what the server listens with.
func (s *serving) options() (mockoss.Options, error) {
	o := mockoss.Options{
		Addr: s.listen, TLSAddr: s.tlsListen, AdminAddr: s.adminListen, Host: s.host, Buckets: s.buckets,
		DataDir: s.data, MaxBytes: int64(s.maxBytes), Certificates: certificateKinds(s.certificates), CORS: s.cors,
		Propagation: s.propagation, ClockOffset: s.clockOffset,
	}
	if s.tlsListen == "" {
		for _, flag := range []struct {
			name  string
			given bool
		}{{"--ca-dir", s.caDir != ""}, {"--certificates", s.certificates != kindsBoth}} {
			if flag.given {
				return o, usage("the flag is about the TLS listener, and there is none", flag.name, "add --tls-listen")
			}
		}
	}
	for i, text := range s.regions {
		l, err := location(text)
		if err != nil {
			return o, err
		}
		if i == 0 {
			o.Region, o.Product = l.Region, l.Product
			continue
		}
		o.Locations = append(o.Locations, l)
	}
	var err error
	if s.faults != "" {
		if o.Faults, err = readFaults(s.faults); err != nil {
			return o, err
		}
	}
	if s.credentials != "" {
		if o.Credentials, err = readCredentials(s.credentials); err != nil {
			return o, err
		}
	}
	return o, s.flagOf(o.Validate())
}

// location reads REGION or PRODUCT:REGION.
func location(text string) (mockoss.Location, error) {
	product, region, two := strings.Cut(text, ":")
	switch {
	case !two:
		return mockoss.Location{Region: text, Product: signer.ProductOSS}, nil
	case product != signer.ProductOSS && product != signer.ProductCloudBox:
		return mockoss.Location{}, usage("there is no such product", "--region "+text,
			"give REGION, or PRODUCT:REGION with "+signer.ProductOSS+" or "+signer.ProductCloudBox)
	}
	return mockoss.Location{Region: region, Product: product}, nil
}

// optionError finds the option that an error of package mockoss is about, and which of its values.
var optionError = regexp.MustCompile(`^(?:signer: )?([A-Za-z]+)(?:\[(\d+)\])?:? (.*)$`)

// flagOf turns an error about an option into one about the flag that gave it.
func (s *serving) flagOf(err error) error {
	if err == nil {
		return nil
	}
	what, where, hint := strings.TrimPrefix(err.Error(), mockoss.ErrOptions.Error()+": "), "serve", "see ossconf serve --help"
	if m := optionError.FindStringSubmatch(what); m != nil {
		n, _ := strconv.Atoi(m[2])
		if place := s.place(m[1], n); place != "" {
			what, where = m[3], place
		}
		if what == "is negative" {
			what = "the value is negative"
		}
	}
	var unsigned *signer.Error
	if errors.As(err, &unsigned) { // what signs nothing cannot be verified
		what, hint = unsigned.Err.Text, unsigned.Hint
		if member := map[string]string{"AccessKeyID": "access_key_id", "AccessKeySecret": "access_key_secret",
			"SecurityToken": "security_token"}[unsigned.Field]; member != "" {
			where += "/" + member
		}
	}
	return usage(what, where, hint)
}

// place names the nth value of the flag that gives an option, or nothing.
func (s *serving) place(option string, n int) string {
	value := func(list []string) string {
		if n < len(list) {
			return " " + list[n]
		}
		return ""
	}
	switch option {
	case "Buckets":
		return "--bucket" + value(s.buckets)
	case "Region", "Product":
		return "--region" + value(s.regions)
	case "Locations": // those after the first region
		n++
		return "--region" + value(s.regions)
	case "Credentials":
		return fmt.Sprintf("%s /%d", s.credentials, n)
	case "Host":
		return "--host"
	case "Propagation":
		return "--propagation"
	}
	return ""
}

// start starts the server.
func (s *serving) start(o mockoss.Options) (*mockoss.Server, error) {
	server, err := mockoss.Start(o)
	if errors.Is(err, mockoss.ErrOptions) {
		return nil, s.flagOf(err)
	}
	return server, startFailure(o, err)
}

// startMock starts a mock OSS with options that are known to be good.
func startMock(o mockoss.Options) (*mockoss.Server, error) {
	server, err := mockoss.Start(o)
	return server, startFailure(o, err)
}

// startFailure says why a server did not start, or returns nil if it did.
func startFailure(o mockoss.Options, err error) error {
	if err == nil {
		return nil
	}
	what := strings.TrimPrefix(err.Error(), "mockoss: ")
	var listen *mockoss.ListenError
	if !errors.As(err, &listen) {
		return &failure{exit: exitUsage, code: "file", what: what, where: o.DataDir, hint: "pass another --data"}
	}
	flag := map[string]string{"Addr": "--listen", "TLSAddr": "--tls-listen", "AdminAddr": "--admin-listen"}[listen.Option]
	return &failure{exit: exitService, code: "network", what: what, where: listen.Addr,
		hint: "pass another " + flag + ", or port 0 for any free one"}
}

// warnOfNetwork logs which listeners others can reach: the access key and the admin listener are for this machine.
func warnOfNetwork(o mockoss.Options) {
	for _, l := range [][2]string{{"--listen", o.Addr}, {"--tls-listen", o.TLSAddr}, {"--admin-listen", o.AdminAddr}} {
		host, _, err := net.SplitHostPort(l[1])
		if err != nil || host == "localhost" { // there is none, or it is here
			continue
		}
		if ip := net.ParseIP(host); ip == nil || !ip.IsLoopback() {
			o.Logger.Warn("others on the network can reach this", "flag", l[0], "address", l[1])
		}
	}
}

// readFaults reads the rules of --faults.
func readFaults(path string) ([]fault.Rule, error) {
	text, err := readFile(path, maxRules)
	if err != nil {
		return nil, err
	}
	rules, err := fault.ParseRules(text)
	var rule *fault.RuleError
	switch {
	case errors.As(err, &rule):
		return nil, &failure{exit: exitUsage, code: "fault_rule", what: strings.TrimSpace(rule.Member + " " + rule.Problem),
			where: path + " " + pointer(rule.Index, rule.Member), hint: "docs/cli.md describes the rules"}
	case err != nil:
		what := strings.TrimPrefix(err.Error(), fault.ErrRule.Error()+": ")
		return nil, &failure{exit: exitUsage, code: "fault_rule", what: what, where: path, hint: "docs/cli.md describes the rules"}
	}
	return rules, nil
}

// maxRules is more than package fault reads.
const maxRules = 1 << 20

// pointer returns the JSON pointer of a member of the nth element of an array.
func pointer(n int, member string) string {
	if member == "" {
		return fmt.Sprintf("/%d", n)
	}
	return fmt.Sprintf("/%d/%s", n, member)
}

// readFile reads a file that a flag names, and no more than a byte past limit.
func readFile(path string, limit int) ([]byte, error) {
	f, err := os.Open(filepath.Clean(path))
	if err != nil {
		return nil, fileFailure("read", path, err)
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, int64(limit)+1))
	if err != nil {
		return nil, fileFailure("read", path, err)
	}
	return data, nil
}
