package rehearse_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/ossconf/ossconf/cmd/ossconf/internal/client"
	"github.com/ossconf/ossconf/cmd/ossconf/internal/rehearse"
	"github.com/ossconf/ossconf/harness/mockoss"
	"github.com/ossconf/ossconf/harness/tlspolicy"
	"github.com/ossconf/ossconf/harness/tlspolicy/clients"
	"github.com/ossconf/ossconf/httpsconfig"
)

const bothKinds = httpsconfig.CertificateRSA | httpsconfig.CertificateECDSA

// authority is the CA of all tests: its keys take long to make under the race detector.
var authority = sync.OnceValues(tlspolicy.NewCA)

func options(t *testing.T, document string) rehearse.Options {
	t.Helper()
	ca, err := authority()
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(file, ca.PEM(), 0o600); err != nil {
		t.Fatal(err)
	}
	o := rehearse.Options{
		Config: configuration(document), Against: rehearse.NeverConfigured(), Bucket: "examplebucket",
		CA: ca, CAFile: file, Certificates: bothKinds,
	}
	return o
}

func configuration(document string) rehearse.Configuration {
	if document == "" {
		return rehearse.NeverConfigured()
	}
	return rehearse.Configuration{Name: "config.xml", Document: []byte("<HttpsConfiguration>" + document + "</HttpsConfiguration>")}
}

const (
	only13   = "<TLS><Enable>true</Enable><TLSVersion>TLSv1.3</TLSVersion></TLS>"
	from12   = "<TLS><Enable>true</Enable><TLSVersion>TLSv1.2</TLSVersion><TLSVersion>TLSv1.3</TLSVersion></TLS>"
	oneSuite = "<CipherSuite><Enable>true</Enable><StrongCipherSuite>false</StrongCipherSuite>" +
		"<CustomCipherSuite>ECDHE-RSA-AES128-GCM-SHA256</CustomCipherSuite><CustomCipherSuite>ECDHE-ECDSA-AES256-CCM8</CustomCipherSuite>" +
		"<TLS13CustomCipherSuite>TLS_AES_128_GCM_SHA256</TLS13CustomCipherSuite></CipherSuite>"
)

// outcome is a row in a few words.
func outcome(r rehearse.Row) string {
	s := strings.TrimSpace(fmt.Sprintln(r.Outcome, r.Rule))
	if r.Outcome == string(tlspolicy.Connected) {
		s = r.Version
	}
	return strings.TrimSpace(s + " " + r.Change)
}

