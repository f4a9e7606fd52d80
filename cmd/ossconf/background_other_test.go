//go:build !unix

package main

import "github.com/rogpeppe/go-internal/testscript"

func backgroundCommands() map[string]func(*testscript.TestScript, bool, []string) { return nil }
