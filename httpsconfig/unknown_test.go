package httpsconfig_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/ossconf/ossconf/httpsconfig"
)

// An unknown element in every gap comes back in its gap.
func TestUnknownInEveryGap(t *testing.T) {
	containers := []struct {
		open, shut string
		known      []string
		list       func(*httpsconfig.Config) []httpsconfig.Unknown
	}{
		{"<HttpsConfiguration>", "</HttpsConfiguration>", []string{"<TLS></TLS>", "<CipherSuite></CipherSuite>"},
			func(c *httpsconfig.Config) []httpsconfig.Unknown { return c.Unknown }},
		{"<HttpsConfiguration><TLS>", "</TLS></HttpsConfiguration>",
			[]string{"<Enable>true</Enable>", "<TLSVersion>a</TLSVersion>", "<TLSVersion>b</TLSVersion>", "<TLSVersion>c</TLSVersion>"},
			func(c *httpsconfig.Config) []httpsconfig.Unknown { return c.TLS.Unknown }},
		{"<HttpsConfiguration><CipherSuite>", "</CipherSuite></HttpsConfiguration>",
			[]string{"<Enable>true</Enable>", "<StrongCipherSuite>true</StrongCipherSuite>", "<CustomCipherSuite>a</CustomCipherSuite>", "<CustomCipherSuite>b</CustomCipherSuite>",
				"<TLS13CustomCipherSuite>a</TLS13CustomCipherSuite>", "<TLS13CustomCipherSuite>b</TLS13CustomCipherSuite>"},
			func(c *httpsconfig.Config) []httpsconfig.Unknown { return c.CipherSuite.Unknown }},
	}
	for _, c := range containers {
		for left := range len(c.known) + 1 { // the known elements but one, and all of them
			var known []string
			for i, k := range c.known {
				if i != left {
					known = append(known, k)
				}
			}
			for gap := range len(known) + 1 {
				for _, elements := range [][]string{{"<New>1</New>"}, {"<New><A>1</A><B></B></New>"}, {"<New></New>", "<New></New>", "<Other></Other>"}} {
					doc := c.open + strings.Join(known[:gap], "") + strings.Join(elements, "") + strings.Join(known[gap:], "") + c.shut
					config, err := httpsconfig.Decode([]byte(doc))
					if err != nil {
						t.Fatalf("%s: %v", doc, err)
					}
					var want []httpsconfig.Unknown
					for _, e := range elements {
						want = append(want, httpsconfig.Unknown{After: gap, XML: e})
					}
					if diff := cmp.Diff(want, c.list(config)); diff != "" {
						t.Fatalf("%s (-want +got):\n%s", doc, diff)
					}
					checkRoundTrip(t, config)
				}
			}
		}
	}
}

// The known elements may stand in any order; an unknown one stays behind the one before it.
func TestUnknownWhereOrderDiffers(t *testing.T) {
	for _, test := range []struct {
		name, doc string
		want      []httpsconfig.Unknown
	}{
		{"at the start, before a version that is before Enable", root("<TLS><N/><TLSVersion>a</TLSVersion><Enable>true</Enable></TLS>"), []httpsconfig.Unknown{{After: 0, XML: "<N></N>"}}},
		{"behind a version that is before Enable", root("<TLS><TLSVersion>a</TLSVersion><N/><Enable>true</Enable></TLS>"), []httpsconfig.Unknown{{After: 2, XML: "<N></N>"}}},
		{"behind Enable that is behind a version", root("<TLS><TLSVersion>a</TLSVersion><Enable>true</Enable><N/></TLS>"), []httpsconfig.Unknown{{After: 1, XML: "<N></N>"}}},
		{"several, in the order of the places", root("<TLS><TLSVersion>a</TLSVersion><M/><Enable>true</Enable><N/></TLS>"),
			[]httpsconfig.Unknown{{After: 1, XML: "<N></N>"}, {After: 2, XML: "<M></M>"}}},
		{"between versions with Enable between", root("<TLS><TLSVersion>a</TLSVersion><Enable>true</Enable><TLSVersion>b</TLSVersion><N/><TLSVersion>c</TLSVersion></TLS>"),
			[]httpsconfig.Unknown{{After: 3, XML: "<N></N>"}}},
		{"JSON, behind an empty list", `{"TLS":{"Enable":true,"TLSVersion":[],"N":{}}}`, []httpsconfig.Unknown{{After: 1, XML: "<N></N>"}}},
	} {
		t.Run(test.name, func(t *testing.T) {
			config, err := httpsconfig.Decode([]byte(test.doc))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, config.TLS.Unknown); diff != "" {
				t.Errorf("unknown elements (-want +got):\n%s", diff)
			}
			checkRoundTrip(t, config)
		})
	}
}

