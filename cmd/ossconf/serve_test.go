//go:build unix

package main

import (
	"bufio"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ossconf/ossconf/harness/mockoss"
	"github.com/ossconf/ossconf/signer"
	"github.com/ossconf/ossconf/signer/signhttp"
)

// A readyLine is what serve prints when it is ready.
type readyLine struct {
	Endpoint        string   `json:"endpoint"`
	TLSEndpoint     string   `json:"tls_endpoint"`
	AdminEndpoint   string   `json:"admin_endpoint"`
	CAFile          string   `json:"ca_file"`
	Region          string   `json:"region"`
	AccessKeyID     string   `json:"access_key_id"`
	AccessKeySecret string   `json:"access_key_secret"`
	Buckets         []string `json:"buckets"`
}

// startServe starts serve with a log to read, waits until it is ready and returns what it printed, and the names of its
// members.
func startServe(t *testing.T, args ...string) (p *process, log *bufio.Reader, ready readyLine, members []string) {
	t.Helper()
	p, log = startLogged(t, append([]string{"serve", "--listen", "127.0.0.1:0", "--output", "json"}, args...)...)
	line := p.line(t, "")
	d := json.NewDecoder(strings.NewReader(line))
	for d.More() {
		token, err := d.Token()
		if err != nil {
			break
		}
		if name, isString := token.(string); isString && len(line) > int(d.InputOffset()) && line[d.InputOffset()] == ':' {
			members = append(members, name)
		}
	}
	if err := json.Unmarshal([]byte(line), &ready); err != nil {
		t.Fatalf("%s: %v", line, err)
	}
	return p, log, ready, members
}

// readTo reads a log up to the line that holds text, and returns all that was read.
func readTo(t *testing.T, log *bufio.Reader, text string) string {
	t.Helper()
	var all strings.Builder
	for {
		line, err := log.ReadString('\n')
		all.WriteString(line)
		if err != nil {
			t.Fatalf("the log ended before %q: %v\n%s", text, err, all.String())
		}
		if strings.Contains(line, text) {
			return all.String()
		}
	}
}

func TestServe(t *testing.T) {
	for _, signal := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM} {
		p, log, ready, members := startServe(t, "--bucket", "examplebucket")
		if diff := cmp.Diff([]string{"endpoint", "region", "access_key_id", "access_key_secret", "buckets"}, members); diff != "" {
			t.Errorf("members (-want +got):\n%s", diff)
		}
		want := readyLine{Endpoint: ready.Endpoint, Region: mockoss.DefaultRegion, AccessKeyID: mockoss.DefaultAccessKeyID,
			AccessKeySecret: mockoss.DefaultAccessKeySecret, Buckets: []string{"examplebucket"}}
		if diff := cmp.Diff(want, ready); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		g := start(t, "get", "--endpoint", ready.Endpoint, "--region", ready.Region, "--bucket", "examplebucket")
		if code := g.end(t, 0); code != exitService {
			t.Errorf("get of a bucket without configuration: exit code %d", code)
		}
		p.Process.Signal(signal)
		text := readTo(t, log, "msg=stopped")
		if code := p.end(t, 0); code != exitOK {
			t.Errorf("exit code %d after %v, want 0", code, signal)
		}
		if !strings.Contains(text, "operation=GetBucketHttpsConfig") || strings.Contains(text, mockoss.DefaultAccessKeySecret) {
			t.Errorf("the log holds\n%s", text)
		}
	}
}

func TestServeText(t *testing.T) {
	p := start(t, "serve", "--listen", "127.0.0.1:0", "--quiet")
	endpoint := strings.Fields(p.line(t, "endpoint"))[1]
	p.line(t, "ready")
	resp, err := http.Get(endpoint)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if code := p.end(t, syscall.SIGINT); code != exitOK {
		t.Errorf("exit code %d", code)
	}
	if p.stderr.Len() > 0 {
		t.Errorf("standard error holds %s", p.stderr.String())
	}
}

