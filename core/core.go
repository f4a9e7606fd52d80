// Package core holds the operations of ossconf: bytes in, bytes out.
//
// [Call] runs one by name; a [Runner] does so many times. Whoever can import Go packages uses httpsconfig and signer
// themselves; everybody else comes through here, so that the native build and the WebAssembly module can be compared
// byte for byte. An operation reads no clock, no random number and no environment.
package core

import "github.com/ossconf/ossconf/signer"

// A Status is the first byte of an answer of the module.
type Status byte

// The statuses.
const (
	OK       Status = 0 // the payload follows
	Refused  Status = 1 // the operation refused its input: error JSON follows
	Panicked Status = 2 // the operation panicked and the module recovered: error JSON follows
)

// ABI is the number of the module's calling convention.
const ABI = 1

// Version is the version of the operations, and of the module that is built from them.
const Version = "0.1.0"

// MaxRequest is the size in bytes of the largest input of an operation that takes no document. A document may have
// httpsconfig.MaxSize.
const MaxRequest = 1 << 20

// An operation appends its payload to dst, or returns what it refuses.
type operation struct {
	name string
	run  func(r *Runner, dst, in []byte) ([]byte, *problem)
	max  int // size of the largest input
}

// operations returns the table of operations. It is a function because catalog and version are in it and read it.
func operations() []operation {
	return []operation{
		{"decode", decode, maxDocument},
		{"encode", encode, maxDocument},
		{"validate", validate, maxDocument},
		{"validate_profiles", validateProfiles, MaxRequest},
		{"simulate", simulate, MaxRequest},
		{"diff", diff, MaxRequest},
		{"sign", sign, MaxRequest},
		{"presign", presign, MaxRequest},
		{"post_policy", postPolicy, MaxRequest},
		{"verify", verify, MaxRequest},
		{"catalog", catalog, MaxRequest},
		{"version", version, MaxRequest},
	}
}

// Operations returns the names of the operations in the order of the documentation.
func Operations() []string {
	var names []string
	for _, o := range operations() {
		names = append(names, o.name)
	}
	return names
}

// A Runner runs operations and keeps the keys that it has derived for signing between them. The zero value is ready
// to use, and safe for concurrent use.
type Runner struct {
	signer signer.Signer
}

// Append runs the operation op on in, appends the payload of the answer to dst and says which kind it is. An unknown
// operation is refused like any other input. Append does not keep in.
func (r *Runner) Append(dst []byte, op string, in []byte) ([]byte, Status) {
	for _, o := range operations() {
		if o.name != op {
			continue
		}
		if len(in) > o.max {
			return tooLarge(o.max).append(dst), Refused
		}
		out, p := o.run(r, dst, in)
		if p != nil {
			return p.append(dst), Refused
		}
		return out, OK
	}
	p := &problem{code: "unknown_operation", message: "there is no operation of this name", hint: "the operation version lists them"}
	return p.append(dst), Refused
}

// Call runs one operation with a new Runner.
func Call(op string, in []byte) (Status, []byte) {
	var r Runner
	out, status := r.Append(nil, op, in)
	return status, out
}
