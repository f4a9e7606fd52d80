package main

import (
	"context"
	"io"
	"log"
	"net"
	"net/http"
	"strings"
	"time"
)

// How long a server waits for the head of a request, for the next one, and at its end for those under way.
const (
	headTimeout = 10 * time.Second
	idleTimeout = 60 * time.Second
	endTimeout  = 5 * time.Second
)

// listen serves h at an address. The caller calls stop, which lets requests that are under way end.
func listen(addr string, h http.Handler) (endpoint string, stop func(), err error) {
	l, err := openListener(addr, "--listen")
	if err != nil {
		return "", nil, err
	}
	return "http://" + l.Addr().String(), serveAt(l, h), nil
}

// openListener listens at the address that a flag gives.
func openListener(addr, flag string) (net.Listener, error) {
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, &failure{exit: exitService, code: "network", what: err.Error(), where: addr, hint: "pass another " + flag + ", or port 0 for any free one"}
	}
	return l, nil
}

// serveAt serves h. The caller calls stop, which lets requests that are under way end.
func serveAt(l net.Listener, h http.Handler) (stop func()) {
	s := &http.Server{Handler: h, ReadHeaderTimeout: headTimeout, IdleTimeout: idleTimeout, ErrorLog: log.New(io.Discard, "", 0)}
	served := make(chan struct{})
	go func() {
		defer close(served)
		s.Serve(l) // ends when the server is closed, with http.ErrServerClosed
	}()
	return func() {
		ctx, cancel := context.WithTimeout(context.Background(), endTimeout)
		defer cancel()
		if s.Shutdown(ctx) != nil {
			s.Close()
		}
		<-served
	}
}

// onLoopback reports whether an address to listen on is one that only this machine reaches.
func onLoopback(addr string) bool {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return false
	}
	ip := net.ParseIP(host)
	return strings.EqualFold(host, "localhost") || ip != nil && ip.IsLoopback()
}
