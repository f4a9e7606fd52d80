package postform_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ossconf/ossconf/fixtures"
	"github.com/ossconf/ossconf/harness/mockoss/internal/postform"
	"github.com/ossconf/ossconf/jsoncodec"
	"github.com/ossconf/ossconf/signer"
)

// policy wraps conditions.
func policy(conditions string) string {
	return `{"expiration":"2120-01-01T12:00:00.000Z","conditions":[` + conditions + `]}`
}

// The policies of the documents, with forms that they let pass and forms that they do not.
func TestCheckPublished(t *testing.T) {
	// EC 0006-00000204, and PostObject's appendix in its present form.
	const all = `{ "expiration": "2014-12-01T12:00:00.000Z", "conditions": [ {"bucket": "johnsmith" },
		["content-length-range", 1, 10], ["eq", "$success_action_status", "201"], ["starts-with", "$key", "user/eric/"],
		["in", "$content-type", ["image/jpeg", "image/png"]], ["not-in", "$cache-control", ["no-cache"]] ] }`
	// PostObject's appendix as it was.
	const old = `{ "expiration": "2014-12-01T12:00:00.000Z",
  "conditions": [
    {"bucket": "johnsmith" },
    ["starts-with", "$key", "user/eric/"]
  ]
}`
	// EC 0006-00000227: the field is named without $, and the answer that is printed has one.
	const status = `{ "expiration": "2023-02-19T13:19:00.000Z", "conditions": [ ["eq", "success_action_status", "200"] ] }`
	image := func(change ...string) []string {
		parts := []string{field("key", "user/eric/${filename}"), field("success_action_status", "201"),
			field("Cache-Control", "max-age=9"),
			fieldHead + "\"file\"; filename=\"p\"\r\nContent-Type: image/png\r\n\r\n0123456789"}
		for i := 0; i < len(change); i += 2 {
			for j := range parts {
				parts[j] = strings.ReplaceAll(parts[j], change[i], change[i+1])
			}
		}
		return parts
	}
	failed := func(condition string) string {
		return "Invalid according to Policy: Policy Condition failed: " + condition
	}
	for _, test := range []struct {
		name, policy, bucket string
		form                 []string
		code, message, ec    string
	}{
		{"all", all, "johnsmith", image(), "", "", ""},
		{"1 byte", all, "johnsmith", image("0123456789", "0"), "", "", ""},
		{"bucket", all, "johnsmyth", image(), "AccessDenied", failed(`["eq", "$bucket", "johnsmith"]`), "0006-00000227"},
		{"too large", all, "johnsmith", image("0123456789", "0123456789a"), "EntityTooLarge",
			"Your proposed upload exceeds the maximum allowed size.", "0006-00000003"},
		{"too small", all, "johnsmith", image("0123456789", ""), "EntityTooSmall",
			"Your proposed upload smaller than the minimum allowed size.", "0006-00000004"},
		{"status", all, "johnsmith", image("201", "200"), "AccessDenied",
			failed(`["eq", "$success_action_status", "201"]`), "0006-00000227"},
		{"no status", all, "johnsmith", image("success_action_status", "status"), "AccessDenied",
			failed(`["eq", "$success_action_status", "201"]`), "0006-00000226"},
		{"key", all, "johnsmith", image("user/eric", "user/Eric"), "AccessDenied",
			failed(`["starts-with", "$key", "user/eric/"]`), "0006-00000227"},
		{"type", all, "johnsmith", image("image/png", "image/gif"), "AccessDenied",
			failed(`["in", "$content-type", ["image/jpeg", "image/png"]]`), "0006-00000227"},
		{"cache", all, "johnsmith", image("max-age=9", "no-cache"), "AccessDenied",
			failed(`["not-in", "$cache-control", ["no-cache"]]`), "0006-00000227"},
		{"no cache", all, "johnsmith", image("Cache-Control", "Cache"), "AccessDenied",
			failed(`["not-in", "$cache-control", ["no-cache"]]`), "0006-00000226"},

		{"old", old, "johnsmith", image(), "", "", ""},
		{"old bucket", old, "eric", image(), "AccessDenied", failed(`["eq", "$bucket", "johnsmith"]`), "0006-00000227"},
		{"old key", old, "johnsmith", image("user/eric/", ""), "AccessDenied",
			failed(`["starts-with", "$key", "user/eric/"]`), "0006-00000227"},

		{"without $", status, "b", image("201", "200"), "", "", ""},
		{"without $, another", status, "b", image(), "AccessDenied", failed(`["eq", "$success_action_status", "200"]`),
			"0006-00000227"},

		// The frequently asked questions of the errors of PostObject.
		{"bucket as a list", policy(`["eq", "$bucket", "md-hz"], ["starts-with", "$key", "user/"], ["content-length-range", 0, 104857600]`),
			"md-hz", image(), "", "", ""},
		// An answer published with a report: a token that is demanded empty, in a form without one.
		{"empty token", policy(`{"x-oss-security-token":""}`), "b", image(), "AccessDenied",
			failed(`["eq", "$x-oss-security-token", ""]`), "0006-00000226"},
	} {
		t.Run(test.name, func(t *testing.T) {
			err := postform.Check(test.policy, read(t, test.form...), test.bucket)
			got := [3]string{}
			var e *postform.Error
			if errors.As(err, &e) {
				got = [3]string{e.Code, e.Message, e.EC}
				if want := map[bool]int{true: 403, false: 400}[e.Code == "AccessDenied"]; e.Status != want {
					t.Errorf("status %d", e.Status)
				}
			} else if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff([3]string{test.code, test.message, test.ec}, got); diff != "" {
				t.Errorf("code, message, EC (-want +got):\n%s", diff)
			}
		})
	}
}

