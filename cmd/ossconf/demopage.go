package main

import (
	"context"
	"io"
	"os"

	"github.com/spf13/cobra"

	"github.com/ossconf/ossconf/cmd/ossconf/internal/demo"
	"github.com/ossconf/ossconf/cmd/ossconf/internal/edge"
	"github.com/ossconf/ossconf/cmd/ossconf/internal/page"
	"github.com/ossconf/ossconf/harness/mockoss"
)

// pageFlags say what the demo serves beside the mock OSS.
type pageFlags struct {
	dir, listen, edge string
	command           []string // edge, in words
}

func (p *pageFlags) flags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&p.dir, "page", "", "the `DIR` of the built builder page, to serve beside the mock OSS")
	f.StringVar(&p.listen, "page-listen", "127.0.0.1:0", "the `ADDRESS` of the page; port 0 takes any free one")
	f.StringVar(&p.edge, "edge", "", "the `COMMAND` of an edge worker for the page, such as \"node web/edge/src/main.js\"")
}

// check refuses what does not go together.
func (p *pageFlags) check(once bool) error {
	switch {
	case once && p.dir != "":
		return usage("the page cannot be used once the demo has ended", "--page", "leave out --once")
	case p.dir != "" && !onLoopback(p.listen):
		return usage("whoever reaches the page has the keys of the mock OSS and starts programs on this machine", "--page-listen "+p.listen,
			"listen on 127.0.0.1 or localhost, and forward a port to it")
	case p.edge != "" && p.dir == "":
		return usage("the edge worker is for the page, and there is none", "--edge", "add --page")
	case p.edge == "":
		return nil
	}
	var err error
	if p.command, err = splitCommand(p.edge); err != nil {
		return usage(err.Error(), "--edge "+p.edge, "write the command with its arguments")
	}
	return nil
}

// serve serves the builder page, and starts the edge worker behind it. The caller calls stop.
func (p *pageFlags) serve(ctx context.Context, stderr io.Writer, server *mockoss.Server, trusted authority) (address string, stop func(), err error) {
	l, err := openListener(p.listen, "--page-listen")
	if err != nil {
		return "", nil, err
	}
	address = "http://" + l.Addr().String()
	o := page.Options{Files: os.DirFS(p.dir), Server: server, CA: trusted.ca, CAFile: trusted.file}
	stopWorker := func() {}
	if p.edge != "" {
		worker, err := edge.Start(ctx, edge.Options{Command: p.command, Server: server, Bucket: demo.Bucket, Origin: address, Stderr: stderr})
		if err != nil {
			l.Close()
			if stopped := interrupted(ctx); stopped != nil {
				return "", nil, stopped
			}
			return "", nil, &failure{exit: exitService, code: "edge", what: "the edge worker does not start: " + err.Error(), where: "--edge " + p.edge,
				hint: "run make build-web and try the command by itself, or leave out --edge"}
		}
		stopWorker = worker.Close
		o.Edge = &page.Edge{Worker: worker, Bucket: demo.Bucket, Token: worker.Token}
	}
	h, err := page.Handler(o)
	if err != nil {
		stopWorker()
		l.Close()
		return "", nil, usage("the folder does not hold the built page", "--page "+p.dir, "build it with: make site")
	}
	stopPage := serveAt(l, h)
	return address, func() { stopPage(); stopWorker() }, nil
}
