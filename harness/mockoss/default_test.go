package mockoss_test

import (
	"crypto/tls"
	"errors"
	"net"
	"testing"
	"time"

	"github.com/ossconf/ossconf/harness/mockoss"
	"github.com/ossconf/ossconf/harness/tlspolicy"
)

// TestDefaultBucket makes handshakes that name no bucket.
func TestDefaultBucket(t *testing.T) {
	for _, test := range []struct {
		bucket, name string
		version      uint16
		connects     bool
	}{
		{"", "", tls.VersionTLS12, true},
		{"", "", tls.VersionTLS13, false}, // nobody has configured it
		{"examplebucket", "", tls.VersionTLS12, false},
		{"examplebucket", "", tls.VersionTLS13, true},
		{"examplebucket", "localhost", tls.VersionTLS12, false},
		{"examplebucket", "oss-cn-hangzhou.aliyuncs.com", tls.VersionTLS13, true},
		{"examplebucket", "another.localhost", tls.VersionTLS12, true},
		{"examplebucket", "elsewhere.test", tls.VersionTLS13, false},
	} {
		seen := make(chan tlspolicy.Handshake, 1)
		s := mockoss.NewServer(mockoss.Options{Buckets: []string{"examplebucket"}, TLSAddr: "127.0.0.1:0", DefaultBucket: test.bucket,
			OnHandshake: func(h tlspolicy.Handshake) { seen <- h }})
		status, body, err := send(client(), "PUT", s.URL+"/examplebucket/?httpsConfig", "<HttpsConfiguration>"+tls13Only+"</HttpsConfiguration>")
		if err != nil || status != 200 {
			t.Fatalf("%d %s %v", status, body, err)
		}
		conn, err := tls.Dial("tcp", s.TLSEndpoint, &tls.Config{InsecureSkipVerify: true, ServerName: test.name, MinVersion: test.version, MaxVersion: test.version})
		if err == nil {
			conn.Close()
		}
		if connects := err == nil; connects != test.connects {
			t.Errorf("default %q, name %q, %s: %v", test.bucket, test.name, tls.VersionName(test.version), err)
		}
		if h := <-seen; test.name == "" && h.Bucket != test.bucket {
			t.Errorf("default %q: the handshake is for %q", test.bucket, h.Bucket)
		}
		s.Close()
	}
	if err := (mockoss.Options{DefaultBucket: "UPPER"}).Validate(); !errors.Is(err, mockoss.ErrOptions) {
		t.Errorf("error %v", err)
	}
}

// TestListenError looks for the address that is taken, and that the others are given back.
func TestListenError(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	addr := taken.Addr().String()
	for option, o := range map[string]mockoss.Options{
		"Addr": {Addr: addr}, "TLSAddr": {TLSAddr: addr}, "AdminAddr": {AdminAddr: addr},
	} {
		_, err := mockoss.Start(o)
		var listen *mockoss.ListenError
		if !errors.As(err, &listen) || listen.Option != option || listen.Addr != addr {
			t.Errorf("%s: %v", option, err)
		}
	}
}

func TestClockOffset(t *testing.T) {
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	s := mockoss.New(mockoss.Options{Now: func() time.Time { return now }, ClockOffset: -20 * time.Minute})
	defer s.Close()
	if got, want := s.Now(), now.Add(-20*time.Minute); !got.Equal(want) {
		t.Errorf("the clock shows %v, want %v", got, want)
	}
}