func TestCheckNames(t *testing.T) {
	plain := []string{field("Key", "dir/${filename}"), field("X-OSS-Meta-A", "1"), field("tag", "a"), field("tag",
		"ab"), file("n", "x")}
	typed := func(part string, more ...string) []string {
		return append(append([]string{field("key", "a")}, more...), fieldHead+"\"file\"\r\n"+part+"\r\nx")
	}
	for _, test := range []struct {
		name, condition string
		form            []string
		ok              bool
	}{
		{"case of names", `["eq","$KEY","dir/${filename}"]`, plain, true},
		{"case of values", `["eq","$key","Dir/${filename}"]`, plain, false},
		{"the key before its name is filled in", `["eq","$key","dir/n"]`, plain, false},
		{"metadata", `{"x-oss-meta-a":"1"}`, plain, true},
		{"object with $", `{"$x-oss-meta-a":"1"}`, plain, true},
		{"any prefix", `["starts-with","$x-oss-meta-a",""]`, plain, true},
		{"any prefix of nothing", `["starts-with","$x-oss-meta-b",""]`, plain, false},
		{"both of two", `["starts-with","$tag","a"]`, plain, true},
		{"one of two", `["eq","$tag","a"]`, plain, false},
		{"none of two", `["not-in","$tag",["ab"]]`, plain, false},
		{"in nothing", `["in","$tag",[]]`, plain, false},
		{"not in nothing", `["not-in","$tag",[]]`, plain, true},
		{"the file is no field", `["starts-with","$file",""]`, plain, false},
		{"an escape", `["eq","$ke\u0079","dir\/\u0024{filename}"]`, plain, true},
		{"a bucket in the form", `{"bucket":"b"}`, append([]string{field("bucket", "c")}, plain...), true},
		{"no length, one byte", `["content-length-range",0,1]`, plain, true},
		{"just one byte", `["content-length-range",1,1]`, plain, true},
		{"a huge length", `["content-length-range",0,9223372036854775807]`, plain, true},

		{"the type of the file", `["eq","$content-type","a/b"]`, typed("Content-Type: a/b\r\n"), true},
		{"before that of the form", `["eq","$content-type","c/d"]`, typed("Content-Type: a/b\r\n", field("content-type",
			"c/d")), false},
		{"that of the form", `["eq","$Content-Type","c/d"]`, typed("", field("content-type", "c/d")), true},
		{"x-oss-content-type before all", `["eq","$content-type","a/b"]`,
			typed("Content-Type: a/b\r\n", field("content-type", "a/b"), field("x-oss-content-type", "e/f")), false},
		{"x-oss-content-type by itself", `["eq","$x-oss-content-type","e/f"]`, typed("", field("x-oss-content-type",
			"e/f")), true},
		{"no type", `["starts-with","$content-type",""]`, typed(""), false},
		{"no lists of types", `["starts-with","$content-type","image/"]`,
			typed("Content-Type: image/png,text/html\r\n"), true},
	} {
		err := postform.Check(policy(test.condition), read(t, test.form...), "b")
		if test.ok && err != nil || !test.ok && !errors.Is(err, postform.ErrCondition) {
			t.Errorf("%s: %v", test.name, err)
		}
	}
}

