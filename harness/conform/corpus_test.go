package conform

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ossconf/ossconf/core"
)

var update = flag.Bool("update", false, "write what the tests get to testdata")

func fixtureCases(t testing.TB) []Case {
	t.Helper()
	cases, err := FixtureCases()
	if err != nil {
		t.Fatal(err)
	}
	return cases
}

// golden compares got with a file of testdata.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	file := "testdata/" + name
	if *update {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s (-want +got; go test -update writes it):\n%s", file, diff)
	}
}

// TestCorpusIsPinned notices when a generated input changes, which takes its meaning from the lists of expected
// failures.
func TestCorpusIsPinned(t *testing.T) {
	var got bytes.Buffer
	hash, op, n := sha256.New(), "", 0
	line := func() {
		if op != "" {
			fmt.Fprintf(&got, "%s %d %s\n", op, n, hex.EncodeToString(hash.Sum(nil)))
		}
	}
	for c := range Cases(nil, DefaultCases) {
		if c.Op != op {
			line()
			hash.Reset()
			op, n = c.Op, 0
		}
		n++
		for _, part := range [][]byte{[]byte(c.ID), c.In} {
			hash.Write(binary.BigEndian.AppendUint32(nil, uint32(len(part))))
			hash.Write(part)
		}
	}
	line()
	golden(t, "corpus.txt", got.Bytes())
}

func TestCasesAreStable(t *testing.T) {
	few := map[string][]byte{}
	operations := len(core.Operations())
	for c := range Cases(nil, 20*operations) {
		few[c.ID] = c.In
	}
	seen := 0
	for c := range Cases(nil, 60*operations) {
		if in, ok := few[c.ID]; ok {
			seen++
			if !bytes.Equal(in, c.In) {
				t.Errorf("%s depends on the number of cases", c.ID)
			}
		}
	}
	if seen != len(few) || seen != 20*operations {
		t.Errorf("%d of %d cases are among the many, want 20 for each of %d operations", seen, len(few), operations)
	}
}

func TestCaseIDsAreUnique(t *testing.T) {
	seen := map[string]bool{}
	ops := map[string]bool{}
	for _, op := range core.Operations() {
		ops[op] = true
	}
	for c := range Cases(fixtureCases(t), 3*len(ops)) {
		if seen[c.ID] {
			t.Errorf("two cases are called %s", c.ID)
		}
		seen[c.ID] = true
		if !ops[c.Op] {
			t.Errorf("%s is for %q, which core does not have", c.ID, c.Op)
		}
	}
}

// TestCorpusMix keeps the generated inputs from becoming all refused or all accepted, and the rarer kinds from
// vanishing.
func TestCorpusMix(t *testing.T) {
	const accepted, refused = "accepted", "refused"
	shares := map[string][]string{ // at least 20 % of each
		"decode": {accepted, refused}, "encode": {accepted, refused}, "validate": {`{"valid":true`, `{"valid":false`},
		"validate_profiles": {`{"valid":true`, `{"valid":false`}, "simulate": {accepted, refused}, "diff": {accepted, refused},
		"sign": {accepted, refused}, "presign": {accepted, refused}, "post_policy": {accepted, refused},
		"verify": {`{"ok":true`, `{"ok":false`}, "catalog": {refused}, "version": {refused}, // there is only one input to accept
	}
	const n = 3000 // the rest of the corpus is of the same make
	counts, codes, sizes := map[string]int{}, map[string]int{}, map[string]int{}
	for c := range Cases(nil, n*len(core.Operations())) {
		status, out := core.Call(c.Op, c.In)
		switch status {
		case core.OK:
			counts[c.Op+accepted]++
		case core.Refused:
			counts[c.Op+refused]++
		default:
			t.Errorf("%s: status %d", c.ID, status)
		}
		for _, kind := range shares[c.Op] {
			if bytes.HasPrefix(out, []byte(kind)) {
				counts[c.Op+kind]++
			}
		}
		for _, code := range codesOf(out) {
			codes[code]++
		}
		sizes[c.Op] += len(c.In)
	}
	for _, op := range core.Operations() {
		if counts[op+accepted] == 0 {
			t.Errorf("no input of %s is accepted", op)
		}
		if len(shares[op]) == 0 {
			t.Errorf("no shares are set for %s", op)
		}
		for _, kind := range shares[op] {
			if got := counts[op+kind]; got < n/5 {
				t.Errorf("%s: %d of %d inputs are %s, want a fifth at least", op, got, n, kind)
			}
		}
		if average := sizes[op] / n; average > 2<<10 {
			t.Errorf("%s: %d bytes on average, which makes the run long", op, average)
		}
	}
	for _, code := range []string{"mismatched_tag", "unclosed", "character", "encoding", "entity", "doctype", "processing_instruction",
		"namespace", "attribute", "mixed_content", "comment_in_value", "too_deep", "xml_syntax", "json_syntax", "repeated", "too_large",
		"format", "root_element", "content", "boolean", "unknown_element", "credentials", "method", "bucket", "key", "duplicate_query",
		"query", "header", "region", "product", "time", "expires", "endpoint", "policy", "type", "unknown_member", "input",
		"document", "certificates", "profile",
		"SignatureDoesNotMatch", "RequestTimeTooSkewed", "InvalidAccessKeyId", "InvalidArgument", "AccessDenied", "InvalidSecurityToken"} {
		if codes[code] == 0 {
			t.Errorf("no input is answered with %s", code)
		}
	}
}

// codesOf returns the values of the members called code in an answer.
func codesOf(out []byte) (codes []string) {
	for rest := string(out); ; {
		_, after, found := strings.Cut(rest, `"code":"`)
		if !found {
			return codes
		}
		code, more, _ := strings.Cut(after, `"`)
		codes, rest = append(codes, code), more
	}
}

func TestFixtureCasesHold(t *testing.T) {
	for _, c := range fixtureCases(t) {
		status, out, err := Native(t.Context(), c.Op, c.In)
		if err != nil {
			t.Fatal(err)
		}
		if why := c.Want.check(Answer{status, out}); why != "" {
			t.Errorf("%s: %s\nanswer: %s", c.ID, why, excerpt(out, 300))
		}
	}
}
