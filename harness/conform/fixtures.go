package conform

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/ossconf/ossconf/core"
	"github.com/ossconf/ossconf/fixtures"
	"github.com/ossconf/ossconf/httpsconfig"
	"github.com/ossconf/ossconf/signer"
	"github.com/ossconf/ossconf/signer/signhttp"
)

// FixtureCases returns the cases that package fixtures holds: the signature vectors, every document and every body of
// an exchange as an input of decode, encode and validate, documents in requests of simulate and its like, and the requests of the SDKs as inputs of verify. They
// expect what the fixture states: the fields of a vector, whether a document can be read, whether it is valid, and
// that a captured signature is right.
func FixtureCases() ([]Case, error) {
	var cases []Case
	for _, dir := range []struct {
		name  string
		cases func(*fixtures.Fixture) ([]Case, error)
	}{
		{"vectors", vectorCases},
		{"strictness", strictnessCases},
		{"observed", observedCases},
		{"exchanges", bodyCases},
		{"requests", requestCases},
	} {
		list, err := fixtures.Load(dir.name)
		if err != nil {
			return nil, err
		}
		for _, f := range list {
			more, err := dir.cases(f)
			if err != nil {
				return nil, fmt.Errorf("%s/%s: %w", f.Dir, f.Name, err)
			}
			cases = append(cases, more...)
		}
	}
	documents, err := fixtures.Documents()
	if err != nil {
		return nil, err
	}
	for _, d := range documents {
		cases = append(cases, documentCases(d.Name, d.Data, judgement(d.Expect))...)
	}
	return cases, nil
}

func vectorCases(f *fixtures.Fixture) ([]Case, error) {
	var members map[string]json.RawMessage
	if err := json.Unmarshal(f.File("expected.json"), &members); err != nil {
		return nil, err
	}
	op := f.Header("operation")
	want := &Want{Status: status(core.OK), Members: members}
	return []Case{{ID: caseID(f, op), Op: op, In: f.File("input.json"), Want: want}}, nil
}

// A verdict is what a fixture knows of a document.
type verdict struct {
	readable bool // unless it is empty
	valid    string
}

const (
	isValid   = "true"
	isInvalid = "false"
)

func judgement(expect string) verdict {
	switch expect {
	case "valid":
		return verdict{true, isValid}
	case "invalid":
		return verdict{true, isInvalid}
	}
	return verdict{false, isInvalid} // "refused REASON"
}

func strictnessCases(f *fixtures.Fixture) ([]Case, error) {
	v := verdict{readable: !strings.HasPrefix(f.Expect, "reject ")}
	if !v.readable {
		v.valid = isInvalid
	}
	return documentCases(f.Dir+"/"+f.Name, f.File("document.xml"), v), nil
}

// observedCases takes the service's word for what is valid. What it answers to a request that failed for another
// reason says nothing about the document.
func observedCases(f *fixtures.Fixture) ([]Case, error) {
	o := f.Observation()
	var cases []Case
	if o.Put != nil {
		v := verdict{readable: true}
		switch {
		case o.Status == 200:
			v.valid = isValid
		case o.Code == "MalformedXML":
			v.valid = isInvalid
		}
		cases = documentCases(f.Dir+"/"+f.Name+"/put", o.Put, v)
	}
	if o.Get != nil {
		cases = append(cases, documentCases(f.Dir+"/"+f.Name+"/get", o.Get, verdict{true, isValid})...)
	}
	return cases, nil
}

// bodyCases makes inputs of bodies that are not configurations, or of which the fixture does not say.
func bodyCases(f *fixtures.Fixture) ([]Case, error) {
	if f.Header("document") != "" {
		return nil, nil // among fixtures.Documents
	}
	var cases []Case
	for _, message := range []struct {
		name string
		body func() ([]byte, error)
	}{
		{"request", func() ([]byte, error) { _, body, err := f.Request(); return body, err }},
		{"response", func() ([]byte, error) { _, body, err := f.Response(); return body, err }},
	} {
		if f.File(message.name+".http") == nil {
			continue
		}
		body, err := message.body()
		if err != nil {
			return nil, err
		}
		for _, op := range documentOperations {
			cases = append(cases, Case{ID: caseID(f, message.name) + "/" + op, Op: op, In: body})
		}
	}
	return cases, nil
}

var documentOperations = []string{"decode", "encode", "validate"}

func documentCases(id string, doc []byte, v verdict) []Case {
	if len(doc) > core.MaxRequest {
		doc = doc[:core.MaxRequest] // no runtime passes more to the module, and the end of it does not matter any more
	}
	read := &Want{Status: status(core.OK)}
	if !v.readable {
		read = &Want{Status: status(core.Refused)}
	}
	// A document that is over the limit gets no report either.
	var report *Want
	if v.valid != "" && len(doc) <= httpsconfig.MaxSize {
		report = &Want{Status: status(core.OK), Members: map[string]json.RawMessage{"valid": json.RawMessage(v.valid)}}
	}
	var cases []Case
	for _, op := range documentOperations {
		want := read
		if op == "validate" {
			want = report
		}
		cases = append(cases, Case{ID: id + "/" + op, Op: op, In: doc, Want: want})
	}
	return append(cases, documentRequests(id, doc, read, report)...)
}

// documentRequests puts a document into the requests of the operations that take one in a string. One that is not UTF-8
// cannot be put there.
func documentRequests(id string, doc []byte, read, report *Want) (cases []Case) {
	if !utf8.Valid(doc) {
		return nil
	}
	for op, want := range map[string]*Want{"validate_profiles": report, "simulate": read, "diff": read} {
		request := map[string]any{"document": string(doc)}
		if op == "diff" {
			request = map[string]any{"before": nil, "after": string(doc)}
		}
		in, err := json.Marshal(request)
		if err != nil {
			panic(err) // of strings never
		}
		if len(in) > core.MaxRequest {
			continue // a document far beyond its own limit
		}
		cases = append(cases, Case{ID: id + "/" + op, Op: op, In: in, Want: want})
	}
	slices.SortFunc(cases, func(a, b Case) int { return strings.Compare(a.ID, b.ID) })
	return cases
}

// requestCases lets verify check what an SDK signed with the test credentials.
func requestCases(f *fixtures.Fixture) ([]Case, error) {
	r, _, err := f.Request()
	if err != nil {
		return nil, err
	}
	q, err := signhttp.Request(r, f.Header("bucket"), "")
	if err != nil {
		return nil, err
	}
	key := map[string]string{"access_key_id": fixtures.TestAccessKeyID, "access_key_secret": fixtures.TestAccessKeySecret}
	if strings.Contains(f.Name, "sts") {
		key["security_token"] = fixtures.TestSecurityToken
	}
	in, err := json.Marshal(map[string]any{
		"method": q.Method, "bucket": q.Bucket, "query": pairs(q.Query), "headers": pairs(q.Headers),
		"region": fixtures.TestRegion, "credentials": []any{key}, "now": f.Header("time"),
	})
	if err != nil {
		return nil, err
	}
	want := &Want{Status: status(core.OK), Members: map[string]json.RawMessage{"ok": json.RawMessage("true")}}
	return []Case{{ID: caseID(f, "verify"), Op: "verify", In: in, Want: want}}, nil
}

func pairs(fields []signer.Field) [][2]string {
	list := make([][2]string, len(fields))
	for i, f := range fields {
		list[i] = [2]string{f.Name, f.Value}
	}
	return list
}

func caseID(f *fixtures.Fixture, last string) string { return f.Dir + "/" + f.Name + "/" + last }

func status(s core.Status) *byte {
	b := byte(s)
	return &b
}
