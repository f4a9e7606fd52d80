package core_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ossconf/ossconf/core"
	"github.com/ossconf/ossconf/httpsconfig"
)

// quoted returns text as a JSON string.
func quoted(text string) string {
	b, err := json.Marshal(text)
	if err != nil {
		panic(err) // of a string never
	}
	return string(b)
}

func TestConfigRequests(t *testing.T) {
	const form = `pass {\"document\":\"<…>\"}, the document as a string`
	for _, test := range []struct{ name, op, in, want string }{
		{"a document in place of a request, XML", "simulate", " \n" + minimal, `{"error":{"code":"format","message":"the input is a document, not a request","hint":"` + form + `"}}`},
		{"a document in place of a request, JSON", "simulate", `{"TLS":{"Enable":false}}`,
			`{"error":{"code":"unknown_member","message":"the input is a document, not a request","line":1,"column":2,"path":"/TLS","hint":"` + form + `"}}`},
		{"a document in place of a request of diff", "diff", `{"CipherSuite":{}}`, `{"error":{"code":"unknown_member","message":"the input is a document, not a request","line":1,"column":2,` +
			`"path":"/CipherSuite","hint":"pass {\"before\":\"<…>\",\"after\":\"<…>\"}, the documents as strings"}}`},
		{"no document", "simulate", `{"certificates":["rsa"]}`, `{"error":{"code":"document","message":"the request has no document","path":"/document","hint":"` + form + `"}}`},
		{"half a diff", "diff", `{"before":null}`, `{"error":{"code":"document","message":"the request has no after","path":"/after",` +
			`"hint":"pass {\"before\":\"<…>\",\"after\":\"<…>\"}, the documents as strings"}}`},
		{"a document that is an object", "simulate", `{"document":{"TLS":{"Enable":false}}}`,
			`{"error":{"code":"type","message":"the member is an object, not a string","line":1,"column":13,"path":"/document","hint":"write a string"}}`},
		{"no document to validate", "validate_profiles", `{"document":null}`,
			`{"error":{"code":"type","message":"the member is null, not a string","line":1,"column":13,"path":"/document","hint":"write a string"}}`},
		{"a member of another operation", "simulate", `{"document":null,"profiles":[]}`,
			`{"error":{"code":"unknown_member","message":"the operation takes no member of this name","line":1,"column":18,"path":"/profiles","hint":"remove it, or check its spelling"}}`},
		{"certificates are none of profiles", "validate_profiles", `{"document":"","certificates":["rsa"]}`,
			`{"error":{"code":"unknown_member","message":"the operation takes no member of this name","line":1,"column":16,"path":"/certificates","hint":"remove it, or check its spelling"}}`},
		{"a document is no member of a signed request", "sign", `{"document":""}`,
			`{"error":{"code":"unknown_member","message":"the operation takes no member of this name","line":1,"column":2,"path":"/document","hint":"remove it, or check its spelling"}}`},
		{"TLS is no member of a signed request", "sign", `{"TLS":""}`,
			`{"error":{"code":"unknown_member","message":"the operation takes no member of this name","line":1,"column":2,"path":"/TLS","hint":"remove it, or check its spelling"}}`},
		{"an unknown kind of certificate", "simulate", `{"document":null,"certificates":["rsa","RSA"]}`,
			`{"error":{"code":"certificates","message":"there is no kind of certificate of this name","line":1,"column":40,"path":"/certificates/1","hint":"write rsa or ecdsa"}}`},
		{"no kind of certificate", "diff", `{"certificates":[],"before":null,"after":null}`,
			`{"error":{"code":"certificates","message":"there is no kind of certificate","line":1,"column":17,"path":"/certificates","hint":"write rsa, ecdsa or both, or leave the member out"}}`},
		{"an unknown profile", "validate_profiles", `{"document":"","profiles":["mozilla-old-6.0"]}`,
			`{"error":{"code":"profile","message":"there is no profile of this name","line":1,"column":28,"path":"/profiles/0","hint":"the operation catalog lists them"}}`},
		{"a profile twice", "validate_profiles", `{"document":"","profiles":["pci-dss-4.0.1","pci-dss-4.0.1"]}`,
			`{"error":{"code":"profile","message":"a profile is named twice","line":1,"column":44,"path":"/profiles/1","hint":"remove one"}}`},
		{"a profile that is no string", "validate_profiles", `{"document":"","profiles":[1]}`,
			`{"error":{"code":"type","message":"the member is a number, not a string","line":1,"column":28,"path":"/profiles/0","hint":"write a string"}}`},
		{"a member twice", "simulate", `{"document":null,"document":""}`,
			`{"error":{"code":"repeated","message":"a name that the object has already","line":1,"column":18,"hint":"remove one of the two members"}}`},

		{"a place in a document", "simulate", `{"document":` + quoted("<HttpsConfiguration>\n<TLS></Tls></HttpsConfiguration>") + `}`,
			`{"error":{"code":"mismatched_tag","message":"</Tls> where <TLS> is open","line":2,"column":6,"path":"/HttpsConfiguration/TLS","hint":"write </TLS>","member":"document"}}`},
		{"a place in one of two documents", "diff", `{"after":"<a>","before":` + quoted(minimal) + `}`,
			`{"error":{"code":"unclosed","message":"the document ends where <a> is open","line":1,"column":4,"path":"/a","hint":"write </a>","member":"after"}}`},
		{"an empty document", "diff", `{"after":null,"before":""}`,
			`{"error":{"code":"format","message":"the document is empty","line":1,"column":1,"hint":"write an HttpsConfiguration in XML or JSON","member":"before"}}`},
		{"a document that is too large", "simulate", `{"document":"` + strings.Repeat(" ", httpsconfig.MaxSize+1) + `"}`,
			`{"error":{"code":"too_large","message":"the document is larger than 64 KiB","line":1,"column":65537,"hint":"a configuration takes a few hundred bytes: is this the right file?","member":"document"}}`},
	} {
		t.Run(test.name, func(t *testing.T) {
			status, out := core.Call(test.op, []byte(test.in))
			if status != core.Refused {
				t.Errorf("status %d", status)
			}
			if diff := cmp.Diff(test.want, string(out)); diff != "" {
				t.Errorf("answer (-want +got):\n%s", diff)
			}
		})
	}
}

