package mockoss

import (
	"net/http"
	"slices"
	"time"

	"github.com/ossconf/ossconf/harness/mockoss/internal/state"
)

// Replication rules are stored and get what OSS gives them: an id and a status, which is starting until they are removed.
// Nothing is replicated.
//
// Observed: aliyun-oss-python-sdk, tests/test_bucket_replication.py (rules are added, Action is ALL if none is sent,
// starting and closing, BucketReplicationAlreadyExist and NoSuchReplicationRule); aliyun-oss-go-sdk, client_test.go,
// TestBucketReplication… (the id, an empty one to remove is an error, progress of all rules without an id);
// alibabacloud-oss-java-sdk-v2, ClientBucketReplicationAsyncTest (message of NoSuchReplicationRule).
func replicationOperations() []operation {
	return []operation{
		{name: "PutBucketReplication", method: http.MethodPost, level: bucket, parameter: "replication", comp: "add", run: putReplication},
		{name: "GetBucketReplication", method: http.MethodGet, level: bucket, parameter: "replication", run: getReplication},
		{name: "DeleteBucketReplication", method: http.MethodPost, level: bucket, parameter: "replication", comp: "delete",
			run: deleteReplication},
		{name: "PutBucketRtc", method: http.MethodPut, level: bucket, parameter: "rtc", run: putRTC},
		{name: "GetBucketReplicationLocation", method: http.MethodGet, level: bucket, parameter: "replicationLocation",
			run: getReplicationLocation},
		{name: "GetBucketReplicationProgress", method: http.MethodGet, level: bucket, parameter: "replicationProgress",
			further: []string{"rule-id"}, run: getReplicationProgress},
	}
}

// closingTime is how long a rule that was removed is shown as closing. OSS takes one to three minutes.
const closingTime = 5 * time.Second

// maxRules is how many replication rules a bucket has at most. The code TooManyReplicationRules is documented.
const maxRules = 100

// noSuchReplicationRule has the observed code and message. EC documented where PutBucketRtc names the rule.
func noSuchReplicationRule(ec string) *problem {
	return &problem{status: http.StatusNotFound, code: "NoSuchReplicationRule", ec: ec,
		message: "The BucketReplicationRule you specified does not exist"}
}

// noReplication has the documented code and message.
func noReplication() *problem {
	return &problem{status: http.StatusNotFound, code: "NoSuchReplicationConfiguration",
		message: "The bucket you specified does not have replication configuration."}
}

func putReplication(c *call) (answer, error) {
	sent, err := parseElement(c.body, "ReplicationConfiguration")
	if err != nil {
		return answer{}, err
	}
	return c.change("replication", "", func(_ state.Bucket, kept *element) (*element, answer, error) {
		return addRules(openRules(kept, c.now), sent, func(target string) string { return c.newID("replication", target) })
	})
}

// addRules adds the rules that were sent to those that a bucket keeps.
func addRules(kept, sent *element, newID func(target string) string) (*element, answer, error) {
	if kept == nil {
		kept = &element{name: "ReplicationConfiguration"}
	}
	a := done()
	for _, rule := range sent.children {
		target := rule.at("Destination", "Bucket")
		if rule.name != "Rule" || target == "" {
			return nil, answer{}, malformedXML()
		}
		id := rule.at("ID")
		if id == "" {
			id = newID(target)
		}
		for _, old := range kept.children {
			// One rule for a pair of buckets is observed, EC documented; that an id is taken is said so is assumed.
			if old.at("Destination", "Bucket") == target || old.at("ID") == id {
				return nil, answer{}, &problem{status: http.StatusBadRequest, code: "BucketReplicationAlreadyExist",
					message: "Bucket replication already exists.", ec: "0031-00000044"}
			}
		}
		rule.remove("Closed")
		rule.set("ID", id).set("Status", "starting")
		if rule.at("Action") == "" {
			rule.set("Action", "ALL")
		}
		kept.add(rule)
		a.header = map[string]string{"X-Oss-Replication-Rule-Id": id}
	}
	switch {
	case len(sent.children) == 0:
		return nil, answer{}, malformedXML()
	case len(kept.children) > maxRules:
		return nil, answer{}, &problem{status: http.StatusBadRequest, code: "TooManyReplicationRules",
			message: "The bucket has too many replication rules."}
	}
	return kept, a, nil
}

// openRules leaves of the rules that a bucket keeps those that are not yet closed; nil if that is none. The element
// Closed, when a rule was removed, is this server's own.
func openRules(kept *element, now time.Time) *element {
	if kept == nil {
		return nil
	}
	kept.children = slices.DeleteFunc(kept.children, func(rule *element) bool {
		closed, err := time.Parse(time.RFC3339Nano, rule.at("Closed"))
		return err == nil && !now.Before(closed.Add(closingTime))
	})
	if len(kept.children) == 0 {
		return nil
	}
	return kept
}

