package httpsconfig_test

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ossconf/ossconf/httpsconfig"
	"github.com/ossconf/ossconf/source"
)

// published are values of the guidelines as they were published, a few of each.
var published = []struct {
	profile          string
	versions         string // those that it is about
	suites           string // all of them, or with … some
	never            string // suites that are not in it
	required, differ string // versions
}{
	{profile: "mozilla-modern-5.8", required: "TLSv1.3", differ: "TLSv1.0 TLSv1.1 TLSv1.2",
		suites: "TLS_AES_128_GCM_SHA256 TLS_AES_256_GCM_SHA384 TLS_CHACHA20_POLY1305_SHA256", never: "TLS_AES_128_CCM_SHA256"},
	{profile: "mozilla-intermediate-5.8", required: "TLSv1.2 TLSv1.3", differ: "TLSv1.0 TLSv1.1",
		suites: "ECDHE-ECDSA-AES128-GCM-SHA256 ECDHE-RSA-AES128-GCM-SHA256 ECDHE-ECDSA-AES256-GCM-SHA384 ECDHE-RSA-AES256-GCM-SHA384 " +
			"ECDHE-ECDSA-CHACHA20-POLY1305 ECDHE-RSA-CHACHA20-POLY1305 TLS_AES_128_GCM_SHA256 TLS_AES_256_GCM_SHA384 TLS_CHACHA20_POLY1305_SHA256",
		never: "DHE-RSA-AES128-GCM-SHA256 DHE-RSA-CHACHA20-POLY1305 ECDHE-RSA-AES128-SHA AES128-GCM-SHA256"},
	{profile: "mozilla-old-5.8", required: "TLSv1.0 TLSv1.1 TLSv1.2 TLSv1.3",
		suites: "ECDHE-ECDSA-AES128-GCM-SHA256 ECDHE-RSA-AES128-GCM-SHA256 ECDHE-ECDSA-AES256-GCM-SHA384 ECDHE-RSA-AES256-GCM-SHA384 " +
			"ECDHE-ECDSA-CHACHA20-POLY1305 ECDHE-RSA-CHACHA20-POLY1305 ECDHE-ECDSA-AES128-SHA256 ECDHE-RSA-AES128-SHA256 ECDHE-ECDSA-AES128-SHA " +
			"ECDHE-RSA-AES128-SHA ECDHE-ECDSA-AES256-SHA384 ECDHE-RSA-AES256-SHA384 ECDHE-ECDSA-AES256-SHA ECDHE-RSA-AES256-SHA AES128-GCM-SHA256 " +
			"AES256-GCM-SHA384 AES128-SHA256 AES256-SHA256 AES128-SHA AES256-SHA DES-CBC3-SHA " +
			"TLS_AES_128_GCM_SHA256 TLS_AES_256_GCM_SHA384 TLS_CHACHA20_POLY1305_SHA256",
		never: "DHE-RSA-AES128-GCM-SHA256 DHE-RSA-AES256-SHA256 RC4-SHA ECDHE-RSA-DES-CBC3-SHA"},
	{profile: "mozilla-modern-6.0", required: "TLSv1.3", differ: "TLSv1.0 TLSv1.1 TLSv1.2",
		suites: "TLS_AES_128_GCM_SHA256 TLS_AES_256_GCM_SHA384 TLS_CHACHA20_POLY1305_SHA256", never: "TLS_AES_128_CCM_8_SHA256"},
	{profile: "mozilla-intermediate-6.0", required: "TLSv1.2 TLSv1.3", differ: "TLSv1.0 TLSv1.1",
		suites: "ECDHE-ECDSA-AES128-GCM-SHA256 ECDHE-RSA-AES128-GCM-SHA256 ECDHE-ECDSA-AES256-GCM-SHA384 ECDHE-RSA-AES256-GCM-SHA384 " +
			"ECDHE-ECDSA-CHACHA20-POLY1305 ECDHE-RSA-CHACHA20-POLY1305 TLS_AES_128_GCM_SHA256 TLS_AES_256_GCM_SHA384 TLS_CHACHA20_POLY1305_SHA256",
		never: "DHE-RSA-AES256-GCM-SHA384 ECDHE-ECDSA-AES256-SHA384"},
	{profile: "nist-sp-800-52r2", required: "TLSv1.3", differ: "TLSv1.0 TLSv1.1",
		suites: "… ECDHE-ECDSA-AES128-GCM-SHA256 ECDHE-ECDSA-AES256-CCM8 ECDHE-RSA-AES256-SHA DHE-RSA-AES128-CCM DHE-RSA-AES256-SHA256 DHE-DSS-AES128-SHA " +
			"DH-RSA-AES256-GCM-SHA384 ECDH-ECDSA-AES128-SHA256 TLS_AES_256_GCM_SHA384 TLS_AES_128_CCM_8_SHA256",
		never: "ECDHE-RSA-CHACHA20-POLY1305 AES128-GCM-SHA256 AES256-SHA DES-CBC3-SHA ECDHE-RSA-DES-CBC3-SHA RC4-SHA PSK-AES128-GCM-SHA256 ECDHE-RSA-CAMELLIA128-SHA256 TLS_CHACHA20_POLY1305_SHA256"},
	{profile: "pci-dss-4.0.1", differ: "TLSv1.0 TLSv1.1",
		suites: "… ECDHE-RSA-AES128-GCM-SHA256 AES128-SHA ECDHE-RSA-CHACHA20-POLY1305 DHE-RSA-AES256-SHA CAMELLIA128-SHA TLS_CHACHA20_POLY1305_SHA256 TLS_AES_128_CCM_8_SHA256",
		never:  "DES-CBC3-SHA ECDHE-RSA-DES-CBC3-SHA RC4-SHA DES-CBC-SHA EXP-RC4-MD5 NULL-SHA256 ADH-AES128-GCM-SHA256 IDEA-CBC-SHA"},
}

