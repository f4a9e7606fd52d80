package core_test

import (
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/ossconf/ossconf/"

// What core consists of must stay small as WebAssembly and must not read a clock, a file or the network.
func TestImports(t *testing.T) {
	ours := []string{"core", "httpsconfig", "xmlcodec", "jsoncodec", "source", "signer", "signer/internal/sha256", "internal/ascii", "internal/order"}
	banned := []string{"fmt", "reflect", "net/http", "net/url", "encoding/xml", "encoding/json", "encoding/base64", "encoding/hex", "time", "os", "regexp", "net"}
	reached := map[string]bool{}
	for _, pkg := range deps(t, module+"core") {
		if name, found := strings.CutPrefix(pkg, module); found {
			reached[name] = true
			if !slices.Contains(ours, name) {
				t.Errorf("core depends on %s, which the test does not know", name)
			}
		}
	}
	for _, name := range ours {
		if !reached[name] {
			t.Errorf("core does not depend on %s", name)
		}
		for _, pkg := range deps(t, module+name) {
			if slices.Contains(banned, pkg) || strings.HasPrefix(pkg, "crypto/") {
				t.Errorf("%s depends on %s", name, pkg)
			}
			if !strings.HasPrefix(pkg, module) && strings.Contains(pkg, ".") {
				t.Errorf("%s depends on %s, which is not of the standard library", name, pkg)
			}
		}
	}
}

// deps returns the packages that a package consists of as WebAssembly, tests left out.
func deps(t *testing.T, pkg string) []string {
	t.Helper()
	cmd := exec.Command("go", "list", "-deps", pkg)
	cmd.Env = append(os.Environ(), "GOOS=wasip1", "GOARCH=wasm")
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	return strings.Fields(string(out))
}
