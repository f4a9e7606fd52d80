package conform

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const aboutLine = `{"runtime":"fake","version":"1.2.3","abi":1,"module":"0123456789abcdef0123456789abcdef","operations":["echo","refuse"]}` + "\n"

func TestServe(t *testing.T) {
	broken := errors.New("broken")
	call := func(ctx context.Context, op string, in []byte) (byte, []byte, error) {
		if string(in) == "break" {
			return 0, nil, broken
		}
		return fakeCall(ctx, op, in)
	}
	good := `{"id":"a","op":"echo","in":"aGk="}` + "\n"
	answered := aboutLine + `{"id":"a","status":0,"out":"aGk="}` + "\n"
	tests := map[string]struct {
		in   string
		out  string
		err  error // nil: none
		says string
	}{
		"nothing":        {"", aboutLine, nil, ""},
		"one":            {good, answered, nil, ""},
		"refused":        {`{"op":"refuse","in":"","id":"r"}` + "\r\n", aboutLine + `{"id":"r","status":1,"out":"cmVmdXNlZDog"}` + "\n", nil, ""},
		"empty line":     {good + "\n", answered, ErrNotJSON, "line 2: "},
		"not JSON":       {good + good + "hello\n", answered + answered[len(aboutLine):], ErrNotJSON, `line 3: not one JSON object: "hello"`},
		"half an object": {`{"id":` + "\n", aboutLine, ErrNotJSON, "line 1"},
		"half a line":    {good + `{"id":"a"`, answered, ErrNotJSON, "line 2: not one JSON object: it ends before the end of the line"},
		"two objects":    {strings.TrimSpace(good) + good, aboutLine, ErrNotJSON, "something follows the object"},
		"a brace behind": {strings.TrimSpace(good) + "}\n", aboutLine, ErrNotJSON, "something follows the object"},
		"an array":       {"[]\n", aboutLine, ErrNotJSON, "line 1"},
		"unknown member": {`{"id":"a","op":"echo","in":"","more":1}` + "\n", aboutLine, ErrMember, `"more"`},
		"no id":          {`{"op":"echo","in":""}` + "\n", aboutLine, ErrMember, "id has to be"},
		"empty id":       {`{"id":"","op":"echo","in":""}` + "\n", aboutLine, ErrMember, "id has to be"},
		"id of a kind":   {`{"id":1,"op":"echo","in":""}` + "\n", aboutLine, ErrMember, "number"},
		"no op":          {`{"id":"a","in":""}` + "\n", aboutLine, ErrMember, "op has to be"},
		"null in":        {`{"id":"a","op":"echo","in":null}` + "\n", aboutLine, ErrMember, "in has to be"},
		"not base64":     {`{"id":"a","op":"echo","in":"a b"}` + "\n", aboutLine, ErrMember, "illegal base64"},
		"loose base64":   {`{"id":"a","op":"echo","in":"aGl="}` + "\n", aboutLine, ErrMember, "illegal base64"},
		"other op":       {`{"id":"a","op":"shout","in":""}` + "\n", aboutLine, ErrOperation, `case a: operation that the driver did not name: "shout"`},
		"call fails":     {good + `{"id":"b","op":"echo","in":"YnJlYWs="}` + "\n" + good, answered, broken, "line 2: case b: echo: broken"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			var out bytes.Buffer
			err := Serve(t.Context(), strings.NewReader(test.in), &out, fakeAbout, call)
			if !errors.Is(err, test.err) || err != nil && !strings.Contains(err.Error(), test.says) {
				t.Errorf("got error %v, want %v saying %q", err, test.err, test.says)
			}
			if diff := cmp.Diff(test.out, out.String()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestServeAnswersOneByOne asks the second question only when the first is answered.
func TestServeAnswersOneByOne(t *testing.T) {
	questions, ask := io.Pipe()
	hear, answers := io.Pipe()
	done := make(chan error, 1)
	go func() { done <- Serve(t.Context(), questions, answers, fakeAbout, fakeCall) }()
	buffer := make([]byte, 1<<10)
	for i, want := range []string{aboutLine, `{"id":"case-0","status":0,"out":"aW5wdXQgMCA="}` + "\n"} {
		n, err := hear.Read(buffer)
		if err != nil || string(buffer[:n]) != want {
			t.Fatalf("read %d: got %q, %v, want %q", i, buffer[:n], err, want)
		}
		if i == 0 {
			if _, err := ask.Write(encodeQuestion(fakeCases(1, 0)[0])); err != nil {
				t.Fatal(err)
			}
		}
	}
	ask.Close()
	if err := <-done; err != nil {
		t.Error(err)
	}
}

func TestServeEnds(t *testing.T) {
	in := strings.NewReader(`{"id":"a","op":"echo","in":""}` + "\n")
	ctx, cancel := context.WithCancelCause(t.Context())
	enough := errors.New("enough")
	cancel(enough)
	if err := Serve(ctx, in, io.Discard, fakeAbout, fakeCall); !errors.Is(err, enough) {
		t.Errorf("with a context that has ended: got %v, want its cause", err)
	}
	closed, w := io.Pipe()
	closed.Close()
	if err := Serve(t.Context(), strings.NewReader(""), w, fakeAbout, fakeCall); !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("with nobody to answer to: got %v, want io.ErrClosedPipe", err)
	}
}

func TestServeBoundsLines(t *testing.T) {
	err := Serve(t.Context(), strings.NewReader(strings.Repeat(" ", maxLine+1)), io.Discard, fakeAbout, fakeCall)
	if !errors.Is(err, ErrNotJSON) || !strings.Contains(err.Error(), "longer than") {
		t.Errorf("got %v", err)
	}
}
