// What the mock's TLS listener saw of this browser, which does not trust the CA, or is told to accept what it does not trust.
import assert from "node:assert/strict";
import { test } from "node:test";

import { nameOf, Watch } from "../src/this-browser.js";
import { core } from "./core.js";
import { paste, says, suite } from "./suite.js";

/** @typedef {import("puppeteer-core").Page} Page */

/** @param {string} version */
const only = (version) =>
  `<HttpsConfiguration><TLS><Enable>true</Enable><TLSVersion>${version}</TLSVersion></TLS></HttpsConfiguration>`;

/** Has the mock store a document. @param {Page} page @param {string} document */
async function store(page, document) {
  await paste(page, document);
  await says(page, ".verdict", /OSS takes it/);
  await page.click("#mock-put");
  await page.waitForSelector("#stored");
}

/**
 * Opens the bucket in a tab of its own, as a user does, comes back, and returns the cells of the newest row with an
 * outcome. Before it connects, Chromium breaks off once to ask whether a certificate is accepted.
 *
 * @param {Page} page
 * @param {string} outcome
 */
async function visit(page, outcome) {
  const browser = page.browser();
  const before = browser.targets().length;
  await page.click("#open-bucket");
  await browser.waitForTarget(() => browser.targets().length > before);
  await page.bringToFront();
  const cell = await page.waitForSelector(`#browser-handshakes tbody td > .outcome.${outcome}`);
  return cell?.evaluate((it) =>
    [...(it.closest("tr")?.querySelectorAll("td") ?? [])].map((td) =>
      (td.textContent ?? "").replace(/\s+/g, " ").trim(),
    ),
  );
}

/** Opens the panel, and waits until it knows since when to look. @param {Page} page */
async function look(page) {
  await page.waitForSelector("#this-browser > summary");
  const asked = page.waitForResponse((it) => it.url().includes("since="));
  await page.click("#this-browser > summary");
  await asked;
}

/** What the table is asked to hold for each browser. */
const names = { chrome: /^Chrom(e|ium) \d+/, firefox: /^Firefox \d+/ };

for (const [title, trusted, options] of /** @type {const} */ ([
  ["not trusted", false, {}],
  ["accepted", true, { acceptInsecureCerts: true }],
])) {
  suite(
    `this browser, certificate ${title}`,
    (stage) => {
      for (const version of ["TLSv1.2", "TLSv1.3"]) {
        test(`the panel says what was negotiated, and what the simulation says: ${version}`, async () => {
          const page = await stage.open();
          await store(page, only(version));
          await look(page);
          await says(page, "#browser-seen", "Nothing was seen yet");
          // Firefox ends a handshake of TLS 1.2 before it looks at the certificate.
          const early = stage.kind === "firefox" && version === "TLSv1.2";
          const outcome = trusted || early ? "connected" : "failed";
          const [offer = "", happened = "", simulated = ""] = (await visit(page, outcome)) ?? [];
          assert.match(offer, /^TLSv1\.3 TLSv1\.2 \d+ cipher suites .*ECDHE-ECDSA-AES128-GCM-SHA256/);
          assert.match(happened, new RegExp(`^${outcome} ${version} (ECDHE-(ECDSA|RSA)|TLS_AES)`));
          assert.equal(/negotiated before the browser broke off/.test(happened), outcome === "failed");
          const [, suite] = new RegExp(`${version} (\\S+)`).exec(happened) ?? [];
          assert.match(simulated, new RegExp(`^connects ${version} ${suite} It offers what (.*) offers\\.$`));
          assert.match(/offers what (.*) offers/.exec(simulated)?.[1] ?? "", names[stage.kind]);
        });
      }

      test("a browser is refused by what the simulation says", async () => {
        const page = await stage.open();
        await store(page, only("TLSv1.1"));
        await look(page);
        const [, happened = "", simulated = ""] = (await visit(page, "refused")) ?? [];
        assert.match(happened, /^refused TLSVersion /);
        assert.match(simulated, /^fails TLSVersion /);
      });

      test("a row says if what it is simulated with was stored later", async () => {
        const page = await stage.open();
        await store(page, only("TLSv1.2"));
        await look(page);
        const hide = (/** @type {boolean} */ hidden) =>
          page.evaluate((hidden) => {
            Object.defineProperty(document, "hidden", { configurable: true, get: () => hidden });
            document.dispatchEvent(new Event("visibilitychange"));
          }, hidden);
        const { now } = await page.evaluate(async () => (await fetch("api/handshakes?bucket=examplebucket")).json());
        await hide(true);
        await page.click("#open-bucket");
        const other = await stage.open();
        await other.waitForFunction(
          async (since) => {
            const query = new URLSearchParams({ bucket: "examplebucket", since });
            return (await (await fetch(`api/handshakes?${query}`)).json()).handshakes.length > 0;
          },
          { polling: 100 },
          now,
        );
        await store(other, only("TLSv1.3"));
        await page.bringToFront();
        await hide(false);
        await says(page, "#browser-handshakes", /connects\s+TLSv1.3[^]*may have changed since/);
        await store(page, only("TLSv1.1"));
        await says(page, "#browser-handshakes", "has changed since");
        assert.doesNotMatch(await page.$eval("#browser-handshakes", (it) => it.textContent ?? ""), /may have/);
      });

      test("nothing is asked once another panel is in its place", async () => {
        const page = await stage.open({
          // Pauses are none, so that what goes on asking does so at once.
          prepare: (page) =>
            page.evaluateOnNewDocument(() => {
              const later = /** @type {typeof setTimeout} */ (setTimeout);
              Object.assign(globalThis, {
                setTimeout: (/** @type {() => void} */ then, pause = 0) => later(then, pause === 1000 ? 0 : pause),
              });
            }),
        });
        await page.waitForSelector("#this-browser");
        await look(page);
        await page.click('#target input[value="edge"]');
        await page.waitForSelector("#edge-load");
        const ask = () => page.evaluate(async () => (await fetch("api/handshakes?bucket=examplebucket")).json());
        await ask(); // what was under way may end
        await ask();
        const count = () => stage.requests.filter(({ url }) => url.includes("since=")).length;
        const before = count();
        for (let i = 0; i < 10; i++) {
          await ask();
        }
        assert.equal(count(), before);
        await page.click('#target input[value="mock"]'); // the panel is closed
        await page.waitForSelector("#this-browser");
        await ask();
        assert.equal(count(), before);
      });

      test("nothing is asked while the panel is closed", async () => {
        const page = await stage.open();
        await page.waitForSelector("#this-browser");
        await look(page);
        await page.click("#this-browser > summary");
        await page.waitForSelector("#this-browser:not([open])");
        // What was under way may end. After an answer of the page's own, which takes its time, nothing else was asked.
        await page.click("#mock-handshakes");
        await page.waitForSelector("#handshakes");
        const before = stage.requests.filter(({ url }) => url.includes("since=")).length;
        const answered = page.waitForResponse((it) => it.request().method() === "POST");
        await page.click("#mock-handshakes");
        await answered;
        await page.waitForSelector("#mock-handshakes:enabled");
        assert.equal(stage.requests.filter(({ url }) => url.includes("since=")).length, before);
        assert.equal(await page.$("#browser-handshakes"), null); // those that the page asked for are not this browser's
      });
    },
    options,
  );
}

