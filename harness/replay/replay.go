// Package replay gives tests the answers that a [Recorder] has recorded.
//
// Record once, in front of the service or of package mockoss:
//
//	proxy := httptest.NewServer(&replay.Recorder{Upstream: "https://oss-cn-hangzhou.aliyuncs.com", Dir: "testdata/oss"})
//
// Then [Use] the recording. The client signs with the test key, fixtures.TestAccessKeyID and so on:
//
//	client := &http.Client{Transport: replay.Use(t, "testdata/oss", replay.Options{})}
//
// Matching is strict: method, host, path, query, headers and body have to be the recorded ones, and the signature has to be
// right. docs/replay.md says what is compared. Package record holds what does not need a test; this one adds a transport
// built on httpmock.
package replay

import (
	"os"

	"github.com/ossconf/ossconf/fixtures"
	"github.com/ossconf/ossconf/harness/record"
)

// What package record has for tests.
type (
	Recorder      = record.Recorder      // a proxy that records
	Options       = record.Options       // how recordings are replayed
	MismatchError = record.MismatchError // a request that no fixture answers
)

// Use returns a transport for the fixtures in the folder dir, and ends the test if there are none or one cannot be read.
// A fixture that is not used fails the test, unless it has failed or is skipped already; so does a request that no
// fixture answers, even if the client makes light of it.
func Use(t fixtures.TB, dir string, o Options) *Transport {
	t.Helper()
	transport, err := Load(os.DirFS(dir), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := transport.Close(); err != nil && !t.Failed() && !t.Skipped() {
			t.Errorf("%v", err)
		}
	})
	return transport
}
