package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"sync"

	"github.com/spf13/cobra"

	"github.com/ossconf/ossconf/cmd/ossconf/internal/text"
	"github.com/ossconf/ossconf/fixtures"
	"github.com/ossconf/ossconf/harness/record"
)

// A replaying is the command replay with its flags.
type replaying struct {
	out                 output
	dir, listen         string
	repeat, allowUnused bool
	ignore              []string

	mu sync.Mutex // for what is said about requests, several of which may come at once
}

func newReplay() *cobra.Command {
	var r replaying
	cmd := &cobra.Command{
		Use:     "replay",
		GroupID: groupRehearsal,
		Short:   "Answer clients from recorded exchanges, strictly",
		Long: `Answer clients with the exchanges that ossconf record has written, until it is interrupted. A
request has to be the recorded one, and signed rightly with the test key (` + fixtures.TestAccessKeyID + `,
` + fixtures.TestAccessKeySecret + `, and ` + fixtures.TestSecurityToken + ` as the security token if there was one). Each
fixture answers once, several for the same request in their order.

A request that no fixture answers gets 501 with an error document that shows the difference
from the nearest fixture, which standard error shows, too. docs/replay.md says what is
compared.

Exit codes: 0 interrupted, every fixture was used and every request answered; 1 one was not;
2 wrong usage, or fixtures that cannot be read; 3 the address cannot be listened on.`,
		Example: "  ossconf replay --dir testdata/oss\n  ossconf replay --dir recorded --listen 127.0.0.1:0 --output json",
		Args:    arguments(0, 0, "none"),
		RunE:    r.run,
	}
	f := cmd.Flags()
	f.StringVar(&r.dir, "dir", "", "the `FOLDER` with the fixtures; required")
	f.StringVar(&r.listen, "listen", defaultReplay, "the `ADDRESS` to listen on; port 0 takes any free one")
	f.BoolVar(&r.repeat, "repeat", false, "let the last of several fixtures for a request answer again and again")
	f.StringArrayVar(&r.ignore, "ignore", nil, "the `NAME` of a header or parameter not to compare; may be repeated")
	f.BoolVar(&r.allowUnused, "allow-unused", false, "end with 0 although fixtures were not used")
	r.out.formatFlag(cmd)
	return cmd
}

func (r *replaying) run(cmd *cobra.Command, _ []string) error {
	ctx, stop := interruptible(cmd)
	defer stop()
	if r.dir == "" {
		return usage("a flag is missing", "--dir", "give the folder with the fixtures")
	}
	transport, err := record.Load(os.DirFS(r.dir), record.Options{Repeat: r.repeat, Ignore: r.ignore,
		Unmatched: func(e *record.MismatchError) { r.unmatched(cmd.ErrOrStderr(), e) }})
	var pathError *fs.PathError
	switch {
	case errors.As(err, &pathError):
		return fileFailure("read", r.dir, err)
	case err != nil:
		return usage(err.Error(), r.dir, "give a folder that ossconf record has written")
	}
	endpoint, end, err := listen(r.listen, transport)
	if err != nil {
		return err
	}
	defer end()
	err = r.out.writeResult(cmd, fmt.Sprintf("ready at %s; interrupt to stop", endpoint), struct {
		Endpoint string `json:"endpoint"`
		Dir      string `json:"dir"`
	}{endpoint, r.dir})
	if err != nil {
		return err
	}
	<-ctx.Done()
	end()
	return r.outcome(transport.Close())
}

// outcome is the failure for what Close reports.
func (r *replaying) outcome(err error) error {
	unmatched := errors.Is(err, record.ErrUnmatched)
	switch {
	case err == nil, r.allowUnused && !unmatched:
		return nil
	case unmatched:
		return &failure{exit: exitRefused, code: "unmatched", what: outcomeText(err), where: r.dir, hint: "see the differences above"}
	}
	return &failure{exit: exitRefused, code: "unused", what: outcomeText(err), where: r.dir, hint: "or pass --allow-unused"}
}

func outcomeText(err error) string {
	return strings.NewReplacer("replay: ", "", "\n", "; ").Replace(err.Error())
}

// unmatched shows a request that no fixture answers: line by line, or as an object of JSON.
func (r *replaying) unmatched(w io.Writer, e *record.MismatchError) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.out.json() {
		enc := json.NewEncoder(w)
		enc.SetEscapeHTML(false)
		enc.Encode(map[string]*record.MismatchError{"unmatched": e}) // if standard error fails there is nobody to tell
		return
	}
	for line := range strings.Lines(strings.TrimPrefix(e.Error(), "replay: ")) {
		line = strings.ReplaceAll(strings.TrimSuffix(line, "\n"), "\t", "  ")
		fmt.Fprintf(w, "%s\n", text.Printable(line))
	}
}
