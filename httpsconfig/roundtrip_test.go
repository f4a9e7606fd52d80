package httpsconfig_test

import (
	"encoding/xml"
	"strings"
	"testing"

	"github.com/aliyun/alibabacloud-oss-go-sdk-v2/oss"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/ossconf/ossconf/fixtures"
	"github.com/ossconf/ossconf/httpsconfig"
)

// documents returns every configuration document among the fixtures, readable or not.
func documents(t testing.TB) map[string][]byte {
	t.Helper()
	list := map[string][]byte{}
	all, err := fixtures.Documents()
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range all {
		list[d.Name] = d.Data
	}
	for _, dir := range []string{"strictness", "observed"} {
		dirFixtures, err := fixtures.Load(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range dirFixtures {
			for _, file := range f.Files {
				list[dir+"/"+f.Name+"/"+file.Name] = file.Data
			}
		}
	}
	return list
}

// checkSDK reads an XML document with encoding/xml into the type of the Go SDK and compares the values.
func checkSDK(t *testing.T, doc []byte, c *httpsconfig.Config) {
	t.Helper()
	var theirs oss.HttpsConfiguration
	if err := xml.Unmarshal(doc, &theirs); err != nil {
		t.Fatalf("encoding/xml refuses what Decode accepts: %v", err)
	}
	ptr := func(b httpsconfig.Bool) *bool {
		if b == httpsconfig.Absent {
			return nil
		}
		value := b == httpsconfig.True
		return &value
	}
	var ours oss.HttpsConfiguration
	if c.TLS != nil {
		ours.TLS = &oss.TLS{Enable: ptr(c.TLS.Enable), TLSVersions: c.TLS.TLSVersions}
	}
	if s := c.CipherSuite; s != nil {
		ours.CipherSuite = &oss.CipherSuite{Enable: ptr(s.Enable), StrongCipherSuite: ptr(s.StrongCipherSuite),
			CustomCipherSuites: s.CustomCipherSuites, TLS13CustomCipherSuites: s.TLS13CustomCipherSuites}
	}
	trimmed := cmp.Transformer("trim", func(list []string) []string {
		var out []string
		for _, s := range list {
			out = append(out, strings.Trim(s, " \t\r\n"))
		}
		return out
	})
	if diff := cmp.Diff(theirs, ours, cmp.FilterValues(func(a, b []string) bool { return padded(a) || padded(b) }, trimmed), cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("encoding/xml (-) and Decode (+):\n%s", diff)
	}
}

func padded(list []string) bool {
	for _, s := range list {
		if strings.Trim(s, " \t\r\n") != s {
			return true
		}
	}
	return false
}

// checkRoundTrip writes c in both forms and reads it again.
func checkRoundTrip(t *testing.T, c *httpsconfig.Config) {
	t.Helper()
	inXML, err := c.AppendXML(nil)
	if err == httpsconfig.ErrSize {
		return
	}
	if err != nil {
		t.Fatalf("AppendXML refuses what Decode returns: %v", err)
	}
	again, err := httpsconfig.Decode(inXML)
	if err != nil {
		t.Fatalf("Decode refuses what AppendXML writes: %v\n%s", err, inXML)
	}
	if diff := cmp.Diff(c, again, cmpopts.EquateEmpty()); diff != "" {
		t.Fatalf("written as XML and read (-before +after):\n%s\n%s", diff, inXML)
	}
	twice, err := again.AppendXML(nil)
	if diff := cmp.Diff(string(inXML), string(twice)); err != nil || diff != "" {
		t.Fatalf("AppendXML is not stable: %v\n%s", err, diff)
	}
	checkSDK(t, inXML, c)
	inJSON, err := c.AppendJSON(nil)
	if err == httpsconfig.ErrSize {
		return
	}
	if err != nil {
		t.Fatalf("AppendJSON refuses what AppendXML writes: %v", err)
	}
	if again, err = httpsconfig.Decode(inJSON); err != nil {
		t.Fatalf("Decode refuses what AppendJSON writes: %v\n%s", err, inJSON)
	}
	if diff := cmp.Diff(c, again, cmpopts.EquateEmpty()); diff != "" {
		t.Fatalf("written as JSON and read (-before +after):\n%s\n%s", diff, inJSON)
	}
}

func TestRoundTripFixtures(t *testing.T) {
	read := 0
	for name, doc := range documents(t) {
		config, err := httpsconfig.Decode(doc)
		if err != nil {
			continue
		}
		read++
		t.Run(name, func(t *testing.T) {
			if strings.HasPrefix(strings.TrimLeft(string(doc), "\uFEFF \t\r\n"), "<") {
				checkSDK(t, doc, config)
			}
			checkRoundTrip(t, config)
		})
	}
	if read < 30 {
		t.Errorf("only %d fixtures can be read", read)
	}
}

// What one form says the other says too.
func TestXMLAndJSON(t *testing.T) {
	for _, test := range []struct{ name, xml, json string }{
		{"nothing", "<HttpsConfiguration/>", "{}"},
		{"empty containers", "<HttpsConfiguration><TLS/><CipherSuite></CipherSuite></HttpsConfiguration>", `{"TLS":{},"CipherSuite":{}}`},
		{"containers the other way round", "<HttpsConfiguration><CipherSuite/><TLS/></HttpsConfiguration>", `{"CipherSuite":{},"TLS":{}}`},
		{"version before Enable", "<HttpsConfiguration><TLS><TLSVersion>TLSv1.2</TLSVersion><Enable>true</Enable></TLS></HttpsConfiguration>",
			`{"TLS":{"TLSVersion":["TLSv1.2"],"Enable":true}}`},
		{"booleans as strings, a scalar as list", "<HttpsConfiguration><TLS><Enable>true</Enable><TLSVersion>TLSv1.3</TLSVersion></TLS></HttpsConfiguration>",
			`{"TLS":{"Enable":"true","TLSVersion":"TLSv1.3"}}`},
		{"white space", "\n<HttpsConfiguration>\r\n<TLS>\t<Enable> false\n</Enable><TLSVersion>\tTLSv1.3 </TLSVersion></TLS>\r</HttpsConfiguration>\n",
			" {\n\"TLS\" :\t{\"Enable\":\" false\\n\",\"TLSVersion\":[\"\\tTLSv1.3 \"]\r\n} }"},
		{"empty values", "<HttpsConfiguration><TLS><TLSVersion/><TLSVersion></TLSVersion></TLS></HttpsConfiguration>", `{"TLS":{"TLSVersion":["",""]}}`},
		{"empty lists", "<HttpsConfiguration><TLS/></HttpsConfiguration>", `{"TLS":{"TLSVersion":[]}}`},
		{"characters", "<HttpsConfiguration><TLS><TLSVersion>&lt;&amp;&gt;&quot;&#13;&#x1F600;é\x7f</TLSVersion></TLS></HttpsConfiguration>",
			`{"TLS":{"TLSVersion":["<&>\"\r\ud83d\ude00é\u007f"]}}`},
		{"everything", strings.ReplaceAll(sample, "\n", ""), `{"TLS":{"Enable":true,"TLSVersion":["TLSv1.2","TLSv1.3"]},
			"CipherSuite":{"Enable":true,"StrongCipherSuite":false,
			"CustomCipherSuite":["ECDHE-ECDSA-AES128-SHA256","ECDHE-RSA-AES128-GCM-SHA256","ECDHE-ECDSA-AES256-CCM8"],
			"TLS13CustomCipherSuite":["ECDHE-ECDSA-AES256-CCM8","ECDHE-ECDSA-AES256-CCM8","ECDHE-ECDSA-AES256-CCM8"]}}`},
	} {
		t.Run(test.name, func(t *testing.T) {
			fromXML, err := httpsconfig.Decode([]byte(test.xml))
			if err != nil {
				t.Fatal(err)
			}
			fromJSON, err := httpsconfig.Decode([]byte(test.json))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(fromXML, fromJSON); diff != "" {
				t.Errorf("XML (-) and JSON (+):\n%s", diff)
			}
			checkSDK(t, []byte(test.xml), fromXML)
			checkRoundTrip(t, fromXML)
		})
	}
}

// Lists have room for more; what a caller appends must not show up elsewhere.
func TestListsAreApart(t *testing.T) {
	read := func() *httpsconfig.Config {
		c, err := httpsconfig.Decode([]byte(sample))
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	c := read()
	for _, list := range [][]string{c.TLS.TLSVersions, c.CipherSuite.CustomCipherSuites, c.CipherSuite.TLS13CustomCipherSuites} {
		for len(list) < 20 {
			list = append(list, "more")
		}
	}
	if diff := cmp.Diff(read(), c); diff != "" {
		t.Errorf("lists appended to (-before +after):\n%s", diff)
	}
}
