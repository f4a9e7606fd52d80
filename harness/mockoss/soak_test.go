package mockoss_test

import (
	"bufio"
	"bytes"
	"fmt"
	"net"
	"os"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/ossconf/ossconf/harness/mockoss"
)

// soakPairs is the environment variable that says how many pairs of requests TestSoak sends.
const soakPairs = "OSSCONF_SOAK"

// soakGrowth is how many bytes the heap may grow by between a tenth of the requests and all of them.
const soakGrowth = 1 << 20

// TestSoak sends signed pairs of PUT and GET, of configurations and objects, and looks whether memory stays as it was
// after a tenth of them. A million pairs, which take some minutes:
//
//	OSSCONF_SOAK=1000000 go test -run TestSoak -v -timeout 1h ./harness/mockoss
func TestSoak(t *testing.T) {
	pairs := 20_000
	if testing.Short() {
		pairs = 2_000
	}
	if given := os.Getenv(soakPairs); given != "" {
		var err error
		if pairs, err = strconv.Atoi(given); err != nil || pairs < 1000 {
			t.Fatalf("%s=%q: want a number from 1000 on", soakPairs, given)
		}
	}
	s := mockoss.Serve(newService(), listen(t))
	defer s.Close()
	const workers = 4
	rounds := make([]*round, workers)
	for i := range rounds {
		rounds[i] = newRound(t, s.Endpoint, i)
		defer rounds[i].conn.Close()
	}
	sent := 0
	sendUpTo := func(n int) {
		var wg sync.WaitGroup
		for _, r := range rounds {
			wg.Go(func() {
				for range (n - sent) / workers {
					if err := r.next(); err != nil {
						t.Error(err)
						return
					}
				}
			})
		}
		wg.Wait()
		sent = n
	}
	sendUpTo(pairs / 10)
	early, goroutines := heap(), runtime.NumGoroutine()
	sendUpTo(pairs)
	late := heap()
	t.Logf("%d pairs: the heap has %d bytes after a tenth, %d bytes after all", pairs, early, late)
	if late > early+soakGrowth {
		t.Errorf("the heap has grown by %d bytes", late-early)
	}
	if n := runtime.NumGoroutine(); n > goroutines {
		t.Errorf("%d goroutines have become %d", goroutines, n)
	}
}

// A round is some pairs of requests that are sent again and again through one connection, and what the second of each
// has to be answered with.
type round struct {
	conn  net.Conn
	in    *bufio.Reader
	pairs []soakPair
	n     int
}

type soakPair struct {
	put, get []byte
	want     string // is in the answer to the GET
}

// newRound makes requests for the configuration of a bucket of its own, and for objects in it, which are signed by the
// SDK and verified each time.
func newRound(t *testing.T, address string, number int) *round {
	t.Helper()
	conn, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	r := &round{conn: conn, in: bufio.NewReader(conn)}
	bucket := fmt.Sprintf("soak-%d", number)
	raw := func(method, target, object, body string) []byte {
		var b bytes.Buffer
		q := query{method: method, host: "127.0.0.1", target: "/" + bucket + target, bucket: bucket, object: object, body: body}
		if err := q.request(t).Write(&b); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	if _, err := exchange(r.conn, r.in, raw("PUT", "/", "", "")); err != nil {
		t.Fatal(err)
	}
	for i := range 8 {
		mark := fmt.Sprintf("<Mark>%d</Mark>", i)
		config := strings.Replace(enabled, "</HttpsConfiguration>", mark+"</HttpsConfiguration>", 1)
		r.pairs = append(r.pairs, soakPair{raw("PUT", "/?httpsConfig", "", config), raw("GET", "/?httpsConfig", "", ""), mark})
		object := fmt.Sprintf("object-%d", i%2)
		body := strings.Repeat(mark, 1+100*i)
		r.pairs = append(r.pairs, soakPair{raw("PUT", "/"+object, object, body), raw("GET", "/"+object, object, ""), body})
	}
	return r
}

// next sends the next pair.
func (r *round) next() error {
	p := &r.pairs[r.n%len(r.pairs)]
	r.n++
	if _, err := exchange(r.conn, r.in, p.put); err != nil {
		return err
	}
	body, err := exchange(r.conn, r.in, p.get)
	if err == nil && !bytes.Contains(body, []byte(p.want)) {
		err = fmt.Errorf("%.100q has no %.100q", body, p.want)
	}
	return err
}
