package mockoss_test

import (
	"cmp"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/ossconf/ossconf/harness/mockoss"
)

// A keptStep is a request and what its answer has to be. {id} stands for the last id that an answer had.
type keptStep struct {
	after  time.Duration // since the step before
	method string        // GET if empty
	target string
	body   string
	header map[string]string
	key    string // alice if empty
	host   string // that of examplebucket if empty
	status int
	want   string // the code of an error, or what the body has in it, without the blanks between elements
	not    string // what the body must not have in it
}

// keptID finds the id of something that was made.
var keptID = regexp.MustCompile(`<TaskId>(\w+)</TaskId>`)

// runKept sends the requests one after the other, and opens the folder of the service again before each.
func runKept(t *testing.T, steps []keptStep) {
	t.Helper()
	now, id := noon, ""
	options := mockoss.Options{DataDir: t.TempDir(), Buckets: []string{"examplebucket"}, Now: func() time.Time { return now },
		Locations: []mockoss.Location{{Region: "cn-beijing"}},
		Credentials: []mockoss.Credential{{AccessKeyID: "alice", AccessKeySecret: "alice-secret", Owner: "1"},
			{AccessKeyID: "bob", AccessKeySecret: "bob-secret", Owner: "2"}}}
	for i, step := range steps {
		now = now.Add(step.after)
		s, err := mockoss.Open(options)
		if err != nil {
			t.Fatal(err)
		}
		q := query{method: step.method, target: strings.ReplaceAll(step.target, "{id}", id), body: strings.ReplaceAll(step.body, "{id}", id),
			header: step.header, key: step.key, host: step.host, at: now}
		re := q.send(t, s)
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		found := ""
		if m := keptID.FindStringSubmatch(re.body); m != nil {
			found = m[1]
		}
		id = cmp.Or(re.header.Get("X-Oss-Worm-Id"), re.header.Get("X-Oss-Replication-Rule-Id"), found, id)
		body := regexp.MustCompile(`>\s+<`).ReplaceAllString(re.body, "><")
		want := strings.ReplaceAll(step.want, "{id}", id)
		ok := strings.Contains(body, want)
		if re.err != nil {
			ok = re.err.values["Code"] == want
		}
		if re.status != step.status || !ok || step.not != "" && strings.Contains(body, step.not) {
			t.Fatalf("step %d, %s %s: %d, want %d with %q and not %q\n%s", i, cmp.Or(step.method, "GET"), q.target, re.status, step.status, want,
				step.not, body)
		}
	}
}

const missingBucket = "missing-bucket." + endpoint

