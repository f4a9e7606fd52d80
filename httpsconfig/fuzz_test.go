package httpsconfig_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/ossconf/ossconf/httpsconfig"
	"github.com/ossconf/ossconf/source"
)

func isJSON(doc []byte) bool {
	return strings.HasPrefix(strings.TrimLeft(strings.TrimPrefix(string(doc), "\uFEFF"), " \t\r\n"), "{")
}

// addDocuments seeds a fuzz target with the fixtures of one form.
func addDocuments(f *testing.F, want func([]byte) bool) {
	for _, doc := range documents(f) {
		if want(doc) {
			f.Add(doc)
		}
	}
}

func checkDecoded(t *testing.T, doc []byte) {
	config, err := httpsconfig.Decode(doc)
	if err != nil {
		e := err.(*httpsconfig.ParseError)
		if e.Position != source.At(string(doc), e.Offset) || e.Offset > len(doc) || e.Err.Code == "" || e.Message() == "" || e.Hint == "" {
			t.Fatalf("incomplete error %+v", e)
		}
		if config != nil {
			t.Fatal("a configuration beside the error")
		}
		return
	}
	if !isJSON(doc) {
		checkSDK(t, doc, config)
	}
	checkRoundTrip(t, config)
}

func FuzzDecode(f *testing.F) {
	addDocuments(f, func(doc []byte) bool { return !isJSON(doc) })
	f.Add([]byte("<HttpsConfiguration><X>1</X><TLS><Y/><Enable>true</Enable><Z><W>&amp;</W></Z></TLS><X>2</X></HttpsConfiguration>"))
	f.Fuzz(checkDecoded)
}

func FuzzDecodeJSON(f *testing.F) {
	addDocuments(f, isJSON)
	f.Add([]byte(`{"X":[1,"a",{"Y":true}],"TLS":{"#unknown":[{"after":0,"xml":"<A><B>1</B></A>"},{"after":9,"xml":"<C/>"}],"Enable":false}}`))
	f.Fuzz(checkDecoded)
}

// configOf makes a configuration of a text: lines are elements, the first byte of a line says which one.
func configOf(text string) *httpsconfig.Config {
	c := new(httpsconfig.Config)
	tls, suites := new(httpsconfig.TLS), new(httpsconfig.CipherSuite)
	for line := range strings.SplitSeq(text, "\n") {
		if line == "" {
			continue
		}
		value := line[1:]
		unknown := httpsconfig.Unknown{XML: value}
		if value != "" {
			unknown = httpsconfig.Unknown{After: int(value[0]) - '0', XML: value[1:]}
		}
		switch line[0] {
		case 'T':
			c.TLS = tls
		case 'C':
			c.CipherSuite = suites
		case 'e':
			tls.Enable = httpsconfig.Bool(len(value))
		case 'E':
			suites.Enable = httpsconfig.Bool(len(value))
		case 'S':
			suites.StrongCipherSuite = httpsconfig.Bool(len(value))
		case 'v':
			tls.TLSVersions = append(tls.TLSVersions, value)
		case 'c':
			suites.CustomCipherSuites = append(suites.CustomCipherSuites, value)
		case '3':
			suites.TLS13CustomCipherSuites = append(suites.TLS13CustomCipherSuites, value)
		case 'u':
			c.Unknown = append(c.Unknown, unknown)
		case 't':
			tls.Unknown = append(tls.Unknown, unknown)
		case 's':
			suites.Unknown = append(suites.Unknown, unknown)
		}
	}
	return c
}

func FuzzEncode(f *testing.F) {
	f.Add("")
	f.Add("T\ne1\nvTLSv1.2\nvTLSv1.3\nC\nE12\nS1\ncECDHE-RSA-AES128-GCM-SHA256\n3TLS_AES_128_GCM_SHA256")
	f.Add("T\nt0<A>1</A>\nt0<B></B>\nt1<C><D>x</D></C>\nv<&>]]>\r\nu1<E></E>")
	f.Add("T\nv padded\ne123\nC\nc\x01\ns5<A></A>\ns0<Enable>true</Enable>")
	f.Fuzz(func(t *testing.T, text string) {
		c := configOf(text)
		inXML, errXML := c.AppendXML([]byte("x"))
		inJSON, errJSON := c.AppendJSON([]byte("x"))
		for _, err := range []error{errXML, errJSON} {
			switch err {
			case nil, httpsconfig.ErrValue, httpsconfig.ErrUnknown, httpsconfig.ErrSize:
			default:
				t.Fatalf("error %v", err)
			}
		}
		if errXML != nil && string(inXML) != "x" || errJSON != nil && string(inJSON) != "x" {
			t.Fatalf("errors %v, %v, and written: %q, %q", errXML, errJSON, inXML, inJSON)
		}
		if errXML != nil {
			if errJSON != errXML {
				t.Fatalf("AppendXML: %v, AppendJSON: %v", errXML, errJSON)
			}
			return
		}
		checkRoundTrip(t, c)
	})
}

func FuzzValidate(f *testing.F) {
	addDocuments(f, func([]byte) bool { return true })
	f.Fuzz(checkValidate)
}

