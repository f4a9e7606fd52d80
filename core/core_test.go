package core_test

import (
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ossconf/ossconf/core"
	"github.com/ossconf/ossconf/httpsconfig"
)

func unescape(t *testing.T, s string) string {
	t.Helper()
	out, err := url.PathUnescape(s)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

const (
	minimal = `<HttpsConfiguration><TLS><Enable>true</Enable><TLSVersion>TLSv1.2</TLSVersion></TLS></HttpsConfiguration>`
	signed  = `{"access_key_id":"ak","access_key_secret":"sk","region":"cn-hangzhou","method":"GET","bucket":"examplebucket","query":[["httpsConfig",""]],"time":"20250417T131318Z"`
)

func TestCall(t *testing.T) {
	tests := []struct {
		name, op, in string
		status       core.Status
		want         string
	}{
		{"decode XML", "decode", minimal, core.OK, `{"TLS":{"Enable":true,"TLSVersion":["TLSv1.2"]}}`},
		{"decode JSON", "decode", ` {"TLS":{"Enable":"false"}}`, core.OK, `{"TLS":{"Enable":false}}`},
		{"decode keeps what it does not know", "decode", `<HttpsConfiguration><New><A>1</A></New></HttpsConfiguration>`, core.OK,
			`{"#unknown":[{"after":0,"xml":"<New><A>1</A></New>"}]}`},
		{"encode", "encode", `{"TLS":{"Enable":false},"CipherSuite":{}}`, core.OK,
			"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<HttpsConfiguration>\n  <TLS>\n    <Enable>false</Enable>\n  </TLS>\n  <CipherSuite>\n  </CipherSuite>\n</HttpsConfiguration>"},
		{"validate", "validate", minimal, core.OK, `{"valid":true,"errors":0,"warnings":0,"infos":0,"findings":[]}`},
		{"validate finds", "validate", `{"TLS":{"Enable":true,"TLSVersion":"1.2"}}`, core.OK,
			`{"valid":false,"errors":1,"warnings":0,"infos":0,"findings":[{"rule":"tls-version-value","severity":"error","evidence":"service","path":"/HttpsConfiguration/TLS/TLSVersion[1]","line":1,"column":36,"offset":35,"message":"\"1.2\" is no TLS version","hint":"write TLSv1.2","fix":{"description":"Write TLSv1.2","edits":[{"start":35,"end":40,"text":"\"TLSv1.2\""}]}}]}`},
		{"mismatched tag", "decode", "<HttpsConfiguration>\n<TLS></Tls></HttpsConfiguration>", core.Refused,
			`{"error":{"code":"mismatched_tag","message":"</Tls> where <TLS> is open","line":2,"column":6,"path":"/HttpsConfiguration/TLS","hint":"write </TLS>"}}`},
		{"empty document", "encode", "", core.Refused,
			`{"error":{"code":"format","message":"the document is empty","line":1,"column":1,"hint":"write an HttpsConfiguration in XML or JSON"}}`},
		{"large document", "validate", strings.Repeat(" ", httpsconfig.MaxSize+1), core.Refused,
			`{"error":{"code":"too_large","message":"the input is larger than 65536 bytes","hint":"pass a smaller one"}}`},
		{"small document, large when written", "decode", "<HttpsConfiguration><CipherSuite>" + strings.Repeat("<CustomCipherSuite>A</CustomCipherSuite>", 1500) + "</CipherSuite></HttpsConfiguration>", core.Refused,
			`{"error":{"code":"too_large","message":"the configuration is larger than 64 KiB with a line for each element, as it is written","hint":"remove what is listed more than once"}}`},
		{"large request", "sign", strings.Repeat(" ", core.MaxRequest+1), core.Refused,
			`{"error":{"code":"too_large","message":"the input is larger than 1048576 bytes","hint":"pass a smaller one"}}`},
		{"no such operation", "resign", "", core.Refused,
			`{"error":{"code":"unknown_operation","message":"there is no operation of this name","hint":"the operation version lists them"}}`},
		{"input is no JSON", "sign", `{"access_key_id":}`, core.Refused,
			`{"error":{"code":"json_syntax","message":"no value of JSON","line":1,"column":18,"path":"/access_key_id","hint":"write a value; text stands in double quotes"}}`},
		{"input is no object", "verify", `[]`, core.Refused,
			`{"error":{"code":"type","message":"the input is an array, not an object","line":1,"column":1,"hint":"pass an object"}}`},
		{"misspelled member", "presign", `{"regoin":"x"}`, core.Refused,
			`{"error":{"code":"unknown_member","message":"the operation takes no member of this name","line":1,"column":2,"path":"/regoin","hint":"remove it, or check its spelling"}}`},
		{"member of another operation", "sign", signed + `,"expires_seconds":1}`, core.Refused,
			`{"error":{"code":"unknown_member","message":"the operation takes no member of this name","line":1,"column":166,"path":"/expires_seconds","hint":"remove it, or check its spelling"}}`},
		{"wrong type", "sign", `{"time":20250417}`, core.Refused,
			`{"error":{"code":"type","message":"the member is a number, not a string","line":1,"column":9,"path":"/time","hint":"write a string"}}`},
		{"no pair", "sign", `{"headers":[["a","b"],["c"]]}`, core.Refused,
			`{"error":{"code":"type","message":"the entry is no pair of strings","line":1,"column":23,"path":"/headers/1","hint":"write [\"name\",\"value\"]"}}`},
		{"no whole number", "presign", `{"expires_seconds":1.5}`, core.Refused,
			`{"error":{"code":"type","message":"the member is no whole number","line":1,"column":20,"path":"/expires_seconds","hint":"write a whole number"}}`},
		{"duplicate query", "sign", strings.Replace(signed, `[["httpsConfig",""]]`, `[["a",""],["a","1"]]`, 1) + `}`, core.Refused,
			`{"error":{"code":"duplicate_query","message":"query parameter given twice","path":"/query/1/0","hint":"give every parameter once: SDKs sign repeated ones differently"}}`},
		{"too many parameters", "sign", `{"query":[` + strings.Repeat(`["a",""],`, 1000) + `["a",""]]}`, core.Refused,
			`{"error":{"code":"too_large","message":"the array has more than 1000 entries","line":1,"column":9011,"path":"/query","hint":"pass fewer"}}`},
		{"too many values", "verify", `{"form":[` + strings.Repeat(`0,`, 1<<16) + `0]}`, core.Refused,
			`{"error":{"code":"too_large","message":"more than 65536 values","line":1,"column":131078,"path":"/form","hint":"pass fewer"}}`},
		{"expiry", "presign", signed + `,"expires_seconds":604801}`, core.Refused,
			`{"error":{"code":"expires","message":"expiry out of range","path":"/expires_seconds","hint":"give 1 to 604800 seconds"}}`},
		{"form and request", "verify", `{"now":"20250417T131318Z","form":[],"method":"PUT"}`, core.Refused,
			`{"error":{"code":"form","message":"the input has a form and a request","path":"/form","hint":"pass one of the two"}}`},
		{"access key given twice", "verify", `{"credentials":[{"access_key_id":"a","access_key_secret":"b"},{"access_key_id":"a","access_key_secret":"c"}]}`, core.Refused,
			`{"error":{"code":"credentials","message":"an access key ID is given twice","line":1,"column":63,"path":"/credentials/1","hint":"remove one"}}`},
		{"catalog takes nothing", "catalog", "{}", core.Refused, `{"error":{"code":"input","message":"the operation takes no input","hint":"pass none"}}`},
		{"version", "version", "\n", core.OK,
			`{"abi":1,"version":"` + core.Version + `","operations":["decode","encode","validate","validate_profiles","simulate","diff","sign","presign","post_policy","verify","catalog","version"]}`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			status, out := core.Call(test.op, []byte(test.in))
			if status != test.status {
				t.Errorf("status %d, want %d", status, test.status)
			}
			if diff := cmp.Diff(test.want, string(out)); diff != "" {
				t.Errorf("answer (-want +got):\n%s", diff)
			}
		})
	}
}

