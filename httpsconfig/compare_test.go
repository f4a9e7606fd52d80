package httpsconfig_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ossconf/ossconf/httpsconfig"
)

func TestCompare(t *testing.T) {
	const root = "/HttpsConfiguration"
	type (
		switches = []httpsconfig.SwitchChange
		lists    = []httpsconfig.ListChange
	)
	for _, test := range []struct {
		name, before, after string
		want                httpsconfig.Comparison
		edits               int
	}{
		{"nothing", "", "", httpsconfig.Comparison{}, 0},
		{"the same in other words", `<HttpsConfiguration><TLS><TLSVersion>TLSv1.2</TLSVersion><Enable>true</Enable></TLS></HttpsConfiguration>`,
			`{"TLS":{"Enable":"true","TLSVersion":"TLSv1.2"}}`, httpsconfig.Comparison{}, 0},
		{"the first configuration", "", `{"TLS":{"Enable":true,"TLSVersion":["TLSv1.2"]}}`, httpsconfig.Comparison{
			Switches: switches{{root, "absent", "present", true}, {root + "/TLS", "absent", "present", true}, {root + "/TLS/Enable", "absent", "true", false}},
			Lists:    lists{{Path: root + "/TLS/TLSVersion", Added: []string{"TLSv1.2"}}}}, 2},
		{"flips", `{"TLS":{"Enable":true},"CipherSuite":{"Enable":true,"StrongCipherSuite":true}}`, `{"TLS":{"Enable":false},"CipherSuite":{"StrongCipherSuite":false}}`,
			httpsconfig.Comparison{Switches: switches{{root + "/TLS/Enable", "true", "false", false}, {root + "/CipherSuite/Enable", "true", "absent", false},
				{root + "/CipherSuite/StrongCipherSuite", "true", "false", false}}}, 3},
		{"lists", `{"CipherSuite":{"CustomCipherSuite":["a","b","c"],"TLS13CustomCipherSuite":["x"]}}`, `{"CipherSuite":{"CustomCipherSuite":["d","a","c","c"]}}`,
			httpsconfig.Comparison{Lists: lists{{Path: root + "/CipherSuite/CustomCipherSuite", Added: []string{"d", "c"}, Removed: []string{"b"}},
				{Path: root + "/CipherSuite/TLS13CustomCipherSuite", Removed: []string{"x"}}}}, 4},
		{"an order", `{"CipherSuite":{"CustomCipherSuite":["a","b"]}}`, `{"CipherSuite":{"CustomCipherSuite":["b","a"]}}`,
			httpsconfig.Comparison{Lists: lists{{Path: root + "/CipherSuite/CustomCipherSuite", Reordered: true}}}, 0},
		{"unknown elements", `<HttpsConfiguration><New>1</New><TLS><A/><B/></TLS></HttpsConfiguration>`, `<HttpsConfiguration><TLS><B/><C/></TLS><New>2</New></HttpsConfiguration>`,
			httpsconfig.Comparison{Unknown: lists{{Path: root, Added: []string{"<New>2</New>"}, Removed: []string{"<New>1</New>"}},
				{Path: root + "/TLS", Added: []string{"<C></C>"}, Removed: []string{"<A></A>"}}}}, 4},
		{"the place of an unknown element", `<HttpsConfiguration><New>1</New><TLS></TLS></HttpsConfiguration>`, `<HttpsConfiguration><TLS></TLS><New>1</New></HttpsConfiguration>`,
			httpsconfig.Comparison{}, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := httpsconfig.Compare(configuration(t, test.before), configuration(t, test.after))
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if got.Edits() != test.edits {
				t.Errorf("%d edits, want %d", got.Edits(), test.edits)
			}
		})
	}
}

// A comparison lists exactly what differs: applied to what was before, it gives what is after.
func TestCompareIsExact(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for range 2000 {
		a, b := randomConfig(r), randomConfig(r)
		if same := httpsconfig.Compare(a, a); !same.Same() {
			t.Fatalf("%+v differs from itself: %+v", a, same)
		}
		c, back := httpsconfig.Compare(a, b), httpsconfig.Compare(b, a)
		if c.Same() != back.Same() || c.Edits() != back.Edits() {
			t.Fatalf("%+v one way, %+v the other", c, back)
		}
		if diff := cmp.Diff(state(b), apply(state(a), c)); diff != "" {
			t.Fatalf("(-want +got):\n%s", diff)
		}
	}
}

// state is a configuration as values by path: of lists, their values in order of the alphabet.
func state(c *httpsconfig.Config) map[string][]string {
	const root = "/HttpsConfiguration"
	m := map[string][]string{}
	put := func(path string, values ...string) {
		if len(values) > 0 && values[0] != "absent" {
			m[path] = slices.Sorted(slices.Values(values))
		}
	}
	if c == nil {
		return m
	}
	put(root, "present")
	if c.TLS != nil {
		put(root+"/TLS", "present")
		put(root+"/TLS/Enable", c.TLS.Enable.String())
		put(root+"/TLS/TLSVersion", c.TLS.TLSVersions...)
	}
	if s := c.CipherSuite; s != nil {
		put(root+"/CipherSuite", "present")
		put(root+"/CipherSuite/Enable", s.Enable.String())
		put(root+"/CipherSuite/StrongCipherSuite", s.StrongCipherSuite.String())
		put(root+"/CipherSuite/CustomCipherSuite", s.CustomCipherSuites...)
		put(root+"/CipherSuite/TLS13CustomCipherSuite", s.TLS13CustomCipherSuites...)
	}
	return m
}

func apply(m map[string][]string, c httpsconfig.Comparison) map[string][]string {
	for _, s := range c.Switches {
		if m[s.Path] = []string{s.After}; s.After == "absent" {
			delete(m, s.Path)
		}
	}
	for _, l := range c.Lists {
		values := slices.Clone(m[l.Path])
		for _, v := range l.Removed {
			i := slices.Index(values, v)
			values = slices.Delete(values, i, i+1)
		}
		values = append(values, l.Added...)
		slices.Sort(values)
		if m[l.Path] = values; len(values) == 0 {
			delete(m, l.Path)
		}
	}
	return m
}
