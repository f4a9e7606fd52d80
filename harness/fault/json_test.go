package fault_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/ossconf/ossconf/harness/fault"
)

func TestParseRules(t *testing.T) {
	for _, test := range []struct {
		doc  string
		want []fault.Rule
	}{
		{"[]", []fault.Rule{}},
		{` [ {"kind" : "reset"} ] `, []fault.Rule{{Kind: fault.Reset}}},
		{`[{"id":"a.b-c_1","method":"PUT","bucket":"b","operation":"PutBucketHttpsConfig","skip":1,"count":2,"probability":0.25,
			"seed":18446744073709551615,"kind":"latency","delay":"150ms","jitter":"1m0.5s","after":true}]`,
			[]fault.Rule{{ID: "a.b-c_1", Method: "PUT", Bucket: "b", Operation: "PutBucketHttpsConfig", Skip: 1, Count: 2,
				Probability: 0.25, Seed: 1<<64 - 1, Kind: fault.Latency, Delay: 150 * time.Millisecond,
				Jitter: time.Minute + 500*time.Millisecond, After: true}}},
		{`[{"kind":"truncate","bytes":10},{"kind":"malformed-xml"},{"kind":"date","offset":"-20m"},{"kind":"throttle"},
			{"kind":"throttle","code":"QpsLimitExceeded","probability":1},
			{"kind":"status","status":503,"code":"ServiceUnavailable","message":"Größe \u003c 1","ec":"0015-00000101"}]`,
			[]fault.Rule{{Kind: fault.Truncate, Bytes: 10}, {Kind: fault.MalformedXML}, {Kind: fault.Date, Offset: -20 * time.Minute},
				{Kind: fault.Throttle}, {Kind: fault.Throttle, Code: "QpsLimitExceeded", Probability: 1},
				{Kind: fault.Status, Status: 503, Code: "ServiceUnavailable", Message: "Größe < 1", EC: "0015-00000101"}}},
	} {
		got, err := fault.ParseRules([]byte(test.doc))
		if err != nil {
			t.Errorf("%s: %v", test.doc, err)
			continue
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.doc, diff)
		}
		checkRoundTrip(t, got)
	}
}

