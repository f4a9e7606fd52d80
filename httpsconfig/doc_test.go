package httpsconfig_test

import (
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ossconf/ossconf/httpsconfig"
)

// tables returns the rows of the tables of a document in Markdown, under the first cell of their heads.
func tables(t *testing.T, path string) map[string][][]string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string][][]string{}
	head := ""
	for line := range strings.SplitSeq(string(data), "\n") {
		row, isRow := strings.CutPrefix(line, "| ")
		switch {
		case !isRow && !strings.HasPrefix(line, "|---"):
			head = ""
		case !isRow:
		case head == "":
			head, _, _ = strings.Cut(row, " |")
		default:
			all[head] = append(all[head], strings.Split(strings.TrimSuffix(row, " |"), " | "))
		}
	}
	return all
}

const rulesDocument = "../docs/rules.md"

func TestRulesDocument(t *testing.T) {
	const none = "–"
	fixes := map[string]bool{}
	for _, test := range ruleTests {
		fixes[test.rule] = fixes[test.rule] || test.fixed != ""
	}
	var want, got [][]string
	for _, r := range httpsconfig.Rules() {
		fix := none
		if fixes[r.Name] {
			fix = "a fix"
		}
		want = append(want, []string{"`" + r.Name + "`", r.Severity.String(), r.Evidence.String(), r.Summary, r.Source, fix})
	}
	for _, row := range tables(t, rulesDocument)["rule"] {
		if last := len(row) - 1; row[last] != none {
			row[last] = "a fix"
		}
		got = append(got, row)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", rulesDocument, diff)
	}
}

// The table of reasons names them all in order, with the level of a suite against which there is nothing worse.
func TestReasonsDocument(t *testing.T) {
	levels := map[string]httpsconfig.Level{}
	suites := httpsconfig.Suites()
	for _, s := range suites {
		for _, text := range s.Reasons.Texts() {
			levels[text] = max(levels[text], s.Level)
		}
	}
	var want, got [][]string
	for _, text := range (^httpsconfig.Reason(0)).Texts() {
		want = append(want, []string{text, levels[text].String()})
	}
	for _, row := range tables(t, rulesDocument)["reason"] {
		got = append(got, []string{row[0], row[2]})
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", rulesDocument, diff)
	}
	data, err := os.ReadFile(rulesDocument)
	if err != nil {
		t.Fatal(err)
	}
	if count := "the " + strconv.Itoa(len(suites)) + " suites"; !strings.Contains(string(data), count) {
		t.Errorf("%s does not say %q", rulesDocument, count)
	}
}

// Every rule that the document names is one.
func TestDocumentNamesRules(t *testing.T) {
	rules := map[string]bool{}
	for _, r := range httpsconfig.Rules() {
		rules[r.Name] = true
	}
	for _, row := range tables(t, rulesDocument)["question"] {
		for i, word := range strings.Split(row[1], "`") {
			if i%2 == 1 && !rules[word] {
				t.Errorf("there is no rule %s", word)
			}
		}
	}
}

// The table of bases has each of them, as a policy gives it.
func TestPolicyDocument(t *testing.T) {
	const document = "../docs/tls.md"
	var want [][]string
	seen := map[httpsconfig.Basis]bool{}
	for _, doc := range []string{
		"", `{}`, `{"TLS":{"Enable":true},"CipherSuite":{"Enable":true,"StrongCipherSuite":true}}`,
		`{"CipherSuite":{"Enable":true,"CustomCipherSuite":["AES128-SHA"]}}`,
		`{"CipherSuite":{"Enable":true,"TLS13CustomCipherSuite":["TLS_AES_128_GCM_SHA256"]}}`,
		`{"CipherSuite":{"Enable":true,"CustomCipherSuite":["?"],"TLS13CustomCipherSuite":["?"]}}`,
	} {
		p := configuration(t, doc).Policy()
		for _, b := range []httpsconfig.Basis{p.VersionBasis, p.SuiteBasis, p.TLS13Basis} {
			if !seen[b] {
				want = append(want, []string{b.Element, b.Text, b.Evidence.String(), b.Source})
			}
			seen[b] = true
		}
	}
	got := tables(t, document)["element"]
	order := func(a, b []string) int { return slices.Compare(a, b) }
	slices.SortFunc(want, order)
	slices.SortFunc(got, order)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", document, diff)
	}
}

const profilesDocument = "../docs/profiles.md"

func TestProfilesDocument(t *testing.T) {
	var checks, profiles, presets [][]string
	for _, p := range httpsconfig.Profiles() {
		profiles = append(profiles, []string{"`" + p.Name + "`", p.Title, p.Source, p.Beyond})
		for _, c := range p.Checks {
			checks = append(checks, []string{"`" + p.Name + "` " + c.Name, c.Evidence.String(), c.Text, c.Source})
		}
	}
	for _, p := range httpsconfig.Presets() {
		presets = append(presets, []string{"`" + p.Name + "`", p.Title, strings.Join(p.Lost, "; ")})
	}
	got := tables(t, profilesDocument)
	for head, want := range map[string][][]string{"profile": profiles, "check": checks, "preset": presets} {
		if diff := cmp.Diff(want, got[head]); diff != "" {
			t.Errorf("%s, table of %ss (-want +got):\n%s", profilesDocument, head, diff)
		}
	}
}
