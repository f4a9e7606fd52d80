package mockoss

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"strings"

	"github.com/ossconf/ossconf/harness/mockoss/internal/state"
)

// Some configurations are more than a document that comes back as it was sent: the service gives a rule an id, a policy
// gets locked, a request makes a task. Their operations are functions that make of the document that the bucket keeps,
// nil for none, the one that it keeps from now on, nil for none, and an answer. What they have in common is here.

// done is the answer of an operation that says nothing but that it succeeded; gone is that of one that removes.
func done() answer { return answer{status: http.StatusOK} }
func gone() answer { return answer{status: http.StatusNoContent} }

// change has f make of what the bucket of the request keeps under resource and id what it keeps from now on.
func (c *call) change(resource, id string, f func(b state.Bucket, kept *element) (*element, answer, error)) (a answer, err error) {
	if len(id) > maxKey { // as with the id of every configuration
		return answer{}, invalidParameter("The name is too long.", resource, clip(id))
	}
	err = c.service.state.Update(func(tx *state.Tx) error {
		b, err := c.find(tx, manage)
		if err != nil {
			return err
		}
		kept, err := keptUnder(tx, b, resource, id)
		if err != nil {
			return err
		}
		next, answer, err := f(b, kept)
		if err != nil {
			return err
		}
		a = answer
		if next == nil {
			return tx.DeleteConfiguration(b.Name, resource, id)
		}
		return tx.PutConfiguration(b.Name, resource, id, next.document())
	})
	return a, err
}

// look has f make an answer of what the bucket of the request keeps under resource and id.
func (c *call) look(resource, id string, f func(b state.Bucket, kept *element) (answer, error)) (answer, error) {
	return c.view(manage, func(tx *state.Tx, b state.Bucket) (answer, error) {
		kept, err := keptUnder(tx, b, resource, id)
		if err != nil {
			return answer{}, err
		}
		return f(b, kept)
	})
}

// keptUnder returns the document that a bucket keeps, nil for none. The error says that it is not one that was stored.
func keptUnder(tx *state.Tx, b state.Bucket, resource, id string) (*element, error) {
	doc, ok := tx.Configuration(b.Name, resource, id)
	if !ok {
		return nil, nil
	}
	root := keptRoot(resource)
	e, err := parseElement(doc, root)
	if err != nil {
		return nil, fmt.Errorf("the bucket %q keeps under %q what is no %s", b.Name, resource, root)
	}
	return e, nil
}

// keptRoot returns the root element of what is kept under a resource.
func keptRoot(resource string) string {
	switch resource {
	case "replication":
		return "ReplicationConfiguration"
	case "worm":
		return "WormConfiguration"
	case "cnameToken":
		return "CnameToken"
	case "metaQuery":
		return "MetaQueryStatus"
	case "metadataConfiguration":
		return "MetadataConfiguration"
	case "accessPoint":
		return "GetAccessPointResult"
	case "redundancyTransition":
		return "BucketDataRedundancyTransition"
	}
	return ""
}

// newID returns an id of 32 hexadecimal digits for something that the request makes, in small letters. With request IDs
// of one's own it is the same each time.
func (c *call) newID(what ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(append([]string{c.requestID, c.bucket}, what...), "\x00")))
	return hex.EncodeToString(sum[:16])
}

// keptOperations returns the operations on these configurations.
func keptOperations() []operation {
	var list []operation
	for _, group := range [][]operation{replicationOperations(), wormOperations(), cnameOperations(), metaQueryOperations(),
		metadataOperations(), accessPointOperations(), redundancyOperations(), accountOperations()} {
		list = append(list, group...)
	}
	return list
}
