package mockoss_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"runtime/metrics"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ossconf/ossconf/harness/mockoss"
)

// processOptions is the environment variable that makes a process of this test a server, with these options.
const processOptions = "OSSCONF_TEST_SERVER"

// processSettings are what such a process is told.
type processSettings struct {
	Descriptors         uint64 // that it may need
	FileSize            uint64 // no file may be larger; no limit if 0
	DataDir             string
	MaxBytes, MaxObject int64
}

// A usage is what a server in a process of its own takes.
type usage struct {
	Heap       uint64 // bytes of the objects that are left after a collection, and of stacks
	Peak       uint64 // most bytes of objects at a time so far, those not yet collected included
	Goroutines int
}

// TestServerInAProcess is no test of its own: it is the server of the tests that measure what one takes. For every line
// on standard input it writes a usage.
func TestServerInAProcess(t *testing.T) {
	var o processSettings
	given := os.Getenv(processOptions)
	if given == "" {
		t.Skip("it is run by other tests")
	}
	if err := json.Unmarshal([]byte(given), &o); err != nil {
		t.Fatal(err)
	}
	fmt.Println("descriptors", descriptors(o.Descriptors))
	if o.FileSize > 0 {
		limitFiles(t, o.FileSize)
	}
	s := mockoss.NewServer(mockoss.Options{Buckets: []string{"examplebucket"}, DataDir: o.DataDir, MaxBytes: o.MaxBytes, MaxObject: o.MaxObject})
	defer s.Close()
	var peak atomic.Uint64
	go func() {
		for range time.Tick(2 * time.Millisecond) {
			peak.Store(max(peak.Load(), objects()))
		}
	}()
	fmt.Println("ready", s.URL)
	in := bufio.NewScanner(os.Stdin)
	for in.Scan() {
		line, _ := json.Marshal(usage{heap(), peak.Load(), runtime.NumGoroutine()})
		fmt.Println("usage", string(line))
	}
}

// objects returns how many bytes the objects on the heap take, those not yet collected included.
func objects() uint64 {
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}

// heap returns how many bytes objects and stacks take after a collection.
func heap() uint64 {
	runtime.GC()
	runtime.GC() // the first one only empties what sync.Pool has kept into what the second one takes
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc + m.StackInuse
}

// A process is a server in a process of its own.
type process struct {
	url         string
	descriptors uint64
	in          io.Writer
	lines       chan string
	end         func(*testing.T) // lets it close its server
}

func startProcess(t *testing.T, o processSettings) *process {
	t.Helper()
	settings, err := json.Marshal(o)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(os.Args[0], "-test.run=^TestServerInAProcess$", "-test.v")
	cmd.Env = append(os.Environ(), processOptions+"="+string(settings))
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	p := &process{in: in, lines: make(chan string)}
	done := make(chan struct{})
	var reading sync.WaitGroup
	var once sync.Once
	p.end = func(t *testing.T) {
		once.Do(func() {
			close(done)
			in.Close()
			reading.Wait()
			if err := cmd.Wait(); err != nil {
				t.Errorf("the server in a process: %v", err)
			}
		})
	}
	t.Cleanup(func() { p.end(t) })
	reading.Go(func() {
		defer close(p.lines)
		for scan := bufio.NewScanner(out); scan.Scan(); {
			select {
			case p.lines <- scan.Text():
			case <-done:
			}
		}
	})
	fmt.Sscan(p.line(t, "descriptors "), &p.descriptors)
	p.url = p.line(t, "ready ")
	return p
}

// line returns the rest of the next line that begins with prefix.
func (p *process) line(t *testing.T, prefix string) string {
	t.Helper()
	for line := range p.lines {
		if rest, ok := strings.CutPrefix(line, prefix); ok {
			return rest
		}
	}
	t.Fatal("the server in a process has ended")
	return ""
}

func (p *process) usage(t *testing.T) (u usage) {
	t.Helper()
	fmt.Fprintln(p.in)
	if err := json.Unmarshal([]byte(p.line(t, "usage ")), &u); err != nil {
		t.Fatal(err)
	}
	return u
}
