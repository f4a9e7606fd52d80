package mockoss

import (
	"net/http"

	"github.com/ossconf/ossconf/harness/mockoss/internal/state"
)

// A request to change the redundancy type of a bucket makes a task, which waits in the queue until it is removed.
//
// Documented: the elements, that a bucket goes from LRS to ZRS only, and the codes BucketDataRedundancyTransitionTask… with
// their statuses. The messages are assumed, and that a target other than ZRS is not supported either.
func redundancyOperations() []operation {
	const parameter, task = "redundancyTransition", "x-oss-redundancy-transition-taskid"
	return []operation{
		{name: "CreateBucketDataRedundancyTransition", method: http.MethodPost, level: bucket, parameter: parameter,
			id: "x-oss-target-redundancy-type", run: createTransition},
		{name: "GetBucketDataRedundancyTransition", method: http.MethodGet, level: bucket, parameter: parameter, id: task,
			run: getTransition},
		{name: "ListBucketDataRedundancyTransition", method: http.MethodGet, level: bucket, parameter: parameter, run: listTransitions},
		{name: "DeleteBucketDataRedundancyTransition", method: http.MethodDelete, level: bucket, parameter: parameter, id: task,
			run: deleteTransition},
	}
}

func createTransition(c *call) (answer, error) {
	return c.change("redundancyTransition", "", func(b state.Bucket, kept *element) (*element, answer, error) {
		switch {
		case kept != nil:
			return nil, answer{}, &problem{status: http.StatusConflict, code: "BucketDataRedundancyTransitionTaskAlreadyExist",
				message: "The bucket already has a redundancy transition task."}
		case b.DataRedundancyType != "LRS" || c.value("x-oss-target-redundancy-type") != "ZRS":
			return nil, answer{}, &problem{status: http.StatusBadRequest, code: "BucketDataRedundancyTransitionTaskNotSupport",
				message: "The redundancy type of a bucket can only be changed from LRS to ZRS."}
		}
		id := c.newID("redundancyTransition")
		made := (&element{name: "BucketDataRedundancyTransition"}).set("TaskId", id)
		return (&element{name: "BucketDataRedundancyTransition"}).set("Bucket", b.Name).set("TaskId", id).
			set("Status", "Queueing").set("CreateTime", stamp(c.now)), made.answer(), nil
	})
}

// noTransition says that a bucket does not keep the task that the request names.
func (c *call) noTransition(kept *element) error {
	if kept != nil && kept.at("TaskId") == c.value("x-oss-redundancy-transition-taskid") {
		return nil
	}
	return notConfigured("BucketDataRedundancyTransitionTaskNotExist", "The redundancy transition task does not exist.", "")
}

func getTransition(c *call) (answer, error) {
	return c.look("redundancyTransition", "", func(_ state.Bucket, kept *element) (answer, error) {
		if err := c.noTransition(kept); err != nil {
			return answer{}, err
		}
		return kept.answer(), nil
	})
}

func listTransitions(c *call) (answer, error) {
	return c.look("redundancyTransition", "", func(_ state.Bucket, kept *element) (answer, error) {
		return (&element{name: "ListBucketDataRedundancyTransition"}).add(kept).answer(), nil
	})
}

func deleteTransition(c *call) (answer, error) {
	return c.change("redundancyTransition", "", func(_ state.Bucket, kept *element) (*element, answer, error) {
		return nil, gone(), c.noTransition(kept)
	})
}