// checkRoundTrip writes rules and reads them back, all at once and one by one.
func checkRoundTrip(t *testing.T, rules []fault.Rule) {
	t.Helper()
	doc, err := json.Marshal(rules)
	if err != nil {
		t.Fatal(err)
	}
	got, err := fault.ParseRules(doc)
	if err != nil {
		t.Fatalf("what was written is not read: %v\n%s", err, doc)
	}
	if diff := cmp.Diff(rules, got); diff != "" {
		t.Errorf("(-before +after):\n%s", diff)
	}
	if err := json.Unmarshal(doc, &got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(rules, got); diff != "" {
		t.Errorf("json.Unmarshal (-before +after):\n%s", diff)
	}
}

func TestParseRulesErrors(t *testing.T) {
	const reset = `{"kind":"reset"}`
	long := strings.Repeat("x", 100)
	for _, test := range []struct {
		doc  string
		want []string // each in the error
	}{
		// The document as a whole.
		{"", []string{"line 1, column 1", "no JSON"}},
		{"[\n{\"kind\":\"reset\",}]", []string{"line 2, column 17", "no JSON"}},
		{"[" + reset + "] []", []string{"line 1, column 20", "no JSON"}},
		{"[{\"kind\":\"re\xff\"}]", []string{"not UTF-8"}},
		{"null", []string{"must be an array"}},
		{reset, []string{"must be an array"}},
		{`"reset"`, []string{"must be an array"}},
		{"[" + strings.Repeat(" ", 1<<20) + "]", []string{"1048578 bytes"}},

		// Which rule, which member, what is allowed.
		{"[" + reset + ", 1]", []string{"rules[1]: must be an object"}},
		{"[null]", []string{"rules[0]: must be an object"}},
		{"[[]]", []string{"rules[0]: must be an object"}},
		{"[" + reset + ", {}]", []string{"rules[1].kind:", `""`, "latency reset truncate malformed-xml status date throttle"}},
		{`[{"kind":"Reset"}]`, []string{"rules[0].kind:", `"Reset"`, "reset"}},
		{`[{"Kind":"reset"}]`, []string{"rules[0].Kind: is unknown", "kind", "probability"}},
		{`[{"kind":"reset","` + long + `":1}]`, []string{"rules[0]." + long[:64] + "…: is unknown"}},
		{`[{"kind":"reset","kind":"reset"}]`, []string{"rules[0].kind: is there twice"}},
		{`[{"kind":null}]`, []string{"rules[0].kind: null must be a string"}},
		{`[{"kind":"reset","bucket":null}]`, []string{"rules[0].bucket: null must be a string"}},
		{`[{"kind":"reset","after":"yes"}]`, []string{`rules[0].after: "yes" must be true or false`}},
		{`[{"kind":"reset","after":null}]`, []string{`rules[0].after: null must be true or false`}},
		{`[{"kind":"reset","skip":"1"}]`, []string{`rules[0].skip: "1" must be a whole number`}},
		{`[{"kind":"reset","skip":1.5}]`, []string{"rules[0].skip: 1.5 must be a whole number"}},
		{`[{"kind":"reset","skip":-1}]`, []string{"rules[0].skip: -1", "0 or more"}},
		{`[{"kind":"reset","count":-1}]`, []string{"rules[0].count: -1", "0, for no end"}},
		{`[{"kind":"reset","count":99999999999999999999}]`, []string{"rules[0].count: 99999999999999999999 must be a whole number"}},
		{`[{"kind":"reset","seed":-1}]`, []string{"rules[0].seed: -1 must be a whole number"}},
		{`[{"kind":"reset","probability":0}]`, []string{"rules[0].probability: 0 would never fire"}},
		{`[{"kind":"reset","probability":1.01}]`, []string{"rules[0].probability: 1.01 must be over 0 and at most 1"}},
		{`[{"kind":"reset","probability":-0.5}]`, []string{"rules[0].probability: -0.5"}},
		{`[{"kind":"reset","probability":"0.5"}]`, []string{`rules[0].probability: "0.5" must be a number`}},
		{`[{"kind":"reset","method":"put"}]`, []string{"rules[0].method:", "capitals"}},
		{`[{"kind":"reset","id":"a b"}]`, []string{"rules[0].id:", "letters"}},
		{`[{"kind":"reset","id":"` + long + `"}]`, []string{"rules[0].id:", "at most 64", "…"}},
		{`[{"kind":"reset","bucket":"a/b"}]`, []string{"rules[0].bucket:", "examplebucket"}},
		{`[{"kind":"reset","operation":"Put Bucket"}]`, []string{"rules[0].operation:", "PutBucketHttpsConfig"}},

		// What a kind takes and needs.
		{`[{"kind":"reset","delay":"1s"}]`, []string{"rules[0].delay: kind reset does not take it; it takes after"}},
		{`[{"kind":"date","offset":"1s","after":true}]`, []string{"rules[0].after: kind date does not take it; it takes offset"}},
		{`[{"kind":"malformed-xml","bytes":1}]`, []string{"rules[0].bytes: kind malformed-xml does not take it; it takes none"}},
		{`[{"kind":"throttle","status":503}]`, []string{"rules[0].status: kind throttle does not take it; it takes code"}},
		{`[{"kind":"latency"}]`, []string{"rules[0].delay: is missing", "150ms"}},
		{`[{"kind":"latency","delay":150}]`, []string{"rules[0].delay: 150 must be a string", `"150ms"`}},
		{`[{"kind":"latency","delay":"150"}]`, []string{`rules[0].delay: "150" must be`, `"150ms"`}},
		{`[{"kind":"latency","delay":null}]`, []string{"rules[0].delay: null must be a string"}},
		{`[{"kind":"latency","delay":"-1s"}]`, []string{"rules[0].delay: -1s must be from 0s"}},
		{`[{"kind":"latency","delay":"25h"}]`, []string{"rules[0].delay: 25h0m0s", "24h"}},
		{`[{"kind":"latency","delay":"1s","jitter":"-1s"}]`, []string{"rules[0].jitter: -1s"}},
		{`[{"kind":"truncate","bytes":-1}]`, []string{"rules[0].bytes: -1", "half"}},
		{`[{"kind":"status","code":"InternalError"}]`, []string{"rules[0].status: 0 must be from 400 to 599"}},
		{`[{"kind":"status","status":302,"code":"InternalError"}]`, []string{"rules[0].status: 302 must be from 400 to 599"}},
		{`[{"kind":"status","status":500}]`, []string{`rules[0].code: "" must be`, "InternalError"}},
		{`[{"kind":"status","status":500,"code":"<a>"}]`, []string{"rules[0].code:"}},
		{`[{"kind":"status","status":500,"code":"a","message":"a\nb"}]`, []string{"rules[0].message:", "printable"}},
		{`[{"kind":"status","status":500,"code":"a","ec":"a b"}]`, []string{"rules[0].ec:", "0015-00000101"}},
		{`[{"kind":"date"}]`, []string{"rules[0].offset: is missing", "-20m"}},
		{`[{"kind":"date","offset":"90000h"}]`, []string{"rules[0].offset: 90000h0m0s must be from -87600h0m0s to 87600h0m0s"}},
		{`[{"kind":"date","offset":"-90000h"}]`, []string{"rules[0].offset: -90000h0m0s must be from"}},
		{`[{"kind":"throttle","code":"SlowDown"}]`, []string{"rules[0].code:", `"SlowDown"`, fault.DefaultThrottleCode, "QpsLimitExceeded", "kind status"}},
	} {
		rules, err := fault.ParseRules([]byte(test.doc))
		if err == nil || rules != nil || !errors.Is(err, fault.ErrRule) {
			t.Errorf("%.100s: %v, %v", test.doc, rules, err)
			continue
		}
		for _, want := range test.want {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("%.100s: %v\nhas no %s", test.doc, err, want)
			}
		}
	}
}

