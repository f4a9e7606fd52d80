package signer

import (
	"errors"
	"strconv"
)

// ErrAnonymous is the cause of the [ServiceError] for a request that carries no signature at all. Whoever serves
// something that is public lets it pass.
var ErrAnonymous = errors.New("request without a signature")

// A ServiceError is the answer OSS gives to a request whose signature it does not accept. The fields are named as the
// elements of OSS's error document; those that a code does not have are empty.
//
// Code, message and EC come from the reference pages of the ECs (0002-00000201 and so on, help.aliyun.com and
// alibabacloud.com) and from answers of the real service that were published with bug reports. Where a page states a
// case without its code, the code is InvalidArgument, which every published answer of that group has, and the message
// is ours. EC is empty where no page and no answer states one.
//
// CanonicalRequest repeats the security token of a request that has one, as OSS's own answer does: keep it out of logs.
type ServiceError struct {
	Status  int    // HTTP status
	Code    string // such as SignatureDoesNotMatch
	Message string
	EC      string // such as 0002-00000201

	OSSAccessKeyID    string
	SignatureProvided string
	StringToSign      string
	StringToSignBytes string // upper-case hexadecimal, a blank between two bytes
	CanonicalRequest  string

	RequestTime                string // 2025-04-10T11:00:57.000Z
	ServerTime                 string
	MaxAllowedSkewMilliseconds int
	Expires                    string // end of the life of a presigned URL, as RequestTime

	Err error // ErrAnonymous or nil
}

// Error returns status, code, EC and message, and nothing of the request.
func (e *ServiceError) Error() string {
	s := "signer: " + strconv.Itoa(e.Status) + " " + e.Code
	if e.EC != "" {
		s += " (EC " + e.EC + ")"
	}
	return s + ": " + e.Message
}

// Unwrap returns the cause, if there is one.
func (e *ServiceError) Unwrap() error { return e.Err }

func invalidArgument(message, ec string) *ServiceError {
	return &ServiceError{Status: 400, Code: "InvalidArgument", Message: message, EC: ec}
}

func accessDenied(message, ec string) *ServiceError {
	return &ServiceError{Status: 403, Code: "AccessDenied", Message: message, EC: ec}
}

func anonymous() *ServiceError {
	e := accessDenied("Anonymous access is forbidden for this operation.", "0003-00000905") // documented
	e.Err = ErrAnonymous
	return e
}

func unknownAccessKey(id string) *ServiceError { // observed
	return &ServiceError{
		Status: 403, Code: "InvalidAccessKeyId", EC: "0002-00000902", OSSAccessKeyID: id,
		Message: "The OSS Access Key Id you provided does not exist in our records.",
	}
}

func wrongToken() *ServiceError { // observed
	return &ServiceError{
		Status: 403, Code: "InvalidSecurityToken", EC: "0002-00000006",
		Message: "The security token you provided is invalid.",
	}
}

func mismatch(ec, id, provided, canonical, stringToSign string) *ServiceError { // observed; EC documented
	return &ServiceError{
		Status: 403, Code: "SignatureDoesNotMatch", EC: ec,
		Message:        "The request signature we calculated does not match the signature you provided. Check your key and signing method.",
		OSSAccessKeyID: id, SignatureProvided: provided, CanonicalRequest: canonical,
		StringToSign: stringToSign, StringToSignBytes: spacedHex(stringToSign),
	}
}

func skewed(request, server int64) *ServiceError { // documented with its elements
	return &ServiceError{
		Status: 403, Code: "RequestTimeTooSkewed", EC: "0002-00000504",
		Message:     "The difference between the request time and the current time is too large.",
		RequestTime: serverTime(request), ServerTime: serverTime(server), MaxAllowedSkewMilliseconds: MaxSkew * 1000,
	}
}

// expired is documented as a case (the EC); code, message and the two times are those observed for the presigned URLs
// of the older signature.
func expired(expires, server int64) *ServiceError {
	e := accessDenied("Request has expired.", "0002-00000236")
	e.Expires, e.ServerTime = serverTime(expires), serverTime(server)
	return e
}

// early is documented as a case (the EC); code and message are assumed by analogy with expired.
func early(request, server int64) *ServiceError {
	e := accessDenied("Request is not valid yet.", "0002-00000235")
	e.RequestTime, e.ServerTime = serverTime(request), serverTime(server)
	return e
}

// credentialErrors are the answers to a credential that is not right, by where it stands.
type credentialErrors struct {
	form, id, date, region, product *ServiceError
}

// Documented but for what is marked. OSS documents the values that stand in the query and the form one by one; for
// region and product there only the message of the region is known.
func headerCredentialErrors() credentialErrors {
	const message = "Invalid credential in Authorization header." // observed
	return credentialErrors{
		form:    invalidArgument(message, "0002-00000213"),
		id:      invalidArgument(message, "0002-00000206"),
		date:    invalidArgument(message, "0002-00000212"),
		region:  invalidArgument("Invalid signing region in Authorization header.", "0002-00000226"),  // observed
		product: invalidArgument("Invalid signing product in Authorization header.", "0002-00000227"), // observed
	}
}

func queryCredentialErrors() credentialErrors {
	const message = "The x-oss-credential parameter is invalid."
	return credentialErrors{
		form:    invalidArgument(message, "0002-00000224"),
		id:      invalidArgument(message, "0002-00000222"),
		date:    invalidArgument(message, "0002-00000223"),
		region:  invalidArgument("The signing region in credential is invalid.", ""), // observed without its EC
		product: invalidArgument("The signing product in credential is invalid.", ""),
	}
}

func formCredentialErrors() credentialErrors {
	e := queryCredentialErrors()
	const message = "The x-oss-credential field is invalid."
	e.form = invalidArgument(message, "0002-00000710")
	e.id = invalidArgument(message, "0002-00000710")
	e.date = invalidArgument(message, "0002-00000709")
	return e
}

func serverTime(unix int64) string { return string(appendServerTime(nil, unix)) }

func spacedHex(s string) string {
	b := make([]byte, 0, 3*len(s))
	for i := range len(s) {
		if i > 0 {
			b = append(b, ' ')
		}
		b = append(b, upperHex[s[i]>>4], upperHex[s[i]&15])
	}
	return string(b)
}
