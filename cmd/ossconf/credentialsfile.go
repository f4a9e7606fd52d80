package main

import (
	"errors"
	"fmt"
	"time"

	"github.com/ossconf/ossconf/harness/mockoss"
	"github.com/ossconf/ossconf/jsoncodec"
	"github.com/ossconf/ossconf/source"
)

// maxCredentials bounds the file of --credentials.
const maxCredentials = 1 << 20

// credentialMembers are the members of an access key in a file.
const credentialMembers = "access_key_id, access_key_secret, security_token, owner and expires"

// A credentialsFile is a file of access keys that is being read. Nothing of its content gets into an error.
type credentialsFile struct{ path, text string }

// readCredentials reads a file of access keys, an array of objects.
func readCredentials(path string) ([]mockoss.Credential, error) {
	data, err := readFile(path, maxCredentials)
	if err != nil {
		return nil, err
	}
	f := credentialsFile{path, string(data)}
	if len(data) > maxCredentials {
		return nil, f.refuse(0, "", fmt.Sprintf("the file is larger than %d bytes", maxCredentials), "leave out access keys that are not used")
	}
	root, err := jsoncodec.Parse(f.text)
	var bad *jsoncodec.ParseError
	if errors.As(err, &bad) {
		return nil, f.refuse(bad.Offset, "", bad.Err.Text, bad.Hint)
	}
	const form = `write [{"access_key_id":"…","access_key_secret":"…"}]`
	if root.Kind() != jsoncodec.Array || !root.First().OK() {
		return nil, f.refuse(0, "", "the file has to be an array of one access key or more", form)
	}
	var list []mockoss.Credential
	for v := root.First(); v.OK(); v = v.Next() {
		if v.Kind() != jsoncodec.Object {
			at, _ := v.Span()
			return nil, f.refuse(at, pointer(len(list), ""), "an access key has to be an object", form)
		}
		c, err := f.credential(v, len(list))
		if err != nil {
			return nil, err
		}
		list = append(list, c)
	}
	return list, nil
}

// credential reads the nth access key.
func (f credentialsFile) credential(v jsoncodec.Value, n int) (mockoss.Credential, error) {
	var c mockoss.Credential
	var expires string
	to := map[string]*string{"access_key_id": &c.AccessKeyID, "access_key_secret": &c.AccessKeySecret,
		"security_token": &c.SecurityToken, "owner": &c.Owner, "expires": &expires}
	for m := v.First(); m.OK(); m = m.Next() {
		field, known := to[m.Name()]
		at, _ := m.Span()
		switch {
		case !known:
			return c, f.refuse(m.NameStart(), pointer(n, ""), "an access key has no member of this name", "it has "+credentialMembers)
		case m.Kind() != jsoncodec.String || m.Text() == "":
			return c, f.refuse(at, pointer(n, m.Name()), "the member has to be a string that is not empty", "write one, or leave the member out")
		}
		*field = m.Text()
		if m.Name() == "expires" {
			t, err := time.Parse(time.RFC3339, expires)
			if err != nil {
				return c, f.refuse(at, pointer(n, m.Name()), "the member has to be a time", "write it as 2026-01-02T15:04:05Z")
			}
			c.Expires = t
		}
	}
	at, _ := v.Span()
	for _, name := range []string{"access_key_id", "access_key_secret"} {
		if *to[name] == "" {
			return c, f.refuse(at, pointer(n, name), "the access key lacks this member", "add it")
		}
	}
	return c, nil
}

// refuse says what is wrong at an offset.
func (f credentialsFile) refuse(offset int, path, what, hint string) error {
	var l source.Locator
	p := l.At(f.text, offset)
	where := fmt.Sprintf("%s:%d:%d", f.path, p.Line, p.Column)
	if path != "" {
		where += " " + path
	}
	return &failure{exit: exitUsage, code: "credentials", what: what, where: where, hint: hint}
}
