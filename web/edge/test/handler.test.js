import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";

import { load } from "ossconf";

import { createHandler, VERSION } from "../src/handler.js";
import { DOCUMENT, ENV, ORIGIN, OTHER_TOKEN, TOKEN, worker } from "./fake.js";

const PATH = "/buckets/examplebucket/https-config";

describe("routes", () => {
  const cases = /** @type {const} */ ([
    ["GET /", 200, undefined],
    ["HEAD /", 200, undefined],
    ["GET /health", 200, undefined],
    ["PUT /", 405, "method"],
    ["POST /health", 405, "method"],
    ["OPTIONS /", 204, undefined],
    ["DELETE /buckets/examplebucket/https-config", 405, "method"],
    ["GET /buckets/examplebucket", 404, "not_found"],
    ["GET /buckets//https-config", 404, "not_found"],
    ["GET /buckets/examplebucket/https-config/", 404, "not_found"],
    ["GET /../etc/passwd", 404, "not_found"],
    ["GET /buckets/examplebucket/https-config", 401, "unauthorised"],
    ["PUT /buckets/examplebucket/https-config", 401, "unauthorised"],
  ]);
  for (const [target, status, code] of cases) {
    test(target, async () => {
      const { call, service } = worker();
      const answer = await call(target);
      assert.deepEqual([answer.status, answer.json?.error?.code], [status, code]);
      assert.equal(service.requests.length, 0);
      if (status === 405) {
        assert.match(answer.headers.allow ?? "", /^GET, HEAD,/);
      }
    });
  }

  test("GET / says what it is", async () => {
    const { json } = await worker().call("GET /");
    const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
    assert.deepEqual([json.name, json.version, json.module.abi], ["ossconf-edge", version, 1]);
    assert.equal(VERSION, version);
  });
});

describe("tokens", () => {
  const cases = /** @type {const} */ ([
    [`Bearer ${TOKEN}`, 200, "page"],
    [`bearer   ${TOKEN}`, 200, "page"],
    [`Bearer ${OTHER_TOKEN}`, 200, "ci"],
    [`Bearer ${TOKEN}x`, 401, undefined],
    [`Bearer ${TOKEN.slice(0, -1)}`, 401, undefined],
    [`Bearer ${TOKEN}, Bearer ${TOKEN}`, 401, undefined],
    [`Basic ${TOKEN}`, 401, undefined],
    ["Bearer", 401, undefined],
    ["", 401, undefined],
    [TOKEN, 401, undefined],
    [`Bearer ${"x".repeat(100_000)}`, 401, undefined],
  ]);
  for (const [authorization, status, by] of cases) {
    test(`${authorization.slice(0, 40)}: ${status}`, async () => {
      const { call, log, service } = worker();
      service.documents.set(
        "examplebucket",
        "<HttpsConfiguration><TLS><Enable>false</Enable></TLS></HttpsConfiguration>",
      );
      const answer = await call(`GET ${PATH}`, { headers: { authorization } });
      assert.deepEqual([answer.status, log[0]?.by], [status, by]);
      assert.equal(service.requests.length, status === 200 ? 1 : 0);
      assert.equal(answer.headers["www-authenticate"]?.startsWith("Bearer"), status === 401 ? true : undefined);
    });
  }
});

describe("buckets", () => {
  for (const bucket of [
    "other",
    "examplebucket%20",
    "EXAMPLEBUCKET",
    "__proto__",
    "constructor",
    "%2e%2e",
    "a\u0000b",
  ]) {
    test(`${JSON.stringify(bucket)} is not managed`, async () => {
      const { get, service, log } = worker();
      const { status, json } = await get({}, encodeURI(bucket));
      assert.deepEqual([status, json.error.code, log[0]?.bucket], [403, "bucket", undefined]);
      assert.equal(service.requests.length, 0);
    });
  }
});