// listing returns the configuration that lists versions and suites.
func listing(versions, suites []string) *httpsconfig.Config {
	c := &httpsconfig.Config{TLS: &httpsconfig.TLS{Enable: httpsconfig.True, TLSVersions: versions}, CipherSuite: &httpsconfig.CipherSuite{Enable: httpsconfig.True, StrongCipherSuite: httpsconfig.False}}
	for _, name := range suites {
		if s, _ := httpsconfig.SuiteByName(name); s != nil && s.TLS13() {
			c.CipherSuite.TLS13CustomCipherSuites = append(c.CipherSuite.TLS13CustomCipherSuites, name)
		} else {
			c.CipherSuite.CustomCipherSuites = append(c.CipherSuite.CustomCipherSuites, name)
		}
	}
	return c
}

// assess holds a configuration against one profile, as a document in XML.
func assess(t *testing.T, c *httpsconfig.Config, profile string) httpsconfig.Assessment {
	t.Helper()
	doc, err := c.AppendXML(nil)
	if err != nil {
		t.Fatal(err)
	}
	_, a := assessDocument(t, doc, profile)
	return a
}

func assessDocument(t *testing.T, doc []byte, profile string) (*httpsconfig.Report, httpsconfig.Assessment) {
	t.Helper()
	p, found := httpsconfig.ProfileByName(profile)
	if !found {
		t.Fatalf("no profile %s", profile)
	}
	report, list := httpsconfig.ValidateProfiles(doc, []*httpsconfig.Profile{p})
	if len(list) != 1 {
		t.Fatalf("%d assessments", len(list))
	}
	return report, list[0]
}

// lines writes the differences, a line each.
func lines(a httpsconfig.Assessment) (list []string) {
	for _, d := range a.Differences {
		kind := "missing"
		if d.TooMuch {
			kind = "too much"
		}
		list = append(list, fmt.Sprintf("%s: %s %s", d.Check.Name, kind, strings.Join(d.Names, " ")))
	}
	return list
}