// A JSON configuration with the members of a request is a configuration to validate, with elements that it does not
// know: nothing about it has changed.
func TestDocumentsThatLookLikeRequests(t *testing.T) {
	for doc, want := range map[string]string{
		`{"document":"x","profiles":["pci-dss-4.0.1"]}`: `{"#unknown":[{"after":0,"xml":"<document>x</document>"},{"after":0,"xml":"<profiles>pci-dss-4.0.1</profiles>"}]}`,
		`{"before":"x","TLS":{"certificates":["rsa"]}}`: `{"TLS":{"#unknown":[{"after":0,"xml":"<certificates>rsa</certificates>"}]},"#unknown":[{"after":0,"xml":"<before>x</before>"}]}`,
	} {
		if _, out := core.Call("decode", []byte(doc)); string(out) != want {
			t.Errorf("decode of %s:\n%s, want\n%s", doc, out, want)
		}
		status, out := core.Call("validate", []byte(doc))
		if status != core.OK || !strings.Contains(string(out), `"rule":"unknown-element"`) || strings.Contains(string(out), `"profiles":[`) {
			t.Errorf("validate of %s: %d, %s", doc, status, out)
		}
		if status, out = core.Call("validate_profiles", []byte(`{"document":`+quoted(doc)+`}`)); status != core.OK || !strings.Contains(string(out), `"profiles":[`) {
			t.Errorf("validate_profiles of %s: %d, %s", doc, status, out)
		}
	}
}

// A configuration that fills a document has no room for what would make it pass.
func TestNoRoomToPass(t *testing.T) {
	doc := `{"TLS":{"Enable":true,"TLSVersion":["TLSv1.2"]},"Later":"` + strings.Repeat("a", httpsconfig.MaxSize-100) + `"}`
	status, out := core.Call("validate_profiles", []byte(`{"profiles":["mozilla-modern-5.8"],"document":`+quoted(doc)+`}`))
	if status != core.OK || !strings.Contains(string(out), `"passing":null}],"presets":[`) {
		t.Errorf("status %d, %s", status, out[max(0, len(out)-200):])
	}
}

