// Package core holds the operations of ossconf: bytes in, bytes out.
//
// [Call] runs one by name. Whoever can import Go packages uses httpsconfig and signer themselves; everybody else
// comes through here, so that the native build and the WebAssembly module can be compared byte for byte. An
// operation reads no clock, no random number and no environment.
package core

// A Status is the first byte of an answer of the module.
type Status byte

const (
	OK       Status = 0 // the payload follows
	Refused  Status = 1 // the operation refused its input: error JSON follows
	Panicked Status = 2 // the operation panicked and the module recovered: error JSON follows
)

// ABI is the number of the module's calling convention.
const ABI = 1

// Operations returns the names of the operations in the order of the documentation.
func Operations() []string { return nil }

// Append runs the operation op on in, appends the payload of the answer to dst and says which kind it is.
// An unknown operation is refused like any other input. Append does not keep in.
func Append(dst []byte, op string, in []byte) ([]byte, Status) { return dst, Refused }

// Call is Append to a new slice.
func Call(op string, in []byte) (Status, []byte) {
	out, status := Append(nil, op, in)
	return status, out
}
