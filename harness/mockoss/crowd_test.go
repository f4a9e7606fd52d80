package mockoss_test

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// perConnection is how many bytes of heap and stacks an idle connection may take of a server. Its buffers and the
// goroutine that waits for it take about half of that.
const perConnection = 32 << 10

// TestIdleConnections opens ten thousand connections, or as many as are allowed, and leaves them alone after one
// request. A signed request is served all the same, and when they go, so does what they took.
func TestIdleConnections(t *testing.T) {
	const spare = 200 // descriptors for all else
	want := uint64(10_000)
	if testing.Short() {
		want = 1000
	}
	allowed := descriptors(want + spare)
	p := startProcess(t, processSettings{Descriptors: want + spare})
	n := int(min(allowed, p.descriptors, want+spare) - spare)
	address := strings.TrimPrefix(p.url, "http://")

	// The server remembers requests: so many as it remembers come first.
	warm := dialer{address: address}
	for range 1100 {
		if err := warm.open(); err != nil {
			t.Fatal(err)
		}
		warm.close()
	}
	before := settled(t, p, 0)

	idle := dialer{address: address}
	defer idle.close()
	var openers sync.WaitGroup
	for range 8 {
		openers.Go(func() {
			for range n / 8 {
				if err := idle.open(); err != nil {
					t.Errorf("after %d connections: %v", idle.count(), err)
					return
				}
			}
		})
	}
	openers.Wait()
	during := p.usage(t)
	open := idle.count()
	each := (int(during.Heap) - int(before.Heap)) / open
	t.Logf("%d idle connections (%d descriptors are allowed), %d goroutines, %d bytes for each", open, allowed, during.Goroutines, each)
	if during.Goroutines < open {
		t.Errorf("%d goroutines: the connections are not open", during.Goroutines)
	}
	if each > perConnection {
		t.Errorf("an idle connection takes %d bytes, more than %d", each, perConnection)
	}
	c := client()
	if status, body, err := send(c, "PUT", p.url+"/examplebucket/key", "content"); status != 200 || err != nil {
		t.Errorf("PUT: %d %s %v", status, body, err)
	}
	if status, body, err := send(c, "GET", p.url+"/examplebucket/key", ""); status != 200 || body != "content" || err != nil {
		t.Errorf("GET: %d %s %v", status, body, err)
	}
	c.CloseIdleConnections()

	idle.close()
	after := settled(t, p, before.Goroutines)
	// What net/http keeps for the next requests does not depend on how many there were.
	const pools = 4 << 20
	if left := int(after.Heap) - int(before.Heap); left > pools+open*perConnection/50 {
		t.Errorf("%d bytes are left of %d connections", left, open)
	}
}

// settled returns what the server takes once its connections are gone and no more than that many goroutines are left,
// or when they have not gone after a while, which fails the test. With 0, it waits until the number stays the same.
func settled(t *testing.T, p *process, goroutines int) usage {
	t.Helper()
	last := p.usage(t)
	for range 600 {
		time.Sleep(50 * time.Millisecond)
		u := p.usage(t)
		if goroutines == 0 && u.Goroutines == last.Goroutines || u.Goroutines <= goroutines {
			return u
		}
		last = u
	}
	t.Errorf("%d goroutines are left, want %d", last.Goroutines, goroutines)
	return last
}

// A dialer keeps connections open.
type dialer struct {
	address string
	mu      sync.Mutex
	source  byte // 127.0.0.source, once the ports of the first one have run out
	conns   []net.Conn
}

// open makes a connection with one request that nobody has signed.
func (d *dialer) open() error {
	conn, err := d.dial()
	if err != nil {
		return err
	}
	d.mu.Lock()
	d.conns = append(d.conns, conn)
	d.mu.Unlock()
	if _, err := io.WriteString(conn, "GET /examplebucket/?httpsConfig HTTP/1.1\r\nHost: localhost\r\n\r\n"); err != nil {
		return err
	}
	resp, err := http.ReadResponse(bufio.NewReaderSize(conn, 1024), nil)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if _, err := io.Copy(io.Discard, resp.Body); err != nil || resp.StatusCode != http.StatusForbidden {
		return fmt.Errorf("%s: %w", resp.Status, err)
	}
	return nil
}

