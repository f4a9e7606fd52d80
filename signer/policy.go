package signer

import (
	"github.com/ossconf/ossconf/internal/ascii"
	"github.com/ossconf/ossconf/jsoncodec"
)

// invalidPolicy is documented as a code of PostObject, without EC; the message is ours.
func invalidPolicy(message string) *ServiceError {
	return &ServiceError{Status: 400, Code: "InvalidPolicyDocument", Message: message}
}

// conditionFailed has the code and the beginning of the message that PostObject's document gives. The pages of the ECs
// tell the case and not the code; that they belong together is inferred.
func conditionFailed(what, ec string) *ServiceError {
	return accessDenied("Invalid according to Policy: "+what, ec)
}

// checkPolicy reads a policy as far as the signature rests on it: it has to be in force, and its conditions have to
// repeat the version, the credential, the date and the token of the form. The date is signed in no other place.
func (c *claim) checkPolicy(text, credential, when string, server int64) *ServiceError {
	policy, err := jsoncodec.Parse(text)
	if err != nil || policy.Kind() != jsoncodec.Object {
		return invalidPolicy("The policy is not base64 of a JSON object.")
	}
	end, ok := parseExpiration(textOf(member(policy, "expiration")))
	if !ok {
		return invalidPolicy("The policy has no expiration of the form 2025-04-17T14:13:18.000Z.")
	}
	if server > end {
		e := conditionFailed("Policy expired.", "0006-00000213")
		e.Expires, e.ServerTime = serverTime(end), serverTime(server)
		return e
	}
	conditions := member(policy, "conditions")
	if conditions.Kind() != jsoncodec.Array {
		return invalidPolicy("The policy has no list of conditions.")
	}
	repeats := [...]Field{{nameVersion, Algorithm}, {nameCredential, credential}, {nameDate, when}, {nameToken, c.token}}
	for _, f := range repeats {
		switch count := countCondition(conditions, f); {
		case count < 0:
			return conditionFailed("Policy Condition failed: "+f.Name, "0006-00000227")
		case count == 0 && f.Name != nameToken: // no page tells this case
			return conditionFailed("Policy Condition failed: "+f.Name, "")
		}
	}
	return nil
}

// countCondition returns how many conditions demand the value of a field, or -1 if one demands another.
func countCondition(conditions jsoncodec.Value, f Field) (count int) {
	for c := conditions.First(); c.OK(); c = c.Next() {
		name, value := condition(c)
		if !ascii.EqualFold(name, f.Name) {
			continue
		}
		if value.Kind() != jsoncodec.String || value.Text() != f.Value {
			return -1
		}
		count++
	}
	return count
}

// condition returns the field that {"NAME":"VALUE"} or ["eq","$NAME","VALUE"] is about, and the value it demands. The
// name of any other condition is empty.
func condition(c jsoncodec.Value) (name string, value jsoncodec.Value) {
	first := c.First()
	switch {
	case !first.OK():
		return "", first
	case c.Kind() == jsoncodec.Object:
		return first.Name(), first
	case textOf(first) != "eq" || !first.Next().OK():
		return "", first
	}
	variable := first.Next()
	if name = textOf(variable); name == "" || name[0] != '$' {
		return "", first
	}
	return name[1:], variable.Next()
}

// textOf returns a string, and nothing for what is none.
func textOf(v jsoncodec.Value) string {
	if v.Kind() != jsoncodec.String {
		return ""
	}
	return v.Text()
}

// member returns the member of an object, or no value.
func member(object jsoncodec.Value, name string) jsoncodec.Value {
	m := object.First()
	for m.OK() && m.Name() != name {
		m = m.Next()
	}
	return m
}

// parseExpiration reads the time that ends a policy, 2025-04-17T14:13:18.000Z or without the fraction.
func parseExpiration(s string) (unix int64, ok bool) {
	const seconds = len("2006-01-02T15:04:05")
	if len(s) < seconds+1 || s[4] != '-' || s[7] != '-' || s[10] != 'T' || s[13] != ':' || s[16] != ':' {
		return 0, false
	}
	if rest := s[seconds:]; rest != "Z" {
		if len(rest) < 3 || rest[0] != '.' || rest[len(rest)-1] != 'Z' {
			return 0, false
		}
		if _, ok := digits(rest[1 : len(rest)-1]); !ok {
			return 0, false
		}
	}
	return parseTime(s[:4] + s[5:7] + s[8:10] + "T" + s[11:13] + s[14:16] + s[17:19] + "Z")
}
