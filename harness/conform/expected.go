package conform

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strings"
)

// An ExpectedFailure is a difference that is known and has a reason. It fails the run as soon as it passes.
type ExpectedFailure struct {
	Runtime string `json:"runtime"` // the name of the driver
	Case    string `json:"case"`
	Reason  string `json:"reason"`
}

func (e ExpectedFailure) String() string {
	return fmt.Sprintf("%s differs as expected: %s", e.Case, e.Reason)
}

// A Stale is an expected failure that did not fail.
type Stale struct {
	ExpectedFailure
	Passed bool `json:"passed"` // false: there is no such case in the run
}

func (s Stale) String() string {
	if s.Passed {
		return fmt.Sprintf("%s is listed as an expected failure (%s) and passed; take it off the list", s.Case, s.Reason)
	}
	return fmt.Sprintf("%s is listed as an expected failure (%s) and is not among the cases; take it off the list", s.Case, s.Reason)
}

// ErrExpected is wrapped by the error of [ReadExpected], which says the line.
var ErrExpected = errors.New("conform: list of expected failures")

// ReadExpected reads a list of expected failures: on each line the runtime, the case and, up to the end of the line,
// the reason, with white space between them. Empty lines and lines that begin with # are passed over.
func ReadExpected(r io.Reader) ([]ExpectedFailure, error) {
	var list []ExpectedFailure
	seen := map[[2]string]int{}
	lines := bufio.NewScanner(r)
	for n := 1; lines.Scan(); n++ {
		line := strings.TrimSpace(lines.Text())
		if line == "" || line[0] == '#' {
			continue
		}
		words := strings.Fields(line)
		if len(words) < 3 {
			return nil, fmt.Errorf("%w: line %d: needs a runtime, a case and a reason: %q", ErrExpected, n, line)
		}
		key := [2]string{words[0], words[1]}
		if first := seen[key]; first != 0 {
			return nil, fmt.Errorf("%w: line %d: %s is listed for %s on line %d already", ErrExpected, n, words[1], words[0], first)
		}
		seen[key] = n
		list = append(list, ExpectedFailure{words[0], words[1], strings.Join(words[2:], " ")})
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrExpected, err)
	}
	return list, nil
}
