package conform

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"
	"time"
)

// The elements of JUnit's XML, as CI systems read it.
type (
	junitSuites struct {
		XMLName  xml.Name     `xml:"testsuites"`
		Name     string       `xml:"name,attr"`
		Tests    int          `xml:"tests,attr"`
		Failures int          `xml:"failures,attr"`
		Errors   int          `xml:"errors,attr"`
		Skipped  int          `xml:"skipped,attr"`
		Time     string       `xml:"time,attr"`
		Suites   []junitSuite `xml:"testsuite"`
	}
	junitSuite struct {
		Name       string          `xml:"name,attr"`
		Tests      int             `xml:"tests,attr"`
		Failures   int             `xml:"failures,attr"`
		Errors     int             `xml:"errors,attr"`
		Skipped    int             `xml:"skipped,attr"`
		Time       string          `xml:"time,attr"`
		Timestamp  string          `xml:"timestamp,attr"`
		Properties []junitProperty `xml:"properties>property"`
		Cases      []junitCase     `xml:"testcase"`
	}
	junitProperty struct {
		Name  string `xml:"name,attr"`
		Value string `xml:"value,attr"`
	}
	junitCase struct {
		Name    string        `xml:"name,attr"`
		Class   string        `xml:"classname,attr"`
		Failure *junitMessage `xml:"failure"`
		Error   *junitMessage `xml:"error"`
		Skipped *junitMessage `xml:"skipped"`
	}
	junitMessage struct {
		Message string `xml:"message,attr"`
		Type    string `xml:"type,attr,omitempty"`
		Text    string `xml:",chardata"`
	}
)

// WriteJUnit writes the result as JUnit XML. Each runtime is a test suite. Its test cases are the operations, in which
// the differences are failures; "driver", in which a breach of the protocol is an error; and "expected failures", which
// fails for those that are stale. A missing runtime is a test that was skipped, or an error if it is required.
func (r *Result) WriteJUnit(w io.Writer) error {
	all := junitSuites{Name: "ossconf conform", Time: seconds(r.Elapsed)}
	for _, rt := range r.Runtimes {
		all.add(rt.junit(r))
	}
	for _, m := range r.Missing {
		all.add(m.junit(r))
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	e := xml.NewEncoder(w)
	e.Indent("", "  ")
	if err := e.Encode(all); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}

// add counts the test cases of a suite, for it and for all.
func (all *junitSuites) add(s junitSuite) {
	s.Tests = len(s.Cases)
	for _, c := range s.Cases {
		switch {
		case c.Failure != nil:
			s.Failures++
		case c.Error != nil:
			s.Errors++
		case c.Skipped != nil:
			s.Skipped++
		}
	}
	all.Tests += s.Tests
	all.Failures += s.Failures
	all.Errors += s.Errors
	all.Skipped += s.Skipped
	all.Suites = append(all.Suites, s)
}

func (r RuntimeResult) junit(all *Result) junitSuite {
	s := junitSuite{
		Name: r.Name, Time: seconds(r.Elapsed), Timestamp: all.timestamp(),
		Properties: []junitProperty{
			{"runtime", r.About.Runtime}, {"version", r.About.Version}, {"module form", r.Form}, {"module sha-256", r.About.Module},
			{"cases", r.caseCount()}, {"sample", fmt.Sprintf("1 in %d generated", r.Every)},
			{"cold start", duration(r.ColdStart)}, {"time per call", duration(r.PerCall)},
		},
	}
	driver := junitCase{Name: "driver", Class: r.Name}
	if r.Fault != nil {
		driver.Error = &junitMessage{Message: r.Fault.Err.Error(), Type: "fault", Text: r.faultText()}
	}
	s.Cases = append(s.Cases, driver)
	for _, op := range all.Operations {
		s.Cases = append(s.Cases, r.junitOperation(op))
	}
	if len(r.Expected)+len(r.Stale) > 0 {
		s.Cases = append(s.Cases, r.junitExpected())
	}
	return s
}

func (r RuntimeResult) junitOperation(op string) junitCase {
	c := junitCase{Name: op, Class: r.Name}
	n := r.Operations[op]
	switch {
	case n.Differences > 0:
		var shown []string
		for _, d := range r.First {
			if d.Op == op {
				shown = append(shown, d.String())
			}
		}
		if more := n.Differences - len(shown); more > 0 {
			shown = append(shown, count(more, "more difference")+" not shown")
		}
		c.Failure = &junitMessage{
			Message: fmt.Sprintf("%d of %s differ", n.Differences, count(n.Cases, "answer")), Type: "difference", Text: strings.Join(shown, "\n\n"),
		}
	case n.Cases == 0:
		c.Skipped = &junitMessage{Message: "no case was compared"}
	}
	return c
}

func (r RuntimeResult) junitExpected() junitCase {
	c := junitCase{Name: "expected failures", Class: r.Name}
	if len(r.Stale) > 0 {
		var lines []string
		for _, s := range r.Stale {
			lines = append(lines, s.String())
		}
		c.Failure = &junitMessage{Message: count(len(r.Stale), "listed case") + " did not fail", Type: "stale", Text: strings.Join(lines, "\n")}
	}
	return c
}

func (m Missing) junit(all *Result) junitSuite {
	c := junitCase{Name: "driver", Class: m.Name}
	if m.Required {
		c.Error = &junitMessage{Message: m.remedy(), Type: "missing"}
	} else {
		c.Skipped = &junitMessage{Message: m.remedy()}
	}
	return junitSuite{
		Name: m.Name, Time: seconds(0), Timestamp: all.timestamp(), Properties: []junitProperty{{"module form", m.Form}}, Cases: []junitCase{c},
	}
}

func seconds(d time.Duration) string { return fmt.Sprintf("%.3f", d.Seconds()) }

func (r *Result) timestamp() string { return r.Started.UTC().Format("2006-01-02T15:04:05") }