// TestSecretsStayOut puts a secret where it does not belong, everywhere, and looks for it in the error answers.
func TestSecretsStayOut(t *testing.T) {
	const secret = "verySecretAccessKeySecret"
	for _, in := range []string{
		`{"access_key_secret":"` + secret + `"}`,
		`{"access_key_secret":"` + secret + `\n","access_key_id":"ak","region":"r","time":"20250417T131318Z","method":"GET"}`,
		`{"access_key_secret":["` + secret + `"]}`,
		`{"access_key_secret":"` + secret + `}`,
		`{"access_key_id":"` + secret + `/","access_key_secret":"x","region":"r","time":"20250417T131318Z","method":"GET"}`,
		`{"security_token":"` + secret + ` ","access_key_id":"ak","access_key_secret":"x","region":"r","time":"20250417T131318Z","method":"GET"}`,
		`{"credentials":[{"access_key_id":"ak","access_key_secret":"` + secret + `","x":1}]}`,
		`{"credentials":[{"access_key_id":"ak","access_key_secret":"` + secret + `"}],"now":"` + secret + `"}`,
		`{"headers":[["authorization","` + secret + `\u0000"]],"access_key_id":"ak","access_key_secret":"x","region":"r","time":"20250417T131318Z","method":"GET"}`,
	} {
		for _, op := range []string{"sign", "presign", "post_policy", "verify"} {
			status, out := core.Call(op, []byte(in))
			if status != core.Refused {
				t.Errorf("%s(%s): status %d, want a refusal", op, in, status)
			}
			if strings.Contains(string(out), secret) {
				t.Errorf("%s: the secret is in %s", op, out)
			}
		}
	}
}

