package fault_test

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"github.com/ossconf/ossconf/harness/fault"
)

// isWellFormed returns nil for a document of one element, as encoding/xml reads it, and nothing else beside it but
// comments and the like.
func isWellFormed(doc string) error {
	d := xml.NewDecoder(strings.NewReader(strings.TrimPrefix(doc, "\ufeff")))
	depth, roots := 0, 0
	for {
		token, err := d.Token()
		switch t := token.(type) {
		case xml.StartElement:
			if depth == 0 {
				roots++
			}
			depth++
		case xml.EndElement:
			depth--
		case xml.CharData:
			if depth == 0 && strings.TrimSpace(string(t)) != "" {
				return errors.New("text beside the element")
			}
		}
		switch {
		case err == io.EOF && roots != 1:
			return fmt.Errorf("%d elements", roots)
		case err == io.EOF:
			return nil
		case err != nil:
			return err
		}
	}
}

// FuzzMalformedXML damages any body. What was well-formed before is not so after.
func FuzzMalformedXML(f *testing.F) {
	for _, doc := range []string{config, "", "<a/>", "<a b='/>'/>", "<a></a><!-- </b> -->", "<a/><!-- /> -->", "<a><![CDATA[</a>]]></a >",
		"<a></a><?p </a> ?>", "\ufeff<a/>", "text", "{}", "<a>", "/>", "</", "<!-- -->"} {
		f.Add(doc)
	}
	f.Fuzz(func(t *testing.T, doc string) {
		var faults fault.Set
		faults.Load(fault.Rule{Kind: fault.MalformedXML})
		w := httptest.NewRecorder()
		faults.Decide(fault.Request{}).Apply(w, httptest.NewRequest("GET", "/", nil),
			http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, doc) }), fault.Options{})
		got := w.Body.String()
		if isWellFormed(doc) == nil && isWellFormed(got) == nil {
			t.Errorf("%q became %q, which is well-formed", doc, got)
		}
		if got == "" {
			t.Errorf("%q became nothing", doc)
		}
		if n := w.Header().Get("Content-Length"); n != strconv.Itoa(len(got)) {
			t.Errorf("Content-Length %s of %d bytes", n, len(got))
		}
	})
}
