package httpsconfig_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ossconf/ossconf/httpsconfig"
	"github.com/ossconf/ossconf/xmlcodec"
)

func full() *httpsconfig.Config {
	return &httpsconfig.Config{
		TLS: &httpsconfig.TLS{
			Enable: httpsconfig.True, TLSVersions: []string{"TLSv1.2", "TLSv1.3"},
			Unknown: []httpsconfig.Unknown{{After: 0, XML: "<A>1</A>"}, {After: 1, XML: "<B><C>&lt;</C></B>"}, {After: 3, XML: "<D></D>"}, {After: 3, XML: "<D></D>"}},
		},
		CipherSuite: &httpsconfig.CipherSuite{
			Enable: httpsconfig.True, StrongCipherSuite: httpsconfig.False,
			CustomCipherSuites:      []string{"ECDHE-RSA-AES128-GCM-SHA256", "<&>]]>\r\""},
			TLS13CustomCipherSuites: []string{""},
		},
		Unknown: []httpsconfig.Unknown{{After: 2, XML: "<E>\n</E>"}},
	}
}

func TestAppend(t *testing.T) {
	const wantXML = `x<?xml version="1.0" encoding="UTF-8"?>
<HttpsConfiguration>
  <TLS>
    <A>1</A>
    <Enable>true</Enable>
    <B><C>&lt;</C></B>
    <TLSVersion>TLSv1.2</TLSVersion>
    <TLSVersion>TLSv1.3</TLSVersion>
    <D></D>
    <D></D>
  </TLS>
  <CipherSuite>
    <Enable>true</Enable>
    <StrongCipherSuite>false</StrongCipherSuite>
    <CustomCipherSuite>ECDHE-RSA-AES128-GCM-SHA256</CustomCipherSuite>
    <CustomCipherSuite>&lt;&amp;>]]&gt;&#13;"</CustomCipherSuite>
    <TLS13CustomCipherSuite></TLS13CustomCipherSuite>
  </CipherSuite>
  <E>
</E>
</HttpsConfiguration>`
	const wantJSON = `x{"TLS":{"Enable":true,"TLSVersion":["TLSv1.2","TLSv1.3"],` +
		`"#unknown":[{"after":0,"xml":"<A>1</A>"},{"after":1,"xml":"<B><C>&lt;</C></B>"},{"after":3,"xml":"<D></D>"},{"after":3,"xml":"<D></D>"}]},` +
		`"CipherSuite":{"Enable":true,"StrongCipherSuite":false,"CustomCipherSuite":["ECDHE-RSA-AES128-GCM-SHA256","<&>]]>\r\""],"TLS13CustomCipherSuite":[""]},` +
		`"#unknown":[{"after":2,"xml":"<E>\n</E>"}]}`
	c := full()
	got, err := c.AppendXML([]byte("x"))
	if diff := cmp.Diff(wantXML, string(got)); err != nil || diff != "" {
		t.Errorf("AppendXML: %v (-want +got):\n%s", err, diff)
	}
	if got, err = c.AppendJSON([]byte("x")); err != nil || string(got) != wantJSON {
		t.Errorf("AppendJSON: %v (-want +got):\n%s", err, cmp.Diff(wantJSON, string(got)))
	}
	checkRoundTrip(t, c)
}

