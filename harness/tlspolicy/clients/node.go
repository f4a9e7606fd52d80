package clients

import (
	"context"
	"encoding/json"
	"net"
	"strings"

	_ "embed"
)

//go:embed node.js
var nodeScript string

func findNode(ctx context.Context) (Client, bool) {
	path, line, ok := find(ctx, "node", "--print", "process.versions.node+' '+process.versions.openssl")
	version, openSSL, two := strings.Cut(line, " ")
	return Client{Name: "node", Version: version + " (OpenSSL " + openSSL + ")", path: path, connect: connectNode}, ok && two && openSSL != "undefined"
}

func connectNode(ctx context.Context, path string, t Target, o Offer) Result {
	host, port, _ := net.SplitHostPort(t.Addr)
	suites, tls13 := o.split()
	in, err := json.Marshal(map[string]any{
		"host": host, "port": port, "servername": t.ServerName, "cafile": t.CAFile,
		"minVersion": optionVersion(o.oldest()), "maxVersion": optionVersion(o.MaxVersion),
		"suites": suites, "tls13": tls13, "old": o.old(), "level": level,
	})
	if err != nil {
		return unable(err.Error())
	}
	stdout, stderr, ok := run(ctx, path, "--eval", nodeScript, string(in))
	var out struct{ Version, Suite, Error string }
	if err := json.Unmarshal([]byte(stdout), &out); !ok || err != nil {
		return failed(stderr)
	}
	if out.Error != "" {
		return failed(out.Error)
	}
	return Result{Connected: true, Version: versionName(out.Version), Suite: out.Suite}
}