// TestRun has crypto/tls alone connect, which every machine has.
func TestRun(t *testing.T) {
	list := clients.Find(t.Context())[:1]
	for _, test := range []struct {
		name, document, against string
		kinds                   httpsconfig.CertificateKinds
		want                    map[string]string // what is said of offers; of suites those that are named
	}{
		{"never configured", "", "", bothKinds, map[string]string{
			"default": "TLSv1.2", "TLSv1.0": "TLSv1.0", "TLSv1.1": "TLSv1.1", "TLSv1.2": "TLSv1.2", "TLSv1.3": "refused TLS",
		}},
		{"TLS 1.3 alone", only13, "", bothKinds, map[string]string{
			"default": "TLSv1.3", "TLSv1.0": "refused TLSVersion lost", "TLSv1.1": "refused TLSVersion lost",
			"TLSv1.2": "refused TLSVersion lost", "TLSv1.3": "TLSv1.3 gained", "AES128-SHA": "",
		}},
		{"the other way round", "", only13, bothKinds, map[string]string{
			"default": "TLSv1.2", "TLSv1.0": "TLSv1.0 gained", "TLSv1.2": "TLSv1.2 gained", "TLSv1.3": "refused TLS lost",
		}},
		{"custom suites", from12 + oneSuite, "", bothKinds, map[string]string{
			"TLSv1.1": "refused TLSVersion lost", "TLSv1.2": "TLSv1.2", "ECDHE-RSA-AES128-GCM-SHA256": "TLSv1.2",
			"ECDHE-ECDSA-AES128-GCM-SHA256": "refused CustomCipherSuite lost", "AES128-SHA": "refused CustomCipherSuite lost",
			"ECDHE-ECDSA-AES256-CCM8": "", // nobody can offer it
		}},
		{"the same on both sides", from12 + oneSuite, from12 + oneSuite, bothKinds, map[string]string{
			"TLSv1.1": "refused TLSVersion", "ECDHE-RSA-AES128-GCM-SHA256": "TLSv1.2", "AES128-SHA": "",
		}},
		{"no certificate for the suite", from12 + oneSuite, "", httpsconfig.CertificateECDSA, map[string]string{
			"TLSv1.2": "refused certificate lost", "TLSv1.3": "TLSv1.3 gained", "ECDHE-RSA-AES128-GCM-SHA256": "refused certificate",
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			o := options(t, test.document)
			o.Against, o.Certificates = configuration(test.against), test.kinds
			result, err := rehearse.Run(t.Context(), o, list)
			if err != nil {
				t.Fatal(err)
			}
			got := map[string]string{}
			for name := range test.want {
				got[name] = ""
			}
			for _, row := range result.Rows {
				name := row.Offer
				if row.Kind == rehearse.KindDefault {
					name = "default"
				}
				if _, wanted := test.want[name]; wanted {
					got[name] = outcome(row)
				}
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			checkText(t, result)
		})
	}
}

// checkText looks at the width of the text, and for every offer in it.
func checkText(t *testing.T, r *rehearse.Result) {
	t.Helper()
	var b bytes.Buffer
	if err := r.WriteText(&b); err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(b.String()) {
		line = strings.TrimSuffix(line, "\n")
		if utf8.RuneCountInString(line) > 80 || strings.TrimRight(line, " ") != line {
			t.Errorf("too wide, or with blanks at the end: %q", line)
		}
	}
	for _, row := range r.Rows {
		if !strings.Contains(b.String(), row.Offer) || !strings.Contains(b.String(), row.Client) {
			t.Errorf("no word of %s %s in\n%s", row.Client, row.Offer, b.String())
		}
	}
}

// TestRunWithEveryClient holds what the programs of this machine say against the decision of package httpsconfig.
func TestRunWithEveryClient(t *testing.T) {
	list := clients.Find(t.Context())
	result, err := rehearse.Run(t.Context(), options(t, from12+oneSuite), list)
	if err != nil {
		t.Fatal(err)
	}
	checkText(t, result)
	for _, c := range list {
		if connected, tookPart := result.Connected(c.Name); !connected || !tookPart {
			t.Errorf("%s: connected %v, took part %v", c, connected, tookPart)
		}
	}
	if _, tookPart := result.Connected("nobody"); tookPart {
		t.Error("nobody took part")
	}
	if len(list) == 1 {
		return // nobody else can offer suites that crypto/tls does not have, or one suite of TLS 1.3
	}
	want := map[string]string{
		"ECDHE-ECDSA-AES256-CCM8": "unknown crypto/tls", "TLS_AES_128_GCM_SHA256": "TLSv1.3 gained", "TLS_AES_256_GCM_SHA384": "refused TLS13CustomCipherSuite",
	}
	for _, row := range result.Rows {
		if w, ok := want[row.Offer]; ok {
			if got := outcome(row); got != w {
				t.Errorf("%s: %s, want %s", row.Offer, got, w)
			}
			delete(want, row.Offer)
		}
	}
	delete(want, "TLS_AES_256_GCM_SHA384") // refused by both: there only if it makes a difference
	if len(want) > 0 {
		t.Errorf("no rows for %v", want)
	}
}

// dial makes a handshake and reports whether it succeeds.
func dial(t *testing.T, s *rehearse.Stage, name string, version uint16) bool {
	t.Helper()
	addr := ""
	for _, v := range s.Environment() {
		if v.Name == "OSSCONF_TLS_ENDPOINT" {
			_, port, _ := net.SplitHostPort(strings.TrimPrefix(v.Value, "https://"))
			addr = net.JoinHostPort("127.0.0.1", port)
		}
	}
	conn, err := tls.Dial("tcp", addr, &tls.Config{InsecureSkipVerify: true, ServerName: name, MaxVersion: version})
	if err != nil {
		return false
	}
	conn.Close()
	return true
}

func TestStage(t *testing.T) {
	o := options(t, only13)
	var mu sync.Mutex
	observed := 0
	o.Observe = func(tlspolicy.Handshake) {
		mu.Lock()
		defer mu.Unlock()
		observed++
	}
	s, err := rehearse.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for _, test := range []struct {
		name     string
		version  uint16
		connects bool
	}{
		{"examplebucket.localhost", 0, true},
		{"examplebucket.localhost", tls.VersionTLS12, false},
		{"examplebucket.localhost", tls.VersionTLS12, false},
		{"", tls.VersionTLS12, false}, // what names no bucket means this one
		{"localhost", 0, true},
		{"elsewhere.test", 0, false},
	} {
		if got := dial(t, s, test.name, test.version); got != test.connects {
			t.Errorf("%q with %x: connects %v", test.name, test.version, got)
		}
	}
	result, err := s.Finish()
	if err != nil {
		t.Fatal(err)
	}
	type group struct {
		name, outcome, against, change string
		count                          int
	}
	var got []group
	for _, g := range result.Handshakes {
		got = append(got, group{g.ServerName, string(g.Outcome), g.Against.Outcome, g.Change, g.Count})
	}
	want := []group{
		{"examplebucket.localhost", "connected", "connected", "", 1},
		{"examplebucket.localhost", "refused", "connected", rehearse.Lost, 2},
		{"", "refused", "connected", rehearse.Lost, 1},
		{"localhost", "connected", "connected", "", 1},
		{"elsewhere.test", "refused", "connected", "", 1},
	}
	// Handshakes of different connections are written down in any order.
	byText := func(a, b group) int { return strings.Compare(fmt.Sprint(a), fmt.Sprint(b)) }
	slices.SortFunc(want, byText)
	slices.SortFunc(got, byText)
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(group{})); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if want := (rehearse.Counts{Total: 6, Connected: 2, Refused: 4, Lost: 3}); result.Summary.Clients != want || observed != want.Total {
		t.Errorf("summary %+v, observed %d", result.Summary.Clients, observed)
	}
	checkText(t, result)
}

