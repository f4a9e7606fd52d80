package mockoss

import (
	"net/http"
	"slices"

	"github.com/ossconf/ossconf/harness/mockoss/internal/state"
)

// The configuration of a bucket's metadata tables is stored, and shown with the names that the tables have. There are no
// tables, so their status is CREATING.
//
// Observed: alibabacloud-oss-go-sdk-v2, client_integration_bucket_metadata_table_configuration_test.go (what is shown,
// the two updates, MetadataConfigurationNotFound, and Forbidden for an access key that does not exist). Documented by the
// same SDK: the other elements, MetadataConfigurationAlreadyExists, the messages. That an update puts its document in
// place of the one of that table, also where there was none, is assumed.
func metadataOperations() []operation {
	list := []operation{
		{name: "CreateBucketMetadataConfiguration", method: http.MethodPost, parameter: "metadataConfiguration", run: createMetadata},
		{name: "GetBucketMetadataConfiguration", method: http.MethodGet, parameter: "metadataConfiguration", run: getMetadata},
		{name: "DeleteBucketMetadataConfiguration", method: http.MethodDelete, parameter: "metadataConfiguration", run: deleteMetadata},
		{name: "UpdateBucketMetadataInventoryTableConfiguration", method: http.MethodPut, parameter: "metadataInventoryTable",
			run: func(c *call) (answer, error) { return c.updateMetadata("InventoryTableConfiguration") }},
		{name: "UpdateBucketMetadataJournalTableConfiguration", method: http.MethodPut, parameter: "metadataJournalTable",
			run: func(c *call) (answer, error) { return c.updateMetadata("JournalTableConfiguration") }},
	}
	for i := range list {
		list[i].level, list[i].unknownKey = bucket, "Forbidden"
	}
	return list
}

func noMetadata() *problem {
	return notConfigured("MetadataConfigurationNotFound", "The metadata table configuration does not exist.", "")
}

func createMetadata(c *call) (answer, error) {
	sent, err := parseElement(c.body, "MetadataConfiguration")
	if err != nil {
		return answer{}, err
	}
	return c.change("metadataConfiguration", "", func(_ state.Bucket, kept *element) (*element, answer, error) {
		if kept != nil {
			return nil, answer{}, &problem{status: http.StatusConflict, code: "MetadataConfigurationAlreadyExists",
				message: "The metadata table configuration already exists."}
		}
		return sent, done(), nil
	})
}

func (c *call) updateMetadata(table string) (answer, error) {
	sent, err := parseElement(c.body, table)
	if err != nil {
		return answer{}, err
	}
	return c.change("metadataConfiguration", "", func(_ state.Bucket, kept *element) (*element, answer, error) {
		if kept == nil {
			return nil, answer{}, noMetadata()
		}
		kept.remove(table)
		return kept.add(sent), done(), nil
	})
}

func deleteMetadata(c *call) (answer, error) {
	return c.change("metadataConfiguration", "", func(_ state.Bucket, kept *element) (*element, answer, error) {
		if kept == nil {
			return nil, answer{}, noMetadata()
		}
		return nil, gone(), nil
	})
}

func getMetadata(c *call) (answer, error) {
	return c.look("metadataConfiguration", "", func(b state.Bucket, kept *element) (answer, error) {
		if kept == nil {
			return answer{}, noMetadata()
		}
		return metadataResult(b, kept).answer(), nil
	})
}

// metadataResult returns what is shown of a configuration.
func metadataResult(b state.Bucket, kept *element) *element {
	arn := "arn:acs:oss:" + b.Region + ":" + b.Owner + ":bucket/" + b.Name
	result := (&element{name: "MetadataConfigurationResult"}).add((&element{name: "DestinationResult"}).
		set("TableBucketType", "oss").set("TableBucketArn", arn).set("TableNamespace", "b_"+b.Name))
	for _, table := range []struct{ element, name string }{
		{"JournalTableConfiguration", "journal"}, {"InventoryTableConfiguration", "inventory"}} {
		sent := kept.child(table.element)
		if sent == nil {
			continue
		}
		shown := (&element{name: table.element + "Result"}).set("TableStatus", "CREATING").set("TableName", table.name).
			set("TableArn", arn+"/"+table.name)
		own := slices.Clone(shown.children)
		for _, e := range sent.children { // which cannot stand in place of what the service says
			if !slices.ContainsFunc(own, func(o *element) bool { return o.name == e.name }) {
				shown.add(e)
			}
		}
		result.add(shown)
	}
	return (&element{name: "GetBucketMetadataConfigurationResult"}).add(result)
}
