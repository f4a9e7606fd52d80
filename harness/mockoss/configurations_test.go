package mockoss

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/aliyun/alibabacloud-oss-go-sdk-v2/oss"
	"github.com/aliyun/alibabacloud-oss-go-sdk-v2/oss/credentials"
	ossv1 "github.com/aliyun/aliyun-oss-go-sdk/oss"
	"github.com/ossconf/ossconf/xmlcodec"
)

// An exchange is a transport for an SDK that answers every request with a document and remembers what was asked.
type exchange struct {
	answer  []byte
	request *http.Request
	query   url.Values
	body    string
}

// has reports whether the request had a parameter, in the query or as a header.
func (e *exchange) has(name string) bool {
	return e.query.Has(name) || e.request.Header.Get(name) != ""
}

func (e *exchange) RoundTrip(r *http.Request) (*http.Response, error) {
	e.request, e.query, e.body = r, r.URL.Query(), ""
	if r.Body != nil {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return nil, err
		}
		e.body = string(body)
	}
	return &http.Response{StatusCode: http.StatusOK, Status: "200 OK", Request: r, ProtoMajor: 1, ProtoMinor: 1,
		Header: http.Header{"Content-Type": {"application/xml"}, "X-Oss-Request-Id": {"id"}},
		Body:   io.NopCloser(strings.NewReader(string(e.answer))), ContentLength: int64(len(e.answer))}, nil
}

func (e *exchange) client() *oss.Client {
	return oss.NewClient(oss.LoadDefaultConfig().WithRegion("cn-hangzhou").WithHttpClient(&http.Client{Transport: e}).
		WithCredentialsProvider(credentials.NewStaticCredentialsProvider("id", "secret")).WithRetryMaxAttempts(1))
}

// call runs an operation of the SDK by its name with a request in which everything required and every query parameter
// is set, in the least words.
func (e *exchange) call(t *testing.T, operation string) any {
	t.Helper()
	result, err := e.try(t, operation)
	if err != nil {
		t.Fatalf("%s: %v", operation, err)
	}
	return result
}

// try is call for a test that has no answer for the SDK to read.
func (e *exchange) try(t *testing.T, operation string) (any, error) {
	t.Helper()
	if strings.HasSuffix(operation, "BucketResponseHeader") || operation == "DeleteBucketTransferAcceleration" {
		e.callV1(t, operation)
		return nil, nil
	}
	method := reflect.ValueOf(e.client()).MethodByName(operation)
	if !method.IsValid() {
		t.Fatalf("the SDK has no %s", operation)
	}
	request := reflect.New(method.Type().In(1).Elem())
	for i := range request.Elem().NumField() {
		field, input := request.Elem().Field(i), request.Elem().Type().Field(i).Tag.Get("input")
		switch {
		case field.Type() == reflect.TypeFor[io.Reader]():
			field.Set(reflect.ValueOf(strings.NewReader(`{"Version": "1"}`)))
		case !strings.HasSuffix(input, ",required") && !strings.HasPrefix(input, "query,"):
		case strings.HasPrefix(input, "body,"):
			field.Set(reflect.New(field.Type().Elem()))
		case strings.HasPrefix(input, "host,"):
			field.Set(reflect.ValueOf(oss.Ptr("my-bucket")))
		case field.Kind() == reflect.String:
			field.SetString("the-id")
		case field.Type() == reflect.TypeFor[*string]():
			field.Set(reflect.ValueOf(oss.Ptr("the-id")))
		}
	}
	out := method.Call([]reflect.Value{reflect.ValueOf(context.Background()), request})
	err, _ := out[1].Interface().(error)
	return out[0].Interface(), err
}

// callV1 runs the operations that only the older SDK has.
func (e *exchange) callV1(t *testing.T, operation string) {
	t.Helper()
	c, err := ossv1.New("http://oss-cn-hangzhou.aliyuncs.com", "id", "secret", ossv1.HTTPClient(&http.Client{Transport: e}))
	if err == nil {
		switch operation {
		case "PutBucketResponseHeader":
			err = c.PutBucketResponseHeader("my-bucket", ossv1.PutBucketResponseHeader{Rule: []ossv1.ResponseHeaderRule{{Name: "a"}}})
		case "GetBucketResponseHeader":
			_, err = c.GetBucketResponseHeader("my-bucket")
		case "DeleteBucketResponseHeader":
			err = c.DeleteBucketResponseHeader("my-bucket")
		case "DeleteBucketTransferAcceleration":
			err = c.DeleteBucketTransferAcc("my-bucket")
		}
	}
	// The service answers a remove with 204, the exchange with 200.
	if err != nil && !strings.Contains(err.Error(), "200") {
		t.Fatalf("%s: %v", operation, err)
	}
}

