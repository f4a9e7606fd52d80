// Loads pages that use the packed package, bundled and not, under a Content-Security-Policy.
import assert from "node:assert/strict";
import { cpSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";

import { load } from "ossconf";
import * as vite from "vite";

import { launch, skipWithout } from "../../testing/browsers.js";
import { installPacked } from "./packed.js";

const { folder, write } = installPacked(after);
const types = { ".html": "text/html", ".js": "text/javascript", ".wasm": "application/wasm" };
const policy = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'";
const oss = await load();

const config = { TLS: { Enable: true, TLSVersion: ["TLSv1.2"] } };

/** What every page has to find. */
const wanted = {
  version: oss.version().version,
  encoded: oss.encode({ TLS: { Enable: true } }),
  rule: "tls-version-value",
  mended: '{"TLS":{"Enable":true,"TLSVersion":"TLSv1.2"}}',
  simulated: oss.simulate(config, { certificates: ["rsa"] }).connects,
  lost: oss.diff(config, oss.catalog().presets[0]?.config ?? null).clients.lost.map(({ name }) => name),
  passed: oss.validate(JSON.stringify(config), { profiles: "all" }).profiles.map(({ result }) => result),
  signature: true,
  body: "<a/>",
  redirect: "manual",
  refusals: {
    syntax: "unclosed",
    encoding: "encoding",
    profile: "profile",
    surrogate: "character",
    size: "too_large",
    type: "wrong_type",
    noCORS: "wrong_type",
    closed: "not_loaded",
    address: "not_loaded",
  },
};

/** @type {string} */
let origin;
const server = createServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url ?? "", "http://localhost");
  const file = join(folder, normalize(pathname));
  try {
    const body = readFileSync(file);
    const type = /** @type {Record<string, string>} */ (types)[extname(file)] ?? "application/octet-stream";
    response.setHeader("content-type", type);
    response.setHeader("content-security-policy", searchParams.get("policy") ?? policy);
    response.end(body);
  } catch {
    response.writeHead(404).end();
  }
});

before(async () => {
  cpSync(fileURLToPath(new URL("page/", import.meta.url)), folder, { recursive: true });
  const page = (/** @type {string} */ script) => `<!doctype html><title>ossconf</title><body><script type="module" src="${script}"></script>`; // prettier-ignore
  write("plain.html", page("/plain.js"));
  write(
    "plain.js",
    `import { report } from "./check.js"; report(() => import("/node_modules/ossconf/src/browser.js"));`,
  );
  write("index.html", page("/bundled.js"));
  write(
    "bundled.js",
    `import * as ossconf from "ossconf"; import { report } from "./check.js"; report(async () => ossconf);`,
  );
  await vite.build({ root: folder, base: "/dist/", configFile: false, logLevel: "error" });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  origin = `http://127.0.0.1:${port}`;
});
after(() => server.close());

for (const name of /** @type {const} */ (["chromium", "firefox"])) {
  describe(name, { skip: skipWithout(name) }, () => {
    /** @type {import("puppeteer-core").Browser} */
    let browser;
    before(async () => {
      browser = await launch(name);
    });
    after(() => browser?.close());

    /** @param {string} path */
    async function visit(path) {
      const page = await browser.newPage();
      try {
        await page.goto(origin + path);
        const output = await page.waitForSelector("output");
        return JSON.parse((await output?.evaluate((element) => element.textContent)) ?? "");
      } finally {
        await page.close();
      }
    }

    test("a page without a bundler", async () => {
      assert.deepEqual(await visit("/plain.html"), wanted);
    });
    test("a page that Vite bundled", async () => {
      assert.deepEqual(await visit("/dist/index.html"), wanted);
    });
    test("a page whose policy allows no WebAssembly is told so", async () => {
      const { failed } = await visit(`/plain.html?policy=${encodeURIComponent("default-src 'self'")}`);
      assert.equal(failed?.code, "not_loaded");
      assert.match(failed.hint, /wasm-unsafe-eval/);
    });
  });
}
