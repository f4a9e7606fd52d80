// The worker in every runtime, against mockoss: signatures are verified, clocks go wrong, OSS goes wrong.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";

import { readSettings } from "../src/settings.js";
import { Client } from "./client.js";
import { edge, installed, runtimes, start } from "./runtimes.js";
import { KEY, openStage, ORIGIN, STS, TOKEN } from "./stage.js";

const DOCUMENT = '{"TLS":{"Enable":true,"TLSVersion":["TLSv1.2","TLSv1.3"]}}';
const OTHER = '{"TLS":{"Enable":true,"TLSVersion":["TLSv1.2"]}}';
const names = runtimes.map(({ name }) => name);

/** Whether Go is there, without which there is no mockoss. */
function hasGo() {
  try {
    execFileSync("go", ["version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

const required = Boolean(process.env.OSSCONF_REQUIRE_NODE);
const skip = required || hasGo() ? false : "no Go";

describe("against mockoss", { skip }, () => {
  /** @type {Awaited<ReturnType<typeof openStage>>} */
  let stage;

  before(async () => {
    stage = await openStage(names.flatMap((name) => [name, `${name}-sts`]));
  });
  after(() => stage?.stop());

  for (const runtime of runtimes) {
    const { name } = runtime;
    const absent = runtime.program === undefined && !required ? `${name} is not installed` : false;
    describe(name, { skip: absent }, () => {
      /** @type {import("./runtimes.js").Running} */
      let running;
      /** @type {Client} */
      let client;

      before(async () => {
        running = await start(runtime, stage.environment(KEY));
        client = new Client(running.url, TOKEN);
      });

      after(() => running?.stop());

      test("it says what it is, and is well", async () => {
        const { status, json } = await client.call("GET /");
        assert.deepEqual([status, json.name, json.module.abi], [200, "ossconf-edge", 1]);
        const health = await client.call("GET /health");
        assert.deepEqual([health.status, health.json], [200, { status: "ok" }]);
        const head = await client.call("HEAD /health");
        assert.deepEqual([head.status, head.text], [200, ""]);
      });

      test("a bucket that was never configured", async () => {
        const { status, json } = await client.get(name);
        assert.deepEqual([status, json.error.service.code], [404, "NoSuchHttpsConfig"]);
      });

      test("a document is stored and read back, with a signature that holds", async () => {
        const requests = await stage.seen(async () => {
          const { status, json, headers } = await client.put(name, DOCUMENT);
          assert.deepEqual([status, json.acknowledged, json.as_sent], [200, true, true]);
          assert.deepEqual(json.config, JSON.parse(DOCUMENT));
          const stored = await client.get(name);
          assert.deepEqual([stored.json.config, stored.headers.etag], [json.config, headers.etag]);
          const xml = await client.get(name, { accept: "application/xml" });
          assert.match(xml.text, /<TLSVersion>TLSv1\.3<\/TLSVersion>/);
        });
        assert.deepEqual(
          requests.map(({ operation, status, access_key_id: id }) => `${operation} ${status} ${id}`),
          ["Put", "Get", "Get", "Get"].map((verb) => `${verb}BucketHttpsConfig 200 ${KEY.access_key_id}`),
        );
      });

      test("XML is taken as well", async () => {
        const document =
          "<HttpsConfiguration><TLS><Enable>true</Enable><TLSVersion>TLSv1.2</TLSVersion></TLS></HttpsConfiguration>";
        const { status, json } = await client.put(name, document, { "content-type": "application/xml" });
        assert.deepEqual([status, json.config], [200, JSON.parse(OTHER)]);
      });

      test("temporary credentials", async () => {
        const temporary = await start(runtime, stage.environment(STS));
        try {
          const own = new Client(temporary.url, TOKEN);
          const requests = await stage.seen(async () => {
            const { status, json } = await own.put(`${name}-sts`, DOCUMENT);
            assert.deepEqual([status, json.acknowledged], [200, true]);
            assert.equal((await own.get("leaking")).json.error.service.code, "SignatureDoesNotMatch");
          });
          assert.deepEqual(
            requests.map(({ status, access_key_id: id }) => `${status} ${id}`),
            [`200 ${STS.access_key_id}`, `200 ${STS.access_key_id}`],
          );
          own.searchForSecrets(temporary.output(), [...Object.values(STS), TOKEN]);
        } finally {
          await temporary.stop();
        }
      });

      test("a document with errors is refused with its findings, and goes no further", async () => {
        const requests = await stage.seen(async () => {
          const { status, json } = await client.put(name, '{"TLS":{"Enable":true,"TLSVersion":["TLSv9"]}}');
          assert.deepEqual([status, json.error.code, json.report.errors], [422, "invalid_document", 1]);
          assert.equal(json.report.findings[0].rule, "tls-version-value");
        });
        assert.deepEqual(requests, []);
      });

      test("strangers, other buckets and other pages are refused", async () => {
        const requests = await stage.seen(async () => {
          const path = `/buckets/${name}/https-config`;
          assert.equal((await client.call(`GET ${path}`)).status, 401);
          assert.equal((await client.get(name, { authorization: `Bearer ${TOKEN}x` })).status, 401);
          assert.equal((await client.put("other-bucket", DOCUMENT)).status, 403);
          const foreign = await client.get(name, { origin: "https://evil.example" });
          assert.deepEqual([foreign.status, foreign.json.error.code], [403, "origin"]);
          assert.equal(foreign.headers["access-control-allow-origin"], undefined);
          const ask = { origin: ORIGIN, "access-control-request-method": "PUT" };
          const preflight = await client.call(`OPTIONS ${path}`, { headers: ask });
          assert.deepEqual([preflight.status, preflight.headers["access-control-allow-origin"]], [204, ORIGIN]);
          assert.match(preflight.headers.vary ?? "", /Origin/);
        });
        assert.deepEqual(requests, []);
      });

      test("documents that are too large are refused, whether or not they say so", async () => {
        const requests = await stage.seen(async () => {
          assert.equal((await client.put(name, DOCUMENT.padEnd(65_537))).status, 413);
          assert.equal((await client.putEndless(name, 1 << 20)).status, 413);
        });
        assert.deepEqual(requests, []);
        assert.equal((await client.put(name, DOCUMENT.padEnd(65_536))).status, 200);
      });

      test("a condition that does not hold", async () => {
        const { headers } = await client.put(name, DOCUMENT);
        const etag = headers.etag ?? "";
        assert.equal((await client.put(name, OTHER, { "if-match": etag })).status, 200);
        const { status, json } = await client.put(name, DOCUMENT, { "if-match": etag });
        assert.deepEqual([status, json.stored.config], [412, JSON.parse(OTHER)]);
      });

      test("a clock that is off", async () => {
        for (const offset of ["2h", "-2h", "0s"]) {
          await stage.admin("PUT /clock", { offset });
          const requests = await stage.seen(async () => {
            assert.equal((await client.put(name, DOCUMENT)).status, 200);
            assert.equal((await client.get(name)).status, 200);
          });
          assert.deepEqual(
            requests.map(({ operation, code = "" }) => `${operation} ${code}`.trim()),
            [
              "PutBucketHttpsConfig RequestTimeTooSkewed",
              "PutBucketHttpsConfig",
              ...Array(2).fill("GetBucketHttpsConfig"),
            ],
          );
        }
      });

      test("OSS that is slow", async () => {
        const impatient = await start(runtime, { ...stage.environment(KEY), OSSCONF_TIMEOUT: "1500" });
        try {
          const own = new Client(impatient.url, TOKEN);
          await stage.withFault({ bucket: name, method: "GET", kind: "latency", delay: "10s" }, async () => {
            const { status, json } = await own.get(name);
            assert.deepEqual([status, json.error.code], [504, "timeout"]);
          });
          await stage.withFault(
            { bucket: name, method: "PUT", kind: "latency", delay: "10s", after: true },
            async () => {
              const { status, json } = await own.put(name, OTHER);
              assert.deepEqual([status, json.acknowledged, json.config], [200, false, JSON.parse(OTHER)]);
            },
          );
          for (const bucket of ["hanging", "trickling"]) {
            const { status, json } = await own.get(bucket);
            assert.deepEqual([status, json.error.code], [504, "timeout"]);
          }
          own.searchForSecrets(impatient.output(), [...Object.values(KEY), TOKEN]);
        } finally {
          await impatient.stop();
        }
      });

      test("OSS over TLS, whose certificate has to be trusted", async () => {
        const { status, json } = await client.get("over-tls");
        assert.deepEqual([status, json.error.code], [502, "unreachable"]);
        if (runtime.trust === undefined) {
          return;
        }
        const trusting = await start(runtime, { ...stage.environment(KEY), [runtime.trust]: stage.mock.ca_file ?? "" });
        try {
          const answer = await new Client(trusting.url, TOKEN).put("over-tls", DOCUMENT);
          assert.deepEqual([answer.status, answer.json.acknowledged], [200, true]);
        } finally {
          await trusting.stop();
        }
      });

      test("OSS that is not there", async () => {
        const { status, json } = await client.get("down");
        assert.deepEqual([status, json.error.code], [502, "unreachable"]);
        const put = await client.put("down", DOCUMENT);
        assert.deepEqual([put.status, put.json.error.code, put.json.acknowledged], [502, "unacknowledged", false]);
      });

      test("OSS that carries a PUT out and does not say so", async () => {
        const before = JSON.parse(OTHER);
        for (const rule of [
          { kind: "reset", after: true },
          { kind: "status", status: 500, code: "InternalError", after: true },
        ]) {
          assert.equal((await client.put(name, OTHER)).status, 200);
          await stage.withFault({ bucket: name, method: "PUT", ...rule }, async () => {
            const { status, json } = await client.put(name, DOCUMENT);
            assert.deepEqual([status, json.acknowledged, json.config], [200, false, JSON.parse(DOCUMENT)]);
          });
          assert.equal((await client.put(name, OTHER)).status, 200);
          await stage.withFault({ bucket: name, method: "PUT", ...rule, after: false }, async () => {
            const { status, json } = await client.put(name, DOCUMENT);
            assert.deepEqual([status, json.error.code, json.stored.config], [502, "unacknowledged", before]);
          });
        }
      });

      test("answers that are broken", async () => {
        for (const kind of ["malformed-xml", "truncate"]) {
          await stage.withFault({ bucket: name, method: "GET", kind }, async () => {
            const { status, json } = await client.get(name);
            assert.equal(status, 502);
            assert.match(json.error.code, /^(broken_answer|unreachable)$/);
            const put = await client.put(name, DOCUMENT);
            assert.deepEqual([put.status, put.json.error.code, put.json.acknowledged], [502, "not_read_back", true]);
          });
        }
        const { status, json } = await client.get("endless");
        assert.deepEqual([status, json.error.code], [502, "broken_answer"]);
      });

      test("OSS that wants to be asked less", async () => {
        await stage.withFault({ bucket: name, kind: "throttle" }, async () => {
          const { status, headers, json } = await client.get(name);
          assert.deepEqual([status, headers["retry-after"], json.error.service.status], [503, "1", 503]);
        });
      });

      test("what OSS refuses", async () => {
        const missing = await client.put("missing", DOCUMENT);
        assert.deepEqual([missing.status, missing.json.error.service.code], [404, "NoSuchBucket"]);
        assert.deepEqual([missing.json.error.service.ec, missing.json.error.service.status], ["0015-00000101", 404]);
        assert.match(missing.json.error.service.request_id, /^[0-9A-F]{24}$/);
        const { status, json } = await client.get("wrong-region");
        assert.deepEqual([status, json.error.service.code], [502, "InvalidArgument"]);
      });

      test("a redirect is not followed, and what OSS repeats is not told", async () => {
        const { status, json } = await client.put("redirecting", DOCUMENT);
        assert.deepEqual([status, json.error.service.code], [502, "Redirect"]);
        assert.equal(stage.caught.redirected, 0);
        const leaking = await client.get("leaking");
        assert.match(
          leaking.json.error.service.message,
          /^OSS4-HMAC-SHA256 Credential=\*\*\*\/.*Signature=\*\*\* undefined$/,
        );
      });

      test("many at once", async () => {
        const reads = Array.from({ length: 40 }, (_, i) => client.get(i % 2 ? name : `${name}-sts`));
        const [put, ...answers] = await Promise.all([client.put(name, DOCUMENT), ...reads]);
        assert.equal(put?.status, 200);
        assert.deepEqual([...new Set(answers.map(({ status }) => status))], [200]);
        const puts = await Promise.all(Array.from({ length: 10 }, () => client.put(name, OTHER)));
        const statuses = new Set(puts.map(({ status }) => status));
        assert.ok(statuses.has(200));
        assert.ok([...statuses].every((status) => status === 200 || status === 409));
      });

      test("no secret is in an answer or in the log", () => {
        const signatures = stage.caught.authorizations.map((header) => header.split("Signature=")[1] ?? "");
        assert.ok(client.answers.length > 80);
        assert.match(running.output(), /"route":"\/buckets\/\{bucket\}\/https-config","status":200,"by":"page"/);
        client.searchForSecrets(running.output(), [...Object.values(KEY), TOKEN, ...signatures]);
      });
    });
  }

  const miniflare = installed("miniflare", "dist/src/index.js");
  test(
    "the bundle and wrangler.jsonc fit workerd as miniflare starts it",
    { skip: !miniflare && !required },
    async () => {
      await import("../scripts/build.js");
      const { Miniflare } = await import("miniflare");
      const { main, compatibility_date: compatibilityDate, vars } = readWranglerConfig();
      /** @type {string[]} */
      const output = [];
      const modules = [
        { type: /** @type {const} */ ("ESModule"), path: main },
        { type: /** @type {const} */ ("CompiledWasm"), path: main.replace("worker.js", "ossconf.wasm") },
      ];
      const worker = new Miniflare({
        rootPath: edge,
        modulesRoot: edge,
        modules,
        compatibilityDate,
        bindings: { ...vars, ...stage.environment(KEY) },
        handleRuntimeStdio: (...streams) =>
          streams.forEach((stream) => stream.on("data", (data) => output.push(`${data}`))),
      });
      try {
        const client = new Client((await worker.ready).origin, TOKEN);
        const { status, json } = await client.put("workerd", DOCUMENT);
        assert.deepEqual([status, json.config], [200, JSON.parse(DOCUMENT)]);
        assert.match(output.join(""), /"event":"request"/);
        client.searchForSecrets(output.join(""), [...Object.values(KEY), TOKEN]);
      } finally {
        await worker.dispose();
      }
    },
  );
});

/** Reads wrangler.jsonc, which has comments and commas that JSON has not. */
function readWranglerConfig() {
  const text = readFileSync(join(edge, "wrangler.jsonc"), "utf8");
  const config = JSON.parse(text.replace(/^\s*\/\/.*$/gm, "").replace(/,(\s*[}\]])/g, "$1"));
  assert.deepEqual(config.rules, [{ type: "CompiledWasm", globs: ["**/*.wasm"] }]);
  readSettings({
    ...config.vars,
    OSS_ACCESS_KEY_ID: "x",
    OSS_ACCESS_KEY_SECRET: "x",
    OSSCONF_TOKENS: `x:${"0".repeat(64)}`,
  });
  return config;
}
