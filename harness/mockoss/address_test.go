package mockoss_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/ossconf/ossconf/harness/mockoss"
)

func TestAddresses(t *testing.T) {
	type place struct{ Bucket, Key, Code string }
	for _, test := range []struct {
		host, target string
		want         place
	}{
		{"examplebucket.oss-cn-hangzhou.aliyuncs.com", "/", place{Bucket: "examplebucket"}},
		{"examplebucket.oss-cn-hangzhou.aliyuncs.com:8080", "/", place{Bucket: "examplebucket"}},
		{"examplebucket.OSS-cn-hangzhou.aliyuncs.COM", "/", place{Bucket: "examplebucket"}},
		{"examplebucket.oss-cn-hangzhou-internal.aliyuncs.com", "/", place{Bucket: "examplebucket"}},
		{"examplebucket.localhost", "/", place{Bucket: "examplebucket"}},
		{"examplebucket.localhost:41234", "/", place{Bucket: "examplebucket"}},
		{"examplebucket.oss.test", "/", place{Bucket: "examplebucket"}},
		{"127.0.0.1", "/examplebucket/", place{Bucket: "examplebucket"}},
		{"127.0.0.1:41234", "/examplebucket", place{Bucket: "examplebucket"}},
		{"[::1]", "/examplebucket/", place{Bucket: "examplebucket"}},
		{"[::1]:41234", "/examplebucket/", place{Bucket: "examplebucket"}},
		{"localhost:41234", "/examplebucket/", place{Bucket: "examplebucket"}},
		{"oss.test", "/examplebucket/", place{Bucket: "examplebucket"}},
		{"oss-cn-hangzhou.aliyuncs.com", "/examplebucket/", place{Bucket: "examplebucket"}},

		{"examplebucket.localhost", "/a/b%2Fc", place{Bucket: "examplebucket", Key: "a/b/c"}},
		{"127.0.0.1", "/examplebucket/a//b", place{Bucket: "examplebucket", Key: "a//b"}},
		{"127.0.0.1", "/example%2Fbucket/a", place{Bucket: "example/bucket", Key: "a"}},
		{"127.0.0.1", "/", place{}},
		{"localhost", "//examplebucket/", place{Key: "examplebucket/"}},
		{"EXAMPLE.localhost", "/", place{Bucket: "EXAMPLE"}},
		{"a.b.localhost", "/", place{Bucket: "a.b"}},
		{"\xff\xff.localhost", "/", place{Bucket: "\xff\xff"}},
		{".localhost", "/", place{}},

		{"examplebucket.oss-cn-beijing.aliyuncs.com", "/", place{Code: "AccessDenied"}},
		{"examplebucketlocalhost", "/", place{Code: "AccessDenied"}},
		{"", "/examplebucket/", place{Code: "AccessDenied"}},
	} {
		t.Run(test.host+test.target, func(t *testing.T) {
			s := mockoss.New(mockoss.Options{Host: "OSS.test", Now: func() time.Time { return noon }})
			r := query{host: "x", target: test.target, key: "anonymous"}.request(t)
			r.Host = test.host
			serve(t, s, r)
			got := s.Requests()[0]
			if test.want.Code == "" {
				test.want.Code = got.Code // whatever it was refused for is another test's matter
			}
			if diff := cmp.Diff(test.want, place{got.Bucket, got.Key, got.Code}); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
