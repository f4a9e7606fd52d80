package mockoss

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"testing"
	"time"

	"github.com/aliyun/alibabacloud-oss-go-sdk-v2/oss"
	"github.com/google/go-cmp/cmp"
)

func TestStyle(t *testing.T) {
	made := time.Date(2020, 5, 20, 12, 7, 15, 0, time.UTC)
	put := func(name, content, category string, at time.Time, before []byte) entry {
		doc, err := keepStyle([]byte("<Style><Content>"+content+"</Content></Style>"),
			putting{id: name, query: url.Values{"category": {category}}, now: at, before: before})
		if err != nil {
			t.Fatal(err)
		}
		return entry{name, doc}
	}
	first := put("one", "image/resize,p_50", "image", made, nil)
	first = put("one", "image/resize,p_60", "image", made.Add(24*time.Hour), first.doc)
	second := put("a&amp;b", "image/resize,w_200", "", made, nil)

	e := exchange{answer: first.doc}
	got := e.call(t, "GetStyle").(*oss.GetStyleResult).Style
	want := &oss.StyleInfo{Name: oss.Ptr("one"), Content: oss.Ptr("image/resize,p_60"), Category: oss.Ptr("image"),
		CreateTime: oss.Ptr("Wed, 20 May 2020 12:07:15 GMT"), LastModifyTime: oss.Ptr("Thu, 21 May 2020 12:07:15 GMT")}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("GetStyle (-want +got):\n%s", diff)
	}
	for _, test := range []struct {
		entries []entry
		want    []string
	}{
		{nil, nil},
		{[]entry{first, second}, []string{"one", "a&amp;b"}},
		{[]entry{second, first}, []string{"a&amp;b", "one"}},
	} {
		list, err := styleList(test.entries, nil)
		if err != nil {
			t.Fatal(err)
		}
		e := exchange{answer: list}
		var names []string
		for _, s := range e.call(t, "ListStyle").(*oss.ListStyleResult).StyleList.Styles {
			names = append(names, *s.Name)
		}
		if diff := cmp.Diff(test.want, names); diff != "" {
			t.Errorf("ListStyle (-want +got):\n%s", diff)
		}
	}
}

// TestInventoryList walks through the pages of as many inventories as the vendor's test made, with the token that the
// service gave it.
func TestInventoryList(t *testing.T) {
	var entries []entry
	for i := 1; i < 109; i++ {
		id := fmt.Sprint("report", i)
		doc := "<?xml version=\"1.0\"?>\n<InventoryConfiguration><Id>" + id + "</Id></InventoryConfiguration>"
		entries = append(entries, entry{id, []byte(doc)})
	}
	unchanged := slices.Clone(entries)
	var ids []string
	var tokens []string
	for query := (url.Values{"marker": {"report5"}, "max-keys": {"2"}}); ; {
		doc, err := inventoryList(entries, query)
		if err != nil {
			t.Fatal(err)
		}
		e := exchange{answer: doc}
		page := e.call(t, "ListBucketInventory").(*oss.ListBucketInventoryResult).ListInventoryConfigurationsResult
		for _, c := range page.InventoryConfigurations {
			ids = append(ids, *c.Id)
		}
		if !*page.IsTruncated {
			break
		}
		tokens = append(tokens, *page.NextContinuationToken)
		query.Set("continuation-token", *page.NextContinuationToken)
	}
	if diff := cmp.Diff([]string{"report91"}, tokens); diff != "" {
		t.Errorf("tokens (-want +got):\n%s", diff)
	}
	if len(ids) != 108 || !slices.IsSorted(ids) {
		t.Errorf("%d ids: %q", len(ids), ids)
	}
	if !slices.EqualFunc(entries, unchanged, func(a, b entry) bool { return a.id == b.id }) {
		t.Error("the list that was given is changed")
	}
	var p *problem
	if _, err := inventoryList(nil, nil); !errors.As(err, &p) || p.code != "NoSuchInventory" {
		t.Errorf("none: %v", err)
	}
}

func TestShowUsage(t *testing.T) {
	const quota = "<StorageQuota>10737418240</StorageQuota><Mode>Strict</Mode></QuotaConfiguration>"
	for _, sent := range []string{"<QuotaConfiguration>" + quota, "<QuotaConfiguration><CurrentUsage>7</CurrentUsage>" + quota} {
		doc, err := showUsage([]byte(sent), 344606)
		if err != nil {
			t.Fatal(err)
		}
		want := `<?xml version="1.0" encoding="UTF-8"?>
<QuotaConfiguration>
  <StorageQuota>10737418240</StorageQuota>
  <Mode>Strict</Mode>
  <CurrentUsage>344606</CurrentUsage>
</QuotaConfiguration>`
		if diff := cmp.Diff(want, string(doc)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", sent, diff)
		}
		e := exchange{answer: doc}
		got := e.call(t, "GetBucketStorageQuota").(*oss.GetBucketStorageQuotaResult).QuotaConfiguration
		if *got.StorageQuota != 10737418240 || got.Mode != oss.StorageQuotaModeStrict {
			t.Errorf("GetBucketStorageQuota: %+v", got)
		}
	}
}

func TestIsPublic(t *testing.T) {
	const undecided, when = "NotImplemented", `"Condition":{"IpAddress":{"acs:SourceIp":["10.0.0.0/8"]}}`
	for _, test := range []struct{ name, policy, want string }{
		{"no statement", `{"Version":"1"}`, "false"},
		{"denied to some", `{"Statement":[{"Effect":"Deny","Principal":["1234567890"]}]}`, "false"},
		{"denied to all", `{"Statement":[{"Effect":"Deny","Principal":["*"]}]}`, "false"},
		{"allowed to some", `{"Statement":[{"Effect":"Allow","Principal":["1234567890","2"]}]}`, "false"},
		{"allowed to all", `{"Statement":[{"Effect":"Allow","Principal":["1234567890","*"]}]}`, "true"},
		{"allowed to all, in one word", `{"Statement":[{"Effect":"Allow","Principal":"*"}]}`, "true"},
		{"allowed without a principal", `{"Statement":[{"Effect":"Allow"}]}`, "true"},
		{"an empty condition", `{"Statement":[{"Effect":"Allow","Principal":["*"],"Condition":{}}]}`, "true"},
		{"a condition", `{"Statement":[{"Effect":"Allow","Principal":["*"],` + when + `}]}`, undecided},
		{"a condition for some", `{"Statement":[{"Effect":"Allow","Principal":["1"],` + when + `}]}`, "false"},
		{"all but some", `{"Statement":[{"Effect":"Allow","NotPrincipal":["1"]}]}`, undecided},
		{"a condition, and none", `{"Statement":[{"Effect":"Allow","Principal":["*"],` + when +
			`},{"Effect":"Allow","Principal":["*"]}]}`, "true"},
		{"no JSON", `<Policy></Policy>`, "InvalidPolicyDocument"},
		{"another shape", `{"Statement":{"Effect":[],"Principal":{"*":"*"}}}`, "false"},
	} {
		t.Run(test.name, func(t *testing.T) {
			doc, err := policyStatus([]byte(test.policy), 0)
			got := ""
			var p *problem
			if errors.As(err, &p) {
				got = p.code
			} else if got, _ = child(doc, "IsPublic"); err != nil {
				t.Fatal(err)
			}
			if got != test.want {
				t.Errorf("%s: %s, want %s", test.policy, got, test.want)
			}
		})
	}
}
