package signer

// hasSignature reports whether a query is meant to carry a signature.
func hasSignature(query []Field) bool {
	for i := range query {
		switch query[i].Name {
		case nameSignature, nameVersion, nameCredential:
			return true
		}
	}
	return false
}

// readQuery reads a signature that stands in the query. The ECs are documented, the messages are ours.
func (v *Verifier) readQuery(r *Received) (claim, *ServiceError) {
	c := claim{presigned: true}
	get := func(name string) (value string, found bool) {
		for i := range r.Query {
			if r.Query[i].Name == name {
				return r.Query[i].Value, true
			}
		}
		return "", false
	}
	version, _ := get(nameVersion)
	credential, hasCredential := get(nameCredential)
	expires, hasExpires := get(nameExpires)
	when, _ := get(nameDate)
	additional, hasAdditional := get(nameAdditional)
	signature, hasSignature := get(nameSignature)
	seconds, numeric := digits(expires)
	t, valid := parseTime(when)
	switch {
	case version != Algorithm:
		return c, invalidArgument("The x-oss-signature-version parameter has to be OSS4-HMAC-SHA256.", "")
	case !hasExpires:
		return c, invalidArgument("The x-oss-expires parameter is missing.", "0002-00000215")
	case expires == "":
		return c, invalidArgument("The x-oss-expires parameter is empty.", "0002-00000216")
	case !hasCredential:
		return c, invalidArgument("The x-oss-credential parameter is missing.", "0002-00000217")
	case trim(credential) == "":
		return c, invalidArgument("The x-oss-credential parameter is empty.", "0002-00000218")
	case !hasSignature:
		return c, invalidArgument("The x-oss-signature parameter is missing.", "0002-00000219")
	case signature == "":
		return c, invalidArgument("The x-oss-signature parameter is empty.", "0002-00000220")
	case !numeric || len(expires) > 10 || seconds < 1 || seconds > MaxExpires:
		return c, invalidArgument("The x-oss-expires parameter has to be 1 to 604800 seconds.", "0002-00000232")
	case !valid:
		return c, invalidArgument("The x-oss-date parameter has to be of the form 20250417T131318Z.", "")
	case hasAdditional && emptyName(additional):
		return c, invalidArgument("The x-oss-additional-headers parameter is invalid.", "")
	}
	c.time, c.line2, c.additional, c.signature = t, when, additional, signature
	if fault := v.readCredential(&c, credential, queryCredentialErrors); fault != nil {
		return c, fault
	}
	if fault := checkAdditional(additional, "The x-oss-additional-headers parameter is invalid."); fault != nil {
		return c, fault
	}
	if fault := checkContentSHA256(r.Headers, false); fault != nil {
		return c, fault
	}
	c.token, _ = get(nameToken)
	if c.token == "" { // as the Android SDK names it
		c.token, _ = get("security-token")
	}
	return c, nil
}

// repeated reports whether a parameter is given twice. SDKs sign that differently; what OSS does is not known.
func repeated(query []Field) bool {
	if checkTwice(query) != nil {
		return true
	}
	signatures := 0
	for i := range query {
		if query[i].Name == nameSignature {
			signatures++
		}
	}
	return signatures > 1
}
