package core

import (
	"github.com/ossconf/ossconf/httpsconfig"
	"github.com/ossconf/ossconf/jsoncodec"
	"github.com/ossconf/ossconf/source"
)

const maxDocument = httpsconfig.MaxSize

// decode makes JSON of a document.
func decode(_ *Runner, dst, in []byte) ([]byte, *problem) {
	c, err := httpsconfig.Decode(in)
	if err != nil {
		return nil, refuse(err)
	}
	out, err := c.AppendJSON(dst)
	if err != nil {
		return nil, refuseToWrite(err)
	}
	return out, nil
}

// encode makes XML of a document.
func encode(_ *Runner, dst, in []byte) ([]byte, *problem) {
	c, err := httpsconfig.Decode(in)
	if err != nil {
		return nil, refuse(err)
	}
	out, err := c.AppendXML(dst)
	if err != nil {
		return nil, refuseToWrite(err)
	}
	return out, nil
}

// refuseToWrite is refuse for an error of writing a configuration. One that was read can be too large then: a document
// may have all of it in one line.
func refuseToWrite(err error) *problem {
	p := refuse(err)
	if err == httpsconfig.ErrSize {
		p.message = "the configuration is larger than 64 KiB with a line for each element, as it is written"
		p.hint = "remove what is listed more than once"
	}
	return p
}

// validate reports what the rules find in a document.
func validate(_ *Runner, dst, in []byte) ([]byte, *problem) {
	w := jsoncodec.Writer{Buf: dst}
	w.Begin('{')
	writeReport(&w, httpsconfig.Validate(in))
	w.End('}')
	return w.Buf, nil
}

// writeReport writes the members of a report.
func writeReport(w *jsoncodec.Writer, report *httpsconfig.Report) {
	w.BoolMember("valid", report.OK())
	w.IntMember("errors", report.Count(httpsconfig.Error))
	w.IntMember("warnings", report.Count(httpsconfig.Warning))
	w.IntMember("infos", report.Count(httpsconfig.Info))
	w.BeginMember("findings", '[')
	for i := range report.Findings {
		writeFinding(w, &report.Findings[i])
	}
	w.End(']')
}

func writeFinding(w *jsoncodec.Writer, f *httpsconfig.Finding) {
	w.Begin('{')
	members(w, "rule", f.Rule.Name, "severity", f.Rule.Severity.String(), "evidence", f.Rule.Evidence.String(), "path", f.Path)
	w.IntMember("line", f.Line)
	w.IntMember("column", f.Column)
	w.IntMember("offset", f.Offset)
	members(w, "message", f.Message, "hint", f.Hint)
	if f.Fix != nil {
		w.Name("fix")
		writeFix(w, f.Fix)
	}
	w.End('}')
}

// writeFix writes a fix. Its offsets count bytes.
func writeFix(w *jsoncodec.Writer, fix *source.Fix) {
	w.Begin('{')
	members(w, "description", fix.Description)
	w.BeginMember("edits", '[')
	for _, e := range fix.Edits {
		w.Begin('{')
		w.IntMember("start", e.Start)
		w.IntMember("end", e.End)
		w.StringMember("text", e.Text)
		w.End('}')
	}
	w.End(']')
	w.End('}')
}
