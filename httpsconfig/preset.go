package httpsconfig

// A Preset is a configuration to start from.
type Preset struct {
	Name   string // stable; that of a profile, if it is the configuration of one
	Title  string
	Source string
	Config *Config
	Lost   []string // what its source asks for and a configuration of OSS cannot say, or what is not known
}

const (
	cloudflare = "cloudflare/cloudflare-docs, ssl/edge-certificates/additional-options/cipher-suites/recommendations.mdx, 246d57b66cbb"
	cdn        = "Alibaba Cloud CDN, configure TLS version control"
	alb        = "Alibaba Cloud Application Load Balancer, TLS security policies, copies of 2023-07-27 and 2025-12-03"

	lostOrder        = "whether the server prefers its own order of suites: which order OSS follows is not known"
	lostECDSA        = "an ECDSA certificate: the kinds of certificates are no part of a configuration"
	lostRSA          = "an RSA certificate: the kinds of certificates are no part of a configuration"
	lostBoth         = "certificates of both kinds: they are no part of a configuration"
	lostGroups       = "the groups: they are no part of a configuration"
	lostHSTS         = "HSTS and OCSP stapling: they are no part of a configuration"
	lostSuites       = "the cipher suites: which ones the policy has is not known here, so all are accepted"
	lostStrictSuites = "the cipher suites, of which the policy has fewer than others: which ones is not known here, so all are accepted"
)

// Presets returns all presets.
func Presets() []Preset {
	moz := func(name, level, version string, g *guideline, certificate string) Preset {
		return Preset{name, "Mozilla " + level + ", version " + version, mozilla + version, g.config(), []string{lostOrder, certificate, lostGroups, lostHSTS}}
	}
	provider := func(name, title, source string, g *guideline, lost ...string) Preset {
		return Preset{name, title, source, g.config(), lost}
	}
	return []Preset{
		moz("mozilla-modern-5.8", "Modern", "5.8", &guidelineMozillaModern58, lostECDSA),
		moz("mozilla-intermediate-5.8", "Intermediate", "5.8", &guidelineMozillaIntermediate58, lostBoth),
		moz("mozilla-old-5.8", "Old", "5.8", &guidelineMozillaOld58, lostRSA),
		moz("mozilla-modern-6.0", "Modern", "6.0", &guidelineMozillaModern60, lostECDSA),
		moz("mozilla-intermediate-6.0", "Intermediate", "6.0", &guidelineMozillaIntermediate60, lostBoth),
		provider("cloudflare-modern", "Cloudflare Modern", cloudflare, &guidelineCloudflareModern, lostOrder),
		provider("cloudflare-compatible", "Cloudflare Compatible", cloudflare, &guidelineCloudflareCompatible, lostOrder),
		provider("cloudflare-legacy", "Cloudflare Legacy", cloudflare, &guidelineCloudflareLegacy, lostOrder),
		provider("alibaba-cdn-strong", "Alibaba Cloud CDN, strong suites", cdn, &guidelineAlibabaCdnStrong, lostOrder),
		provider("alibaba-alb-1-0", "Alibaba Cloud ALB, tls_cipher_policy_1_0", alb, &guidelineAlibabaAlb10, lostSuites),
		provider("alibaba-alb-1-1", "Alibaba Cloud ALB, tls_cipher_policy_1_1", alb, &guidelineAlibabaAlb11, lostSuites),
		provider("alibaba-alb-1-2", "Alibaba Cloud ALB, tls_cipher_policy_1_2", alb, &guidelineAlibabaAlb12, lostSuites),
		provider("alibaba-alb-1-2-strict", "Alibaba Cloud ALB, tls_cipher_policy_1_2_strict", alb, &guidelineAlibabaAlb12Strict, lostStrictSuites),
		provider("alibaba-alb-1-2-strict-with-1-3", "Alibaba Cloud ALB, tls_cipher_policy_1_2_strict_with_1_3", alb, &guidelineAlibabaAlb12StrictWith13, lostStrictSuites),
	}
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
