package record_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ossconf/ossconf/fixtures"
	"github.com/ossconf/ossconf/harness/mockoss"
	"github.com/ossconf/ossconf/harness/record"
	"github.com/ossconf/ossconf/harness/replay"
	"github.com/ossconf/ossconf/signer"
)

// capture records one request in front of an upstream, and returns the folder, the recorder's log, what the client got
// and what Close says.
func capture(t *testing.T, upstream http.Handler, e exchange, change ...func(*record.Recorder)) (dir, log, answer string, err error) {
	t.Helper()
	var logged bytes.Buffer
	rec := &record.Recorder{Upstream: newServer(t, upstream), Dir: t.TempDir(), Logger: slog.New(slog.NewTextHandler(&logged, nil))}
	for _, f := range change {
		f(rec)
	}
	server := httptest.NewServer(rec)
	answer, sendErr := e.send(t, leadTo(t, server.URL))
	if sendErr != nil {
		answer += "error: " + sendErr.Error()
	}
	server.Close() // which waits for the end of the exchange
	return rec.Dir, logged.String(), answer, rec.Close()
}

func fixturesIn(t *testing.T, dir string) []*fixtures.Fixture {
	t.Helper()
	list, err := fixtures.LoadFS(os.DirFS(dir), "recorded")
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// What an archive or a text file cannot hold is kept in base64.
func TestOddBodies(t *testing.T) {
	for _, body := range []string{"", "\n", "a\n", "\x00", "\xff\xfe", "a\r\nb", "-- request.http --\nGET", "a\n-- b --\n", strings.Repeat("\x80", 300), "é"} {
		upstream := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { io.Copy(w, r.Body) })
		p := put()
		p.body = body
		dir, _, answer, err := capture(t, upstream, p)
		if err != nil || answer != "200 "+body {
			t.Errorf("%q: %v, %q", body, err, answer)
			continue
		}
		if answer, err := p.send(t, replay.Use(t, dir, record.Options{})); err != nil || answer != "200 "+body {
			t.Errorf("%q: replayed %q, %v", body, answer, err)
		}
	}
}

func TestOpen(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	full := recorded(t, counting(), get())
	for _, test := range []struct {
		name string
		rec  *record.Recorder
		want error
	}{
		{"no upstream", &record.Recorder{Dir: dir}, record.ErrOptions},
		{"no URL", &record.Recorder{Upstream: "oss", Dir: dir}, record.ErrOptions},
		{"another scheme", &record.Recorder{Upstream: "ftp://oss", Dir: dir}, record.ErrOptions},
		{"a path", &record.Recorder{Upstream: "http://oss/path", Dir: dir}, record.ErrOptions},
		{"a user", &record.Recorder{Upstream: "http://user:secret@oss", Dir: dir}, record.ErrOptions},
		{"no folder", &record.Recorder{Upstream: "http://oss"}, record.ErrOptions},
		{"a limit", &record.Recorder{Upstream: "http://oss", Dir: dir, MaxBody: -1}, record.ErrOptions},
		{"no secret", &record.Recorder{Upstream: "http://oss", Dir: dir, Credentials: signer.Credentials{AccessKeyID: "id"}}, record.ErrOptions},
		{"a file", &record.Recorder{Upstream: "http://oss", Dir: filepath.Join(file, "x")}, nil},
		{"fixtures", &record.Recorder{Upstream: "http://oss", Dir: full}, record.ErrExists},
	} {
		t.Run(test.name, func(t *testing.T) {
			err := test.rec.Open()
			if err == nil || test.want != nil && !errors.Is(err, test.want) || strings.Contains(err.Error(), "secret@") {
				t.Errorf("error %v, want %v", err, test.want)
			}
			w := httptest.NewRecorder()
			test.rec.ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
			if w.Code != 500 || !strings.Contains(w.Body.String(), "<Code>RecorderFailed</Code>") {
				t.Errorf("a request gets %d %s", w.Code, w.Body)
			}
		})
	}
	if list := fixturesIn(t, full); len(list) != 1 {
		t.Errorf("the folder has %d fixtures now", len(list))
	}
}

func TestOverwrite(t *testing.T) {
	dir := recorded(t, counting(), get(), put(), get())
	var names []string
	again := func(e exchange) error {
		rec := &record.Recorder{Upstream: newServer(t, counting()), Dir: dir, Overwrite: true}
		e.send(t, leadTo(t, newServer(t, rec)))
		names = nil
		for _, f := range fixturesIn(t, dir) {
			names = append(names, f.Name)
		}
		return rec.Close()
	}
	err := again(put())
	if diff := cmp.Diff([]string{"0001-PutBucketHttpsConfig", "0002-PutBucketHttpsConfig", "0003-GetBucketHttpsConfig"}, names); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if !errors.Is(err, record.ErrExists) || !strings.HasSuffix(err.Error(), ": 0002-PutBucketHttpsConfig.txtar, 0003-GetBucketHttpsConfig.txtar") {
		t.Errorf("Close: %v, want one that names what is left", err)
	}
}