describe("pages", () => {
  test("a preflight needs no token", async () => {
    const headers = {
      origin: ORIGIN,
      "access-control-request-method": "PUT",
      "access-control-request-headers": "if-match",
    };
    const answer = await worker().call(`OPTIONS ${PATH}`, { headers });
    const { "access-control-allow-origin": origin, "access-control-allow-methods": methods } = answer.headers;
    assert.deepEqual([answer.status, origin, methods], [204, ORIGIN, "GET, HEAD, PUT"]);
    assert.match(answer.headers["access-control-allow-headers"] ?? "", /Authorization.*If-Match/);
    assert.equal(answer.headers["access-control-allow-credentials"], undefined);
  });

  test("an answer can be read, an error too", async () => {
    for (const authorization of [`Bearer ${TOKEN}`, "Bearer wrong"]) {
      const { headers } = await worker().call(`GET ${PATH}`, { headers: { origin: ORIGIN, authorization } });
      assert.equal(headers["access-control-allow-origin"], ORIGIN);
      assert.match(headers["access-control-expose-headers"] ?? "", /ETag/);
    }
  });

  for (const origin of ["https://evil.example", "null", `${ORIGIN}.evil.example`, "http://console.example.com", ""]) {
    test(`those of ${origin || "an empty origin"} are refused`, async () => {
      const { call, service } = worker();
      for (const method of ["OPTIONS", "GET", "PUT"]) {
        const headers = { origin, authorization: `Bearer ${TOKEN}`, "access-control-request-method": "PUT" };
        const answer = await call(`${method} ${PATH}`, { headers, ...(method === "PUT" ? { body: DOCUMENT } : {}) });
        assert.deepEqual([answer.status, answer.json.error.code], [403, "origin"]);
        assert.equal(answer.headers["access-control-allow-origin"], undefined);
      }
      assert.equal(service.requests.length, 0);
    });
  }
});

test("a worker that is not set up says what is wrong, without values", async () => {
  const { call, log, service } = worker();
  const env = { ...ENV, OSSCONF_ORIGINS: "*", OSS_ACCESS_KEY_SECRET: `${ENV.OSS_ACCESS_KEY_SECRET}\n` };
  for (const target of ["GET /health", `GET ${PATH}`, `PUT ${PATH}`]) {
    const { status, json } = await call(target, { env, headers: { authorization: `Bearer ${TOKEN}` } });
    assert.deepEqual([status, json.error.code], [500, "settings"]);
    assert.match(json.error.message, /OSS_ACCESS_KEY_SECRET has white space.*origin 1 of OSSCONF_ORIGINS/);
    assert.equal(log.at(-1)?.problems?.length, 2);
  }
  assert.equal((await call("GET /", { env })).status, 200);
  assert.equal(service.requests.length, 0);
});

test("the settings are read once", async () => {
  let reads = 0;
  const env = new Proxy(ENV, { get: (target, name) => ((reads += 1), Reflect.get(target, name)) });
  const { call } = worker();
  await call("GET /health", { env });
  const once = reads;
  await call("GET /health", { env });
  assert.ok(once > 0);
  assert.equal(reads, once);
});

test("a failure inside is answered without its reason, and the next request tries again", async () => {
  let failed = false;
  const { call, log } = worker({
    load: async () => {
      if (!failed) {
        failed = true;
        throw new TypeError(`no module, but the ${ENV.OSS_ACCESS_KEY_SECRET}`);
      }
      return load();
    },
  });
  const { status, json } = await call("GET /health");
  assert.deepEqual([status, json.error.code, log[0]?.failure], [500, "internal", "TypeError"]);
  assert.equal((await call("GET /health")).status, 200);
});

test("the context is told of the answer", async () => {
  /** @type {Promise<unknown>[]} */
  const told = [];
  const context = {
    /** @param {Promise<unknown>} answer */
    waitUntil(answer) {
      assert.equal(this, context);
      told.push(answer);
    },
  };
  await worker().call("GET /health", { context });
  assert.equal(told.length, 1);
});

test("strange methods do not get into the log", async () => {
  const { call, log } = worker();
  assert.equal((await call("STEAL /health")).status, 405);
  assert.equal(log[0]?.method, "other");
});

test("a log that fails fails nothing else", async () => {
  const log = () => {
    throw new Error("disk full");
  };
  const response = await createHandler({ log })(new Request("https://edge.example.com/"));
  assert.equal(response.status, 200);
});