// dialBucket makes a handshake for a bucket at a TLS endpoint with clients that trust the CA file.
func dialBucket(t *testing.T, ready readyLine, bucket string, version uint16) (*tls.ConnectionState, error) {
	t.Helper()
	pem, err := os.ReadFile(ready.CAFile)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(pem) {
		t.Fatalf("%s holds no certificate", ready.CAFile)
	}
	c, err := tls.Dial("tcp", strings.TrimPrefix(ready.TLSEndpoint, "https://"),
		&tls.Config{RootCAs: roots, ServerName: bucket + ".localhost", MinVersion: version, MaxVersion: version})
	if err != nil {
		return nil, err
	}
	defer c.Close()
	state := c.ConnectionState()
	return &state, nil
}

func TestServeTLS(t *testing.T) {
	p, log, ready, members := startServe(t, "--tls-listen", "127.0.0.1:0", "--admin-listen", "127.0.0.1:0",
		"--bucket", "examplebucket", "--certificates", "rsa", "--log-format", "json")
	want := []string{"endpoint", "tls_endpoint", "admin_endpoint", "ca_file", "region", "access_key_id", "access_key_secret", "buckets"}
	if diff := cmp.Diff(want, members); diff != "" {
		t.Errorf("members (-want +got):\n%s", diff)
	}
	state, err := dialBucket(t, ready, "examplebucket", tls.VersionTLS12)
	if err != nil {
		t.Fatalf("before the configuration: %v", err)
	}
	if kind := state.PeerCertificates[0].PublicKeyAlgorithm; kind != x509.RSA {
		t.Errorf("the certificate has a key for %v", kind)
	}
	document := filepath.Join(p.Dir, "config.json")
	if err := os.WriteFile(document, []byte(`{"TLS":{"Enable":true,"TLSVersion":["TLSv1.3"]}}`), 0o600); err != nil {
		t.Fatal(err)
	}
	put := start(t, "put", "--endpoint", ready.Endpoint, "--region", ready.Region, "--bucket", "examplebucket", document)
	if code := put.end(t, 0); code != exitOK {
		t.Fatalf("put: exit code %d, %s", code, put.stderr.String())
	}
	if _, err := dialBucket(t, ready, "examplebucket", tls.VersionTLS13); err != nil {
		t.Errorf("TLS 1.3: %v", err)
	}
	if _, err := dialBucket(t, ready, "examplebucket", tls.VersionTLS12); err == nil {
		t.Error("TLS 1.2 connects, and the configuration accepts TLS 1.3 alone")
	}
	var refused struct {
		Handshake struct{ Outcome, Rule, Bucket string }
	}
	text := readTo(t, log, `"refused"`)
	last := text[strings.LastIndex(strings.TrimSuffix(text, "\n"), "\n")+1:]
	if err := json.Unmarshal([]byte(last), &refused); err != nil || refused.Handshake.Rule != "TLSVersion" || refused.Handshake.Bucket != "examplebucket" {
		t.Errorf("the log has %s: %v", last, err)
	}
	resp, err := http.Get(ready.AdminEndpoint + "/health")
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		t.Errorf("the admin listener answers %s", resp.Status)
	}
	if curl, err := exec.LookPath("curl"); err == nil {
		_, port, _ := net.SplitHostPort(strings.TrimPrefix(ready.TLSEndpoint, "https://"))
		out, err := exec.Command(curl, "-q", "--silent", "--show-error", "--noproxy", "*", "--cacert", ready.CAFile,
			"https://examplebucket.localhost:"+port+"/").CombinedOutput()
		if err != nil || !strings.Contains(string(out), "<Code>AccessDenied</Code>") {
			t.Errorf("curl --cacert: %v, %s", err, out)
		}
	}
	if code := p.end(t, syscall.SIGTERM); code != exitOK {
		t.Errorf("exit code %d", code)
	}
	if _, err := os.Stat(filepath.Dir(ready.CAFile)); !os.IsNotExist(err) {
		t.Errorf("the folder of the CA file is left: %v", err)
	}
}

