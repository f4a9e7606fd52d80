package alert_test

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"testing"

	"github.com/ossconf/ossconf/harness/tlspolicy/internal/alert"
)

// refusal returns the error of a client and of a server of crypto/tls that have no version in common.
func refusal(t *testing.T) (client, server error) {
	t.Helper()
	a, b := net.Pipe()
	done := make(chan error)
	go func() { done <- tls.Server(b, &tls.Config{MaxVersion: tls.VersionTLS12}).Handshake() }()
	client = tls.Client(a, &tls.Config{MinVersion: tls.VersionTLS13, InsecureSkipVerify: true}).Handshake()
	return client, <-done
}

func TestReceived(t *testing.T) {
	client, server := refusal(t)
	for _, test := range []struct {
		err  error
		want uint8
	}{
		{client, alert.ProtocolVersion},
		{fmt.Errorf("wrapped: %w", client), alert.ProtocolVersion},
		{server, alert.None},
		{nil, alert.None},
		{errors.New("remote error: tls: protocol version not supported"), alert.None},
		{&net.OpError{Op: "remote error"}, alert.None},
		{&net.OpError{Op: "remote error", Err: net.ErrClosed}, alert.None},
	} {
		if got := alert.Received(test.err); got != test.want {
			t.Errorf("%v: %d, want %d", test.err, got, test.want)
		}
	}
}

func TestInText(t *testing.T) {
	for _, test := range []struct {
		text string
		want uint8
	}{
		{"40A7…:error:0A00042E:SSL routines:ssl3_read_bytes:tlsv1 alert protocol version:../ssl/record/rec_layer_s3.c:1601:SSL alert number 70", 70}, // openssl
		{"curl: (35) OpenSSL/3.0.19: error:0A000410:SSL routines::sslv3 alert handshake failure", 40},                                                // curl
		{"curl: (35) error:1409442E:SSL routines:ssl3_read_bytes:tlsv1 alert protocol version", 70},                                                  // OpenSSL 1.1.1
		{"curl: (35) OpenSSL/3.0.19: error:0A000458:SSL routines::tlsv1 unrecognized name", 112},
		{"error:0A000102:SSL routines::unsupported protocol", 0}, // its own
		{"SSL alert number 999", 0},
		{"", 0},
	} {
		if got := alert.InText(test.text); got != test.want {
			t.Errorf("%s: %d, want %d", test.text, got, test.want)
		}
	}
}