func TestReplication(t *testing.T) {
	rule := func(id, target string) string {
		if id != "" {
			id = "<ID>" + id + "</ID>"
		}
		return "<ReplicationConfiguration><Rule>" + id + "<Closed>2020-01-01T00:00:00Z</Closed><RTC><Status>enabled</Status></RTC>" +
			"<Destination><Bucket>" + target + "</Bucket><Location>oss-cn-beijing</Location></Destination></Rule></ReplicationConfiguration>"
	}
	const add, remove = "/?replication&comp=add", "/?comp=delete&replication"
	rules := func(id string) string { return "<ReplicationRules><ID>" + id + "</ID></ReplicationRules>" }
	rtc := func(id, status string) string {
		return "<ReplicationRule><RTC><Status>" + status + "</Status></RTC><ID>" + id + "</ID></ReplicationRule>"
	}
	runKept(t, []keptStep{
		{target: "/?replication", status: 404, want: "NoSuchReplicationConfiguration"},
		{target: "/?replicationProgress", status: 404, want: "NoSuchReplicationConfiguration"},
		{target: "/?replicationProgress&rule-id=a", status: 404, want: "NoSuchReplicationRule"},
		{target: "/?bucketInfo", status: 200, want: "<CrossRegionReplication>Disabled<"},
		{method: "POST", target: add, body: rule("", "target"), host: missingBucket, status: 404, want: "NoSuchBucket"},
		{method: "POST", target: add, body: rule("", "target"), key: "bob", status: 403, want: "AccessDenied"},
		{method: "POST", target: add, body: "<ReplicationConfiguration></ReplicationConfiguration>", status: 400, want: "MalformedXML"},
		{method: "POST", target: add, body: rule("", ""), status: 400, want: "MalformedXML"},
		{method: "POST", target: add, body: rules("a"), status: 400, want: "MalformedXML"},
		{method: "POST", target: add, body: rule("", "target"), status: 200},
		{target: "/?replication", status: 200, want: "<Rule><RTC><Status>enabled</Status></RTC><Destination><Bucket>target</Bucket>" +
			"<Location>oss-cn-beijing</Location></Destination><ID>{id}</ID><Status>starting</Status><Action>ALL</Action></Rule>"},
		{target: "/?bucketInfo", status: 200, want: "<CrossRegionReplication>Enabled<"},
		{method: "POST", target: add, body: rule("another", "target"), status: 400, want: "BucketReplicationAlreadyExist"},
		{method: "POST", target: add, body: rule("{id}", "another"), status: 400, want: "BucketReplicationAlreadyExist"},
		{method: "POST", target: add, body: rule("mine", "another"), status: 200},
		{target: "/?replication", status: 200, want: "<ID>mine</ID>"},
		{target: "/?replicationProgress&rule-id=mine", status: 200, want: "<ReplicationProgress><Rule><ID>mine</ID><Action>ALL</Action>" +
			"<Destination><Bucket>another</Bucket><Location>oss-cn-beijing</Location></Destination><Status>starting</Status></Rule></ReplicationProgress>"},
		{target: "/?replicationProgress", status: 200, want: "</Rule><Rule>"},
		{target: "/?replicationLocation", status: 200, want: "<Location>oss-cn-hangzhou</Location><Location>oss-cn-beijing</Location>"},
		{target: "/?replicationLocation", host: missingBucket, status: 404, want: "NoSuchBucket"},
		{method: "PUT", target: "/?rtc", body: rtc("mine", "disabled"), status: 200},
		{target: "/?replication", status: 200, want: "<Action>ALL</Action><RTC><Status>disabled</Status></RTC></Rule></ReplicationConfiguration>"},
		{method: "PUT", target: "/?rtc", body: rtc("absent", "disabled"), status: 404, want: "NoSuchReplicationRule"},
		{method: "PUT", target: "/?rtc", body: rtc("", "disabled"), status: 400, want: "MalformedXML"},
		{method: "PUT", target: "/?rtc", body: rtc("mine", "maybe"), status: 400, want: "MalformedXML"},
		{method: "POST", target: remove, body: rules(""), status: 404, want: "NoSuchReplicationRule"},
		{method: "POST", target: remove, body: "<ReplicationRules></ReplicationRules>", status: 400, want: "MalformedXML"},
		{method: "POST", target: remove, body: rules("mine"), status: 200},
		{target: "/?replication", status: 200, want: "<Status>closing</Status>", not: "Closed"},
		{method: "POST", target: add, body: rule("mine", "another"), status: 400, want: "BucketReplicationAlreadyExist"},
		{after: 5 * time.Second, target: "/?replication", status: 200, not: "closing"},
		{method: "POST", target: add, body: rule("mine", "another"), status: 200},
		{method: "POST", target: remove, body: "<ReplicationRules><ID>mine</ID><ID>absent</ID></ReplicationRules>", status: 404, want: "NoSuchReplicationRule"},
		{target: "/?replicationProgress&rule-id=mine", status: 200, want: "starting"},
		{method: "POST", target: add, body: rule("third", "third"), status: 200},
		{method: "POST", target: remove, body: rules("third"), status: 200},
		{method: "POST", target: "/?replication&comp=start", body: rule("", "b"), status: 501, want: "NotImplemented"},
		{method: "POST", target: "/?replication", body: rule("", "b"), status: 501, want: "NotImplemented"},
		{target: "/?replication&comp=add", status: 501, want: "NotImplemented"},
	})
}

func TestReplicationRulesAreLimited(t *testing.T) {
	var steps []keptStep
	for _, n := range []int{100, 1} {
		body := "<ReplicationConfiguration>" + strings.Repeat("<Rule><Destination><Bucket>b#</Bucket></Destination></Rule>", n) + "</ReplicationConfiguration>"
		for i := range n {
			body = strings.Replace(body, "#", strings.Repeat("x", i+1+n), 1)
		}
		steps = append(steps, keptStep{method: "POST", target: "/?replication&comp=add", body: body, status: 200})
	}
	steps[1].status, steps[1].want = 400, "TooManyReplicationRules"
	runKept(t, steps)
}

