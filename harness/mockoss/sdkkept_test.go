package mockoss_test

import (
	"context"
	"encoding/xml"
	"errors"
	"testing"

	"github.com/aliyun/alibabacloud-oss-go-sdk-v2/oss"
	v1 "github.com/aliyun/aliyun-oss-go-sdk/oss"
	"github.com/google/go-cmp/cmp"
	"github.com/ossconf/ossconf/harness/mockoss"
)

// TestReplicationV2 does what TestBucketReplication of the SDK does, which calls an endpoint of the real service, with a
// target bucket in another location of the mock.
func TestReplicationV2(t *testing.T) {
	s := mockoss.NewServer(mockoss.Options{Buckets: []string{"source-bucket"}, Locations: []mockoss.Location{{Region: "cn-beijing"}}})
	defer s.Close()
	with := settings(s)
	with.client, with.endpoint = s.Client(), "http://oss-cn-hangzhou.aliyuncs.com"
	c, ctx, source := newV2(with), t.Context(), oss.Ptr("source-bucket")
	with.region, with.endpoint = "cn-beijing", "http://oss-cn-beijing.aliyuncs.com"
	if _, err := newV2(with).PutBucket(ctx, &oss.PutBucketRequest{Bucket: oss.Ptr("target-bucket")}); err != nil {
		t.Fatal(err)
	}
	put, err := c.PutBucketReplication(ctx, &oss.PutBucketReplicationRequest{Bucket: source,
		ReplicationConfiguration: &oss.ReplicationConfiguration{Rules: []oss.ReplicationRule{{
			RTC:                         &oss.ReplicationTimeControl{Status: oss.Ptr("enabled")},
			Destination:                 &oss.ReplicationDestination{Bucket: oss.Ptr("target-bucket"), Location: oss.Ptr("oss-cn-beijing"), TransferType: oss.TransferTypeInternal},
			HistoricalObjectReplication: oss.HistoricalObjectReplicationEnabled,
			SourceSelectionCriteria:     &oss.ReplicationSourceSelectionCriteria{SseKmsEncryptedObjects: &oss.SseKmsEncryptedObjects{Status: oss.StatusEnabled}},
		}}}})
	if err != nil {
		t.Fatal(err)
	}
	id := put.ReplicationRuleId
	rules := func() []oss.ReplicationRule {
		t.Helper()
		got, err := c.GetBucketReplication(ctx, &oss.GetBucketReplicationRequest{Bucket: source})
		if err != nil {
			t.Fatal(err)
		}
		return got.ReplicationConfiguration.Rules
	}
	want := []oss.ReplicationRule{{
		ID: id, Status: oss.Ptr("starting"), Action: oss.Ptr("ALL"), RTC: &oss.ReplicationTimeControl{Status: oss.Ptr("enabled")},
		Destination:                 &oss.ReplicationDestination{Bucket: oss.Ptr("target-bucket"), Location: oss.Ptr("oss-cn-beijing"), TransferType: oss.TransferTypeInternal},
		HistoricalObjectReplication: oss.HistoricalObjectReplicationEnabled,
		SourceSelectionCriteria:     &oss.ReplicationSourceSelectionCriteria{SseKmsEncryptedObjects: &oss.SseKmsEncryptedObjects{Status: oss.StatusEnabled}},
	}}
	if diff := cmp.Diff(want, rules()); diff != "" {
		t.Errorf("rules (-want +got):\n%s", diff)
	}
	locations, err := c.GetBucketReplicationLocation(ctx, &oss.GetBucketReplicationLocationRequest{Bucket: source})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"oss-cn-hangzhou", "oss-cn-beijing"}, locations.ReplicationLocation.Locations); diff != "" {
		t.Errorf("locations (-want +got):\n%s", diff)
	}
	progress, err := c.GetBucketReplicationProgress(ctx, &oss.GetBucketReplicationProgressRequest{Bucket: source, RuleId: id})
	if err != nil || len(progress.ReplicationProgress.Rules) != 1 || *progress.ReplicationProgress.Rules[0].Status != "starting" {
		t.Errorf("progress %+v, %v", progress, err)
	}
	_, err = c.PutBucketRtc(ctx, &oss.PutBucketRtcRequest{Bucket: source,
		RtcConfiguration: &oss.RtcConfiguration{ID: id, RTC: &oss.ReplicationTimeControl{Status: oss.Ptr("disabled")}}})
	if got := rules(); err != nil || *got[0].RTC.Status != "disabled" {
		t.Errorf("RTC: %v, %v", *got[0].RTC.Status, err)
	}
	_, err = c.DeleteBucketReplication(ctx, &oss.DeleteBucketReplicationRequest{Bucket: source, ReplicationRules: &oss.ReplicationRules{IDs: []string{*id}}})
	if got := rules(); err != nil || *got[0].Status != "closing" {
		t.Errorf("removed: %v, %v", *got[0].Status, err)
	}
}