// nested returns elements called N, one in the other.
func nested(levels int) string { return strings.Repeat("<N>", levels) + strings.Repeat("</N>", levels) }

func TestUnknownForms(t *testing.T) {
	for _, test := range []struct {
		name, doc string
		want      []httpsconfig.Unknown // of the root
	}{
		{"XML in one form", root("<N >\n <!-- --> <A/>\r\n<B><![CDATA[<]]>&#13;&#x41;\r\n</B>\t</N\n>"), []httpsconfig.Unknown{{XML: "<N><A></A><B>&lt;&#13;A\n</B></N>"}}},
		{"XML with names that other containers know", root("<N><TLS><Enable>maybe</Enable><Enable/></TLS></N><Enable/>"),
			[]httpsconfig.Unknown{{XML: "<N><TLS><Enable>maybe</Enable><Enable></Enable></TLS></N>"}, {XML: "<Enable></Enable>"}}},
		{"scalars", `{"A":"<&>","B":1.50,"C":true,"D":""}`,
			[]httpsconfig.Unknown{{XML: "<A>&lt;&amp;></A>"}, {XML: "<B>1.50</B>"}, {XML: "<C>true</C>"}, {XML: "<D></D>"}}},
		{"object", `{"A":{"B":{"C":1},"D":[1,{"E":"x"},{}],"F":{}}}`,
			[]httpsconfig.Unknown{{XML: "<A><B><C>1</C></B><D>1</D><D><E>x</E></D><D></D><F></F></A>"}}},
		{"list is an element for each value", `{"A":["1",{"B":2},false]}`,
			[]httpsconfig.Unknown{{XML: "<A>1</A>"}, {XML: "<A><B>2</B></A>"}, {XML: "<A>false</A>"}}},
		{"empty list is no element", `{"A":[],"B":{"C":[]}}`, []httpsconfig.Unknown{{XML: "<B></B>"}}},
		{"list of elements", `{"#unknown":[{"after":0,"xml":"<A/>"},{"xml":"<B>\n<C>1</C></B>","after":0}]}`,
			[]httpsconfig.Unknown{{XML: "<A></A>"}, {XML: "<B><C>1</C></B>"}}},
		{"list of elements with declaration and comments", `{"#unknown":[{"after":0,"xml":"<?xml version='1.0'?><!-- --><A/>\n"}]}`, []httpsconfig.Unknown{{XML: "<A></A>"}}},
		{"empty list of elements", `{"#unknown":[]}`, nil},
		{"list of elements and members", `{"#unknown":[{"after":0,"xml":"<A/>"}],"B":1}`, []httpsconfig.Unknown{{XML: "<A></A>"}, {XML: "<B>1</B>"}}},
		{"place past the end is the end", `{"TLS":{},"#unknown":[{"after":65536,"xml":"<A/>"}]}`, []httpsconfig.Unknown{{After: 1, XML: "<A></A>"}}},
		{"places out of order are put in order", `{"TLS":{},"#unknown":[{"after":1,"xml":"<A/>"},{"after":0,"xml":"<B/>"}]}`,
			[]httpsconfig.Unknown{{XML: "<B></B>"}, {After: 1, XML: "<A></A>"}}},
		{"31 levels in XML", root(nested(31)), []httpsconfig.Unknown{{XML: nested(31)}}},
		{"31 levels in JSON", strings.Repeat(`{"N":`, 31) + `""` + strings.Repeat("}", 31), []httpsconfig.Unknown{{XML: nested(31)}}},
		{"31 levels in the list", `{"#unknown":[{"after":0,"xml":"` + nested(31) + `"}]}`, []httpsconfig.Unknown{{XML: nested(31)}}},
	} {
		t.Run(test.name, func(t *testing.T) {
			config, err := httpsconfig.Decode([]byte(test.doc))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, config.Unknown, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("unknown elements (-want +got):\n%s", diff)
			}
			checkRoundTrip(t, config)
		})
	}
}

