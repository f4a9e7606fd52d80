package tlspolicy_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ossconf/ossconf/harness/tlspolicy"
)

func TestEnforceability(t *testing.T) {
	type list = []tlspolicy.SuiteEnforcement
	const enforced, missing, open = tlspolicy.Enforced, tlspolicy.NotImplemented, tlspolicy.NotGoverned
	for _, test := range []struct {
		name string
		doc  string
		want list
	}{
		{"suites up to TLS 1.2", custom("1.2", "AES128-SHA DHE-RSA-AES128-GCM-SHA256 ECDHE-ECDSA-AES256-CCM8 "+gcmRSA), list{
			{"AES128-SHA", false, enforced}, {"DHE-RSA-AES128-GCM-SHA256", false, missing}, {"ECDHE-ECDSA-AES256-CCM8", false, missing}, {gcmRSA, false, enforced}}},
		{"no suite of TLS 1.2 in TLS 1.0", custom("1.0", "AES128-SHA "+gcmRSA), list{{"AES128-SHA", false, enforced}}},
		{"TLS 1.3", custom("1.3", "AES128-SHA TLS_AES_128_CCM_SHA256 TLS_AES_256_GCM_SHA384"), list{
			{"TLS_AES_128_CCM_SHA256", true, missing}, {"TLS_AES_128_GCM_SHA256", true, open}, {"TLS_AES_256_GCM_SHA384", true, enforced}, {"TLS_CHACHA20_POLY1305_SHA256", true, open}}},
		{"all of TLS 1.3", custom("1.3", ""), list{{"TLS_AES_128_CCM_8_SHA256", true, missing}, {"TLS_AES_128_CCM_SHA256", true, missing},
			{"TLS_AES_128_GCM_SHA256", true, enforced}, {"TLS_AES_256_GCM_SHA384", true, enforced}, {"TLS_CHACHA20_POLY1305_SHA256", true, enforced},
			{"TLS_SM4_CCM_SM3", true, missing}, {"TLS_SM4_GCM_SM3", true, missing}}},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := tlspolicy.Enforceability(policyTest{doc: test.doc}.config(t).Policy())
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
