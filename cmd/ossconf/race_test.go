//go:build race

package main

// raced says that the race detector runs, which makes wazero's interpreter fifty times slower.
const raced = true