// TestNobodyComes says so.
func TestNobodyComes(t *testing.T) {
	s, err := rehearse.Open(t.Context(), options(t, only13))
	if err != nil {
		t.Fatal(err)
	}
	result, err := s.Finish()
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := result.WriteText(&b); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(b.String(), "none came in") {
		t.Errorf("the text is\n%s", b.String())
	}
}

func TestFailures(t *testing.T) {
	list := clients.Find(t.Context())[:1]
	t.Run("the mock refuses it", func(t *testing.T) {
		_, err := rehearse.Run(t.Context(), options(t, "<TLS><Enable>true</Enable></TLS>"), list)
		var refused *client.ServiceError
		if !errors.As(err, &refused) || refused.Code != "MalformedXML" {
			t.Errorf("error %v", err)
		}
	})
	t.Run("not a document", func(t *testing.T) {
		if _, err := rehearse.Run(t.Context(), options(t, "<TLS>"), list); err == nil || !strings.Contains(err.Error(), "config.xml") {
			t.Errorf("error %v", err)
		}
	})
	t.Run("interrupted", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := rehearse.Run(ctx, options(t, only13), list); !errors.Is(err, context.Canceled) {
			t.Errorf("error %v", err)
		}
	})
	t.Run("an address that is taken", func(t *testing.T) {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		o := options(t, only13)
		o.TLSAddr = l.Addr().String()
		_, err = rehearse.Open(t.Context(), o)
		var listen *mockoss.ListenError
		if !errors.As(err, &listen) || listen.Option != "TLSAddr" {
			t.Errorf("error %v", err)
		}
	})
	t.Run("no such command", func(t *testing.T) {
		s, err := rehearse.Open(t.Context(), options(t, only13))
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		if _, err := s.RunCommand(t.Context(), []string{filepath.Join(t.TempDir(), "none")}, nil, nil); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("error %v", err)
		}
	})
}
