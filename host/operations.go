package host

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/ossconf/ossconf/core"
)

// An AnswerError is the answer of an operation that did not do what it was asked for. The fields are those of its JSON,
// empty where it has none.
type AnswerError struct {
	Status  core.Status // core.Refused, or core.Panicked for a fault of ossconf
	Payload []byte      // the JSON
	Code    string      // a stable word
	Message string      // what was wrong
	Line    int         // where in the input, from 1; 0 if the error has no place
	Column  int         // in code points, from 1
	Path    string      // such as /HttpsConfiguration/TLS
	Hint    string      // what to do about it
	Member  string      // of a request, if it holds the document that line, column and path are in
}

// Error returns the place, the message and the hint in one line.
func (e *AnswerError) Error() string {
	s := e.Message
	if e.Line > 0 {
		s = fmt.Sprintf("line %d, column %d: %s", e.Line, e.Column, s)
	}
	if e.Member != "" {
		s = e.Member + ", " + s
	}
	if e.Hint != "" {
		s += "; " + e.Hint
	}
	return s
}

// Decode turns a configuration document into the JSON configuration.
func (m *Module) Decode(ctx context.Context, in []byte) ([]byte, error) {
	return m.payload(ctx, "decode", in)
}

// Encode turns a configuration document into XML.
func (m *Module) Encode(ctx context.Context, in []byte) ([]byte, error) {
	return m.payload(ctx, "encode", in)
}

// Validate reports what is wrong with a configuration document, as JSON.
func (m *Module) Validate(ctx context.Context, in []byte) ([]byte, error) {
	return m.payload(ctx, "validate", in)
}

// ValidateProfiles reports what is wrong with a configuration document and how it stands to profiles. Input and answer
// are JSON, as for the operations that follow.
func (m *Module) ValidateProfiles(ctx context.Context, in []byte) ([]byte, error) {
	return m.payload(ctx, "validate_profiles", in)
}

// Simulate says which clients connect to a bucket with a configuration.
func (m *Module) Simulate(ctx context.Context, in []byte) ([]byte, error) {
	return m.payload(ctx, "simulate", in)
}

// Diff says what differs between two configurations, and which clients that loses and gains.
func (m *Module) Diff(ctx context.Context, in []byte) ([]byte, error) {
	return m.payload(ctx, "diff", in)
}

// Sign signs a request in its Authorization header.
func (m *Module) Sign(ctx context.Context, in []byte) ([]byte, error) {
	return m.payload(ctx, "sign", in)
}

// Presign signs a URL.
func (m *Module) Presign(ctx context.Context, in []byte) ([]byte, error) {
	return m.payload(ctx, "presign", in)
}

// PostPolicy signs the policy of an HTML form.
func (m *Module) PostPolicy(ctx context.Context, in []byte) ([]byte, error) {
	return m.payload(ctx, "post_policy", in)
}

// Verify checks the signature of a received request.
func (m *Module) Verify(ctx context.Context, in []byte) ([]byte, error) {
	return m.payload(ctx, "verify", in)
}

// Catalog returns what a configuration may hold, as JSON.
func (m *Module) Catalog(ctx context.Context, in []byte) ([]byte, error) {
	return m.payload(ctx, "catalog", in)
}

// Version returns the calling convention, the version and the operations of the module, as JSON.
func (m *Module) Version(ctx context.Context, in []byte) ([]byte, error) {
	return m.payload(ctx, "version", in)
}

// payload calls op and makes an [AnswerError] of every status but core.OK.
func (m *Module) payload(ctx context.Context, op string, in []byte) ([]byte, error) {
	status, payload, err := m.Call(ctx, op, in)
	if err != nil {
		return nil, err
	}
	if status == core.OK {
		return payload, nil
	}
	var answer struct {
		Error struct {
			Code, Message, Path, Hint, Member string
			Line, Column                      int
		}
	}
	if err := json.Unmarshal(payload, &answer); err != nil {
		return nil, fmt.Errorf("host: %s: %w: an error answer that is not JSON: %w", op, ErrModule, err)
	}
	e := answer.Error
	return nil, &AnswerError{
		Status: status, Payload: payload, Code: e.Code, Message: e.Message,
		Line: e.Line, Column: e.Column, Path: e.Path, Hint: e.Hint, Member: e.Member,
	}
}