// checkValidate holds a report against Decode and against what Fix makes of the document.
func checkValidate(t *testing.T, doc []byte) {
	report := httpsconfig.Validate(doc)
	config, err := httpsconfig.Decode(doc)
	if err != nil && report.OK() {
		t.Fatalf("no error, and Decode says: %v", err)
	}
	if err == nil {
		if diff := cmp.Diff(config, report.Config, cmpopts.EquateEmpty()); diff != "" {
			t.Fatalf("Decode (-) and Validate (+):\n%s", diff)
		}
	}
	checkReport(t, doc, report)

	fixed, after := httpsconfig.Fix(doc)
	if diff := cmp.Diff(words(httpsconfig.Validate(fixed)), words(after)); diff != "" {
		t.Fatalf("the report of what Fix returns (-Validate +Fix):\n%s", diff)
	}
	checkReport(t, fixed, after)
	if report.OK() && !after.OK() {
		t.Fatalf("Fix makes an error where there was none: %v\n%s", words(after), fixed)
	}
	if len(fixed) < httpsconfig.MaxSize/8 {
		for _, f := range after.Findings {
			if f.Fix != nil {
				t.Fatalf("a fix is left: %s: %s\n%s", f.Rule.Name, f.Message, fixed)
			}
		}
	}
}

// checkReport checks what every report has to be.
func checkReport(t *testing.T, doc []byte, report *httpsconfig.Report) {
	var counts [3]int
	for i, f := range report.Findings {
		counts[f.Rule.Severity]++
		if i > 0 && f.Offset < report.Findings[i-1].Offset {
			t.Fatalf("findings out of order: %v", words(report))
		}
		if i%(1+len(report.Findings)/100) != 0 { // of many, a hundred have to do
			continue
		}
		if f.Rule.Name == "" || f.Message == "" || f.Offset < 0 || f.Offset > len(doc) || f.Position != source.At(string(doc), f.Offset) {
			t.Fatalf("incomplete finding %+v", f)
		}
		if f.Fix == nil {
			continue
		}
		if fixed, err := source.Apply(string(doc), f.Fix.Edits); err != nil || fixed == string(doc) {
			t.Fatalf("%s: a fix that changes nothing, %v", f.Message, err)
		}
	}
	listed := 0
	for s, n := range counts {
		listed += n
		if total := report.Count(httpsconfig.Severity(s)); n > total || n < total && listed < httpsconfig.MaxFindings {
			t.Fatalf("severity %d: %d findings listed, %d counted", s, n, total)
		}
	}
	if report.OK() != (counts[httpsconfig.Error] == 0) {
		t.Fatalf("OK is %v with %d errors listed", report.OK(), counts[httpsconfig.Error])
	}
}

// words of which FuzzWords builds documents: mistakes that single bytes seldom make.
var vocabulary = []string{
	"<HttpsConfiguration>", "</HttpsConfiguration>", "<TLS>", "</TLS>", "<TLS/>", "<CipherSuite>", "</CipherSuite>", "<Enable>", "</Enable>",
	"<StrongCipherSuite>", "</StrongCipherSuite>", "<TLSVersion>", "</TLSVersion>", "<CustomCipherSuite>", "</CustomCipherSuite>",
	"<TLS13CustomCipherSuite>", "</TLS13CustomCipherSuite>", "<New>", "</New>", "<New a='1'>", "<TLS xmlns=''>", "true", "false", "True", "1",
	"TLSv1.2", "TLSv1.3", "1.2", "ECDHE-RSA-AES128-GCM-SHA256", "TLS_AES_128_GCM_SHA256", "tls_aes_128_gcm_sha256", "AES128-SHA", "x", "&", "&amp;",
	" ", "\n", "\r\n", "<!-- -->", "<![CDATA[true]]>", "<![CDATA[", "]]>", "é", "</", "<", ">",
	"<Enable>true</Enable>", "<TLSVersion>TLSv1.2</TLSVersion>", "<CustomCipherSuite>TLS_AES_128_GCM_SHA256</CustomCipherSuite>",
	"<TLS13CustomCipherSuite>AES128-SHA</TLS13CustomCipherSuite>", "<CustomCipherSuite>AES128-SHA</CustomCipherSuite>",
	"{", "}", "[", "]", ",", ":", `"TLS"`, `"CipherSuite"`, `"Enable"`, `"TLSVersion"`, `"CustomCipherSuite"`, `"TLS13CustomCipherSuite"`, `"New"`,
	`"HttpsConfiguration"`, `"#unknown"`, `"true"`, `"TLSv1.2"`, `"TLSv1.2 "`, `"1.3"`, `"aes128-sha"`, `"AES128-SHA"`, `"\u0001"`, "null", "0",
	`{"after":1,"xml":"<New/>"}`, `{"after":0,"xml":"<TLS/>"}`, `"TLS":{"Enable":true,"TLSVersion":[`, `"CipherSuite":{"Enable":true,"CustomCipherSuite":[`,
}

func FuzzWords(f *testing.F) {
	indexes := func(words ...string) (list []byte) {
		for _, w := range words {
			list = append(list, byte(slices.Index(vocabulary, w)))
		}
		return list
	}
	f.Add(indexes("<HttpsConfiguration>", "<TLS>", "<Enable>true</Enable>", "<TLSVersion>", "TLSv1.2", "</TLSVersion>", "</TLS>", "<CipherSuite>",
		"<Enable>", "1", "</TLS>", "<TLS13CustomCipherSuite>", "AES128-SHA", "</CustomCipherSuite>", "</HttpsConfiguration>"))
	f.Add(indexes("{", `"TLS":{"Enable":true,"TLSVersion":[`, `"TLSv1.2"`, ",", `"1.3"`, ",", `"TLSv1.2"`, "]", "}", "}"))
	f.Fuzz(func(t *testing.T, list []byte) {
		var doc []byte
		for _, i := range list {
			doc = append(doc, vocabulary[int(i)%len(vocabulary)]...)
		}
		checkDecoded(t, doc)
		checkValidate(t, doc)
	})
}
