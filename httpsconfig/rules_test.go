package httpsconfig_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ossconf/ossconf/httpsconfig"
	"github.com/ossconf/ossconf/source"
)

// root returns the document with these elements in the root.
func root(elements string) string { return "<HttpsConfiguration>" + elements + "</HttpsConfiguration>" }

// suites returns a document about suites alone.
func suites(elements string) string {
	return root("<TLS><Enable>false</Enable></TLS><CipherSuite><Enable>true</Enable>" + elements + "</CipherSuite>")
}

func suitesJSON(members string) string {
	return `{"TLS":{"Enable":false},"CipherSuite":{"Enable":true,` + members + "}}"
}

// ruleTests breaks every rule: the first finding about it, and what the fix makes of the document.
var ruleTests = []struct {
	rule, name, doc            string
	line, column, offset       int
	path, message, hint, fixed string
	also                       string // rules that the document breaks besides
}{
	{"document-readable", "empty", "",
		1, 1, 0, "", "the document is empty", "write an HttpsConfiguration in XML or JSON", "", ""},
	{"document-readable", "neither form", " TLS",
		1, 2, 1, "", "neither an XML nor a JSON document", "begin the document with < for XML or { for JSON", "", ""},
	{"document-readable", "too large", strings.Repeat(" ", httpsconfig.MaxSize+1),
		1, 65537, 65536, "", "the document is larger than 64 KiB", "a configuration takes a few hundred bytes: is this the right file?", "", ""},
	{"document-well-formed", "wrong tag", root("<TLS><Enable>false</Enabled></TLS>"),
		1, 39, 38, "/HttpsConfiguration/TLS/Enable", "</Enabled> where <Enable> is open", "write </Enable>", root("<TLS><Enable>false</Enable></TLS>"), ""},
	{"document-well-formed", "missing tag", root("<TLS><Enable>false</Enable>"),
		1, 48, 47, "/HttpsConfiguration/TLS", "</HttpsConfiguration> where <TLS> is open", "write </TLS> before it", root("<TLS><Enable>false</Enable></TLS>"), ""},
	{"document-well-formed", "ampersand", root("<A>&</A><TLS><Enable>false</Enable></TLS>"),
		1, 24, 23, "/HttpsConfiguration/A", "a bare ampersand", "write &amp;", root("<A>&amp;</A><TLS><Enable>false</Enable></TLS>"), "unknown-element"},
	{"document-well-formed", "two roots", "<HttpsConfiguration><TLS><Enable>false</Enable></TLS></HttpsConfiguration>\n<HttpsConfiguration/>",
		2, 1, 75, "", "more than white space and comments behind the root element", "remove it", "<HttpsConfiguration><TLS><Enable>false</Enable></TLS></HttpsConfiguration>\n", ""},
	{"document-well-formed", "cut short", "<HttpsConfiguration><TLS><Enable>false",
		1, 39, 38, "/HttpsConfiguration/TLS/Enable", "the document ends where <Enable> is open", "write </Enable>", "", ""},
	{"document-well-formed", "UTF-16", "\xff\xfe<\x00",
		1, 1, 0, "", "the document is in UTF-16", "save it in UTF-8", "", ""},
	{"document-well-formed", "JSON", `{"TLS":{"Enable":fals}}`,
		1, 18, 17, "/HttpsConfiguration/TLS/Enable", "a word that is no value of JSON", "write true, false, null, or put text in quotes", "", ""},
	{"document-well-formed", "cut short in a second TLS", "<HttpsConfiguration><TLS/><TLS><a>",
		1, 35, 34, "/HttpsConfiguration/TLS/a", "the document ends where <a> is open", "write </a>", "", "element-once"},
	{"document-data-only", "attribute", `<HttpsConfiguration a="1"><TLS><Enable>false</Enable></TLS></HttpsConfiguration>`,
		1, 21, 20, "/HttpsConfiguration", "the attribute a on <HttpsConfiguration>; OSS has none", "remove it", root("<TLS><Enable>false</Enable></TLS>"), ""},
	{"document-data-only", "namespace", "<HttpsConfiguration xmlns='urn:x'><TLS><Enable>false</Enable></TLS></HttpsConfiguration>",
		1, 21, 20, "/HttpsConfiguration", "a namespace on <HttpsConfiguration>; OSS has none", "remove it", root("<TLS><Enable>false</Enable></TLS>"), ""},
	{"document-data-only", "text between elements", root("<TLS><Enable>false</Enable>,</TLS>"),
		1, 48, 47, "/HttpsConfiguration/TLS", "text between the elements of <TLS>", "remove it", root("<TLS><Enable>false</Enable></TLS>"), ""},
	{"document-data-only", "text before an element", root("text<TLS><Enable>false</Enable></TLS>"),
		1, 25, 24, "/HttpsConfiguration", "an element inside the value of <HttpsConfiguration>", "close <HttpsConfiguration> first, or remove the text before the element", "", ""},
	{"document-data-only", "document type", "<!DOCTYPE HttpsConfiguration><HttpsConfiguration/>",
		1, 1, 0, "", "a document type declaration", "remove it", "", ""},
	{"document-data-only", "entity", root("<A>&nbsp;</A>"),
		1, 24, 23, "/HttpsConfiguration/A", "the entity &nbsp; is not one of the five that XML predefines", "write the character itself, or &amp;nbsp; for the text", "", ""},
	{"document-data-only", "comment in a value", root("<TLS><Enable>false<!-- --></Enable></TLS>"),
		1, 39, 38, "/HttpsConfiguration/TLS/Enable", "a comment inside the value of <Enable>", "move it out of the element", root("<TLS><Enable>false</Enable></TLS>"), ""},
	{"document-data-only", "comment for a value", root("<TLS><Enable>false</Enable><TLSVersion><!-- --></TLSVersion></TLS>"),
		1, 48, 47, "/HttpsConfiguration/TLS/TLSVersion", "a comment where <TLSVersion> has its value", "write the value, and the comment outside of the element", "", ""},
	{"document-data-only", "instruction", root("<A/><?x?>"),
		1, 25, 24, "/HttpsConfiguration", "a processing instruction", "remove it; an XML declaration may stand at the very start only", "", ""},
	{"root-element", "another", "<CORSConfiguration/>",
		1, 1, 0, "/CORSConfiguration", "the root element is <CORSConfiguration>", "name it HttpsConfiguration, in this spelling", "", ""},
	{"root-element", "case", "<httpsConfiguration/>",
		1, 1, 0, "/httpsConfiguration", "the root element is <httpsConfiguration>", "name it HttpsConfiguration, in this spelling", "", ""},
	{"root-element", "JSON with a root", `{ "HttpsConfiguration": {"TLS":{"Enable":false}}}`,
		1, 25, 24, "/HttpsConfiguration", "the JSON form has no HttpsConfiguration around its members", "remove it and keep what it holds", `{ "TLS":{"Enable":false}}`, ""},
	{"root-element", "JSON with a root and more", `{"HttpsConfiguration":{},"TLS":{"Enable":false}}`,
		1, 23, 22, "/HttpsConfiguration", "the JSON form has no HttpsConfiguration around its members", "remove it and keep what it holds", "", ""},
	{"root-element", "JSON with a root that is none", `{"HttpsConfiguration":null}`,
		1, 23, 22, "/HttpsConfiguration", "the JSON form has no HttpsConfiguration around its members", "remove it and keep what it holds", "", ""},
	{"element-once", "TLS", root("<TLS><Enable>false</Enable></TLS><TLS><Enable>true</Enable></TLS>"),
		1, 54, 53, "/HttpsConfiguration/TLS", "a second <TLS>", "remove one of the two", "", ""},
	{"element-once", "Enable", root("<TLS><Enable>false</Enable><Enable>true</Enable></TLS>"),
		1, 48, 47, "/HttpsConfiguration/TLS/Enable", "a second <Enable>", "remove one of the two", "", ""},
	{"element-once", "JSON", "{\"TLS\":{\"Enable\":false},\n\"TLS\":{}}",
		2, 1, 25, "/HttpsConfiguration", "a name that the object has already", "remove one of the two members", "", ""},
	{"element-content", "text in TLS", root("<TLS>true</TLS>"),
		1, 26, 25, "/HttpsConfiguration/TLS", "<TLS> holds text; it has elements only", "remove the text", "", ""},
	{"element-content", "text in the root", root("\ntrue"),
		1, 21, 20, "/HttpsConfiguration", "<HttpsConfiguration> holds text; it has elements only", "remove the text", "", ""},
	{"element-content", "element in a value", root("<TLS><Enable>false</Enable><TLSVersion><V/></TLSVersion></TLS>"),
		1, 48, 47, "/HttpsConfiguration/TLS/TLSVersion", "<TLSVersion> holds an element; it has a value only", "write the value between its tags", "", ""},
	{"element-content", "JSON scalar for an object", `{"TLS":true}`,
		1, 8, 7, "/HttpsConfiguration/TLS", "TLS is a boolean, not an object", "write an object", "", ""},
	{"element-content", "JSON number", `{"TLS":{"Enable":false,"TLSVersion":[1.2]}}`,
		1, 38, 37, "/HttpsConfiguration/TLS/TLSVersion", "TLSVersion is a number, not a string", "write a string", "", ""},
	{"element-content", "JSON object for a list", `{"TLS":{"Enable":false,"TLSVersion":{}}}`,
		1, 37, 36, "/HttpsConfiguration/TLS/TLSVersion", "TLSVersion is an object, not an array of strings", "write an array of strings", "", ""},
	{"element-content", "JSON null", `{"TLS":{"Enable":null}}`,
		1, 18, 17, "/HttpsConfiguration/TLS/Enable", "Enable is null, not a boolean", "write a boolean", "", ""},
	{"element-content", "JSON with a character XML does not have", `{"TLS":{"Enable":false,"TLSVersion":["\u0001"]}}`,
		1, 38, 37, "/HttpsConfiguration/TLS/TLSVersion", "a value with a character that XML does not have", "remove the character", "", ""},
	{"element-content", "unknown null", `{"TLS":{"Enable":false,"New":null}}`,
		1, 30, 29, "/HttpsConfiguration/TLS", "null, for which XML has no form", "remove it, or write what an element can hold", "", ""},
	{"element-content", "JSON scalar for CipherSuite", `{"TLS":{"Enable":false},"CipherSuite":"strong"}`,
		1, 39, 38, "/HttpsConfiguration/CipherSuite", "CipherSuite is a string, not an object", "write an object", "", ""},
	{"element-content", "unknown null among suites", suitesJSON(`"StrongCipherSuite":true,"New":null`),
		1, 85, 84, "/HttpsConfiguration/CipherSuite", "null, for which XML has no form", "remove it, or write what an element can hold", "", ""},
	{"boolean-value", "capital", root("<TLS><Enable>False</Enable></TLS>"),
		1, 26, 25, "/HttpsConfiguration/TLS/Enable", "<Enable> is neither true nor false", "write false", root("<TLS><Enable>false</Enable></TLS>"), ""},
	{"boolean-value", "number", root("<TLS><Enable>false</Enable></TLS><CipherSuite><Enable> 0 </Enable></CipherSuite>"),
		1, 67, 66, "/HttpsConfiguration/CipherSuite/Enable", "<Enable> is neither true nor false", "write false", root("<TLS><Enable>false</Enable></TLS><CipherSuite><Enable>false</Enable></CipherSuite>"), "value-white-space"},
	{"boolean-value", "neither", root("<TLS><Enable>maybe</Enable></TLS>"),
		1, 26, 25, "/HttpsConfiguration/TLS/Enable", "<Enable> is neither true nor false", "write true or false", "", ""},
	{"boolean-value", "empty", root("<TLS><Enable/></TLS>"),
		1, 26, 25, "/HttpsConfiguration/TLS/Enable", "<Enable> is neither true nor false", "write true or false", "", ""},
	{"boolean-value", "JSON string", `{"TLS":{"Enable":"OFF"}}`,
		1, 18, 17, "/HttpsConfiguration/TLS/Enable", "<Enable> is neither true nor false", "write false", `{"TLS":{"Enable":false}}`, ""},
	{"tls-required", "XML", root(""),
		1, 1, 0, "/HttpsConfiguration", "there is no <TLS>", "write <TLS> with <Enable>", "", ""},
	{"tls-required", "JSON", " {}",
		1, 2, 1, "/HttpsConfiguration", "there is no <TLS>", "write <TLS> with <Enable>", "", ""},
	{"tls-enable-required", "XML", root("\n <TLS/>"),
		2, 2, 22, "/HttpsConfiguration/TLS", "<TLS> has no <Enable>", "write <Enable>true</Enable> or <Enable>false</Enable>", "", ""},
	{"tls-enable-required", "JSON", `{"TLS":{"TLSVersion":["TLSv1.2"]}}`,
		1, 8, 7, "/HttpsConfiguration/TLS", "<TLS> has no <Enable>", "write <Enable>true</Enable> or <Enable>false</Enable>", "", ""},
	{"tls-version-required", "XML", root("<TLS><Enable>true</Enable></TLS>"),
		1, 21, 20, "/HttpsConfiguration/TLS", "<Enable> is true and there is no <TLSVersion>", "name the versions to allow, or write <Enable>false</Enable>", "", ""},
	{"tls-version-required", "JSON", `{"TLS":{"Enable":true,"TLSVersion":[]}}`,
		1, 8, 7, "/HttpsConfiguration/TLS", "<Enable> is true and there is no <TLSVersion>", "name the versions to allow, or write <Enable>false</Enable>", "", ""},
	{"tls-version-value", "no version", root("<TLS><Enable>true</Enable><TLSVersion>aaa</TLSVersion></TLS>"),
		1, 47, 46, "/HttpsConfiguration/TLS/TLSVersion[1]", `"aaa" is no TLS version`, "write TLSv1.0, TLSv1.1, TLSv1.2 or TLSv1.3", "", ""},
	{"tls-version-value", "number", root("<TLS><Enable>true</Enable><TLSVersion>1.2</TLSVersion></TLS>"),
		1, 47, 46, "/HttpsConfiguration/TLS/TLSVersion[1]", `"1.2" is no TLS version`, "write TLSv1.2", root("<TLS><Enable>true</Enable><TLSVersion>TLSv1.2</TLSVersion></TLS>"), ""},
	{"tls-version-value", "other spelling", `{"TLS":{"Enable":true,"TLSVersion":["TLSv1.2","tls_1_3"]}}`,
		1, 47, 46, "/HttpsConfiguration/TLS/TLSVersion[2]", `"tls_1_3" is no TLS version`, "write TLSv1.3", `{"TLS":{"Enable":true,"TLSVersion":["TLSv1.2","TLSv1.3"]}}`, ""},
	{"tls-version-value", "empty", root("<TLS><Enable>true</Enable><TLSVersion/></TLS>"),
		1, 47, 46, "/HttpsConfiguration/TLS/TLSVersion[1]", `"" is no TLS version`, "write TLSv1.0, TLSv1.1, TLSv1.2 or TLSv1.3", "", ""},
	{"tls-version-repeated", "XML", root("<TLS><Enable>true</Enable><TLSVersion>TLSv1.2</TLSVersion><TLSVersion>TLSv1.2</TLSVersion></TLS>"),
		1, 79, 78, "/HttpsConfiguration/TLS/TLSVersion[2]", "TLSv1.2 stands twice", "remove one", root("<TLS><Enable>true</Enable><TLSVersion>TLSv1.2</TLSVersion></TLS>"), ""},
	{"tls-version-repeated", "XML on a line of its own", root("<TLS><Enable>true</Enable>\n<TLSVersion>TLSv1.2</TLSVersion>\r\n  <TLSVersion>TLSv1.2</TLSVersion> \r\n</TLS>"),
		3, 3, 83, "/HttpsConfiguration/TLS/TLSVersion[2]", "TLSv1.2 stands twice", "remove one", root("<TLS><Enable>true</Enable>\n<TLSVersion>TLSv1.2</TLSVersion>\r\n</TLS>"), ""},
	{"tls-version-repeated", "JSON", `{"TLS":{"Enable":true,"TLSVersion":["TLSv1.2" , "TLSv1.2"]}}`,
		1, 49, 48, "/HttpsConfiguration/TLS/TLSVersion[2]", "TLSv1.2 stands twice", "remove one", `{"TLS":{"Enable":true,"TLSVersion":["TLSv1.2" ]}}`, ""},
	{"tls-version-without-enable", "XML", root("<TLS><Enable>false</Enable><TLSVersion>TLSv1.2</TLSVersion></TLS>"),
		1, 48, 47, "/HttpsConfiguration/TLS/TLSVersion[1]", "<Enable> is false: the versions have no effect", "", "", ""},
	{"tls-version-outdated", "1.0", root("<TLS><Enable>true</Enable><TLSVersion>TLSv1.2</TLSVersion><TLSVersion>TLSv1.1</TLSVersion></TLS>"),
		1, 79, 78, "/HttpsConfiguration/TLS/TLSVersion[2]", "TLSv1.1 is deprecated", "remove it once no client needs it", "", ""},
	{"tls-version-gap", "1.2", `{"TLS":{"Enable":true,"TLSVersion":["TLSv1.1","TLSv1.3"]}}`,
		1, 37, 36, "/HttpsConfiguration/TLS/TLSVersion[1]", "TLSv1.2 is missing between older and newer versions", "add it, or remove the older ones", "", "tls-version-outdated tls-version-1.2"},
	{"tls-version-1.2", "1.3 alone", `{"TLS":{"Enable":true,"TLSVersion":["TLSv1.3"]}}`,
		1, 37, 36, "/HttpsConfiguration/TLS/TLSVersion[1]", "TLS 1.2 is not allowed; the guide asks for it", "add TLSv1.2 unless every client has TLS 1.3", "", ""},
	{"cipher-suite-without-enable", "false", root("<TLS><Enable>false</Enable></TLS><CipherSuite><Enable>false</Enable><StrongCipherSuite>true</StrongCipherSuite></CipherSuite>"),
		1, 54, 53, "/HttpsConfiguration/CipherSuite", "<Enable> is not true: all suites are allowed, whatever else is written", "write <Enable>true</Enable>, or remove the rest", "", ""},
	{"cipher-suite-without-enable", "absent", root("<TLS><Enable>false</Enable></TLS><CipherSuite><CustomCipherSuite>ECDHE-RSA-AES128-GCM-SHA256</CustomCipherSuite></CipherSuite>"),
		1, 54, 53, "/HttpsConfiguration/CipherSuite", "<Enable> is not true: all suites are allowed, whatever else is written", "write <Enable>true</Enable>, or remove the rest", "", ""},
	{"cipher-suite-strong-and-custom", "custom", suites("<StrongCipherSuite>true</StrongCipherSuite><CustomCipherSuite>ECDHE-RSA-AES128-GCM-SHA256</CustomCipherSuite>"),
		1, 131, 130, "/HttpsConfiguration/CipherSuite/CustomCipherSuite[1]", "<StrongCipherSuite> is true and suites are listed: which of them counts is not known", "remove the list, or write <StrongCipherSuite>false</StrongCipherSuite>", "", ""},
	{"cipher-suite-strong-and-custom", "TLS 1.3", suites("<StrongCipherSuite>true</StrongCipherSuite><TLS13CustomCipherSuite>TLS_AES_128_GCM_SHA256</TLS13CustomCipherSuite>"),
		1, 131, 130, "/HttpsConfiguration/CipherSuite/TLS13CustomCipherSuite[1]", "<StrongCipherSuite> is true and suites are listed: which of them counts is not known", "remove the list, or write <StrongCipherSuite>false</StrongCipherSuite>", "", ""},
	{"cipher-suite-none", "custom", suites("<StrongCipherSuite>false</StrongCipherSuite>"),
		1, 54, 53, "/HttpsConfiguration/CipherSuite", "custom suites are chosen and none is listed", "list suites, or write <StrongCipherSuite>true</StrongCipherSuite>", "", ""},
	{"cipher-suite-unknown", "unknown", suitesJSON(`"CustomCipherSuite":"AES"`),
		1, 74, 73, "/HttpsConfiguration/CipherSuite/CustomCipherSuite[1]", `"AES" is no cipher suite that OpenSSL has a name for`, "check its spelling", "", ""},
	{"cipher-suite-unknown", "long", suitesJSON(`"CustomCipherSuite":"ééééééééééééééééééééééééééééééééé"`),
		1, 74, 73, "/HttpsConfiguration/CipherSuite/CustomCipherSuite[1]", `"éééééééééééééééééééééééééééééééé…" is no cipher suite that OpenSSL has a name for`, "check its spelling", "", ""},
	{"cipher-suite-unknown", "long, cut inside a character", suitesJSON(`"CustomCipherSuite":"aéééééééééééééééééééééééééééééééééé"`),
		1, 74, 73, "/HttpsConfiguration/CipherSuite/CustomCipherSuite[1]", `"aééééééééééééééééééééééééééééééé…" is no cipher suite that OpenSSL has a name for`, "check its spelling", "", ""},
	{"cipher-suite-spelling", "case", suites("<CustomCipherSuite>ecdhe-rsa-aes128-gcm-sha256</CustomCipherSuite>"),
		1, 88, 87, "/HttpsConfiguration/CipherSuite/CustomCipherSuite[1]", `"ecdhe-rsa-aes128-gcm-sha256" is spelled ECDHE-RSA-AES128-GCM-SHA256`, "write ECDHE-RSA-AES128-GCM-SHA256", suites("<CustomCipherSuite>ECDHE-RSA-AES128-GCM-SHA256</CustomCipherSuite>"), ""},
	{"cipher-suite-spelling", "IANA name", suitesJSON(`"CustomCipherSuite":["TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"]`),
		1, 75, 74, "/HttpsConfiguration/CipherSuite/CustomCipherSuite[1]", `"TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256" is spelled ECDHE-RSA-AES128-GCM-SHA256`, "write ECDHE-RSA-AES128-GCM-SHA256", suitesJSON(`"CustomCipherSuite":["ECDHE-RSA-AES128-GCM-SHA256"]`), ""},
	{"cipher-suite-spelling", "hyphens for underscores", suitesJSON(`"TLS13CustomCipherSuite":["TLS-AES-128-GCM-SHA256"]`),
		1, 80, 79, "/HttpsConfiguration/CipherSuite/TLS13CustomCipherSuite[1]", `"TLS-AES-128-GCM-SHA256" is spelled TLS_AES_128_GCM_SHA256`, "write TLS_AES_128_GCM_SHA256", suitesJSON(`"TLS13CustomCipherSuite":["TLS_AES_128_GCM_SHA256"]`), ""},
	{"cipher-suite-tls12-in-tls13", "XML", suites("<TLS13CustomCipherSuite>ECDHE-RSA-AES128-GCM-SHA256</TLS13CustomCipherSuite>"),
		1, 88, 87, "/HttpsConfiguration/CipherSuite/TLS13CustomCipherSuite[1]", "ECDHE-RSA-AES128-GCM-SHA256 is a suite of TLS 1.2, in the list for TLS 1.3", "move it to <CustomCipherSuite>", suites("<CustomCipherSuite>ECDHE-RSA-AES128-GCM-SHA256</CustomCipherSuite>"), ""},
	{"cipher-suite-tls12-in-tls13", "in the other list already", suites("<CustomCipherSuite>ECDHE-RSA-AES128-GCM-SHA256</CustomCipherSuite><TLS13CustomCipherSuite>ECDHE-RSA-AES128-GCM-SHA256</TLS13CustomCipherSuite>"),
		1, 154, 153, "/HttpsConfiguration/CipherSuite/TLS13CustomCipherSuite[1]", "ECDHE-RSA-AES128-GCM-SHA256 is a suite of TLS 1.2, in the list for TLS 1.3", "remove it: <CustomCipherSuite> has it already", suites("<CustomCipherSuite>ECDHE-RSA-AES128-GCM-SHA256</CustomCipherSuite>"), ""},
	{"cipher-suite-tls12-in-tls13", "JSON", suitesJSON(`"TLS13CustomCipherSuite":["ECDHE-RSA-AES128-GCM-SHA256"]`),
		1, 80, 79, "/HttpsConfiguration/CipherSuite/TLS13CustomCipherSuite[1]", "ECDHE-RSA-AES128-GCM-SHA256 is a suite of TLS 1.2, in the list for TLS 1.3", "move it to <CustomCipherSuite>", "", ""},
	{"cipher-suite-tls12-in-tls13", "JSON, first in its list, in the other list already", suitesJSON(`"CustomCipherSuite":["ECDHE-RSA-AES128-GCM-SHA256"],"TLS13CustomCipherSuite":[ "ECDHE-RSA-AES128-GCM-SHA256" ,"TLS_AES_128_GCM_SHA256"]`),
		1, 133, 132, "/HttpsConfiguration/CipherSuite/TLS13CustomCipherSuite[1]", "ECDHE-RSA-AES128-GCM-SHA256 is a suite of TLS 1.2, in the list for TLS 1.3", "remove it: <CustomCipherSuite> has it already", suitesJSON(`"CustomCipherSuite":["ECDHE-RSA-AES128-GCM-SHA256"],"TLS13CustomCipherSuite":[ "TLS_AES_128_GCM_SHA256"]`), ""},
	{"cipher-suite-tls12-in-tls13", "JSON, alone in its list, in the other list already", suitesJSON(`"CustomCipherSuite":["ECDHE-RSA-AES128-GCM-SHA256"],"TLS13CustomCipherSuite":["ECDHE-RSA-AES128-GCM-SHA256"]`),
		1, 132, 131, "/HttpsConfiguration/CipherSuite/TLS13CustomCipherSuite[1]", "ECDHE-RSA-AES128-GCM-SHA256 is a suite of TLS 1.2, in the list for TLS 1.3", "remove it: <CustomCipherSuite> has it already", suitesJSON(`"CustomCipherSuite":["ECDHE-RSA-AES128-GCM-SHA256"],"TLS13CustomCipherSuite":[]`), ""},
	{"cipher-suite-tls12-in-tls13", "JSON without a list, in the other list already", suitesJSON(`"CustomCipherSuite":["ECDHE-RSA-AES128-GCM-SHA256"],"TLS13CustomCipherSuite":"ECDHE-RSA-AES128-GCM-SHA256"`),
		1, 131, 130, "/HttpsConfiguration/CipherSuite/TLS13CustomCipherSuite[1]", "ECDHE-RSA-AES128-GCM-SHA256 is a suite of TLS 1.2, in the list for TLS 1.3", "remove it: <CustomCipherSuite> has it already", "", ""},
	{"cipher-suite-tls13-in-custom", "XML", suites("<CustomCipherSuite>TLS_AES_128_GCM_SHA256</CustomCipherSuite>"),
		1, 88, 87, "/HttpsConfiguration/CipherSuite/CustomCipherSuite[1]", "TLS_AES_128_GCM_SHA256 is a suite of TLS 1.3, in the list for TLS 1.2 and older", "move it to <TLS13CustomCipherSuite>", suites("<TLS13CustomCipherSuite>TLS_AES_128_GCM_SHA256</TLS13CustomCipherSuite>"), ""},
	{"cipher-suite-repeated", "XML", suites("<CustomCipherSuite>ECDHE-RSA-AES128-GCM-SHA256</CustomCipherSuite>\n  <CustomCipherSuite>ECDHE-RSA-AES128-GCM-SHA256</CustomCipherSuite>"),
		2, 3, 156, "/HttpsConfiguration/CipherSuite/CustomCipherSuite[2]", `"ECDHE-RSA-AES128-GCM-SHA256" is listed twice`, "remove one", suites("<CustomCipherSuite>ECDHE-RSA-AES128-GCM-SHA256</CustomCipherSuite>\n  "), ""},
	{"cipher-suite-repeated", "JSON", suitesJSON(`"CustomCipherSuite":["ECDHE-RSA-AES128-GCM-SHA256","ECDHE-RSA-AES128-GCM-SHA256"]`),
		1, 105, 104, "/HttpsConfiguration/CipherSuite/CustomCipherSuite[2]", `"ECDHE-RSA-AES128-GCM-SHA256" is listed twice`, "remove one", suitesJSON(`"CustomCipherSuite":["ECDHE-RSA-AES128-GCM-SHA256"]`), ""},
	{"cipher-suite-insecure", "no authentication", suitesJSON(`"CustomCipherSuite":["ADH-AES128-GCM-SHA256"]`),
		1, 75, 74, "/HttpsConfiguration/CipherSuite/CustomCipherSuite[1]", "ADH-AES128-GCM-SHA256: no authentication", "", "", ""},
	{"cipher-suite-insecure", "RC4", suitesJSON(`"CustomCipherSuite":["ECDHE-RSA-RC4-SHA"]`),
		1, 75, 74, "/HttpsConfiguration/CipherSuite/CustomCipherSuite[1]", "ECDHE-RSA-RC4-SHA: RC4, which RFC 7465 prohibits, a SHA-1 MAC", "", "", ""},
	{"cipher-suite-weak", "CBC", suitesJSON(`"CustomCipherSuite":["ECDHE-RSA-AES128-SHA"]`),
		1, 75, 74, "/HttpsConfiguration/CipherSuite/CustomCipherSuite[1]", "ECDHE-RSA-AES128-SHA: CBC mode with the MAC inside (Lucky 13), a SHA-1 MAC", "", "", ""},
	{"cipher-suite-weak", "TLS 1.3", suitesJSON(`"TLS13CustomCipherSuite":["TLS_AES_128_CCM_8_SHA256"]`),
		1, 80, 79, "/HttpsConfiguration/CipherSuite/TLS13CustomCipherSuite[1]", "TLS_AES_128_CCM_8_SHA256: an authentication tag cut to 64 bits", "", "", ""},
	{"cipher-suite-without-version", "TLS 1.3", `{"TLS":{"Enable":true,"TLSVersion":"TLSv1.2"},"CipherSuite":{"Enable":true,"CustomCipherSuite":"ECDHE-RSA-AES128-GCM-SHA256","TLS13CustomCipherSuite":"TLS_AES_128_GCM_SHA256"}}`,
		1, 151, 150, "/HttpsConfiguration/CipherSuite/TLS13CustomCipherSuite[1]", "there are suites for TLS 1.3, which is not allowed", "add <TLSVersion>TLSv1.3</TLSVersion>, or remove the suites", "", ""},
	{"cipher-suite-without-version", "TLS 1.2", `{"TLS":{"Enable":true,"TLSVersion":"TLSv1.3"},"CipherSuite":{"Enable":true,"CustomCipherSuite":"ECDHE-RSA-AES128-GCM-SHA256","TLS13CustomCipherSuite":"TLS_AES_128_GCM_SHA256"}}`,
		1, 96, 95, "/HttpsConfiguration/CipherSuite/CustomCipherSuite[1]", "there are suites for TLS 1.2 and older, none of which is allowed", "add <TLSVersion>TLSv1.2</TLSVersion>, or remove the suites", "", "tls-version-1.2"},
	{"tls-version-without-suite", "TLS 1.2", `{"TLS":{"Enable":true,"TLSVersion":["TLSv1.2","TLSv1.3"]},"CipherSuite":{"Enable":true,"TLS13CustomCipherSuite":"TLS_AES_128_GCM_SHA256"}}`,
		1, 73, 72, "/HttpsConfiguration/CipherSuite", "TLS 1.2 or older is allowed and no suite of it is listed", "list some in <CustomCipherSuite>", "", ""},
	{"tls-version-without-suite", "TLS 1.3", `{"TLS":{"Enable":true,"TLSVersion":["TLSv1.2","TLSv1.3"]},"CipherSuite":{"Enable":true,"CustomCipherSuite":"ECDHE-RSA-AES128-GCM-SHA256"}}`,
		1, 73, 72, "/HttpsConfiguration/CipherSuite", "TLS 1.3 is allowed and no suite of it is listed", "list some in <TLS13CustomCipherSuite>", "", ""},
	{"unknown-element", "XML", root("<TLS><Enabel>true</Enabel><Enable>false</Enable></TLS>"),
		1, 26, 25, "/HttpsConfiguration/TLS/Enabel", "the schema does not know <Enabel>; it is kept", "check its spelling", "", ""},
	{"unknown-element", "JSON", "{\"TLS\":{\"Enable\":false},\n\"New\":[1,2]}",
		2, 8, 32, "/HttpsConfiguration/New", "the schema does not know <New>; it is kept", "check its spelling", "", "unknown-element"},
	{"unknown-element", "JSON as ossconf writes it", `{"TLS":{"Enable":false,"#unknown":[{"after":1,"xml":"<New/>"}]}}`,
		1, 36, 35, "/HttpsConfiguration/TLS/New", "the schema does not know <New>; it is kept", "check its spelling", "", ""},
	{"value-white-space", "XML", root("<TLS><Enable>\n false</Enable></TLS>"),
		1, 26, 25, "/HttpsConfiguration/TLS/Enable", "white space around the value of <Enable>", "remove it", root("<TLS><Enable>false</Enable></TLS>"), ""},
	{"value-white-space", "XML, escaped", suites("<CustomCipherSuite>ECDHE-RSA-AES128-GCM-SHA256&#32;</CustomCipherSuite>"),
		1, 88, 87, "/HttpsConfiguration/CipherSuite/CustomCipherSuite[1]", "white space around the value of <CustomCipherSuite>", "remove it", suites("<CustomCipherSuite>ECDHE-RSA-AES128-GCM-SHA256</CustomCipherSuite>"), ""},
	{"value-white-space", "JSON", `{"TLS":{"Enable":"false "}}`,
		1, 18, 17, "/HttpsConfiguration/TLS/Enable", "white space around the value of <Enable>", "remove it", `{"TLS":{"Enable":"false"}}`, ""},
}