func TestWorm(t *testing.T) {
	days := func(root, n string) string {
		return "<" + root + "><RetentionPeriodInDays>" + n + "</RetentionPeriodInDays></" + root + ">"
	}
	initiate := func(n string) string { return days("InitiateWormConfiguration", n) }
	extend := func(n string) string { return days("ExtendWormConfiguration", n) }
	var steps []keptStep
	for _, n := range []string{"", "0", "-1", "x", "25551", "99999999999999999999"} {
		steps = append(steps, keptStep{method: "POST", target: "/?worm", body: initiate(n), status: 400, want: "MalformedXML"})
	}
	runKept(t, append(steps, []keptStep{
		{target: "/?worm", status: 404, want: "NoSuchWORMConfiguration"},
		{method: "DELETE", target: "/?worm", status: 404, want: "NoSuchWORMConfiguration"},
		{method: "POST", target: "/?wormId=a", status: 404, want: "NoSuchWORMConfiguration"},
		{method: "POST", target: "/?wormExtend&wormId=a", body: extend("2"), status: 404, want: "NoSuchWORMConfiguration"},
		{method: "POST", target: "/?worm", body: initiate("1"), host: missingBucket, status: 404, want: "NoSuchBucket"},
		{method: "POST", target: "/?worm", body: initiate("1"), status: 200},
		{target: "/?worm", status: 200, want: "<WormId>{id}</WormId><State>InProgress</State><RetentionPeriodInDays>1</RetentionPeriodInDays>" +
			"<CreationDate>2025-04-17T12:00:00.000Z</CreationDate><ExpirationDate>2025-04-18T12:00:00.000Z</ExpirationDate>"},
		{method: "POST", target: "/?worm", body: initiate("1"), status: 400, want: "InvalidWORMConfiguration"},
		{method: "POST", target: "/?wormExtend&wormId={id}", body: extend("2"), status: 400, want: "InvalidWORMConfiguration"},
		{method: "DELETE", target: "/?worm", status: 204},
		{target: "/?worm", status: 404, want: "NoSuchWORMConfiguration"},
		{method: "POST", target: "/?wormId={id}", status: 404, want: "NoSuchWORMConfiguration"},
		{method: "POST", target: "/?worm", body: initiate("1"), status: 200},
		{after: 24*time.Hour - time.Millisecond, target: "/?worm", status: 200, want: "InProgress"},
		{after: time.Millisecond, target: "/?worm", status: 404, want: "NoSuchWORMConfiguration"},
		{method: "POST", target: "/?wormId={id}", status: 404, want: "NoSuchWORMConfiguration"},
		{method: "POST", target: "/?worm", body: initiate("30"), status: 200},
		{method: "POST", target: "/?wormId=other", status: 404, want: "NoSuchWORMConfiguration"},
		{method: "POST", target: "/?wormId={id}", status: 200},
		{after: 48 * time.Hour, target: "/?worm", status: 200, want: "<State>Locked</State><RetentionPeriodInDays>30<", not: "ExpirationDate"},
		{method: "POST", target: "/?wormId={id}", status: 403, want: "WORMConfigurationLocked"},
		{method: "DELETE", target: "/?worm", status: 403, want: "WORMConfigurationLocked"},
		{method: "POST", target: "/?worm", body: initiate("1"), status: 403, want: "WORMConfigurationLocked"},
		{method: "POST", target: "/?wormExtend&wormId={id}", body: extend("29"), status: 400, want: "InvalidWORMConfiguration"},
		{method: "POST", target: "/?wormExtend&wormId={id}", body: initiate("31"), status: 400, want: "MalformedXML"},
		{method: "POST", target: "/?wormExtend", body: extend("31"), status: 501, want: "NotImplemented"},
		{method: "POST", target: "/?wormExtend&wormId={id}", body: extend("31"), status: 200},
		{target: "/?worm", status: 200, want: "<RetentionPeriodInDays>31<"},
		{method: "DELETE", status: 204},
	}...))
}