// TestConfigurationRequests holds the table against what the SDK sends: method, parameters and root element.
func TestConfigurationRequests(t *testing.T) {
	for _, cfg := range configurations() {
		for operation, method := range map[string]string{cfg.put: http.MethodPut, cfg.get: http.MethodGet,
			cfg.list: http.MethodGet, cfg.remove: http.MethodDelete} {
			if operation == "" {
				continue
			}
			t.Run(operation, func(t *testing.T) {
				var e exchange
				if operation == cfg.get && cfg.root != "" {
					e.answer = []byte(emptyDocument(cfg.root))
				}
				e.call(t, operation)
				if e.request.Method != method {
					t.Errorf("method %s, want %s", e.request.Method, method)
				}
				if !e.query.Has(cfg.resource) {
					t.Errorf("query %v has no %s", e.query, cfg.resource)
				}
				if has, want := cfg.id != "" && e.has(cfg.id), cfg.id != "" && operation != cfg.list; has != want {
					t.Errorf("query %v has %s: %t, want %t", e.query, cfg.id, has, want)
				}
				for name := range e.query {
					if name != cfg.resource && name != cfg.id && !slices.Contains(cfg.further, name) {
						t.Errorf("query has %s, which is not in the table", name)
					}
				}
				if operation == cfg.put {
					if _, err := cfg.stored([]byte(e.body), putting{}); err != nil && cfg.resource != "style" {
						t.Errorf("%s is refused: %v", e.body, err)
					}
				}
			})
		}
	}
}

// TestOperationsOfTheSDK has the SDK make every request about a bucket, and about its account's configuration: the service
// has to take each for the operation of that name, and none of those that are left out.
func TestOperationsOfTheSDK(t *testing.T) {
	var left []string
	for _, o := range omissions() {
		left = append(left, o.operations...)
	}
	s := New(Options{})
	routed := func(t *testing.T, r *http.Request) string {
		r.Host = r.URL.Host
		c := &call{service: s, r: r}
		if err := c.address(); err != nil {
			t.Fatal(err)
		}
		c.route()
		return c.operationName()
	}
	client := reflect.TypeFor[*oss.Client]()
	seen := 0
	for i := range client.NumMethod() {
		m := client.Method(i)
		if m.Type.NumIn() < 3 || m.Type.In(2).Kind() != reflect.Pointer || m.Type.In(2).Elem().Kind() != reflect.Struct {
			continue
		}
		bucket, aboutBucket := m.Type.In(2).Elem().FieldByName("Bucket")
		_, aboutObject := m.Type.In(2).Elem().FieldByName("Key")
		ofAccount := strings.HasSuffix(m.Name, "PublicAccessBlock") || strings.HasPrefix(m.Name, "ListAccessPoints")
		if (!aboutBucket || bucket.Tag.Get("input") == "" || aboutObject) && !ofAccount || m.Name == "DeleteMultipleObjects" {
			continue // the last one is about objects, which it names in its body
		}
		seen++
		t.Run(m.Name, func(t *testing.T) {
			var e exchange
			if _, err := e.try(t, m.Name); e.request == nil {
				t.Fatal(err)
			}
			want := m.Name
			if slices.Contains(left, m.Name) {
				want = ""
			}
			if got := routed(t, e.request); got != want {
				t.Errorf("%s %s is taken for %q, want %q", e.request.Method, e.request.URL, got, want)
			}
		})
	}
	if seen < 100 {
		t.Errorf("%d operations", seen)
	}
}

// TestConfigurationAnswers has the SDK read what get returns before a put and what a put leaves.
func TestConfigurationAnswers(t *testing.T) {
	for _, cfg := range configurations() {
		t.Run(cfg.resource, func(t *testing.T) {
			if (cfg.initial == "") == (cfg.missing == nil) {
				t.Errorf("one of initial and missing, not: %q, %v", cfg.initial, cfg.missing)
			}
			if p := cfg.missing; p != nil && (p.status != http.StatusNotFound || p.code == "" || p.message == "") {
				t.Errorf("missing: %+v", p)
			}
			if (cfg.list == "") != (cfg.lists == nil) || (cfg.list == "") != (cfg.id == "" || cfg.id == accessPointName) {
				t.Error("list, lists and id go together, but for access points, which are listed by themselves")
			}
			for _, doc := range []string{cfg.initial, cfg.cleared} {
				if doc == "" {
					continue
				}
				if cfg.of == "" && !hasRoot([]byte(doc), cfg.root) {
					t.Errorf("%q has not the root %s", doc, cfg.root)
				}
				e := exchange{answer: []byte(doc)}
				e.call(t, cfg.get)
			}
		})
	}
}

