package host_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ossconf/ossconf/core"
	"github.com/ossconf/ossconf/host"
)

// methods are the methods that mirror core's operations.
var methods = map[string]func(*host.Module, context.Context, []byte) ([]byte, error){
	"decode":            (*host.Module).Decode,
	"encode":            (*host.Module).Encode,
	"validate":          (*host.Module).Validate,
	"validate_profiles": (*host.Module).ValidateProfiles,
	"simulate":          (*host.Module).Simulate,
	"diff":              (*host.Module).Diff,
	"sign":              (*host.Module).Sign,
	"presign":           (*host.Module).Presign,
	"post_policy":       (*host.Module).PostPolicy,
	"verify":            (*host.Module).Verify,
	"catalog":           (*host.Module).Catalog,
	"version":           (*host.Module).Version,
}

func TestMethodsMirrorCore(t *testing.T) {
	m := load(t, realModule(t), host.Options{})
	if len(methods) != len(core.Operations()) {
		t.Errorf("%d methods for the operations %v", len(methods), core.Operations())
	}
	for _, op := range core.Operations() {
		method, ok := methods[op]
		if !ok {
			t.Errorf("no method for %s", op)
			continue
		}
		for _, in := range []string{"", "<HttpsConfiguration/>", "{}", `{"document":"{}"}`, `{"before":null,"after":"<HttpsConfiguration>"}`} {
			status, want := core.Call(op, []byte(in))
			got, err := method(m, t.Context(), []byte(in))
			var answer *host.AnswerError
			if errors.As(err, &answer) {
				got = answer.Payload
			}
			if (status == core.OK) != (err == nil) || string(got) != string(want) {
				t.Errorf("%s of %q: %q, %v, want %q", op, in, got, err, want)
			}
		}
	}
}

func TestAnswerError(t *testing.T) {
	m := load(t, realModule(t), host.Options{})
	_, err := m.Decode(t.Context(), []byte("<HttpsConfiguration>\n<TLS></Tls></HttpsConfiguration>"))
	var got *host.AnswerError
	if !errors.As(err, &got) {
		t.Fatalf("%v is no AnswerError", err)
	}
	want := &host.AnswerError{
		Status:  core.Refused,
		Payload: got.Payload,
		Code:    "mismatched_tag",
		Message: "</Tls> where <TLS> is open",
		Line:    2,
		Column:  6,
		Path:    "/HttpsConfiguration/TLS",
		Hint:    "write </TLS>",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("error differs (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff("line 2, column 6: </Tls> where <TLS> is open; write </TLS>", err.Error()); diff != "" {
		t.Errorf("text differs (-want +got):\n%s", diff)
	}
	if err := (&host.AnswerError{Message: "alone"}).Error(); err != "alone" {
		t.Errorf("an error without a place is %q", err)
	}
}

// TestErrorAnswerThatIsNoJSON calls a module that refuses with text: i32.const 2048, i32.const 1, i32.store8.
func TestErrorAnswerThatIsNoJSON(t *testing.T) {
	m := load(t, fake{op: "\x41\x80\x10" + one + "\x3a\x00\x00" + returns(answerAddress, 5)}.assemble(), host.Options{})
	if out, err := m.Sign(t.Context(), nil); !errors.Is(err, host.ErrModule) {
		t.Errorf("%q, %v, want ErrModule", out, err)
	}
}

func TestInputLimit(t *testing.T) {
	m := load(t, realModule(t), host.Options{})
	const parameter = `["a",""],`
	inputs := map[string]string{
		"the largest":    strings.Repeat(" ", core.MaxRequest),
		"one byte more":  strings.Repeat(" ", core.MaxRequest+1),
		"what host lets": strings.Repeat(" ", host.MaxInput),
		"one that takes much memory": `{"query":[` +
			strings.Repeat(parameter, (core.MaxRequest-100)/len(parameter)) + `["a",""]]}`,
	}
	for name, in := range inputs {
		wantStatus, want := core.Call("sign", []byte(in))
		status, out, err := m.Call(t.Context(), "sign", []byte(in))
		if err != nil || status != wantStatus || string(out) != string(want) {
			t.Errorf("%s: %v, %q, %v, want %v, %q", name, status, out, err, wantStatus, want)
		}
	}
	if _, _, err := m.Call(t.Context(), "sign", make([]byte, host.MaxInput+1)); !errors.Is(err, host.ErrTooLarge) {
		t.Errorf("%v, want ErrTooLarge", err)
	}
}

// TestMemoryLimit loads the real module with less memory than the Go runtime starts with.
func TestMemoryLimit(t *testing.T) {
	m, err := host.Load(t.Context(), realModule(t), host.Options{MemoryLimitPages: 16, Interpreter: true})
	if !errors.Is(err, host.ErrModule) && !errors.Is(err, host.ErrTrap) {
		t.Errorf("%v, %v, want ErrModule or ErrTrap", m, err)
	}
}

func TestCacheFolder(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if m, err := host.Load(t.Context(), fake{}.assemble(), host.Options{CacheDir: file}); err == nil {
		t.Error("a file was taken for a folder", m.Close(t.Context()))
	}
	folder := filepath.Join(t.TempDir(), "new", "folder")
	for range 2 { // the second time from the cache
		m, err := host.Load(t.Context(), fake{}.assemble(), host.Options{CacheDir: folder})
		if err != nil {
			t.Fatal(err)
		}
		if out, err := m.Sign(t.Context(), []byte("x")); err != nil || string(out) != "x" {
			t.Errorf("%q, %v", out, err)
		}
		if err := m.Close(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	entries, err := os.ReadDir(folder)
	if err != nil || len(entries) == 0 {
		t.Errorf("the cache holds %v, %v", entries, err)
	}
}

func TestLoadWithEndedContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if m, err := host.Load(ctx, fake{}.assemble(), host.Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("%v, %v, want the error of the context", m, err)
	}
}
