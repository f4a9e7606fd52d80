package clients

import (
	"context"
	"net"
	"os"
	"regexp"
	"strconv"
	"strings"
)

var curlLibrary = regexp.MustCompile(`\b(?:OpenSSL|quictls)/\S+`)

func findCurl(ctx context.Context) (Client, bool) {
	path, line, ok := find(ctx, "curl", "-q", "--version")
	library := curlLibrary.FindString(line)
	fields := strings.Fields(line) // curl 7.88.1 (…) libcurl/7.88.1 OpenSSL/3.0.19 …
	if !ok || library == "" || len(fields) < 2 {
		return Client{}, false
	}
	return Client{Name: "curl", Version: fields[1] + " (" + strings.Replace(library, "/", " ", 1) + ")", path: path, connect: connectCurl}, true
}

var curlConnected = regexp.MustCompile(`SSL connection using (\S+) / (\S+)`)

// connectCurl sends a GET as well: curl knows nothing but whole requests. What becomes of that does not matter.
func connectCurl(ctx context.Context, path string, t Target, o Offer) Result {
	_, port, _ := net.SplitHostPort(t.Addr)
	args := []string{"-q", "--silent", "--show-error", "--verbose", "--http1.1", "--noproxy", "*", "--output", os.DevNull,
		"--max-time", strconv.Itoa(int(Timeout.Seconds())), "--cacert", t.CAFile, "--connect-to", "::" + t.Addr}
	if v := o.oldest(); v != 0 {
		args = append(args, "--tlsv"+curlVersion(v))
	}
	if v := o.MaxVersion; v != 0 {
		args = append(args, "--tls-max", curlVersion(v))
	}
	suites, tls13 := cipherList(o)
	if suites != "" {
		args = append(args, "--ciphers", suites)
	}
	if tls13 != "" {
		args = append(args, "--tls13-ciphers", tls13)
	}
	_, text, _ := run(ctx, path, append(args, "https://"+net.JoinHostPort(t.host(), port)+"/")...)
	// It looks at the certificate last: that alone can fail once both sides have agreed.
	if m := curlConnected.FindStringSubmatch(text); m != nil && !strings.Contains(text, "SSL certificate problem") &&
		!strings.Contains(text, "curl: (60)") {
		return Result{Connected: true, Version: versionName(m[1]), Suite: m[2]}
	}
	if i := strings.LastIndex(text, "curl: ("); i >= 0 {
		text = text[i:]
	}
	return failed(text)
}

// curlVersion returns how curl calls a version.
func curlVersion(version uint16) string {
	return strings.TrimPrefix(versionName(optionVersion(version)), "TLSv")
}