func TestAppendKeepsWhatIsThere(t *testing.T) {
	var r core.Runner
	for _, in := range []string{minimal, "<"} {
		out, _ := r.Append([]byte("before"), "decode", []byte(in))
		if !strings.HasPrefix(string(out), "before{") {
			t.Errorf("Append gave %q", out)
		}
	}
}

func TestRunnerIsSafeForConcurrentUse(t *testing.T) {
	var r core.Runner
	_, want := core.Call("sign", []byte(signed+"}"))
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 50 {
				if got, _ := r.Append(nil, "sign", []byte(signed+"}")); string(got) != string(want) {
					t.Errorf("got %s", got)
				}
			}
		})
	}
	wg.Wait()
}

func TestCatalog(t *testing.T) {
	status, out := core.Call("catalog", nil)
	if status != core.OK {
		t.Fatalf("status %d", status)
	}
	var catalog struct {
		TLSVersions []struct {
			Name    string
			Default bool
		} `json:"tls_versions"`
		CipherSuites []struct {
			ID, Name, OpenSSL, Level string
			MinVersion               string `json:"min_version"`
			Reasons, Seen            []string
		} `json:"cipher_suites"`
		Rules []struct{ Name, Severity, Evidence, Summary, Source string }
	}
	if err := json.Unmarshal(out, &catalog); err != nil {
		t.Fatal(err)
	}
	if len(catalog.CipherSuites) != len(httpsconfig.Suites()) || len(catalog.Rules) != len(httpsconfig.Rules()) || len(catalog.TLSVersions) != 4 {
		t.Fatalf("%d suites, %d rules, %d versions", len(catalog.CipherSuites), len(catalog.Rules), len(catalog.TLSVersions))
	}
	i := slices.IndexFunc(catalog.CipherSuites, func(s struct {
		ID, Name, OpenSSL, Level string
		MinVersion               string `json:"min_version"`
		Reasons, Seen            []string
	}) bool {
		return s.OpenSSL == "ECDHE-ECDSA-AES256-CCM8"
	})
	s := catalog.CipherSuites[i]
	want := []string{"0xC0AF", "TLS_ECDHE_ECDSA_WITH_AES_256_CCM_8", "TLSv1.2", "secure", "CustomCipherSuite"}
	if diff := cmp.Diff(want, []string{s.ID, s.Name, s.MinVersion, s.Level, s.Seen[0]}); diff != "" {
		t.Errorf("suite (-want +got):\n%s", diff)
	}
}

// FuzzCall holds every operation to its promises for any input: an answer, an error as JSON, no panic, and the same
// answer again.
func FuzzCall(f *testing.F) {
	for i, in := range []string{minimal, signed + "}", `{"document":null,"certificates":["rsa"]}`, `{"before":null,"after":"{}"}`, `{"now":"x","form":[]}`, "", "<a", "{"} {
		f.Add(uint8(i), []byte(in))
	}
	ops := core.Operations()
	f.Fuzz(func(t *testing.T, n uint8, in []byte) {
		op := ops[int(n)%len(ops)]
		status, out := core.Call(op, in)
		if again, second := core.Call(op, in); again != status || string(second) != string(out) {
			t.Fatalf("%s: two answers: %s and %s", op, out, second)
		}
		if status != core.Refused {
			return
		}
		var answer struct {
			Error struct{ Code, Message string }
		}
		if err := json.Unmarshal(out, &answer); err != nil || answer.Error.Code == "" || answer.Error.Message == "" {
			t.Fatalf("%s: error answer %s: %v", op, out, err)
		}
	})
}