// A preset is no edit away from itself, and from another one as many as diff says.
func TestPresetDistances(t *testing.T) {
	presets := slices.DeleteFunc(httpsconfig.Presets(), func(p httpsconfig.Preset) bool { return p.VersionsOnly })
	if len(presets) < 9 {
		t.Fatalf("%d presets", len(presets))
	}
	for i, p := range presets {
		doc, err := p.Config.AppendXML(nil)
		if err != nil {
			t.Fatal(err)
		}
		var answer struct {
			Presets []struct {
				Name     string
				Distance int
			}
		}
		_, out := core.Call("validate_profiles", []byte(`{"profiles":[],"document":`+quoted(string(doc))+`}`))
		unmarshal(t, out, &answer)
		if len(answer.Presets) != len(presets) {
			t.Fatalf("%s: %d presets of %d", p.Name, len(answer.Presets), len(presets))
		}
		for j, got := range answer.Presets {
			other, err := presets[j].Config.AppendXML(nil)
			if err != nil {
				t.Fatal(err)
			}
			var diff struct {
				Document struct {
					Switches []struct{ Before, After string }
					Lists    []struct{ Added, Removed []string }
				}
			}
			_, out := core.Call("diff", []byte(`{"before":`+quoted(string(doc))+`,"after":`+quoted(string(other))+`}`))
			unmarshal(t, out, &diff)
			want := 0
			for _, s := range diff.Document.Switches {
				if s.Before != "present" && s.After != "present" {
					want++
				}
			}
			for _, l := range diff.Document.Lists {
				want += len(l.Added) + len(l.Removed)
			}
			if got.Name != presets[j].Name || got.Distance != want || i == j && want != 0 {
				t.Errorf("from %s to %s: %d, want %d to %s", p.Name, got.Name, got.Distance, want, presets[j].Name)
			}
		}
	}
	if _, out := core.Call("validate_profiles", []byte(`{"document":"<A>"}`)); strings.Contains(string(out), "presets") {
		t.Errorf("a document that cannot be read: %s", out)
	}
}

func TestSimulateAnswer(t *testing.T) {
	const doc = `{"TLS":{"Enable":true,"TLSVersion":["TLSv1.2"]},"CipherSuite":{"Enable":true,"StrongCipherSuite":false,` +
		`"CustomCipherSuite":["ECDHE-RSA-AES128-GCM-SHA256","ECDHE-ECDSA-AES128-GCM-SHA256"]}}`
	_, out := core.Call("simulate", []byte(`{"document":`+quoted(doc)+`,"certificates":["ecdsa","rsa"]}`))
	var answer struct {
		Valid        bool
		Certificates []string
		Accepts      struct {
			TLSVersions  []string `json:"tls_versions"`
			CipherSuites []string `json:"cipher_suites"`
			TLS13        []string `json:"tls13_cipher_suites"`
			Basis        []map[string]string
		}
		SuitePreference          map[string]string `json:"suite_preference"`
		Connects, Fails, Unknown int
		Clients                  []map[string]any
	}
	unmarshal(t, out, &answer)
	if !answer.Valid || answer.Connects != 46 || answer.Fails != 1 || answer.Unknown != 0 || len(answer.Clients) != 47 {
		t.Errorf("valid %v, %d connect, %d fail, %d are unknown of %d", answer.Valid, answer.Connects, answer.Fails, answer.Unknown, len(answer.Clients))
	}
	if diff := cmp.Diff([]string{"rsa", "ecdsa"}, answer.Certificates); diff != "" {
		t.Errorf("certificates (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-RSA-AES128-GCM-SHA256"}, answer.Accepts.CipherSuites); diff != "" || len(answer.Accepts.TLS13) != 0 {
		t.Errorf("suites (-want +got):\n%s", diff)
	}
	if len(answer.Accepts.Basis) != 3 || answer.Accepts.Basis[0]["element"] != "TLSVersion" || answer.SuitePreference["evidence"] != "assumed" {
		t.Errorf("basis %v, preference %v", answer.Accepts.Basis, answer.SuitePreference)
	}
	want := map[string]any{"name": "Go 1.26.8 net/http", "outcome": "connects", "evidence": "documented", "tls_version": "TLSv1.2", "cipher_suite": "ECDHE-ECDSA-AES128-GCM-SHA256",
		"certificates": []any{"rsa", "ecdsa"}, "candidates": []any{"ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-RSA-AES128-GCM-SHA256"}, "rests_on": []any{"suite_preference", "certificates"}}
	if diff := cmp.Diff(want, named(t, answer.Clients, "Go 1.26.8 net/http")); diff != "" {
		t.Errorf("a client that connects (-want +got):\n%s", diff)
	}
	want = map[string]any{"name": "360 Browser 7.5", "outcome": "fails", "evidence": "documented", "tls_version": "TLSv1.2", "rule": "CustomCipherSuite"}
	got := named(t, answer.Clients, "360 Browser 7.5")
	if reason, _ := got["reason"].(string); !strings.Contains(reason, "CustomCipherSuite accepts ECDHE-ECDSA-AES128-GCM-SHA256 and ECDHE-RSA-AES128-GCM-SHA256") {
		t.Errorf("reason %q", reason)
	}
	delete(got, "reason")
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("a client that fails (-want +got):\n%s", diff)
	}
}