func TestRules(t *testing.T) {
	rules := map[string]httpsconfig.Rule{}
	untested := map[string]bool{}
	for _, r := range httpsconfig.Rules() {
		rules[r.Name], untested[r.Name] = r, true
	}
	for _, test := range ruleTests {
		delete(untested, test.rule)
		t.Run(test.rule+"/"+test.name, func(t *testing.T) {
			var got httpsconfig.Finding
			var also []string
			report := httpsconfig.Validate([]byte(test.doc))
			for _, f := range report.Findings {
				if got.Rule.Name == "" && f.Rule.Name == test.rule {
					got = f
				} else {
					also = append(also, f.Rule.Name)
				}
			}
			want := httpsconfig.Finding{Rule: rules[test.rule], Position: source.Position{Line: test.line, Column: test.column},
				Offset: test.offset, Path: test.path, Message: test.message, Hint: test.hint, Fix: got.Fix}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("finding (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(test.also, strings.Join(also, " ")); diff != "" {
				t.Errorf("rules broken besides (-want +got):\n%s", diff)
			}
			fixed := ""
			if got.Fix != nil {
				var err error
				if fixed, err = source.Apply(test.doc, got.Fix.Edits); err != nil {
					t.Fatal(err)
				}
			}
			if diff := cmp.Diff(test.fixed, fixed); diff != "" {
				t.Errorf("fixed (-want +got):\n%s", diff)
			}
			checkValidate(t, []byte(test.doc))
		})
	}
	for name := range untested {
		t.Errorf("no document breaks the rule %s", name)
	}
}

// What nobody has seen and nothing says must not stop a user.
func TestErrorsHaveEvidence(t *testing.T) {
	errors := true
	for _, r := range httpsconfig.Rules() {
		if r.Severity == httpsconfig.Error && r.Evidence == httpsconfig.Advice {
			t.Errorf("%s is an error by advice alone", r.Name)
		}
		if errors = errors && r.Severity == httpsconfig.Error; !errors && r.Severity == httpsconfig.Error {
			t.Errorf("the error %s is listed behind others", r.Name)
		}
		if r.Name == "" || r.Summary == "" || r.Source == "" {
			t.Errorf("incomplete rule %+v", r)
		}
	}
}

func TestFindingString(t *testing.T) {
	report := httpsconfig.Validate([]byte(`{"TLS":{"Enable":true,"TLSVersion":"1.2"}}`))
	const want = `1:36: error: "1.2" is no TLS version [tls-version-value] write TLSv1.2`
	if len(report.Findings) != 1 || report.Findings[0].String() != want {
		t.Errorf("findings %v, want %s", report.Findings, want)
	}
}
