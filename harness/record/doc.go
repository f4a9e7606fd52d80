// Package record records what OSS clients and servers say to each other, and answers clients from the recordings.
//
// A [Recorder] is a proxy. It keeps every exchange as a fixture, without secrets and signed again with a test key:
//
//	proxy := httptest.NewServer(&record.Recorder{Upstream: "https://oss-cn-hangzhou.aliyuncs.com", Dir: "testdata/oss"})
//
// A [Player], made by [Load], is a server that answers from these fixtures, strictly: method, host, path, query, headers
// and body of a request have to be the recorded ones, and its signature has to be right. Tests in Go use package replay,
// which does the same without a server. docs/replay.md says what is compared, what is redacted and what a recorder
// sends on.
package record
