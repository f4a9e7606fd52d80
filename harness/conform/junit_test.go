package conform

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A report is JUnit's XML as those read it who did not write it: by the names of elements and attributes.
type report struct {
	XMLName  xml.Name `xml:"testsuites"`
	Tests    int      `xml:"tests,attr"`
	Failures int      `xml:"failures,attr"`
	Errors   int      `xml:"errors,attr"`
	Skipped  int      `xml:"skipped,attr"`
	Time     float64  `xml:"time,attr"`
	Suites   []struct {
		Name       string  `xml:"name,attr"`
		Tests      int     `xml:"tests,attr"`
		Failures   int     `xml:"failures,attr"`
		Errors     int     `xml:"errors,attr"`
		Skipped    int     `xml:"skipped,attr"`
		Time       float64 `xml:"time,attr"`
		Timestamp  string  `xml:"timestamp,attr"`
		Properties []struct {
			Name  string `xml:"name,attr"`
			Value string `xml:"value,attr"`
		} `xml:"properties>property"`
		Cases []struct {
			Name  string    `xml:"name,attr"`
			Class string    `xml:"classname,attr"`
			Parts []outcome `xml:",any"`
		} `xml:"testcase"`
	} `xml:"testsuite"`
}

type outcome struct {
	XMLName xml.Name
	Message string `xml:"message,attr"`
	Text    string `xml:",chardata"`
}

func readReport(t *testing.T, r *Result) report {
	t.Helper()
	var b bytes.Buffer
	if err := r.WriteJUnit(&b); err != nil {
		t.Fatal(err)
	}
	var got report
	if err := xml.Unmarshal(b.Bytes(), &got); err != nil {
		t.Fatalf("%v in\n%s", err, b.String())
	}
	return got
}

func TestWriteJUnit(t *testing.T) {
	got := readReport(t, sampleResult())
	var lines []string
	tests, failures, errs, skipped := 0, 0, 0, 0
	for _, s := range got.Suites {
		lines = append(lines, fmt.Sprintf("%s: %d tests, %d failures, %d errors, %d skipped", s.Name, s.Tests, s.Failures, s.Errors, s.Skipped))
		if s.Tests != len(s.Cases) || s.Timestamp != "2026-11-24T12:34:56" {
			t.Errorf("%s: %d tests, %d cases at %s", s.Name, s.Tests, len(s.Cases), s.Timestamp)
		}
		tests, failures, errs, skipped = tests+s.Tests, failures+s.Failures, errs+s.Errors, skipped+s.Skipped
		for _, c := range s.Cases {
			if c.Class != s.Name {
				t.Errorf("%s has a case of %s", s.Name, c.Class)
			}
			for _, p := range c.Parts {
				lines = append(lines, fmt.Sprintf("  %s: %s: %s", c.Name, p.XMLName.Local, p.Message))
			}
		}
	}
	want := strings.Split(`native: 4 tests, 0 failures, 0 errors, 0 skipped
wazero: 4 tests, 0 failures, 0 errors, 0 skipped
wazero-interpreter: 4 tests, 0 failures, 0 errors, 0 skipped
differs: 5 tests, 2 failures, 0 errors, 0 skipped
  decode: failure: 1 of 10100 answers differ
  expected failures: failure: 1 listed case did not fail
dead: 4 tests, 0 failures, 1 errors, 2 skipped
  driver: error: the driver died: exit status 3
  encode: skipped: no case was compared
  post_policy: skipped: no case was compared
absent: 4 tests, 0 failures, 1 errors, 3 skipped
  driver: error: the driver cannot be started
  decode: skipped: no case was compared
  encode: skipped: no case was compared
  post_policy: skipped: no case was compared
workerd: 4 tests, 0 failures, 0 errors, 0 skipped
edge-runtime: 4 tests, 0 failures, 0 errors, 0 skipped
chromium: 4 tests, 0 failures, 0 errors, 0 skipped
sampled: 4 tests, 0 failures, 0 errors, 0 skipped
firefox: 1 tests, 0 failures, 1 errors, 0 skipped
  driver: error: missing and required; to install it: apt-get install -y firefox-esr
webkitgtk: 1 tests, 0 failures, 0 errors, 1 skipped
  driver: skipped: missing`, "\n")
	if diff := cmp.Diff(want, lines); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]int{tests, failures, errs, skipped}, []int{got.Tests, got.Failures, got.Errors, got.Skipped}); diff != "" {
		t.Errorf("the sums (-want +got):\n%s", diff)
	}
	if got.Time != 61 || got.Suites[0].Time != 12.345 {
		t.Errorf("%v s in all, %v s of native", got.Time, got.Suites[0].Time)
	}
	properties := map[string]string{}
	for _, p := range got.Suites[9].Properties {
		properties[p.Name] = p.Value
	}
	if properties["sample"] != "1 in 10 generated" || properties["module form"] != "self-contained" || properties["version"] != "1.2.3" {
		t.Errorf("properties %v", properties)
	}
}

// TestWriteJUnitEscapes has a driver say what XML has no room for.
func TestWriteJUnitEscapes(t *testing.T) {
	r := sampleResult()
	r.Runtimes = r.Runtimes[3:5]
	r.Runtimes[0].First[0].Got.Out = []byte("]]></failure>\x00\x1b[31m\xff\ufffe&amp;")
	r.Runtimes[0].Name = `<"&'>` + "\x01"
	r.Runtimes[1].Fault.Stderr = "]]>\x1b\x00</error>"
	got := readReport(t, r)
	if name := got.Suites[0].Name; name != `<"&'>`+"\ufffd" {
		t.Errorf("name %q", name)
	}
	if text := got.Suites[0].Cases[1].Parts[0].Text; !strings.Contains(text, "]]></failure>") || !strings.Contains(text, "gen/decode/00001") {
		t.Errorf("failure %q", text)
	}
	if text := got.Suites[1].Cases[0].Parts[0].Text; !strings.Contains(text, "]]>\ufffd\ufffd</error>") {
		t.Errorf("error %q", text)
	}
}
