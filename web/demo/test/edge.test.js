// The page in front of an edge worker in front of the mock OSS: that of `ossconf demo`, and one beside a static site.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { test } from "node:test";

import { addressOf as edgeAddress } from "../src/edge.js";
import { timeOf } from "../src/mock.js";
import { createHandler } from "../../edge/src/handler.js";
import { toListener } from "../../edge/src/node.js";
import { core, rich } from "./core.js";
import { staticHost } from "./static.js";
import { addressOf, holds, paste, says, suite } from "./suite.js";

/** @typedef {import("puppeteer-core").Page} Page */

const token = "wordThatOpensTheWorker-8Zq0";
const key = {
  region: "cn-hangzhou",
  access_key_id: "testAccessKeyId",
  access_key_secret: "testAccessKeySecret",
};

/** @param {string} version */
const only = (version) =>
  `<HttpsConfiguration><TLS><Enable>true</Enable><TLSVersion>${version}</TLSVersion></TLS></HttpsConfiguration>`;

/** Chooses the edge worker. @param {Page} page */
async function choose(page) {
  await page.waitForSelector("#target");
  await page.click('#target input[value="edge"]');
  await page.waitForSelector("#edge-load");
}

/** @param {Page} page @param {string} selector @param {string} text */
async function enter(page, selector, text) {
  await page.$eval(
    selector,
    (it, text) => {
      const input = /** @type {HTMLInputElement} */ (it);
      input.value = text;
      input.dispatchEvent(new Event("input", { bubbles: true }));
    },
    text,
  );
}

/**
 * Asks the mock itself.
 *
 * @param {string} endpoint
 * @param {string} bucket
 * @param {string} [xml] stored if it is there
 */
async function oss(endpoint, bucket, xml) {
  const method = xml === undefined ? "GET" : "PUT";
  const signed = await core.sign({
    ...{ ...key, method, bucket, time: timeOf(new Date()), query: [["httpsConfig", ""]] },
    headers: xml === undefined ? [] : [["Content-Type", "application/xml"]],
  });
  const init = { method, headers: signed.headers, ...(xml !== undefined && { body: xml }) };
  const response = await fetch(`${endpoint}/${bucket}/?httpsConfig`, init);
  const text = await response.text();
  assert.equal(response.status, 200, text);
  return text;
}

test("where the worker is looked for", () => {
  const at = (/** @type {string} */ endpoint) => edgeAddress(endpoint, "a-b", "https://host/dir/page#d=1").href;
  assert.equal(at("edge/"), "https://host/dir/edge/buckets/a-b/https-config");
  assert.equal(at("/api/edge"), "https://host/api/edge/buckets/a-b/https-config");
  assert.equal(at(""), "https://host/buckets/a-b/https-config");
  for (const endpoint of ["https://other/edge/", "//other/edge", "http://host/edge", "/edge?a=", "https://me@host/"]) {
    assert.throws(() => at(endpoint), { kind: "elsewhere" }, endpoint);
  }
});

