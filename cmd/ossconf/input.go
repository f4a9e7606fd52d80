package main

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/ossconf/ossconf/core"
	"github.com/ossconf/ossconf/jsoncodec"
	"github.com/ossconf/ossconf/signer"
)

// An input is the JSON of an operation, to which a command adds what the flags, the environment and the clock say.
// What was given stays byte for byte where it was, so that the places in errors are those of the user's file.
type input struct {
	name  string // of the file
	text  string
	root  jsoncodec.Value
	end   int             // offset of the brace that closes the object; -1 if there is none, and the operation will say so
	added []string        // members, as JSON
	from  map[string]bool // their names
}

func newInput(name, text string) *input {
	in := &input{name: name, text: text, end: -1, from: map[string]bool{}}
	root, err := jsoncodec.Parse(text)
	if err == nil && root.Kind() == jsoncodec.Object {
		in.root = root
		_, in.end = root.Span()
		in.end--
	}
	return in
}

// member returns a member of what was given.
func (in *input) member(name string) (jsoncodec.Value, bool) {
	for m := in.root.First(); m.OK(); m = m.Next() {
		if m.Name() == name {
			return m, true
		}
	}
	return jsoncodec.Value{}, false
}

// stringMember returns the text of a member that is a string.
func (in *input) stringMember(name string) string {
	if m, ok := in.member(name); ok && m.Kind() == jsoncodec.String {
		return m.Text()
	}
	return ""
}

func (in *input) has(name string) bool {
	_, ok := in.member(name)
	return ok || in.from[name]
}

// readable reports whether members can be added; an operation says what is wrong with an input to which they cannot.
func (in *input) readable() bool { return in.end >= 0 }

// add adds a member. The value is a string, a number or made of these.
func (in *input) add(name string, value any) {
	text, err := json.Marshal(value)
	if err != nil { // of such a value only a programming error
		panic(err)
	}
	in.from[name] = true
	in.added = append(in.added, fmt.Sprintf("%q:%s", name, text))
}

// json returns the input with what was added.
func (in *input) json() []byte {
	if !in.readable() || len(in.added) == 0 {
		return []byte(in.text)
	}
	more := strings.Join(in.added, ",")
	if in.root.First().OK() {
		more = "," + more
	}
	return []byte(in.text[:in.end] + more + in.text[in.end:])
}

// addCredentials adds the credentials of the flags and the environment that were not given.
func (in *input) addCredentials(flags *credentialFlags) error {
	c := flags.resolve(signer.Credentials{
		AccessKeyID:     in.stringMember("access_key_id"),
		AccessKeySecret: in.stringMember("access_key_secret"),
		SecurityToken:   in.stringMember("security_token"),
	})
	if !in.has("access_key_id") || !in.has("access_key_secret") {
		if err := require(c); err != nil {
			return err
		}
	}
	for _, m := range []struct{ name, value string }{
		{"access_key_id", c.AccessKeyID}, {"access_key_secret", c.AccessKeySecret}, {"security_token", c.SecurityToken},
	} {
		if m.value != "" && !in.has(m.name) {
			in.add(m.name, m.value)
		}
	}
	return nil
}

// call runs the operation natively and returns its payload.
func (in *input) call(op string) ([]byte, error) {
	status, payload := core.Call(op, in.json())
	if status != core.OK {
		return nil, refusal(payload, in.name, in.flag)
	}
	return payload, nil
}

// flag returns the flag that a member came from, by its JSON pointer; empty for one that was in the file.
func (in *input) flag(pointer string) string {
	name, _, _ := strings.Cut(strings.TrimPrefix(pointer, "/"), "/")
	if in.name != flagsName && !in.from[name] {
		return ""
	}
	switch name {
	case "":
		return ""
	case "expires_seconds":
		return "--expires"
	case "additional_headers":
		return "--additional-header"
	case "headers":
		return "--header"
	}
	return "--" + strings.ReplaceAll(name, "_", "-")
}

// flagsName is the name of an input that has no file.
const flagsName = "flags"
