package mockoss_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/ossconf/ossconf/harness/mockoss"
)

func TestRequests(t *testing.T) {
	s := newService()
	query{method: "PUT", target: "/?httpsConfig", body: enabled}.send(t, s)
	query{host: "missing." + endpoint, target: "/?httpsConfig"}.send(t, s)
	query{target: "/key", object: "key", secret: "wrong"}.send(t, s)
	const id = "534B371674E88A4D8906ABCD"
	want := []mockoss.Request{
		{RequestID: id, Method: "PUT", Target: "/?httpsConfig", Bucket: "examplebucket", Operation: "PutBucketHttpsConfig",
			AccessKeyID: "alice", Status: 200},
		{RequestID: id, Method: "GET", Target: "/?httpsConfig", Bucket: "missing", Operation: "GetBucketHttpsConfig",
			AccessKeyID: "alice", Status: 404, Code: "NoSuchBucket", EC: "0015-00000101"},
		{RequestID: id, Method: "GET", Target: "/key", Bucket: "examplebucket", Key: "key", Operation: "GetObject", Status: 403,
			Code: "SignatureDoesNotMatch", EC: "0002-00000201"},
	}
	if diff := cmp.Diff(want, s.Requests()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestRequestsAreBounded(t *testing.T) {
	s := mockoss.New(mockoss.Options{Kept: 3, Now: func() time.Time { return noon }})
	for i := range 8 {
		query{target: fmt.Sprintf("/%d", i), key: "anonymous"}.send(t, s)
		var got []string
		for _, r := range s.Requests() {
			got = append(got, r.Key)
		}
		var want []string
		for j := max(0, i-2); j <= i; j++ {
			want = append(want, fmt.Sprint(j))
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("after %d (-want +got):\n%s", i, diff)
		}
	}
}

func TestNoSecretIsKeptOrLogged(t *testing.T) {
	var log bytes.Buffer
	s := mockoss.New(mockoss.Options{
		Buckets: []string{"examplebucket"}, Now: func() time.Time { return noon },
		Logger:      slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug})),
		Credentials: []mockoss.Credential{{AccessKeyID: "sts", AccessKeySecret: "sts-secret", SecurityToken: "the-token"}},
	})
	for _, q := range []query{
		{key: "sts", token: "the-token"}, {key: "sts", token: "the-token", query: true}, {key: "sts", token: "the-token", secret: "x"},
		{key: "sts", secret: "x", token: "the-token", query: true},
		{key: "anonymous", target: "/?Signature=the-signature&security-token=the-token&%78-oss-signature=the-signature"},
		{key: "anonymous", target: "/?X-Oss-Signature=the-signature&x-oss-security-token=the-token&%zz"},
	} {
		r := q.request(t)
		signature := r.URL.Query().Get("x-oss-signature")
		if _, after, ok := strings.Cut(r.Header.Get("Authorization"), "Signature="); ok {
			signature = after
		}
		serve(t, s, r)
		for _, secret := range []string{"sts-secret", "the-token", "the-signature", signature} {
			if kept := fmt.Sprint(s.Requests()); secret != "" && strings.Contains(kept+log.String(), secret) {
				t.Errorf("%s is kept or logged:\n%s\n%s", secret, kept, log.String())
			}
		}
	}
	if n := strings.Count(log.String(), "msg=request"); n != 6 {
		t.Errorf("%d requests were logged, want 6", n)
	}
}