suite("edge worker", (stage) => {
  const endpoint = () => stage.demo?.endpoint ?? "";
  const stored = () => oss(endpoint(), "examplebucket");

  test("what is stored is loaded, and the document is stored through the worker", async () => {
    await oss(endpoint(), "examplebucket", only("TLSv1.2"));
    const page = await stage.open();
    await choose(page);
    await page.click("#edge-load");
    await says(page, "#edge-message", /in the editor[^]*Request ID of OSS: [0-9A-F]{24}/);
    await holds(page, /<TLSVersion>TLSv1.2<\/TLSVersion>/);
    await paste(page, rich);
    await page.click("#edge-save");
    await says(page, "#edge-message", /Stored[^]*Request ID of OSS: [0-9A-F]{24}/);
    assert.equal(await page.$eval("#edge-stored", (it) => it.textContent), core.encode(rich));
    assert.deepEqual(core.decode(await stored()), core.decode(rich));
    await page.click("#edge-save"); // it is what the page has seen
    await says(page, "#edge-message", "Stored");
    assert.equal(await page.$("#edge-conflict"), null);
    const [put] = stage.requests.filter(({ url, headers }) => /\/edge\/buckets/.test(url) && headers["if-match"]);
    assert.equal(new URL(put?.url ?? "").pathname, "/edge/buckets/examplebucket/https-config");
  });

  test("what somebody else has stored is not overwritten unseen", async () => {
    await oss(endpoint(), "examplebucket", only("TLSv1.2"));
    const page = await stage.open();
    await choose(page);
    await page.click("#edge-save"); // the page has seen nothing of it
    await says(page, "#edge-message", "precondition_failed");
    await page.click("#edge-take");
    await holds(page, /<TLSVersion>TLSv1.2<\/TLSVersion>/);
    await oss(endpoint(), "examplebucket", only("TLSv1.1"));
    await paste(page, only("TLSv1.3"));
    await page.click("#edge-save");
    await says(page, "#edge-conflict", "<TLSVersion>TLSv1.1</TLSVersion>");
    await page.click("#edge-compare");
    await says(page, "#edge-differences", /TLS\/TLSVersion: − TLSv1.1[^]*TLS\/TLSVersion: \+ TLSv1.3/);
    await says(page, ".clients", "what the bucket has");
    assert.match(await stored(), /TLSv1.1/);
    await oss(endpoint(), "examplebucket", only("TLSv1.0")); // once more: only what was shown is overwritten
    await page.click("#edge-overwrite");
    await says(page, "#edge-conflict", "<TLSVersion>TLSv1.0</TLSVersion>");
    await page.click("#edge-overwrite");
    await says(page, "#edge-message", "Stored");
    assert.match(await stored(), /TLSv1.3/);
    stage.forgive(/status of 412/);
  });

  test("a wrong token is refused, and no token stays once it is forgotten", async () => {
    const page = await stage.open();
    await choose(page);
    await page.type("#edge-token", token);
    await page.click("#edge-load");
    await says(page, "#edge-message", /unauthorised[^]*In the log of the worker: [0-9a-f-]{36}/);
    await page.waitForSelector("#edge-forget");
    const sent = stage.requests.filter(({ url }) => /\/edge\//.test(url));
    assert.equal(sent.length, 1);
    const hash = await addressOf(page);
    const look = async () =>
      JSON.stringify(
        await page.evaluate(async () => [
          document.documentElement.outerHTML,
          [...document.querySelectorAll("input")].map((it) => it.value),
          [
            JSON.stringify(localStorage),
            JSON.stringify(sessionStorage),
            document.cookie,
            JSON.stringify(history.state),
          ],
          await indexedDB.databases?.(),
          performance.getEntriesByType("resource").map((it) => it.name),
        ]),
      );
    assert.equal((await look()).includes(token), false); // it is in memory alone
    await page.click("#edge-forget");
    await page.waitForSelector("#edge-token");
    assert.equal((await look()).includes(token), false);
    assert.equal(JSON.stringify([hash, stage.requests.map(({ url }) => url)]).includes(token), false);
    await page.click("#edge-load"); // with that of the demo
    await says(page, "#edge-message", "in the editor");
    stage.forgive(/status of 401/);
  });

  test("other buckets, other paths, other origins", async () => {
    const page = await stage.open();
    await choose(page);
    await enter(page, "#edge-bucket", "otherbucket");
    await page.click("#edge-load");
    await says(page, "#edge-message", /refuses: bucket\.[^]*add the bucket to OSSCONF_BUCKETS/);
    await enter(page, "#edge-endpoint", "https://example.com/edge/");
    await page.click("#edge-load");
    await says(page, "#edge-message", "another origin");
    await enter(page, "#edge-endpoint", "nowhere/");
    await page.click("#edge-load");
    await says(page, "#edge-message", "no edge worker at this path: the answer is 404");
    stage.forgive(/status of 40[34]/);
  });

  test("a document with errors is refused with what the worker says", async () => {
    const page = await stage.open();
    await choose(page);
    await page.click("#edge-load");
    await says(page, "#edge-message", "in the editor");
    await paste(page, "<HttpsConfiguration><TLS><Enable>true</Enable></TLS></HttpsConfiguration>");
    await says(page, ".verdict", "OSS would refuse it");
    await page.click("#edge-save");
    await says(page, "#edge-message", /invalid_document[^]*was not sent/);
    stage.forgive(/status of 422/);
  });

  test("a worker that is gone", async () => {
    const page = await stage.open();
    await choose(page);
    const children = execFileSync("pgrep", ["-P", String(stage.demo?.pid)], { encoding: "utf8" })
      .trim()
      .split("\n");
    assert.equal(children.length, 1);
    process.kill(Number(children[0]), "SIGKILL");
    await page.click("#edge-load");
    await says(page, "#edge-message", /the edge worker does not answer[^]*start the demo again/);
    stage.forgive(/status of 502/);
  });
});

suite("edge worker beside a static site", (stage) => {
  /** What befalls the way to OSS. @type {"" | "lost" | "changed"} */
  let mishap = "";

  /** Starts the site with a worker in front of the mock of the demo. */
  async function site() {
    const endpoint = stage.demo?.endpoint ?? "";
    /** @type {import("node:http").RequestListener} */
    let listener = () => {};
    const host = await staticHost(undefined, (request, response) => listener(request, response));
    const buckets = ["examplebucket", "neverbucket", "nobucket"].map((name) => [
      name,
      { region: key.region, endpoint },
    ]);
    const env = {
      OSS_ACCESS_KEY_ID: key.access_key_id,
      OSS_ACCESS_KEY_SECRET: key.access_key_secret,
      OSSCONF_BUCKETS: JSON.stringify(Object.fromEntries(buckets)),
      OSSCONF_TOKENS: `page:${createHash("sha256").update(token).digest("hex")}`,
      OSSCONF_ORIGINS: new URL(host.url).origin,
    };
    const handler = createHandler({
      log: () => {},
      fetch: async (request, init) => {
        const put = request.method === "PUT";
        const response = await fetch(request, init);
        if (put && mishap === "lost") {
          throw new TypeError("the connection was reset");
        }
        if (!put && mishap === "changed") {
          return new Response(only("TLSv1.0"));
        }
        return response;
      },
    });
    listener = toListener(handler, env);
    return host;
  }

  test("typed token, first configuration, answers of OSS, and what OSS does not acknowledge", async () => {
    const host = await site();
    try {
      const page = await stage.open({ url: host.url });
      await page.waitForSelector('#target input[value="mock"]:disabled');
      await page.waitForSelector('#target input[value="edge"]:checked');
      await enter(page, "#edge-bucket", "nobucket");
      await page.click("#edge-load");
      await page.waitForSelector("#edge-token:focus");
      await says(page, "#edge-token-problem", "Enter the token");
      await page.type("#edge-token", token);
      await page.keyboard.press("Enter");
      await says(page, "#edge-message", /service\.[^]*OSS said: 404 NoSuchBucket[^]*Request ID of OSS: [0-9A-F]{24}/);

      const created = await core.sign({ ...key, method: "PUT", bucket: "neverbucket", time: timeOf(new Date()) });
      await fetch(`${stage.demo?.endpoint}/neverbucket/`, { method: "PUT", headers: created.headers });
      await enter(page, "#edge-bucket", "neverbucket");
      await page.click("#edge-load");
      await says(page, "#edge-message", "never configured");
      await paste(page, only("TLSv1.2"));
      await page.click("#edge-save");
      await says(page, "#edge-message", "Stored");
      assert.match(await oss(stage.demo?.endpoint ?? "", "neverbucket"), /TLSv1.2/);

      mishap = "lost";
      await paste(page, only("TLSv1.3"));
      await page.click("#edge-save");
      await says(page, "#edge-message", "did not acknowledge");
      mishap = "";
      assert.match(await oss(stage.demo?.endpoint ?? "", "neverbucket"), /TLSv1.3/);
      await page.click("#edge-load");
      await says(page, "#edge-message", "in the editor");
      mishap = "changed";
      await page.click("#edge-save"); // the condition does not hold either
      await says(page, "#edge-conflict", "TLSv1.0");
      await page.click("#edge-overwrite");
      await says(page, "#edge-message", "not what was sent");
      mishap = "";

      const { requests } = stage;
      assert.deepEqual(
        requests.filter(({ url }) => !url.startsWith(host.url) && !/^(about|data|blob):/.test(url)),
        [],
      );
      assert.equal(JSON.stringify(requests.map(({ url }) => url)).includes(token), false);
      host.stop();
      await page.click("#edge-load");
      await says(page, "#edge-message", "cannot be reached");
    } finally {
      mishap = "";
      host.stop();
      stage.requests.splice(0);
      stage.forgive(/status of 4|ERR_|NetworkError|edge\/buckets/);
    }
  });
});
