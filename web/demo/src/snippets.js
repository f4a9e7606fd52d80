/**
 * The configuration as commands and code.
 *
 * @module
 */

/**
 * @typedef {import("ossconf").Config} Config
 *
 * @typedef {object} Subject what is written
 * @property {Config} config
 * @property {string} xml
 * @property {string} bucket
 * @property {string} region
 * @property {import("ossconf").Signed | undefined} signed
 *
 * @typedef {object} Snippet
 * @property {string} text
 * @property {string} file a name to save it under
 * @property {boolean} complete whether it says all that the document says
 */

/** @type {Record<"xml" | "json" | "ossutil" | "curl" | "terraform" | "go" | "npm", (subject: Subject) => Snippet>} */
export const snippets = { xml, json, ossutil, curl, terraform, go, npm };

/** What stands for a bucket and a region that are not named yet. */
export const example = { bucket: "examplebucket", region: "cn-hangzhou" };

/** @param {Subject} subject */
function xml({ xml }) {
  return { text: xml, file: "https-configuration.xml", complete: true };
}

/** @param {Subject} subject */
function json({ config }) {
  const text = JSON.stringify(known(config), undefined, 2) + "\n";
  return { text, file: "https-configuration.json", complete: isKnown(config) };
}

/** @param {Subject} subject */
function ossutil({ config, xml, bucket, region }) {
  const value = isKnown(config) ? JSON.stringify(known(config)) : xml.trim();
  const text = command("ossutil api put-bucket-https-config", [
    `--bucket ${quoted(bucket)}`,
    `--region ${quoted(region)}`,
    `--https-configuration ${quoted(value)}`,
  ]);
  return { text, file: "put-https-configuration.sh", complete: true };
}

/** @param {Subject} subject */
function curl({ xml, bucket, region, signed }) {
  const headers = signed?.headers ?? [
    ["Content-Type", "application/xml"],
    ["Authorization", "OSS4-HMAC-SHA256 …"],
  ];
  const text = command("curl --fail-with-body --request PUT", [
    ...headers.map(([name, value]) => `--header ${quoted(`${name}: ${value}`)}`),
    `--data-binary ${quoted(xml)}`,
    quoted(address(bucket, region)),
  ]);
  return { text, file: "put-https-configuration.sh", complete: true };
}

/** @param {Subject} subject */
function terraform({ config, bucket }) {
  const { TLS, CipherSuite } = config;
  const list = (/** @type {string[]} */ values) => `[${values.map(hcl).join(", ")}]`;
  /** @type {[name: string, value: string | undefined][]} */
  const main = [
    ["bucket", hcl(bucket)],
    ["enable", String(TLS?.Enable ?? false)],
    ["tls_versions", TLS?.TLSVersion && list(TLS.TLSVersion)],
  ];
  const lines = aligned(main, "  ");
  if (CipherSuite) {
    /** @type {[name: string, value: string | undefined][]} */
    const suites = [
      ["enable", String(CipherSuite.Enable ?? false)],
      ["strong_cipher_suite", CipherSuite.StrongCipherSuite?.toString()],
      ["custom_cipher_suite", CipherSuite.CustomCipherSuite && list(CipherSuite.CustomCipherSuite)],
      ["tls13_custom_cipher_suite", CipherSuite.TLS13CustomCipherSuite && list(CipherSuite.TLS13CustomCipherSuite)],
    ];
    lines.push("", "  cipher_suit {", ...aligned(suites, "    "), "  }");
  }
  const text = `resource "alicloud_oss_bucket_https_config" "default" {\n${lines.join("\n")}\n}\n`;
  return { text, file: "https-configuration.tf", complete: isKnown(config) };
}

