package conform

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"time"
)

// A Driver is how to start one runtime.
type Driver struct {
	Name      string   // of the runtime in results and expected failures, unique in a run
	Argv      []string // the command and its arguments
	Env       []string // added to the environment, in the form NAME=value
	Dir       string   // working directory, the caller's if empty
	Processes int      // how many processes may share the cases, when there is room for them; 0 means 1
	Every     int      // ask all fixtures and, of the generated cases, one in so many; 0 means 1: all of them
	Cost      int      // what a case takes beside other drivers: the greatest starts first; any unit
	Form      string   // of its module, such as plain; drivers of one form have to say the same hash. Empty if unknown
}

// A process is one running driver and the questions it has not answered yet.
type process struct {
	driver  Driver
	timeout time.Duration
	start   func(time.Duration, func()) stopper
	welcome func(About) error        // looks at the first line
	judge   func(Case, Answer) error // looks at an answer; returns a *Fault to end the run

	dog     *watchdog
	cmd     *exec.Cmd
	stderr  tail
	pending chan Case     // asked and not answered, in order; its capacity is the window
	quit    chan struct{} // closed to ask no more
	asked   bool          // every case was asked; to be read when pending is closed
	busy    time.Duration // from the first line to the last answer
}

// run asks the cases until they or the driver end. It returns a *Fault or the cause for which ctx ended.
func (p *process) run(ctx context.Context, cases <-chan Case) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	p.dog = newWatchdog(p.timeout, p.start, func() { cancel(ErrTimeout) })
	defer p.dog.stop()

	p.cmd = exec.CommandContext(ctx, p.driver.Argv[0], p.driver.Argv[1:]...)
	p.cmd.Dir = p.driver.Dir
	p.cmd.Env = append(os.Environ(), p.driver.Env...)
	p.cmd.Stderr = &p.stderr
	p.cmd.WaitDelay = time.Second // a child of the driver may hold standard error open for ever
	stdin, err := p.cmd.StdinPipe()
	if err != nil {
		return &Fault{Err: fmt.Errorf("%w: %w", ErrStart, err)}
	}
	stdout, err := p.cmd.StdoutPipe()
	if err != nil {
		return &Fault{Err: fmt.Errorf("%w: %w", ErrStart, err)}
	}
	if err := p.cmd.Start(); err != nil {
		return &Fault{Err: fmt.Errorf("%w: %w", ErrStart, err)}
	}
	// Killing the driver does not end a read or a write while a child of it holds the other end.
	defer context.AfterFunc(ctx, func() { stdin.Close(); stdout.Close() })()

	out := bufio.NewReaderSize(stdout, 64<<10)
	asking := make(chan struct{})
	err = p.greet(out)
	if err != nil {
		close(asking)
	} else {
		go func() {
			defer close(asking)
			p.ask(ctx, stdin, cases)
		}()
		err = p.listen(out)
	}
	if fault := (*Fault)(nil); errors.As(err, &fault) {
		cancel(err)
		p.cmd.Wait() // the fault is known; how the killed driver ended adds nothing
		<-asking
		fault.Stderr = withoutColdStart(p.stderr.String())
		return fault
	}
	return p.ended(ctx, asking, err)
}

// greet reads the first line.
func (p *process) greet(out *bufio.Reader) error {
	p.dog.asked()
	line, err := readLine(out)
	if err != nil {
		return err
	}
	p.dog.arrived()
	about, err := decodeAbout(line)
	if err != nil {
		return &Fault{Err: fmt.Errorf("%w: its first line: %w", ErrAbout, err)}
	}
	if err := p.welcome(about); err != nil {
		return &Fault{Err: err}
	}
	return nil
}

// ask writes questions as long as the window has room.
func (p *process) ask(ctx context.Context, stdin io.WriteCloser, cases <-chan Case) {
	defer stdin.Close()
	defer close(p.pending)
	for {
		var c Case
		var more bool
		select {
		case c, more = <-cases:
		case <-p.quit:
			return
		case <-ctx.Done():
			return
		}
		if !more {
			p.asked = true
			p.dog.asked() // for the end of its output, which is due now
			return
		}
		select {
		case p.pending <- c:
		case <-p.quit:
			return
		case <-ctx.Done():
			return
		}
		p.dog.asked()
		if _, err := stdin.Write(encodeQuestion(c)); err != nil {
			return // the driver is gone or going; what it answers or not tells more than this error
		}
	}
}

