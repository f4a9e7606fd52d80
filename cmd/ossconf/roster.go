package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/ossconf/ossconf/harness/conform"
	"github.com/ossconf/ossconf/internal/wasmfile"
)

// The forms of the module.
const (
	formPlain         = "plain"
	formSelfContained = "self-contained"
)

// requireAll is the name that --require takes for all there are.
const requireAll = "all"

// processes is how many processes of a driver share its cases. They gain nothing from more: the machines of CI have two
// processors, and the runtimes run beside each other anyway.
const processes = 2

// interpreterSample is what wazero's interpreter is asked unless --sample says otherwise: one in so many generated cases.
// All of them would make a run of 26 runtimes longer by a quarter.
const interpreterSample = 10

// A roster gathers the drivers of a run.
type roster struct {
	module string // what --module says
	dir    string // where the module is written

	drivers []conform.Driver
	missing []conform.Missing
	modules map[string]string
	unknown string // the folder whose drivers cannot be listed, since Node.js is missing
}

// gather finds the drivers that the flags ask for.
func (r *roster) gather(ctx context.Context, c *conformance, folderGiven bool) error {
	self, err := os.Executable()
	if err != nil {
		return &failure{exit: exitUsage, code: "file", what: "cannot find the program that runs: " + err.Error(), hint: "start it by its path"}
	}
	for _, name := range builtIn() {
		d := conform.Driver{Name: name, Argv: []string{self, "driver", "--runtime", name}, Processes: processes, Cost: cost(name)}
		if name == runtimeInterpreter {
			d.Every = interpreterSample
		}
		r.drivers = append(r.drivers, d)
	}
	for _, text := range c.drivers {
		d, err := ownDriver(text)
		if err != nil {
			return err
		}
		r.drivers = append(r.drivers, d)
	}
	folder := c.folder
	if !folderGiven {
		folder = defaultDrivers
		if _, err := os.Stat(filepath.Join(folder, listName)); err != nil {
			folder = ""
		}
	}
	// Who wants none of them need not have Node.js, and does not wait for it.
	if folder != "" && (len(c.only) == 0 || slices.ContainsFunc(c.only, func(name string) bool { return !r.has(name) })) {
		if err := r.list(ctx, folder); err != nil {
			return err
		}
	}
	if err := r.unique(); err != nil {
		return err
	}
	for _, step := range []func(*conformance) error{r.choose, r.demand, r.sample} {
		if err := step(c); err != nil {
			return err
		}
	}
	return r.provideModule(ctx)
}

// has reports whether there is a driver of this name, or was one to be expected.
func (r *roster) has(name string) bool {
	return slices.ContainsFunc(r.drivers, func(d conform.Driver) bool { return d.Name == name }) ||
		slices.ContainsFunc(r.missing, func(m conform.Missing) bool { return m.Name == name })
}

func (r *roster) names() []string {
	var names []string
	for _, d := range r.drivers {
		names = append(names, d.Name)
	}
	for _, m := range r.missing {
		names = append(names, m.Name)
	}
	return names
}

// unique checks that names tell drivers apart.
func (r *roster) unique() error {
	seen := map[string]bool{}
	for _, name := range r.names() {
		if seen[name] || name == requireAll {
			return usage("two drivers have one name", name, "give yours a name that none of these has: "+strings.Join(r.names(), ", "))
		}
		seen[name] = true
	}
	return nil
}

// find checks that there is a runtime of this name. If the list of a folder could not be had, one there may have it.
func (r *roster) find(flag, name string) error {
	switch {
	case r.has(name):
		return nil
	case r.unknown != "":
		r.missing = append(r.missing, conform.Missing{Name: name, Install: installNode})
		return nil
	}
	return usage("there is no such runtime", flag+" "+name, "it takes "+strings.Join(r.names(), ", "))
}

// choose leaves what --only names, which is required then.
func (r *roster) choose(c *conformance) error {
	if len(c.only) == 0 {
		return nil
	}
	for _, name := range c.only {
		if err := r.find("--only", name); err != nil {
			return err
		}
	}
	r.drivers = slices.DeleteFunc(r.drivers, func(d conform.Driver) bool { return !slices.Contains(c.only, d.Name) })
	r.missing = slices.DeleteFunc(r.missing, func(m conform.Missing) bool { return !slices.Contains(c.only, m.Name) })
	for i := range r.missing {
		r.missing[i].Required = true
	}
	return nil
}

