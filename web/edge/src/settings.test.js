import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { readSettings, SettingsError } from "./settings.js";

const digest = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"; // of "test"
const good = {
  OSS_ACCESS_KEY_ID: "testAccessKeyId",
  OSS_ACCESS_KEY_SECRET: "testAccessKeySecret",
  OSSCONF_BUCKETS: '{"examplebucket":{"region":"cn-hangzhou"}}',
  OSSCONF_TOKENS: `page:${digest}`,
};

test("settings are read", () => {
  const settings = readSettings({
    ...good,
    OSS_SESSION_TOKEN: "testToken",
    OSSCONF_BUCKETS: JSON.stringify({
      examplebucket: { region: "cn-hangzhou" },
      internal: { region: "cn-beijing", endpoint: "https://oss-cn-beijing-internal.aliyuncs.com/" },
      mock: { region: "cn-hangzhou", endpoint: "http://127.0.0.1:9280" },
      local: { region: "cn-hangzhou", endpoint: "http://localhost:9280", path_style: false },
      proxied: { region: "cn-hangzhou", endpoint: "https://oss.example.com:8443", path_style: true },
      box: { region: "cloudbox-1", product: "oss-cloudbox", endpoint: "https://box.example.com" },
    }),
    OSSCONF_TOKENS: ` page:${digest.toUpperCase()},\n ci:${digest} `,
    OSSCONF_ORIGINS: "https://console.example.com http://localhost:5173",
    OSSCONF_TIMEOUT: "2500",
  });
  const bytes = Uint8Array.from(Buffer.from(digest, "hex"));
  /** @returns {[string, object]} */
  const bucket = (/** @type {string} */ name, /** @type {string} */ host, more = {}) => [
    name,
    { name, region: "cn-hangzhou", product: "oss", scheme: "https:", host, pathStyle: false, ...more },
  ];
  assert.deepEqual(settings, {
    credentials: {
      access_key_id: "testAccessKeyId",
      access_key_secret: "testAccessKeySecret",
      security_token: "testToken",
    },
    buckets: new Map([
      bucket("examplebucket", "oss-cn-hangzhou.aliyuncs.com"),
      bucket("internal", "oss-cn-beijing-internal.aliyuncs.com", { region: "cn-beijing" }),
      bucket("mock", "127.0.0.1:9280", { scheme: "http:", pathStyle: true }),
      bucket("local", "localhost:9280", { scheme: "http:" }),
      bucket("proxied", "oss.example.com:8443", { pathStyle: true }),
      bucket("box", "box.example.com", { region: "cloudbox-1", product: "oss-cloudbox" }),
    ]),
    tokens: [
      { name: "page", digest: bytes },
      { name: "ci", digest: bytes },
    ],
    origins: new Set(["https://console.example.com", "http://localhost:5173"]),
    timeout: 2500,
  });
});

test("without a security token, origins and timeout there are none, and ten seconds", () => {
  const { credentials, origins, timeout } = readSettings({
    ...good,
    OSS_SESSION_TOKEN: null,
    OSSCONF_TIMEOUT: undefined,
  });
  assert.deepEqual(
    [Object.keys(credentials), origins.size, timeout],
    [["access_key_id", "access_key_secret"], 0, 10_000],
  );
});