func TestPublishedProfiles(t *testing.T) {
	var names []string
	for _, p := range httpsconfig.Profiles() {
		names = append(names, p.Name)
	}
	for i, test := range published {
		t.Run(test.profile, func(t *testing.T) {
			if names[i] != test.profile {
				t.Fatalf("profile %d is %s", i, names[i])
			}
			exact := !strings.HasPrefix(test.suites, "…")
			suites := strings.Fields(strings.TrimPrefix(test.suites, "…"))
			versions := strings.Fields(test.required)
			if versions == nil {
				versions = []string{"TLSv1.2", "TLSv1.3"}
			}
			if !exact && !slices.Contains(versions, "TLSv1.2") {
				versions = append([]string{"TLSv1.2"}, versions...)
			}
			if got := lines(assess(t, listing(versions, suites), test.profile)); got != nil {
				t.Errorf("what was published does not pass: %q", got)
			}
			for _, version := range strings.Fields(test.differ) {
				got := lines(assess(t, listing(append([]string{version}, versions...), suites), test.profile))
				if len(got) != 1 || !strings.HasSuffix(got[0], ": too much "+version) {
					t.Errorf("with %s: %q", version, got)
				}
			}
			for _, version := range strings.Fields(test.required) {
				rest := slices.DeleteFunc(slices.Clone(versions), func(v string) bool { return v == version })
				got := lines(assess(t, listing(rest, suites), test.profile))
				if len(got) == 0 || !strings.HasSuffix(got[0], ": missing "+version) {
					t.Errorf("without %s: %q", version, got)
				}
			}
			for _, suite := range strings.Fields(test.never) {
				got := lines(assess(t, listing(versions, append([]string{suite}, suites...)), test.profile))
				if len(got) != 1 || !strings.HasSuffix(got[0], "cipher-suites: too much "+suite) {
					t.Errorf("with %s: %q", suite, got)
				}
			}
			for j, suite := range suites {
				got := lines(assess(t, listing(versions, slices.Delete(slices.Clone(suites), j, j+1)), test.profile))
				if exact && (len(got) != 1 || !strings.HasSuffix(got[0], ": missing "+suite)) || !exact && got != nil {
					t.Errorf("without %s: %q", suite, got)
				}
			}
		})
	}
	if len(names) != len(published) {
		t.Errorf("%d profiles, %d are tested", len(names), len(published))
	}
}

func TestAssess(t *testing.T) {
	const intermediate = "mozilla-intermediate-5.8"
	const strong = `<HttpsConfiguration>
  <TLS>
    <Enable>true</Enable>
    <TLSVersion>TLSv1.1</TLSVersion>
    <TLSVersion>TLSv1.2</TLSVersion>
  </TLS>
  <CipherSuite>
    <Enable>true</Enable>
    <StrongCipherSuite>true</StrongCipherSuite>
  </CipherSuite>
</HttpsConfiguration>`
	_, a := assessDocument(t, []byte(strong), intermediate)
	type place struct {
		Kind, Path, Hint, Fix string
		Line, Column, Names   int
	}
	var got []place
	for _, d := range a.Differences {
		p := place{Kind: lines(httpsconfig.Assessment{Differences: []httpsconfig.Difference{d}})[0], Path: d.Path, Hint: d.Hint, Line: d.Line, Column: d.Column, Names: len(d.Names)}
		if p.Kind, _, _ = strings.Cut(p.Kind, " DHE"); d.Fix != nil {
			p.Fix = d.Fix.Description
		}
		got = append(got, p)
	}
	want := []place{
		{"tls-versions: too much TLSv1.1", "/HttpsConfiguration/TLS/TLSVersion[1]", "remove it", "Remove <TLSVersion>TLSv1.1</TLSVersion>", 4, 5, 1},
		{"tls-versions: missing TLSv1.3", "/HttpsConfiguration/TLS/TLSVersion[2]", "add what is missing", "Add TLSv1.3 to <TLSVersion>", 5, 5, 1},
		{"cipher-suites: too much", "/HttpsConfiguration/CipherSuite/StrongCipherSuite", "list what is to be accepted in <CustomCipherSuite>", "", 9, 5, 17},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("differences (-want +got):\n%s", diff)
	}
	// One version less and one more, StrongCipherSuite, and two lists of six and three suites.
	if a.Distance != 2+1+6+3 || a.Evidence != httpsconfig.Assumed {
		t.Errorf("distance %d, evidence %s", a.Distance, a.Evidence)
	}
	preset := presetNamed(t, intermediate).Config
	if diff := cmp.Diff(preset, a.Passing); diff != "" {
		t.Errorf("the configuration that passes is not the preset (-preset +passing):\n%s", diff)
	}
}

