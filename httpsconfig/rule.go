package httpsconfig

// A Severity says what a finding means for the document.
type Severity uint8

// The severities. A document with an error is refused by OSS, or by its own documents.
const (
	Error Severity = iota
	Warning
	Info
)

var severityNames = [...]string{"error", "warning", "info"}

func (s Severity) String() string { return nameOf(severityNames[:], int(s)) }

// An Evidence is what a rule, or a part of a policy, rests on. Only what the service was seen to refuse and what is
// documented may be an error: nothing unverified blocks a user.
type Evidence uint8

// The evidences.
const (
	Service    Evidence = iota // observed on the real service
	Documented                 // stands in a document of OSS, or in the standard of the format
	Advice                     // good practice, or a doubt that nobody has put to the service
	Assumed                    // what the service seems likely to do; no rule rests on that
)

var evidenceNames = [...]string{"service", "documented", "advice", "assumed"}

func (e Evidence) String() string { return nameOf(evidenceNames[:], int(e)) }

// nameOf returns the i-th name, or a question mark for a value that has none.
func nameOf(names []string, i int) string {
	if i >= len(names) {
		return "?"
	}
	return names[i]
}

// A Rule is one thing that Validate looks for.
type Rule struct {
	Name     string // stable
	Severity Severity
	Evidence Evidence
	Summary  string // what the rule asks for
	Source   string // where the evidence is found
}

// Rules returns all rules, errors first.
func Rules() []Rule { return append([]Rule(nil), rules[:]...) }

// A ruleID is the index of a rule.
type ruleID uint8

const (
	ruleReadable ruleID = iota
	ruleWellFormed
	ruleDataOnly
	ruleRoot
	ruleOnce
	ruleContent
	ruleBoolean
	ruleTLSRequired
	ruleEnableRequired
	ruleVersionRequired
	ruleVersionValue
	ruleVersionRepeated
	ruleVersionKept
	ruleVersionOutdated
	ruleVersionGap
	ruleVersion12
	ruleSuitesOff
	ruleStrongAndCustom
	ruleNoSuites
	ruleSuiteUnknown
	ruleSuiteName
	ruleSuiteList
	ruleTLS13InCustom
	ruleSuiteRepeated
	ruleSuiteInsecure
	ruleSuiteWeak
	ruleListWithoutVersion
	ruleVersionWithoutList
	ruleUnknownElement
	ruleWhiteSpace
)

const (
	docPut    = "PutBucketHttpsConfig document, 2025-05-07"
	docGuide  = "set-tls-version guide, 2026-03-20"
	docSchema = docPut + ", request elements"
	noTest    = "no test against the service is known"
)

