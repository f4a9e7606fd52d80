// Package alert finds TLS alerts in what libraries make of them.
//
// Call [Received] with the error of crypto/tls, and [InText] with what a program that is built with OpenSSL wrote.
package alert

import (
	"errors"
	"net"
	"reflect"
	"regexp"
	"strconv"
)

// Alerts of RFC 8446, section 6, that something here depends on.
const (
	None            = 0 // close_notify, which is no error
	UnknownCA       = 48
	ProtocolVersion = 70
)

// Received returns the number of the alert that the other side of a handshake has sent, or None.
func Received(err error) uint8 {
	var op *net.OpError
	if !errors.As(err, &op) || op.Op != "remote error" || op.Err == nil {
		return None
	}
	// The type is not exported; it is the number with texts for methods.
	if v := reflect.ValueOf(op.Err); v.Kind() == reflect.Uint8 {
		return uint8(v.Uint())
	}
	return None
}

var (
	inWords = regexp.MustCompile(`SSL alert number (\d+)`)
	inCode  = regexp.MustCompile(`error:[0-9A-F]{5}([0-9A-F]{3}):`) // OpenSSL's reason is 1000 and the alert
)

// InText returns the number of the alert in an error of OpenSSL, or None.
func InText(text string) uint8 {
	if m := inWords.FindStringSubmatch(text); m != nil {
		if n, err := strconv.ParseUint(m[1], 10, 8); err == nil {
			return uint8(n)
		}
	}
	if m := inCode.FindStringSubmatch(text); m != nil {
		if n, err := strconv.ParseUint(m[1], 16, 16); err == nil && n > 1000 && n < 1256 {
			return uint8(n - 1000)
		}
	}
	return None
}
