package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"

	"github.com/ossconf/ossconf/cmd/ossconf/internal/text"
	"github.com/ossconf/ossconf/jsoncodec"
)

// The exit codes.
const (
	exitOK          = 0
	exitRefused     = 1   // the input is refused, or what was to be checked does not hold
	exitUsage       = 2   // flags, arguments, files
	exitService     = 3   // the service, the network or a runtime
	exitInterrupted = 130 // 128 + SIGINT, as shells have it
)

// A failure ends a command. It holds no secret.
type failure struct {
	exit  int
	code  string // a stable word, as core's error answers have
	what  string // empty if the output says it already
	where string
	hint  string

	line, column int
	path         string
	service      *serviceAnswer  // what the service answered
	findings     json.RawMessage // a report of the operation validate
}

// A serviceAnswer is the part of a service's refusal that its support asks for.
type serviceAnswer struct {
	Status    int    `json:"status"`
	Code      string `json:"code,omitempty"`
	Message   string `json:"message,omitempty"`
	EC        string `json:"ec,omitempty"`
	RequestID string `json:"request_id,omitempty"`
}

// silent is a failure whose output has been written.
func silent(exit int) error { return &failure{exit: exit} }

// usage is a failure of who called the command.
func usage(what, where, hint string) *failure {
	return &failure{exit: exitUsage, code: "usage", what: what, where: where, hint: hint}
}

func (f *failure) Error() string {
	parts := []string{text.Printable(f.what)}
	for _, part := range []string{f.where, f.hint} {
		if part != "" {
			parts = append(parts, text.Printable(part))
		}
	}
	return strings.Join(parts, ", ")
}

// report writes the failure to standard error: one line, or the JSON of an error answer.
func (f *failure) report(w io.Writer, asJSON bool) {
	switch {
	case f.what == "":
	case asJSON:
		w.Write(f.json())
	default:
		fmt.Fprintf(w, "ossconf: %s\n", f.Error())
	}
}

// json returns the failure in the form of core's error answers, with two members more where there is something to say.
func (f *failure) json() []byte {
	message := f.what
	if f.line == 0 && f.path == "" && f.where != "" {
		message += ", " + f.where
	}
	var answer struct {
		Error struct {
			Code    string         `json:"code"`
			Message string         `json:"message"`
			Line    int            `json:"line,omitempty"`
			Column  int            `json:"column,omitempty"`
			Path    string         `json:"path,omitempty"`
			Hint    string         `json:"hint,omitempty"`
			Service *serviceAnswer `json:"service,omitempty"`
		} `json:"error"`
		Report json.RawMessage `json:"report,omitempty"`
	}
	e := &answer.Error
	e.Code, e.Message, e.Line, e.Column, e.Path, e.Hint, e.Service = f.code, message, f.line, f.column, f.path, f.hint, f.service
	answer.Report = f.findings
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(answer); err != nil { // a report of core is JSON, so this is a mistake in the lines above
		panic(err)
	}
	return b.Bytes()
}

// refusal makes a failure of an error answer of an operation on the input called name. Where is what the answer's path
// means to the user, if it is no place in that input.
func refusal(answer []byte, name string, where func(path string) string) *failure {
	f := &failure{exit: exitRefused, code: "refused", what: "the operation refused its input", where: name}
	root, err := jsoncodec.Parse(string(answer))
	if err != nil {
		return f
	}
	for m := root.First().First(); m.OK(); m = m.Next() {
		switch m.Name() {
		case "code":
			f.code = m.Text()
		case "message":
			f.what = m.Text()
		case "line":
			f.line, _ = m.Int(1 << 30)
		case "column":
			f.column, _ = m.Int(1 << 30)
		case "path":
			f.path = m.Text()
		case "hint":
			f.hint = m.Text()
		}
	}
	switch {
	case f.line > 0:
		f.where = fmt.Sprintf("%s:%d:%d", name, f.line, f.column)
	case f.path != "" && where != nil && where(f.path) != "":
		f.exit, f.where = exitUsage, where(f.path)
	case f.path != "":
		f.where = name + " " + f.path
	}
	return f
}

// fileFailure says why a file could not be read or written.
func fileFailure(doing, path string, err error) *failure {
	var (
		pathError *fs.PathError
		linkError *os.LinkError
	)
	switch { // the path is said apart
	case errors.As(err, &pathError):
		err = pathError.Err
	case errors.As(err, &linkError):
		err = linkError.Err
	}
	return &failure{exit: exitUsage, code: "file", what: "cannot " + doing + ": " + err.Error(), where: path, hint: "check the path and its permissions"}
}

// interrupted is the failure for a context that a signal ended, or nil if none did.
func interrupted(ctx context.Context) error {
	if ctx.Err() == nil {
		return nil
	}
	return &failure{exit: exitInterrupted, code: "interrupted", what: "interrupted"}
}

// wantsJSON reports whether a command line asks for JSON. It looks at the words, since errors in flags have to be
// reported before the flags are read.
func wantsJSON(args []string) bool {
	for i, arg := range args {
		switch {
		case arg == "--":
			return false
		case arg == "--output=json", arg == "--output" && i+1 < len(args) && args[i+1] == "json":
			return true
		}
	}
	return false
}
