// Package main is the WebAssembly module of ossconf, a wasip1 reactor.
//
// A host calls ossconf_abi first: this is convention 1. It then puts an input into a block of ossconf_alloc, passes
// address and length to ossconf_<operation>, reads the answer, whose address is the upper half of the result and whose
// length is the lower, and gives both blocks to ossconf_free. The first byte of an answer is a core.Status.
//
// Nothing a host passes traps: an address that is not a block's is refused with an error answer, and ossconf_free
// ignores it. Package wasmbuild builds the module, package host calls it.
package main
