// What the worker is tested against: mockoss with access keys that are known, and an OSS that nobody should have.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { startMockOSS } from "../../testing/mockoss.js";
import { closedEndpoint, startUpstream } from "./upstream.js";

export const TOKEN = "wordThatOpensTheWorker-8Zq0";
export const KEY = { access_key_id: "LTAIe2ePermanentKey", access_key_secret: "e2eSecretOfThePermanentKey" };
export const STS = {
  access_key_id: "STS.e2eTemporaryKey",
  access_key_secret: "e2eSecretOfTheTemporaryKey",
  security_token: "CAISe2eSecurityToken+/==",
};
export const ORIGIN = "https://console.example.com";

/** @typedef {import("../../testing/mockoss.js").MockOSS & { tls_endpoint?: string, ca_file?: string }} MockOSS */

/**
 * Starts all of it. The caller stops it.
 *
 * @param {string[]} names of buckets that exist
 */
export async function openStage(names) {
  const folder = mkdtempSync(join(tmpdir(), "ossconf-edge-"));
  const file = join(folder, "credentials.json");
  writeFileSync(file, JSON.stringify([KEY, { ...STS, owner: KEY.access_key_id }]));
  /** @type {MockOSS} */
  const mock = await startMockOSS({
    buckets: ["over-tls", ...names],
    args: ["--admin-listen", "127.0.0.1:0", "--tls-listen", "127.0.0.1:0", "--credentials", file],
  });
  const upstream = await startUpstream();
  const region = "cn-hangzhou";
  const bad = ["redirecting", "leaking", "endless", "trickling", "hanging"];
  const buckets = {
    ...Object.fromEntries([...names, "missing"].map((name) => [name, { region, endpoint: mock.endpoint }])),
    ...Object.fromEntries(bad.map((name) => [name, { region, endpoint: upstream.endpoint }])),
    down: { region, endpoint: await closedEndpoint() },
    "over-tls": { region, endpoint: mock.tls_endpoint },
    "wrong-region": { region: "cn-beijing", endpoint: mock.endpoint },
  };

  /**
   * Asks the admin listener of mockoss.
   *
   * @param {string} target
   * @param {unknown} [body]
   */
  async function admin(target, body) {
    const [method = "", path] = target.split(" ");
    const init = body === undefined ? { method } : { method, body: JSON.stringify(body) };
    const response = await fetch(`${mock.admin_endpoint}${path}`, init);
    assert.ok(response.ok, `${target}: ${response.status}`);
    return response.status === 204 ? undefined : response.json();
  }

  /**
   * Runs something and returns which requests came to mockoss meanwhile.
   *
   * @param {() => Promise<unknown>} run
   * @returns {Promise<any[]>}
   */
  async function seen(run) {
    const past = new Set((await admin("GET /requests")).map((/** @type {any} */ request) => request.request_id));
    await run();
    return (await admin("GET /requests")).filter((/** @type {any} */ request) => !past.has(request.request_id));
  }

  /**
   * Runs something while a fault befalls mockoss.
   *
   * @param {object} rule
   * @param {() => Promise<unknown>} run
   */
  async function withFault(rule, run) {
    await admin("PUT /faults", [rule]);
    try {
      await run();
    } finally {
      await admin("DELETE /faults");
    }
  }

  /**
   * Returns the settings of a worker.
   *
   * @param {{ access_key_id: string, access_key_secret: string, security_token?: string }} credentials
   * @returns {Record<string, string>}
   */
  const environment = ({ access_key_id: id, access_key_secret: secret, security_token: token }) => ({
    OSS_ACCESS_KEY_ID: id,
    OSS_ACCESS_KEY_SECRET: secret,
    ...(token === undefined ? {} : { OSS_SESSION_TOKEN: token }),
    OSSCONF_BUCKETS: JSON.stringify(buckets),
    OSSCONF_TOKENS: `page:${createHash("sha256").update(TOKEN).digest("hex")}`,
    OSSCONF_ORIGINS: ORIGIN,
    OSSCONF_TIMEOUT: "60000", // the machine may be busy
  });

  async function stop() {
    upstream.stop();
    await mock.stop();
    rmSync(folder, { recursive: true, force: true });
  }

  return { mock, caught: upstream.caught, admin, seen, withFault, environment, stop };
}