test("of clients with the same offer, the one of the same maker and version is named", () => {
  const clients = core.catalog.clients ?? [];
  const byID = new Map(core.catalog.cipher_suites.map(({ id, openssl }) => [id, openssl]));
  for (const { name, tls_versions: versions, cipher_suites: suites } of clients) {
    const seen = {
      ...{ time: "", remote: "", outcome: "connected" },
      offered_versions: ["0x3A3A", ...versions.toReversed()],
      offered_suites: ["0xEAEA", ...suites.map((it) => byID.get(it) ?? it), "TLS_EMPTY_RENEGOTIATION_INFO_SCSV"],
    };
    const found = clients.find((it) => it.name === nameOf(core, seen, "curl/8"));
    assert.deepEqual(found?.cipher_suites, suites, name);
    const [, maker, version] = /^(Firefox|Chrome) (\d+)$/.exec(name) ?? [];
    if (maker) {
      assert.equal(nameOf(core, seen, `Mozilla/5.0 ${maker}/${version}.0`), name);
    }
    assert.equal(nameOf(core, { ...seen, offered_suites: seen.offered_suites.slice(2) }, "curl/8") === name, false);
  }
});

test("the newest of many handshakes are listed, once each", async () => {
  const seen = (/** @type {number} */ n) => ({
    time: new Date(n).toISOString(),
    remote: `[::1]:${n}`,
    outcome: "connected",
  });
  const lists = [0, 60, 60, 61].map((n) => Array.from({ length: n }, (_, i) => seen(i)));
  let answered = () => {};
  const app = {
    ...{ core, ui: { mockBucket: "bucket" }, draw: () => answered() },
    mock: {
      known: new Map([["bucket", { xml: null, since: 0 }]]),
      seen: async () => ({ now: new Date(100).toISOString(), handshakes: lists.shift() }),
      stored: async () => null,
    },
  };
  Object.assign(globalThis, { document: { hidden: false, addEventListener() {}, querySelector: () => ({}) } });
  Object.defineProperty(globalThis, "navigator", { configurable: true, value: { userAgent: "curl/8" } });
  const watch = new Watch(/** @type {any} */ (app));
  const numbers = [];
  while (lists.length > 0) {
    const done = new Promise((resolve) => (answered = () => resolve(undefined)));
    watch.toggle();
    await done;
    numbers.push([watch.rows.length, watch.rows[0]?.seen.remote]);
  }
  Object.assign(app.ui, { mockBucket: "other" });
  assert.deepEqual(watch.rows, []);
  Object.assign(document, { hidden: true }); // it asks no more
  assert.deepEqual(numbers, [
    [0, undefined],
    [50, "[::1]:59"],
    [50, "[::1]:59"],
    [50, "[::1]:60"],
  ]);
});