func presetNamed(t *testing.T, name string) httpsconfig.Preset {
	t.Helper()
	for _, p := range httpsconfig.Presets() {
		if p.Name == name {
			return p
		}
	}
	t.Fatalf("no preset %s", name)
	return httpsconfig.Preset{}
}

// What cannot be read has no assessment; what can, has one, whatever is wrong with it.
func TestAssessWhatCannotBeRead(t *testing.T) {
	report, list := httpsconfig.ValidateProfiles([]byte("<HttpsConfiguration><TLS>"), httpsconfig.Profiles())
	if list != nil || report.OK() {
		t.Errorf("%d assessments, %v", len(list), report.Findings)
	}
	report, list = httpsconfig.ValidateProfiles([]byte("{}"), httpsconfig.Profiles())
	if len(list) != len(httpsconfig.Profiles()) || report.OK() {
		t.Errorf("%d assessments, %v", len(list), report.Findings)
	}
}

// Whatever the configuration, what is said to pass does, and is as far away as is said; and every fix mends what it is
// for and nothing else.
// What a list without a suite of its generation accepts is assumed, even if that is nothing.
func TestVoidListIsAssumed(t *testing.T) {
	for versions, want := range map[string]httpsconfig.Evidence{"TLSv1.2 TLSv1.3": httpsconfig.Assumed, "TLSv1.2": httpsconfig.Documented} {
		c := &httpsconfig.Config{
			TLS:         &httpsconfig.TLS{Enable: httpsconfig.True, TLSVersions: strings.Fields(versions)},
			CipherSuite: &httpsconfig.CipherSuite{Enable: httpsconfig.True, CustomCipherSuites: []string{"ECDHE-RSA-AES128-GCM-SHA256"}, TLS13CustomCipherSuites: []string{"ECDHE-RSA-AES128-GCM-SHA256"}},
		}
		if a := assess(t, c, "nist-sp-800-52r2"); a.Evidence != want {
			t.Errorf("%s: %s, want %s", versions, a.Evidence, want)
		}
	}
}

func TestPassingPasses(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	passes, fails, fixes := 0, 0, 0
	for range 400 {
		c := randomConfig(r)
		if c == nil {
			c = &httpsconfig.Config{Unknown: []httpsconfig.Unknown{{XML: "<New>1</New>"}}}
		}
		doc, err := c.AppendXML(nil)
		if r.IntN(2) == 0 {
			doc, err = c.AppendJSON(nil)
		}
		if err != nil {
			t.Fatal(err)
		}
		report, list := httpsconfig.ValidateProfiles(doc, httpsconfig.Profiles())
		if diff := cmp.Diff(httpsconfig.Validate(doc).Findings, report.Findings); diff != "" {
			t.Fatalf("Validate finds something else (-Validate +ValidateProfiles):\n%s", diff)
		}
		for _, a := range list {
			name := a.Profile.Name
			if a.Differences == nil {
				if passes++; a.Passing != nil || a.Distance != 0 {
					t.Fatalf("%s passes, and does not: %+v", doc, a)
				}
				continue
			}
			fails++
			after := assess(t, a.Passing, name)
			if after.Differences != nil {
				t.Fatalf("%s\n%s: what should pass does not: %q\n%+v %+v", doc, name, lines(after), a.Passing.TLS, a.Passing.CipherSuite)
			}
			edits := httpsconfig.Compare(c, a.Passing)
			if edits.Edits() != a.Distance || a.Distance == 0 || len(edits.Unknown) > 0 {
				t.Fatalf("%s\n%s: distance %d, edits %+v", doc, name, a.Distance, edits)
			}
			for i, d := range a.Differences {
				if d.Fix == nil {
					continue
				}
				fixes++
				fixed, err := source.Apply(string(doc), d.Fix.Edits)
				if err != nil {
					t.Fatal(err)
				}
				before := lines(a)
				after, rest := lines(second(assessDocument(t, []byte(fixed), name))), slices.Delete(slices.Clone(before), i, i+1)
				if slices.Contains(after, before[i]) || d.Check.Name == "cipher-suites" && !slices.Equal(after, rest) {
					t.Fatalf("%s\n%s: the fix of %q gives\n%s\n%q", doc, name, before[i], fixed, after)
				}
			}
		}
	}
	if passes < 40 || fails < 1000 || fixes < 1000 {
		t.Errorf("%d passed, %d failed, %d fixes", passes, fails, fixes)
	}
}