// TestServeKeeps starts serve twice in the same folder.
func TestServeKeeps(t *testing.T) {
	dir := t.TempDir()
	data := filepath.Join(dir, "state")
	document := filepath.Join(dir, "config.json")
	if err := os.WriteFile(document, []byte(`{"TLS":{"Enable":true,"TLSVersion":["TLSv1.3"]}}`), 0o600); err != nil {
		t.Fatal(err)
	}
	var ca []byte
	for run := range 2 {
		args := []string{"--data", data, "--tls-listen", "127.0.0.1:0"}
		if run == 0 {
			args = append(args, "--bucket", "examplebucket")
		}
		p, _, ready, _ := startServe(t, args...)
		if want := filepath.Join(data, "ca", "cert.pem"); ready.CAFile != want {
			t.Errorf("the CA file is %s, want %s", ready.CAFile, want)
		}
		pem, err := os.ReadFile(ready.CAFile)
		if err != nil {
			t.Fatal(err)
		}
		if run == 0 {
			ca = pem
			put := start(t, "put", "--endpoint", ready.Endpoint, "--region", ready.Region, "--bucket", "examplebucket", document)
			if code := put.end(t, 0); code != exitOK {
				t.Fatalf("put: exit code %d, %s", code, put.stderr.String())
			}
		} else if diff := cmp.Diff(string(ca), string(pem)); diff != "" {
			t.Errorf("another CA (-first +second):\n%s", diff)
		}
		if _, err := dialBucket(t, ready, "examplebucket", tls.VersionTLS12); err == nil {
			t.Errorf("run %d: TLS 1.2 connects", run)
		}
		second := start(t, "serve", "--listen", "127.0.0.1:0", "--data", data)
		if code := second.end(t, 0); code != exitUsage || !strings.Contains(second.stderr.String(), "another process uses the folder") {
			t.Errorf("a second server in the same folder: exit code %d, %s", code, second.stderr.String())
		}
		if code := p.end(t, syscall.SIGINT); code != exitOK {
			t.Errorf("run %d: exit code %d", run, code)
		}
	}
}

// TestServeFlags looks at what regions, access keys, the clock and faults do.
func TestServeFlags(t *testing.T) {
	dir := t.TempDir()
	keys, faults := filepath.Join(dir, "keys.json"), filepath.Join(dir, "faults.json")
	for path, text := range map[string]string{
		keys: `[{"access_key_id":"first","access_key_secret":"firstSecret"},
			{"access_key_id":"second","access_key_secret":"secondSecret","owner":"first"},
			{"access_key_id":"third","access_key_secret":"thirdSecret","security_token":"thirdToken","expires":"2020-01-02T03:04:05Z"}]`,
		faults: `[{"kind":"status","operation":"GetBucketHttpsConfig","bucket":"broken","status":503,"code":"ServiceUnavailable"}]`,
	} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	p, log, ready, _ := startServe(t, "--credentials", keys, "--faults", faults, "--region", "cn-beijing", "--region", "oss:cn-shanghai",
		"--region", "oss-cloudbox:cb-f8z7yvzgwfkl9q0h", "--bucket", "examplebucket", "--bucket", "broken", "--host", "oss.test", "--max-bytes", "64MiB", "--cors")
	if ready.Region != "cn-beijing" || ready.AccessKeyID != "first" || ready.AccessKeySecret != "firstSecret" {
		t.Errorf("ready: %+v", ready)
	}
	for _, test := range []struct{ name, id, secret, token, region, bucket, want string }{
		{"the first key", "first", "firstSecret", "", "cn-beijing", "examplebucket", "NoSuchHttpsConfig"},
		{"another key of the owner", "second", "secondSecret", "", "cn-beijing", "examplebucket", "NoSuchHttpsConfig"},
		{"a key that has ended", "third", "thirdSecret", "thirdToken", "cn-beijing", "examplebucket", "SecurityTokenExpired"},
		{"the default key", mockoss.DefaultAccessKeyID, mockoss.DefaultAccessKeySecret, "", "cn-beijing", "examplebucket", "InvalidAccessKeyId"},
		{"another region", "first", "firstSecret", "", "cn-hangzhou", "examplebucket", "0002-00000226"},
		{"a fault", "first", "firstSecret", "", "cn-beijing", "broken", "503 ServiceUnavailable"},
	} {
		args := []string{"get", "--endpoint", ready.Endpoint, "--region", test.region, "--bucket", test.bucket, "--access-key-id", test.id, "--access-key-secret", test.secret}
		if test.token != "" {
			args = append(args, "--security-token", test.token)
		}
		g := start(t, args...)
		g.end(t, 0)
		if got := g.stderr.String(); !strings.Contains(got, test.want) {
			t.Errorf("%s: %q does not hold %s", test.name, got, test.want)
		}
	}
	p.Process.Signal(syscall.SIGINT)
	text := readTo(t, log, "msg=stopped")
	for _, secret := range []string{"firstSecret", "secondSecret", "thirdSecret", "thirdToken"} {
		if strings.Contains(text, secret) {
			t.Errorf("the log holds %s\n%s", secret, text)
		}
	}
	if code := p.end(t, 0); code != exitOK {
		t.Errorf("exit code %d", code)
	}
}