// demand marks what is missing and required.
func (r *roster) demand(c *conformance) error {
	for _, name := range c.require {
		if name == requireAll {
			continue
		}
		if err := r.find("--require", name); err != nil {
			return err
		}
	}
	for i, m := range r.missing {
		if slices.Contains(c.require, requireAll) || slices.Contains(c.require, m.Name) {
			r.missing[i].Required = true
		}
	}
	return nil
}

// sample sets what --sample says.
func (r *roster) sample(c *conformance) error {
	for _, text := range c.samples {
		name, value, err := assignment("--sample", text)
		if err != nil {
			return err
		}
		every, err := strconv.Atoi(value)
		if err != nil || every < 1 {
			return usage("the value is not what the flag takes", "--sample", "give NAME=N, with N of 1 or more")
		}
		if err := r.find("--sample", name); err != nil {
			return err
		}
		for i, d := range r.drivers {
			if d.Name == name {
				r.drivers[i].Every = every
			}
		}
	}
	return nil
}

// provideModule writes the module to a file, if a driver that is built in needs it: the file it comes from may change
// while the drivers start. All drivers are held to its hash.
func (r *roster) provideModule(ctx context.Context) error {
	path := ""
	for i, d := range r.drivers {
		if d.Name != runtimeWazero && d.Name != runtimeInterpreter {
			continue
		}
		if path == "" {
			wasm, _, err := loadModule(ctx, r.module)
			if err != nil {
				return err
			}
			path = filepath.Join(r.dir, "ossconf.wasm")
			if err := os.WriteFile(path, wasm, 0o600); err != nil {
				return fileFailure("write", path, err)
			}
			sum := sha256.Sum256(wasm)
			r.modules = map[string]string{form(wasm): hex.EncodeToString(sum[:])}
		}
		for form := range r.modules {
			r.drivers[i].Form = form
		}
		r.drivers[i].Argv = append(d.Argv, "--module", path)
	}
	return nil
}

// form tells the forms of the module apart: only the plain one imports something.
func form(wasm []byte) string {
	sections, err := wasmfile.Split(wasm)
	if err != nil {
		return "" // the driver will say what is wrong with it
	}
	for _, s := range sections {
		if s.ID == wasmfile.Import {
			if r := (wasmfile.Reader{B: s.Content}); r.U32() > 0 {
				return formPlain
			}
		}
	}
	return formSelfContained
}

// ownDriver reads the value of --driver.
func ownDriver(text string) (conform.Driver, error) {
	name, command, err := assignment("--driver", text)
	if err != nil {
		return conform.Driver{}, err
	}
	argv, err := splitCommand(command)
	if err != nil {
		return conform.Driver{}, usage(err.Error(), "--driver "+name, "put arguments with blanks into '…' or \"…\"")
	}
	return conform.Driver{Name: name, Argv: argv}, nil
}

// splitCommand splits a command into its words. There is no shell: quotes of both kinds keep what is between them as it
// is, and nothing else is special.
func splitCommand(command string) ([]string, error) {
	var (
		words []string
		word  strings.Builder
		open  bool // a word has begun
		quote rune // that has to be closed
	)
	for _, c := range command {
		switch {
		case quote != 0 && c == quote:
			quote = 0
		case quote != 0:
			word.WriteRune(c)
		case c == '\'' || c == '"':
			quote, open = c, true
		case c == ' ' || c == '\t' || c == '\n':
			if open {
				words = append(words, word.String())
				word.Reset()
			}
			open = false
		default:
			word.WriteRune(c)
			open = true
		}
	}
	switch {
	case quote != 0:
		return nil, fmt.Errorf("the quote %c is not closed", quote)
	case open:
		words = append(words, word.String())
	}
	if len(words) == 0 || words[0] == "" {
		return nil, fmt.Errorf("the command is empty")
	}
	return words, nil
}
