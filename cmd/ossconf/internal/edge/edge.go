// Package edge runs an edge worker, which web/edge is, in front of a mock OSS, and passes requests on to it.
//
// Call [Start]; the [Worker] is a handler.
package edge

import (
	"bufio"
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"time"

	"github.com/ossconf/ossconf/harness/mockoss"
)

// How long the worker may take to answer that it is well, and to end.
const (
	startTimeout = time.Minute
	endTimeout   = 5 * time.Second
)

// Options say what to run. All of them are needed.
type Options struct {
	Command []string        // listens at HOST and PORT of its environment, says where in a line of JSON, and ends with its standard input, as web/edge/src/main.js does
	Server  *mockoss.Server // the OSS behind it
	Bucket  string          // the one that it manages
	Origin  string          // of the page that may use it
	Stderr  io.Writer       // gets what it says of its errors
}

// A Worker is a running worker. As a handler it passes requests on; who calls it has seen to it that no page of another
// origin asks.
type Worker struct {
	Token string // what it wants to see, good for this worker alone

	origin string
	at     *url.URL // where it listens
	cmd    *exec.Cmd
	stdin  io.Closer     // the worker ends when it is closed, which the end of this process does too
	ended  chan struct{} // closed when the process has
	client *http.Transport
}

// Start starts a worker and waits until it answers. The caller closes it.
func Start(ctx context.Context, o Options) (*Worker, error) {
	w := &Worker{Token: rand.Text(), origin: o.Origin, ended: make(chan struct{}), client: &http.Transport{}}
	w.cmd = exec.Command(o.Command[0], o.Command[1:]...)
	out, in := io.Pipe()
	w.cmd.Stdout, w.cmd.Stderr = in, o.Stderr
	w.cmd.WaitDelay = time.Second // a child of it may hold its output open for ever
	env, err := w.environment(o)
	if err != nil {
		return nil, err
	}
	w.cmd.Env = env
	if w.stdin, err = w.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	if err := w.cmd.Start(); err != nil {
		return nil, err
	}
	go func() {
		defer close(w.ended)
		w.cmd.Wait() // how it ended is of no interest; what it wrote may be
		in.Close()
	}()
	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	if err := w.greet(ctx, out); err != nil {
		w.Close()
		return nil, err
	}
	return w, nil
}

// environment returns all that the worker gets: the access key of the mock OSS, and no other that may be set here.
func (w *Worker) environment(o Options) ([]string, error) {
	buckets, err := json.Marshal(map[string]any{o.Bucket: map[string]string{"region": o.Server.Region, "endpoint": o.Server.URL}})
	if err != nil {
		return nil, err
	}
	key := o.Server.Credentials()[0]
	env := []string{
		"HOST=127.0.0.1", "PORT=0", "OSSCONF_END_WITH_STDIN=1",
		"OSS_ACCESS_KEY_ID=" + key.AccessKeyID, "OSS_ACCESS_KEY_SECRET=" + key.AccessKeySecret,
		"OSSCONF_BUCKETS=" + string(buckets), "OSSCONF_ORIGINS=" + o.Origin,
		fmt.Sprintf("OSSCONF_TOKENS=page:%x", sha256.Sum256([]byte(w.Token))),
	}
	for _, name := range []string{"PATH", "HOME", "TMPDIR", "SystemRoot", "TEMP", "TMP"} {
		if value, found := os.LookupEnv(name); found {
			env = append(env, name+"="+value)
		}
	}
	return env, nil
}

// greet waits until the worker listens and is well.
func (w *Worker) greet(ctx context.Context, out io.Reader) error {
	port := make(chan int, 1)
	go func() {
		defer close(port)
		for lines := bufio.NewReader(out); ; {
			line, err := lines.ReadBytes('\n')
			var record struct {
				Event string
				Port  int
			}
			if json.Unmarshal(line, &record) == nil && record.Event == "listening" {
				port <- record.Port
				io.Copy(io.Discard, lines) // its log
				return
			}
			if err != nil {
				return
			}
		}
	}()
	select {
	case n, listens := <-port:
		if !listens {
			return errors.New("it ended before it listened")
		}
		w.at = &url.URL{Scheme: "http", Host: fmt.Sprintf("127.0.0.1:%d", n), Path: "/"}
		return w.health(ctx)
	case <-ctx.Done():
		return fmt.Errorf("it does not listen: %w", ctx.Err())
	}
}

// health asks the worker whether it is set up.
func (w *Worker) health(ctx context.Context) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, w.at.JoinPath("health").String(), nil)
	if err != nil {
		return err
	}
	resp, err := w.client.RoundTrip(r)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, 4<<10))
	if err != nil {
		return err
	}
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("%s answers %s: %s", r.URL, resp.Status, bytes.TrimSpace(body))
	}
	return nil
}

// ServeHTTP passes a request on.
func (w *Worker) ServeHTTP(answer http.ResponseWriter, r *http.Request) {
	proxy := httputil.ReverseProxy{Transport: w.client, Rewrite: w.rewrite, ModifyResponse: withoutPolicy, ErrorHandler: noAnswer}
	proxy.ServeHTTP(answer, r)
}

func (w *Worker) rewrite(r *httputil.ProxyRequest) {
	r.SetURL(w.at)
	r.Out.Header.Del("Cookie") // it may be of any program on this host
	if r.In.Header.Get("Origin") != "" {
		r.Out.Header.Set("Origin", w.origin) // one of the page's addresses is as good as the other
	}
}

// withoutPolicy removes what the page's handler says by itself.
func withoutPolicy(r *http.Response) error {
	r.Header.Del("Content-Security-Policy")
	r.Header.Del("X-Content-Type-Options")
	return nil
}

// noAnswer answers in the place of a worker that does not.
func noAnswer(answer http.ResponseWriter, _ *http.Request, _ error) {
	answer.Header().Set("Content-Type", "application/json")
	answer.Header().Set("Cache-Control", "no-store")
	answer.WriteHeader(http.StatusBadGateway)
	io.WriteString(answer, `{"error":{"code":"worker","message":"the edge worker does not answer","hint":"start the demo again"}}`+"\n")
}

// Close ends the worker and waits until it has. It may be called more than once.
func (w *Worker) Close() {
	w.client.CloseIdleConnections()
	w.stdin.Close()                    // reaches what a shell has started, too
	w.cmd.Process.Signal(os.Interrupt) // where that is unknown, or it has ended, the rest does
	select {
	case <-w.ended:
	case <-time.After(endTimeout):
		w.cmd.Process.Kill()
		<-w.ended
	}
}
