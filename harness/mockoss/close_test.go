package mockoss_test

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/ossconf/ossconf/harness/fault"
	"github.com/ossconf/ossconf/harness/mockoss"
)

// serving returns the stacks of the goroutines of servers.
func serving() (stacks []string) {
	buf := make([]byte, 16<<20)
	for g := range strings.SplitSeq(string(buf[:runtime.Stack(buf, true)]), "\n\n") {
		for _, part := range []string{"net/http.(*conn).", "net/http.(*Server).", "net/http.(*connReader).", "/harness/tlspolicy.", "/harness/fault.", "/harness/mockoss."} {
			if strings.Contains(g, part) && !strings.Contains(g, "_test.") {
				stacks = append(stacks, g)
				break
			}
		}
	}
	return stacks
}

// within fails the test if a condition does not come true.
func within(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for range 2000 {
		if holds() {
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
	t.Fatal("it did not happen: " + what)
}

// TestCloseLeavesNothing closes servers whose connections are in every state that there is, with Close and with a
// Shutdown that is not given the time, and looks that no goroutine is left.
func TestCloseLeavesNothing(t *testing.T) {
	within(t, "the servers of the tests before are gone", func() bool { return len(serving()) == 0 })
	for _, test := range []struct {
		name  string
		close func(*mockoss.Server)
	}{
		{"Close", func(s *mockoss.Server) { s.Close() }},
		{"Shutdown", func(s *mockoss.Server) {
			ctx, cancel := context.WithCancel(t.Context())
			cancel()
			if err := s.Shutdown(ctx); !errors.Is(err, context.Canceled) {
				t.Errorf("Shutdown returned %v", err)
			}
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := mockoss.NewServer(mockoss.Options{Buckets: []string{"examplebucket"}, TLSAddr: "127.0.0.1:0", AdminAddr: "127.0.0.1:0",
				DataDir: t.TempDir(), Faults: []fault.Rule{
					{ID: "before", Kind: fault.Latency, Bucket: "before", Delay: time.Hour},
					{ID: "after", Kind: fault.Latency, Bucket: "after", Delay: time.Hour, After: true},
					{ID: "break", Kind: fault.Truncate, Bucket: "break"},
				}})
			admin := strings.TrimPrefix(s.AdminURL, "http://")
			var conns []net.Conn
			open := func(address, raw string) net.Conn {
				conn, err := net.Dial("tcp", address)
				if err != nil {
					t.Fatal(err)
				}
				t.Cleanup(func() { conn.Close() })
				conns = append(conns, conn)
				if _, err := io.WriteString(conn, raw); err != nil {
					t.Fatal(err)
				}
				return conn
			}
			get := func(bucket string) string { return "GET /" + bucket + "/ HTTP/1.1\r\nHost: localhost\r\n\r\n" }
			for _, address := range []string{s.Endpoint, s.TLSEndpoint, admin} {
				open(address, "")
				open(address, "GET / HTTP/1.1\r\nHost: loc")
			}
			for _, address := range []string{s.Endpoint, admin} { // idle after a request
				if _, err := http.ReadResponse(bufio.NewReader(open(address, get("examplebucket"))), nil); err != nil {
					t.Fatal(err)
				}
			}
			open(s.Endpoint, "PUT /examplebucket/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\nhalf")
			open(s.Endpoint, get("before"))
			open(s.Endpoint, strings.Replace(get("after"), "GET", "PUT", 1))
			open(s.Endpoint, get("break"))
			open(s.TLSEndpoint, clientHello(t)[:50])
			secure, err := tls.Dial("tcp", s.TLSEndpoint, &tls.Config{InsecureSkipVerify: true})
			if err != nil {
				t.Fatal(err)
			}
			defer secure.Close()
			conns = append(conns, secure)
			within(t, "the faults have befallen the requests", func() bool {
				for _, rule := range s.Faults().List() {
					if rule.Fired == 0 {
						return false
					}
				}
				return true
			})

			test.close(s)
			within(t, "all goroutines have ended", func() bool { return len(serving()) == 0 })
			for i, conn := range conns {
				conn.SetReadDeadline(time.Now().Add(10 * time.Second))
				var timeout net.Error
				if _, err := io.Copy(io.Discard, conn); errors.As(err, &timeout) && timeout.Timeout() {
					t.Errorf("connection %d is still open", i)
				}
			}
		})
	}
}

// TestShutdownLetsRequestsEnd shuts a server down while it stores an object. The client learns of it, and it is there.
func TestShutdownLetsRequestsEnd(t *testing.T) {
	dir := t.TempDir()
	s := mockoss.NewServer(mockoss.Options{Buckets: []string{"examplebucket"}, DataDir: dir, Faults: []fault.Rule{
		{ID: "before", Kind: fault.Latency, Delay: 100 * time.Millisecond}, {ID: "after", Kind: fault.Latency, Delay: 100 * time.Millisecond, After: true}}})
	defer s.Close()
	answered := make(chan string, 1)
	go func() {
		status, body, err := send(client(), "PUT", s.URL+"/examplebucket/key", "content")
		answered <- fmt.Sprint(status, body, err)
	}()
	within(t, "the request has come", func() bool { return s.Faults().List()[0].Fired > 0 })
	if err := s.Shutdown(t.Context()); err != nil {
		t.Error(err)
	}
	if got := <-answered; got != "200<nil>" {
		t.Errorf("the client got %s", got)
	}
	again := mockoss.NewServer(mockoss.Options{DataDir: dir})
	defer again.Close()
	if status, body, err := send(client(), "GET", again.URL+"/examplebucket/key", ""); status != 200 || body != "content" || err != nil {
		t.Errorf("%d %s %v", status, body, err)
	}
}

// TestAClosedService refuses what it cannot store, and still shows what it has.
func TestAClosedService(t *testing.T) {
	s := newService()
	if re := put(t, s, "key", "content", nil); re.status != 200 {
		t.Fatalf("%d %s", re.status, re.body)
	}
	s.Close()
	if re := put(t, s, "key", "other", nil); re.status != 500 || re.err.values["Code"] != "InternalError" {
		t.Errorf("%d %s", re.status, re.body)
	}
	if re := (query{target: "/key", object: "key"}).send(t, s); re.status != 200 || re.body != "content" {
		t.Errorf("%d %s", re.status, re.body)
	}
}

// TestAFullDisk writes until the file may not grow any more. What was acknowledged is there, before and after the server
// is started again; what was not, is not; and there is room again once objects have been removed.
func TestAFullDisk(t *testing.T) {
	dir := t.TempDir()
	const size = 4 << 20
	body := strings.Repeat("0123456789abcdef", 8<<10) // 128 KiB
	p := startProcess(t, processSettings{Descriptors: 1000, DataDir: dir, FileSize: size})
	c := client()
	defer c.CloseIdleConnections()
	key := func(n int) string { return fmt.Sprintf("/examplebucket/%d", n) }
	check := func(t *testing.T, url string, stored int) {
		t.Helper()
		for n := range stored + 1 {
			status, got, err := send(c, "GET", url+key(n), "")
			if want := n < stored; err != nil || (status == 200 && got == body) != want || !want && status != 404 {
				t.Errorf("%d of %d: status %d, %d bytes, %v", n, stored, status, len(got), err)
			}
		}
	}
	stored := 0
	for ; ; stored++ {
		status, got, err := send(c, "PUT", p.url+key(stored), body)
		if err != nil {
			t.Fatal(err)
		}
		if status != 200 {
			if status != 500 || !strings.Contains(got, "<Code>InternalError</Code>") {
				t.Errorf("a full disk is answered %d %s", status, got)
			}
			break
		}
		if stored > 2*size/len(body) {
			t.Fatal("the disk does not fill")
		}
	}
	t.Logf("%d objects were stored", stored)
	if stored < 3 {
		t.Error("too few to tell anything")
	}
	check(t, p.url, stored)
	for n := stored - 2; n < stored; n++ {
		if status, got, err := send(c, "DELETE", p.url+key(n), ""); status != 204 || err != nil {
			t.Errorf("DELETE: %d %s %v", status, got, err)
		}
	}
	stored -= 2
	if status, got, err := send(c, "PUT", p.url+key(stored), body); status != 200 || err != nil {
		t.Errorf("there is no room again: %d %s %v", status, got, err)
	}
	stored++
	check(t, p.url, stored)
	p.end(t)
	again := mockoss.NewServer(mockoss.Options{DataDir: dir})
	defer again.Close()
	check(t, again.URL, stored)
}

// TestBrokenOffUploads breaks off more uploads than are read at a time. If what they took stayed counted, there would
// be no room for one that is complete.
func TestBrokenOffUploads(t *testing.T) {
	const object = 1 << 20
	s := mockoss.NewServer(mockoss.Options{Buckets: []string{"examplebucket"}, MaxBytes: 2 * object, MaxObject: object})
	defer s.Close()
	c := client()
	defer c.CloseIdleConnections()
	for range 40 {
		body := io.MultiReader(bytes.NewReader(make([]byte, object-1000)), broken{})
		r, err := http.NewRequest("PUT", s.URL+"/examplebucket/broken", body)
		if err != nil {
			t.Fatal(err)
		}
		r.ContentLength = object
		if resp, err := c.Do(r); !errors.Is(err, errBrokenOff) {
			t.Fatalf("%v %v", resp, err)
		}
	}
	within(t, "the server has given them up", func() bool {
		n := 0
		for _, r := range s.Requests() {
			if r.Code == "RequestTimeout" {
				n++
			}
		}
		return n == 40
	})
	if got := upload(c, s.URL+"/examplebucket/whole", make([]byte, object)); got != "200" {
		t.Errorf("afterwards: %s", got)
	}
}

// broken is a body that breaks off.
type broken struct{}

var errBrokenOff = errors.New("broken off")

func (broken) Read([]byte) (int, error) { return 0, errBrokenOff }
