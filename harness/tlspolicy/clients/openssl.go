package clients

import (
	"context"
	"net"
	"regexp"
	"strings"
)

func findOpenSSL(ctx context.Context) (Client, bool) {
	path, line, ok := find(ctx, "openssl", "version")
	version, isOpenSSL := strings.CutPrefix(line, "OpenSSL ")
	version, _, _ = strings.Cut(version, " ")
	return Client{Name: "openssl", Version: version, path: path, connect: connectOpenSSL}, ok && isOpenSSL
}

var (
	openSSLVersion = regexp.MustCompile(`(?m)^Protocol version: (\S+)`)
	openSSLSuite   = regexp.MustCompile(`(?m)^Ciphersuite: (\S+)`)
	openSSLError   = regexp.MustCompile(`(?m)^(.*\berror\b.*|.*[Cc]all to .*|.*no cipher match.*|.*errno.*)$`)
)

func connectOpenSSL(ctx context.Context, path string, t Target, o Offer) Result {
	args := []string{"s_client", "-brief", "-connect", t.Addr, "-CAfile", t.CAFile, "-no-CApath", "-no-CAstore", "-verify_return_error"}
	if t.ServerName == "" {
		args = append(args, "-noservername")
	} else {
		args = append(args, "-servername", t.ServerName)
	}
	if host := t.host(); net.ParseIP(host) != nil {
		args = append(args, "-verify_ip", host)
	} else {
		args = append(args, "-verify_hostname", host)
	}
	if v := optionVersion(o.oldest()); v != "" {
		args = append(args, "-min_protocol", v)
	}
	if v := optionVersion(o.MaxVersion); v != "" {
		args = append(args, "-max_protocol", v)
	}
	suites, tls13 := cipherList(o)
	if suites != "" {
		args = append(args, "-cipher", suites)
	}
	if tls13 != "" {
		args = append(args, "-ciphersuites", tls13)
	}
	stdout, stderr, ok := run(ctx, path, args...)
	text := stdout + stderr
	version, suite := openSSLVersion.FindStringSubmatch(text), openSSLSuite.FindStringSubmatch(text)
	if ok && version != nil && suite != nil {
		return Result{Connected: true, Version: versionName(version[1]), Suite: suite[1]}
	}
	if lines := openSSLError.FindAllString(text, -1); lines != nil {
		text = strings.Join(lines, "\n")
	}
	return failed(text)
}
