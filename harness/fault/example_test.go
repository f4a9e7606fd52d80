package fault_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"

	"github.com/ossconf/ossconf/harness/fault"
)

// A handler asks its faults once it knows what a request is about.
func Example() {
	rules, err := fault.ParseRules([]byte(`[
		{"id": "busy", "operation": "GetBucketHttpsConfig", "skip": 1, "count": 1, "kind": "throttle"}
	]`))
	if err != nil {
		fmt.Println(err)
		return
	}
	var faults fault.Set
	if err := faults.Load(rules...); err != nil {
		fmt.Println(err)
		return
	}
	refuse := func(w http.ResponseWriter, r *http.Request, status int, code, message, ec string) {
		w.WriteHeader(status)
		fmt.Fprintf(w, "<Error><Code>%s</Code></Error>", code)
	}
	rest := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, "<HttpsConfiguration></HttpsConfiguration>")
	})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		plan := faults.Decide(fault.Request{Method: r.Method, Bucket: "examplebucket", Operation: "GetBucketHttpsConfig"})
		plan.Apply(w, r, rest, fault.Options{Refuse: refuse})
	}))
	defer server.Close()

	for range 3 {
		resp, err := http.Get(server.URL)
		if err != nil {
			fmt.Println(err)
			return
		}
		body, _ := io.ReadAll(resp.Body)
		resp.Body.Close()
		fmt.Println(resp.StatusCode, string(body))
	}
	for _, s := range faults.List() {
		fmt.Println(s.ID, "matched", s.Matched, "fired", s.Fired)
	}

	// Output:
	// 200 <HttpsConfiguration></HttpsConfiguration>
	// 503 <Error><Code>MetaOperationQpsLimitExceeded</Code></Error>
	// 200 <HttpsConfiguration></HttpsConfiguration>
	// busy matched 3 fired 1
}