func TestCname(t *testing.T) {
	cname := func(domain string) string {
		return "<BucketCnameConfiguration><Cname><Domain>" + domain + "</Domain></Cname></BucketCnameConfiguration>"
	}
	const create, get = "/?cname&comp=token", "/?comp=token&cname=www.example.com"
	var steps []keptStep
	for _, domain := range []string{"", "com", "a..b", "-a.b", "a-.b", "a b.c", "*.example.com", strings.Repeat("a", 64) + ".com",
		strings.Repeat("a.", 127) + "com"} {
		steps = append(steps, keptStep{method: "POST", target: create, body: cname(domain), status: 400, want: "InvalidArgument"})
	}
	runKept(t, append(steps, []keptStep{
		{target: get, status: 404, want: "CnameTokenNotFound"},
		{target: "/?cname&comp=token", status: 400, want: "InvalidArgument"},
		{method: "POST", target: create, body: "<Cname></Cname>", status: 400, want: "MalformedXML"},
		{method: "POST", target: create, body: cname("www.example.com"), host: missingBucket, status: 404, want: "NoSuchBucket"},
		{method: "POST", target: create, body: cname("WWW.example.com"), status: 200, want: "<Bucket>examplebucket</Bucket><Cname>www.example.com</Cname><Token>"},
		{target: get, status: 200, want: "<ExpireTime>Sun, 20 Apr 2025 12:00:00 GMT<"},
		{after: time.Hour, method: "POST", target: create, body: cname("www.example.com"), status: 200, want: "<ExpireTime>Sun, 20 Apr 2025 12:00:00 GMT<"},
		{after: 71 * time.Hour, target: get, status: 404, want: "CnameTokenNotFound"},
		{method: "POST", target: create, body: cname("www.example.com"), status: 200, want: "<ExpireTime>Wed, 23 Apr 2025 12:00:00 GMT<"},
		{target: "/?comp=token&cname=other.example.com", status: 404, want: "CnameTokenNotFound"},
		{method: "POST", target: "/?cname&comp=add", body: cname("www.example.com"), status: 403, want: "NeedVerifyDomainOwnership"},
		{target: "/?cname", status: 200, want: "<ListCnameResult><Bucket>examplebucket</Bucket><Owner>1</Owner></ListCnameResult>"},
		{method: "POST", target: "/?cname&comp=delete", body: cname("www.example.com"), status: 200},
		{method: "POST", target: "/?cname&comp=delete", body: cname("www.example.com"), host: missingBucket, status: 404, want: "NoSuchBucket"},
		{target: "/?cname", key: "bob", status: 403, want: "AccessDenied"},
	}...))
}

func TestMetaQuery(t *testing.T) {
	runKept(t, []keptStep{
		{target: "/?metaQuery", status: 404, want: "MetaQueryNotExist"},
		{method: "POST", target: "/?metaQuery&action=listDatasets", status: 400, want: "OperationNotSupported"},
		{method: "POST", target: "/?metaQuery&comp=add&mode=other", status: 400, want: "InvalidArgument"},
		{method: "POST", target: "/?metaQuery&comp=add", body: "<Other></Other>", status: 400, want: "MalformedXML"},
		{method: "POST", target: "/?metaQuery&comp=add&mode=semantic", status: 200},
		{method: "POST", target: "/?metaQuery&comp=add", status: 400, want: "MetaQueryAlreadyExist"},
		{target: "/?metaQuery", status: 200, want: "<MetaQueryStatus><State>Running</State><Phase>IncrementalScanning</Phase>" +
			"<CreateTime>2025-04-17T12:00:00Z</CreateTime><UpdateTime>2025-04-17T12:00:00Z</UpdateTime><MetaQueryMode>semantic</MetaQueryMode>"},
		{method: "POST", target: "/?metaQuery&comp=query", body: "<MetaQuery></MetaQuery>", status: 501, want: "NotImplemented"},
		{method: "POST", target: "/?metaQuery&action=listDatasets", status: 501, want: "NotImplemented"},
		{method: "POST", target: "/?metaQuery&comp=delete", status: 200},
		{target: "/?metaQuery", status: 404, want: "MetaQueryNotExist"},
		{method: "POST", target: "/?metaQuery&comp=delete", host: missingBucket, status: 404, want: "NoSuchBucket"},
	})
}