describe("settings are refused without their values", () => {
  const bucket = (/** @type {unknown} */ entry, name = "examplebucket") => ({
    OSSCONF_BUCKETS: JSON.stringify({ [name]: entry }),
  });
  const region = "cn-hangzhou";
  const cases = [
    { env: { OSS_ACCESS_KEY_ID: undefined }, problem: /^OSS_ACCESS_KEY_ID is not set$/ },
    { env: { OSS_ACCESS_KEY_SECRET: "" }, problem: /^OSS_ACCESS_KEY_SECRET is not set$/ },
    { env: { OSS_ACCESS_KEY_SECRET: "XsecretX\n" }, problem: /^OSS_ACCESS_KEY_SECRET has white space/ },
    { env: { OSS_ACCESS_KEY_ID: { XsecretX: 1 } }, problem: /^OSS_ACCESS_KEY_ID is no string/ },
    { env: { OSS_SESSION_TOKEN: "Xsecret X" }, problem: /^OSS_SESSION_TOKEN has white space/ },
    { env: { OSSCONF_BUCKETS: undefined }, problem: /^OSSCONF_BUCKETS is not set/ },
    { env: { OSSCONF_BUCKETS: '{"XsecretX":' }, problem: /^OSSCONF_BUCKETS is no JSON/ },
    { env: { OSSCONF_BUCKETS: '["XsecretX"]' }, problem: /^OSSCONF_BUCKETS is no object/ },
    { env: { OSSCONF_BUCKETS: "{}" }, problem: /^OSSCONF_BUCKETS is no object of at least one/ },
    { env: { OSSCONF_BUCKETS: "null" }, problem: /^OSSCONF_BUCKETS is no object/ },
    { env: bucket({ region }, "XsecretX"), problem: /^bucket 1 of OSSCONF_BUCKETS has a name/ },
    { env: bucket({ region }, "__proto__"), problem: /^bucket 1 of OSSCONF_BUCKETS has a name|no object/ },
    { env: bucket("XsecretX"), problem: /^bucket 1 of OSSCONF_BUCKETS is no object/ },
    { env: bucket({ region, XsecretX: 1 }), problem: /member that is unknown/ },
    { env: bucket({}), problem: /has no region/ },
    { env: bucket({ region: "XsecretX" }), problem: /has no region/ },
    { env: bucket({ region: "oss-cn-hangzhou" }), problem: /begins with oss-/ },
    { env: bucket({ region, product: "XsecretX" }), problem: /neither oss nor oss-cloudbox/ },
    { env: bucket({ region, product: "oss-cloudbox" }), problem: /no endpoint/ },
    { env: bucket({ region, path_style: "true" }), problem: /path_style/ },
    { env: bucket({ region, endpoint: "XsecretX" }), problem: /an endpoint that is none/ },
    { env: bucket({ region, endpoint: "http://oss-cn-hangzhou.aliyuncs.com" }), problem: /an endpoint that is none/ },
    { env: bucket({ region, endpoint: "http://127.0.0.1.example.com" }), problem: /an endpoint that is none/ },
    { env: bucket({ region, endpoint: "https://user:XsecretX@example.com" }), problem: /an endpoint that is none/ },
    { env: bucket({ region, endpoint: "https://example.com/path" }), problem: /an endpoint that is none/ },
    { env: bucket({ region, endpoint: "https://[" }), problem: /an endpoint that is none/ },
    { env: bucket({ region, endpoint: 1 }), problem: /an endpoint that is none/ },
    { env: { OSSCONF_TOKENS: "" }, problem: /^OSSCONF_TOKENS is not set/ },
    { env: { OSSCONF_TOKENS: "XsecretX" }, problem: /^token 1 of OSSCONF_TOKENS is not NAME:DIGEST/ },
    { env: { OSSCONF_TOKENS: `page:${digest} ${digest}` }, problem: /^token 2 of OSSCONF_TOKENS is not/ },
    { env: { OSSCONF_TOKENS: `page:${digest} page:${digest}` }, problem: /^token 2 of OSSCONF_TOKENS has a name/ },
    { env: { OSSCONF_ORIGINS: "*" }, problem: /^origin 1 of OSSCONF_ORIGINS is none/ },
    { env: { OSSCONF_ORIGINS: "null" }, problem: /^origin 1 of OSSCONF_ORIGINS is none/ },
    { env: { OSSCONF_ORIGINS: "https://a.example https://b.example/" }, problem: /^origin 2 of OSSCONF_ORIGINS/ },
    { env: { OSSCONF_ORIGINS: "https://A.example" }, problem: /^origin 1 of OSSCONF_ORIGINS/ },
    { env: { OSSCONF_ORIGINS: "ftp://a.example" }, problem: /^origin 1 of OSSCONF_ORIGINS/ },
    { env: { OSSCONF_TIMEOUT: "0" }, problem: /^OSSCONF_TIMEOUT is no number/ },
    { env: { OSSCONF_TIMEOUT: "10s" }, problem: /^OSSCONF_TIMEOUT is no number/ },
    { env: { OSSCONF_TIMEOUT: "120001" }, problem: /^OSSCONF_TIMEOUT is no number/ },
  ];
  for (const { env, problem } of cases) {
    test(JSON.stringify(env), () => {
      assert.throws(
        () => readSettings({ ...good, ...env }),
        (/** @type {any} */ error) => {
          assert.ok(error instanceof SettingsError);
          assert.equal(error.problems.length, 1, error.message);
          assert.match(error.problems[0] ?? "", problem);
          assert.doesNotMatch(error.message, /secret ?X|XsecretX|user:/);
          return true;
        },
      );
    });
  }
});

test("all faults are named at once", () => {
  assert.throws(
    () => readSettings({ OSSCONF_ORIGINS: "*" }),
    (/** @type {any} */ { problems }) => {
      assert.deepEqual(
        problems.map((/** @type {string} */ problem) => problem.split(/ is /)[0]),
        [
          "OSS_ACCESS_KEY_ID",
          "OSS_ACCESS_KEY_SECRET",
          "OSSCONF_BUCKETS",
          "OSSCONF_TOKENS",
          "origin 1 of OSSCONF_ORIGINS",
        ],
      );
      return true;
    },
  );
});