// TestKeptConfigurationsV1 uses the older SDK, whose documents are its own.
func TestKeptConfigurationsV1(t *testing.T) {
	s := mockoss.NewServer(mockoss.Options{Buckets: []string{"examplebucket"}})
	defer s.Close()
	c := openV1(t, settings(s)).(sdkV1)
	const bucket = "examplebucket"
	code := func(err error) string {
		var e v1.ServiceError
		errors.As(err, &e)
		return e.Code
	}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Error(err)
		}
	}

	must(c.PutBucketReplication(bucket, "<ReplicationConfiguration><Rule><Action>PUT</Action><Destination><Bucket>target</Bucket>"+
		"<Location>oss-cn-hangzhou</Location></Destination></Rule></ReplicationConfiguration>"))
	doc, err := c.GetBucketReplication(bucket)
	must(err)
	var rules v1.GetBucketReplicationResult
	must(xml.Unmarshal([]byte(doc), &rules))
	if len(rules.Rule) != 1 || rules.Rule[0].ID == "" || rules.Rule[0].Status != "starting" || rules.Rule[0].Action != "PUT" {
		t.Errorf("rules %+v", rules)
	}
	if err := c.DeleteBucketReplication(bucket, ""); code(err) != "MalformedXML" { // it sends no ID at all
		t.Errorf("a rule without an id is removed: %v", err)
	}
	must(c.DeleteBucketReplication(bucket, rules.Rule[0].ID))

	id, err := c.InitiateBucketWorm(bucket, 10)
	must(err)
	must(c.CompleteBucketWorm(bucket, id))
	must(c.ExtendBucketWorm(bucket, 20, id))
	worm, err := c.GetBucketWorm(bucket)
	must(err)
	if worm.WormId != id || worm.State != "Locked" || worm.RetentionPeriodInDays != 20 || worm.CreationDate == "" {
		t.Errorf("retention policy %+v, want the id %s", worm, id)
	}
	if err := c.AbortBucketWorm(bucket); code(err) != "WORMConfigurationLocked" {
		t.Errorf("a locked policy is removed: %v", err)
	}

	made, err := c.CreateBucketCnameToken(bucket, "www.example.com")
	must(err)
	token, err := c.GetBucketCnameToken(bucket, "www.example.com")
	must(err)
	if token.Token == "" || token.Token != made.Token || token.Bucket != bucket || token.Cname != "www.example.com" {
		t.Errorf("tokens %+v, %+v", made, token)
	}
	if err := c.PutBucketCname(bucket, "www.example.com"); code(err) != "NeedVerifyDomainOwnership" {
		t.Errorf("a domain is mapped: %v", err)
	}
	cnames, err := c.ListBucketCname(bucket)
	must(err)
	if cnames.Bucket != bucket || cnames.Owner == "" || len(cnames.Cname) != 0 {
		t.Errorf("domains %+v", cnames)
	}
	must(c.DeleteBucketCname(bucket, "www.example.com"))

	must(c.OpenMetaQuery(bucket))
	status, err := c.GetMetaQueryStatus(bucket)
	must(err)
	if status.State != "Running" || status.CreateTime == "" || status.UpdateTime == "" {
		t.Errorf("index %+v", status)
	}
	must(c.CloseMetaQuery(bucket))
}

// TestRedundancyTransitionV2 has no test of the SDK against the real service to follow.
func TestRedundancyTransitionV2(t *testing.T) {
	s := mockoss.NewServer(mockoss.Options{Buckets: []string{"examplebucket"}})
	defer s.Close()
	c, ctx, bucket := newV2(settings(s)), context.Background(), oss.Ptr("examplebucket")
	made, err := c.CreateBucketDataRedundancyTransition(ctx, &oss.CreateBucketDataRedundancyTransitionRequest{Bucket: bucket,
		TargetRedundancyType: oss.Ptr("ZRS")})
	if err != nil {
		t.Fatal(err)
	}
	id := made.BucketDataRedundancyTransition.TaskId
	got, err := c.GetBucketDataRedundancyTransition(ctx, &oss.GetBucketDataRedundancyTransitionRequest{Bucket: bucket, RedundancyTransitionTaskid: id})
	if err != nil {
		t.Fatal(err)
	}
	list, err := c.ListBucketDataRedundancyTransition(ctx, &oss.ListBucketDataRedundancyTransitionRequest{Bucket: bucket})
	if err != nil {
		t.Fatal(err)
	}
	want := oss.BucketDataRedundancyTransition{Bucket: bucket, TaskId: id, Status: oss.Ptr("Queueing"),
		CreateTime: got.BucketDataRedundancyTransition.CreateTime}
	if diff := cmp.Diff(&want, got.BucketDataRedundancyTransition); diff != "" || want.CreateTime == nil {
		t.Errorf("task (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]oss.BucketDataRedundancyTransition{want}, list.ListBucketDataRedundancyTransition.BucketDataRedundancyTransitions); diff != "" {
		t.Errorf("list (-want +got):\n%s", diff)
	}
	if _, err := c.DeleteBucketDataRedundancyTransition(ctx, &oss.DeleteBucketDataRedundancyTransitionRequest{Bucket: bucket, RedundancyTransitionTaskid: id}); err != nil {
		t.Error(err)
	}
}