// The first condition that does not hold is the one that is told.
func TestCheckPlace(t *testing.T) {
	err := postform.Check(policy(`{"key":"a"},["eq","$key","b"],["eq","$key","c"]`), read(t, field("key", "a"),
		file("f", "")), "b")
	refused(t, err, postform.Error{Status: 403, Code: "AccessDenied", EC: "0006-00000227", Place: "conditions[1]",
		Err:     postform.ErrCondition,
		Message: `Invalid according to Policy: Policy Condition failed: ["eq", "$key", "b"]`})
	err = postform.Check(policy(`["content-length-range",3,4]`), read(t, field("key", "a"), file("f", "12345")), "b")
	refused(t, err, postform.Error{Status: 400, Code: "EntityTooLarge", EC: "0006-00000003", Place: "conditions[0]",
		Err:     postform.ErrFileTooLarge,
		Message: "Your proposed upload exceeds the maximum allowed size.",
		Details: []signer.Field{{Name: "MaxSizeAllowed", Value: "4"}, {Name: "ProposedSize", Value: "5"}}})
	err = postform.Check(policy(`["content-length-range",3,4]`), read(t, field("key", "a"), file("f", "12")), "b")
	refused(t, err, postform.Error{Status: 400, Code: "EntityTooSmall", EC: "0006-00000004", Place: "conditions[0]",
		Err:     postform.ErrFileTooSmall,
		Message: "Your proposed upload smaller than the minimum allowed size.",
		Details: []signer.Field{{Name: "MinSizeAllowed", Value: "3"}, {Name: "ProposedSize", Value: "2"}}})
}

