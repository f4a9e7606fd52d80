package core_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ossconf/ossconf/core"
	"github.com/ossconf/ossconf/fixtures"
)

// TestVectors runs every vector through its operation, and what comes out through verify.
func TestVectors(t *testing.T) {
	for f := range fixtures.Use(t, "vectors").All() {
		t.Run(f.Name, func(t *testing.T) {
			v, err := f.Vector()
			if err != nil {
				t.Fatal(err)
			}
			op, in := v.Operation, f.File("input.json")
			status, out := core.Call(op, in)
			if status != core.OK {
				t.Fatalf("%s: status %d: %s", op, status, out)
			}
			var got, want map[string]any
			unmarshal(t, out, &got)
			unmarshal(t, f.File("expected.json"), &want)
			for name := range got {
				if _, listed := want[name]; !listed {
					delete(got, name) // headers, fields and url are no part of the vectors
				}
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Fatalf("%s (-want +got):\n%s", op, diff)
			}
			var verdict map[string]any
			status, answer := core.Call("verify", verifyInput(t, op, v.Input, out))
			if status != core.OK {
				t.Fatalf("verify: status %d: %s", status, answer)
			}
			unmarshal(t, answer, &verdict)
			if verdict["ok"] != true {
				t.Errorf("verify: %s", answer)
			}
			if canonical, ok := want["canonical_request"]; ok && verdict["canonical_request"] != canonical {
				t.Errorf("verify: canonical request %q, want %q", verdict["canonical_request"], canonical)
			}
			if verdict["string_to_sign"] != want["string_to_sign"] {
				t.Errorf("verify: string to sign %q, want %q", verdict["string_to_sign"], want["string_to_sign"])
			}
		})
	}
}

// verifyInput makes the request that a server receives of what an operation was given and answered.
func verifyInput(t *testing.T, op string, q fixtures.SigningInput, out []byte) []byte {
	t.Helper()
	var signed struct {
		Headers     [][2]string `json:"headers"`
		Fields      [][2]string `json:"fields"`
		SignedQuery string      `json:"signed_query"`
	}
	unmarshal(t, out, &signed)
	v := map[string]any{
		"region": q.Region, "product": q.Product, "now": q.Time,
		"credentials": []map[string]string{{"access_key_id": q.AccessKeyID, "access_key_secret": q.AccessKeySecret, "security_token": q.SecurityToken}},
	}
	switch op {
	case "post_policy":
		v["form"] = signed.Fields
	case "sign":
		v["method"], v["bucket"], v["key"] = q.Method, q.Bucket, q.Key
		v["query"] = q.Query
		v["headers"] = signed.Headers
		if q.OmitDateHeader { // the Date header, which is not signed, says when
			date := q.Time
			if q.StringToSignTime != "" {
				date = q.StringToSignTime
			}
			v["headers"] = append(signed.Headers, [2]string{"Date", date})
		}
	case "presign":
		v["method"], v["bucket"], v["key"] = q.Method, q.Bucket, q.Key
		v["headers"] = q.Headers
		v["query"] = parseQuery(t, signed.SignedQuery)
		for _, p := range q.Query {
			if p[0] == "security-token" { // as the Android SDK names it
				v["credentials"].([]map[string]string)[0]["security_token"] = p[1]
			}
		}
	}
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func parseQuery(t *testing.T, query string) [][2]string {
	t.Helper()
	var list [][2]string
	for part := range strings.SplitSeq(query, "&") {
		name, value, _ := strings.Cut(part, "=")
		list = append(list, [2]string{unescape(t, name), unescape(t, value)})
	}
	return list
}

func unmarshal(t *testing.T, data []byte, v any) {
	t.Helper()
	if err := json.Unmarshal(data, v); err != nil {
		t.Fatalf("%v in %s", err, data)
	}
}
