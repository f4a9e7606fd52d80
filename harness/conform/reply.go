package conform

import (
	"bytes"
	"encoding/base64"
)

// cutReply reads a reply as most drivers write it, without white space and with its members in order, in a tenth of
// the time that encoding/json takes. It is not ok if the line is anything else, valid or not, which [decodeReply] has
// to find out.
func cutReply(line []byte) (id string, a Answer, ok bool) {
	rest, ok := bytes.CutPrefix(line, []byte(`{"id":"`))
	name, rest, found := bytes.Cut(rest, []byte(`","status":`))
	if !ok || !found || !plain(name) || len(rest) == 0 || rest[0] < '0' || rest[0] > '2' {
		return "", a, false
	}
	status := rest[0] - '0'
	out, ok := bytes.CutPrefix(rest[1:], []byte(`,"out":"`))
	out, end := bytes.CutSuffix(out, []byte(`"}`))
	if !ok || !end || !plain(out) {
		return "", a, false
	}
	decoded := make([]byte, base64.StdEncoding.DecodedLen(len(out)))
	n, err := base64.StdEncoding.Strict().Decode(decoded, out)
	if err != nil {
		return "", a, false
	}
	return string(name), Answer{status, decoded[:n]}, true
}

// plain reports whether the text in a JSON string stands for itself. It looks at ASCII alone.
func plain(text []byte) bool {
	for _, b := range text {
		if b < ' ' || b > '~' || b == '"' || b == '\\' {
			return false
		}
	}
	return true
}
