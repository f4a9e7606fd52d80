package main

import "flag"

var update = flag.Bool("update", false, "rewrite the outputs in scripts and in docs/cli.md")
