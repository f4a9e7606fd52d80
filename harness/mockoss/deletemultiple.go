package mockoss

import (
	"net/http"

	"github.com/ossconf/ossconf/harness/mockoss/internal/state"
	"github.com/ossconf/ossconf/xmlcodec"
)

// The limits of DeleteMultipleObjects (https://help.aliyun.com/en/oss/developer-reference/deletemultipleobjects).
const (
	maxDelete     = 2 << 20 // bytes of the document
	maxDeleteKeys = 1000
)

// deleteMultipleObjects removes objects in one step, those that there are.
func deleteMultipleObjects(c *call) (answer, error) {
	encode, err := c.encodesKeys()
	if err != nil {
		return answer{}, err
	}
	keys, quiet, err := readDelete(string(c.body))
	if err != nil {
		return answer{}, err
	}
	a := answer{status: http.StatusOK}
	if !quiet {
		a = xmlAnswer(func(d *document) {
			l := &listing{document: d, call: c, encode: encode}
			d.w.Start("DeleteResult")
			l.encoding()
			for _, key := range keys {
				d.w.Start("Deleted")
				l.text("Key", key)
				d.w.End("Deleted")
			}
			d.w.End("DeleteResult")
		})
	}
	return c.update(write, a, func(tx *state.Tx, b state.Bucket) error {
		for _, key := range keys {
			if err := tx.DeleteObject(b.Name, key); err != nil {
				return err
			}
		}
		return nil
	})
}

// readDelete reads the document Delete.
func readDelete(doc string) (keys []string, quiet bool, err error) {
	root, version := "", ""
	r := xmlcodec.NewReader(doc)
	r.ControlReferences = true // observed: alibabacloud-oss-go-sdk-v2, client_integration_object_basic_test.go
	for r.Next() {
		t := &r.Token
		switch {
		case root == "":
			root = t.Name
		case t.Kind != xmlcodec.Leaf:
		case t.Name == "Quiet":
			quiet = t.Text == "true"
		case t.Name == "Key":
			keys = append(keys, t.Text)
		case t.Name == "VersionId":
			version = t.Text
		}
	}
	switch {
	case r.Err() != nil, root != "Delete", len(keys) == 0, len(keys) > maxDeleteKeys:
		return nil, false, malformedDelete()
	case version != "" && version != nullVersion:
		return nil, false, noSuchVersion(keys[0], version)
	}
	return keys, quiet, nil
}