/** @param {Subject} subject */
function go({ config, bucket, region }) {
  const { TLS, CipherSuite } = config;
  const list = (/** @type {string[]} */ values) => `[]string{${values.map(goString).join(", ")}}`;
  const lines = [
    ...member("TLS: &oss.TLS{", [
      ["Enable", TLS?.Enable === undefined ? undefined : `oss.Ptr(${TLS.Enable})`],
      ["TLSVersions", TLS?.TLSVersion && list(TLS.TLSVersion)],
    ]),
    ...(CipherSuite
      ? member("CipherSuite: &oss.CipherSuite{", [
          ["Enable", CipherSuite.Enable === undefined ? undefined : `oss.Ptr(${CipherSuite.Enable})`],
          [
            "StrongCipherSuite",
            CipherSuite.StrongCipherSuite === undefined ? undefined : `oss.Ptr(${CipherSuite.StrongCipherSuite})`,
          ],
          ["CustomCipherSuites", CipherSuite.CustomCipherSuite && list(CipherSuite.CustomCipherSuite)],
          ["TLS13CustomCipherSuites", CipherSuite.TLS13CustomCipherSuite && list(CipherSuite.TLS13CustomCipherSuite)],
        ])
      : []),
  ];
  const text = `package main

import (
	"context"
	"log"

	"github.com/aliyun/alibabacloud-oss-go-sdk-v2/oss"
	"github.com/aliyun/alibabacloud-oss-go-sdk-v2/oss/credentials"
)

func main() {
	cfg := oss.LoadDefaultConfig().
		WithCredentialsProvider(credentials.NewEnvironmentVariableCredentialsProvider()).
		WithRegion(${goString(region)})
	_, err := oss.NewClient(cfg).PutBucketHttpsConfig(context.Background(), &oss.PutBucketHttpsConfigRequest{
		Bucket: oss.Ptr(${goString(bucket)}),
		HttpsConfiguration: &oss.HttpsConfiguration{
${lines.map((line) => `\t\t\t${line}\n`).join("")}		},
	})
	if err != nil {
		log.Fatal(err)
	}
}
`;
  return { text, file: "main.go", complete: isKnown(config) };
}

/** @param {Subject} subject */
function npm({ config, bucket, region }) {
  const text = `import { load } from "ossconf";

const oss = await load();
const config = ${JSON.stringify(config, undefined, 2)};

const request = new Request(${JSON.stringify(address(bucket, region))}, {
  method: "PUT",
  headers: { "Content-Type": "application/xml" },
  body: oss.encode(config),
});
const signed = await oss.signRequest(request, {
  region: ${JSON.stringify(region)},
  access_key_id: process.env.OSS_ACCESS_KEY_ID,
  access_key_secret: process.env.OSS_ACCESS_KEY_SECRET,
  security_token: process.env.OSS_SESSION_TOKEN,
});
const response = await fetch(signed);
if (!response.ok) {
  throw new Error(await response.text());
}
`;
  return { text, file: "put-https-configuration.mjs", complete: true };
}

/**
 * @param {string} bucket
 * @param {string} region
 */
function address(bucket, region) {
  return `https://${bucket}.oss-${region}.aliyuncs.com/?httpsConfig`;
}

/**
 * The configuration without what the schema does not know.
 *
 * @param {Config} config
 */
function known(config) {
  return JSON.parse(JSON.stringify(config, (name, value) => (name === "#unknown" ? undefined : value)));
}

/** @param {Config} config */
function isKnown(config) {
  return ![config, config.TLS, config.CipherSuite].some((it) => it?.["#unknown"]);
}

/**
 * @param {string} start
 * @param {string[]} rest
 */
function command(start, rest) {
  return [start, ...rest].join(" \\\n  ") + "\n";
}

/**
 * Quotes for a POSIX shell.
 *
 * @param {string} text
 */
function quoted(text) {
  return /^[\w.:/@%+=-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/** @param {string} text */
function hcl(text) {
  return JSON.stringify(text)
    .replaceAll("${", () => "$${")
    .replaceAll("%{", "%%{");
}

/** @param {string} text */
function goString(text) {
  return JSON.stringify(text); // every string of JSON is one of Go, as long as it has no half surrogate pair
}

/**
 * @param {string} open
 * @param {[name: string, value: string | undefined][]} members
 */
function member(open, members) {
  const there = members.filter(([, value]) => value !== undefined);
  const width = Math.max(0, ...there.map(([name]) => name.length)) + 1;
  return [open, ...there.map(([name, value]) => `\t${`${name}:`.padEnd(width)} ${value},`), "},"];
}

/**
 * @param {[name: string, value: string | undefined][]} members
 * @param {string} indent
 */
function aligned(members, indent) {
  const there = members.filter(([, value]) => value !== undefined);
  const width = Math.max(...there.map(([name]) => name.length));
  return there.map(([name, value]) => `${indent}${name.padEnd(width)} = ${value}`);
}
