package httpsconfig

import "math/bits"

// oldestVersion is the code point of TLS 1.0; those of the other versions follow it.
const oldestVersion = 0x0301

// VersionName returns how OSS names the TLS version with this code point, or nothing: 0x0303 is TLSv1.2.
func VersionName(version uint16) string {
	if version < oldestVersion || version > oldestVersion+3 {
		return ""
	}
	return TLSVersions()[version-oldestVersion]
}

// A VersionSet is a set of the TLS versions 1.0 to 1.3. The zero value is empty.
type VersionSet uint8

// versionSet returns the set of the versions that OSS knows by these names; others are left out.
func versionSet(names []string) (s VersionSet) {
	for _, name := range names {
		if i := versionIndex(name); i >= 0 {
			s |= 1 << i
		}
	}
	return s
}

// offeredVersions returns the set of the versions with these code points. Those that are none, as GREASE (RFC 8701)
// and the drafts of TLS 1.3, are left out.
func offeredVersions(codes []uint16) (s VersionSet) {
	for _, code := range codes {
		if VersionName(code) != "" {
			s |= 1 << (code - oldestVersion)
		}
	}
	return s
}

// Has reports whether the TLS version with this code point is in s: 0x0301 for TLS 1.0 to 0x0304 for TLS 1.3.
func (s VersionSet) Has(version uint16) bool {
	return version >= oldestVersion && version <= tls13 && s&(1<<(version-oldestVersion)) != 0
}

// Newest returns the code point of the newest version in s, or 0 if s is empty.
func (s VersionSet) Newest() uint16 {
	if s == 0 {
		return 0
	}
	return oldestVersion - 1 + uint16(bits.Len8(uint8(s)))
}

// Names returns the versions as OSS names them, the oldest first.
//
//go:noinline
func (s VersionSet) Names() []string {
	var names []string
	for i, name := range TLSVersions() {
		if s&(1<<i) != 0 {
			names = append(names, name)
		}
	}
	return names
}

// codes returns the code points of the versions in s, the oldest first.
func (s VersionSet) codes() []uint16 {
	var list []uint16
	for version := uint16(oldestVersion); version <= tls13; version++ {
		if s.Has(version) {
			list = append(list, version)
		}
	}
	return list
}

// A SuiteSet is a set of the suites that [Suites] returns. The zero value is empty; sets can be compared with ==.
type SuiteSet [(len(suites) + 63) / 64]uint64

// add puts the i-th suite into s.
func (s *SuiteSet) add(i int) { s[i/64] |= 1 << (i % 64) }

// has reports whether the i-th suite is in s.
func (s *SuiteSet) has(i int) bool { return s[i/64]&(1<<(i%64)) != 0 }

// Has reports whether the suite with this code point is in s.
func (s *SuiteSet) Has(id uint16) bool {
	i := suiteIndex(id)
	return i >= 0 && s.has(i)
}

// Len returns how many suites are in s.
func (s *SuiteSet) Len() int {
	n := 0
	for _, word := range s {
		n += bits.OnesCount64(word)
	}
	return n
}

// List returns the suites in s, in the order of their OpenSSL names.
func (s *SuiteSet) List() []*Suite {
	var list []*Suite
	for i := range suites {
		if s.has(i) {
			list = append(list, &suites[i])
		}
	}
	return list
}

// names returns the OpenSSL names of the suites in s, in their order.
//
//go:noinline
func (s SuiteSet) names() []string {
	var names []string
	for i := range suites {
		if s.has(i) {
			names = append(names, suites[i].OpenSSL)
		}
	}
	return names
}

// merge puts the suites of other into s.
//
//go:noinline
func (s *SuiteSet) merge(other *SuiteSet) {
	for i := range s {
		s[i] |= other[i]
	}
}

//go:noinline
func (s *SuiteSet) and(other *SuiteSet) (both SuiteSet) {
	for i := range s {
		both[i] = s[i] & other[i]
	}
	return both
}

// Minus returns the suites in s that are not in other.
//
//go:noinline
func (s SuiteSet) Minus(other SuiteSet) SuiteSet {
	for i := range s {
		s[i] &^= other[i]
	}
	return s
}

// Certified returns the suites in s that a server with certificates of these kinds can use.
//
//go:noinline
func (s SuiteSet) Certified(kinds CertificateKinds) (set SuiteSet) {
	if kinds == 0 {
		kinds = CertificateRSA | CertificateECDSA
	}
	for i := range suites {
		if s.has(i) && suites[i].Certificates()&kinds != 0 {
			set.add(i)
		}
	}
	return set
}
