package demo_test

import (
	"bytes"
	"context"
	"crypto/x509"
	"errors"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ossconf/ossconf/cmd/ossconf/internal/demo"
	"github.com/ossconf/ossconf/harness/mockoss"
	"github.com/ossconf/ossconf/harness/tlspolicy"
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
	ca, err := tlspolicy.NewCA()
	if err != nil {
		t.Fatal(err)
	}
	handshakes := make(chan tlspolicy.Handshake, 16)
	o.OnHandshake = func(h tlspolicy.Handshake) { handshakes <- h }
	o.CA, o.TLSAddr = ca, "127.0.0.1:0"
	s, err := mockoss.Start(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return demo.Options{
		Module: module, From: "test", Runtime: "wazero", Server: s, CA: ca, Handshakes: handshakes, Out: out,
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
	var handshakes []string
	for _, h := range o.Server.Handshakes() {
		handshakes = append(handshakes, strings.TrimSpace(string(h.Outcome)+" "+h.Version+" "+h.Rule))
	}
	want := []string{"connected TLSv1.2", "refused  TLSVersion", "refused TLSv1.3 TLS13CustomCipherSuite"}
	if diff := cmp.Diff(want, handshakes); diff != "" {
		t.Errorf("handshakes (-want +got):\n%s", diff)
	}
	if !strings.Contains(out.String(), "\n10. How to go on\n") {
		t.Errorf("no step 10 in\n%s", out.String())
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
	t.Run("no TLS listener", func(t *testing.T) {
		o := options(t, mockoss.Options{Buckets: []string{demo.Bucket}}, io.Discard)
		o.Server.TLSURL = ""
		if err := demo.Run(t.Context(), o); !errors.Is(err, demo.ErrOutcome) || !strings.HasPrefix(err.Error(), "step 8, ") {
			t.Errorf("error %v", err)
		}
	})
	t.Run("another CA", func(t *testing.T) {
		o := options(t, mockoss.Options{Buckets: []string{demo.Bucket}}, io.Discard)
		var err error
		if o.CA, err = tlspolicy.NewCA(); err != nil {
			t.Fatal(err)
		}
		var unknown x509.UnknownAuthorityError
		if err := demo.Run(t.Context(), o); !errors.As(err, &unknown) || !strings.HasPrefix(err.Error(), "step 8, ") {
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