func TestCheckMalformed(t *testing.T) {
	form := read(t, field("key", "a"), file("f", "x"))
	const one = "Invalid Simple-Condition: Simple-Conditions must have exactly one property specified."
	const size = "Invalid content-length-range: "
	for _, test := range []struct{ name, policy, message, ec, place string }{
		// The policies of the pages of the ECs.
		{"206", `{"test": "test", "expiration": "2023-02-19T13:19:00.000Z", "conditions": [["content-length-range", 0, 1048576000]]}`,
			`Unexpected member "test".`, "0006-00000206", ""},
		{"207", `{"expiration": "2023-02-19T13:19:00.000Z"}`, "Policy missing conditions.", "0006-00000207", ""},
		{"214", `{"expiration": "2023-02-19T13:19:00.000Z", "conditions": 123}`, "Conditions must be a list.",
			"0006-00000214", "conditions"},
		{"215", policy(""), one, "0006-00000215", "conditions"},
		{"216", policy(`["$key"], ["content-length-range", 0, 1048576000]`), "A condition has no matching mode.",
			"0006-00000216", "conditions[0]"},
		{"217", policy(`["ends-with", "$key", "user/user1"]`), `Unknown matching mode "ends-with".`, "0006-00000217",
			"conditions[0]"},
		{"218", policy(`["starts-with", "$key", "user/user1", "test"]`),
			"A condition starts-with has to have two arguments.", "0006-00000218", "conditions[0]"},
		{"219", policy(`["content-length-range", 20, 10]`), size + "the maximum is less than the minimum.",
			"0006-00000219", "conditions[0]"},
		{"220", policy(`["content-length-range", "test", 10]`), size + "the minimum must be a positive integer.",
			"0006-00000220", "conditions[0]"},
		{"221", policy(`["content-length-range", 10, "test"]`), size + "the maximum must be a positive integer.",
			"0006-00000221", "conditions[0]"},
		{"222", policy(`123, ["content-length-range", 10, 1024]`), "Conditions must be objects or lists.",
			"0006-00000222", "conditions[0]"},
		{"223", policy(`["content-length-range", [1], "test"]`), size + "sizes must be integers.", "0006-00000223",
			"conditions[0]"},
		{"224", policy(`["not-in", "cache-control", "no-cache"]`),
			"Invalid Condition: the value of not-in must be a list.", "0006-00000224", "conditions[0]"},

		{"no JSON", "expiration", "Invalid JSON: no value of JSON.", "0006-00000204", "policy, line 1, column 1"},
		{"empty", "", "Invalid JSON: the text ends where a value has to stand.", "0006-00000204",
			"policy, line 1, column 1"},
		{"a list", "[]", "Invalid JSON: the policy has to be an object.", "0006-00000204", ""},
		{"more behind it", policy(`{"key":"a"}`) + "\n{}", "Invalid JSON: more than white space behind the value.",
			"0006-00000204", "policy, line 2, column 1"},
		{"conditions twice", `{"conditions":[{"key":"b"}],` + policy(`{"key":"a"}`)[1:],
			"Invalid JSON: a name that the object has already.",
			"0006-00000204", "policy, line 1, column 69"},
		{"a name twice", policy(`{"key":"a","key":"a"}`), "Invalid JSON: a name that the object has already.",
			"0006-00000204", "policy, line 1, column 67"},
		{"an escaped dollar", policy(`["eq","$key","\$"]`), "Invalid JSON: an escape that JSON does not know.",
			"0006-00000204",
			"policy, line 1, column 70"},
		{"a name in another case", strings.Replace(policy(`{"key":"a"}`), "conditions", "Conditions", 1),
			`Unexpected member "Conditions".`, "0006-00000206", ""},
		{"null", `{"conditions":null}`, "Conditions must be a list.", "0006-00000214", "conditions"},
		{"an empty object", policy(`{"key":"a"},{}`), one, "", "conditions[1]"},
		{"two members", policy(`{"key":"a","bucket":"b"}`), one, "", "conditions[0]"},
		{"a number for a value", policy(`{"key":1}`), "Invalid Condition: the value must be a string.", "0006-00000224",
			"conditions[0]"},
		{"an empty list", policy(`[]`), "A condition has no matching mode.", "0006-00000216", "conditions[0]"},
		{"a number for an operator", policy(`[1,"$key","a"]`), "A condition has no matching mode.", "0006-00000216",
			"conditions[0]"},
		{"case of operators", policy(`["EQ","$key","a"]`), `Unknown matching mode "EQ".`, "0006-00000217",
			"conditions[0]"},
		{"one argument", policy(`["eq","$key"]`), "A condition eq has to have two arguments.", "0006-00000218",
			"conditions[0]"},
		{"one size", policy(`["content-length-range",1]`),
			"A condition content-length-range has to have two arguments.", "0006-00000218", "conditions[0]"},
		{"a number for a field", policy(`["eq",1,"a"]`), "Invalid Condition: the field must be a string.",
			"0006-00000224", "conditions[0]"},
		{"a list for eq", policy(`["eq","$key",["a"]]`), "Invalid Condition: the value of eq must be a string.",
			"0006-00000224", "conditions[0]"},
		{"a number in a list", policy(`["in","$key",["a",1]]`), "Invalid Condition: each value of in must be a string.",
			"0006-00000224", "conditions[0]"},
		{"a negative size", policy(`["content-length-range",-1,1]`), size + "the minimum must be a positive integer.",
			"0006-00000220", "conditions[0]"},
		{"half a byte", policy(`["content-length-range",0,1.5]`), size + "the maximum must be a positive integer.",
			"0006-00000221", "conditions[0]"},
		{"a number in quotes", policy(`["content-length-range",0,"1"]`),
			size + "the maximum must be a positive integer.", "0006-00000221", "conditions[0]"},
		{"2⁶³", policy(`["content-length-range",0,9223372036854775808]`),
			size + "the maximum must be a positive integer.", "0006-00000221", "conditions[0]"},
		{"behind one that fails", policy(`{"key":"b"},1`), "Conditions must be objects or lists.", "0006-00000222",
			"conditions[1]"},
		{"too deep", policy(strings.Repeat("[", jsoncodec.MaxDepth-1) + strings.Repeat("]", jsoncodec.MaxDepth-1)),
			"Invalid JSON: values nested more than 32 deep.", "0006-00000204", "policy, line 1, column 86"},
	} {
		t.Run(test.name, func(t *testing.T) {
			err := postform.Check(test.policy, form, "b")
			var e *postform.Error
			if !errors.As(err, &e) || !errors.Is(err, postform.ErrPolicy) {
				t.Fatalf("got %v", err)
			}
			if e.Status != 400 || e.Code != "InvalidPolicyDocument" || !strings.HasPrefix(e.Message, "Invalid Policy: ") {
				t.Errorf("%d %s: %s", e.Status, e.Code, e.Message)
			}
			got := []string{strings.TrimPrefix(e.Message, "Invalid Policy: "), e.EC, e.Place}
			if diff := cmp.Diff([]string{test.message, test.ec, test.place}, got); diff != "" {
				t.Errorf("message, EC, place (-want +got):\n%s", diff)
			}
		})
	}
}

