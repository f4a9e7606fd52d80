package conform

import (
	"fmt"
	"io"
	"math"
	"strings"
	"time"
)

// WriteColdStart writes what a driver may say on standard error as its last line: how long its runtime took from loading
// the module to the first answer.
func WriteColdStart(w io.Writer, d time.Duration) error {
	_, err := fmt.Fprintf(w, "{\"cold_start_ms\":%.3f}\n", float64(d)/float64(time.Millisecond))
	return err
}

// coldStart reads the last line of a driver's standard error. That may be anything, so what is no such line is no error.
func coldStart(stderr string) (time.Duration, bool) {
	line := lastLine(stderr)
	var said struct {
		Milliseconds *float64 `json:"cold_start_ms"`
	}
	if decodeLine([]byte(line), &said) != nil || said.Milliseconds == nil {
		return 0, false
	}
	ms := *said.Milliseconds
	if ms <= 0 || ms > float64(math.MaxInt64/time.Millisecond) {
		return 0, false
	}
	return time.Duration(ms * float64(time.Millisecond)), true
}

// withoutColdStart returns what a driver has to say about its end.
func withoutColdStart(stderr string) string {
	if _, ok := coldStart(stderr); ok {
		stderr = strings.TrimRight(stderr, "\r\n")
		return strings.TrimSuffix(stderr, lastLine(stderr))
	}
	return stderr
}

func lastLine(text string) string {
	text = strings.TrimRight(text, "\r\n")
	return text[strings.LastIndexByte(text, '\n')+1:]
}
