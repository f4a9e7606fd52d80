package fault

import (
	"net/http"
	"strings"
)

// DefaultThrottleCode is the error of a [Throttle] rule without Code. It is the one documented for operations on
// buckets, which have a limit of their own.
//
// The others are TotalQpsLimitExceeded, ActiveRequestLimitExceeded, DownloadTrafficRateLimitExceeded,
// UploadTrafficRateLimitExceeded and CpuLimitExceeded, all 503, and QpsLimitExceeded, which is 429.
const DefaultThrottleCode = "MetaOperationQpsLimitExceeded"

// A throttling is an error that OSS answers to an account that asks too much.
type throttling struct {
	status  int
	code    string
	message string
	ec      string
}

// throttlings returns the documented ones. Status, codes and messages are documented:
// https://help.aliyun.com/en/oss/user-guide/http-status-code-503 and
// https://help.aliyun.com/en/oss/user-guide/429-error (some editions of the first end the messages with a full stop,
// some do not). SlowDown, the word of S3, is on neither page.
//
// The pages of the ECs say what was exceeded, but not with which code they come
// (https://help.aliyun.com/en/oss/user-guide/0004-00000302: requests per second of the account,
// https://help.aliyun.com/en/oss/user-guide/0004-00000402: download bandwidth): that they belong to the codes below is
// assumed, for both pages speak of the same limits. For the others none was found.
//
// No page tells of a Retry-After, and neither SDK reads one, so none is sent. The header x-oss-qos-delay-time is
// documented beside the limits of bandwidth (https://www.alibabacloud.com/help/doc-detail/283216.htm), and the tests of
// the older SDK assert it on uploads that succeed slowly; that it comes with an error is not known, so it is not sent.
func throttlings() []throttling {
	const busy = http.StatusServiceUnavailable
	return []throttling{
		{busy, "MetaOperationQpsLimitExceeded", "Qps limit for the meta operation is exceeded.", ""},
		{busy, "TotalQpsLimitExceeded", "Max total qps limit is exceeded.", "0004-00000302"},
		{busy, "ActiveRequestLimitExceeded", "Max active request limit is exceeded.", ""},
		{busy, "DownloadTrafficRateLimitExceeded", "Please reduce your download request traffic.", "0004-00000402"},
		{busy, "UploadTrafficRateLimitExceeded", "Please reduce your upload request traffic.", ""},
		{busy, "CpuLimitExceeded", "Please reduce your request rate.", ""},
		{http.StatusTooManyRequests, "QpsLimitExceeded", "Please reduce your request rate.", ""},
	}
}

// findThrottling returns the throttling of a code, the default one for none.
func findThrottling(code string) (throttling, bool) {
	if code == "" {
		code = DefaultThrottleCode
	}
	for _, t := range throttlings() {
		if t.code == code {
			return t, true
		}
	}
	return throttling{}, false
}

// throttleCodes lists the codes for an error message.
func throttleCodes() string {
	var codes []string
	for _, t := range throttlings() {
		codes = append(codes, t.code)
	}
	return strings.Join(codes, ", ")
}
