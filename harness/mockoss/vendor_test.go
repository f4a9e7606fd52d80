package mockoss_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/ossconf/ossconf/harness/mockoss"
)

// vendorSDK is the module whose integration tests, written to run against the real service, run against a mock.
const vendorSDK = "github.com/aliyun/alibabacloud-oss-go-sdk-v2"

// A vendorTest is what is expected of one of these tests. Those that are expected to pass have no reason.
type vendorTest struct {
	reason string // why it does not pass, as docs/sdk-tests.md says it
	shows  string // what its output then has in it; empty if the test is not run at all
}

// vendorFailures are the tests that do not pass.
func vendorFailures() map[string]vendorTest {
	const elsewhere = "; it is not run because it calls an endpoint of the real service that is written into it"
	failed := func(operation string) string { return `name:"` + operation + `"` }
	return map[string]vendorTest{
		"TestAccessPointForObjectProcess": {"access points that process objects are not implemented: objects go through a function on their way",
			failed("CreateAccessPointForObjectProcess")},
		"TestBucketReplication":    {"a rule leads to a bucket of another endpoint" + elsewhere, ""},
		"TestDoDataPipeLineAction": {"data pipelines are not implemented" + elsewhere, ""},
		"TestListObjectVersions":   {"objects have no versions here: versioning is a configuration that is kept and returned", "versioning_test.go:197"},
		"TestMetaQuery": {"a query of the metadata index is not implemented: it is answered from what the service has found out about objects",
			failed("DoMetaQuery")},
		"TestObjectWorm": {"retention of objects is not implemented", failed("PutObjectRetention")},
	}
}

// vendorFiles are the files of which every test is looked at; vendorObjects are further tests, of what is implemented
// for objects.
func vendorFiles() []string {
	return []string{"client_integration_bucket_*_test.go", "client_integration_public_access_block_test.go",
		"client_integration_access_point_test.go", "client_integration_cname_test.go", "client_integration_meta_query_test.go",
		"client_integration_object_acl_test.go"}
}

func vendorObjects() []string {
	return []string{"TestDefaultRequestHeaders", "TestDeleteMultipleObjects", "TestDeleteObject", "TestDownloaderTruncate", "TestGetObject",
		"TestGetObjectMeta", "TestGetObjectToFileV2", "TestHeadObject", "TestIntegrationWriteOnlyFileInvalidCredentials",
		"TestInvokeOperation", "TestServiceError"}
}

// TestVendorIntegrationTests runs each of the vendor's tests in a process of its own, as a failed one often panics. One
// that is expected to fail has to, for its reason.
func TestVendorIntegrationTests(t *testing.T) {
	if testing.Short() {
		t.Skip("the tests sleep for most of their time")
	}
	dir, _ := vendorModule(t, vendorSDK)
	names, _ := vendorTests(t, dir)
	binary := compileVendorTests(t, dir)
	expected := vendorFailures()
	results := make([]vendorResult, len(names))
	free := make(chan struct{}, 8) // they sleep more than they work
	var all sync.WaitGroup
	for i, name := range names {
		if test, fails := expected[name]; fails && test.shows == "" {
			continue
		}
		free <- struct{}{}
		workDir := t.TempDir()
		all.Go(func() {
			results[i] = runVendorTest(t.Context(), binary, workDir, name)
			<-free
		})
	}
	all.Wait()
	for i, name := range names {
		t.Run(name, func(t *testing.T) {
			test, fails := expected[name]
			r := results[i]
			switch {
			case fails && test.shows == "":
				t.Skip(test.reason)
			case r.err != nil:
				t.Fatal(r.err)
			case fails && r.passed:
				t.Errorf("it passes: take it out of vendorFailures, where it is because %s", test.reason)
			case fails && !strings.Contains(r.output, test.shows):
				t.Errorf("it fails without %q, not because %s:\n%s", test.shows, test.reason, r.output)
			case !fails && !r.passed:
				t.Error(r.output)
			}
		})
	}
}

// A vendorResult is how a test ended.
type vendorResult struct {
	passed bool
	output string
	err    error // it could not be run
}