func TestValidate(t *testing.T) {
	if err := (fault.Rule{Kind: fault.Reset}).Validate(); err != nil {
		t.Error(err)
	}
	err := fault.Rule{Kind: fault.Reset, Offset: 1}.Validate()
	want := &fault.RuleError{Index: -1, Member: "offset", Problem: "kind reset does not take it; it takes after"}
	if diff := cmp.Diff(error(want), err); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got := err.Error(); got != "fault: rule.offset: "+want.Problem {
		t.Error(got)
	}
}

// json.Unmarshal into a rule is as strict and leaves the rule alone when it fails.
func TestUnmarshalRule(t *testing.T) {
	r := fault.Rule{Kind: fault.Reset}
	err := json.Unmarshal([]byte(`{"kind":"latency","Delay":"1s"}`), &r)
	var e *fault.RuleError
	if !errors.As(err, &e) || e.Index != -1 || e.Member != "Delay" {
		t.Errorf("%v", err)
	}
	if diff := cmp.Diff(fault.Rule{Kind: fault.Reset}, r); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func FuzzParseRules(f *testing.F) {
	for _, doc := range []string{"[]", "null", `[{"kind":"reset"}]`, `[{"kind":"latency","delay":"1h2m3.5s","jitter":"1ns"}]`,
		`[{"kind":"status","status":503,"code":"A","message":"\u2028<&>","ec":"1-2","after":true,"probability":1e-300}]`,
		`[{"kind":"date","offset":"-1µs","seed":18446744073709551615}]`, `[{"kind":"throttle"},{"kind":"truncate","bytes":1}]`,
		`[{"kind":"reset","probability":-0}]`, `[{"kind":"reset","bucket":"\ud800"}]`, `[{"":{}}]`} {
		f.Add([]byte(doc))
	}
	f.Fuzz(func(t *testing.T, doc []byte) {
		rules, err := fault.ParseRules(doc)
		if err != nil {
			if !errors.Is(err, fault.ErrRule) || rules != nil || !strings.HasPrefix(err.Error(), "fault: ") {
				t.Errorf("%v, %v", rules, err)
			}
			return
		}
		for _, r := range rules {
			if err := r.Validate(); err != nil {
				t.Errorf("what was read is refused: %v", err)
			}
		}
		checkRoundTrip(t, rules)
	})
}
