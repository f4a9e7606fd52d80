package signer

import (
	"strings"

	"github.com/ossconf/ossconf/internal/ascii"
)

// readHeader reads a signature that stands in the Authorization header.
func (v *Verifier) readHeader(r *Received) (claim, *ServiceError) {
	var c claim
	const message = "Authorization header is invalid." // observed; the ECs are documented
	value, count := find(r.Headers, nameAuthorization)
	version, rest, _ := strings.Cut(trim(value), " ")
	if count > 1 || version != Algorithm {
		return c, invalidArgument(message, "0002-00000202")
	}
	parts, ok := authorizationParts(rest)
	credential, hasCredential := parts["Credential"]
	additional, hasAdditional := parts["AdditionalHeaders"]
	signature, hasSignature := parts["Signature"]
	switch {
	case !ok:
		return c, invalidArgument(message, "0002-00000202")
	case !hasCredential:
		return c, invalidArgument(message, "0002-00000205")
	case !hasSignature:
		return c, invalidArgument(message, "0002-00000207")
	case signature == "":
		return c, invalidArgument(message, "0002-00000208")
	case hasAdditional && additional == "":
		return c, invalidArgument(message, "0002-00000209")
	case hasAdditional && emptyName(additional):
		return c, invalidArgument(message, "0002-00000210")
	}
	c.signature, c.additional = signature, additional
	if fault := v.readCredential(&c, credential, headerCredentialErrors); fault != nil {
		return c, fault
	}
	if fault := checkAdditional(additional, message); fault != nil {
		return c, fault
	}
	if fault := checkContentSHA256(r.Headers, true); fault != nil {
		return c, fault
	}
	c.token, _ = find(r.Headers, nameToken)
	c.token = trim(c.token)
	return c, c.readTime(r.Headers)
}

// authorizationParts splits Credential=…,AdditionalHeaders=…,Signature=…; documents put a blank behind the commas.
func authorizationParts(s string) (parts map[string]string, ok bool) {
	parts = make(map[string]string, 3)
	for item := range strings.SplitSeq(s, ",") {
		name, value, found := strings.Cut(trim(item), "=")
		if _, twice := parts[name]; !found || twice {
			return parts, false
		}
		if name != "Credential" && name != "AdditionalHeaders" && name != "Signature" {
			return parts, false
		}
		parts[name] = value
	}
	return parts, true
}

// emptyName reports whether one of the names in a list is empty.
func emptyName(list string) bool {
	return strings.HasPrefix(list, ";") || strings.HasSuffix(list, ";") || list == "" || strings.Contains(list, ";;")
}

// checkAdditional refuses a list that is not written as it has to be signed, in lower case and sorted: the documents
// demand it, and nothing but the list itself tells a verifier which headers it has to take.
func checkAdditional(list, message string) *ServiceError {
	last := ""
	for list != "" {
		var name string
		name, list, _ = strings.Cut(list, ";")
		if !token(name) || name <= last || ascii.Lower(name) != name || name == "authorization" {
			return invalidArgument(message, "")
		}
		last = name
	}
	return nil
}

// checkContentSHA256 refuses every x-oss-content-sha256 but UNSIGNED-PAYLOAD, the only one documented. What OSS answers
// is not known.
func checkContentSHA256(headers []Field, required bool) *ServiceError {
	count := 0
	for _, h := range headers {
		if ascii.EqualFold(h.Name, nameContentSHA256) {
			count++
			if trim(h.Value) != UnsignedPayload {
				required, count = true, 0
				break
			}
		}
	}
	if required && count != 1 {
		return invalidArgument("The x-oss-content-sha256 header has to be UNSIGNED-PAYLOAD.", "")
	}
	return nil
}

// readTime finds the time of a request that carries its signature in the header. x-oss-date goes first. Without it
// the Date header counts: Go SDK v1 signs its text, the Android SDK signs the same time in the form of x-oss-date.
// The documents want an HTTP date in Date; the form of x-oss-date is accepted there too, because clients send it.
func (c *claim) readTime(headers []Field) *ServiceError {
	invalid := func(ec string) *ServiceError { // observed without EC; the ECs are documented
		return accessDenied("OSS authentication requires a valid Date.", ec)
	}
	value, count := find(headers, nameDate)
	if count == 0 {
		if value, count = find(headers, "Date"); count == 0 {
			return invalid("0002-00000503")
		}
		if t, ok := parseHTTPDate(trim(value)); ok && count == 1 {
			c.time, c.line2, c.iso = t, trim(value), string(appendTime(nil, t))
			return nil
		}
	}
	t, ok := parseTime(trim(value))
	if !ok || count != 1 {
		return invalid("0002-00000502")
	}
	c.time, c.line2 = t, trim(value)
	return nil
}

// checkTime compares the time of a claim with its scope and the server's clock.
func (c *claim) checkTime(r *Received, server int64) *ServiceError {
	if days, _ := parseDate(c.day); days*86400 > c.time || c.time >= (days+1)*86400 {
		if c.presigned { // documented for a date that cannot be read; that the two have to agree is documented, its EC is not
			return invalidArgument(queryCredentialErrors().date.Message, "")
		}
		return invalidArgument(headerCredentialErrors().date.Message, "")
	}
	if !c.presigned {
		if server-c.time > MaxSkew || c.time-server > MaxSkew {
			return skewed(c.time, server)
		}
		return nil
	}
	value, _ := find(r.Query, nameExpires)
	seconds, _ := digits(value)
	if c.time-server > MaxSkew {
		return early(c.time, server)
	}
	if server > c.time+seconds {
		return expired(c.time+seconds, server)
	}
	return nil
}
