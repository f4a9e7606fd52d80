package main

import (
	"errors"
	"os"
	"path/filepath"
	"strings"

	"github.com/ossconf/ossconf/harness/tlspolicy"
)

// An authority is the CA of a TLS listener, with the file that clients are given. The zero value is none.
type authority struct {
	ca        *tlspolicy.CA
	file      string // with its whole path
	temporary string // a folder to remove at the end; empty if the file stays
}

// openCA returns the CA that the flags ask for.
func (s *serving) openCA() (authority, error) {
	dir := s.caDir
	if dir == "" && s.data != "" {
		dir = filepath.Join(s.data, "ca")
	}
	if dir == "" {
		return newAuthority()
	}
	ca, err := tlspolicy.OpenCA(dir)
	if errors.Is(err, tlspolicy.ErrCA) {
		return authority{}, &failure{exit: exitUsage, code: "file", what: strings.TrimPrefix(err.Error(), "tlspolicy: "), hint: "or pass another --ca-dir"}
	}
	if err != nil {
		return authority{}, fileFailure("keep a CA", dir, err)
	}
	file, err := filepath.Abs(filepath.Join(dir, tlspolicy.CertificateFile))
	if err != nil {
		return authority{}, fileFailure("find", dir, err)
	}
	return authority{ca: ca, file: file}, nil
}

// newAuthority makes a CA whose file is there until it is removed.
func newAuthority() (authority, error) {
	ca, err := tlspolicy.NewCA()
	if err != nil {
		return authority{}, &failure{exit: exitService, code: "certificate", what: err.Error(), hint: "report it"}
	}
	dir, err := os.MkdirTemp("", "ossconf-")
	if err != nil {
		return authority{}, fileFailure("make a folder", os.TempDir(), err)
	}
	a := authority{ca: ca, file: filepath.Join(dir, "ca.pem"), temporary: dir}
	if err := os.WriteFile(a.file, ca.PEM(), 0o644); err != nil {
		a.remove()
		return authority{}, fileFailure("write", a.file, err)
	}
	return a, nil
}

// remove removes the file, if it was not to stay.
func (a authority) remove() {
	if a.temporary != "" {
		os.RemoveAll(a.temporary)
	}
}