// shownRules is openRules as a client sees it.
func shownRules(kept *element, now time.Time) *element {
	kept = openRules(kept, now)
	if kept != nil {
		for _, rule := range kept.children {
			rule.remove("Closed")
		}
	}
	return kept
}

// ruleWith returns the rule with an id, nil for none.
func ruleWith(kept *element, id string) *element {
	if kept == nil || id == "" {
		return nil
	}
	for _, rule := range kept.children {
		if rule.at("ID") == id {
			return rule
		}
	}
	return nil
}

func getReplication(c *call) (answer, error) {
	return c.look("replication", "", func(_ state.Bucket, kept *element) (answer, error) {
		rules := shownRules(kept, c.now)
		if rules == nil {
			return answer{}, noReplication()
		}
		return rules.answer(), nil
	})
}

func deleteReplication(c *call) (answer, error) {
	sent, err := parseElement(c.body, "ReplicationRules")
	if err != nil {
		return answer{}, err
	}
	return c.change("replication", "", func(_ state.Bucket, kept *element) (*element, answer, error) {
		rules, err := closeRules(openRules(kept, c.now), sent, c.now)
		return rules, done(), err
	})
}

// closeRules begins to remove the rules whose ids were sent. A rule that is closing already stays so (assumed).
func closeRules(kept, sent *element, now time.Time) (*element, error) {
	if len(sent.children) == 0 {
		return nil, malformedXML()
	}
	for _, id := range sent.children {
		rule := ruleWith(kept, id.text)
		switch {
		case id.name != "ID":
			return nil, malformedXML()
		case rule == nil:
			return nil, noSuchReplicationRule("")
		case rule.at("Closed") == "":
			rule.set("Status", "closing").set("Closed", now.UTC().Format(time.RFC3339Nano))
		}
	}
	return kept, nil
}

// putRTC sets the RTC of a rule. The ECs are documented for these cases, the codes assumed.
func putRTC(c *call) (answer, error) {
	sent, err := parseElement(c.body, "ReplicationRule")
	if err != nil {
		return answer{}, err
	}
	status := sent.at("RTC", "Status")
	switch {
	case sent.at("ID") == "":
		p := malformedXML()
		p.ec = "0031-00000015"
		return answer{}, p
	case status != "enabled" && status != "disabled":
		return answer{}, malformedXML()
	}
	return c.change("replication", "", func(_ state.Bucket, kept *element) (*element, answer, error) {
		rules := openRules(kept, c.now)
		rule := ruleWith(rules, sent.at("ID"))
		if rule == nil {
			return nil, answer{}, noSuchReplicationRule("0031-00000110")
		}
		rule.remove("RTC")
		rule.add((&element{name: "RTC"}).set("Status", status))
		return rules, done(), nil
	})
}

// getReplicationLocation lists the locations that the server has: rules within one location are documented, too.
func getReplicationLocation(c *call) (answer, error) {
	return c.look("replication", "", func(state.Bucket, *element) (answer, error) {
		locations := &element{name: "ReplicationLocation"}
		for i := range c.service.places {
			locations.add(&element{name: "Location", text: c.service.places[i].id()})
		}
		return locations.answer(), nil
	})
}

func getReplicationProgress(c *call) (answer, error) {
	return c.look("replication", "", func(_ state.Bucket, kept *element) (answer, error) {
		progress, err := replicationProgress(shownRules(kept, c.now), c.query.Get("rule-id"))
		if err != nil {
			return answer{}, err
		}
		return progress.answer(), nil
	})
}

// replicationProgress returns the progress of the rule with an id, of all if id is empty. Elements documented: there is
// a Progress only once a rule does something.
func replicationProgress(rules *element, id string) (*element, error) {
	switch {
	case id != "" && ruleWith(rules, id) == nil:
		return nil, noSuchReplicationRule("")
	case rules == nil:
		return nil, noReplication()
	}
	progress := &element{name: "ReplicationProgress"}
	for _, rule := range rules.children {
		if id != "" && rule.at("ID") != id {
			continue
		}
		shown := &element{name: "Rule"}
		for _, name := range []string{"ID", "PrefixSet", "Action", "Destination", "Status", "HistoricalObjectReplication"} {
			shown.add(rule.child(name))
		}
		progress.add(shown)
	}
	return progress, nil
}

// replicates reports whether a bucket has a rule that leads to another location.
func replicates(tx *state.Tx, b state.Bucket, location string, now time.Time) bool {
	kept, err := keptUnder(tx, b, "replication", "")
	rules := shownRules(kept, now)
	return err == nil && rules != nil && slices.ContainsFunc(rules.children, func(rule *element) bool {
		return rule.at("Status") != "closing" && rule.at("Destination", "Location") != location
	})
}
