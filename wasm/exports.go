//go:build wasip1

package main

import "github.com/ossconf/ossconf/core"

// instance is the state of this instance of the module. No lock: an instance has one thread, and a host makes one call
// at a time.
var instance = module{run: new(core.Runner).Append}

// init makes the stack that the exports run on as large as operations need it. The self-contained form begins with it:
// otherwise its first call would have V8 compile the part of the runtime that moves a stack, a fifth of what it compiles.
func init() { useStack() }

//go:noinline
func useStack() byte {
	var frame [16 << 10]byte
	return frame[len(instance.live)]
}

// main never runs: a reactor only exports.
func main() {}

//go:wasmexport ossconf_abi
func abi() uint32 { return core.ABI }

//go:wasmexport ossconf_alloc
func alloc(size uint32) uint32 { return uint32(instance.alloc(uintptr(size))) }

//go:wasmexport ossconf_free
func free(address uint32) { instance.free(uintptr(address)) }

//go:wasmexport ossconf_decode
func decode(address, size uint32) uint64 { return call("decode", address, size) }

//go:wasmexport ossconf_encode
func encode(address, size uint32) uint64 { return call("encode", address, size) }

//go:wasmexport ossconf_validate
func validate(address, size uint32) uint64 { return call("validate", address, size) }

//go:wasmexport ossconf_validate_profiles
func validateProfiles(address, size uint32) uint64 { return call("validate_profiles", address, size) }

//go:wasmexport ossconf_simulate
func simulate(address, size uint32) uint64 { return call("simulate", address, size) }

//go:wasmexport ossconf_diff
func diff(address, size uint32) uint64 { return call("diff", address, size) }

//go:wasmexport ossconf_sign
func sign(address, size uint32) uint64 { return call("sign", address, size) }

//go:wasmexport ossconf_presign
func presign(address, size uint32) uint64 { return call("presign", address, size) }

//go:wasmexport ossconf_post_policy
func postPolicy(address, size uint32) uint64 { return call("post_policy", address, size) }

//go:wasmexport ossconf_verify
func verify(address, size uint32) uint64 { return call("verify", address, size) }

//go:wasmexport ossconf_catalog
func catalog(address, size uint32) uint64 { return call("catalog", address, size) }

//go:wasmexport ossconf_version
func version(address, size uint32) uint64 { return call("version", address, size) }

func call(op string, address, size uint32) uint64 {
	a, n := instance.call(op, uintptr(address), uintptr(size))
	return uint64(a)<<32 | uint64(n)
}
