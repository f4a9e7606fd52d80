// Package corpus makes up inputs for the operations: valid, damaged and hostile ones.
//
// [Input] is a pure function of its arguments, so that a case keeps its content however many others there are, and
// so that any process can make the case it needs.
package corpus

import "hash/fnv"

// A generator makes one input from the random source of its index.
type generator struct {
	op   string
	make func(r *random, index int) []byte
}

var generators = []generator{
	{"decode", document},
	{"encode", document},
	{"validate", document},
	{"validate_profiles", func(r *random, i int) []byte { return configRequest(r, i, profiling) }},
	{"simulate", func(r *random, i int) []byte { return configRequest(r, i, simulating) }},
	{"diff", func(r *random, i int) []byte { return configRequest(r, i, differing) }},
	{"sign", func(r *random, i int) []byte { return request(r, i, signing) }},
	{"presign", func(r *random, i int) []byte { return request(r, i, presigning) }},
	{"post_policy", func(r *random, i int) []byte { return request(r, i, policySigning) }},
	{"verify", received},
	{"catalog", nothing},
	{"version", nothing},
}

// Operations returns the operations that inputs can be made for.
func Operations() []string {
	ops := make([]string, len(generators))
	for i, g := range generators {
		ops[i] = g.op
	}
	return ops
}

// Input returns input number index, from 0, of an operation. It returns nil for an operation that is not in
// Operations.
func Input(op string, index int) []byte {
	for _, g := range generators {
		if g.op == op {
			seed := fnv.New64a()
			seed.Write([]byte(op))
			return g.make(newRandom(seed.Sum64(), uint64(index)), index)
		}
	}
	return nil
}

// nothing is, now and then, the input of an operation that takes none, and otherwise something that it has to refuse:
// its answer to no input is always the same, and long.
func nothing(r *random, index int) []byte {
	switch {
	case index%1000 == 999:
		return sized(r, []byte{' '}, boundary(r, maxRequest))
	case r.percent(2):
		return []byte(pick(r, "", " ", "\n", "\r\n\t "))
	case r.percent(50):
		return r.bytes(r.between(1, 64))
	case r.percent(50):
		return document(r, 1)
	}
	return []byte(pick(r, "{}", " ", "\n", "null", "[]", `{"operation":"version"}`, "\x00"))
}