func second[A, B any](_ A, b B) B { return b }

// A preset is a valid configuration, passes the profile of its name, and accepts what its guideline lists.
func TestPresets(t *testing.T) {
	profiles := map[string]bool{}
	for _, p := range httpsconfig.Profiles() {
		profiles[p.Name] = true
	}
	seen := map[string]bool{}
	for _, p := range httpsconfig.Presets() {
		t.Run(p.Name, func(t *testing.T) {
			if seen[p.Name] || p.Title == "" || p.Source == "" || len(p.Lost) == 0 {
				t.Errorf("%+v is not complete, or stands twice", p)
			}
			seen[p.Name] = true
			doc, err := p.Config.AppendXML(nil)
			if err != nil {
				t.Fatal(err)
			}
			if report := httpsconfig.Validate(doc); !report.OK() {
				t.Errorf("it is not valid: %v", report.Findings)
			}
			if profiles[p.Name] {
				if a := assess(t, p.Config, p.Name); a.Differences != nil || a.Evidence != httpsconfig.Documented {
					t.Errorf("it does not pass its own profile: %q, %s", lines(a), a.Evidence)
				}
			}
		})
	}
	for name := range profiles {
		if strings.HasPrefix(name, "mozilla-") && !seen[name] {
			t.Errorf("there is no preset %s", name)
		}
	}
	// The lists of Cloudflare add to each other.
	var sizes []int
	for _, name := range []string{"cloudflare-modern", "cloudflare-compatible", "cloudflare-legacy"} {
		c := presetNamed(t, name).Config
		sizes = append(sizes, len(c.TLS.TLSVersions), len(c.CipherSuite.CustomCipherSuites), len(c.CipherSuite.TLS13CustomCipherSuites))
	}
	if diff := cmp.Diff([]int{2, 6, 3, 2, 10, 3, 4, 20, 3}, sizes); diff != "" {
		t.Errorf("sizes of the lists of Cloudflare (-want +got):\n%s", diff)
	}
}

// A document that lists every suite, and one that lists one as often as there is room, take memory within a factor of their
// size, and the differences stand in the order of the document.
func TestHostileDocumentsAndProfiles(t *testing.T) {
	const before = "<HttpsConfiguration><TLS><Enable>true</Enable><TLSVersion>TLSv1.2</TLSVersion></TLS><CipherSuite><Enable>true</Enable>"
	const after = "</CipherSuite></HttpsConfiguration>"
	var all strings.Builder
	for _, s := range slices.Backward(httpsconfig.Suites()) {
		all.WriteString("<CustomCipherSuite>" + s.OpenSSL + "</CustomCipherSuite>")
	}
	for name, doc := range map[string]string{
		"every suite":      fill(before+all.String(), " ", after),
		"one suite":        fill(before, "<CustomCipherSuite>RC4-SHA</CustomCipherSuite>", after),
		"no suite of ours": fill(before, "<CustomCipherSuite>x</CustomCipherSuite>", after),
	} {
		t.Run(name, func(t *testing.T) {
			const factor = 1000
			var m, n runtime.MemStats
			httpsconfig.Validate([]byte(doc))
			runtime.ReadMemStats(&m)
			_, list := httpsconfig.ValidateProfiles([]byte(doc), httpsconfig.Profiles())
			runtime.ReadMemStats(&n)
			if used := n.TotalAlloc - m.TotalAlloc; used > factor*uint64(len(doc)) {
				t.Errorf("%d bytes for %d", used, len(doc))
			}
			for _, a := range list {
				last := map[string]int{}
				for _, d := range a.Differences {
					if key := d.Check.Name + fmt.Sprint(d.TooMuch); d.Offset < last[key] {
						t.Fatalf("%s: %d stands behind %d", key, d.Offset, last[key])
					} else {
						last[key] = d.Offset
					}
				}
			}
		})
	}
}