func TestAppendRefuses(t *testing.T) {
	tls := func(values ...string) *httpsconfig.Config {
		return &httpsconfig.Config{TLS: &httpsconfig.TLS{TLSVersions: values}}
	}
	unknown := func(list ...httpsconfig.Unknown) *httpsconfig.Config {
		return &httpsconfig.Config{TLS: &httpsconfig.TLS{Enable: httpsconfig.True, Unknown: list}}
	}
	for _, test := range []struct {
		name   string
		config *httpsconfig.Config
		want   error
	}{
		{"nothing", &httpsconfig.Config{}, nil},
		{"white space inside", tls("a b"), nil},
		{"white space before", tls("TLSv1.2", " TLSv1.3"), httpsconfig.ErrValue},
		{"white space behind", tls("TLSv1.3\n"), httpsconfig.ErrValue},
		{"white space alone", tls("\t"), httpsconfig.ErrValue},
		{"carriage return behind", tls("a\r"), httpsconfig.ErrValue},
		{"control character", tls("a\x01b"), httpsconfig.ErrValue},
		{"U+FFFE", tls("\uFFFE"), httpsconfig.ErrValue},
		{"not UTF-8", tls("a\xffb"), httpsconfig.ErrValue},
		{"value in a list of suites", &httpsconfig.Config{CipherSuite: &httpsconfig.CipherSuite{TLS13CustomCipherSuites: []string{"\x00"}}}, httpsconfig.ErrValue},
		{"Bool that is none", &httpsconfig.Config{TLS: &httpsconfig.TLS{Enable: httpsconfig.True + 1}}, httpsconfig.ErrValue},
		{"Bool of suites that is none", &httpsconfig.Config{CipherSuite: &httpsconfig.CipherSuite{StrongCipherSuite: 255}}, httpsconfig.ErrValue},
		{"size", tls(strings.Repeat("a", httpsconfig.MaxSize)), httpsconfig.ErrSize},
		{"size with escapes", tls(strings.Repeat("&", httpsconfig.MaxSize/5)), httpsconfig.ErrSize},
		{"place behind the last", unknown(httpsconfig.Unknown{After: 1, XML: "<A></A>"}), nil},
		{"place too far", unknown(httpsconfig.Unknown{After: 2, XML: "<A></A>"}), httpsconfig.ErrUnknown},
		{"place before the first", unknown(httpsconfig.Unknown{After: -1, XML: "<A></A>"}), httpsconfig.ErrUnknown},
		{"places out of order", unknown(httpsconfig.Unknown{After: 1, XML: "<A></A>"}, httpsconfig.Unknown{After: 0, XML: "<B></B>"}), httpsconfig.ErrUnknown},
		{"no element", unknown(httpsconfig.Unknown{XML: ""}), httpsconfig.ErrUnknown},
		{"text", unknown(httpsconfig.Unknown{XML: "a"}), httpsconfig.ErrUnknown},
		{"two elements", unknown(httpsconfig.Unknown{XML: "<A></A><B></B>"}), httpsconfig.ErrUnknown},
		{"end of the container", unknown(httpsconfig.Unknown{XML: "<A></A></TLS><TLS>"}), httpsconfig.ErrUnknown},
		{"comment", unknown(httpsconfig.Unknown{XML: "<A></A><!-- -->"}), httpsconfig.ErrUnknown},
		{"another form", unknown(httpsconfig.Unknown{XML: "<A/>"}), httpsconfig.ErrUnknown},
		{"attribute", unknown(httpsconfig.Unknown{XML: "<A a='1'></A>"}), httpsconfig.ErrUnknown},
		{"known name", unknown(httpsconfig.Unknown{XML: "<Enable>true</Enable>"}), httpsconfig.ErrUnknown},
		{"name that another container knows", unknown(httpsconfig.Unknown{XML: "<StrongCipherSuite>true</StrongCipherSuite>"}), nil},
		{"known name inside", unknown(httpsconfig.Unknown{XML: "<A><Enable>true</Enable></A>"}), nil},
		{"known name in the root", &httpsconfig.Config{Unknown: []httpsconfig.Unknown{{XML: "<TLS></TLS>"}}}, httpsconfig.ErrUnknown},
		{"root in the root", &httpsconfig.Config{Unknown: []httpsconfig.Unknown{{XML: "<HttpsConfiguration></HttpsConfiguration>"}}}, nil},
		{"30 levels", unknown(httpsconfig.Unknown{XML: nested(xmlcodec.MaxDepth - 2)}), nil},
		{"31 levels", unknown(httpsconfig.Unknown{XML: nested(xmlcodec.MaxDepth - 1)}), httpsconfig.ErrUnknown},
		{"31 levels in the root", &httpsconfig.Config{Unknown: []httpsconfig.Unknown{{XML: nested(xmlcodec.MaxDepth - 1)}}}, nil},
		{"32 levels in the root", &httpsconfig.Config{Unknown: []httpsconfig.Unknown{{XML: nested(xmlcodec.MaxDepth)}}}, httpsconfig.ErrUnknown},
		{"value before unknown", &httpsconfig.Config{TLS: &httpsconfig.TLS{TLSVersions: []string{" "}, Unknown: []httpsconfig.Unknown{{After: 1, XML: "<"}}}}, httpsconfig.ErrValue},
	} {
		t.Run(test.name, func(t *testing.T) {
			for form, appendTo := range map[string]func([]byte) ([]byte, error){"AppendXML": test.config.AppendXML, "AppendJSON": test.config.AppendJSON} {
				dst := append(make([]byte, 0, 1<<10), "before"...)
				got, err := appendTo(dst)
				if err != test.want {
					t.Errorf("%s: %v, want %v", form, err, test.want)
				}
				if err != nil && (string(got) != "before" || &got[0] != &dst[0]) {
					t.Errorf("%s: %v, and dst came back as %q", form, err, got)
				}
			}
			if test.want == nil {
				checkRoundTrip(t, test.config)
			}
		})
	}
}

// JSON takes more room for quotes than XML: a configuration may fit into one form and not into the other.
func TestAppendJSONSize(t *testing.T) {
	c := &httpsconfig.Config{CipherSuite: &httpsconfig.CipherSuite{CustomCipherSuites: []string{strings.Repeat(`"`, httpsconfig.MaxSize*3/4)}}}
	if _, err := c.AppendXML(nil); err != nil {
		t.Errorf("AppendXML: %v", err)
	}
	if got, err := c.AppendJSON([]byte("x")); err != httpsconfig.ErrSize || string(got) != "x" {
		t.Errorf("AppendJSON: %v and %d bytes, want ErrSize and dst", err, len(got))
	}
}
