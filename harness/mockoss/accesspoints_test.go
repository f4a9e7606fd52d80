package mockoss_test

import "testing"

func TestAccessPoints(t *testing.T) {
	create := func(name, more string) string {
		return "<CreateAccessPointConfiguration><AccessPointName>" + name + "</AccessPointName>" + more + "</CreateAccessPointConfiguration>"
	}
	const internet, target = "<NetworkOrigin>internet</NetworkOrigin>", "/?accessPoint"
	const vpc = "<VpcConfiguration><VpcId>vpc-1</VpcId></VpcConfiguration>"
	const block = "<PublicAccessBlockConfiguration><BlockPublicAccess>false</BlockPublicAccess></PublicAccessBlockConfiguration>"
	name := map[string]string{"X-Oss-Access-Point-Name": "ap-02"}
	const second = "second-bucket." + endpoint
	var steps []keptStep
	for _, bad := range []string{"", "ap", "-ap", "ap-", "AP-01", "ap_01", "ap-0123456789012345-0", "ap-01-ossalias"} {
		steps = append(steps, keptStep{method: "PUT", target: target, body: create(bad, internet), status: 400, want: "InvalidArgument"})
	}
	runKept(t, append(steps, []keptStep{
		{target: target, status: 200, want: "<IsTruncated>false</IsTruncated>"},
		{target: target, header: name, status: 404, want: "NoSuchAccessPoint"},
		{method: "DELETE", target: target, header: name, status: 404, want: "NoSuchAccessPoint"},
		{method: "DELETE", target: target, status: 501, want: "NotImplemented"},
		{method: "PUT", target: "/?accessPointPolicy", header: name, body: "{}", status: 404, want: "NoSuchAccessPoint"},
		{method: "PUT", target: "/?publicAccessBlock&x-oss-access-point-name=ap-02", body: block, status: 404, want: "NoSuchAccessPoint"},
		{method: "DELETE", target: "/?publicAccessBlock&x-oss-access-point-name=ap-02", status: 404, want: "NoSuchAccessPoint"},
		{target: "/?accessPointPolicy", header: name, status: 404, want: "NoSuchAccessPoint"},
		{method: "PUT", target: target, body: create("ap-02", "<NetworkOrigin>vpc</NetworkOrigin>"), status: 400, want: "MalformedXML"},
		{method: "PUT", target: target, body: create("ap-02", ""), status: 400, want: "MalformedXML"},
		{method: "PUT", target: target, body: create("ap-02", internet), host: missingBucket, status: 404, want: "NoSuchBucket"},
		{method: "PUT", target: target, body: create("ap-02", "<NetworkOrigin>vpc</NetworkOrigin>"+vpc), status: 200,
			want: "<CreateAccessPointResult><AccessPointArn>acs:oss:cn-hangzhou:1:accesspoint/ap-02</AccessPointArn><Alias>ap-02-"},
		{target: target, header: name, status: 200, want: "<AccountId>1</AccountId><NetworkOrigin>vpc</NetworkOrigin>" + vpc},
		{target: target + "&x-oss-access-point-name=ap-02", status: 200, want: "<BlockPublicAccess>true<", not: "Endpoint"},
		{method: "PUT", host: second, status: 200},
		{method: "PUT", target: target, body: create("ap-02", internet), host: second, status: 409, want: "AccessPointAlreadyExists"},
		{method: "PUT", target: target, body: create("ap-01", internet), host: second, status: 200},
		{target: target, status: 200, want: "<AccessPoints><AccessPoint><Bucket>examplebucket<", not: "ap-01"},
		{target: target, host: endpoint, status: 200, want: "<AccountId>1</AccountId><MaxKeys>100</MaxKeys>"},
		{target: target + "&max-keys=1", host: endpoint, status: 200, want: "<NextContinuationToken>ap-01<", not: "ap-02"},
		{target: target + "&max-keys=1&continuation-token=ap-01", host: endpoint, status: 200, want: "<IsTruncated>false<", not: "ap-01"},
		{target: target + "&max-keys=0", host: endpoint, status: 400, want: "InvalidArgument"},
		{target: target, host: endpoint, key: "bob", status: 200, not: "ap-0"},
		{target: target, host: missingBucket, status: 404, want: "NoSuchBucket"},
		{target: "/?accessPointPolicy", header: name, status: 404, want: "NoSuchAccessPointPolicy"},
		{method: "PUT", target: "/?accessPointPolicy", header: name, body: `{"Version":"1"}`, status: 200},
		{target: "/?accessPointPolicy", header: name, status: 200, want: `{"Version":"1"}`},
		{target: "/?policy", status: 404, want: "NoSuchBucketPolicy"},
		{method: "PUT", target: "/?publicAccessBlock&x-oss-access-point-name=ap-02", body: block, status: 200},
		{target: "/?publicAccessBlock&x-oss-access-point-name=ap-02", status: 200, want: "false"},
		{target: target, header: name, status: 200, want: "<BlockPublicAccess>false<"},
		{target: "/?publicAccessBlock", status: 200, want: "true"},
		{method: "DELETE", target: target, header: name, status: 204},
		{target: target, header: name, status: 404, want: "NoSuchAccessPoint"},
		{method: "PUT", target: target, body: create("ap-02", internet), status: 200},
		{target: "/?accessPointPolicy", header: name, status: 404, want: "NoSuchAccessPointPolicy"},
		{target: target, header: name, status: 200, want: "<BlockPublicAccess>true<"},
	}...))
}

// TestAccountBlock has a bucket that lets everybody read, and an account that does not.
func TestAccountBlock(t *testing.T) {
	block := func(v string) string {
		return "<PublicAccessBlockConfiguration><BlockPublicAccess>" + v + "</BlockPublicAccess></PublicAccessBlockConfiguration>"
	}
	const target = "/?publicAccessBlock"
	public := map[string]string{"X-Oss-Acl": "public-read"}
	runKept(t, []keptStep{
		{target: target, host: endpoint, status: 200, want: block("false")},
		{method: "PUT", target: target, body: block("false"), status: 200},
		{method: "PUT", target: "/?acl", header: public, status: 200},
		{key: "anonymous", status: 200},
		{method: "PUT", target: target, host: endpoint, body: "<Other></Other>", status: 400, want: "MalformedXML"},
		{method: "PUT", target: target, host: endpoint, body: block("true"), status: 200},
		{target: target, host: endpoint, status: 200, want: block("true")},
		{target: target, host: endpoint, key: "bob", status: 200, want: block("false")},
		{key: "anonymous", status: 403, want: "AccessDenied"},
		{method: "PUT", target: "/?acl", header: public, status: 403, want: "AccessDenied"},
		{target: target, status: 200, want: block("false")},
		{target: "/?bucketInfo", status: 200, want: "<BlockPublicAccess>false<"},
		{method: "PUT", target: target, host: endpoint, key: "bob", body: block("false"), status: 200},
		{key: "anonymous", status: 403, want: "AccessDenied"},
		{method: "DELETE", target: target, host: endpoint, status: 204},
		{key: "anonymous", status: 200},
		{method: "DELETE", target: target, host: endpoint, status: 204},
		{target: target, host: endpoint, key: "anonymous", status: 403, want: "AccessDenied"},
	})
}
