package httpsconfig

// A Preset is a configuration to start from.
type Preset struct {
	Name   string // stable; that of a profile, if it is the configuration of one
	Title  string
	Source string
	Config *Config
	Lost   []string // what its source asks for and a configuration of OSS cannot say, or what is not known

	// VersionsOnly is set where the suites of the source are not known: the configuration accepts all of them. How far
	// another one is from it says nothing.
	VersionsOnly bool
}

const (
	cloudflare = "cloudflare/cloudflare-docs, ssl/edge-certificates/additional-options/cipher-suites/recommendations.mdx, 246d57b66cbb"
	cdn        = "Alibaba Cloud CDN, configure TLS version control"
	alb        = "Alibaba Cloud Application Load Balancer, TLS security policies, copies of 2023-07-27 and 2025-12-03"
)

// What is lost, as a set.
const (
	lostOrder uint8 = 1 << iota
	lostECDSA
	lostRSA
	lostGroups
	lostHSTS
	lostSuites
	lostStrictSuites

	lostModern       = lostOrder | lostECDSA | lostGroups | lostHSTS
	lostIntermediate = lostOrder | lostECDSA | lostRSA | lostGroups | lostHSTS
	lostOld          = lostOrder | lostRSA | lostGroups | lostHSTS
)

var lostTexts = [...]string{
	"whether the server prefers its own order of suites: which order OSS follows is not known",
	"an ECDSA certificate: the kinds of certificates are no part of a configuration",
	"an RSA certificate: the kinds of certificates are no part of a configuration",
	"the groups: they are no part of a configuration",
	"HSTS and OCSP stapling: they are no part of a configuration",
	"the cipher suites: which ones the policy has is not known here, so all are accepted",
	"the cipher suites, of which the policy has fewer than others: which ones is not known here, so all are accepted",
}

var presets = [...]struct {
	name, title, source string
	guideline           *guideline
	lost                uint8
}{
	{"mozilla-modern-5.8", "Mozilla Modern, version 5.8", mozilla58, &guidelineMozillaModern58, lostModern},
	{"mozilla-intermediate-5.8", "Mozilla Intermediate, version 5.8", mozilla58, &guidelineMozillaIntermediate58, lostIntermediate},
	{"mozilla-old-5.8", "Mozilla Old, version 5.8", mozilla58, &guidelineMozillaOld58, lostOld},
	{"mozilla-modern-6.0", "Mozilla Modern, version 6.0", mozilla60, &guidelineMozillaModern60, lostModern},
	{"mozilla-intermediate-6.0", "Mozilla Intermediate, version 6.0", mozilla60, &guidelineMozillaIntermediate60, lostIntermediate},
	{"cloudflare-modern", "Cloudflare Modern", cloudflare, &guidelineCloudflareModern, lostOrder},
	{"cloudflare-compatible", "Cloudflare Compatible", cloudflare, &guidelineCloudflareCompatible, lostOrder},
	{"cloudflare-legacy", "Cloudflare Legacy", cloudflare, &guidelineCloudflareLegacy, lostOrder},
	{"alibaba-cdn-strong", "Alibaba Cloud CDN, strong suites", cdn, &guidelineAlibabaCdnStrong, lostOrder},
	{"alibaba-alb-1-0", "Alibaba Cloud ALB, versions of tls_cipher_policy_1_0", alb, &guidelineAlibabaAlb10, lostSuites},
	{"alibaba-alb-1-1", "Alibaba Cloud ALB, versions of tls_cipher_policy_1_1", alb, &guidelineAlibabaAlb11, lostSuites},
	{"alibaba-alb-1-2", "Alibaba Cloud ALB, versions of tls_cipher_policy_1_2", alb, &guidelineAlibabaAlb12, lostSuites},
	{"alibaba-alb-1-2-strict", "Alibaba Cloud ALB, versions of tls_cipher_policy_1_2_strict", alb, &guidelineAlibabaAlb12Strict, lostStrictSuites},
	{"alibaba-alb-1-2-strict-with-1-3", "Alibaba Cloud ALB, versions of tls_cipher_policy_1_2_strict_with_1_3", alb,
		&guidelineAlibabaAlb12StrictWith13, lostStrictSuites},
}

// Presets returns all presets.
func Presets() []Preset {
	list := make([]Preset, len(presets))
	for i := range presets {
		from, to := &presets[i], &list[i]
		to.Name, to.Title, to.Source, to.Config = from.name, from.title, from.source, from.guideline.config()
		to.VersionsOnly = from.lost&(lostSuites|lostStrictSuites) != 0
		for j, text := range lostTexts {
			if from.lost&(1<<j) != 0 {
				to.Lost = append(to.Lost, text)
			}
		}
	}
	return list
}

// config returns the configuration that accepts what a guideline lists; without suites it leaves them alone.
func (g *guideline) config() *Config {
	c := &Config{TLS: &TLS{Enable: True, TLSVersions: g.versions.Names()}}
	if g.suites == "" {
		return c
	}
	c.CipherSuite = &CipherSuite{Enable: True, StrongCipherSuite: False}
	for _, id := range g.codes() {
		s, _ := SuiteByID(id)
		if s.TLS13() {
			c.CipherSuite.TLS13CustomCipherSuites = append(c.CipherSuite.TLS13CustomCipherSuites, s.OpenSSL)
		} else {
			c.CipherSuite.CustomCipherSuites = append(c.CipherSuite.CustomCipherSuites, s.OpenSSL)
		}
	}
	return c
}