func TestServeClock(t *testing.T) {
	p, _, ready, _ := startServe(t, "--clock-offset", "20m", "--bucket", "examplebucket")
	g := start(t, "get", "--endpoint", ready.Endpoint, "--region", ready.Region, "--bucket", "examplebucket")
	g.end(t, 0)
	// The service's time has no fractions of a second.
	if !regexp.MustCompile(`this clock is (19m59|20m0)s behind the service's`).MatchString(g.stderr.String()) {
		t.Errorf("get says %s", g.stderr.String())
	}
	if code := p.end(t, syscall.SIGINT); code != exitOK {
		t.Errorf("exit code %d", code)
	}
}

// underWay sends the head of a PutObject and, once the server asks for it, nothing of its body. It returns where to write
// the body and where the answer comes from: the status, or the error.
func underWay(t *testing.T, ready readyLine) (*io.PipeWriter, <-chan string) {
	t.Helper()
	going := make(chan struct{})
	ctx := httptrace.WithClientTrace(t.Context(), &httptrace.ClientTrace{Got100Continue: func() { close(going) }})
	r, w := io.Pipe()
	const body = "body"
	req, err := http.NewRequestWithContext(ctx, http.MethodPut, ready.Endpoint+"/examplebucket/key", r)
	if err != nil {
		t.Fatal(err)
	}
	req.ContentLength = int64(len(body))
	req.Header.Set("Expect", "100-continue")
	client := http.Client{Transport: &signhttp.Transport{
		Region: ready.Region,
		Credentials: signhttp.Static(signer.Credentials{
			AccessKeyID: ready.AccessKeyID, AccessKeySecret: ready.AccessKeySecret,
		}),
		Base: &http.Transport{ExpectContinueTimeout: 1 << 40},
	}}
	answer := make(chan string, 1)
	go func() {
		resp, err := client.Do(req)
		if err != nil {
			answer <- "error"
			return
		}
		resp.Body.Close()
		answer <- fmt.Sprint(resp.StatusCode)
	}()
	select {
	case <-going:
	case got := <-answer:
		t.Fatalf("the answer came before the body: %s", got)
	}
	return w, answer
}

// TestServeAnswersWhatIsUnderWay interrupts serve while a request is half sent.
func TestServeAnswersWhatIsUnderWay(t *testing.T) {
	p, log, ready, _ := startServe(t, "--bucket", "examplebucket")
	body, answer := underWay(t, ready)
	p.Process.Signal(syscall.SIGTERM)
	readTo(t, log, "msg=stopping")
	if _, err := io.WriteString(body, "body"); err != nil {
		t.Fatal(err)
	}
	body.Close()
	if got := <-answer; got != "200" {
		t.Errorf("the request ends with %s", got)
	}
	if code := p.end(t, 0); code != exitOK {
		t.Errorf("exit code %d", code)
	}
}

// TestServeInterruptedTwice does not wait for a request that never ends.
func TestServeInterruptedTwice(t *testing.T) {
	p, log, ready, _ := startServe(t, "--bucket", "examplebucket", "--tls-listen", "127.0.0.1:0")
	body, answer := underWay(t, ready)
	p.Process.Signal(syscall.SIGINT)
	readTo(t, log, "msg=stopping")
	if code := p.end(t, syscall.SIGINT); code != exitInterrupted {
		t.Errorf("exit code %d", code)
	}
	body.CloseWithError(io.ErrUnexpectedEOF) // or the client goes on waiting for it
	if got := <-answer; got != "error" {
		t.Errorf("the request ends with %s", got)
	}
	if _, err := os.Stat(ready.CAFile); !os.IsNotExist(err) {
		t.Errorf("the CA file is left: %v", err)
	}
}