// No error shows a security token, nor a value of the form.
func TestCheckKeepsSecrets(t *testing.T) {
	form := read(t, field("key", "a"), field("x-oss-security-token", "other secret"), field("x-oss-meta-a", "private"),
		file("f", "x"))
	for _, condition := range []string{
		`{"X-Oss-Security-Token":"top secret"}`, `["starts-with","$x-oss-security-token","top secret"]`,
		`["in","x-oss-security-token",["top secret"]]`, `["eq","$x-oss-meta-a","b"]`,
	} {
		err := postform.Check(policy(condition), form, "b")
		if !errors.Is(err, postform.ErrCondition) || strings.Contains(err.Error(), "secret") ||
			strings.Contains(err.Error(), "private") {
			t.Errorf("%s: %v", condition, err)
		}
	}
}

// A form signed here is verified and judged, for the policies of the vectors and with a token; each change is seen.
func TestSignedForm(t *testing.T) {
	credentials := signer.Credentials{AccessKeyID: fixtures.TestAccessKeyID, AccessKeySecret: "testAccessKeySecret",
		SecurityToken: "testSecurityToken+/="}
	const repeated = `{"bucket":"examplebucket"},{"x-oss-signature-version":"OSS4-HMAC-SHA256"},
		{"x-oss-credential":"testAccessKeyId/20250417/cn-hangzhou/oss/aliyun_v4_request"},{"x-oss-date":"20250417T131318Z"},
		{"x-oss-security-token":"testSecurityToken+/="},["content-length-range",1,1024],["starts-with","$key","user/"]`
	s := signer.Signer{}
	signed, err := s.PostPolicy(credentials, signer.Policy{
		JSON:   strings.Replace(policy(repeated), "2120-01-01T12:00:00.000Z", "2025-04-17T14:13:18.000Z", 1),
		Region: "cn-hangzhou", Time: "20250417T131318Z",
	})
	if err != nil {
		t.Fatal(err)
	}
	verifier := signer.Verifier{Region: "cn-hangzhou", Lookup: func(id string) (signer.Credentials, bool) {
		return credentials, id == credentials.AccessKeyID
	}}
	judge := func(key, content, bucket string) error {
		parts := []string{field("key", key)}
		for _, f := range signed.Fields {
			parts = append(parts, field(f.Name, f.Value))
		}
		form := read(t, append(parts, file("n.txt", content))...)
		v, err := verifier.VerifyPost(form.Fields, "20250417T140000Z")
		if err != nil {
			t.Fatal(err)
		}
		return postform.Check(v.Policy, form, bucket)
	}
	if err := judge("user/${filename}", "x", "examplebucket"); err != nil {
		t.Error(err)
	}
	if err := judge("${filename}", "x", "examplebucket"); !errors.Is(err, postform.ErrCondition) {
		t.Errorf("key: %v", err)
	}
	if err := judge("user/a", "", "examplebucket"); !errors.Is(err, postform.ErrFileTooSmall) {
		t.Errorf("size: %v", err)
	}
	if err := judge("user/a", "x", "otherbucket"); !errors.Is(err, postform.ErrCondition) {
		t.Errorf("bucket: %v", err)
	}
}
