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
		return nil, refuse(err)
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
		return nil, refuse(err)
	}
	return out, nil
}

// validate reports what the rules find in a document.
func validate(_ *Runner, dst, in []byte) ([]byte, *problem) {
	report := httpsconfig.Validate(in)
	w := jsoncodec.Writer{Buf: dst}
	w.Begin('{')
	w.Name("valid")
	w.Bool(report.OK())
	w.Name("errors")
	w.Int(report.Count(httpsconfig.Error))
	w.Name("warnings")
	w.Int(report.Count(httpsconfig.Warning))
	w.Name("infos")
	w.Int(report.Count(httpsconfig.Info))
	w.Name("findings")
	w.Begin('[')
	for i := range report.Findings {
		writeFinding(&w, &report.Findings[i])
	}
	w.End(']')
	w.End('}')
	return w.Buf, nil
}

func writeFinding(w *jsoncodec.Writer, f *httpsconfig.Finding) {
	w.Begin('{')
	w.StringMember("rule", f.Rule.Name)
	w.StringMember("severity", f.Rule.Severity.String())
	w.StringMember("evidence", f.Rule.Evidence.String())
	optional(w, "path", f.Path)
	w.Name("line")
	w.Int(f.Line)
	w.Name("column")
	w.Int(f.Column)
	w.Name("offset")
	w.Int(f.Offset)
	w.StringMember("message", f.Message)
	optional(w, "hint", f.Hint)
	if f.Fix != nil {
		w.Name("fix")
		writeFix(w, f.Fix)
	}
	w.End('}')
}

// writeFix writes a fix. Its offsets count bytes.
func writeFix(w *jsoncodec.Writer, fix *source.Fix) {
	w.Begin('{')
	w.StringMember("description", fix.Description)
	w.Name("edits")
	w.Begin('[')
	for _, e := range fix.Edits {
		w.Begin('{')
		w.Name("start")
		w.Int(e.Start)
		w.Name("end")
		w.Int(e.End)
		w.StringMember("text", e.Text)
		w.End('}')
	}
	w.End(']')
	w.End('}')
}