func TestUnknownRefused(t *testing.T) {
	entry := func(xml string) string { return `{"TLS":{"#unknown":[{"after":0,"xml":"` + xml + `"}]}}` }
	const (
		noName  = "a member whose name cannot be that of an element"
		noEntry = "an entry of #unknown without after, or whose xml is not one element that TLS does not have"
		member  = "an entry of #unknown with a member other than the number after and the string xml"
		tooDeep = "elements nested more than 32 deep"
	)
	for _, test := range []struct{ name, doc, want string }{
		{"name with a blank", `{"a b":1}`, noName},
		{"empty name", `{"":1}`, noName},
		{"name of a list with nothing in it", `{"a b":[]}`, noName},
		{"name inside", `{"A":{"é":1}}`, noName},
		{"name of a list inside", `{"A":{"é":[]}}`, noName},
		{"list of elements inside", `{"A":{"#unknown":[]}}`, noName},
		{"null", `{"A":null}`, "null, for which XML has no form"},
		{"null in a list", `{"A":[1,null]}`, "null, for which XML has no form"},
		{"list in a list", `{"A":[[1]]}`, "an array in an array, for which XML has no form"},
		{"list in a list inside", `{"A":{"B":[[1]]}}`, "an array in an array, for which XML has no form"},
		{"character", `{"A":"\u0000"}`, "a string with a character that XML does not allow"},
		{"31 levels in TLS", `{"TLS":{"N":` + strings.Repeat(`{"N":`, 30) + `""` + strings.Repeat("}", 32), tooDeep},
		{"size", `{"` + strings.Repeat("N", 1000) + `":[` + strings.Repeat(`1,`, 40) + `1]}`, "unknown elements that take more than 64 KiB in XML"},
		{"size inside", `{"A":{"` + strings.Repeat("N", 1000) + `":[` + strings.Repeat(`1,`, 40) + `1]}}`, "unknown elements that take more than 64 KiB in XML"},
		{"no list", `{"#unknown":{"after":0,"xml":"<A/>"}}`, "#unknown is no array"},
		{"no object in it", `{"#unknown":["<A/>"]}`, "an entry of #unknown that is no object"},
		{"another member", `{"#unknown":[{"after":0,"xml":"<A/>","x":1}]}`, member},
		{"after of another type", `{"#unknown":[{"after":"0","xml":"<A/>"}]}`, member},
		{"xml of another type", `{"#unknown":[{"after":0,"xml":1}]}`, member},
		{"after is negative", `{"#unknown":[{"after":-1,"xml":"<A/>"}]}`, "after is no count of elements"},
		{"after is no whole number", `{"#unknown":[{"after":0.5,"xml":"<A/>"}]}`, "after is no count of elements"},
		{"after is too large", `{"#unknown":[{"after":65537,"xml":"<A/>"}]}`, "after is no count of elements"},
		{"no after", `{"TLS":{"#unknown":[{"xml":"<A/>"}]}}`, noEntry},
		{"no xml", `{"TLS":{"#unknown":[{"after":0}]}}`, noEntry},
		{"empty xml", entry(""), noEntry},
		{"text", entry("x"), noEntry},
		{"two elements", entry("<A/><B/>"), noEntry},
		{"not well-formed", entry("<A>"), noEntry},
		{"attribute", entry("<A b='1'/>"), noEntry},
		{"known name", entry("<Enable>true</Enable>"), noEntry},
		{"30 levels fit, 31 do not", entry(nested(31)), noEntry},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := httpsconfig.Decode([]byte(test.doc))
			var e *httpsconfig.ParseError
			if !errors.As(err, &e) || e.Err != httpsconfig.ErrUnknown || e.Detail != test.want {
				t.Errorf("%v, want %s", err, test.want)
			}
			checkValidate(t, []byte(test.doc))
		})
	}
}
