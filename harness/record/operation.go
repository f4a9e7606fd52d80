package record

import (
	"net/http"
	"strings"

	"github.com/ossconf/ossconf/signer/signhttp"
)

// operationOf names what a request asks for, for a person to find a fixture by. The names are those of OSS where they
// follow from method and sub-resource, as most do.
func operationOf(m *message, res resource) string {
	query, _ := signhttp.ParseQuery(m.url.RawQuery)
	sub := ""
	for _, q := range query {
		switch {
		case q.Name == "list-type" && q.Value == "2" && m.method == http.MethodGet && res.key == "":
			return "ListObjectsV2"
		case sub == "" && q.Value == "" && letters(q.Name):
			sub = strings.ToUpper(q.Name[:1]) + q.Name[1:]
		}
	}
	noun := "Object"
	switch {
	case res.bucket == "" && m.method == http.MethodGet && sub == "":
		return "ListBuckets"
	case res.bucket == "":
		noun = "Service"
	case res.key == "" && isForm(m):
		return "PostObject"
	case res.key == "" && m.method == http.MethodGet && sub == "":
		return "ListObjects"
	case res.key == "":
		noun = "Bucket"
	}
	verb := strings.ToLower(m.method)
	if !letters(verb) {
		verb = "other"
	}
	if m.method == http.MethodOptions {
		verb = "option" // OptionObject
	}
	return strings.ToUpper(verb[:1]) + verb[1:] + noun + sub
}

// letters reports whether s, which goes into a file name, is made of letters alone and not too long for one.
func letters(s string) bool {
	for i := range len(s) {
		if c := s[i] | 0x20; c < 'a' || c > 'z' {
			return false
		}
	}
	return s != "" && len(s) <= 64
}
