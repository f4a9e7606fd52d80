// A worker under test, with an OSS that is a function: it verifies signatures with the module, and goes wrong as told.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";

import { load } from "ossconf";

import { createHandler } from "../src/handler.js";

export const TOKEN = "wordThatOpensTheWorker-8Zq0";
export const OTHER_TOKEN = "anotherWord_5Kx.~+/=";
const SECRETS = {
  id: "LTAIfakeAccessKeyId",
  secret: "fakeAccessKeySecret-Vb3",
  sts: "CAISfakeSecurityToken+/Qw==",
};

export const ORIGIN = "https://console.example.com";
export const NOW = Date.UTC(2026, 0, 2, 3, 4, 5);
export const DOCUMENT = '{"TLS":{"Enable":true,"TLSVersion":["TLSv1.2","TLSv1.3"]}}';

const oss = await load();

/** @param {string} text */
const digest = (text) => createHash("sha256").update(text).digest("hex");

/** @param {string} document */
export const etagOf = (document) => `"${digest(oss.encode(document))}"`;

export const ENV = Object.freeze({
  OSS_ACCESS_KEY_ID: SECRETS.id,
  OSS_ACCESS_KEY_SECRET: SECRETS.secret,
  OSS_SESSION_TOKEN: SECRETS.sts,
  OSSCONF_BUCKETS: JSON.stringify({ examplebucket: { region: "cn-hangzhou" }, second: { region: "cn-beijing" } }),
  OSSCONF_TOKENS: `page:${digest(TOKEN)} ci:${digest(OTHER_TOKEN)}`,
  OSSCONF_ORIGINS: `${ORIGIN} http://localhost:5173`,
  OSSCONF_TIMEOUT: "200",
});

/**
 * @typedef {object} Sent a request that came to OSS
 * @property {string} method
 * @property {string} bucket
 * @property {Record<string, string>} headers
 * @property {string} body
 */

/** An OSS with a clock of its own. */
export class FakeOSS {
  now = NOW;
  /** @type {Map<string, string>} the documents, by bucket */
  documents = new Map();
  /** @type {Sent[]} */
  requests = [];
  /** @type {((sent: Sent, carryOut: () => Response, signal: AbortSignal) => Response | Promise<Response>) | undefined} */
  fault;

  /** @type {(request: Request, init: { signal: AbortSignal }) => Promise<Response>} */
  fetch = async (request, { signal }) => {
    const url = new URL(request.url);
    const [, bucket = "", region = ""] = /^([^.]+)\.oss-([a-z-]+)\.aliyuncs\.com$/.exec(url.host) ?? [];
    assert.equal(`${url.protocol} ${url.pathname}${url.search}`, "https: /?httpsConfig");
    assert.equal(request.redirect, "manual");
    const headers = Object.fromEntries(request.headers);
    const sent = { method: request.method, bucket, headers, body: await request.text() };
    this.requests.push(sent);
    const carryOut = () => this.#carryOut(sent, region);
    return (await this.fault?.(sent, carryOut, signal)) ?? carryOut();
  };

  /**
   * @param {Sent} sent
   * @param {string} region
   */
  #carryOut(sent, region) {
    const { ok, service_error: error } = oss.verify({
      method: sent.method,
      bucket: sent.bucket,
      query: [["httpsConfig", ""]],
      headers: Object.entries(sent.headers),
      region,
      now: new Date(this.now).toISOString().replace(/[-:]|\.\d+/g, ""),
      credentials: [{ access_key_id: SECRETS.id, access_key_secret: SECRETS.secret, security_token: SECRETS.sts }],
    });
    if (!ok) {
      const { status, code, message, ec = "", server_time: serverTime } = /** @type {any} */ (error);
      const more = serverTime === undefined ? "" : `<ServerTime>${serverTime}</ServerTime>`;
      return refusal(
        status,
        code,
        message,
        `<EC>${ec}</EC>${more}<StringToSign>${sent.headers.authorization}</StringToSign>`,
      );
    }
    if (sent.method === "PUT") {
      assert.equal(sent.headers["content-type"], "application/xml");
      this.documents.set(sent.bucket, sent.body);
      return new Response(null, { headers: { "x-oss-request-id": "PUT0" } });
    }
    const document = this.documents.get(sent.bucket);
    return document === undefined
      ? refusal(404, "NoSuchHttpsConfig", "There is none.")
      : new Response(document, { headers: { "x-oss-request-id": "GET0", "content-type": "application/xml" } });
  }
}