// listen reads answers until the end of the output, for which it returns io.EOF.
func (p *process) listen(out *bufio.Reader) error {
	last, began := "", time.Now()
	for {
		line, err := readLine(out)
		if err != nil {
			if errors.Is(err, errLineTooLong) {
				return &Fault{Case: p.head().ID, Err: fmt.Errorf("%w: %w", ErrGarbage, err)}
			}
			return err
		}
		id, answer, err := decodeReply(line)
		due := p.head()
		switch {
		case err != nil:
			return &Fault{Case: due.ID, Err: fmt.Errorf("%w: %w", ErrGarbage, err)}
		case due.ID != "" && due.ID == id:
			p.dog.arrived()
			if err := p.judge(due, answer); err != nil {
				return err
			}
			last, p.busy = id, time.Since(began)
		case id == last && id != "":
			return &Fault{Case: id, Err: ErrTwice}
		default:
			return p.misplaced(due, id, out)
		}
	}
}

// head takes the oldest question that is not answered. A case without an id means that there is none: a question is
// entered before it is written, so its answer cannot be ahead of it.
func (p *process) head() Case {
	select {
	case c := <-p.pending:
		return c
	default:
		return Case{}
	}
}

// misplaced tells apart why an answer came while another was due.
func (p *process) misplaced(due Case, id string, out *bufio.Reader) error {
	close(p.quit)
	later := false
	for c := p.head(); c.ID != ""; c = p.head() {
		later = later || c.ID == id
	}
	if !later {
		return &Fault{Case: due.ID, Err: fmt.Errorf("%w: %q", ErrUnasked, id)}
	}
	// The answer that was due may still come. The watchdog is not set back, so this ends.
	for {
		line, err := readLine(out)
		if err != nil {
			return &Fault{Case: due.ID, Err: fmt.Errorf("%w: the next one was for %s", ErrDropped, id)}
		}
		if next, _, err := decodeReply(line); err == nil && next == due.ID {
			return &Fault{Case: due.ID, Err: fmt.Errorf("%w: %s came before it", ErrOrder, id)}
		}
	}
}

// ended says why the output ended, for which reading it gave the error read.
func (p *process) ended(ctx context.Context, asking <-chan struct{}, read error) error {
	p.dog.asked() // for the end of the process
	exit := p.cmd.Wait()
	if errors.Is(exit, exec.ErrWaitDelay) {
		exit = nil // the driver itself ended well
	}
	close(p.quit)
	<-asking
	due, left := p.head(), 0
	for c := p.head(); c.ID != ""; c = p.head() {
		left++
	}
	cause := context.Cause(ctx)
	fault := &Fault{Case: due.ID, Stderr: withoutColdStart(p.stderr.String())}
	switch {
	case errors.Is(cause, ErrTimeout) && due.ID == "":
		fault.Err = fmt.Errorf("%w: waited %v for its first line or its end", ErrTimeout, p.timeout)
	case errors.Is(cause, ErrTimeout):
		fault.Err = fmt.Errorf("%w: waited %v", ErrTimeout, p.timeout)
	case cause != nil:
		return cause
	case exit != nil:
		fault.Err = fmt.Errorf("%w: %w%s", ErrDied, exit, owing(due, left))
	case read != io.EOF:
		fault.Err = fmt.Errorf("%w: %w%s", ErrDied, read, owing(due, left))
	case !p.asked:
		fault.Err = fmt.Errorf("%w: it ended before its input did%s", ErrDied, owing(due, left))
	case due.ID != "":
		fault.Err = fmt.Errorf("%w: it ended with %d more to answer", ErrDropped, left)
	default:
		return nil
	}
	return fault
}

// owing says what a driver that died may have died of: answers that it had ready but not written are lost as well.
func owing(due Case, left int) string {
	if due.ID == "" || left == 0 {
		return ""
	}
	return fmt.Sprintf(", of this case or of one of the %d behind it", left)
}
