package conform

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/ossconf/ossconf/core"
)

// driverEnv makes this test binary a driver that misbehaves in the way it names.
const driverEnv = "CONFORM_TEST_DRIVER"

func TestMain(m *testing.M) {
	if how := os.Getenv(driverEnv); how != "" {
		if err := fakeDriver(how, os.Stdin, os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// The operations of the fake runtime: echo answers its input, refuse refuses it.
var fakeOperations = []string{"echo", "refuse"}

func fakeCall(_ context.Context, op string, in []byte) (byte, []byte, error) {
	switch op {
	case "echo":
		return 0, in, nil
	case "refuse":
		return 1, append([]byte("refused: "), in...), nil
	}
	return 0, nil, errors.New("no such operation")
}

var fakeAbout = About{Runtime: "fake", Version: "1.2.3", ABI: 1, Module: "0123456789abcdef0123456789abcdef", Operations: fakeOperations}

// faultAt is the number of the answer, from 0, with which a fake driver misbehaves.
const faultAt = 5

func fakeDriver(how string, in io.Reader, out io.Writer) error {
	about := fakeAbout
	switch how {
	case "native":
		about = About{Runtime: "native", Version: "test", ABI: core.ABI, Operations: core.Operations()}
		return Serve(context.Background(), in, out, about, Native)
	case "wrong abi":
		about.ABI = 2
	case "missing operation":
		about.Operations = fakeOperations[:1]
	case "extra operation":
		about.Operations = append([]string{"more"}, fakeOperations...)
	case "no first line":
		return nil
	case "garbage first line":
		fmt.Fprintln(out, "Hello!")
	case "silent":
		return stuck()
	case "another hash", "another hash and garbage":
		about.Module = strings.Repeat("f", 32)
	case "native hash":
		about.Module = ""
	case "silent end":
		return nil
	case "chatty":
		fmt.Fprintln(os.Stderr, "warning: something is deprecated")
	}
	lines := &lineWriter{to: out, pass: func(n int, line []byte) ([]byte, error) { return misbehave(how, n, line) }}
	err := Serve(context.Background(), in, lines, about, fakeCall)
	switch {
	case err == nil && how == "exit status":
		return errors.New("cannot clean up")
	case err == nil && how == "cold start":
		return WriteColdStart(os.Stderr, 12500*time.Microsecond)
	case err == nil && how == "cold start and exit status":
		fmt.Fprintln(os.Stderr, "cannot clean up")
		WriteColdStart(os.Stderr, time.Millisecond)
		os.Exit(1)
	case err == nil && how == "answers after the end":
		_, err = out.Write(encodeReply("case-999", Answer{}))
	case err == nil && how == "never ends":
		return stuck()
	}
	return err
}

// stuck reads from a pipe that nobody writes to.
func stuck() error {
	r, w, err := os.Pipe()
	if err != nil {
		return err
	}
	_, err = r.Read(make([]byte, 1))
	return errors.Join(err, w.Close())
}

var held []byte

// misbehave returns what to write instead of line number n, which is an answer.
func misbehave(how string, n int, line []byte) ([]byte, error) {
	if how == "out of order" && n == faultAt+2 {
		return append(line, held...), nil
	}
	if n != faultAt {
		return line, nil
	}
	switch how {
	case "flips a byte":
		id, a, err := decodeReply(line)
		a.Out = append([]byte{a.Out[0] ^ 1}, a.Out[1:]...)
		return encodeReply(id, a), err
	case "another status":
		id, a, err := decodeReply(line)
		a.Status ^= 1
		return encodeReply(id, a), err
	case "drops a case":
		return nil, nil
	case "out of order":
		held = bytes.Clone(line)
		return nil, nil
	case "answers twice":
		return append(line, line...), nil
	case "answers the unasked":
		return encodeReply("case-999", Answer{}), nil
	case "dies":
		fmt.Fprintln(os.Stderr, "panic: out of memory")
		os.Exit(3)
	case "ends early":
		os.Exit(0)
	case "half a line":
		return line[:len(line)/2], io.ErrShortWrite
	case "hangs", "stops reading":
		return nil, stuck()
	case "garbage", "another hash and garbage":
		return []byte("warning: this is not JSON\n"), nil
	case "lacks an operation":
		return nil, errors.New("no such operation")
	case "wrong status":
		return []byte(`{"id":"x","status":3,"out":""}` + "\n"), nil
	case "endless line":
		return append(bytes.Repeat([]byte("x"), maxLine), line...), nil
	}
	return line, nil
}

// A lineWriter passes on lines one by one, the first of which, about, unchanged.
type lineWriter struct {
	to    io.Writer
	pass  func(n int, line []byte) ([]byte, error)
	lines int
}

func (w *lineWriter) Write(p []byte) (int, error) {
	for r := bufio.NewReader(bytes.NewReader(p)); ; {
		line, err := r.ReadBytes('\n')
		if err != nil {
			return len(p), nil // Serve's buffer is larger than what these tests put into it: no line is split
		}
		if w.lines > 0 {
			line, err = w.pass(w.lines-1, line)
		}
		w.lines++
		if _, err := w.to.Write(line); err != nil {
			return 0, err
		}
		if err != nil {
			return 0, err
		}
	}
}