func TestConfigurationStored(t *testing.T) {
	find := func(resource string) *configuration {
		all := configurations()
		return &all[slices.IndexFunc(all, func(cfg configuration) bool { return cfg.resource == resource })]
	}
	for _, test := range []struct {
		name, resource, body string
		want, code           string
	}{
		{"as sent", "cors", " <CORSConfiguration>\n<CORSRule></CORSRule></CORSConfiguration>\n",
			" <CORSConfiguration>\n<CORSRule></CORSRule></CORSConfiguration>\n", ""},
		{"nothing", "cors", "", "", "MalformedXML"},
		{"no XML", "cors", "{}", "", "MalformedXML"},
		{"another root", "cors", "<Tagging></Tagging>", "", "MalformedXML"},
		{"the root inside", "cors", "<a><CORSConfiguration></CORSConfiguration></a>", "", "MalformedXML"},
		{"not closed", "cors", "<CORSConfiguration>", "", "MalformedXML"},
		{"two", "cors", "<CORSConfiguration></CORSConfiguration><a></a>", "", "MalformedXML"},
		{"a policy as sent", "policy", `{"Version": "1"}`, `{"Version": "1"}`, ""},
		{"a policy in XML", "policy", "<Policy></Policy>", "", "InvalidPolicyDocument"},
		{"a policy cut short", "policy", `{"Version":`, "", "InvalidPolicyDocument"},
		{"a policy that is a list", "policy", `[]`, "", "InvalidPolicyDocument"},
		{"the default resource group", "resourceGroup",
			"<BucketResourceGroupConfiguration><ResourceGroupId>rg-acfmmockoss0000</ResourceGroupId></BucketResourceGroupConfiguration>",
			resourceGroupDocument(), ""},
		{"no resource group", "resourceGroup", "<BucketResourceGroupConfiguration></BucketResourceGroupConfiguration>",
			resourceGroupDocument(), ""},
		{"another resource group", "resourceGroup",
			"<BucketResourceGroupConfiguration><ResourceGroupId>rg-not-exist</ResourceGroupId></BucketResourceGroupConfiguration>",
			"", "ResourceGroupIdPreCheckError"},
		{"a style without content", "style", "<Style></Style>", "", "MalformedXML"},
	} {
		t.Run(test.name, func(t *testing.T) {
			doc, err := find(test.resource).stored([]byte(test.body), putting{})
			var p *problem
			if code := ""; errors.As(err, &p) {
				if code = p.code; code != test.code {
					t.Errorf("code %s, want %q", code, test.code)
				}
			} else if err != nil || test.code != "" {
				t.Errorf("error %v, want %q", err, test.code)
			}
			if string(doc) != test.want {
				t.Errorf("stored %q, want %q", doc, test.want)
			}
		})
	}
}

// FuzzConfigurationStored stores any body under every configuration: what is kept has the right root and is shown.
func FuzzConfigurationStored(f *testing.F) {
	for _, cfg := range configurations() {
		f.Add([]byte(emptyDocument(max(cfg.root, "a"))))
		f.Add([]byte(cfg.initial))
	}
	f.Add([]byte("<Style><Content>image/resize,p_50</Content></Style>"))
	f.Add([]byte(`{"Statement":[{"Effect":"Allow","Principal":["*"]}]}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		for _, cfg := range configurations() {
			doc, err := cfg.stored(body, putting{id: "the-id"})
			if err != nil {
				var p *problem
				if !errors.As(err, &p) {
					t.Errorf("%s: %v is no problem", cfg.resource, err)
				}
				continue
			}
			if cfg.root != "" && !hasRoot(doc, cfg.root) {
				t.Errorf("%s: %q is stored", cfg.resource, doc)
			}
			if cfg.show != nil {
				shown, err := cfg.show(doc, 0)
				if r := xmlcodec.NewReader(string(shown)); err == nil {
					for r.Next() {
					}
					if r.Err() != nil {
						t.Errorf("%s: %q is shown: %v", cfg.resource, shown, r.Err())
					}
				}
			}
			if cfg.drop != nil {
				if rest, err := cfg.drop(doc, "a,b"); err != nil || rest != nil && !hasRoot(rest, cfg.root) {
					t.Errorf("%s: %q is left: %v", cfg.resource, rest, err)
				}
			}
		}
	})
}
