package clients

import (
	"bytes"
	"context"
	"crypto/tls"
	"os"
	"os/exec"
	"strings"
	"time"

	"github.com/ossconf/ossconf/harness/tlspolicy/internal/alert"
)

// run starts a program with nothing on its standard input, and with none of the environment that could change what it
// does: no proxy, no other CA, no options. It returns what the program wrote and whether it ended with 0.
func run(ctx context.Context, path string, args ...string) (stdout, stderr string, ok bool) {
	cmd := exec.CommandContext(ctx, path, args...)
	cmd.Env = []string{"LC_ALL=C"}
	for _, name := range []string{"SystemRoot", "TEMP", "TMP"} { // Windows programs do not start without
		if value, found := os.LookupEnv(name); found {
			cmd.Env = append(cmd.Env, name+"="+value)
		}
	}
	cmd.WaitDelay = time.Second
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	err := cmd.Run()
	if err != nil && errs.Len() == 0 {
		errs.WriteString(err.Error())
	}
	if ctx.Err() != nil {
		errs.WriteString("\n" + context.Cause(ctx).Error())
	}
	return out.String(), errs.String(), err == nil
}

// find looks for a program in PATH and asks it for its version. It returns its path and the first line of the answer.
func find(ctx context.Context, name string, args ...string) (path, line string, ok bool) {
	path, err := exec.LookPath(name)
	if err != nil {
		return "", "", false
	}
	ctx, cancel := context.WithTimeout(ctx, Timeout)
	defer cancel()
	out, _, ok := run(ctx, path, args...)
	line, _, _ = strings.Cut(out, "\n")
	return path, strings.TrimSpace(line), ok
}

// level is what OpenSSL wants at the end of a list of suites to take old versions and suites.
const level = "@SECLEVEL=0"

// cipherList returns the lists that OpenSSL takes up to TLS 1.2 and for TLS 1.3; an empty one is not to be set.
func cipherList(o Offer) (suites, tls13 string) {
	list, list13 := o.split()
	if len(list) > 0 {
		suites = strings.Join(list, ":")
	} else if o.old() {
		suites = "DEFAULT"
	}
	if suites != "" {
		suites += ":" + level
	}
	return suites, strings.Join(list13, ":")
}

// optionVersion returns how openssl and Node.js call a version.
func optionVersion(version uint16) string {
	return map[uint16]string{tls.VersionTLS10: "TLSv1", tls.VersionTLS11: "TLSv1.1", tls.VersionTLS12: "TLSv1.2", tls.VersionTLS13: "TLSv1.3"}[version]
}

// versionName returns how OSS calls a version that OpenSSL names.
func versionName(openSSL string) string {
	if openSSL == "TLSv1" {
		return "TLSv1.0"
	}
	return openSSL
}

// What OpenSSL says when it has nothing to offer, in its own words and as Node.js writes them.
var cannotOffer = []string{"no cipher match", "NO_CIPHER_MATCH", "no ciphers available", "no protocols available", "failed setting cipher list"}

// failed returns the result of a program that wrote this about a handshake that failed.
func failed(text string) Result {
	text = strings.TrimSpace(text)
	r := Result{Alert: alert.InText(text), Err: text}
	for _, words := range cannotOffer {
		r.Unable = r.Unable || strings.Contains(text, words)
	}
	return r
}
