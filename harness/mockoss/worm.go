package mockoss

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/ossconf/ossconf/harness/mockoss/internal/state"
)

// A retention policy of a bucket is in progress for a day, in which it can be removed, and then invalid unless it was
// locked; once locked it can only be extended. No object is kept from being changed by it here.
//
// Observed: aliyun-oss-python-sdk, tests/test_bucket_worm.py (states, NoSuchWORMConfiguration, WORMConfigurationLocked,
// InvalidWORMConfiguration); aliyun-oss-go-sdk, client_test.go, Test…BucketWorm (a bucket is deleted with a locked one);
// alibabacloud-oss-go-sdk-v2, client_integration_bucket_worm_test.go (404 after a removal). The day is documented. That
// CreationDate and ExpirationDate look so: a published answer in the documents of the Elixir SDK aliyun_oss; that
// ExpirationDate is the end of that day, and is there only until the policy is locked, is assumed. Whether the bucket has
// versioning or a retention of objects, which OSS asks, is not looked at.
func wormOperations() []operation {
	return []operation{
		{name: "InitiateBucketWorm", method: http.MethodPost, level: bucket, parameter: "worm", run: initiateWorm},
		{name: "GetBucketWorm", method: http.MethodGet, level: bucket, parameter: "worm", run: getWorm},
		{name: "AbortBucketWorm", method: http.MethodDelete, level: bucket, parameter: "worm", run: abortWorm},
		{name: "ExtendBucketWorm", method: http.MethodPost, level: bucket, parameter: "wormExtend", id: "wormId", run: extendWorm},
		{name: "CompleteBucketWorm", method: http.MethodPost, level: bucket, parameter: "wormId", run: completeWorm},
	}
}

const (
	wormInProgress = "InProgress"
	wormLocked     = "Locked"
	wormProgress   = 24 * time.Hour // in which a policy has to be locked
	maxRetention   = 25550          // days
)

// noSuchWorm has the observed code and the documented message and EC.
func noSuchWorm() *problem {
	return &problem{status: http.StatusNotFound, code: "NoSuchWORMConfiguration",
		message: "The WORM Configuration does not exist.", ec: "0027-00000009"}
}

// wormIsLocked has the observed code and the documented status and message.
func wormIsLocked() *problem {
	return &problem{status: http.StatusForbidden, code: "WORMConfigurationLocked", message: "The WORM Configuration is locked."}
}

// invalidWorm has the observed code. Status and message assumed.
func invalidWorm(message string) *problem {
	return &problem{status: http.StatusBadRequest, code: "InvalidWORMConfiguration", message: message}
}

// retention returns the days of a document. EC documented for one without them, the code assumed; limits documented.
func retention(doc []byte, root string) (int, error) {
	sent, err := parseElement(doc, root)
	if err != nil {
		return 0, err
	}
	days, err := strconv.Atoi(strings.TrimSpace(sent.at("RetentionPeriodInDays")))
	if err != nil || days < 1 || days > maxRetention {
		p := malformedXML()
		p.ec = "0027-00000004"
		return 0, p
	}
	return days, nil
}

// inForce returns the policy that is kept, unless it has become invalid: then, and for none, nil.
func inForce(kept *element, now time.Time) *element {
	if kept == nil {
		return nil
	}
	until, err := time.Parse(timeFormat, kept.at("ExpirationDate"))
	if err == nil && !now.Before(until) {
		return nil
	}
	return kept
}

func initiateWorm(c *call) (answer, error) {
	days, err := retention(c.body, "InitiateWormConfiguration")
	if err != nil {
		return answer{}, err
	}
	return c.change("worm", "", func(_ state.Bucket, kept *element) (*element, answer, error) {
		// What a second policy is answered is assumed.
		switch kept = inForce(kept, c.now); {
		case kept.at("State") == wormLocked:
			return nil, answer{}, wormIsLocked()
		case kept != nil:
			return nil, answer{}, invalidWorm("The bucket already has a WORM Configuration.")
		}
		a := done()
		id := strings.ToUpper(c.newID("worm"))
		a.header = map[string]string{"X-Oss-Worm-Id": id}
		return (&element{name: "WormConfiguration"}).set("WormId", id).set("State", wormInProgress).
			set("RetentionPeriodInDays", decimal(days)).set("CreationDate", stamp(c.now)).
			set("ExpirationDate", stamp(c.now.Add(wormProgress))), a, nil
	})
}

func getWorm(c *call) (answer, error) {
	return c.look("worm", "", func(_ state.Bucket, kept *element) (answer, error) {
		if kept = inForce(kept, c.now); kept == nil {
			return answer{}, noSuchWorm()
		}
		return kept.answer(), nil
	})
}

// abortWorm removes a policy that is not locked. That there is none is an error: terraform-provider-alicloud expects it.
func abortWorm(c *call) (answer, error) {
	return c.change("worm", "", func(_ state.Bucket, kept *element) (*element, answer, error) {
		switch kept = inForce(kept, c.now); {
		case kept == nil:
			return nil, answer{}, noSuchWorm()
		case kept.at("State") == wormLocked:
			return nil, answer{}, wormIsLocked()
		}
		return nil, gone(), nil
	})
}

func completeWorm(c *call) (answer, error) {
	return c.change("worm", "", func(_ state.Bucket, kept *element) (*element, answer, error) {
		switch kept = inForce(kept, c.now); {
		case kept == nil || kept.at("WormId") != c.query.Get("wormId"):
			return nil, answer{}, noSuchWorm()
		case kept.at("State") == wormLocked: // assumed
			return nil, answer{}, wormIsLocked()
		}
		kept.remove("ExpirationDate")
		return kept.set("State", wormLocked), done(), nil
	})
}

func extendWorm(c *call) (answer, error) {
	days, err := retention(c.body, "ExtendWormConfiguration")
	if err != nil {
		return answer{}, err
	}
	return c.change("worm", "", func(_ state.Bucket, kept *element) (*element, answer, error) {
		kept = inForce(kept, c.now)
		if kept == nil || kept.at("WormId") != c.query.Get("wormId") {
			return nil, answer{}, noSuchWorm()
		}
		before, err := strconv.Atoi(kept.at("RetentionPeriodInDays"))
		switch {
		case err != nil:
			return nil, answer{}, err
		case kept.at("State") != wormLocked:
			return nil, answer{}, invalidWorm("The WORM Configuration is not locked.")
		case days < before: // that it is refused is documented
			return nil, answer{}, invalidWorm("The retention period cannot be shortened.")
		}
		return kept.set("RetentionPeriodInDays", decimal(days)), done(), nil
	})
}