func runVendorTest(ctx context.Context, binary, dir, name string) vendorResult {
	s, err := mockoss.Start(mockoss.Options{})
	if err != nil {
		return vendorResult{err: err}
	}
	defer s.Close()
	key := s.Credentials()[0]
	cmd := exec.CommandContext(ctx, binary, "-test.v", "-test.run", "^"+name+"$")
	cmd.Dir = dir
	cmd.Env = slices.DeleteFunc(os.Environ(), func(v string) bool { return strings.HasPrefix(v, "OSS_TEST_") })
	cmd.Env = append(cmd.Env, "OSS_TEST_REGION="+s.Region, "OSS_TEST_ENDPOINT="+s.URL,
		"OSS_TEST_ACCESS_KEY_ID="+key.AccessKeyID, "OSS_TEST_ACCESS_KEY_SECRET="+key.AccessKeySecret,
		"OSS_TEST_BUCKET_PREFIX=vendor-")
	if strings.HasPrefix(name, "TestAccessPoint") {
		cmd.Env = append(cmd.Env, "OSS_TEST_AP_ENABLE=1") // without it they pass and have done nothing
	}
	output, err := cmd.CombinedOutput()
	r := vendorResult{output: string(output)}
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		r.err = err
	}
	r.passed = err == nil && strings.Contains(r.output, "--- PASS: "+name+" (")
	return r
}

// vendorModule returns the folder and the version of a module of go.mod.
func vendorModule(t *testing.T, path string) (dir, version string) {
	t.Helper()
	out, err := goCommand(".", "list", "-m", "-f", "{{.Dir}}\n{{.Version}}", path)
	if err != nil {
		t.Fatal(err)
	}
	dir, version, _ = strings.Cut(strings.TrimSpace(out), "\n")
	return dir, version
}

// vendorTests returns the names of the tests that are looked at, and of the others.
func vendorTests(t *testing.T, dir string) (names, others []string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "oss", "client_integration_*_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		whole := slices.ContainsFunc(vendorFiles(), func(pattern string) bool {
			match, _ := filepath.Match(pattern, filepath.Base(file))
			return match
		})
		for _, f := range regexp.MustCompile(`(?m)^func (Test\w+)\(`).FindAllStringSubmatch(string(source), -1) {
			if whole || slices.Contains(vendorObjects(), f[1]) {
				names = append(names, f[1])
			} else {
				others = append(others, f[1])
			}
		}
	}
	slices.Sort(names)
	for name := range vendorFailures() {
		if !slices.Contains(names, name) {
			t.Errorf("vendorFailures has %s, which is no test of the SDK", name)
		}
	}
	for _, name := range vendorObjects() {
		if !slices.Contains(names, name) {
			t.Errorf("vendorObjects has %s, which is no test of the SDK", name)
		}
	}
	return names, others
}

// compileVendorTests returns the path of the test binary. It needs modules that only the SDK's tests need.
func compileVendorTests(t *testing.T, dir string) string {
	t.Helper()
	if _, err := goCommand(dir, "list", "-deps", "-test", "-tags", "integration", "./oss"); err != nil {
		if os.Getenv("OSSCONF_REQUIRE_NODE") != "" {
			t.Fatal(err)
		}
		t.Skipf("what the SDK's tests import cannot be had (OSSCONF_REQUIRE_NODE=1 makes this a failure): %v", err)
	}
	binary := filepath.Join(t.TempDir(), "sdk.test.exe")
	if _, err := goCommand(dir, "test", "-c", "-tags", "integration", "-o", binary, "./oss"); err != nil {
		t.Fatal(err)
	}
	return binary
}

// goCommand runs the go command in a folder, which may be that of a module in the module cache.
func goCommand(dir string, args ...string) (string, error) {
	cmd := exec.Command("go", args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOFLAGS=", "GOWORK=off")
	out, err := cmd.Output()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		err = fmt.Errorf("go %s: %w\n%s", strings.Join(args, " "), err, exit.Stderr)
	}
	return string(out), err
}

// TestVendorTestsDocument holds docs/sdk-tests.md against what is tested here.
func TestVendorTestsDocument(t *testing.T) {
	text, err := os.ReadFile("../../docs/sdk-tests.md")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for line := range strings.Lines(string(text)) {
		if strings.HasPrefix(line, "| Test") || strings.HasPrefix(line, "| `github.com/") || strings.HasPrefix(line, "The other ") {
			got = append(got, strings.TrimSpace(line))
		}
	}
	var want []string
	for _, module := range []string{vendorSDK, "github.com/aliyun/aliyun-oss-go-sdk"} {
		_, version := vendorModule(t, module)
		want = append(want, fmt.Sprintf("| `%s` | %s |", module, version))
	}
	dir, _ := vendorModule(t, vendorSDK)
	names, others := vendorTests(t, dir)
	for _, name := range names {
		test, fails := vendorFailures()[name]
		result := "passes"
		switch {
		case fails && test.shows == "":
			result = "not run"
		case fails:
			result = "fails"
		}
		want = append(want, fmt.Sprintf("| %s | %s | %s |", name, result, test.reason))
	}
	want = append(want, fmt.Sprintf("The other %d tests are not run:", len(others)))
	if diff := cmp.Diff(strings.Join(want, "\n"), strings.Join(got, "\n")); diff != "" {
		t.Errorf("docs/sdk-tests.md (-want +got):\n%s", diff)
	}
}
