package edge_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ossconf/ossconf/cmd/ossconf/internal/edge"
	"github.com/ossconf/ossconf/harness/mockoss"
)

// TestMain is the worker, too, if it is told how to behave.
func TestMain(m *testing.M) {
	if len(os.Args) == 3 && os.Args[1] == "worker" {
		work(os.Args[2])
		return
	}
	os.Exit(m.Run())
}

// work answers with what it is asked and was given, or does what a worker should not do.
func work(how string) {
	interrupted := make(chan os.Signal, 1)
	signal.Notify(interrupted, os.Interrupt)
	l, err := net.Listen("tcp", net.JoinHostPort(os.Getenv("HOST"), os.Getenv("PORT")))
	if err != nil {
		panic(err)
	}
	switch how {
	case "ends":
		fmt.Fprintln(os.Stderr, "no module")
		os.Exit(1)
	case "silent":
		<-interrupted
		return
	case "child":
		go func() {
			io.Copy(io.Discard, os.Stdin)
			close(interrupted)
		}()
		signal.Reset(os.Interrupt) // which does not reach it
	}
	fmt.Println("a line that is none of JSON")
	fmt.Printf("{\"event\":\"listening\",\"port\":%d}\n", l.Addr().(*net.TCPAddr).Port)
	go http.Serve(l, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case how == "unwell":
			w.WriteHeader(http.StatusInternalServerError)
			io.WriteString(w, "not set up")
		case r.URL.Path == "/end":
			os.Exit(0)
		case r.URL.Path != "/health":
			w.Header().Set("Content-Security-Policy", "default-src 'none'")
			w.Header().Set("ETag", `"1"`)
			body, _ := io.ReadAll(r.Body)
			json.NewEncoder(w).Encode(map[string]any{"asked": r.Method + " " + r.URL.Path, "body": string(body), "headers": r.Header, "env": os.Environ()})
		}
	}))
	<-interrupted
	l.Close()
}

// start starts a worker behind a server.
func start(t *testing.T, how string) (worker *edge.Worker, stderr *bytes.Buffer, err error) {
	t.Helper()
	m := mockoss.NewServer(mockoss.Options{Buckets: []string{"examplebucket"}})
	t.Cleanup(m.Close)
	stderr = new(bytes.Buffer)
	worker, err = edge.Start(t.Context(), edge.Options{
		Command: []string{os.Args[0], "worker", how}, Server: m, Bucket: "examplebucket", Origin: "http://127.0.0.1:9", Stderr: stderr,
	})
	if err == nil {
		t.Cleanup(worker.Close)
	}
	return worker, stderr, err
}

func TestWorker(t *testing.T) {
	t.Setenv("OSS_ACCESS_KEY_SECRET", "that of the user")
	t.Setenv("OSS_SESSION_TOKEN", "that of the user")
	w, _, err := start(t, "well")
	if err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodPut, "/buckets/a", strings.NewReader("document"))
	r.Header.Set("Authorization", "Bearer "+w.Token)
	r.Header.Set("Cookie", "of=others")
	r.Header.Set("Origin", "http://localhost:9")
	answer := httptest.NewRecorder()
	w.ServeHTTP(answer, r)
	var got struct {
		Asked, Body string
		Headers     http.Header
		Env         []string
	}
	if err := json.Unmarshal(answer.Body.Bytes(), &got); err != nil {
		t.Fatalf("%v: %s", err, answer.Body)
	}
	if answer.Header().Get("Content-Security-Policy") != "" || answer.Header().Get("ETag") != `"1"` {
		t.Errorf("headers %v", answer.Header())
	}
	if got.Asked != "PUT /buckets/a" || got.Body != "document" {
		t.Errorf("asked %q with %q", got.Asked, got.Body)
	}
	headers := map[string]string{}
	for _, name := range []string{"Authorization", "Cookie", "Origin"} {
		headers[name] = got.Headers.Get(name)
	}
	if diff := cmp.Diff(map[string]string{"Authorization": "Bearer " + w.Token, "Cookie": "", "Origin": "http://127.0.0.1:9"}, headers); diff != "" {
		t.Error(diff)
	}
	env := strings.Join(got.Env, "\n")
	if strings.Contains(env, "that of the user") || strings.Contains(env, w.Token) || !strings.Contains(env, "OSS_ACCESS_KEY_SECRET="+mockoss.DefaultAccessKeySecret) {
		t.Errorf("environment:\n%s", env)
	}

	// One that has ended is told of.
	w.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/end", nil))
	answer = httptest.NewRecorder()
	w.ServeHTTP(answer, httptest.NewRequest(http.MethodGet, "/", nil))
	if answer.Code != http.StatusBadGateway || !strings.Contains(answer.Body.String(), `"code":"worker"`) {
		t.Errorf("once it has ended: %d %s", answer.Code, answer.Body)
	}
}

func TestStartFails(t *testing.T) {
	for how, says := range map[string]string{"ends": "it ended before it listened", "unwell": "/health answers 500 Internal Server Error: not set up"} {
		_, stderr, err := start(t, how)
		if err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v", how, err)
		}
		if how == "ends" && stderr.String() != "no module\n" {
			t.Errorf("standard error: %q", stderr)
		}
	}
	m := mockoss.NewServer(mockoss.Options{})
	t.Cleanup(m.Close)
	if _, err := edge.Start(t.Context(), edge.Options{Command: []string{"no such program"}, Server: m}); err == nil {
		t.Error("a program that is not there starts")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := edge.Start(ctx, edge.Options{Command: []string{os.Args[0], "worker", "silent"}, Server: m}); err == nil {
		t.Error("a worker starts that was not waited for")
	}
}

// A worker that a shell has started ends with the demo as well, although nobody signals to it.
func TestCloseReachesChildren(t *testing.T) {
	shell, err := exec.LookPath("sh")
	if err != nil {
		t.Skip("no sh")
	}
	m := mockoss.NewServer(mockoss.Options{})
	t.Cleanup(m.Close)
	w, err := edge.Start(t.Context(), edge.Options{Command: []string{shell, "-c", `"$0" worker child; true`, os.Args[0]}, Server: m, Bucket: "examplebucket", Stderr: io.Discard})
	if err != nil {
		t.Fatal(err)
	}
	answer := httptest.NewRecorder()
	w.ServeHTTP(answer, httptest.NewRequest(http.MethodGet, "/", nil))
	if answer.Code != http.StatusOK {
		t.Fatalf("status %d", answer.Code)
	}
	w.Close()
	for answer.Code == http.StatusOK { // its own end is not waited for
		answer = httptest.NewRecorder()
		w.ServeHTTP(answer, httptest.NewRequest(http.MethodGet, "/", nil))
	}
}
