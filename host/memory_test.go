package host_test

import (
	"strings"
	"testing"

	"github.com/ossconf/ossconf/core"
	"github.com/ossconf/ossconf/host"
	"github.com/ossconf/ossconf/httpsconfig"
)

// TestMemorySettles makes so many calls that an instance which never collects its garbage would run into the limit.
func TestMemorySettles(t *testing.T) {
	m := load(t, realModule(t), host.Options{MaxInstances: 1})
	large := []byte("<HttpsConfiguration>" + strings.Repeat(`<Later a="1"/>`, (httpsconfig.MaxSize-100)/len(`<Later a="1"/>`)) + "</HttpsConfiguration>")
	small := []byte(`<HttpsConfiguration><TLS><Enable>1</Enable><TLSVersion>1.2</TLSVersion></TLS></HttpsConfiguration>`)
	for _, input := range []struct {
		doc   []byte
		calls int
	}{{large, 150}, {small, 5000}} {
		for i := range input.calls {
			if status, out, err := m.Call(t.Context(), "validate", input.doc); err != nil || status != core.OK {
				t.Fatalf("call %d on %d bytes: %v, status %d: %.200s", i, len(input.doc), err, status, out)
			}
		}
	}
}
