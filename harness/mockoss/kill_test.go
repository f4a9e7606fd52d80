package mockoss_test

import (
	"bufio"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ossconf/ossconf/harness/mockoss"
	"github.com/ossconf/ossconf/signer"
	"github.com/ossconf/ossconf/signer/signhttp"
)

// childDir is the environment variable that makes a process of this test a server of the folder it names.
const childDir = "OSSCONF_TEST_DATA_DIR"

// TestServerOfAFolder is no test of its own: it is the server that TestKill kills.
func TestServerOfAFolder(t *testing.T) {
	dir := os.Getenv(childDir)
	if dir == "" {
		t.Skip("it is run by TestKill")
	}
	s, err := mockoss.Start(mockoss.Options{DataDir: dir, Buckets: []string{"examplebucket"}})
	if err != nil {
		t.Fatal(err)
	}
	fmt.Println("ready " + s.URL)
	select {} // until it is killed
}

// startChild runs a server of dir in a process of its own.
func startChild(t *testing.T, dir string) (kill func(), url string) {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^TestServerOfAFolder$", "-test.v")
	cmd.Env = append(os.Environ(), childDir+"="+dir)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	kill = sync.OnceFunc(func() {
		cmd.Process.Kill() // SIGKILL
		cmd.Wait()
	})
	t.Cleanup(kill)
	in := bufio.NewReader(out)
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			t.Fatalf("the server has not started: %v", err)
		}
		if url, ok := strings.CutPrefix(strings.TrimSpace(line), "ready "); ok {
			go io.Copy(io.Discard, in)
			return kill, url
		}
	}
}

// client returns an HTTP client that signs with the default access key.
func client() *http.Client { return signing(&http.Client{Transport: &http.Transport{}}) }

// signing returns a client that signs with the default access key and sends as c does.
func signing(c *http.Client) *http.Client {
	return &http.Client{Transport: &signhttp.Transport{Region: mockoss.DefaultRegion, Base: c.Transport,
		Credentials: signhttp.Static(signer.Credentials{AccessKeyID: mockoss.DefaultAccessKeyID, AccessKeySecret: mockoss.DefaultAccessKeySecret})}}
}

// send makes a request of method and returns status and body of the answer.
func send(c *http.Client, method, url, body string) (int, string, error) {
	r, err := http.NewRequest(method, url, strings.NewReader(body))
	if err != nil {
		return 0, "", err
	}
	resp, err := c.Do(r)
	if err != nil {
		return 0, "", err
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	return resp.StatusCode, string(b), err
}

// A slot is a thing that one writer writes again and again: an object or a configuration.
type slot struct {
	path  string
	body  func(n int) string
	acked int // the number of the last write that was acknowledged, 0 for none
	sent  int // the number of the last write that was sent
}

func (s *slot) write(c *http.Client, url string) bool {
	s.sent++
	status, _, err := send(c, http.MethodPut, url+s.path, s.body(s.sent))
	if err != nil || status != http.StatusOK {
		return false
	}
	s.acked = s.sent
	return true
}

// check compares what the server has with what it has acknowledged. What was sent and not acknowledged may be there.
func (s *slot) check(t *testing.T, c *http.Client, url string) {
	t.Helper()
	status, body, err := send(c, http.MethodGet, url+s.path, "")
	switch {
	case err != nil:
		t.Fatal(err)
	case status == http.StatusNotFound && s.acked == 0:
	case status == http.StatusOK && (strings.Contains(body, s.body(s.sent)) || s.acked > 0 && strings.Contains(body, s.body(s.acked))):
	default:
		t.Fatalf("%s: write %d was acknowledged and %d sent, the server has %d %s", s.path, s.acked, s.sent, status, body)
	}
	if strings.Contains(body, s.body(s.sent)) {
		s.acked = s.sent
	}
}

// TestKill writes to a server that keeps its state in a folder and kills it in the middle, a hundred times. What was
// acknowledged has to be there afterwards.
func TestKill(t *testing.T) {
	kills := 100
	if testing.Short() {
		kills = 10
	}
	dir := t.TempDir()
	version := func(n int) string {
		return fmt.Sprintf("<Unknown>%d</Unknown>", n)
	}
	slots := []*slot{
		{path: "/examplebucket/a", body: func(n int) string { return fmt.Sprintf("object %d.", n) }},
		{path: "/examplebucket/b", body: func(n int) string { return strings.Repeat(fmt.Sprintf("object %d.", n), 10000) }},
		{path: "/examplebucket/?httpsConfig", body: version},
	}
	configuration := func(n int) string {
		return "<HttpsConfiguration><TLS><Enable>false</Enable></TLS>" + version(n) + "</HttpsConfiguration>"
	}
	r := rand.New(rand.NewPCG(7, 8))
	total := 0
	for range kills {
		kill, url := startChild(t, dir)
		c := client()
		for _, s := range slots {
			s.check(t, c, url)
		}
		var writers sync.WaitGroup
		for _, s := range slots {
			writers.Go(func() {
				for {
					w := *s
					if strings.HasSuffix(s.path, "httpsConfig") {
						w.body = configuration
					}
					ok := w.write(c, url)
					s.acked, s.sent = w.acked, w.sent
					if !ok {
						return
					}
				}
			})
		}
		time.Sleep(time.Duration(r.IntN(30)) * time.Millisecond) // when it is killed does not matter to the outcome
		kill()
		writers.Wait()
		c.CloseIdleConnections()
	}
	_, url := startChild(t, dir)
	for _, s := range slots {
		s.check(t, client(), url)
		total += s.acked
	}
	if total < kills {
		t.Errorf("only %d writes were acknowledged", total)
	}
	t.Logf("%d writes were acknowledged over %d kills", total, kills)
}
