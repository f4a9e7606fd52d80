package conform

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
)

// Serve is a driver's loop: it writes about, then reads questions from r, has each answered by call, and writes the
// answers to w in the order of the questions, until r ends. Answers are passed on as soon as no further question is
// waiting, so that a runner may ask one by one or many at once.
//
// A line that is not a question ends the loop with an error that says which line and what is wrong with it, and so
// does an error of call. Serve looks at ctx between questions; to interrupt it while it waits for one, close r.
func Serve(ctx context.Context, r io.Reader, w io.Writer, about About, call CallFunc) error {
	out := bufio.NewWriterSize(w, 64<<10)
	if about.Operations == nil {
		about.Operations = []string{}
	}
	out.Write(encodeLine(about)) // a failed write shows at the next Flush
	in := bufio.NewReaderSize(r, 64<<10)
	for n := 1; ; n++ {
		if waiting, _ := in.Peek(in.Buffered()); bytes.IndexByte(waiting, '\n') < 0 {
			if err := out.Flush(); err != nil {
				return fmt.Errorf("write answers: %w", err)
			}
		}
		line, err := readLine(in)
		if err == io.EOF {
			return nil
		}
		if err == nil {
			err = context.Cause(ctx)
		}
		if err == nil {
			err = serveLine(ctx, line, out, about.Operations, call)
		}
		if err != nil {
			// The answers so far are the runner's clue to which question was the last good one.
			return errors.Join(fmt.Errorf("line %d: %w", n, err), out.Flush())
		}
	}
}

func serveLine(ctx context.Context, line []byte, out io.Writer, operations []string, call CallFunc) error {
	id, op, in, err := decodeQuestion(line)
	if err != nil {
		return err
	}
	if !slices.Contains(operations, op) {
		return fmt.Errorf("case %s: %w: %q", id, ErrOperation, op)
	}
	status, payload, err := call(ctx, op, in)
	if err != nil {
		return fmt.Errorf("case %s: %s: %w", id, op, err)
	}
	_, err = out.Write(encodeReply(id, Answer{status, payload}))
	return err
}

// errLineTooLong is reported for a line of more than maxLine bytes.
var errLineTooLong = fmt.Errorf("%w: line longer than %d bytes", ErrNotJSON, maxLine)

// readLine returns the next line without its end. The end of the input in the middle of a line is an error of its
// own, since what is there may be half a message.
func readLine(r *bufio.Reader) ([]byte, error) {
	var line []byte
	for {
		part, err := r.ReadSlice('\n')
		line = append(line, part...)
		switch {
		case len(line) > maxLine:
			return nil, errLineTooLong
		case err == bufio.ErrBufferFull:
			continue
		case err == io.EOF && len(line) > 0:
			return nil, fmt.Errorf("%w: it ends before the end of the line: %s", ErrNotJSON, excerpt(line, 60))
		case err != nil:
			return nil, err
		}
		return bytes.TrimRight(line, "\r\n"), nil
	}
}
