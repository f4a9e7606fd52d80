package demo_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/ossconf/ossconf/cmd/ossconf/internal/demo"
	"github.com/ossconf/ossconf/harness/mockoss"
	"github.com/ossconf/ossconf/host"
	"github.com/ossconf/ossconf/wasm/wasmbuild"
)

var cache string

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "ossconf-demo-")
	if err != nil {
		panic(err)
	}
	cache = dir
	code := m.Run()
	os.RemoveAll(dir)
	os.Exit(code)
}

func options(t *testing.T, o mockoss.Options, out io.Writer) demo.Options {
	t.Helper()
	module, err := wasmbuild.Module(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	s, err := mockoss.Start(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return demo.Options{
		Module: module, From: "test", Runtime: "wazero", Server: s, Out: out,
		Host: host.Options{CacheDir: cache}, // compiling takes long under the race detector
	}
}

// TestRun checks what the steps leave behind: the requests that the server has seen, and what it stores.
func TestRun(t *testing.T) {
	var out bytes.Buffer
	o := options(t, mockoss.Options{Buckets: []string{demo.Bucket}}, &out)
	if err := demo.Run(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	var seen []string
	for _, r := range o.Server.Requests() {
		seen = append(seen, strings.TrimSpace(r.Method+" "+r.Code))
	}
	if got, want := strings.Join(seen, ", "), "PUT, GET, PUT, GET, GET SignatureDoesNotMatch, GET SignatureDoesNotMatch"; got != want {
		t.Errorf("the server saw %s, want %s", got, want)
	}
	c, stored := o.Server.Config(demo.Bucket)
	if !stored || c.CipherSuite == nil || len(c.CipherSuite.TLS13CustomCipherSuites) != 3 {
		t.Errorf("stored: %v, %+v", stored, c)
	}
	if !strings.Contains(out.String(), "\n9. How to go on\n") {
		t.Errorf("no step 9 in\n%s", out.String())
	}
}

// TestRunFails shows that a step that does not end as it has to ends the demo.
func TestRunFails(t *testing.T) {
	t.Run("no bucket", func(t *testing.T) {
		err := demo.Run(t.Context(), options(t, mockoss.Options{}, io.Discard))
		if !errors.Is(err, demo.ErrOutcome) || !strings.HasPrefix(err.Error(), "step 6, ") {
			t.Errorf("error %v", err)
		}
	})
	t.Run("no module", func(t *testing.T) {
		o := options(t, mockoss.Options{Buckets: []string{demo.Bucket}}, io.Discard)
		o.Module = []byte("no module")
		if err := demo.Run(t.Context(), o); !errors.Is(err, host.ErrModule) || !strings.HasPrefix(err.Error(), "step 1, ") {
			t.Errorf("error %v", err)
		}
	})
	t.Run("server gone", func(t *testing.T) {
		o := options(t, mockoss.Options{Buckets: []string{demo.Bucket}}, io.Discard)
		o.Server.Close()
		if err := demo.Run(t.Context(), o); err == nil || errors.Is(err, demo.ErrOutcome) {
			t.Errorf("error %v", err)
		}
	})
	t.Run("interrupted", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if err := demo.Run(ctx, options(t, mockoss.Options{Buckets: []string{demo.Bucket}}, io.Discard)); !errors.Is(err, context.Canceled) {
			t.Errorf("error %v", err)
		}
	})
	t.Run("nowhere to write", func(t *testing.T) {
		r, w := io.Pipe()
		r.Close()
		err := demo.Run(t.Context(), options(t, mockoss.Options{Buckets: []string{demo.Bucket}}, w))
		if !errors.Is(err, io.ErrClosedPipe) {
			t.Errorf("error %v", err)
		}
	})
}