var rules = [...]Rule{
	ruleReadable: {"document-readable", Error, Documented, "The document is XML, or JSON in the form of ossutil, of at most 64 KiB.", docPut},
	ruleWellFormed: {"document-well-formed", Error, Documented, "The document is well-formed XML in UTF-8, or JSON.",
		"XML 1.0; RFC 8259; the message of MalformedXML"},
	ruleDataOnly: {"document-data-only", Error, Documented, "The document has elements and text only: no attribute, namespace, document type, processing instruction or text between elements.",
		docSchema + ", which has none"},
	ruleRoot:           {"root-element", Error, Documented, "The root element is HttpsConfiguration; the JSON form has no root.", docSchema},
	ruleOnce:           {"element-once", Error, Documented, "TLS, CipherSuite, Enable and StrongCipherSuite stand once at most.", docSchema},
	ruleContent:        {"element-content", Error, Documented, "TLS and CipherSuite hold elements, all others hold a value.", docSchema},
	ruleBoolean:        {"boolean-value", Error, Documented, "Enable and StrongCipherSuite are true or false.", docSchema},
	ruleTLSRequired:    {"tls-required", Error, Documented, "HttpsConfiguration holds TLS.", docSchema},
	ruleEnableRequired: {"tls-enable-required", Error, Documented, "TLS holds Enable.", docSchema},
	ruleVersionRequired: {"tls-version-required", Error, Service, "TLS with Enable true names at least one TLSVersion.",
		"400 MalformedXML: aliyun-oss-python-sdk tests/test_bucket_https_config.py"},
	ruleVersionValue: {"tls-version-value", Error, Service, "A TLSVersion is TLSv1.0, TLSv1.1, TLSv1.2 or TLSv1.3, even where Enable is false.",
		"400 MalformedXML: aliyun-oss-python-sdk tests/test_bucket_https_config.py, alibabacloud-oss-swift-sdk-v2 ClientBucketHttpsConfigTests.swift"},
	ruleVersionRepeated: {"tls-version-repeated", Warning, Service, "A TLSVersion stands once: the service keeps one of several.",
		"200, and GET returns one: aliyun-oss-python-sdk tests/test_bucket_https_config.py"},
	ruleVersionKept: {"tls-version-without-enable", Info, Service, "Where Enable is false, TLSVersion has no effect; it seems to be kept.",
		"200: tests of the SDKs; " + docPut},
	ruleVersionOutdated: {"tls-version-outdated", Warning, Advice, "TLS 1.0 and 1.1 are not offered.", "RFC 8996"},
	ruleVersionGap:      {"tls-version-gap", Warning, Advice, "The TLS versions have no gap between them.", "clients and TLS libraries negotiate a range; " + noTest},
	ruleVersion12:       {"tls-version-1.2", Warning, Documented, "TLS 1.2 is among the versions.", docGuide},
	ruleSuitesOff: {"cipher-suite-without-enable", Warning, Documented, "Suites are chosen only where the Enable of CipherSuite is true: otherwise all suites are allowed.",
		docSchema},
	ruleStrongAndCustom: {"cipher-suite-strong-and-custom", Warning, Advice, "Suites are listed only where StrongCipherSuite is false.", noTest},
	ruleNoSuites:        {"cipher-suite-none", Warning, Advice, "Where StrongCipherSuite is not true, at least one suite is listed.", noTest},
	ruleSuiteUnknown:    {"cipher-suite-unknown", Warning, Advice, "A suite has a name that OpenSSL knows.", "OpenSSL 3.0, ciphers; " + noTest},
	ruleSuiteName:       {"cipher-suite-spelling", Warning, Documented, "A suite is spelled as OpenSSL, or for TLS 1.3 RFC 8446, spells it.", docSchema},
	ruleSuiteList:       {"cipher-suite-tls12-in-tls13", Warning, Advice, "TLS13CustomCipherSuite lists suites of TLS 1.3.", docSchema + "; its sample does otherwise, and " + noTest},
	ruleTLS13InCustom: {"cipher-suite-tls13-in-custom", Warning, Service, "CustomCipherSuite lists suites of TLS 1.2 and older; the service takes one of TLS 1.3 without a word.",
		"200: terraform-provider-alicloud resource_alicloud_oss_bucket_https_config_test.go"},
	ruleSuiteRepeated:      {"cipher-suite-repeated", Warning, Advice, "A suite is listed once.", "the sample of the " + docPut + " does otherwise; " + noTest},
	ruleSuiteInsecure:      {"cipher-suite-insecure", Warning, Advice, "No suite is without encryption or authentication, or uses a broken cipher.", "RFC 9325, section 4.1"},
	ruleSuiteWeak:          {"cipher-suite-weak", Info, Advice, "Nothing speaks against a suite: it has forward secrecy, authenticated encryption with a whole tag, and clients that offer it.", "RFC 9325, section 4.1 and 4.2"},
	ruleListWithoutVersion: {"cipher-suite-without-version", Warning, Advice, "A list of suites goes with a TLS version that uses them.", noTest},
	ruleVersionWithoutList: {"tls-version-without-suite", Warning, Advice, "With custom suites, each TLS version has a suite: which one the service would use otherwise is not known.", noTest},
	ruleUnknownElement:     {"unknown-element", Warning, Advice, "The schema knows every element; one that it does not know is kept.", docSchema},
	ruleWhiteSpace:         {"value-white-space", Warning, Advice, "A value has no white space around it; it is dropped.", noTest},
}
