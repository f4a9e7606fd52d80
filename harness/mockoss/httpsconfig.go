package mockoss

import (
	"errors"
	"net/http"
	"slices"

	"github.com/ossconf/ossconf/httpsconfig"
)

// putHTTPSConfig stores a configuration. The document is looked at before the bucket: sibling operations were seen to
// answer MalformedXML for a bucket that does not exist.
func putHTTPSConfig(c *call) (answer, error) {
	doc, err := storedForm(c.body)
	if err != nil {
		return answer{}, err
	}
	err = c.service.store.use(c.bucket, c.owner, func(b *bucket) { b.httpsConfig = doc })
	return answer{status: http.StatusOK}, err
}

// getHTTPSConfig returns what putHTTPSConfig stored.
func getHTTPSConfig(c *call) (answer, error) {
	var doc []byte
	err := c.service.store.use(c.bucket, c.owner, func(b *bucket) { doc = b.httpsConfig })
	if err == nil && doc == nil {
		err = noSuchHTTPSConfig()
	}
	return answer{status: http.StatusOK, body: doc}, err
}

// storedForm returns the document that a GET gives back for the body of a PUT: a repeated TLS version is kept once
// (observed), versions are kept while Enable is false (observed), and so are elements that the schema does not know
// (unverified).
func storedForm(body []byte) ([]byte, error) {
	report := httpsconfig.Validate(body)
	if httpsconfig.IsJSON(body) || !report.OK() {
		return nil, malformedXML()
	}
	config := report.Config
	if config.TLS != nil {
		config.TLS.TLSVersions = unique(config.TLS.TLSVersions)
	}
	doc, err := config.AppendXML(nil)
	if errors.Is(err, httpsconfig.ErrSize) { // a long body without line ends, which the stored form has
		return nil, bodyTooLarge()
	}
	return doc, err
}

// unique returns list without repetitions, in the order of first appearance.
func unique(list []string) []string {
	var out []string
	for _, s := range list {
		if !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}

// Config returns the HTTPS configuration of a bucket, whoever owns it, and whether there is one. The caller may change
// what it gets.
func (s *Service) Config(bucket string) (*httpsconfig.Config, bool) {
	doc := s.store.document(bucket)
	if doc == nil {
		return nil, false
	}
	config, err := httpsconfig.Decode(doc)
	return config, err == nil
}