func named(t *testing.T, list []map[string]any, name string) map[string]any {
	t.Helper()
	i := slices.IndexFunc(list, func(m map[string]any) bool { return m["name"] == name })
	if i < 0 {
		t.Fatalf("no %s", name)
	}
	return list[i]
}

func TestDiffAnswer(t *testing.T) {
	var answer struct {
		Same     bool
		Valid    struct{ Before, After bool }
		Document json.RawMessage
		Accepts  struct {
			TLSVersions struct{ Added, Removed []string } `json:"tls_versions"`
		}
		Clients map[string][]struct {
			Name          string
			Before, After map[string]any
		}
	}
	_, out := core.Call("diff", []byte(`{"before":`+quoted(minimal)+`,"after":"{\"TLS\":{\"Enable\":true,\"TLSVersion\":[\"TLSv1.3\",\"TLSv1.3\"]},\"New\":1}"}`))
	unmarshal(t, out, &answer)
	const document = `{"switches":[],"lists":[{"path":"/HttpsConfiguration/TLS/TLSVersion","added":["TLSv1.3","TLSv1.3"],"removed":["TLSv1.2"],"reordered":false}],` +
		`"unknown":[{"path":"/HttpsConfiguration","added":["<New>1</New>"],"removed":[],"reordered":false}]}`
	if diff := cmp.Diff(document, string(answer.Document)); diff != "" || answer.Same || !answer.Valid.Before || !answer.Valid.After {
		t.Errorf("%s\ndocument (-want +got):\n%s", out, diff)
	}
	if diff := cmp.Diff([]string{"TLSv1.3", "TLSv1.2"}, slices.Concat(answer.Accepts.TLSVersions.Added, answer.Accepts.TLSVersions.Removed)); diff != "" {
		t.Errorf("versions added and removed (-want +got):\n%s", diff)
	}
	var lost []string
	for _, c := range answer.Clients["lost"] {
		lost = append(lost, c.Name)
		if c.Before["outcome"] != "connects" || c.After["outcome"] != "fails" || c.After["rule"] != "TLSVersion" {
			t.Errorf("%+v is not lost for its version", c)
		}
	}
	want := []string{"Chrome 58", "Chrome 62", "Firefox 55", "Firefox 56", "Safari on iOS 11.1", "Safari on iOS 12.1", "Android 11 with OkHttp", "360 Browser 7.5"}
	if diff := cmp.Diff(want, lost); diff != "" {
		t.Errorf("lost (-want +got):\n%s", diff)
	}
	if len(answer.Clients["gained"])+len(answer.Clients["unknown"]) != 0 || len(answer.Clients["changed"]) != 47-len(want) {
		t.Errorf("%d gained, %d unknown, %d changed", len(answer.Clients["gained"]), len(answer.Clients["unknown"]), len(answer.Clients["changed"]))
	}
}

