package httpsconfig_test

import (
	"runtime"
	"strings"
	"testing"

	"github.com/ossconf/ossconf/httpsconfig"
)

// fill repeats the middle until the document has the largest size there is.
func fill(before, middle, after string) string {
	return before + strings.Repeat(middle, (httpsconfig.MaxSize-len(before)-len(after))/len(middle)) + after
}

// Documents that make as many findings as they can, or findings as large as they can. Memory stands for work here: it
// stays within a factor of the size of the document, and the fixes come to an end.
func TestHostileDocuments(t *testing.T) {
	const (
		first, last   = "<HttpsConfiguration>", "</HttpsConfiguration>"
		listed, close = `{"CipherSuite":{"CustomCipherSuite":["a"`, "]}}"
	)
	long := strings.Repeat("A", 20_000)
	for _, test := range []struct{ name, doc string }{
		{"ampersands", fill(first+"<a>", "&", "</a>"+last)},
		{"ampersands in deep elements of long names", fill(first+strings.Repeat("<"+strings.Repeat("b", 60)+">", 30), "&", "")},
		{"ampersands in an element of a very long name", fill(first+"<"+long+">", "&", "</"+long+">"+last)},
		{"unknown elements", fill(first, "<a/>", last)},
		{"repeated versions", fill(first+"<TLS>", "<TLSVersion>TLSv1.2</TLSVersion>", "</TLS>"+last)},
		{"repeated versions on lines", fill(first+"<TLS>", "\n<TLSVersion>TLSv1.2</TLSVersion>", "</TLS>"+last)},
		{"comments in a value", fill(first+"<a>x", "<!---->", "</a>"+last)},
		{"attributes", fill(first+"<a", " a=''", "/>"+last)},
		{"text between elements", fill(first, "<a/>x", last)},
		{"mismatched tags", fill(first, "<a></b>", last)},
		{"suites of TLS 1.2 in the list of TLS 1.3", fill(first+"<CipherSuite>", "<TLS13CustomCipherSuite>AES128-SHA</TLS13CustomCipherSuite>", "</CipherSuite>"+last)},
		{"several fixes for each suite", fill(first+"<CipherSuite>", "<CustomCipherSuite> tls_aes_128_gcm_sha256</CustomCipherSuite>", "</CipherSuite>"+last)},
		{"booleans", fill(first+"<TLS>", "<Enable>1</Enable>", "</TLS>"+last)},
		{"containers", fill(first, "<TLS/>", last)},
		{"carriage returns", fill(first+"<a>", "\r", "</a>"+last)},
		{"open elements", fill(first, "<a>", "")},
		{"empty lines", fill(first+"<TLS>", "\n", "<TLSVersion>TLSv1.2</TLSVersion></TLS>"+last)},
		{"JSON, empty suites", fill(listed, `,""`, close)},
		{"JSON, repeated suites", fill(listed, `,"AES128-SHA"`, close)},
		{"JSON, several fixes for each suite", fill(listed, `,"aes128-sha "`, close)},
		{"JSON, a list of an unknown member with a long name", fill(`{"`+long+`":[1`, ",1", "]}")},
		{"JSON, a list in an unknown member with a long name", fill(`{"a":{"`+long+`":[1`, ",1", "]}}")},
		{"JSON, unknown elements", fill(`{"#unknown":[{"after":0,"xml":"<a/>"}`, `,{"after":0,"xml":"<a/>"}`, "]}")},
		{"JSON, empty objects", fill(`{"x":[1`, `,{}`, "]}")},
		{"JSON, values of another type", fill(`{"TLS":{"TLSVersion":[1`, `,1`, "]}}")},
	} {
		t.Run(test.name, func(t *testing.T) {
			const factor = 3000
			doc := []byte(test.doc)
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			report := httpsconfig.Validate(doc)
			runtime.ReadMemStats(&after)
			if used := after.TotalAlloc - before.TotalAlloc; used > factor*uint64(len(doc)) {
				t.Errorf("Validate takes %d bytes for %d", used, len(doc))
			}
			checkReport(t, doc, report)
			checkValidate(t, doc)
		})
	}
}

// Errors are listed before the rest: a thousand warnings must not hide them.
func TestMaxFindings(t *testing.T) {
	doc := fill("<HttpsConfiguration>", "<a/>", "<CipherSuite/><CipherSuite/></HttpsConfiguration>")
	report := httpsconfig.Validate([]byte(doc))
	if len(report.Findings) != httpsconfig.MaxFindings {
		t.Errorf("%d findings, want %d", len(report.Findings), httpsconfig.MaxFindings)
	}
	last := report.Findings[len(report.Findings)-1]
	if last.Rule.Name != "element-once" || last.Offset != len(doc)-len("<CipherSuite/></HttpsConfiguration>") {
		t.Errorf("the last finding is %s at %d", last.Rule.Name, last.Offset)
	}
	if got, want := report.Count(httpsconfig.Warning), strings.Count(doc, "<a/>"); got != want {
		t.Errorf("%d warnings counted, want %d", got, want)
	}
	if report.Count(httpsconfig.Error) != 1 {
		t.Errorf("%d errors counted, want 1", report.Count(httpsconfig.Error))
	}
}
