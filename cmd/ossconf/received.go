package main

import (
	"bufio"
	"bytes"
	"maps"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/ossconf/ossconf/signer"
	"github.com/ossconf/ossconf/signer/signhttp"
)

// received makes the JSON of the operation verify of an HTTP request.
func (v *verification) received(name string, data []byte) (*input, error) {
	refuse := func(what, hint string) error {
		return &failure{exit: exitRefused, code: "http", what: what, where: name, hint: hint}
	}
	r, err := parseRequest(data)
	if err != nil {
		return nil, refuse("not an HTTP/1.1 request", "give request line, headers, an empty line and the body, or JSON")
	}
	query, err := signhttp.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return nil, refuse("the query holds an escape that is none", "write a percent sign as %25")
	}
	bucket, key, err := v.resource(r)
	if err != nil {
		return nil, usage("the host leaves open which bucket is meant", name, "pass --bucket, or --path-style if the path begins with it")
	}
	if v.bucket != "" && bucket != v.bucket {
		return nil, usage("the path of the request names another bucket", "--bucket", "leave it out")
	}
	headers := [][2]string{{"Host", r.Host}}
	for _, name := range slices.Sorted(maps.Keys(r.Header)) {
		for _, value := range r.Header[name] {
			if !utf8.ValidString(value) {
				return nil, refuse("the header "+name+" is not UTF-8", "encode what is not ASCII")
			}
			headers = append(headers, [2]string{name, value})
		}
	}
	in := newInput(name, "{}")
	in.add("method", r.Method)
	in.add("bucket", bucket)
	in.add("key", key)
	in.add("headers", headers)
	pairs := make([][2]string, len(query))
	for i, f := range query {
		pairs[i] = [2]string{f.Name, f.Value}
	}
	in.add("query", pairs)
	clear(in.from) // none of them is a flag's
	return in, nil
}

// parseRequest reads the head of a request, the lines of which may end with a line feed alone. The empty line behind it
// may be missing.
func parseRequest(data []byte) (*http.Request, error) {
	data = bytes.TrimLeft(data, "\r\n")
	if !bytes.Contains(data, []byte("\n\n")) && !bytes.Contains(data, []byte("\n\r\n")) {
		data = append(bytes.TrimRight(data, "\r\n"), "\r\n\r\n"...)
	}
	return http.ReadRequest(bufio.NewReader(bytes.NewReader(data)))
}

// resource returns bucket and key of a request.
func (v *verification) resource(r *http.Request) (bucket, key string, err error) {
	a := signhttp.Addressing{PathStyle: v.pathStyle}
	if !v.pathStyle && !signer.NeedsPathStyle(strings.ToLower(r.Host)) {
		a.Bucket = v.bucket
	}
	return a.Resource(r)
}