func TestCatalogOfClientsAndProfiles(t *testing.T) {
	_, out := core.Call("catalog", nil)
	var catalog struct {
		Profiles []struct {
			Name, Title, Source, Beyond string
			Checks                      []struct{ Name, Evidence, Summary, Source string }
		}
		Presets []struct {
			Name, Title, Source string
			Lost                []string
			Config              json.RawMessage
		}
		Clients []struct {
			Name, Source string
			Imitated     bool
			TLSVersions  []string `json:"tls_versions"`
			CipherSuites []string `json:"cipher_suites"`
		}
	}
	unmarshal(t, out, &catalog)
	if len(catalog.Profiles) != len(httpsconfig.Profiles()) || len(catalog.Presets) != len(httpsconfig.Presets()) || len(catalog.Clients) != len(httpsconfig.Clients()) {
		t.Fatalf("%d profiles, %d presets, %d clients", len(catalog.Profiles), len(catalog.Presets), len(catalog.Clients))
	}
	for _, p := range catalog.Profiles {
		if p.Title == "" || p.Source == "" || p.Beyond == "" || len(p.Checks) < 3 {
			t.Errorf("%+v is not complete", p)
		}
		for _, c := range p.Checks {
			if c.Name == "" || c.Summary == "" || c.Source == "" || c.Evidence != "documented" && c.Evidence != "advice" {
				t.Errorf("%s: %+v is not complete", p.Name, c)
			}
		}
	}
	for _, p := range catalog.Presets {
		if _, out := core.Call("decode", p.Config); string(out) != string(p.Config) {
			t.Errorf("%s: %s is decoded as %s", p.Name, p.Config, out)
		}
	}
	c := catalog.Clients[0]
	if c.Name != "Chrome 58" || !c.Imitated || !slices.Equal(c.TLSVersions, []string{"TLSv1.0", "TLSv1.1", "TLSv1.2"}) || c.CipherSuites[0] != "0xC02B" {
		t.Errorf("the first client is %+v", c)
	}
}

// FuzzDocumentInRequest puts documents into requests: what is said of them is what decode and validate say.
func FuzzDocumentInRequest(f *testing.F) {
	for _, doc := range []string{minimal, "", "<a", `{"document":"x"}`, `{"TLS":{"Enable":true,"TLSVersion":["TLSv1.4"]}}`, "\ufeff{}", "{\"TLS\":\n{\"Enable\":1}}"} {
		f.Add(doc, false)
		f.Add(doc, true)
	}
	f.Fuzz(func(t *testing.T, doc string, other bool) {
		if doc = strings.ToValidUTF8(doc, "\uFFFD"); len(doc) > httpsconfig.MaxSize {
			return
		}
		decoded, decodeOut := core.Call("decode", []byte(doc))
		_, validated := core.Call("validate", []byte(doc))
		status, out := core.Call("validate_profiles", []byte(`{"document":`+quoted(doc)+`}`))
		if status != core.OK || !strings.HasPrefix(string(out), strings.TrimSuffix(string(validated), "}")+`,"profiles":[`) {
			t.Fatalf("validate says %s, validate_profiles %d %s", validated, status, out)
		}
		member := "document"
		request := `{"document":` + quoted(doc) + `}`
		op := "simulate"
		if other {
			op, member, request = "diff", "before", `{"before":`+quoted(doc)+`,"after":`+quoted(doc)+`}`
		}
		status, out = core.Call(op, []byte(request))
		if status != decoded {
			t.Fatalf("decode answers with %d, %s with %d: %s", decoded, op, status, out)
		}
		if status == core.Refused {
			if want := strings.TrimSuffix(string(decodeOut), "}}") + `,"member":"` + member + `"}}`; string(out) != want {
				t.Fatalf("decode says %s, %s %s", decodeOut, op, out)
			}
			return
		}
		if !json.Valid(out) {
			t.Fatalf("%s answers with %s", op, out)
		}
		if other && !strings.HasPrefix(string(out), `{"same":true,`) {
			t.Fatalf("a document differs from itself: %s", out)
		}
	})
}