func TestMetadataTables(t *testing.T) {
	const target = "/?metadataConfiguration"
	const journal = "<JournalTableConfiguration><RecordExpiration><Expiration>ENABLED</Expiration><Days>7</Days></RecordExpiration>" +
		"<TableName>mine</TableName></JournalTableConfiguration>"
	const inventory = "<InventoryTableConfiguration><ConfigurationState>DISABLED</ConfigurationState></InventoryTableConfiguration>"
	const arn = "arn:acs:oss:cn-hangzhou:1:bucket/examplebucket"
	const shown = "<JournalTableConfigurationResult><TableStatus>CREATING</TableStatus><TableName>journal</TableName><TableArn>" + arn +
		"/journal</TableArn><RecordExpiration><Expiration>ENABLED</Expiration><Days>7</Days></RecordExpiration></JournalTableConfigurationResult>"
	runKept(t, []keptStep{
		{target: target, status: 404, want: "MetadataConfigurationNotFound"},
		{method: "DELETE", target: target, status: 404, want: "MetadataConfigurationNotFound"},
		{method: "PUT", target: "/?metadataInventoryTable", body: inventory, status: 404, want: "MetadataConfigurationNotFound"},
		{method: "POST", target: target, body: journal, status: 400, want: "MalformedXML"},
		{method: "POST", target: target, body: "<MetadataConfiguration>" + journal + "</MetadataConfiguration>", status: 200},
		{target: target, status: 200, want: "<GetBucketMetadataConfigurationResult><MetadataConfigurationResult><DestinationResult>" +
			"<TableBucketType>oss</TableBucketType><TableBucketArn>" + arn + "</TableBucketArn><TableNamespace>b_examplebucket</TableNamespace>" +
			"</DestinationResult>" + shown + "</MetadataConfigurationResult></GetBucketMetadataConfigurationResult>"},
		{method: "POST", target: target, body: "<MetadataConfiguration></MetadataConfiguration>", status: 409, want: "MetadataConfigurationAlreadyExists"},
		{method: "PUT", target: "/?metadataInventoryTable", body: journal, status: 400, want: "MalformedXML"},
		{method: "PUT", target: "/?metadataInventoryTable", body: inventory, status: 200},
		{method: "PUT", target: "/?metadataJournalTable", body: strings.ReplaceAll(journal, "ENABLED", "DISABLED"), status: 200},
		{target: target, status: 200, want: "<ConfigurationState>DISABLED<", not: "ENABLED"},
		{method: "DELETE", target: target, status: 204},
		{target: target, status: 404, want: "MetadataConfigurationNotFound"},
	})
	s := newService()
	for target, code := range map[string]string{target: "Forbidden", "/?cors": "InvalidAccessKeyId"} {
		if re := (query{target: target, key: "nobody"}).send(t, s); re.status != 403 || re.err.values["Code"] != code {
			t.Errorf("%s with an access key that does not exist: %d, want %s\n%s", target, re.status, code, re.body)
		}
	}
}

func TestRedundancyTransition(t *testing.T) {
	const create, task = "/?redundancyTransition&x-oss-target-redundancy-type=", "/?redundancyTransition&x-oss-redundancy-transition-taskid="
	runKept(t, []keptStep{
		{target: "/?redundancyTransition", status: 200, want: "<ListBucketDataRedundancyTransition></ListBucketDataRedundancyTransition>"},
		{target: task + "a", status: 404, want: "BucketDataRedundancyTransitionTaskNotExist"},
		{method: "POST", target: create + "LRS", status: 400, want: "BucketDataRedundancyTransitionTaskNotSupport"},
		{method: "POST", target: create + "ZRS", host: missingBucket, status: 404, want: "NoSuchBucket"},
		{method: "POST", target: create + "ZRS", status: 200, want: "<BucketDataRedundancyTransition><TaskId>{id}</TaskId></BucketDataRedundancyTransition>"},
		{method: "POST", target: create + "ZRS", status: 409, want: "BucketDataRedundancyTransitionTaskAlreadyExist"},
		{target: task + "{id}", status: 200, want: "<Bucket>examplebucket</Bucket><TaskId>{id}</TaskId><Status>Queueing</Status>" +
			"<CreateTime>2025-04-17T12:00:00.000Z</CreateTime>"},
		{target: "/?redundancyTransition", status: 200, want: "<ListBucketDataRedundancyTransition><BucketDataRedundancyTransition><Bucket>"},
		{method: "DELETE", target: task + "other", status: 404, want: "BucketDataRedundancyTransitionTaskNotExist"},
		{method: "DELETE", target: task + "{id}", status: 204},
		{target: task + "{id}", status: 404, want: "BucketDataRedundancyTransitionTaskNotExist"},
		{method: "PUT", host: "zrs-bucket." + endpoint, status: 200,
			body: "<CreateBucketConfiguration><DataRedundancyType>ZRS</DataRedundancyType></CreateBucketConfiguration>"},
		{method: "POST", target: create + "ZRS", host: "zrs-bucket." + endpoint, status: 400, want: "BucketDataRedundancyTransitionTaskNotSupport"},
	})
}
