//go:build !wasip1

package main

import "os"

func main() {
	println("this package is a WebAssembly module; build it with: make wasm")
	os.Exit(2)
}
