package core

import (
	"slices"

	"github.com/ossconf/ossconf/httpsconfig"
	"github.com/ossconf/ossconf/jsoncodec"
)

// validateProfiles reports what the rules find in a document, and how it stands to profiles, all of them if none is
// named, and to the presets.
func validateProfiles(_ *Runner, dst, in []byte) ([]byte, *problem) {
	q, p := readConfigRequest(string(in), forProfiles)
	if p != nil {
		return nil, p
	}
	if q.profiles == nil {
		q.profiles = httpsconfig.Profiles()
	}
	report, list := httpsconfig.ValidateProfiles([]byte(q.after.text), q.profiles)
	w := jsoncodec.Writer{Buf: slices.Grow(dst, 16<<10)}
	w.Begin('{')
	writeReport(&w, report)
	w.BeginMember("profiles", '[')
	for i := range q.profiles {
		w.Begin('{')
		members(&w, "name", q.profiles[i].Name)
		if list == nil {
			members(&w, "result", "unknown")
		} else {
			writeAssessment(&w, &list[i])
		}
		w.End('}')
	}
	w.End(']')
	writeDistances(&w, q.after.text)
	w.End('}')
	return w.Buf, nil
}

// writeDistances writes how far a document is from each preset with suites, or nothing for one that cannot be read.
func writeDistances(w *jsoncodec.Writer, doc string) {
	c, err := httpsconfig.Decode([]byte(doc))
	if err != nil {
		return
	}
	w.BeginMember("presets", '[')
	for _, p := range httpsconfig.Presets() {
		if p.VersionsOnly {
			continue
		}
		difference := httpsconfig.Compare(c, p.Config)
		w.Begin('{')
		members(w, "name", p.Name)
		w.IntMember("distance", difference.Edits())
		w.End('}')
	}
	w.End(']')
}

func writeAssessment(w *jsoncodec.Writer, a *httpsconfig.Assessment) {
	result := "passes"
	if a.Differences != nil {
		result = "fails"
	}
	members(w, "result", result, "evidence", a.Evidence.String())
	w.IntMember("distance", a.Distance)
	w.BeginMember("differences", '[')
	for i := range a.Differences {
		writeDifference(w, &a.Differences[i])
	}
	w.End(']')
	if a.Passing != nil {
		w.Name("passing")
		writeConfig(w, a.Passing)
	}
}

func writeDifference(w *jsoncodec.Writer, d *httpsconfig.Difference) {
	kind := "missing"
	if d.TooMuch {
		kind = "too_much"
	}
	w.Begin('{')
	members(w, "check", d.Check.Name, "kind", kind)
	w.Strings("names", d.Names)
	members(w, "evidence", d.Check.Evidence.String(), "source", d.Check.Source, "path", d.Path)
	w.IntMember("line", d.Line)
	w.IntMember("column", d.Column)
	w.IntMember("offset", d.Offset)
	members(w, "message", d.Check.Text, "hint", d.Hint)
	if d.Fix != nil {
		w.Name("fix")
		writeFix(w, d.Fix)
	}
	w.End('}')
}

// writeConfig writes a configuration as decode does. One that no document holds, which a mended one may be that was
// close to the limit of 64 KiB before, is null.
func writeConfig(w *jsoncodec.Writer, c *httpsconfig.Config) {
	text, err := c.AppendJSON(nil)
	if err != nil {
		text = []byte("null")
	}
	w.Raw(text)
}
