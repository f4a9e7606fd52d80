package signer

// VerifyPost checks the signature of an HTML form that arrives at the time now. It takes the fields before file, whose
// names are in any case, and returns errors as [Verifier.Verify] does. Of the policy it checks what the signature rests
// on: that it has not expired, and that its conditions repeat x-oss-signature-version, x-oss-credential and x-oss-date,
// as the document of the signature demands. Whether the other conditions hold, those on bucket, key and content, is for
// the caller to check; Verified.Policy has them.
//
// How long a form lives is written in its policy, so its x-oss-date may lie as far back as the policy lets it.
func (v *Verifier) VerifyPost(form []Field, now string) (Verified, error) {
	server, err := checkNow(now)
	if err != nil {
		return Verified{}, err
	}
	size := Request{Query: form}
	if len(form) > maxFields || size.size() > maxInput {
		return Verified{}, &Error{Field: "form", Hint: "accept at most 1 MiB and 1000 fields", Err: ErrTooLarge}
	}
	policy, policies := find(form, "policy")
	signature, signatures := find(form, nameSignature)
	if _, credentials := find(form, nameCredential); policies+signatures+credentials == 0 {
		return Verified{}, anonymous()
	}
	c, fault := v.readForm(form, policies, signatures, signature)
	out := Verified{AccessKeyID: c.id, StringToSign: policy}
	if fault != nil {
		return out, fault
	}
	out.Policy, _ = decodeBase64(policy) // what is not base64 is no JSON either
	if c.time-server > MaxSkew {         // assumed, as for a presigned URL
		return out, early(c.time, server)
	}
	known, fault := v.lookup(&c)
	if fault != nil {
		return out, fault
	}
	if !v.signs(known, &c, policy) {
		return out, mismatch("0002-00000705", c.id, c.signature, "", policy)
	}
	credential, _ := find(form, nameCredential)
	when, _ := find(form, nameDate)
	if fault := c.checkPolicy(out.Policy, credential, when, server); fault != nil {
		return out, fault
	}
	return out, nil
}

// readForm reads the signature of a form. The ECs are documented, the messages are ours.
func (v *Verifier) readForm(form []Field, policies, signatures int, signature string) (claim, *ServiceError) {
	c := claim{signature: signature}
	version, versions := find(form, nameVersion)
	credential, credentials := find(form, nameCredential)
	when, dates := find(form, nameDate)
	token, tokens := find(form, nameToken)
	t, valid := parseTime(when)
	switch {
	case signatures == 0:
		return c, invalidArgument("The x-oss-signature field is missing.", "0002-00000703")
	case signature == "":
		return c, invalidArgument("The x-oss-signature field is empty.", "0002-00000704")
	case policies > 1 || signatures > 1 || versions > 1 || credentials > 1 || dates > 1 || tokens > 1:
		return c, invalidArgument("A field of the signature is given twice.", "")
	case policies == 0:
		return c, invalidArgument("The policy field is missing.", "")
	case version != Algorithm:
		return c, invalidArgument("The x-oss-signature-version field has to be OSS4-HMAC-SHA256.", "")
	case !valid:
		return c, invalidArgument("The x-oss-date field has to be of the form 20250417T131318Z.", "")
	}
	c.time, c.token = t, token
	if fault := v.readCredential(&c, credential, formCredentialErrors); fault != nil {
		return c, fault
	}
	if c.day != when[:8] {
		return c, formCredentialErrors().date
	}
	return c, nil
}
