package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/ossconf/ossconf/harness/conform"
)

const (
	defaultDrivers = "web/drivers" // in the root of the repository
	listName       = "list.js"
	installNode    = "install Node.js 20 or newer, with npm"
	listTimeout    = 30 * time.Second
)

// cost is what a case takes in a runtime, in microseconds of a processor, as it was measured once: what takes longest
// starts first, so that no processor waits for it at the end.
func cost(runtime string) int {
	switch runtime {
	case runtimeInterpreter:
		return 3100
	case "firefox", "webkitgtk":
		return 650
	case "edge-runtime":
		return 550
	case "chromium", "gjs", "jsc", "workerd":
		return 430
	case runtimeNative:
		return 120
	}
	return 300
}

// A listed is what list.js says of one driver.
type listed struct {
	Name      string   `json:"name"`
	Runtime   string   `json:"runtime"`
	Module    string   `json:"module"` // the form
	Argv      []string `json:"argv"`   // run in the working directory
	Available bool     `json:"available"`
	Install   string   `json:"install"`
}

// list adds the drivers that the list.js of a folder names. Without Node.js the folder itself is missing.
func (r *roster) list(ctx context.Context, folder string) error {
	node, err := exec.LookPath("node")
	if err != nil {
		r.unknown = folder
		r.missing = append(r.missing, conform.Missing{Name: folder, Install: installNode})
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, listTimeout)
	defer cancel()
	script := filepath.Join(folder, listName)
	cmd := exec.CommandContext(ctx, node, script)
	var out, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr, cmd.WaitDelay = &out, &stderr, time.Second
	if err := cmd.Run(); err != nil {
		if ctx.Err() != nil {
			err = ctx.Err()
		}
		what := "cannot list the drivers: " + err.Error()
		if said := strings.TrimSpace(stderr.String()); said != "" {
			what += ": " + said
		}
		return &failure{exit: exitUsage, code: "drivers", what: what, where: script, hint: "see docs/conformance.md"}
	}
	drivers, err := readList(out.Bytes())
	if err != nil {
		return &failure{exit: exitUsage, code: "drivers", what: err.Error(), where: script, hint: "see docs/conformance.md"}
	}
	for _, d := range drivers {
		if d.Available {
			r.drivers = append(r.drivers, conform.Driver{Name: d.Name, Argv: d.Argv, Form: d.Module, Processes: processes, Cost: cost(d.Runtime)})
		} else {
			r.missing = append(r.missing, conform.Missing{Name: d.Name, Form: d.Module, Install: d.Install})
		}
	}
	return nil
}

// readList reads what list.js prints: one JSON array, of which every member is known.
func readList(data []byte) ([]listed, error) {
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	var list []listed
	if err := d.Decode(&list); err != nil {
		return nil, fmt.Errorf("it does not print a list of drivers: %w", err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("it prints more than one list of drivers")
	}
	for i, l := range list {
		switch {
		case l.Name == "" || strings.ContainsAny(l.Name, ",= \t\n"):
			return nil, fmt.Errorf("driver %d: the name has to be there, without commas, blanks and equals signs: %q", i+1, l.Name)
		case l.Module != formPlain && l.Module != formSelfContained:
			return nil, fmt.Errorf("driver %s: module has to be %s or %s: %q", l.Name, formPlain, formSelfContained, l.Module)
		case l.Available && (len(l.Argv) == 0 || l.Argv[0] == ""):
			return nil, fmt.Errorf("driver %s: argv has to name a command", l.Name)
		case !l.Available && l.Install == "":
			return nil, fmt.Errorf("driver %s: install has to say what installs it, since it is not available", l.Name)
		}
	}
	return list, nil
}
