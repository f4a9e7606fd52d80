package tlspolicy_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/ossconf/ossconf/harness/tlspolicy"
	"github.com/ossconf/ossconf/harness/tlspolicy/clients"
	"github.com/ossconf/ossconf/httpsconfig"
)

// A visit is what a browser got at an address.
type visit struct {
	Text, Error      string
	Protocol, Cipher string // what Chromium says of the connection, as the next one; Firefox says nothing
	KeyExchange      string `json:"key_exchange"`
}

// visitAll opens addresses in a browser of this machine, and returns its version and what it got. The test is skipped
// without the browser, or without what drives it.
func visitAll(t *testing.T, browser string, urls []string) (version string, visits []visit) {
	t.Helper()
	web, err := filepath.Abs(filepath.Join("..", "..", "web"))
	if err != nil {
		t.Fatal(err)
	}
	if why := missing(browser, web); why != "" {
		if os.Getenv("OSSCONF_REQUIRE_NODE") != "" {
			t.Fatalf("%s; OSSCONF_REQUIRE_NODE requires it", why)
		}
		t.Skipf("%s (OSSCONF_REQUIRE_NODE=1 makes this a failure)", why)
	}
	in, err := json.Marshal(urls)
	if err != nil {
		t.Fatal(err)
	}
	var out, stderr bytes.Buffer
	cmd := exec.CommandContext(t.Context(), "node", filepath.Join(web, "testing", "visit.js"), browser)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = bytes.NewReader(in), &out, &stderr
	if err := cmd.Run(); err != nil {
		t.Fatalf("%v\n%s", err, &stderr)
	}
	var answer struct {
		Version string
		Visits  []visit
	}
	if err := json.Unmarshal(out.Bytes(), &answer); err != nil || len(answer.Visits) != len(urls) {
		t.Fatalf("%v: %s", err, &out)
	}
	return answer.Version, answer.Visits
}

// missing says what a visit lacks, or nothing.
func missing(browser, web string) string {
	if _, err := exec.LookPath("node"); err != nil {
		return "no Node.js"
	}
	if _, err := os.Stat(filepath.Join(web, "node_modules", "puppeteer-core")); err != nil {
		return "web/node_modules is missing: make build-web"
	}
	programs := map[string][]string{"chromium": {"chromium", "chromium-browser", "google-chrome"}, "firefox": {"firefox-esr", "firefox"}}[browser]
	if !slices.ContainsFunc(programs, func(name string) bool { _, err := exec.LookPath(name); return err == nil }) {
		return browser + " is not there"
	}
	return ""
}

var browserVersion = regexp.MustCompile(`/(\d+)\.`)

// inTable returns the name that the table has for the version of a browser, or one that it does not have.
func inTable(t *testing.T, browser, version string) string {
	t.Helper()
	m := browserVersion.FindStringSubmatch(version)
	if m == nil {
		t.Fatalf("%s has the version %q", browser, version)
	}
	name := map[string]string{"chromium": "Chromium ", "firefox": "Firefox "}[browser] + m[1]
	for _, c := range httpsconfig.Clients() {
		if !c.Imitated && (c.Name == name || strings.HasPrefix(c.Name, name+" ")) {
			return c.Name
		}
	}
	return name
}

// Browsers get from the listener what Simulate says, and say so.
func TestBrowsersAgreeWithSimulate(t *testing.T) {
	for _, browser := range []string{"chromium", "firefox"} {
		t.Run(browser, func(t *testing.T) {
			t.Parallel()
			r := newRecorder()
			addrs, _ := serveNumbered(t, r, func(i int) *httpsconfig.Config { return simulateTests[i].config(t) })
			var urls, hosts []string
			for i, test := range simulateTests {
				_, port, _ := net.SplitHostPort(addrs[test.kinds])
				hosts = append(hosts, fmt.Sprintf("%d-%s.localhost", i, browser))
				urls = append(urls, "https://"+net.JoinHostPort(hosts[i], port)+"/")
			}
			version, visits := visitAll(t, browser, urls)
			if len(r.all(hosts[0])) == 0 {
				t.Fatalf("%s does not come: %+v", version, visits[0])
			}
			c := known(t, inTable(t, browser, version), r.all(hosts[0])[0])
			seen := map[httpsconfig.Outcome]int{}
			for i, test := range simulateTests {
				want := simulated(t, test, c)
				seen[want.Outcome]++
				decided := false
				for _, h := range r.all(hosts[i]) { // it may try more than once
					decided = decided || !brokeOff(h)
					for _, problem := range visitProblems(want, visits[i], h) {
						t.Errorf("%s: %s\nsimulated %s %s\nbrowser   %+v\nserver    %s", test.name, problem, want.Outcome, want.Reason, visits[i], h)
					}
				}
				if !decided {
					t.Errorf("%s: no handshake goes to the end", test.name)
				}
			}
			t.Logf("%s as %s: %v", version, c.Name, seen)
			if seen[httpsconfig.Connects] < 6 || seen[httpsconfig.Fails] < 2 {
				t.Errorf("outcomes %v", seen)
			}
		})
	}
}

// brokeOff reports whether a browser ended a handshake once it was negotiated. They do, for a certificate that they do not
// trust, before they are told to accept it.
func brokeOff(h tlspolicy.Handshake) bool { return h.Outcome == tlspolicy.Failed && h.Suite != "" }

// visitProblems returns where a handshake of a browser goes against what was simulated, or against what the browser says.
func visitProblems(want httpsconfig.Simulation, v visit, h tlspolicy.Handshake) []string {
	got := clients.Result{Connected: v.Error == "", Version: h.Version, Suite: h.Suite, Err: v.Error}
	if brokeOff(h) {
		got.Connected = true // what was negotiated counts
		return simulationProblems(want, got, h)
	}
	list := simulationProblems(want, got, h)
	if got.Connected != (h.Outcome == tlspolicy.Connected) {
		list = append(list, "browser and server do not agree")
	}
	if !got.Connected {
		return list
	}
	version := strings.Replace(h.Version, "TLSv", "TLS ", 1)
	if want := h.ServerName + " " + version; strings.TrimSpace(v.Text) != want {
		list = append(list, "the page is not "+want)
	}
	if s, _ := httpsconfig.SuiteByName(h.Suite); v.Protocol != "" &&
		(v.Protocol != version || !strings.Contains(s.Name, v.Cipher) || !strings.Contains(s.Name, v.KeyExchange)) {
		list = append(list, "the browser says something else of the connection")
	}
	return list
}
