package signer_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/ossconf/ossconf/signer"
)

// decodeQuery reads a query by means of net/url, which shares no code with the package.
func decodeQuery(t testing.TB, raw string) (list []signer.Field) {
	t.Helper()
	for part := range strings.SplitSeq(raw, "&") {
		name, value, _ := strings.Cut(part, "=")
		n, err := url.PathUnescape(name)
		if err != nil {
			t.Fatal(err)
		}
		v, err := url.PathUnescape(value)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, signer.Field{Name: n, Value: v})
	}
	return list
}