// dial takes another source address when the ports of one have run out.
func (d *dialer) dial() (net.Conn, error) {
	for {
		d.mu.Lock()
		source := d.source
		d.mu.Unlock()
		var from net.Dialer
		if source > 0 {
			from.LocalAddr = &net.TCPAddr{IP: net.IPv4(127, 0, 0, source)}
		}
		conn, err := from.Dial("tcp", d.address)
		if !errors.Is(err, syscall.EADDRNOTAVAIL) || source == 255 {
			return conn, err
		}
		d.mu.Lock()
		if d.source == source {
			d.source = max(source+1, 2)
		}
		d.mu.Unlock()
	}
}

func (d *dialer) count() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return len(d.conns)
}

func (d *dialer) close() {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, conn := range d.conns {
		conn.Close()
	}
	d.conns = nil
}

// TestUploadsAtOnce lets 64 clients upload 8 MiB each, at once, to a server that stores no more than 32 MiB. All get an
// answer that says what is wrong, and the memory that the server takes depends on what it may store, not on the clients.
func TestUploadsAtOnce(t *testing.T) {
	const (
		mebibyte = 1 << 20
		clients  = 64
		stores   = 32 * mebibyte
		each     = 8 * mebibyte
		// What it stores and the bodies that it reads at a time, which is 90 MiB, and twice as much that is not collected
		// yet. It would be 512 MiB and more if all bodies were read at once.
		bound = 270 * mebibyte
	)
	p := startProcess(t, processSettings{Descriptors: 1000, MaxBytes: stores, MaxObject: each})
	body := bytes.Repeat([]byte("0123456789abcdef"), each/16)
	for round := range 3 {
		var mu sync.Mutex
		seen := map[string]int{}
		var all sync.WaitGroup
		start := make(chan struct{})
		for i := range clients {
			all.Go(func() {
				c := client()
				defer c.CloseIdleConnections()
				<-start
				result := upload(c, fmt.Sprintf("%s/examplebucket/%d-%d", p.url, round, i), body)
				mu.Lock()
				seen[result]++
				mu.Unlock()
			})
		}
		close(start)
		all.Wait()
		t.Logf("round %d: %v", round, seen)
		for result := range seen {
			if result != "200" && result != "403 QuotaExceeded" && result != "503 ServiceUnavailable" {
				t.Errorf("a client got %s", result)
			}
		}
	}
	u := p.usage(t)
	t.Logf("%d MiB at most, %d MiB afterwards", u.Peak/mebibyte, u.Heap/mebibyte)
	if u.Peak > bound {
		t.Errorf("%d bytes at a time, want no more than %d", u.Peak, uint64(bound))
	}
	if u.Heap > stores+16*mebibyte {
		t.Errorf("%d bytes are left, and no more than %d can be stored", u.Heap, stores)
	}

	// When the objects are gone there is room again: nothing is counted for bodies that were refused.
	c := client()
	defer c.CloseIdleConnections()
	stored := 0
	for round := range 3 {
		for i := range clients {
			url := fmt.Sprintf("%s/examplebucket/%d-%d", p.url, round, i)
			status, got, err := send(c, "GET", url, "")
			if err != nil {
				t.Fatal(err)
			}
			if status == 200 {
				stored++
				if got != string(body) {
					t.Errorf("%s is damaged", url)
				}
			}
			if status, _, err := send(c, "DELETE", url, ""); status != 204 || err != nil {
				t.Fatalf("DELETE: %d %v", status, err)
			}
		}
	}
	if stored != stores/each-1 { // names and headers take a little
		t.Errorf("%d objects were stored", stored)
	}
	for i := range stores/each - 1 {
		if got := upload(c, fmt.Sprintf("%s/examplebucket/again-%d", p.url, i), body); got != "200" {
			t.Errorf("afterwards: %s", got)
		}
	}
}

// upload returns the status of the answer, with the code of an error.
func upload(c *http.Client, url string, body []byte) string {
	r, err := http.NewRequest(http.MethodPut, url, bytes.NewReader(body))
	if err != nil {
		return err.Error()
	}
	resp, err := c.Do(r)
	if err != nil {
		return err.Error()
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	if err != nil {
		return err.Error()
	}
	if resp.StatusCode == http.StatusOK {
		return "200"
	}
	_, code, _ := strings.Cut(string(answer), "<Code>")
	code, _, _ = strings.Cut(code, "</Code>")
	return fmt.Sprint(resp.StatusCode, " ", code)
}
