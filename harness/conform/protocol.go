package conform

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// A CallFunc runs one operation on one input and returns the status, the first byte of the module's answer, and the
// rest of the answer. An error means that the runtime failed, not that the operation refused its input. The function
// must neither keep nor change in.
type CallFunc func(ctx context.Context, op string, in []byte) (status byte, out []byte, err error)

// An About is what a driver says about itself on its first line.
type About struct {
	Runtime    string   `json:"runtime"`    // such as wazero
	Version    string   `json:"version"`    // of the runtime
	ABI        int      `json:"abi"`        // of the module, core.ABI for a native driver
	Module     string   `json:"module"`     // SHA-256 of the module's file in hex, empty without a module
	Operations []string `json:"operations"` // in any order
}

// An Answer is what an operation made of an input.
type Answer struct {
	Status byte   `json:"status"` // 0 answered, 1 refused, 2 panicked
	Out    []byte `json:"out"`
}

func (a Answer) equal(b Answer) bool { return a.Status == b.Status && bytes.Equal(a.Out, b.Out) }

// The causes of a line that a driver or a runner cannot read.
var (
	ErrNotJSON   = errors.New("not one JSON object")
	ErrMember    = errors.New("member missing, unknown or of the wrong kind")
	ErrStatus    = errors.New("status is not 0, 1 or 2")
	ErrOperation = errors.New("operation that the driver did not name")
)

// maxLine bounds a line in bytes: an input of 1 MiB in base64 stays far below it, and so does every answer.
const maxLine = 32 << 20

type question struct {
	ID string `json:"id"`
	Op string `json:"op"`
	In string `json:"in"`
}

type reply struct {
	ID     string `json:"id"`
	Status byte   `json:"status"`
	Out    string `json:"out"`
}

func encodeQuestion(c Case) []byte {
	return encodeLine(question{c.ID, c.Op, base64.StdEncoding.EncodeToString(c.In)})
}

func encodeReply(id string, a Answer) []byte {
	return encodeLine(reply{id, a.Status, base64.StdEncoding.EncodeToString(a.Out)})
}

func encodeLine(v any) []byte {
	line, err := json.Marshal(v)
	if err != nil {
		panic(err) // strings and numbers always marshal
	}
	return append(line, '\n')
}

func decodeQuestion(line []byte) (id, op string, in []byte, err error) {
	var q struct{ ID, Op, In *string }
	if err := decodeLine(line, &q); err != nil {
		return "", "", nil, err
	}
	switch {
	case q.ID == nil || *q.ID == "":
		return "", "", nil, fmt.Errorf("%w: id has to be a string that is not empty", ErrMember)
	case q.Op == nil:
		return "", "", nil, fmt.Errorf("%w: op has to be a string", ErrMember)
	case q.In == nil:
		return "", "", nil, fmt.Errorf("%w: in has to be a string, the input in base64", ErrMember)
	}
	in, err = base64.StdEncoding.Strict().DecodeString(*q.In)
	if err != nil {
		return "", "", nil, fmt.Errorf("%w: in: %w", ErrMember, err)
	}
	return *q.ID, *q.Op, in, nil
}

func decodeReply(line []byte) (id string, a Answer, err error) {
	if id, a, ok := cutReply(line); ok {
		return id, a, nil
	}
	var r struct {
		ID, Out *string
		Status  *int
	}
	if err := decodeLine(line, &r); err != nil {
		return "", a, err
	}
	switch {
	case r.ID == nil:
		return "", a, fmt.Errorf("%w: id has to be a string", ErrMember)
	case r.Status == nil:
		return "", a, fmt.Errorf("%w: status has to be a number", ErrMember)
	case *r.Status < 0 || *r.Status > 2:
		return "", a, fmt.Errorf("%w: %d", ErrStatus, *r.Status)
	case r.Out == nil:
		return "", a, fmt.Errorf("%w: out has to be a string, the answer in base64", ErrMember)
	}
	out, err := base64.StdEncoding.Strict().DecodeString(*r.Out)
	if err != nil {
		return "", a, fmt.Errorf("%w: out: %w", ErrMember, err)
	}
	return *r.ID, Answer{byte(*r.Status), out}, nil
}

func decodeAbout(line []byte) (About, error) {
	var a struct {
		Runtime, Version, Module *string
		ABI                      *int
		Operations               *[]string
	}
	if err := decodeLine(line, &a); err != nil {
		return About{}, err
	}
	if a.Runtime == nil || *a.Runtime == "" || a.Version == nil || a.Module == nil || a.ABI == nil || a.Operations == nil {
		return About{}, fmt.Errorf("%w: runtime, version, abi, module and operations are all needed", ErrMember)
	}
	return About{*a.Runtime, *a.Version, *a.ABI, *a.Module, *a.Operations}, nil
}

// decodeLine reads exactly one JSON object without unknown members.
func decodeLine(line []byte, to any) error {
	if trimmed := bytes.TrimSpace(line); len(trimmed) == 0 || trimmed[0] != '{' {
		return fmt.Errorf("%w: %s", ErrNotJSON, excerpt(line, 60))
	}
	d := json.NewDecoder(bytes.NewReader(line))
	d.DisallowUnknownFields()
	if err := d.Decode(to); err != nil {
		var syntax *json.SyntaxError
		if errors.As(err, &syntax) || errors.Is(err, io.ErrUnexpectedEOF) {
			return fmt.Errorf("%w: %w: %s", ErrNotJSON, err, excerpt(line, 60))
		}
		return fmt.Errorf("%w: %s", ErrMember, strings.TrimPrefix(err.Error(), "json: "))
	}
	if _, err := d.Token(); err != io.EOF {
		return fmt.Errorf("%w: something follows the object", ErrNotJSON)
	}
	return nil
}

// misfit says how an About differs from what the cases need, or returns nil.
func (a About) misfit(abi int, operations []string) error {
	if a.ABI != abi {
		return fmt.Errorf("%w: it speaks ABI %d, the cases are for ABI %d", ErrAbout, a.ABI, abi)
	}
	var missing, extra []string
	for _, op := range operations {
		if !slices.Contains(a.Operations, op) {
			missing = append(missing, op)
		}
	}
	for i, op := range a.Operations {
		if !slices.Contains(operations, op) || slices.Contains(a.Operations[:i], op) {
			extra = append(extra, op)
		}
	}
	switch {
	case missing != nil && extra != nil:
		return fmt.Errorf("%w: it lacks the operations %q and names %q beyond them", ErrAbout, missing, extra)
	case missing != nil:
		return fmt.Errorf("%w: it lacks the operations %q", ErrAbout, missing)
	case extra != nil:
		return fmt.Errorf("%w: it names the operations %q beyond those of the cases", ErrAbout, extra)
	}
	return nil
}

func excerpt(b []byte, limit int) string {
	if len(b) <= limit {
		return fmt.Sprintf("%q", b)
	}
	return fmt.Sprintf("%q… (%d bytes)", b[:limit], len(b))
}
