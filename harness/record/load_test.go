package record_test

import (
	"errors"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/ossconf/ossconf/fixtures"
	"github.com/ossconf/ossconf/harness/record"
	"github.com/ossconf/ossconf/harness/replay"
)

func TestLoadRefuses(t *testing.T) {
	dir := recorded(t, counting(), get())
	name := "0001-GetBucketHttpsConfig.txtar"
	data, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name, from, to string
		want           error
		word           string
	}{
		{"another signature", "Signature=", "Signature=0", nil, "record it again"},
		{"another query", "?httpsConfig", "?acl", nil, "SignatureDoesNotMatch"},
		{"another token", fixtures.TestSecurityToken, "another", nil, "InvalidSecurityToken"},
		{"another key", "Credential=testAccessKeyId", "Credential=another", nil, "InvalidAccessKeyId"},
		{"unknown header line", "clock: client", "colour: red", fixtures.ErrHeader, "colour"},
		{"no style", "style: host\n", "", fixtures.ErrMissing, "style"},
		{"an odd style", "style: host", "style: virtual", fixtures.ErrValue, "virtual"},
	} {
		t.Run(test.name, func(t *testing.T) {
			changed := strings.Replace(string(data), test.from, test.to, 1)
			if changed == string(data) {
				t.Fatal("nothing is changed")
			}
			_, err := replay.Load(fstest.MapFS{name: {Data: []byte(changed)}}, record.Options{})
			if err == nil || !strings.Contains(err.Error(), test.word) || !strings.Contains(err.Error(), name) {
				t.Errorf("error %v, want one that names %s and %s", err, name, test.word)
			}
			if test.want != nil && !errors.Is(err, test.want) {
				t.Errorf("error %v, want %v", err, test.want)
			}
		})
	}
	if _, err := replay.Load(fstest.MapFS{"a.txt": {}}, record.Options{}); !errors.Is(err, fixtures.ErrNotFound) {
		t.Errorf("a folder without fixtures: %v", err)
	}
	if _, err := replay.Load(os.DirFS(filepath.Join(dir, "none")), record.Options{}); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no folder: %v", err)
	}
}

// Over HTTP a mismatch is an error of OSS to the client.
func TestServeMismatch(t *testing.T) {
	url := newServer(t, load(t, recorded(t, counting(), get()), record.Options{}))
	p := put()
	answer, err := p.send(t, leadTo(t, url))
	for _, word := range []string{"501 ", "<Code>ReplayMismatch</Code>", "<NearestFixture>0001-GetBucketHttpsConfig</NearestFixture>", "<Difference>", `"PUT"`} {
		if err != nil || !strings.Contains(answer, word) {
			t.Errorf("no word of %s in %s, %v", word, answer, err)
		}
	}
	p.method = "HEAD"
	p.body = ""
	p.change = func(r *http.Request) {}
	var header http.Header
	base := leadTo(t, url)
	p.send(t, roundTripper(func(r *http.Request) (*http.Response, error) {
		resp, err := base.RoundTrip(r)
		if resp != nil {
			header = resp.Header
		}
		return resp, err
	}))
	if header.Get("X-Oss-Err") == "" {
		t.Errorf("HEAD: %v", header)
	}
}
