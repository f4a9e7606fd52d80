// Package main is the smallest reactor the toolchain makes: what every module costs before it does anything.
package main

func main() {}

//go:wasmexport add
func add(a, b int32) int32 { return a + b }
