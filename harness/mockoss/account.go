package mockoss

import (
	"bytes"
	"net/http"

	"github.com/ossconf/ossconf/harness/mockoss/internal/state"
)

// An account may block public access for all of its buckets, whatever these say for themselves.
//
// Observed: alibabacloud-oss-go-sdk-v2, client_integration_public_access_block_test.go (statuses). Documented: that access
// which was granted is ignored and none can be granted, and that false is the default. That a get says so before a put
// and after a remove is assumed.
func accountOperations() []operation {
	const parameter = "publicAccessBlock"
	return []operation{
		{name: "PutPublicAccessBlock", method: http.MethodPut, level: service, parameter: parameter, run: putAccountBlock},
		{name: "GetPublicAccessBlock", method: http.MethodGet, level: service, parameter: parameter, run: getAccountBlock},
		{name: "DeletePublicAccessBlock", method: http.MethodDelete, level: service, parameter: parameter, run: deleteAccountBlock},
	}
}

func putAccountBlock(c *call) (answer, error) {
	if _, err := parseElement(c.body, "PublicAccessBlockConfiguration"); err != nil {
		return answer{}, err
	}
	return done(), c.service.state.Update(func(tx *state.Tx) error {
		return tx.PutAccountConfiguration(c.owner, "publicAccessBlock", bytes.Clone(c.body))
	})
}

func getAccountBlock(c *call) (answer, error) {
	a := answer{status: http.StatusOK, body: []byte(leafDocument("PublicAccessBlockConfiguration", "BlockPublicAccess", "false"))}
	err := c.service.state.View(func(tx *state.Tx) error {
		if doc, ok := tx.AccountConfiguration(c.owner, "publicAccessBlock"); ok {
			a.body = doc
		}
		return nil
	})
	return a, err
}

func deleteAccountBlock(c *call) (answer, error) {
	return gone(), c.service.state.Update(func(tx *state.Tx) error {
		return tx.DeleteAccountConfiguration(c.owner, "publicAccessBlock")
	})
}