// A fixture that somebody else has written meanwhile stays.
func TestFileAppears(t *testing.T) {
	rec := &record.Recorder{Upstream: newServer(t, counting()), Dir: t.TempDir()}
	if err := rec.Open(); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(rec.Dir, "0001-GetBucketHttpsConfig.txtar")
	if err := os.WriteFile(file, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	if answer, err := get().send(t, leadTo(t, newServer(t, rec))); err != nil || answer != "200 1" {
		t.Errorf("%s, %v", answer, err)
	}
	if err := rec.Close(); !errors.Is(err, record.ErrNotRecorded) || !strings.Contains(err.Error(), "exists") {
		t.Errorf("Close: %v", err)
	}
	if data, err := os.ReadFile(file); err != nil || string(data) != "mine" {
		t.Errorf("the file holds %q, %v", data, err)
	}
}

// Many clients at once, some with keys of their own: every exchange has a fixture, and nothing leaks across.
func TestRecordConcurrently(t *testing.T) {
	keys := make([]signer.Credentials, 8)
	var known []mockoss.Credential
	for i := range keys {
		keys[i] = key(true)
		known = append(known, mockoss.Credential{AccessKeyID: keys[i].AccessKeyID, AccessKeySecret: keys[i].AccessKeySecret, SecurityToken: keys[i].SecurityToken})
	}
	mock := mockoss.NewServer(mockoss.Options{Buckets: []string{bucket}, Credentials: known})
	defer mock.Close()
	rec := &record.Recorder{Upstream: mock.URL, Dir: t.TempDir()}
	base := leadTo(t, newServer(t, rec))
	var wg sync.WaitGroup
	for _, k := range keys {
		wg.Go(func() {
			p := put()
			delete(p.header, "x-oss-meta-a")
			p.credentials = k
			if answer, err := p.send(t, base); err != nil || !strings.HasPrefix(answer, "200") && !strings.HasPrefix(answer, "403") {
				t.Errorf("%s, %v", answer, err)
			}
		})
	}
	wg.Wait()
	if err := rec.Close(); err != nil {
		t.Error(err)
	}
	if list := fixturesIn(t, rec.Dir); len(list) != len(keys) {
		t.Errorf("%d fixtures", len(list))
	}
	for _, k := range keys {
		noSecrets(t, rec.Dir, k)
	}
	// Replayed all at once, each is answered by one of them.
	transport := replay.Use(t, rec.Dir, record.Options{})
	for range keys {
		wg.Go(func() {
			p := put()
			delete(p.header, "x-oss-meta-a")
			if _, err := p.send(t, transport); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
}

// A token that one answer is about may come again in a later one.
func TestLaterAnswers(t *testing.T) {
	k := key(true)
	upstream := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, k.SecurityToken, k.AccessKeyID) })
	g := get()
	g.credentials = k
	dir := recorded(t, upstream, g, exchange{method: "GET", url: config})
	noSecrets(t, dir, k)
}

// A client that goes away, and one that sends half a body, are reported and harm nobody.
func TestClientsGo(t *testing.T) {
	reached := make(chan struct{})
	upstream := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		close(reached)
		<-r.Context().Done()
	})
	rec := &record.Recorder{Upstream: newServer(t, upstream), Dir: t.TempDir()}
	server := httptest.NewServer(rec)
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		<-reached
		cancel()
	}()
	r, err := http.NewRequestWithContext(ctx, "GET", server.URL+"/examplebucket/", nil)
	if err != nil {
		t.Fatal(err)
	}
	if resp, err := http.DefaultClient.Do(r); err == nil {
		resp.Body.Close()
		t.Error("there is an answer")
	}
	server.Close()
	if err := rec.Close(); !errors.Is(err, record.ErrNotRecorded) || !strings.Contains(err.Error(), "went away") {
		t.Errorf("Close: %v", err)
	}
}

func TestConnect(t *testing.T) {
	rec := &record.Recorder{Upstream: "http://127.0.0.1:1", Dir: t.TempDir()}
	w := httptest.NewRecorder()
	rec.ServeHTTP(w, httptest.NewRequest("CONNECT", "example.com:443", nil))
	if w.Code != 501 || !strings.Contains(w.Body.String(), "http, not https") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

// A client that knows a proxy sends the whole URL.
func TestAsProxy(t *testing.T) {
	k := key(false)
	rec := &record.Recorder{Upstream: newMock(t, k).URL, Dir: t.TempDir()}
	proxy, err := url.Parse(newServer(t, rec))
	if err != nil {
		t.Fatal(err)
	}
	transport := &http.Transport{Proxy: http.ProxyURL(proxy)}
	defer transport.CloseIdleConnections()
	p := put()
	p.credentials = k
	delete(p.header, "x-oss-meta-a")
	if answer, err := p.send(t, transport); err != nil || answer != "200 " {
		t.Errorf("%s, %v", answer, err)
	}
	if err := rec.Close(); err != nil {
		t.Error(err)
	}
	p.credentials = testKey(false)
	if answer, err := p.send(t, replay.Use(t, rec.Dir, record.Options{})); err != nil || answer != "200 " {
		t.Errorf("%s, %v", answer, err)
	}
}