/**
 * Makes an error as OSS writes it.
 *
 * @param {number} status
 * @param {string} code
 * @param {string} message
 */
export function refusal(status, code, message, more = "") {
  const body = `<?xml version="1.0"?>\n<Error><Code>${code}</Code><Message>${message}</Message><RequestId>ERR0</RequestId>${more}</Error>`;
  return new Response(body, { status, headers: { "x-oss-request-id": "ERR0", "x-oss-ec": "0000-00000000" } });
}

/**
 * Makes a worker with a fake OSS. Whatever it answers and logs is searched for secrets.
 *
 * @param {import("../types.d.ts").HandlerOptions} [options]
 */
export function worker(options = {}) {
  const service = new FakeOSS();
  /** @type {import("../types.d.ts").LogRecord[]} */
  const log = [];
  const clock = { now: NOW };
  const handle = createHandler({
    fetch: service.fetch,
    now: () => clock.now,
    log: (record) => log.push(record),
    ...options,
  });

  /**
   * @param {string} target the method and the path
   * @param {{ headers?: Record<string, string>, body?: BodyInit, env?: Record<string, unknown>, context?: any }} [more]
   */
  async function call(target, { headers = {}, body, env = ENV, context } = {}) {
    const [method = "GET", path = "/"] = target.split(" ");
    const init = { method, headers, ...(body === undefined ? {} : { body, duplex: "half" }) };
    const response = await handle(new Request(`https://edge.example.com${path}`, init), env, context);
    const text = await response.text();
    const head = Object.fromEntries(response.headers);
    searchForSecrets(service, `${JSON.stringify(head)}\n${text}\n${JSON.stringify(log)}`);
    assert.equal(head["cache-control"], "no-store");
    assert.equal(head.vary, "Origin");
    assert.equal(log.at(-1)?.id, head["x-request-id"]);
    assert.equal(log.at(-1)?.status, response.status);
    const isJSON = head["content-type"]?.startsWith("application/json") && text !== "";
    return { status: response.status, headers: head, text, json: isJSON ? JSON.parse(text) : undefined };
  }

  /** @param {string} bucket */
  const path = (bucket) => `/buckets/${bucket}/https-config`;
  const authorization = `Bearer ${TOKEN}`;
  return {
    service,
    log,
    clock,
    call,
    get: (headers = {}, bucket = "examplebucket") =>
      call(`GET ${path(bucket)}`, { headers: { authorization, ...headers } }),
    put: (/** @type {BodyInit} */ body = DOCUMENT, headers = {}, bucket = "examplebucket") =>
      call(`PUT ${path(bucket)}`, {
        headers: { authorization, "content-type": "application/json", ...headers },
        body,
      }),
  };
}

/**
 * @param {FakeOSS} service
 * @param {string} text
 */
function searchForSecrets(service, text) {
  const signatures = service.requests.map(({ headers }) => headers.authorization?.split("Signature=")[1] ?? "");
  for (const secret of [...Object.values(SECRETS), TOKEN, OTHER_TOKEN, digest(TOKEN), ...signatures]) {
    assert.ok(secret.length > 10);
    assert.ok(!text.includes(secret), `a secret is in ${text}`);
  }
  assert.doesNotMatch(text, /\.js:\d+|\n\s+at /, "there is a stack trace");
}
