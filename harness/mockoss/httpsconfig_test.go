package mockoss_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/ossconf/ossconf/httpsconfig"
)

// What the real service was observed to do is in fixtures/observed; here is what is documented or assumed.
func TestStoredConfiguration(t *testing.T) {
	const open, end = "<HttpsConfiguration>", "</HttpsConfiguration>"
	for _, test := range []struct{ name, put, get string }{
		{"repeated suites are kept", open + "<TLS><Enable>false</Enable></TLS><CipherSuite><Enable>true</Enable>" +
			"<StrongCipherSuite>false</StrongCipherSuite><CustomCipherSuite>AES128-SHA</CustomCipherSuite>" +
			"<CustomCipherSuite>AES128-SHA</CustomCipherSuite></CipherSuite>" + end,
			open + "<TLS><Enable>false</Enable></TLS><CipherSuite><Enable>true</Enable>" +
				"<StrongCipherSuite>false</StrongCipherSuite><CustomCipherSuite>AES128-SHA</CustomCipherSuite>" +
				"<CustomCipherSuite>AES128-SHA</CustomCipherSuite></CipherSuite>" + end},
		{"unknown elements are kept", open + "<TLS><Enable>false</Enable><Curve>X25519</Curve></TLS><Later>1</Later>" + end,
			open + "<TLS><Enable>false</Enable><Curve>X25519</Curve></TLS><Later>1</Later>" + end},
		{"a repeated version is kept once, where it first stood", open + "<TLS><Enable>true</Enable>" +
			"<TLSVersion>TLSv1.3</TLSVersion><TLSVersion>TLSv1.2</TLSVersion><TLSVersion>TLSv1.3</TLSVersion></TLS>" + end,
			open + "<TLS><Enable>true</Enable><TLSVersion>TLSv1.3</TLSVersion><TLSVersion>TLSv1.2</TLSVersion></TLS>" + end},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := newService()
			if re := (query{method: "PUT", target: "/?httpsConfig", body: test.put}).send(t, s); re.status != 200 || re.body != "" {
				t.Fatalf("PUT: %d %s", re.status, re.body)
			}
			re := query{target: "/?httpsConfig"}.send(t, s)
			body, ok := strings.CutPrefix(re.body, `<?xml version="1.0" encoding="UTF-8"?>`+"\n")
			if re.status != 200 || !ok {
				t.Fatalf("GET: %d %s", re.status, re.body)
			}
			if diff := cmp.Diff(decode(t, test.get), decode(t, body)); diff != "" {
				t.Errorf("GET (-want +got):\n%s", diff)
			}
			config, ok := s.Config("examplebucket")
			if !ok {
				t.Fatal("Config has none")
			}
			if diff := cmp.Diff(decode(t, test.get), config); diff != "" {
				t.Errorf("Config (-want +got):\n%s", diff)
			}
		})
	}
}

func decode(t testing.TB, doc string) *httpsconfig.Config {
	t.Helper()
	c, err := httpsconfig.Decode([]byte(doc))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestARefusedConfigurationLeavesTheStoredOne(t *testing.T) {
	s := newService()
	query{method: "PUT", target: "/?httpsConfig", body: enabled}.send(t, s)
	before, _ := s.Config("examplebucket")
	if re := (query{method: "PUT", target: "/?httpsConfig", body: "<HttpsConfiguration/>"}).send(t, s); re.status != 400 {
		t.Fatalf("PUT of an empty configuration: %d %s", re.status, re.body)
	}
	after, ok := s.Config("examplebucket")
	if diff := cmp.Diff(before, after); !ok || diff != "" {
		t.Errorf("(-before +after):\n%s", diff)
	}
}

func TestConfigIsTheCallersOwn(t *testing.T) {
	s := newService()
	query{method: "PUT", target: "/?httpsConfig", body: enabled}.send(t, s)
	mine, _ := s.Config("examplebucket")
	mine.TLS.TLSVersions[0] = "TLSv1.0"
	again, _ := s.Config("examplebucket")
	if diff := cmp.Diff(decode(t, enabled), again); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestABucketMadeAnewHasNoConfiguration(t *testing.T) {
	s := newService()
	for _, step := range []struct {
		query  query
		status int
	}{
		{query{method: "PUT", target: "/?httpsConfig", body: enabled}, 200},
		{query{target: "/?httpsConfig="}, 200}, // as ali-oss sends it
		{query{method: "DELETE"}, 204},
		{query{target: "/?httpsConfig"}, 404},
		{query{method: "PUT"}, 200},
		{query{target: "/?httpsConfig"}, 404},
	} {
		if re := step.query.send(t, s); re.status != step.status {
			t.Fatalf("%s %s: %d, want %d\n%s", step.query.method, step.query.target, re.status, step.status, re.body)
		}
	}
	if _, ok := s.Config("examplebucket"); ok {
		t.Error("Config still has one")
	}
}
