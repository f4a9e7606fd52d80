package mockoss

import (
	"net/http"
	"slices"
	"time"

	"github.com/ossconf/ossconf/harness/mockoss/internal/state"
)

// The index of a bucket's metadata is opened, shown and closed. It cannot be asked: DoMetaQuery is not implemented.
//
// Observed: alibabacloud-oss-go-sdk-v2, client_integration_meta_query_test.go (statuses; DoMetaQueryAction where there is
// no index). Documented: the elements, the modes, MetaQueryNotExist as 404 with its EC, MetaQueryAlreadyExist. That a new
// index runs at once and has nothing left to scan, and that closing what is not open succeeds, is assumed.
func metaQueryOperations() []operation {
	return []operation{
		{name: "OpenMetaQuery", method: http.MethodPost, level: bucket, parameter: "metaQuery", comp: "add", further: []string{"mode"},
			run: openMetaQuery},
		{name: "GetMetaQueryStatus", method: http.MethodGet, level: bucket, parameter: "metaQuery", run: getMetaQueryStatus},
		{name: "CloseMetaQuery", method: http.MethodPost, level: bucket, parameter: "metaQuery", comp: "delete", run: closeMetaQuery},
		{name: "DoMetaQueryAction", method: http.MethodPost, level: bucket, parameter: "metaQuery", id: "action",
			further: []string{"datasetName"}, run: doMetaQueryAction},
	}
}

func openMetaQuery(c *call) (answer, error) {
	mode := "basic"
	if c.query.Has("mode") {
		mode = c.query.Get("mode")
	}
	if !slices.Contains([]string{"basic", "semantic"}, mode) {
		return answer{}, invalidParameter("The mode is not one there is.", "mode", clip(mode))
	}
	if len(c.body) > 0 {
		if _, err := parseElement(c.body, "MetaQuery"); err != nil {
			return answer{}, err
		}
	}
	return c.change("metaQuery", "", func(_ state.Bucket, kept *element) (*element, answer, error) {
		if kept != nil {
			return nil, answer{}, &problem{status: http.StatusBadRequest, code: "MetaQueryAlreadyExist",
				message: "The bucket you specified already has a metadata index."}
		}
		now := c.now.UTC().Format(time.RFC3339Nano)
		return (&element{name: "MetaQueryStatus"}).set("State", "Running").set("Phase", "IncrementalScanning").
			set("CreateTime", now).set("UpdateTime", now).set("MetaQueryMode", mode), done(), nil
	})
}

func getMetaQueryStatus(c *call) (answer, error) {
	return c.look("metaQuery", "", func(_ state.Bucket, kept *element) (answer, error) {
		if kept == nil {
			return answer{}, &problem{status: http.StatusNotFound, code: "MetaQueryNotExist", ec: "0037-00000003",
				message: "The bucket you specified has no metadata index."}
		}
		return kept.answer(), nil
	})
}

func closeMetaQuery(c *call) (answer, error) {
	return c.change("metaQuery", "", func(state.Bucket, *element) (*element, answer, error) { return nil, done(), nil })
}

// doMetaQueryAction answers what was observed for a bucket without an index. What one with an index is asked here is not
// implemented.
func doMetaQueryAction(c *call) (answer, error) {
	return c.look("metaQuery", "", func(_ state.Bucket, kept *element) (answer, error) {
		if kept != nil {
			return answer{}, notImplemented(c)
		}
		return answer{}, &problem{status: http.StatusBadRequest, code: "OperationNotSupported", ec: "0037-00000001",
			message: "The operation is not supported for this resource"}
	})
}
