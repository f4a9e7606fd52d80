package mockoss

import (
	"errors"
	"net/http"
	"slices"

	"github.com/ossconf/ossconf/harness/mockoss/internal/state"
	"github.com/ossconf/ossconf/httpsconfig"
)

// putHTTPSConfig stores a configuration. The document is looked at before the bucket: sibling operations were seen to
// answer MalformedXML for a bucket that does not exist.
func putHTTPSConfig(c *call) (answer, error) {
	config, doc, err := storedForm(c.body)
	if err != nil {
		return answer{}, err
	}
	a, err := c.update(manage, answer{status: http.StatusOK}, func(tx *state.Tx, b state.Bucket) error {
		b.AddHTTPS(doc, c.now, c.service.options.Propagation)
		return tx.PutBucket(b)
	})
	if err == nil {
		c.service.logEnforcement(c.bucket, config)
	}
	return a, err
}

// getHTTPSConfig returns what putHTTPSConfig stored, whether it has come into force or not.
func getHTTPSConfig(c *call) (answer, error) {
	return c.view(manage, func(_ *state.Tx, b state.Bucket) (answer, error) {
		doc := b.HTTPSDocument()
		if doc == nil {
			return answer{}, noSuchHTTPSConfig()
		}
		return answer{status: http.StatusOK, body: doc}, nil
	})
}

// storedForm returns the document that a GET gives back for the body of a PUT: a repeated TLS version is kept once
// (observed), versions are kept while Enable is false (observed), and so are elements that the schema does not know
// (unverified).
func storedForm(body []byte) (*httpsconfig.Config, []byte, error) {
	report := httpsconfig.Validate(body)
	if httpsconfig.IsJSON(body) || !report.OK() {
		return nil, nil, malformedXML()
	}
	config := report.Config
	if config.TLS != nil {
		config.TLS.TLSVersions = unique(config.TLS.TLSVersions)
	}
	doc, err := config.AppendXML(nil)
	if errors.Is(err, httpsconfig.ErrSize) { // a long body without line ends, which the stored form has
		return nil, nil, bodyTooLarge()
	}
	return config, doc, err
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

// Config returns the HTTPS configuration of a bucket that was put last, whoever owns it, and whether there is one. The
// caller may change what it gets.
func (s *Service) Config(bucket string) (*httpsconfig.Config, bool) {
	var doc []byte
	s.state.View(func(tx *state.Tx) error {
		b, _ := tx.Bucket(bucket)
		doc = b.HTTPSDocument()
		return nil
	})
	if doc == nil {
		return nil, false
	}
	config, err := httpsconfig.Decode(doc)
	return config, err == nil
}
